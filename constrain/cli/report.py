"""How the answers of `constrain validate` are written: for people, or for programs."""

from __future__ import annotations

import json
import sys
from typing import Any, Protocol

from constrain.api import Violation
from constrain.cli.excerpt import excerpt, printable
from constrain.cli.failure import warn
from constrain.cli.source import Document

__all__ = ["JsonReport", "Report", "TextReport"]


class Report(Protocol):
    """Receives what was found, in order: begin, add for each document, then end (or failed), file by file; finish."""

    invalid: int
    valid: int

    def begin(self, name: str, *, lines: bool) -> None:
        """Start a file; `lines`: it holds one document a line."""

    def add(self, document: Document, violation: Violation | None) -> None:
        """Take the verdict on one document."""

    def end(self, name: str) -> None:
        """Finish a file."""

    def failed(self, name: str, message: str) -> None:
        """Finish a file that could not be read (to the end)."""

    def finish(self, unusable: int) -> None:
        """Finish; `unusable`: number of files that failed."""


class TextReport:
    """For people: a line for a valid file; place, excerpt and what was allowed for each invalid document."""

    def __init__(self, *, quiet: bool) -> None:
        self.invalid = self.valid = 0
        self._quiet = quiet
        self._lines = False
        self._before = (0, 0)

    def begin(self, name: str, *, lines: bool) -> None:
        """Start a file."""
        self._lines = lines
        self._before = (self.valid, self.invalid)

    def add(self, document: Document, violation: Violation | None) -> None:
        """Write the verdict on one document."""
        if violation is None:
            self.valid += 1
            return
        self.invalid += 1
        line = document.line + violation.line - 1
        where = f"line {line}, column {violation.column} (byte {violation.offset})"
        what = violation.message.removeprefix(f"line {violation.line}, column {violation.column}: ")
        print(f"{printable(document.name)}: invalid at {where}")
        print(excerpt(document.text, violation.offset))
        print(f"  {printable(what)}")

    def end(self, name: str) -> None:
        """Finish a file."""
        valid, invalid = self.valid - self._before[0], self.invalid - self._before[1]
        if self._quiet:
            return
        if self._lines:
            print(f"{printable(name)}: {valid + invalid} documents, {invalid} invalid")
        elif valid:
            print(f"{printable(name)}: valid")

    def failed(self, name: str, message: str) -> None:
        """Write that a file could not be read; the message names it."""
        sys.stdout.flush()
        warn(message)

    def finish(self, unusable: int) -> None:
        """Finish."""


class JsonReport:
    """For programs: {"results": [...], "valid": n, "invalid": n, "unusable": n}."""

    def __init__(self) -> None:
        self.invalid = self.valid = 0
        self._first = True
        sys.stdout.write('{"results": [')

    def begin(self, name: str, *, lines: bool) -> None:
        """Start a file."""

    def add(self, document: Document, violation: Violation | None) -> None:
        """Write the verdict on one document."""
        result: dict[str, Any] = {"file": document.name, "document_line": document.line, "valid": violation is None}
        if violation is None:
            self.valid += 1
        else:
            self.invalid += 1
            result |= {
                "offset": violation.offset,
                "line": document.line + violation.line - 1,
                "column": violation.column,
                "message": violation.message,
                "expected": list(violation.expected),
            }
        self._write(result)

    def end(self, name: str) -> None:
        """Finish a file."""

    def failed(self, name: str, message: str) -> None:
        """Write that a file could not be read."""
        self._write({"file": name, "error": message})
        warn(message)

    def finish(self, unusable: int) -> None:
        """Finish."""
        sys.stdout.write(f'\n], "valid": {self.valid}, "invalid": {self.invalid}, "unusable": {unusable}}}\n')

    def _write(self, result: dict[str, Any]) -> None:
        sys.stdout.write("\n" if self._first else ",\n")
        self._first = False
        sys.stdout.write(json.dumps(result))
