"""Does any value satisfy a predicate? A least fixpoint over predicates, values and containers.

Problem: nothing may be offered that cannot be completed, so each name, item and alternative asks whether its value is
inhabited. Containers ask about their members and items, and schemas are recursive: the answer is the *least* fixpoint
(a list that needs itself as its own item has no finite value).

Worked example: `T = {"type": "object", "required": ["t"], "properties": {"t": T}}` is not inhabited: while T is
pending it counts as empty, so no member t exists, and no assumption outside T was used, so "empty" is final. With
`"t": {"anyOf": [T, null]}` it is.

Invariants: "inhabited" is kept always (containers ask only for more values, never for fewer); "empty" is kept only if
it used no pending assumption from outside. `low` is the outermost pending predicate used since it was last reset.

Source: Attouche et al., "Witness Generation for JSON Schema" (VLDB 2022); tabling with tainted answers as in SLG
resolution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from constrain.frontends.jsonschema.arrays import Arrays
from constrain.frontends.jsonschema.budget import Budget
from constrain.frontends.jsonschema.builder import Builder
from constrain.frontends.jsonschema.formula import FALSE, TRUE, Formula
from constrain.frontends.jsonschema.numeric import Numeric
from constrain.frontends.jsonschema.objects import Objects
from constrain.frontends.jsonschema.predicate import Predicate
from constrain.frontends.jsonschema.split import Leaf, split
from constrain.frontends.jsonschema.strings import Strings
from constrain.limits import Limits

__all__ = ["Emptiness"]

_NONE = 1 << 60
Answer = TypeVar("Answer")


class Emptiness:
    """Decides what is inhabited, for one schema; owns the arrays, objects, strings and numbers it asks."""

    def __init__(self, build: Builder, limits: Limits, *, any_order: bool) -> None:
        self.build = build
        self.limits = limits
        self.budget: Budget = build.budget
        self.strings = Strings(build, limits)
        self.numeric = Numeric(build)
        self.arrays = Arrays(self)
        self.objects = Objects(self, any_order=any_order)
        self.low = _NONE
        self._depth = 0
        self._splits: dict[Formula, list[Leaf]] = {}

    def inhabited(self, p: Predicate) -> bool:
        """Tell whether some value satisfies `p`."""
        known = p.inhabited
        if known is not None:
            return known
        if (
            p.simple
            or p.string is TRUE
            or p.number is TRUE
            or (p.array is not FALSE and self.arrays.ends(p.array))
            or (p.object is not FALSE and self.objects.ends(p.object))
            or (p.string is not FALSE and self.strings.inhabited(p.string))
            or (p.number is not FALSE and self.numeric.inhabited(p.number))
        ):
            p.inhabited = True
            return True
        if p.array is FALSE and p.object is FALSE:
            p.inhabited = False
            return False
        if p.pending >= 0:
            self.low = min(self.low, p.pending)
            return False
        p.pending = depth = self._depth
        self._depth += 1
        outer, self.low = self.low, _NONE
        try:
            found = (p.array is not FALSE and self.arrays.live(p.array)) or (
                p.object is not FALSE and self.objects.opens(p.object)
            )
        finally:
            p.pending = -1
            self._depth -= 1
            used, self.low = self.low, outer
        if found:
            p.inhabited = True
        elif used >= depth:
            p.inhabited = False
        else:
            self.low = min(outer, used)
        return found

    def untainted(self, compute: Callable[[], Answer]) -> tuple[Answer, bool]:
        """Return what `compute` returns, and whether it used no pending assumption (so that it may be kept)."""
        outer, self.low = self.low, _NONE
        answer = compute()
        used = self.low
        self.low = min(outer, used)
        return answer, used == _NONE

    def split(self, f: Formula) -> list[Leaf]:
        """Return the disjoint (target, residual) leaves of a formula with value predicates; every target is inhabited."""
        known = self._splits.get(f)
        if known is not None:
            return known
        found, keep = self.untainted(lambda: list(split(f, self.build, self.inhabited, self.budget.charge)))
        if keep:
            self._splits[f] = found
        return found

    def leaves(self, f: Formula) -> Iterable[Leaf]:
        """Return the same leaves one by one, for a caller that may need the first only."""
        return self._splits.get(f) or split(f, self.build, self.inhabited, self.budget.charge)
