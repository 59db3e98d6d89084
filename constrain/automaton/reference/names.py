r"""The name of an object member, while it is being read: what a `Keys` symbol becomes after some of its bytes.

A `Keys` is a terminal whose text decides what follows. Its residual therefore keeps the *decoded* text: after the bytes
`\u0061b\` it holds text "ab" and the pending byte `\`. The bytes that may follow are found without any case analysis, by
the algebra of terms: the declared names are one set of words, and a free class is

    class & not (declared names | used names)          all in JSON spelling,

so that a free name exists iff a derivative of that term is not empty. This is exact for finite classes too: when all
names of a class `a|b` are used up, the term is empty and the name is dead before its first byte.

Invariants: residuals compare equal iff keys, used names, text and pending bytes are equal; a residual that exists is live;
the closing quotation mark is possible iff the text is an allowed name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from constrain.grammar.symbols import Keys
from constrain.limits import Limits
from constrain.regular.derivative import derive, linear_form
from constrain.regular.emptiness import is_empty
from constrain.regular.lower import JSON_TEXT
from constrain.regular.term import NOTHING, Term, both, negate, words

__all__ = ["QUOTE", "NameResidual", "Used", "start_of_name", "sum_of_masks"]

Used = frozenset[str]
"""Names that free keys have taken in the object being written."""

QUOTE = 0x22
_SHORT = {0x62: "\b", 0x66: "\f", 0x6E: "\n", 0x72: "\r", 0x74: "\t"}  # the others stand for themselves


@dataclass(frozen=True, slots=True)
class NameResidual:
    """A member name after some bytes: `text` decoded so far, and `pending` bytes of an unfinished character."""

    keys: Keys
    used: Used
    text: str
    pending: bytes
    declared: Term = field(compare=False, repr=False)
    free: tuple[Term, ...] = field(compare=False, repr=False)

    def after(self, byte: int, limits: Limits) -> NameResidual | None:
        """Return the residual after a byte of the name (not the closing quotation mark), or None if it is dead."""
        declared = derive(self.declared, byte)
        free = tuple(derive(term, byte) for term in self.free)
        free = tuple(NOTHING if is_empty(term, limits) else term for term in free)
        if declared is NOTHING and all(term is NOTHING for term in free):
            return None
        text, pending = _decode(self.text, self.pending, byte)
        return NameResidual(self.keys, self.used, text, pending, declared, free)

    def bytes_on(self) -> int:
        """Return a mask of bytes outside of which `after` is None (the closing quotation mark apart)."""
        return sum_of_masks(self.declared) | _union(sum_of_masks(term) for term in self.free)

    def closings(self) -> Iterator[tuple[int, Used]]:
        """Yield the label of the name that ends here, if one does, and the names used up after it."""
        if self.pending:
            return
        if self.declared.nullable:
            yield self.keys.table.index[self.text], self.used
        for number, term in enumerate(self.free):
            if term.nullable:
                yield len(self.keys.table.names) + number, self.used | {self.text}

    def describe(self) -> str:
        """Return what may come, for a message."""
        keys = self.keys
        names = [name for label, name in enumerate(keys.table.names) if keys.allowed >> label & 1]
        shown = [repr(name) for name in names if name.startswith(self.text)][:6]
        if any(term is not NOTHING for term in self.free):
            shown.append("another name" if shown else "a new name")
        return "member name: " + " or ".join(shown)


def start_of_name(keys: Keys, used: Used, limits: Limits) -> NameResidual | None:
    """Return the residual before the first byte of a name, or None if no name is left."""
    allowed = [name for label, name in enumerate(keys.table.names) if keys.allowed >> label & 1]
    taken = negate(words([*keys.table.names, *used], "json"))
    free = tuple(both(JSON_TEXT if term is None else term, taken) for term in keys.free)
    free = tuple(NOTHING if is_empty(term, limits) else term for term in free)
    declared = words(allowed, "json")
    if declared is NOTHING and all(term is NOTHING for term in free):
        return None
    return NameResidual(keys, used, "", b"", declared, free)


def sum_of_masks(term: Term) -> int:
    """Return the mask of all bytes that may come first."""
    return _union(mask for mask, _ in linear_form(term))


def _union(masks: Iterator[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _decode(text: str, pending: bytes, byte: int) -> tuple[str, bytes]:
    """Read one more byte of a well-spelled JSON string; hex digits stay pending in lower case."""
    spelled = pending + bytes([byte])
    if spelled[0] != 0x5C:
        length = 1 if spelled[0] < 0x80 else 2 if spelled[0] < 0xE0 else 3 if spelled[0] < 0xF0 else 4
        return (text + spelled.decode(), b"") if len(spelled) == length else (text, spelled)
    if len(spelled) == 1:
        return text, spelled
    if spelled[1] != 0x75:
        return text + _SHORT.get(byte, chr(byte)), b""
    if len(spelled) in (6, 12):
        units = [int(spelled[i + 2 : i + 6], 16) for i in range(0, len(spelled), 6)]
        if len(units) == 2:
            return text + chr(0x10000 + (units[0] - 0xD800 << 10) + (units[1] - 0xDC00)), b""
        if not 0xD800 <= units[0] < 0xDC00:
            return text + chr(units[0]), b""
    return text, spelled.lower()
