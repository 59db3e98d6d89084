"""Boolean formulas over numbers, and the pieces into which a formula cuts the number line.

A formula is a nested tuple over exact fractions:

    ("ge", c)  ("gt", c)  ("eq", c)    the value is at least, above, equal to c
    ("mult", m)                        the value is a multiple of m > 0; an integer is ("mult", Fraction(1))
    ("not", f)  ("and", f, ...)  ("or", f, ...)  ("true",)  ("false",)

Worked example: "an integer from 0 to 9, but not 5" has the atoms `mult 1`, `ge 0`, `gt 9` and `eq 5`. Its pieces are
(-inf, 0): false, [0, 5): a multiple of 1, [5, 5]: false, (5, 9]: a multiple of 1, (9, inf): false.

Invariants of `Pieces`: a value v lies in the piece of the last boundary at or below it; what a piece asks of v depends
only on which of `multiples` divide v, and is a truth table: bit i of the table is the answer where exactly the
multiples with bits in i divide v. Neighbouring pieces differ, and every multiple matters in some piece, so formulas
that mean the same mostly have equal pieces, which is what later stages memoise on.

Rejected: a disjunctive normal form, exponential in the number of `eq` atoms of an enum beside bounds.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from constrain.errors import LimitExceeded

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Boundary", "Formula", "Pieces", "integers_between", "number_holds", "pieces"]

Formula = tuple[Any, ...]
Boundary = tuple[Fraction, bool]
"""(c, False): from c on, c included. (c, True): everything above c. Sorts in the order of the number line."""

MAX_MULTIPLES = 8
"""Different `mult` atoms in one formula; truth tables have two to this power bits."""


def number_holds(formula: Formula, value: Fraction) -> bool:
    """Tell whether `value` satisfies `formula`."""
    kind = formula[0]
    if kind == "ge":
        return bool(value >= formula[1])
    if kind == "gt":
        return bool(value > formula[1])
    if kind == "eq":
        return bool(value == formula[1])
    if kind == "mult":
        return bool((value / formula[1]).denominator == 1)
    if kind == "not":
        return not number_holds(formula[1], value)
    if kind == "and":
        return all(number_holds(part, value) for part in formula[1:])
    if kind == "or":
        return any(number_holds(part, value) for part in formula[1:])
    if kind in {"true", "false"}:
        return bool(kind == "true")
    raise ValueError(f"unknown numeric atom {kind!r}")


@dataclass(frozen=True, slots=True)
class Pieces:
    """The number line, cut where the answer changes.

    multiples:  increasing; table bit i answers for the values divided by exactly those with bits in i
    first:      the table of the values below every boundary
    boundaries: increasing, each with the table of the values from there on
    """

    multiples: tuple[Fraction, ...]
    first: int
    boundaries: tuple[tuple[Boundary, int], ...]

    def holds(self, value: Fraction) -> bool:
        """Tell whether `value` satisfies the formula."""
        divided = sum(1 << i for i, m in enumerate(self.multiples) if (value / m).denominator == 1)
        return bool(self.table((value, False)) >> divided & 1)

    def table(self, place: Boundary) -> int:
        """Return the table that is in force at `place`: at c, or just above c."""
        at = bisect_right(self.boundaries, place, key=_place)
        return self.boundaries[at - 1][1] if at else self.first

    def stretches(self) -> list[tuple[int, Boundary | None, Boundary | None]]:
        """Return (table, first place, place behind the last) of each piece, None where there is no end."""
        starts: list[Boundary | None] = [None, *(b for b, _ in self.boundaries)]
        tables = [self.first, *(t for _, t in self.boundaries)]
        return list(zip(tables, starts, [*starts[1:], None], strict=True))

    def depends(self, table: int, j: int) -> bool:
        """Tell whether `table` asks for multiple number `j`."""
        return _matters(table, j, len(self.multiples))

    def without(self, j: int) -> Pieces:
        """Return the same pieces with multiple number `j` given up; no table may depend on it."""
        kept = [i for i in range(len(self.multiples)) if i != j]
        return Pieces(
            tuple(self.multiples[i] for i in kept),
            _project(self.first, kept),
            tuple((b, _project(t, kept)) for b, t in self.boundaries),
        )

    @property
    def everything(self) -> int:
        """The table of a piece all of whose values belong."""
        return (1 << (1 << len(self.multiples))) - 1


def _place(entry: tuple[Boundary, int]) -> Boundary:
    return entry[0]


def integers_between(step: Fraction, start: Boundary | None, end: Boundary | None) -> tuple[int | None, int | None]:
    """Return the least and the greatest k with k * step from `start` on and before `end` (None: no end)."""
    low = high = None
    if start is not None:
        low = floor(start[0] / step) + 1 if start[1] else ceil(start[0] / step)
    if end is not None:
        high = floor(end[0] / step) if end[1] else ceil(end[0] / step) - 1
    return low, high


@lru_cache(maxsize=65_536)
def pieces(formula: Formula) -> Pieces:
    """Return the pieces of `formula`.

    Raises ValueError for a malformed formula, LimitExceeded for too many different multiples.
    """
    cuts: set[Fraction] = set()
    factors: set[Fraction] = set()
    for atom in _atoms(formula):
        if atom[0] != "mult":
            cuts.add(atom[1])
        elif atom[1] > 0:
            factors.add(atom[1])
        else:
            raise ValueError(f"a multiple of {atom[1]} has no meaning")
    if len(factors) > MAX_MULTIPLES:
        raise LimitExceeded("different multipleOf values that bear on one number", MAX_MULTIPLES)
    multiples, places = tuple(sorted(factors)), sorted(cuts)
    tables = _Tables(multiples, {c: 2 * i + 1 for i, c in enumerate(places)})
    whole = tables.of(formula)
    answers = whole if isinstance(whole, list) else [whole] * (2 * len(places) + 1)
    closed = [_closed(row, multiples) for row in range(1 << len(multiples))]
    if any(row != full for row, full in enumerate(closed)):
        possible = {t: sum((t >> full & 1) << row for row, full in enumerate(closed)) for t in set(answers)}
        answers = [possible[t] for t in answers]
    return _tidy(multiples, places, answers)


def _closed(row: int, multiples: tuple[Fraction, ...]) -> int:
    """Add to `row` what follows: a multiple of 7 is an integer, so no value is divided by 7 and not by 1."""
    for i, m in enumerate(multiples):
        if row >> i & 1:
            row |= sum(1 << j for j, n in enumerate(multiples) if (m / n).denominator == 1)
    return row


def _atoms(formula: Formula) -> Iterator[Formula]:
    pending = [formula]
    while pending:
        part = pending.pop()
        if part[0] in {"not", "and", "or"}:
            pending.extend(part[1:])
        elif part[0] in {"ge", "gt", "eq", "mult"}:
            yield part
        elif part[0] not in {"true", "false"}:
            raise ValueError(f"unknown numeric atom {part[0]!r}")


class _Tables:
    """Evaluates a formula everywhere at once.

    Region 2i + 1 is the i-th cut itself, region 2i what lies between it and the one before. A value is one table that
    holds everywhere, or a list of one table for each region.
    """

    def __init__(self, multiples: tuple[Fraction, ...], region: dict[Fraction, int]) -> None:
        self.regions = 2 * len(region) + 1
        self.region = region
        self.everything = (1 << (1 << len(multiples))) - 1
        self.divides = {
            m: sum(1 << row for row in range(1 << len(multiples)) if row >> i & 1) for i, m in enumerate(multiples)
        }

    def of(self, formula: Formula) -> int | list[int]:
        kind, everything = formula[0], self.everything
        if kind == "true":
            return everything
        if kind == "false":
            return 0
        if kind == "mult":
            return self.divides[formula[1]]
        if kind == "not":
            inner = self.of(formula[1])
            return [everything ^ t for t in inner] if isinstance(inner, list) else everything ^ inner
        if kind in {"and", "or"}:
            return self.combine(formula[1:], conjunction=kind == "and")
        at = self.region[formula[1]]
        start, end = {"ge": (at, self.regions), "gt": (at + 1, self.regions), "eq": (at, at + 1)}[kind]
        return [0] * start + [everything] * (end - start) + [0] * (self.regions - end)

    def combine(self, parts: tuple[Formula, ...], *, conjunction: bool) -> int | list[int]:
        everywhere = self.everything if conjunction else 0
        local: list[int] | None = None
        for part in parts:
            single = self.listed(part, conjunction=conjunction)
            if single is not None:  # one cut only: touch one region, so that a long enum stays linear
                local = [everywhere] * self.regions if local is None else local
                local[single] = 0 if conjunction else self.everything
                continue
            value = self.of(part)
            if isinstance(value, list):
                if local is None:
                    local = value
                elif conjunction:
                    local = [a & b for a, b in zip(local, value, strict=True)]
                else:
                    local = [a | b for a, b in zip(local, value, strict=True)]
            else:
                everywhere = everywhere & value if conjunction else everywhere | value
                if local is not None:
                    local = [t & everywhere if conjunction else t | everywhere for t in local]
        if local is None:
            return everywhere
        return [t & everywhere if conjunction else t | everywhere for t in local]

    def listed(self, part: Formula, *, conjunction: bool) -> int | None:
        if conjunction:
            if part[0] != "not":
                return None
            part = part[1]
        return self.region[part[1]] if part[0] == "eq" else None


def _tidy(multiples: tuple[Fraction, ...], places: list[Fraction], answers: list[int]) -> Pieces:
    """Drop the cuts at which nothing changes and the multiples that matter nowhere."""
    full = (1 << (1 << len(multiples))) - 1
    boundaries: list[tuple[Boundary, int]] = []
    current = answers[0]
    for i, c in enumerate(places):
        divided = sum(1 << j for j, m in enumerate(multiples) if (c / m).denominator == 1)
        at, above = answers[2 * i + 1] >> divided & 1, answers[2 * i + 2]
        if at != current >> divided & 1:
            current = above if above >> divided & 1 == at else full * at
            boundaries.append(((c, False), current))
        if above != current:
            current = above
            boundaries.append(((c, True), current))
    tables = {answers[0], *(table for _, table in boundaries)}
    kept = [j for j in range(len(multiples)) if any(_matters(t, j, len(multiples)) for t in tables)]
    if len(kept) < len(multiples):
        narrow = {t: _project(t, kept) for t in tables}
        return Pieces(
            tuple(multiples[j] for j in kept), narrow[answers[0]], tuple((b, narrow[t]) for b, t in boundaries)
        )
    return Pieces(multiples, answers[0], tuple(boundaries))


def _matters(table: int, j: int, count: int) -> bool:
    return any((table >> row ^ table >> (row | 1 << j)) & 1 for row in range(1 << count) if not row >> j & 1)


def _project(table: int, kept: list[int]) -> int:
    out = 0
    for row in range(1 << len(kept)):
        wide = sum(1 << j for i, j in enumerate(kept) if row >> i & 1)
        out |= (table >> wide & 1) << row
    return out
