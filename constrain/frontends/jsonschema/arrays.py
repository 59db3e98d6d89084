"""Arrays: what may come after some items.

A residual is a formula over `Items` and `ItemCount`. Most are a plain conjunction, for which one item has one target
and one residual; all others are derived and split.

Worked example: `{"prefixItems": [A], "items": B, "minItems": 2}` is Items(0) and ItemCount(2); after one item
Items(1) and ItemCount(1), with target A; after two Items(1), with target B; from there on the residual is itself, so
a long list uses one state.

Invariant: `items` lists only leaves whose target is inhabited and whose residual can still end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from constrain.frontends.jsonschema.atoms import ItemCount, Items
from constrain.frontends.jsonschema.formula import FALSE, TRUE, Formula, Op

if TYPE_CHECKING:
    from constrain.frontends.jsonschema.emptiness import Emptiness
    from constrain.frontends.jsonschema.split import Leaf

__all__ = ["Arrays"]


class _Plain(NamedTuple):
    """A conjunction: item specifications, least and most items still to come."""

    items: tuple[Items, ...]
    least: int
    most: int | None


class Arrays:
    """Residuals of array formulas, for one schema."""

    def __init__(self, emptiness: Emptiness) -> None:
        self._emptiness = emptiness
        self._build = emptiness.build
        self._plain: dict[Formula, _Plain | None] = {}
        self._ends: dict[Formula, bool] = {TRUE: True, FALSE: False}
        self._live: dict[Formula, bool] = {TRUE: True, FALSE: False}
        self._leaves: dict[Formula, list[Leaf]] = {}

    def ends(self, f: Formula) -> bool:
        """Tell whether the array may end here."""
        found = self._ends.get(f)
        if found is None:
            found = self._ends[f] = self._build.algebra.evaluate(f, _at_end)
        return found

    def items(self, f: Formula) -> list[Leaf]:
        """Return the disjoint (target of the next item, residual) that can still end."""
        return [leaf for leaf in self._next(f) if self.live(leaf[1])]

    def live(self, f: Formula) -> bool:
        """Tell whether some items complete the array."""
        known = self._live.get(f)
        if known is not None:
            return known
        found, keep = self._emptiness.untainted(lambda: self._search(f))
        if found or keep:
            self._live[f] = found
        return found

    def step(self, f: Formula) -> Formula:
        """Return what is left of `f` after one item, with `Val` atoms about the item."""
        return self._build.algebra.map(f, self._derive)

    # ---- one step

    def _derive(self, atom: Any) -> Formula:
        algebra, build = self._build.algebra, self._build
        if isinstance(atom, ItemCount):
            return TRUE if atom.least <= 1 else algebra.atom(ItemCount(atom.least - 1))
        assert isinstance(atom, Items)
        entry = atom.entry
        after = self._after(atom)
        if entry is None:
            return after
        return algebra.conj((build.predicates.val(build.predicate(entry)), after))

    def _after(self, atom: Items) -> Formula:
        length = len(atom.spec.prefix)
        if atom.position >= length:
            return self._build.algebra.atom(atom)
        if atom.position + 1 == length and atom.spec.rest is None:
            return TRUE
        return self._build.algebra.atom(Items(atom.spec, atom.position + 1))

    def _next(self, f: Formula) -> list[Leaf]:
        known = self._leaves.get(f)
        if known is not None:
            return known
        found, keep = self._emptiness.untainted(lambda: self._split(f))
        if keep:
            self._leaves[f] = found
        return found

    def _split(self, f: Formula) -> list[Leaf]:
        plain = self._as_plain(f)
        if plain is None:
            return self._emptiness.split(self.step(f))
        if plain.most == 0:
            return []
        build, algebra = self._build, self._build.algebra
        entries = [entry for items in plain.items if (entry := items.entry) is not None]
        target = (
            build.predicates.conj([build.predicate(entry) for entry in entries]) if entries else build.predicates.any
        )
        if not self._emptiness.inhabited(target):
            return []
        parts = [self._after(items) for items in plain.items]
        if plain.least > 1:
            parts.append(algebra.atom(ItemCount(plain.least - 1)))
        if plain.most is not None:
            parts.append(algebra.neg(algebra.atom(ItemCount(plain.most))))
        return [(target, algebra.conj(parts))]

    # ---- liveness

    def _as_plain(self, f: Formula) -> _Plain | None:
        if f in self._plain:
            return self._plain[f]
        items: list[Items] = []
        least, most = 0, None
        found: _Plain | None = None
        for part in f.args if f.op is Op.AND else (f,):
            negative = part.op is Op.NOT
            core = part.args[0] if negative else part
            if part is TRUE:
                continue
            if core.op is not Op.ATOM:
                break
            if isinstance(core.atom, ItemCount):
                if negative:
                    most = core.atom.least - 1 if most is None else min(most, core.atom.least - 1)
                else:
                    least = max(least, core.atom.least)
            elif negative:
                break
            else:
                items.append(core.atom)
        else:
            found = _Plain(tuple(items), least, most)
        self._plain[f] = found
        return found

    def _search(self, f: Formula) -> bool:
        plain = self._as_plain(f)
        if plain is not None:
            return self._plain_live(plain)
        emptiness = self._emptiness
        visited = {f}
        stack = [f]
        while stack:
            emptiness.budget.charge()
            g = stack.pop()
            if self.ends(g) or self._live.get(g):
                return True
            for _, residual in self._next(g):
                if residual not in visited and self._live.get(residual) is not False:
                    visited.add(residual)
                    stack.append(residual)
        return False

    def _plain_live(self, plain: _Plain) -> bool:
        if plain.most is not None and plain.least > plain.most:
            return False
        build, emptiness = self._build, self._emptiness
        positions = [items.position for items in plain.items]
        lengths = [len(items.spec.prefix) for items in plain.items]
        for step in range(plain.least):
            entries = [
                entry
                for items, position in zip(plain.items, positions, strict=True)
                if (entry := Items(items.spec, position + step).entry) is not None
            ]
            if entries and not emptiness.inhabited(build.predicates.conj([build.predicate(e) for e in entries])):
                return False
            if all(position + step >= length for position, length in zip(positions, lengths, strict=True)):
                return True
        return True


def _at_end(atom: Any) -> bool:
    return not isinstance(atom, ItemCount)
