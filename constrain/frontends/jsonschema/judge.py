"""Does a parsed value satisfy a predicate? The algebra as a validator.

Problem: the grammar is right if the residuals, the split and the emptiness test are. This is the same algebra without
the last two: members and items are taken in one by one, each `Val` atom is decided by asking the member's value, and
the formula that is left is evaluated at the end. It is what the algebra is tested with against other validators, and
it judges listed values.

Worked example: for `{"required": ["a"], "properties": {"a": {"type": "null"}}}` and {"a": 1} the residual after the
member is Val(null) and Members, where Val(null) is false of 1.

Invariant: the order of members does not matter. Numbers are int, float, Decimal or Fraction; only an int counts as a
numeral without fraction and exponent.
"""

from __future__ import annotations

from typing import Any

from constrain.frontends.jsonschema.emptiness import Emptiness
from constrain.frontends.jsonschema.formula import FALSE, TRUE, Formula
from constrain.frontends.jsonschema.predicate import NO, NULL, YES, Predicate, Val
from constrain.frontends.jsonschema.reader import exact

__all__ = ["Judge"]


class Judge:
    """Judges parsed values, for one schema."""

    def __init__(self, emptiness: Emptiness) -> None:
        self._emptiness = emptiness
        self._build = emptiness.build

    def holds(self, p: Predicate, value: Any) -> bool:
        """Tell whether `value` (as `json.loads` returns it) satisfies `p`."""
        emptiness = self._emptiness
        if value is None:
            return bool(p.simple & NULL)
        if isinstance(value, bool):
            return bool(p.simple & (YES if value else NO))
        if isinstance(value, str):
            return emptiness.strings.holds(p.string, value)
        if isinstance(value, list):
            f = p.array
            for item in value:
                f = self._decide(emptiness.arrays.step(f), item)
            return emptiness.arrays.ends(f)
        if isinstance(value, dict):
            shape = emptiness.objects.shape(p.object)
            f = shape.start
            for name, item in value.items():
                label = shape.label(name)
                if label is None:
                    return False
                f = self._decide(emptiness.objects.step(shape, f, label), item)
            return emptiness.objects.ends(f)
        return emptiness.numeric.holds(p.number, exact(value), plain=isinstance(value, int))

    def _decide(self, f: Formula, value: Any) -> Formula:
        memo: dict[Predicate, Formula] = {}

        def change(atom: Any) -> Formula:
            if atom.__class__ is not Val:
                return self._build.algebra.atom(atom)
            found = memo.get(atom.predicate)
            if found is None:
                found = memo[atom.predicate] = TRUE if self.holds(atom.predicate, value) else FALSE
            return found

        return self._build.algebra.map(f, change)
