"""A number that satisfies a formula, or the certainty that there is none.

Worked example: "above 6, below 14, a multiple of 4, not of 8" is one piece. The multiples of 4 in it are 4 k with k from 2
to 3, and 4 k is a multiple of 8 exactly if k is one of 2: the answer is 12.

Method: piece by piece, row by row of its truth table. The numbers divided by all multiples of a row are k L with L
their least common multiple; k L is divided by another n exactly if k is a multiple of the denominator q of L / n. So k
is sought among consecutive integers, and no q may divide it: r numbers q > 1 leave no gap of more than 2^r (Kanold,
"Ueber eine zahlentheoretische Funktion von Jacobsthal", 1967), hence the search is short, and exact. Where a row has no
multiples, k / 10^s takes the place of k L, with s growing until the piece is dense with candidates.

Invariants: the result is a finite decimal, of the smallest magnitude that its piece and row offer, and 0 or positive if
possible. None means: no real number at all.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from typing import TYPE_CHECKING

from constrain.frontends.jsonschema.numbers.formula import Formula, integers_between, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable

    from constrain.frontends.jsonschema.numbers.formula import Boundary, Pieces

__all__ = ["number_witness", "witness_in"]


@lru_cache(maxsize=65_536)
def number_witness(formula: Formula) -> Fraction | None:
    """Return a number that satisfies `formula`, None if there is none. Raises as `pieces` does."""
    return witness_in(pieces(formula))


def witness_in(where: Pieces) -> Fraction | None:
    """Return a number that lies in `where`, None if there is none."""
    for table, start, end in _outwards(where):
        if table:
            found = _in_piece(where.multiples, table, start, end)
            if found is not None:
                return found
    return None


def _outwards(where: Pieces) -> list[tuple[int, Boundary | None, Boundary | None]]:
    """Return the pieces from zero up, then from below zero down."""
    stretches = where.stretches()
    zero = sum(1 for b, _ in where.boundaries if b <= (Fraction(0), False))
    return stretches[zero:] + stretches[:zero][::-1]


def _in_piece(
    multiples: tuple[Fraction, ...], table: int, start: Boundary | None, end: Boundary | None
) -> Fraction | None:
    point = start is not None and end is not None and start[0] == end[0]
    for row in range(1 << len(multiples)):
        if not table >> row & 1:
            continue
        wanted = [m for j, m in enumerate(multiples) if row >> j & 1]
        others = [m for j, m in enumerate(multiples) if not row >> j & 1]
        if wanted:
            step = Fraction(lcm(*(m.numerator for m in wanted)), gcd(*(m.denominator for m in wanted)))
            k = _search(integers_between(step, start, end), [(step / n).denominator for n in others])
            if k is not None:
                return k * step
        elif point and start is not None:
            if all((start[0] / n).denominator > 1 for n in others):
                return start[0]
        else:
            step = Fraction(1)
            while True:
                k = _search(integers_between(step, start, end), [(step / n).denominator for n in others])
                if k is not None:
                    return k * step
                step /= 10
    return None


def _search(bounds: tuple[int | None, int | None], divisors: list[int]) -> int | None:
    """Return an integer within `bounds`, near zero, that no divisor divides."""
    if 1 in divisors:
        return None
    low, high = bounds
    enough = (1 << len(divisors)) + 1
    near = 0 if low is None else max(low, 0)
    if high is not None:
        near = min(near, high)
    ways: tuple[Iterable[int], ...] = (range(near, near + enough), range(near, near - enough, -1))
    for way in ways:
        for k in way:
            if (low is not None and k < low) or (high is not None and k > high):
                break
            if all(k % q for q in divisors):
                return k
    return None
