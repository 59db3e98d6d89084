"""Exponent forms of an interval: one nonzero digit, perhaps a fraction, `e` and the exponents that fit.

Worked example: integers from 1 to 100. The mantissa 1 (or 1.000) takes the exponents 0 to 2, a mantissa 2 to 9 takes 0 and
1, a mantissa of one fraction digit takes 1 and nothing longer takes any. All real numbers from 5 on: a mantissa below 5 takes
the exponents from 1 on, any other those from 0 on.

A bound is its significant digits and the exponent of the first. What a mantissa M of p fraction digits, the last not zero,
leaves of the exponents x is an interval: by the bounds, whose digits M is compared with; and by the divisor Q * 10^j, Q no
multiple of 10, as x >= p + j + t with t the number of zeros that make M a multiple of Q, if any does.

Invariants: positive numbers only; the universe is that of `numerals`, so where a divisor is given, a fraction has at most
`places` digits and does not end in zero unless it is all zeros.
"""

from __future__ import annotations

from functools import lru_cache

from constrain.frontends.jsonschema.numbers.plain import DOT
from constrain.frontends.jsonschema.numbers.rows import DEAD_DIGITS, SELF, Rows
from constrain.regex.term import EPSILON, Term, alt, byteset, concat, literal, repeat

__all__ = ["Bound", "Divisor", "Extent", "exponent_forms"]

Bound = tuple[str, int, bool]
"""(significant digits without zeros at the end, exponent of the first, whether the bound itself belongs)."""
Divisor = tuple[int, int, int]
"""(Q, j, places): a multiple of Q * 10^j with at most `places` fraction digits in the mantissa."""
Extent = tuple[int | None, int | None]
"""The least and the greatest exponent, None where there is no end."""

MOST = 100_000
"""States of a table of exponents; the bounds of a number let it have some hundreds."""

E = byteset(1 << ord("e") | 1 << ord("E"))


@lru_cache(maxsize=4_096)
def exponent_forms(low: Bound | None, high: Bound | None, divisor: Divisor | None, limit: int) -> Term:
    """Return the exponent forms from `low` to `high` (None: no end) that are multiples of `divisor`.

    Raises LimitExceeded.
    """
    if divisor is None:
        return _Free(low, high, limit).term()
    return _Divided(low, high, divisor, limit).term()


class _Forms:
    """What both kinds share: the comparison with the bounds, and the exponents behind `e`."""

    def __init__(self, low: Bound | None, high: Bound | None, limit: int) -> None:
        self.rows = Rows(limit)
        self.bounds = (low, high)
        self.digits = [[ord(char) - 48 for char in bound[0]] if bound else [] for bound in (low, high)]
        self.start = (0 if low else 1, 0 if high else -1)
        self._extents: dict[Extent, int] = {}
        self._naturals: dict[Extent, tuple[int, ...]] = {}

    def after(self, position: int, compared: tuple[int, int], digit: int) -> tuple[int, int]:
        """Return how the mantissa compares with the bounds after the digit at `position`."""
        low, high = compared
        if low == 0:
            own = self.digits[0]
            at = own[position] if position < len(own) else 0
            low = (digit > at) - (digit < at)
        if high == 0:
            own = self.digits[1]
            at = own[position] if position < len(own) else 0
            high = (digit > at) - (digit < at)
        return low, high

    def extent(self, position: int, compared: tuple[int, int]) -> Extent:
        """Return the exponents that keep a mantissa within the bounds, if it ends before `position`."""
        first = last = None
        low, high = self.bounds
        if low is not None:
            sign = compared[0] or (-1 if position < len(low[0]) else 0)
            first = low[1] + (sign < 0 or (sign == 0 and not low[2]))
        if high is not None:
            sign = compared[1] or (-1 if position < len(high[0]) else 0)
            last = high[1] - (sign > 0 or (sign == 0 and not high[2]))
        return first, last

    # --- behind e

    def exponents(self, extent: Extent) -> int:
        """Return the state behind `e`, -1 if there is no such exponent."""
        found = self._extents.get(extent)
        if found is None:
            first, last = extent
            if first is not None and last is not None and first > last:
                found = -1
            else:
                up: tuple[int, ...] = DEAD_DIGITS
                down: tuple[int, ...] = DEAD_DIGITS
                if last is None or last >= 0:
                    up = self.natural((max(first or 0, 0), last))
                if first is None or first <= 0:
                    down = self.natural((0 if last is None else max(-last, 0), None if first is None else -first))
                minus, plus = self.rows.add(False, down), self.rows.add(False, up)
                found = self.rows.add(False, up, minus=minus, plus=plus)
            self._extents[extent] = found
        return found

    def natural(self, extent: tuple[int, int | None]) -> tuple[int, ...]:
        """Return the states after the first digit of a number within `extent`, which zeros may precede."""
        found = self._naturals.get(extent)
        if found is None:
            low, high = extent
            some = [self.number(digit, low, high) for digit in range(1, 10)]
            found = self._naturals[extent] = (self.rows.add(low == 0, [SELF, *some]), *some)
        return found

    def number(self, value: int, low: int, high: int | None) -> int:
        """Return the state after the digits of `value` > 0."""
        if high is None:
            if value >= low:
                return self.rows.add(True, [SELF] * 10)
        elif 10 * value > high:
            return self.rows.add(low <= value <= high, DEAD_DIGITS)
        accepts = value >= low
        return self.rows.add(accepts, [self.number(10 * value + digit, low, high) for digit in range(10)])


