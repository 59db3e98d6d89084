"""Where a text leaves a constraint, and what could have stood there.

Example: `{"a": tru3}` against `{"a": boolean}` is a Violation at byte 9 (line 1, column 10), expected `e`: the bytes
`tru` had one continuation left. What was allowed is read off the automaton: each byte that could come next, followed
as long as there is no choice, so that a property name is shown whole (`"name"`) and not as a quote.
"""

from __future__ import annotations

from dataclasses import dataclass

from constrain.automaton.engine import ByteEngine
from constrain.core.ids import DEAD

__all__ = ["Violation", "expectations"]

_SPACE = sum(1 << b for b in b" \t\n\r")
_DIGITS = sum(1 << b for b in b"0123456789")
_LETTERS = sum(1 << b for b in b"abcdefghijklmnopqrstuvwxyz")
_MOST = 12
_FAR = 40


@dataclass(frozen=True, slots=True)
class Violation:
    """The first place where a text leaves a constraint.

    offset: of the first byte that is not allowed (the length of the text if it ends too early).
    line, column: of that byte, from 1, the column in characters. expected: what was allowed there, readable.
    message: all of it in one line.
    """

    offset: int
    line: int
    column: int
    expected: tuple[str, ...]
    message: str

    def __str__(self) -> str:
        return self.message

    @staticmethod
    def at(data: bytes, offset: int, expected: tuple[str, ...]) -> Violation:
        """Return the violation of `data` at `offset`."""
        before = data[:offset]
        line = before.count(b"\n") + 1
        start = before.rfind(b"\n") + 1
        column = len(before[start:].decode("utf-8", "replace")) + 1
        found = "the end of the text" if offset >= len(data) else _found(data, offset)
        wanted = " or ".join(expected) if expected else "nothing"
        message = f"line {line}, column {column}: found {found}, expected {wanted}"
        return Violation(offset, line, column, expected, message)


def _found(data: bytes, offset: int) -> str:
    try:
        return repr(data[offset : offset + 4].decode("utf-8", "ignore")[0])
    except IndexError:
        return f"byte 0x{data[offset]:02x}"


def expectations(engine: ByteEngine, state: int) -> tuple[str, ...]:
    """Return what may come next in `state`, at most a dozen readable items."""
    allowed = engine.allowed_bytes(state)
    out: list[str] = []
    if engine.is_accepting(state):
        out.append("the end")
    plain = allowed & ~_SPACE if allowed & ~_SPACE and allowed & _SPACE == _SPACE else allowed
    if (plain & _LETTERS) == _LETTERS and plain.bit_count() > 60:
        out.append("text")
        plain &= 1 << ord('"')
    elif plain & _DIGITS == _DIGITS:
        out.append("a digit")
        plain &= ~_DIGITS
    for byte in range(256):
        if plain >> byte & 1:
            if len(out) == _MOST:
                out.append("...")
                break
            out.append(_follow(engine, state, byte))
    if plain != allowed and allowed & ~_SPACE == plain and not out:
        out.append("white space")
    return tuple(out)


def _follow(engine: ByteEngine, state: int, byte: int) -> str:
    """Spell the one continuation that begins with `byte`, up to the first choice."""
    text = bytearray()
    while len(text) < _FAR:
        text.append(byte)
        state = engine.step_byte(state, byte)
        if state == DEAD or engine.is_accepting(state):
            break
        allowed = engine.allowed_bytes(state)
        options = allowed & ~_SPACE or allowed
        if options & (1 << 0x5C) and options.bit_count() == 2:
            options &= ~(1 << 0x5C)  # a name can also be written with escapes: show it plain
        if options.bit_count() != 1 or allowed & _SPACE:
            break
        byte = options.bit_length() - 1
    return f"`{text.decode('utf-8', 'backslashreplace')}`"
