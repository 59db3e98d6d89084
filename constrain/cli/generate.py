"""`constrain generate`: documents from a language model that satisfy a schema or a pattern.

Documents go to standard output, one after the other, each closed by a line end; everything else goes to standard error.
White space around a JSON document is left out, unless `--stream` shows every token as it comes.
A document that the budget of tokens cuts short is not printed (unless `--stream` has shown it already) and makes the
status 1.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from constrain.automaton import TokenAutomaton
from constrain.cli.failure import NO, YES, CommandError, note
from constrain.cli.source import add_constraint_arguments, constraint, say_unenforced, schema_text
from constrain.cli.verbs import Verbs
from constrain.models import embedded

__all__ = ["add", "load", "run"]


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser(
        "generate",
        help="let a language model write documents that satisfy a schema or a pattern",
        description="Write documents with a language model. Status 0: all finished; 1: the budget of tokens ran out for "
        "some; 2: something could not be used.",
    )
    add_constraint_arguments(parser, order="schema", whitespace="flexible")
    parser.add_argument("--prompt", metavar="TEXT", help="what is asked for")
    parser.add_argument(
        "--model", metavar="M", default="embedded", help="embedded, a folder or a hub id (default: %(default)s)"
    )
    parser.add_argument("-n", "--n", type=_positive, default=1, metavar="N", help="documents (default: %(default)s)")
    parser.add_argument("--seed", type=int, metavar="S", help="of the sampling; the same seed, the same documents")
    parser.add_argument(
        "--temperature",
        type=_temperature,
        default=0.8,
        metavar="T",
        help="0 takes the likeliest token always (default: %(default)s)",
    )
    parser.add_argument(
        "--max-tokens", type=_positive, default=1_024, metavar="N", help="budget of a document (default: %(default)s)"
    )
    parser.add_argument("--stream", action="store_true", help="print tokens as they are chosen")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the documents; return the exit status."""
    if arguments.schema == "-":
        raise CommandError("--schema - would read the schema twice here; give a file")
    allowed = constraint(arguments)
    say_unenforced(allowed)
    model, tokenizer = load(arguments.model)
    from constrain.adapters.transformers import generate_texts, vocabulary_of

    automaton = TokenAutomaton(allowed, vocabulary_of(model, tokenizer))
    prompt = _prompt(arguments, tokenizer)
    texts = generate_texts(
        model,
        tokenizer,
        automaton,
        prompt,
        n=arguments.n,
        max_new_tokens=_budget(model, tokenizer, prompt, arguments.max_tokens),
        seed=arguments.seed,
        temperature=arguments.temperature,
        on_text=_print_now if arguments.stream else None,
    )
    unfinished = 0
    for number, made in enumerate(texts, 1):
        if arguments.stream:
            _print_now("\n")
        elif made.finished:
            _print_now(f"{made.text if arguments.schema is None else made.text.strip()}\n")
        if not made.finished:
            unfinished += 1
            note(f"document {number} is unfinished after {made.tokens} tokens; try a larger --max-tokens")
    return NO if unfinished else YES


def load(name: str) -> tuple[Any, Any]:
    """Return the model that `--model` names and its tokenizer, without a word from transformers on the screen."""
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")  # its remarks; its errors are raised all the same
    if name == embedded.EMBEDDED:
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # more threads would mostly wait for each other
    if name == embedded.EMBEDDED or not sys.stderr.isatty():
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    return embedded.load(name)


def _prompt(arguments: argparse.Namespace, tokenizer: Any) -> str:
    if arguments.schema is None:
        return f"{arguments.prompt}\n" if arguments.prompt else "\n"
    return embedded.prompt_for(json.loads(schema_text(arguments.schema)), arguments.prompt, tokenizer)


def _budget(model: Any, tokenizer: Any, prompt: str, wanted: int) -> int:
    """Return how many tokens a document may have, at most what the model's context leaves."""
    context = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    if not isinstance(context, int):
        return wanted
    used = len(embedded.prompt_ids(prompt, tokenizer))
    if used >= context:
        raise CommandError(f"the prompt has {used} tokens, and the model reads only {context}: shorten it")
    return min(wanted, context - used)


def _print_now(text: str) -> None:
    print(text, end="", flush=True)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return number


def _temperature(text: str) -> float:
    number = float(text)
    if not 0 <= number < 100:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0 to 100")
    return number
