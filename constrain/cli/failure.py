"""The one way a command gives up: a line on standard error and an exit status.

    constrain: error: order.json: no such file

Statuses: 0 the answer is yes, 1 the answer is no (an invalid document), 2 the question could not be asked (an
unreadable file, an unusable schema, wrong arguments), 70 a defect of this program, 130 interrupted, 141 the reader of
our output went away.
"""

from __future__ import annotations

import sys
from typing import Final

__all__ = ["BROKEN_PIPE", "DEFECT", "INTERRUPTED", "NO", "UNUSABLE", "YES", "CommandError", "note", "warn"]

YES: Final = 0
NO: Final = 1
UNUSABLE: Final = 2
DEFECT: Final = 70
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141


class CommandError(Exception):
    """What the user gave cannot be used; the message is the whole line after `constrain: error:`."""


def warn(message: str) -> None:
    """Print one line on standard error, whatever the message holds."""
    print(f"constrain: error: {_one_line(message)}", file=sys.stderr)


def note(message: str) -> None:
    """Print one remark on standard error; it changes no exit status."""
    print(f"constrain: note: {_one_line(message)}", file=sys.stderr)


def _one_line(message: str) -> str:
    """Keep a hostile file name or pattern from writing lines, or escape sequences, of its own."""
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in message)
    return shown if len(shown) <= 1_000 else f"{shown[:1_000]}..."
