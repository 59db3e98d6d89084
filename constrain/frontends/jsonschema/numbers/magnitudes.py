"""Where a numeral lies among constants, decided digit by digit.

The constants that matter on one side of zero are positive decimals c, each its significant digits and an exponent:
1024 is 1.024e3, digits (1, 0, 2, 4) and exponent 3; numerals of one exponent compare as their digits do.

Worked example: among 5, 50 and 65535, sorted by digits, the digits "6 5" leave the range [2, 3): behind 5 and 50, still
undecided about 65535. If the numeral ends here it is 65: above 5 and 50, below 65535, which is region 4 of 0 to 6
(region 2i + 1 is the i-th constant itself, region 2i lies below it).

Invariants: a `Range` is (depth, low, high): of the constants sorted by digits, those before `low` have smaller digits,
those from `high` on larger ones, those between share the first `depth` digits with the numeral. A decided range has
depth 0, so equal answers are equal states.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from constrain.frontends.jsonschema.numbers.multiples import decimal_places

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["Magnitudes", "Range", "scientific"]

Range = tuple[int, int, int]


class Magnitudes:
    """Positive constants in increasing order, prepared for comparison with numerals.

    start:     the range before any digit
    least:     the smallest exponent of a constant (0 if there is none)
    greatest:  the largest
    exponents: all of them, increasing
    """

    __slots__ = ("_below", "_digits", "_places", "_steps", "count", "exponents", "greatest", "least", "start")

    def __init__(self, constants: list[Fraction]) -> None:
        entries = []
        for rank, c in enumerate(constants):
            text, exponent = scientific(c)
            entries.append((tuple([ord(char) - 48 for char in text]), exponent, rank))
        self.count = len(entries)
        self.exponents = sorted({e for _, e, _ in entries})
        self.least, self.greatest = (self.exponents[0], self.exponents[-1]) if entries else (0, -1)
        entries.sort()
        self._digits = [digits for digits, _, _ in entries]
        self._places: dict[int, list[int]] = {e: [] for e in self.exponents}
        for place, (_, exponent, _) in enumerate(entries):
            self._places[exponent].append(place)
        self._below: dict[int, int] = {}
        total = 0
        for e in self.exponents:
            self._below[e] = total
            total += len(self._places[e])
        self._steps: dict[Range, list[Range]] = {}
        self.start: Range = (0, 0, self.count)

    def step(self, state: Range) -> list[Range]:
        """Return the ranges after each of the ten digits."""
        depth, low, high = state
        if low == high:
            return [state] * 10
        found = self._steps.get(state)
        if found is None:
            heads = [d[depth] if depth < len(d) else 0 for d in self._digits[low:high]]
            found = []
            for digit in range(10):
                first = low + bisect_left(heads, digit)
                last = low + bisect_left(heads, digit + 1)
                deepest = max((len(d) for d in self._digits[first:last]), default=0)
                found.append((min(depth + 1, deepest), first, last) if first < last else (0, first, first))
            self._steps[state] = found
        return found

    def narrow(self, state: Range, exponent: int) -> Range:
        """Return `state` with the constants of other exponents left out, if that decides it."""
        _, low, high = state
        places = self._places.get(exponent, ())
        first, last = bisect_left(places, low), bisect_left(places, high)
        if first < last:
            return state
        at = places[first] if places and first < len(places) else self.count
        return (0, at, at)

    def region(self, state: Range, exponent: int) -> int:
        """Return the region of the numeral with this exponent whose digits end here (zeros may follow)."""
        depth, low, high = state
        if exponent not in self._places:
            return 2 * sum(len(self._places[e]) for e in self.exponents[: bisect_left(self.exponents, exponent)])
        places = self._places[exponent]
        first = bisect_left(places, low)
        region = 2 * (self._below[exponent] + first)
        if first < len(places) and places[first] < high and len(self._digits[places[first]]) <= depth:
            return region + 1
        return region


def scientific(c: Fraction) -> tuple[str, int]:
    """Return the significant digits of c > 0, without zeros at the end, and the exponent of the first."""
    if c.denominator == 1:
        text = _decimal(c.numerator)
        return text.rstrip("0"), len(text) - 1
    places = decimal_places(c)
    text = _decimal(int(c * 10**places))
    return text.rstrip("0"), len(text) - 1 - places


def _decimal(number: int) -> str:
    """Return `str(number)`, which Python refuses for more than some thousand digits."""
    if number.bit_length() < 8_000:
        return str(number)
    half = number.bit_length() * 3 // 20  # about half of its digits
    left, right = divmod(number, 10**half)
    return _decimal(left) + _decimal(right).zfill(half)
