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
from constrain.regular.term import EPSILON, NOTHING, Term, alt, byteset, concat, literal, repeat

__all__ = ["Bound", "Divisor", "Extent", "exponent_forms"]

Bound = tuple[str, int, bool]
"""(significant digits without zeros at the end, exponent of the first, whether the bound itself belongs)."""
Divisor = tuple[int, int, int]
"""(Q, j, places): a multiple of Q * 10^j with at most `places` fraction digits in the mantissa."""
Extent = tuple[int | None, int | None]
"""The least and the greatest exponent, None where there is no end."""

DEAD = (DEAD_DIGITS, -1)
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
        self._naturals: dict[Extent, tuple[tuple[int, ...], int]] = {}

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
            if _empty(extent):
                found = -1
            else:
                up, plus = self.natural(max(first or 0, 0), last) if last is None or last >= 0 else DEAD
                if first is None or first <= 0:
                    _, minus = self.natural(0 if last is None else max(-last, 0), None if first is None else -first)
                else:
                    minus = -1
                found = self.rows.add(False, up, minus=minus, plus=plus)
            self._extents[extent] = found
        return found

    def natural(self, low: int, high: int | None) -> tuple[tuple[int, ...], int]:
        """Return the states after each digit of a number from `low` to `high`, which zeros may precede, and that before."""
        found = self._naturals.get((low, high))
        if found is None:
            some = [self.number(digit, low, high) for digit in range(1, 10)]
            zeros = self.rows.add(low == 0, [SELF, *some])
            row = (zeros, *some)
            # Where zero does not belong, zeros change nothing.
            found = self._naturals[low, high] = row, zeros if low else self.rows.add(False, row)
        return found

    def number(self, value: int, low: int, high: int | None) -> int:
        """Return the state after the digits of `value` > 0."""
        if high is None:
            if value >= low:
                return self.rows.any()
            if 10 * value >= low:
                return self.rows.some()
        elif 10 * value > high:
            return self.rows.end() if low <= value <= high else -1
        return self.rows.add(value >= low, [self.number(10 * value + digit, low, high) for digit in range(10)])


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
    """Mantissas that end where a divisor wants it: terms along the digits of the bounds, then a table all share."""

    def __init__(self, low: Bound | None, high: Bound | None, divisor: Divisor, limit: int) -> None:
        super().__init__(low, high, limit)
        self.divisor, self.power, places = self.wanted = divisor
        self.places = places
        self.longest = places if high is None else min(places, high[1] - self.power)
        self.limit = limit

    def term(self) -> Term:
        whole: dict[Term, int] = {}
        broken: dict[Term, int] = {}
        for digit in range(1, 10):
            compared = self.after(0, self.start, digit)
            exponents = self.ending(0, digit % self.divisor, compared)
            whole[exponents] = whole.get(exponents, 0) | 1 << 48 + digit
            fraction = self.longer(0, digit % self.divisor, compared)
            broken[fraction] = broken.get(fraction, 0) | 1 << 48 + digit
        zeros = alt(EPSILON, concat(DOT, repeat(literal(b"0"), 1, self.places))) if self.places else EPSILON
        options = [concat(byteset(mask), zeros, exponents) for exponents, mask in whole.items()]
        return alt(*options, *(concat(byteset(mask), DOT, fraction) for fraction, mask in broken.items()))

    def ending(self, places: int, remainder: int, compared: tuple[int, int]) -> Term:
        """Return `e` and the exponents for a mantissa that ends here."""
        zeros = _zeros(remainder, self.divisor)
        extent = self.extent(places + 1, compared)
        if zeros is None or _empty(extent):
            return NOTHING
        return _tails(self.wanted, extent, self.limit).ending(places + self.power + zeros)

    def longer(self, places: int, remainder: int, compared: tuple[int, int]) -> Term:
        """Return what may follow `places` fraction digits, at least one of them and the last not zero."""
        if places >= self.longest:
            return NOTHING
        low, high = compared
        if low == 0 and places + 1 >= len(self.digits[0]):
            low = 1
        if high == 0 and places + 1 >= len(self.digits[1]):
            high = 1
        if low and high:
            extent = self.extent(places + 1, (low, high))
            if _empty(extent):
                return NOTHING
            return _tails(self.wanted, extent, self.limit).behind(places, 10 * remainder % self.divisor, None)
        known: dict[tuple[tuple[int, int], int, int | None], Term] = {}
        options: dict[Term, int] = {}
        for digit in range(10):
            after = self.after(places + 1, (low, high), digit)
            moved = (10 * remainder + digit) % self.divisor
            key = (after, 10 * moved % self.divisor, _zeros(moved, self.divisor) if digit else None)
            behind = known.get(key)
            if behind is None:
                behind = known[key] = self.behind(places + 1, moved, after, digit)
            options[behind] = options.get(behind, 0) | 1 << 48 + digit
        return alt(*(concat(byteset(mask), behind) for behind, mask in options.items()))

    def behind(self, places: int, remainder: int, compared: tuple[int, int], digit: int) -> Term:
        """Return what may follow `places` fraction digits, the last of them `digit`."""
        if 0 in compared:
            ended = self.ending(places, remainder, compared) if digit else NOTHING
            return alt(self.longer(places, remainder, compared), ended)
        extent = self.extent(places + 1, compared)
        if _empty(extent):
            return NOTHING
        wait = _zeros(remainder, self.divisor) if digit else None
        return _tails(self.wanted, extent, self.limit).behind(places, 10 * remainder % self.divisor, wait)


