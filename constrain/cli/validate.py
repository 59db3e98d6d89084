"""`constrain validate`: is this text allowed, and if not, where does it stop being so?

The text itself is judged, by the machine that also steers a model, so what passes here is what a model could have
written: duplicate names, broken escapes and raw control characters do not pass. Documents made elsewhere put their
properties in any order and their spaces anywhere, so that is the default here.

    order.json: invalid at line 1, column 9 (byte 8): not allowed here
      {"age": -1}
              ^
      allowed: a digit

With `--report json` standard output is one JSON document, written as the work goes on, one result a line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from constrain.api import Constraint
from constrain.cli.failure import NO, UNUSABLE, YES, CommandError, note
from constrain.cli.report import JsonReport, Report, TextReport
from constrain.cli.source import add_constraint_arguments, constraint, documents, is_lines, size
from constrain.cli.verbs import Verbs

__all__ = ["add", "run"]

_LONG = 1 << 20  # bytes of input from which a progress bar is worth its space


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
    allowed = constraint(arguments)
    if allowed.unenforced:
        note(f"not enforced, because JSON Schema calls it an annotation: {', '.join(map(str, allowed.unenforced))}")
    report: Report = JsonReport() if arguments.report == "json" else TextReport(quiet=arguments.quiet)
    unusable = 0
    with _progress(files) as advance:
        for name in files:
            try:
                _judge(name, allowed, arguments, report, advance)
            except CommandError as error:
                unusable += 1
                report.failed(name, str(error))
    report.finish(unusable)
    return UNUSABLE if unusable else NO if report.invalid else YES


def _judge(name: str, allowed: Constraint, arguments: argparse.Namespace, report: Report, advance: _Advance) -> None:
    report.begin(name, lines=is_lines(name, lines=arguments.lines))
    done = 0
    for document in documents(name, lines=arguments.lines):
        report.add(document, allowed.check(document.text, partial=arguments.partial))
        advance(document.consumed - done)
        done = document.consumed
    report.end(name)


class _Advance(Protocol):
    def __call__(self, count: int, /) -> None: ...


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
