"""`constrain inspect`: where an output stands after a prefix, and what may come next.

    $ constrain inspect --schema contact --prefix '{"name": "A'
    state      17 after 5 tokens
    accepting  no
    allowed    1893 of 4096 tokens: 'a' 'b' ...
    forced     nothing

The prefix may be cut into tokens in any way: a state depends on the bytes alone.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from constrain.automaton import TokenAutomaton
from constrain.cli.excerpt import excerpt, printable
from constrain.cli.failure import NO, YES, CommandError
from constrain.cli.source import add_constraint_arguments, constraint
from constrain.cli.verbs import Verbs
from constrain.core.ids import DEAD
from constrain.vocabulary import Vocabulary

__all__ = ["add", "run", "vocabulary"]


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser(
        "inspect",
        help="show what may come after a prefix",
        description="Show the state after a prefix, the tokens allowed there, and the tokens that must follow. "
        "Status 0: the prefix is allowed; 1: it is not; 2: something could not be used.",
    )
    add_constraint_arguments(parser, order="schema", whitespace="flexible")
    parser.add_argument(
        "--prefix",
        metavar="TEXT",
        default="",
        help="the output so far (default: nothing); --prefix=TEXT if it begins with a -",
    )
    parser.add_argument(
        "--tokenizer",
        metavar="T",
        default="embedded",
        help="embedded, bytes, a transformers tokenizer (folder or hub id), a mistral-common file (tekken*.json, "
        "*.model) or tiktoken:NAME (default: %(default)s)",
    )
    parser.add_argument("--most", metavar="N", type=int, default=40, help="tokens to list (default: %(default)s)")
    parser.add_argument("--report", choices=("text", "json"), default="text", help="form of the answer")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Walk the prefix and print what is there; return the exit status."""
    allowed = constraint(arguments)
    prefix = os.fsencode(arguments.prefix)
    words = vocabulary(arguments.tokenizer)
    violation = allowed.check(prefix, partial=True)
    if violation is not None:
        if arguments.report == "json":
            print(json.dumps({"allowed": False, "offset": violation.offset, "expected": list(violation.expected)}))
        else:
            print(f"--prefix: not allowed from byte {violation.offset} on: {printable(violation.message)}")
            print(excerpt(prefix, violation.offset))
            print(f"  allowed: {', '.join(map(printable, violation.expected))}")
        return NO
    automaton = TokenAutomaton(allowed, words)
    state, used = _walk(automaton, words, prefix)
    row = np.asarray(automaton.mask(state))
    bits = np.unpackbits(row.astype("<i4").view(np.uint8), bitorder="little")[: words.size]
    tokens = [int(token) for token in np.flatnonzero(bits)]
    forced = [int(token) for token in automaton.forced(state)]
    _print(arguments, words, state, used, automaton.is_accepting(state), tokens, forced)
    return YES


def vocabulary(name: str) -> Vocabulary:
    """Return the vocabulary that `--tokenizer` names."""
    if name == "bytes":
        return Vocabulary([bytes([byte]) for byte in range(256)] + [None], eos=[256], name="bytes")
    if name.startswith("tiktoken:"):
        try:
            import tiktoken

            return Vocabulary.from_tiktoken(tiktoken.get_encoding(name.removeprefix("tiktoken:")))
        except ImportError as error:
            raise CommandError("--tokenizer tiktoken:... needs tiktoken: pip install tiktoken") from error
        except (ValueError, OSError) as error:
            raise CommandError(f"--tokenizer {name}: {error}") from error
    if Path(name).is_file():
        return Vocabulary.from_mistral(name)
    from constrain.adapters.tokenizers import load_vocabulary

    return load_vocabulary(name)


def _walk(automaton: TokenAutomaton, words: Vocabulary, prefix: bytes) -> tuple[int, int]:
    """Return (state after the prefix, number of tokens used)."""
    longest = max(len(token) for token in words.tokens if token is not None)
    best: dict[int, tuple[int, int]] = {0: (automaton.start, 0)}
    for position in range(len(prefix)):
        if position not in best:
            continue
        state, used = best[position]
        for token, length in _tokens_at(words, prefix[position : position + longest]):
            following = automaton.step(state, token)
            if following != DEAD and position + length not in best:
                best[position + length] = (following, used + 1)
    if len(prefix) not in best:
        raise CommandError(
            f"--prefix: the tokens of this vocabulary cannot spell it, or leave no way on (stuck at byte {max(best)})"
        )
    return best[len(prefix)]


def _tokens_at(words: Vocabulary, rest: bytes) -> list[tuple[int, int]]:
    """Return (token, length) for tokens that spell the beginning of `rest`, longest first."""
    found = []
    while rest:
        token, length = words.trie.longest(rest, 0)
        if token < 0:
            break
        found.append((int(token), int(length)))
        rest = rest[: length - 1]
    return found


def _print(
    arguments: argparse.Namespace,
    words: Vocabulary,
    state: int,
    used: int,
    accepting: bool,
    tokens: list[int],
    forced: list[int],
) -> None:
    shown = tokens[: max(0, arguments.most)]
    if arguments.report == "json":
        answer: dict[str, Any] = {
            "allowed": True,
            "state": int(state),
            "tokens_used": used,
            "accepting": bool(accepting),
            "allowed_count": len(tokens),
            "allowed_tokens": [{"id": token, "text": _text(words, token)} for token in shown],
            "forced": [{"id": token, "text": _text(words, token)} for token in forced],
            "forced_text": words.decode(forced).decode("utf-8", errors="backslashreplace"),
        }
        print(json.dumps(answer))
        return
    print(f"state      {state} after {used} tokens")
    print(f"accepting  {'yes' if accepting else 'no'}")
    more = f" and {len(tokens) - len(shown)} more" if len(tokens) > len(shown) else ""
    print(f"allowed    {len(tokens)} of {words.size} tokens: {' '.join(_text(words, token) for token in shown)}{more}")
    run_text = words.decode(forced).decode("utf-8", errors="backslashreplace")
    print(f"forced     {f'{len(forced)} tokens: {run_text!r}' if forced else 'nothing'}")


def _text(words: Vocabulary, token: int) -> str:
    """Show a token as text: quoted, with bytes that are no whole character escaped."""
    if token in words.eos:
        return "<end of text>"
    return repr((words.tokens[token] or b"").decode("utf-8", errors="backslashreplace"))
