"""Divisibility read digit by digit, with states that are equal exactly when their futures are.

A finite decimal m is P / 10^d with P an integer and d as small as possible. A plain decimal is a multiple of m if its
first d fraction digits, padded with zeros, join its integer part to a multiple of P, and only zeros follow.

Worked example: m = 0.25 is P = 25, d = 2. After "1" the two digits to come must read 0 modulo 25; after "1." too; after
"1.7" the digit to come must be 5.

Canonical states: after the prefix r, the next j digits complete a multiple if they read -10^j r modulo P. Two prefixes
with the same (smallest possible j, number read) have the same futures, because all longer completions follow from it.
So multiples of 10^k need k + 1 states, not 10^k.

Exponent forms: a mantissa of n fraction digits, the last not zero, has the digits M, and M e10^(x - n) is a multiple iff
x >= n - d + t, where t is the least number of zeros that make M a multiple of P, or infinite.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["Multiple", "decimal_places", "mantissa_places", "multiple"]

Fractional = tuple[int, int] | None
"""(digits still read, what they must read modulo P), or None: no longer a multiple whatever follows."""


def decimal_places(value: Fraction) -> int:
    """Return the number of fraction digits of a finite decimal. Raises ValueError if it has no end."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    twos = (rest & -rest).bit_length() - 1
    if rest >> twos != 1:
        raise ValueError(f"{value} is not a finite decimal")
    return max(twos, fives)


class Multiple:
    """The multiples of one finite decimal m = period / 10^places."""

    __slots__ = ("_canonical", "_shift", "_steps", "_zeros", "period", "places")

    def __init__(self, m: Fraction) -> None:
        self.places = decimal_places(m)
        self._shift: int = 10**self.places
        self.period = int(m * self._shift)
        self._canonical: dict[tuple[int, int], int] = {}
        self._steps: dict[int, int] = {}
        self._zeros: dict[int, int | None] = {}

    def step(self, prefix: int, digit: int) -> int:
        """Return the integer digits read so far, as a canonical representative, after one more."""
        number = 10 * prefix + digit
        found = self._steps.get(number)
        if found is None:
            number_left, j = number % self.period, self.places
            power = 10**j
            wanted = -power * number_left % self.period
            while wanted >= power:
                j, power, wanted = j + 1, power * 10, wanted * 10 % self.period
            found = self._steps[number] = self._canonical.setdefault((j, wanted), number_left)
        return found

    def integer_holds(self, prefix: int) -> bool:
        """Tell whether the integer `prefix` is a multiple."""
        return prefix * self._shift % self.period == 0

    def point(self, prefix: int) -> Fractional:
        """Return the state after the decimal point."""
        wanted = -self._shift * prefix % self.period
        return (self.places, wanted) if wanted < self._shift else None

    def fraction(self, state: Fractional, digit: int) -> Fractional:
        """Return the state after one more fraction digit."""
        if state is None:
            return None
        left, wanted = state
        if left == 0:
            return None if digit else state
        power = 10 ** (left - 1)
        wanted = (wanted - digit * power) % self.period
        return (left - 1, wanted) if wanted < power else None

    def zeros(self, mantissa: int) -> int | None:
        """Return how many zeros behind `mantissa` make it a multiple of the period, None if no number does."""
        mantissa %= self.period
        if mantissa not in self._zeros:
            rest, count = mantissa, 0
            while rest and count <= self.period.bit_length():
                rest, count = rest * 10 % self.period, count + 1
            self._zeros[mantissa] = None if rest else count
        return self._zeros[mantissa]


@lru_cache(maxsize=1_024)
def multiple(m: Fraction) -> Multiple:
    """Return the `Multiple` of m; equal m share one object and its memos."""
    return Multiple(m)


def mantissa_places(multiples: tuple[Fraction, ...]) -> int:
    """Return the number of fraction digits allowed before an exponent where these multiples bear on the answer."""
    size = 1
    for m in multiples:
        size *= multiple(m).period
    return max(0, min(16, 1_000 // size))
