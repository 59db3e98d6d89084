"""Single numbers, taken out of a formula and spelled as words.

Worked example: "one of 1000 distinct integers" is (words, optionally followed by .000) or, for each exponent that occurs,
(words of that many digits as a mantissa, followed by e and the exponent): a handful of nodes around sorted words, where
a table would hold ten thousand states. "Any number but those" is the numerals without them, less the same term.

Invariant: `spelled` holds every numeral of the universe of `numerals` with one of the values, so it may be subtracted
from any set of numerals of that universe. Rejected: tables for everything, whose construction looks at each constant
once for every digit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from constrain.frontends.jsonschema.numbers.formula import Pieces
from constrain.frontends.jsonschema.numbers.magnitudes import scientific
from constrain.regular.term import EPSILON, Term, alt, byteset, concat, literal, repeat, words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from constrain.frontends.jsonschema.numbers.formula import Boundary

__all__ = ["MANY", "single_points", "spelled"]

MANY = 64
"""Single numbers from which on this way is taken."""

DIGIT = byteset(sum(1 << b for b in b"0123456789"))
ZEROS = repeat(literal(b"0"))
POINT_ZEROS = alt(EPSILON, concat(literal(b"."), literal(b"0"), ZEROS))
E = byteset(1 << ord("e") | 1 << ord("E"))
SIGN = byteset(1 << ord("+") | 1 << ord("-"))
MINUS = literal(b"-")
ZERO = concat(literal(b"0"), POINT_ZEROS, alt(EPSILON, concat(E, alt(EPSILON, SIGN), repeat(DIGIT, 1))))
"""Zero without a sign."""


def single_points(where: Pieces) -> tuple[Pieces, list[Fraction], list[Fraction]]:
    """Return `where` without the points that differ from what surrounds them, and the points to add and to remove."""
    kept: list[tuple[Boundary, int]] = []
    added: list[Fraction] = []
    removed: list[Fraction] = []
    before = where.first
    at = 0
    entries = where.boundaries
    while at < len(entries):
        (c, above), table = entries[at]
        if not above and at + 1 < len(entries) and entries[at + 1] == ((c, True), before):
            (added if where.holds(c) else removed).append(c)
            at += 2
            continue
        kept.append(entries[at])
        before = table
        at += 1
    return Pieces(where.multiples, where.first, tuple(kept)), added, removed


def spelled(values: Iterable[Fraction], *, places: int | None = None, signed: bool = True) -> Term:
    """Return all numerals of the universe with one of these values.

    places: where a divisor bears on the answer, the fraction digits allowed before an exponent, without idle zeros
        unless all of them are zero. signed: zero may have a minus.
    """
    whole: list[str] = []
    broken: list[str] = []
    mantissas: dict[int, tuple[list[str], list[str]]] = {}
    options: list[Term] = []
    for value in values:
        numerator = value.numerator
        if numerator == 0:
            options.append(_zero() if signed else ZERO)
            continue
        digits, exponent = scientific(value if numerator > 0 else -value)
        sign = "-" if numerator < 0 else ""
        if len(digits) <= exponent + 1:
            whole.append(sign + digits.ljust(exponent + 1, "0"))
        elif exponent >= 0:
            broken.append(f"{sign}{digits[: exponent + 1]}.{digits[exponent + 1 :]}")
        else:
            broken.append(f"{sign}0.{'0' * (-exponent - 1)}{digits}")
        single, several = mantissas.setdefault(exponent, ([], []))
        if len(digits) == 1:
            single.append(sign + digits)
        elif places is None or len(digits) - 1 <= places:
            several.append(f"{sign}{digits[0]}.{digits[1:]}")
    options += [concat(words(whole, "utf8"), POINT_ZEROS), concat(words(broken, "utf8"), ZEROS)]
    point_zeros, zeros = POINT_ZEROS, ZEROS
    if places is not None:
        point_zeros = alt(EPSILON, concat(literal(b"."), repeat(literal(b"0"), 1, places))) if places else EPSILON
        zeros = EPSILON
    for exponent, (single, several) in mantissas.items():
        mantissa = alt(concat(words(single, "utf8"), point_zeros), concat(words(several, "utf8"), zeros))
        options.append(concat(mantissa, E, _exponent(exponent)))
    return alt(*options)


def _exponent(value: int) -> Term:
    digits = literal(str(abs(value)).encode())
    if value < 0:
        return concat(MINUS, ZEROS, digits)
    if value > 0:
        return concat(alt(EPSILON, literal(b"+")), ZEROS, digits)
    return concat(alt(EPSILON, SIGN), literal(b"0"), ZEROS)


def _zero() -> Term:
    return concat(alt(EPSILON, MINUS), ZERO)
