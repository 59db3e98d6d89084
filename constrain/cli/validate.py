"""`constrain validate`: is this text allowed, and if not, where does it stop being so?

The text itself is judged, by the machine that also steers a model, so what passes here is what a model could have
written: duplicate names, broken escapes and raw control characters do not pass. Documents made elsewhere put their
properties in any order and their spaces anywhere, so that is the default here.

    order.json: invalid at line 1, column 9 (byte 8)
      {"age": -1}
              ^
      found '-', expected a digit

Long texts are fed in slices, so that progress shows and Ctrl-C works. An automaton remembers every state it was in; where
a budget for that runs out, a new one starts over with the same document, and only a document that is too much by itself
is an error.

With `--report json` standard output is one JSON document, written as the work goes on, one result a line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from constrain.api import Violation
from constrain.automaton.engine import ByteEngine, byte_engine
from constrain.cli.failure import NO, UNUSABLE, YES, CommandError
from constrain.cli.report import JsonReport, Report, TextReport
from constrain.cli.source import (
    Document,
    add_constraint_arguments,
    constraint,
    documents,
    is_lines,
    say_unenforced,
    schema_text,
    size,
)
from constrain.cli.verbs import Verbs
from constrain.errors import ConstrainError, LimitExceeded

__all__ = ["add", "run"]

_LONG = 1 << 20  # bytes of input from which a progress bar is worth its space
_SLICE = 1 << 16  # bytes fed at a time


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser(
        "validate",
        help="say whether texts are allowed, and where they stop being so",
        description="Judge JSON documents (or texts, with --regex). Status 0: all valid; 1: some invalid; "
        "2: something could not be used.",
    )
    add_constraint_arguments(parser, order="any", whitespace="any")
    parser.add_argument("files", nargs="*", metavar="FILE", default=["-"], help="files to judge (default: - for stdin)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--lines", action="store_true", default=None, help="one document a line (default for .jsonl and .ndjson)"
    )
    form.add_argument("--whole", dest="lines", action="store_false", help="one document a file, whatever its name")
    parser.add_argument("--partial", action="store_true", help="accept an output that is not finished yet")
    parser.add_argument("--report", choices=("text", "json"), default="text", help="form of the answer")
    parser.add_argument("--quiet", action="store_true", help="print what is invalid, not what is valid")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Judge every document of every file; return the exit status."""
    files = arguments.files or ["-"]
    if arguments.schema == "-" and "-" in files:
        raise CommandError("standard input cannot be both the schema and a document")
    judge = _Judge(arguments)
    say_unenforced(judge.constraint)
    report: Report = JsonReport() if arguments.report == "json" else TextReport(quiet=arguments.quiet)
    unusable = 0
    with _progress(files) as advance:
        for name in files:
            try:
                _judge_file(name, judge, arguments.lines, report, advance)
            except CommandError as error:
                unusable += 1
                report.failed(name, str(error))
    report.finish(unusable)
    return UNUSABLE if unusable else NO if report.invalid else YES


class _Advance(Protocol):
    """Told how many more bytes of the input are done."""

    def __call__(self, count: int, /) -> None: ...


class _Judge:
    """Judges texts, with a new automaton when the old one has outgrown its limits."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        self._schema = schema_text(arguments.schema) if arguments.schema is not None else None
        self._fresh()

    def _fresh(self) -> None:
        self.constraint = constraint(self._arguments, self._schema)
        self._engine: ByteEngine | None = None

    def judge(self, document: Document, advance: _Advance) -> Violation | None:
        """Return the verdict on one document. Raises CommandError if it costs more than the limits allow."""
        try:
            try:
                return self._check(document.text, advance)
            except LimitExceeded:
                self._fresh()
                return self._check(document.text, lambda count: None)  # noqa: ARG005
        except ConstrainError as error:
            raise CommandError(f"{document.name}: line {document.line}: {error}") from error

    def _check(self, text: bytes, advance: _Advance) -> Violation | None:
        partial: bool = self._arguments.partial
        if len(text) > _SLICE:
            if self._engine is None:
                self.constraint.check(b"", partial=True)  # raises what there is to raise
                self._engine = byte_engine(self.constraint.grammar, self.constraint.limits)
            state = self._engine.start
            for start in range(0, len(text), _SLICE):
                part = text[start : start + _SLICE]
                state, used = self._engine.run_bytes(state, part)
                if used < len(part):
                    break
                advance(len(part))
            else:
                if partial or self._engine.is_accepting(state):
                    return None
        return self.constraint.check(text, partial=partial)


def _judge_file(name: str, judge: _Judge, lines: bool | None, report: Report, advance: _Advance) -> None:
    report.begin(name, lines=is_lines(name, lines=lines))
    total = 0

    def count(more: int, /) -> None:
        nonlocal total
        total += more
        advance(more)

    for document in documents(name, lines=lines):
        report.add(document, judge.judge(document, count))
        count(document.consumed - total)
    report.end(name)


@contextmanager
def _progress(files: list[str]) -> Iterator[_Advance]:
    """Show how much of a long input is done, where somebody watches standard error."""
    sizes = [size(name) for name in files]
    known = sum(filter(None, sizes))
    if not sys.stderr.isatty() or (None not in sizes and known < _LONG):
        yield lambda count: None  # noqa: ARG005
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    both = sys.stdout.isatty()  # then the two share a screen; else standard output goes its own way
    columns = (TextColumn("judged"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=both) as progress:
        task = progress.add_task("judged", total=None if None in sizes else known)
        yield lambda count: progress.advance(task, count)
