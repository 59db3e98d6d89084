"""The line of a text at which something is wrong, with a caret under the place.

    {"age": -1, "name": "Ada"}
            ^

The caret stands under byte `offset` as a terminal shows it: wide characters take two columns, a tab and any control
character take one (they are drawn as symbols, so a document cannot send escape sequences to the terminal), and of a
line too long for the screen a window around the place is shown, with `…` where it was cut.
"""

from __future__ import annotations

import unicodedata

__all__ = ["excerpt", "printable"]

_BEFORE = 60  # columns kept in front of the place
_AFTER = 40
_WINDOW = 4 * (_BEFORE + _AFTER)  # bytes looked at on either side: a character has at most 4


def excerpt(text: bytes, offset: int, *, indent: str = "  ") -> str:
    """Return two lines: the neighbourhood of byte `offset` of `text`, and the caret."""
    offset = max(0, min(offset, len(text)))
    start = max(text.rfind(b"\n", 0, offset) + 1, offset - _WINDOW)
    end = text.find(b"\n", offset, offset + _WINDOW)
    end = min(len(text), offset + _WINDOW) if end < 0 else end
    before = printable(_decode(text[start:offset]))
    after = printable(_decode(text[offset:end]))
    cut = start > 0 and text[start - 1 : start] != b"\n"
    while _columns(before) > _BEFORE:
        before, cut = before[1:], True
    if cut:
        before = f"…{before}"
    if len(after) > _AFTER or (end < len(text) and text[end : end + 1] != b"\n"):
        after = f"{after[:_AFTER]}…"
    return f"{indent}{before}{after}\n{indent}{' ' * _columns(before)}^"


def printable(text: str) -> str:
    """Return `text` with each character that a terminal would act upon replaced by one that it shows."""
    return "".join(char if char.isprintable() else _symbol(char) for char in text)


def _symbol(char: str) -> str:
    if char == "\t":
        return " "
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def _decode(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


def _columns(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
