"""A divisor with a long period, replaced by the list of its multiples where they are few.

Worked example: "a multiple of 0.123456789 from 0 to 1" takes a remainder modulo 123,456,789; as the nine constants 0,
0.123456789, ..., 0.987654312 it takes a few dozen states.

Invariant: the result means the same. A divisor whose multiples are many stays, and the automaton's limit decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from constrain.frontends.jsonschema.numbers.formula import Pieces, integers_between
from constrain.frontends.jsonschema.numbers.multiples import multiple

if TYPE_CHECKING:
    from constrain.frontends.jsonschema.numbers.formula import Boundary

__all__ = ["listed"]

LONG = 500
"""Periods up to this one are read digit by digit."""
FEW = 2_000
"""Constants that may take the place of one divisor."""


def listed(where: Pieces) -> Pieces:
    """Return `where` without the divisors of long period that have few multiples where they are asked for."""
    for j in range(len(where.multiples) - 1, -1, -1):
        if multiple(where.multiples[j]).period > LONG:
            where = _listed(where, j) or where
    return where


def _listed(where: Pieces, j: int) -> Pieces | None:
    m = where.multiples[j]
    false = sum(1 << row for row in range(1 << len(where.multiples)) if not row >> j & 1)
    tables: dict[Boundary | None, int] = {}
    count = 0
    for table, start, end in where.stretches():
        if not where.depends(table, j):
            tables[start] = table
            continue
        low, high = integers_between(m, start, end)
        if low is None or high is None or count + high - low > FEW:
            return None
        count += high - low + 1
        tables[start] = between = table & false | (table & false) << (1 << j)
        for k in range(low, high + 1):
            tables[k * m, False] = where.everything if where.holds(k * m) else 0
            tables[k * m, True] = between  # if the piece ends here, the next one overwrites this
    first = tables.pop(None)
    return Pieces(where.multiples, first, tuple(sorted((b, t) for b, t in tables.items() if b is not None))).without(j)