def _empty(extent: Extent) -> bool:
    first, last = extent
    return first is not None and last is not None and first > last


class _Tails(_Forms):
    """The table of mantissas whose bounds are decided: the exponents lie in one interval if the divisor admits them."""

    def __init__(self, divisor: Divisor, extent: Extent, limit: int) -> None:
        super().__init__(None, None, limit)
        size, self.power, places = divisor
        self.first, self.last = extent
        self.states: list[dict[tuple[int, int | None], int]] = []
        self.ends: dict[int, int] = {}
        for digit in range(1, 10):
            zeros = _zeros(digit % size, size)
            if zeros is not None:
                self.end(self.power + zeros)
        longest = places if self.last is None else min(places, self.last - self.power)
        if longest <= 0:
            return
        kinds, waits = _remainders(size)
        # For each 10 r: the states behind a zero (None), and behind a digit that wants so many zeros.
        after: dict[tuple[int, int | None], int] = {}
        for length in range(longest, -1, -1):
            own: dict[tuple[int, int | None], int] = {}
            ends = [(wait, self.end(length + self.power + wait)) for wait in waits] if length else []
            for shifted, digits in kinds.items():
                row = [after.get(kind, -1) for kind in digits]
                own[shifted, None] = self.rows.add(False, row)
                for wait, exponents in ends:
                    own[shifted, wait] = self.rows.add(False, row, exponent=exponents)
            after = own
            self.states.append(own)
        self.states.reverse()

    def end(self, least: int) -> int:
        """Return the state behind `e` if the divisor wants an exponent of at least `least`."""
        found = self.ends.get(least)
        if found is None:
            first = least if self.first is None else max(self.first, least)
            found = self.ends[least] = self.exponents((first, self.last))
        return found

    def ending(self, least: int) -> Term:
        """Return `e` and the exponents of at least `least`."""
        return concat(E, self.rows.term(self.ends.get(least, -1)))

    def behind(self, places: int, shifted: int, wait: int | None) -> Term:
        """Return what may follow `places` fraction digits.

        shifted: ten times the mantissa modulo the divisor; wait: the zeros that make the mantissa a multiple, None
        if it may not end here.
        """
        return self.rows.term(self.states[places][shifted, wait]) if places < len(self.states) else NOTHING


@lru_cache(maxsize=1_024)
def _tails(divisor: Divisor, extent: Extent, limit: int) -> _Tails:
    return _Tails(divisor, extent, limit)


@lru_cache(maxsize=4_096)
def _zeros(remainder: int, divisor: int) -> int | None:
    """Return how many zeros behind a number with this remainder make it a multiple, None if no number does."""
    count = 0
    while remainder:
        if count > divisor.bit_length():
            return None
        remainder, count = remainder * 10 % divisor, count + 1
    return count


@lru_cache(maxsize=256)
def _remainders(divisor: int) -> tuple[dict[int, list[tuple[int, int | None]]], list[int]]:
    """Return what each digit makes of ten times a remainder, and the numbers of zeros that some remainder wants.

    A digit makes of it again ten times the remainder, and the zeros wanted: None behind a zero, or if none help.
    """
    of = [(10 * r % divisor, _zeros(r, divisor)) for r in range(divisor)]
    kinds = {}
    for shifted in {shifted for shifted, _ in of}:
        row = [of[(shifted + digit) % divisor] for digit in range(10)]
        kinds[shifted] = [(row[0][0], None), *row[1:]]
    return kinds, sorted({zeros for _, zeros in of if zeros is not None})
