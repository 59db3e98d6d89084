"""`constrain generate`: documents from a language model that satisfy a schema or a pattern.

Documents go to standard output, one after the other, each closed by a line end; everything else goes to standard error.
A document that the budget of tokens cuts short is not printed (unless `--stream` has shown it already) and makes the
status 1.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from typing import TYPE_CHECKING, Any

from constrain.cli.failure import NO, YES, CommandError, note
from constrain.cli.source import add_constraint_arguments, constraint, schema_text
from constrain.cli.verbs import Verbs

if TYPE_CHECKING:
    from constrain.adapters.generation import Writer

__all__ = ["add", "run", "writer"]


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
    if allowed.unenforced:
        note(f"not enforced, because JSON Schema calls it an annotation: {', '.join(map(str, allowed.unenforced))}")
    model = writer(arguments.model)
    prompt = _prompt(arguments, model)
    seed = secrets.randbits(31) if arguments.seed is None else arguments.seed
    unfinished = 0
    for number in range(arguments.n):
        writing = model.write(
            allowed,
            prompt,
            seed=(seed + number) % 2**63,
            temperature=arguments.temperature,
            max_tokens=arguments.max_tokens,
            on_bytes=_print_now if arguments.stream else None,
        )
        if arguments.stream:
            _print_now(b"\n")
        elif writing.finished:
            _print_now(writing.text + b"\n")
        if not writing.finished:
            unfinished += 1
            note(f"document {number + 1} is unfinished after {writing.tokens} tokens; try a larger --max-tokens")
    return NO if unfinished else YES


def writer(name: str) -> Writer:
    """Return the model that `--model` names, ready to write."""
    from constrain import models

    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")  # its remarks; its errors are raised all the same
    if name == models.EMBEDDED or not sys.stderr.isatty():
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    model, tokenizer = models.load(name)  # says what to install, where torch or transformers is missing
    from constrain.adapters.generation import Writer

    return Writer(model, tokenizer)


def _prompt(arguments: argparse.Namespace, model: Writer) -> str:
    from constrain import models

    if arguments.schema is None:
        return f"{arguments.prompt}\n" if arguments.prompt else "\n"
    schema: Any = json.loads(schema_text(arguments.schema))
    return models.prompt_for(schema, arguments.prompt, model.tokenizer)


def _print_now(text: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()


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
