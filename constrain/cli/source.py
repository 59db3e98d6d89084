"""Where a command's input comes from: schemas, patterns and documents, from files, standard input or the package.

Everything that can be wrong with a file is found here and said in one line with its name. `-` is standard input.
A schema may also be named as shipped (`--schema contact`), if no file has that name.

Documents come whole (`.json`, or a text for a pattern) or one a line (JSON Lines: `.jsonl`, `.ndjson`). The line end
that closes a file or a line belongs to the file, not to the document.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from constrain import api, assets
from constrain.cli.failure import CommandError, note
from constrain.errors import ConstrainError
from constrain.limits import DEFAULT

__all__ = [
    "LIMITS",
    "MAX_BYTES",
    "Document",
    "add_constraint_arguments",
    "constraint",
    "documents",
    "is_lines",
    "say_unenforced",
    "schema_text",
    "size",
]

MAX_BYTES = 1 << 30
LIMITS = DEFAULT
_LINES = {".jsonl", ".ndjson", ".jsonlines"}


@dataclass(frozen=True, slots=True)
class Document:
    """One text to look at.

    name: the file's name; line: 1-based line of the file at which the document starts (1 unless JSON Lines);
    text: its bytes; consumed: bytes of the file read up to its end.
    """

    name: str
    line: int
    text: bytes
    consumed: int


def add_constraint_arguments(parser: argparse.ArgumentParser, *, order: str, whitespace: str) -> None:
    """Add the arguments that say what is allowed, with a verb's own defaults for order and whitespace."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--schema", metavar="FILE", help="JSON Schema: a file, - or the name of a shipped schema")
    what.add_argument("--regex", metavar="R", help="regular expression that the whole text must match")
    parser.add_argument(
        "--syntax", choices=("python", "ecma"), default="python", help="syntax of --regex (default: %(default)s)"
    )
    parser.add_argument(
        "--property-order",
        choices=("schema", "any"),
        default=order,
        help="order of an object's properties (default: %(default)s)",
    )
    parser.add_argument(
        "--whitespace",
        metavar="W",
        default=whitespace,
        help="any, flexible (runs bounded), compact, a number (indent) or a pattern (default: %(default)s)",
    )
    parser.add_argument(
        "--formats",
        choices=("assert", "ignore"),
        default="assert",
        help="whether `format` is enforced (default: %(default)s)",
    )


def constraint(arguments: argparse.Namespace, schema: str | None = None) -> api.Constraint:
    """Return the constraint that `--schema` (whose text may be given, if it was read before) or `--regex` asks for."""
    if arguments.regex is not None:
        try:
            return api.regex(arguments.regex, syntax=arguments.syntax, limits=LIMITS)
        except ConstrainError as error:
            raise CommandError(f"--regex: {error}") from error
    text = schema_text(arguments.schema) if schema is None else schema
    whitespace = arguments.whitespace
    try:
        return api.json_schema(
            text,
            property_order=arguments.property_order,
            whitespace=int(whitespace) if whitespace.isdecimal() else whitespace,
            formats=arguments.formats,
            limits=LIMITS,
        )
    except ConstrainError as error:
        raise CommandError(f"{arguments.schema}: {error}") from error


def say_unenforced(constraint: api.Constraint) -> None:
    """Say on standard error what JSON Schema calls an annotation and nobody enforces."""
    if constraint.unenforced:
        note(f"annotations, not enforced: {', '.join(constraint.unenforced)}")


def schema_text(name: str) -> str:
    """Return the text of a schema, having made sure that it is JSON."""
    if name != "-" and not Path(name).exists() and name in assets.names("schemas"):
        return assets.read("schemas", name)
    try:
        data = _read(name)
    except CommandError as error:
        if name == "-" or Path(name).exists():
            raise
        raise CommandError(f"{error}; shipped schemas: {', '.join(assets.names('schemas'))}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{name}: not UTF-8 text (byte {error.start})") from error
    _check_json(name, text)
    return text


def _check_json(name: str, text: str) -> None:
    """Point at the line of a schema that is no JSON; whatever else may be wrong with it, the library says."""
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        raise CommandError(f"{name}: line {error.lineno}, column {error.colno}: not JSON: {error.msg}") from error
    except RecursionError:
        return  # the library has a limit of its own for that


def is_lines(name: str, *, lines: bool | None) -> bool:
    """Tell whether the file holds one document a line: as asked for, or else by its ending."""
    return Path(name).suffix.lower() in _LINES if lines is None else lines


def size(name: str) -> int | None:
    """Return the size of a file in bytes, or None where it cannot be known beforehand."""
    try:
        return Path(name).stat().st_size if name != "-" and Path(name).is_file() else None
    except OSError:
        return None


def documents(name: str, *, lines: bool | None) -> Iterator[Document]:
    """Yield the documents of one file. Blank lines between JSON Lines are skipped."""
    if not is_lines(name, lines=lines):
        data = _read(name)
        _refuse_other_encodings(name, data)
        yield Document(name, 1, _without_line_end(data), len(data))
        return
    consumed = number = 0
    with _open(name) as file:
        while line := _readline(name, file):
            number += 1
            consumed += len(line)
            if number == 1:
                _refuse_other_encodings(name, line)
            if line.strip(b" \t\r\n"):
                yield Document(name, number, _without_line_end(line), consumed)


def _without_line_end(data: bytes) -> bytes:
    return data.removesuffix(b"\n").removesuffix(b"\r")


def _refuse_other_encodings(name: str, data: bytes) -> None:
    if data.startswith(b"\xef\xbb\xbf"):
        raise CommandError(f"{name}: starts with a byte order mark, which JSON text must not; save it as plain UTF-8")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CommandError(f"{name}: is UTF-16 text; save it as UTF-8")


def _open(name: str) -> IO[bytes]:
    if name == "-":
        return open(sys.stdin.fileno(), "rb", closefd=False)
    try:
        return Path(name).open("rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: OSError | ValueError) -> CommandError:
    if isinstance(error, FileNotFoundError):
        return CommandError(f"{name}: no such file")
    return CommandError(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}")


def _read(name: str) -> bytes:
    try:
        with _open(name) as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(name, error) from error
    if len(data) > MAX_BYTES:
        raise CommandError(f"{name}: longer than {MAX_BYTES >> 20} MiB")
    return data


def _readline(name: str, file: IO[bytes]) -> bytes:
    try:
        line = file.readline(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(name, error) from error
    if len(line) > MAX_BYTES:
        raise CommandError(f"{name}: a line is longer than {MAX_BYTES >> 20} MiB")
    return line
