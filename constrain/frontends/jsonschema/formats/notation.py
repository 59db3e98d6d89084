"""The few operators of ABNF (RFC 5234) that the formats are written in, over characters.

Worked example: `time-secfrac = "." 1*DIGIT` is `concat(text("."), some(DIGIT))`.

Invariants: `one_of` takes ranges as in a regular expression, without escapes: "A-Za-z_" (a hyphen that means itself
comes last). Terms are on the character level; what spells a character in JSON is decided when they are lowered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from constrain.core.charset import make
from constrain.regular.term import EPSILON, Term, alt, chars, concat, repeat, text

if TYPE_CHECKING:
    from constrain.core.charset import CharSet

__all__ = ["ALNUM", "ALPHA", "DIGIT", "HEX", "charset", "listed", "many", "number_below", "one_of", "optional", "some"]


def charset(spec: str) -> CharSet:
    """Return the characters that `spec` lists, "a-z" meaning a range."""
    ranges: list[tuple[int, int]] = []
    at = 0
    while at < len(spec):
        if at + 2 < len(spec) and spec[at + 1] == "-":
            ranges.append((ord(spec[at]), ord(spec[at + 2])))
            at += 3
        else:
            ranges.append((ord(spec[at]), ord(spec[at])))
            at += 1
    return make(ranges)


def one_of(spec: str) -> Term:
    """Return one character of those that `spec` lists."""
    return chars(charset(spec))


def optional(term: Term) -> Term:
    """Return `[term]`."""
    return alt(EPSILON, term)


def many(term: Term) -> Term:
    """Return `*term`."""
    return repeat(term)


def some(term: Term) -> Term:
    """Return `1*term`."""
    return repeat(term, 1)


def listed(item: Term, separator: str) -> Term:
    """Return `item *(separator item)`."""
    return concat(item, many(concat(text(separator), item)))


def number_below(limit: int, width: int) -> Term:
    """Return the numbers from 0 to `limit` - 1 written with `width` digits."""
    if width == 0:
        return EPSILON
    head, rest = divmod(limit, 10 ** (width - 1))
    options: list[Term] = []
    if head:
        options.append(concat(chars(make([(48, 47 + head)])), repeat(DIGIT, width - 1, width - 1)))
    if rest:
        options.append(concat(text(str(head)), number_below(rest, width - 1)))
    return alt(*options)


ALPHA = one_of("A-Za-z")
DIGIT = one_of("0-9")
ALNUM = one_of("A-Za-z0-9")
HEX = one_of("0-9A-Fa-f")