class _Free(_Forms):
    """Mantissas of any length."""

    def __init__(self, low: Bound | None, high: Bound | None, limit: int) -> None:
        super().__init__(low, high, limit)
        self._memo: dict[tuple[int, int, int], int] = {}

    def term(self) -> Term:
        row = [-1]
        for digit in range(1, 10):
            compared = self.after(0, self.start, digit)
            behind, exponents = self.row(1, compared)
            if SELF in behind:
                behind = self.rows.digits(self.node(1, compared))
            point = self.rows.add(False, behind)
            row.append(self.rows.add(False, DEAD_DIGITS, dot=point, exponent=exponents))
        return self.rows.term(self.rows.add(False, row))

    def node(self, position: int, compared: tuple[int, int]) -> int:
        key = self.key(position, compared)
        found = self._memo.get(key)
        if found is None:
            digits, exponents = self.row(key[0], compared)
            found = self._memo[key] = self.rows.add(False, digits, exponent=exponents)
        return found

    def key(self, position: int, compared: tuple[int, int]) -> tuple[int, int, int]:
        """Return what the future depends on: where no bound has digits left, the position is all the same."""
        low, high = compared
        longest = max(len(self.digits[0]) if low == 0 else 1, len(self.digits[1]) if high == 0 else 1)
        return min(position, longest), low, high

    def row(self, position: int, compared: tuple[int, int]) -> tuple[list[int] | tuple[int, ...], int]:
        """Return the states after another digit and behind `e`."""
        exponents = self.exponents(self.extent(position, compared))
        if 0 not in compared:
            return ([SELF] * 10 if exponents >= 0 else DEAD_DIGITS), exponents
        own = self.key(position, compared)
        out = []
        for digit in range(10):
            after = self.after(position, compared, digit)
            out.append(SELF if self.key(position + 1, after) == own else self.node(position + 1, after))
        return out, exponents


class _Divided(_Forms):
    """Mantissas that end where a divisor wants it."""

    def __init__(self, low: Bound | None, high: Bound | None, divisor: Divisor, limit: int) -> None:
        super().__init__(low, high, limit)
        self.divisor, self.power, self.places = divisor
        self.longest = self.places if high is None else min(self.places, high[1] - self.power)
        self._memo: dict[tuple[int, int, int | None, tuple[int, int]], int] = {}

    def term(self) -> Term:
        whole: dict[Extent, int] = {}
        row = [-1]
        for digit in range(1, 10):
            compared = self.after(0, self.start, digit)
            extent = self.fitting(0, digit % self.divisor, compared)
            if extent is not None:
                whole[extent] = whole.get(extent, 0) | 1 << 48 + digit
            point = self.rows.add(False, self.row(0, digit % self.divisor, compared))
            row.append(self.rows.add(False, DEAD_DIGITS, dot=point))
        zeros = alt(EPSILON, concat(DOT, repeat(literal(b"0"), 1, self.places))) if self.places else EPSILON
        options = [concat(byteset(mask), zeros, E, _exponents(extent)) for extent, mask in whole.items()]
        return alt(*options, self.rows.term(self.rows.add(False, row)))

    def fitting(self, places: int, remainder: int, compared: tuple[int, int]) -> Extent | None:
        """Return the exponents for a mantissa that ends here, None if there are none."""
        zeros = _zeros(remainder, self.divisor)
        if zeros is None:
            return None
        first, last = self.extent(places + 1, compared)
        least = places + self.power + zeros
        first = least if first is None else max(first, least)
        return None if last is not None and first > last else (first, last)

    def node(self, places: int, remainder: int, compared: tuple[int, int], *, zero: bool) -> int:
        """Return the state after `places` fraction digits, the last of them zero or not."""
        zeros = None if zero else _zeros(remainder, self.divisor)
        key = (places, 10 * remainder % self.divisor, zeros, compared)
        found = self._memo.get(key)
        if found is None:
            extent = None if zero else self.fitting(places, remainder, compared)
            exponents = -1 if extent is None else self.exponents(extent)
            found = self._memo[key] = self.rows.add(False, self.row(places, remainder, compared), exponent=exponents)
        return found

    def row(self, places: int, remainder: int, compared: tuple[int, int]) -> tuple[int, ...] | list[int]:
        """Return the states after one more fraction digit."""
        if places >= self.longest:
            return DEAD_DIGITS
        shifted = 10 * remainder
        if self.divisor == 1 and 0 not in compared:
            ended = self.node(places + 1, 0, compared, zero=False)
            return [self.node(places + 1, 0, compared, zero=True), *[ended] * 9]
        return [
            self.node(
                places + 1, (shifted + digit) % self.divisor, self.after(places + 1, compared, digit), zero=digit == 0
            )
            for digit in range(10)
        ]


@lru_cache(maxsize=4_096)
def _zeros(remainder: int, divisor: int) -> int | None:
    """Return how many zeros behind a number with this remainder make it a multiple, None if no number does."""
    count = 0
    while remainder:
        if count > divisor.bit_length():
            return None
        remainder, count = remainder * 10 % divisor, count + 1
    return count


@lru_cache(maxsize=1_024)
def _exponents(extent: Extent) -> Term:
    """Return the exponents within `extent`, which is not empty, as a term."""
    forms = _Forms(None, None, MOST)
    return forms.rows.term(forms.exponents(extent))
