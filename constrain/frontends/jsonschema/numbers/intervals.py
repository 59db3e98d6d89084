"""The numerals of a few intervals and single numbers, as a union of small terms.

Worked example: "an integer, at least 0, not 5" is zero, the integers 1 to 4 and those from 6 on. Each interval is its plain
decimals (`plain`) and its exponent forms (`scientific`); zero and single numbers are spelled out (`finite`).

Invariants: the language is that of the table which `numerals` would build, numeral by numeral; intervals of equal bounds
share one term, so what lies below zero mirrors what lies above, and all integers end alike.

This is the way of nearly all formulas in real schemas. `by_intervals` returns None for the others: more than one divisor,
numbers that are no multiple, divisors that divide no power of ten and have many multiples, bounds of very many digits.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from constrain.frontends.jsonschema.numbers import plain, scientific
from constrain.frontends.jsonschema.numbers.finite import spelled
from constrain.frontends.jsonschema.numbers.formula import integers_between
from constrain.frontends.jsonschema.numbers.multiples import decimal_places, mantissa_places, multiple
from constrain.regular.term import NOTHING, Term, alt, concat, literal

if TYPE_CHECKING:
    from constrain.frontends.jsonschema.numbers.formula import Boundary, Pieces
    from constrain.frontends.jsonschema.numbers.scientific import Divisor

__all__ = ["by_intervals"]

LONGEST = 120
"""Digits of a bound, and its greatest exponent, up to which this way is taken."""
FEW = 1_500
"""Multiples in an interval that are spelled out where the divisor divides no power of ten."""
ENDINGS = 128
"""Multiples of a divisor below the power of ten that it divides."""

MINUS = literal(b"-")
ORIGIN: Boundary = (Fraction(0), False)
BEHIND: Boundary = (Fraction(0), True)

Interval = tuple["Boundary", "Boundary | None"]
"""From a place above zero to the place behind the last (None: no end); both of magnitudes."""
Step = tuple["Divisor", int]
"""A divisor, and the exponent of a power of ten that it divides (-1: of none)."""


def by_intervals(where: Pieces, limit: int) -> Term | None:
    """Return the numerals whose value lies in `where`, None if that takes the general construction.

    Raises LimitExceeded.
    """
    if len(where.multiples) > 1:
        return None
    multiples_only = sum(1 << row for row in range(1 << len(where.multiples)) if row or not where.multiples)
    step = _step(where.multiples[0]) if where.multiples else None
    points: list[Fraction] = []
    sides: tuple[list[Interval], list[Interval]] = ([], [])
    for table, start, end in where.stretches():
        if start is not None and end is not None and start[0] == end[0]:
            if start[0] and where.holds(start[0]):
                points.append(start[0])
        elif table == multiples_only:
            for side, own in zip(sides, (_above(start, end), _below(start, end)), strict=True):
                if own is not None:
                    side.append(own)
        elif table:
            return None
    terms = []
    for sign, side in zip((1, -1), sides, strict=True):
        parts: list[Term] = []
        for interval in side:
            if not all(map(_handy, (b[0] for b in interval if b is not None))):
                return None
            part = _interval(interval, step, limit) if step is None or step[1] >= 0 else None
            if part is None:
                found = _few(interval, where.multiples[0]) if where.multiples else None
                if found is None:
                    return None
                points += [sign * value for value in found]
            else:
                parts.append(part)
        terms.append(parts)
    places = mantissa_places(where.multiples) if where.multiples else None
    zero = [spelled([Fraction(0)], signed=False)] if where.holds(Fraction(0)) else []
    for parts, single in zip(terms, ([p for p in points if p > 0], [-p for p in points if p < 0]), strict=True):
        parts += zero
        if single:
            parts.append(spelled(single, places=places))
    return alt(*terms[0], concat(MINUS, alt(*terms[1])) if terms[1] else NOTHING)


def _above(start: Boundary | None, end: Boundary | None) -> Interval | None:
    """Return what lies above zero between two places."""
    if end is not None and end <= BEHIND:
        return None
    return (BEHIND if start is None else max(start, BEHIND)), end


def _below(start: Boundary | None, end: Boundary | None) -> Interval | None:
    """Return the magnitudes of what lies below zero between two places."""
    if start is not None and start >= ORIGIN:
        return None
    # The place at c is the one above c from the other side.
    low = BEHIND if end is None or end >= ORIGIN else (-end[0], not end[1])
    return low, (None if start is None else (-start[0], not start[1]))


def _handy(c: Fraction) -> bool:
    """Tell whether a bound is short enough."""
    return c.numerator.bit_length() <= 3 * LONGEST and c.denominator.bit_length() <= 3 * LONGEST


@lru_cache(maxsize=1_024)
def _step(m: Fraction) -> Step:
    digits, power = multiple(m).period, -multiple(m).places
    while digits % 10 == 0:
        digits, power = digits // 10, power + 1
    width, rest = 0, digits
    while rest % 2 == 0:
        rest, width = rest // 2, width + 1
    while rest % 5 == 0:
        rest, width = rest // 5, width + 1
    if rest > 1:
        width = -1
    else:
        width = max(width + power, 0)
        if digits > 1 and 10 ** (width - power) // digits > ENDINGS:
            width = -1
    return (digits, power, mantissa_places((m,))), width


def _few(interval: Interval, m: Fraction) -> list[Fraction] | None:
    """Return the multiples of `m` in the interval, None if there are many."""
    first, last = integers_between(m, *interval)
    if first is None or last is None or last - first >= FEW:
        return None
    return [k * m for k in range(first, last + 1)]


@lru_cache(maxsize=4_096)
def _interval(interval: Interval, step: Step | None, limit: int) -> Term:
    """Return the numerals of the magnitudes of one interval."""
    start, end = interval
    if step is None:
        low = None if start == BEHIND else _bound(start[0], closed=not start[1])
        high = None if end is None else _bound(end[0], closed=end[1])
        whole, fraction, closed = low[0] if low else (0, "", False)
        decimals = plain.reals_between((whole, fraction, closed), high[0] if high else None, None, limit)
        return alt(decimals, scientific.exponent_forms(low and low[1], high and high[1], None, limit))
    divisor, width = step
    m = divisor[0] * Fraction(10) ** divisor[1]
    first, last = integers_between(m, start, end)
    assert first is not None
    if last is not None and first > last:
        return NOTHING
    # That a multiple above zero is at least the divisor goes without saying.
    low = None if first == 1 else _bound(first * m, closed=True)
    high = None if last is None else _bound(last * m, closed=True)
    if divisor[0] == 1 and divisor[1] < 0:
        decimals = plain.reals_between(
            low[0] if low else _bound(m, closed=True)[0], high[0] if high else None, -divisor[1], limit
        )
    else:
        decimals = plain.multiples_between(first, last, divisor[:2], width, limit)
    return alt(decimals, scientific.exponent_forms(low and low[1], high and high[1], divisor, limit))


def _bound(c: Fraction, *, closed: bool) -> tuple[plain.Bound, scientific.Bound]:
    """Return c > 0 as both modules want it."""
    places = decimal_places(c)
    text = str(c.numerator * 10**places // c.denominator).zfill(places + 1)
    whole, fraction = text[: len(text) - places], text[len(text) - places :]
    digits = text.lstrip("0")
    exponent = len(digits) - 1 - places
    return (int(whole), fraction.rstrip("0"), closed), (digits.rstrip("0"), exponent, closed)
