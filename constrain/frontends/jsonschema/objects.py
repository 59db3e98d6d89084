"""Objects: which names may come next, and what is left of the object after each.

A state of an object is (residual formula, labels that may still come). In schema order a name takes all earlier
labels away, in any order only its own. An object is a set of members, so a residual can be completed iff some set of
the remaining names with values makes it true: the search decides name by name, in label order.

Most residuals are *plain*: a conjunction of `Members`, `Names`, required and forbidden names, and counts. There all
questions are bit operations on masks of labels. All others are derived by a name, split over the value, and searched.

Worked example: properties a, b, c with a and c required. At the start the labels are 0b111 and required is 0b101, so
in schema order only a may come (c is later, and b would pass over a). After a: b or c. After b: c only.

Invariants: `members` offers a name only if some value and some completion exist; answers that used a pending
assumption of the emptiness test are not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

from constrain.frontends.jsonschema.atoms import MemberCount, Members, Names, Required, RequiredMask
from constrain.frontends.jsonschema.conjunction import Conjunction, bits, conjunction
from constrain.frontends.jsonschema.formula import FALSE, TRUE, Formula, Op
from constrain.frontends.jsonschema.shape import Shape
from constrain.frontends.jsonschema.split import listed, predicates_in

if TYPE_CHECKING:
    from constrain.frontends.jsonschema.emptiness import Emptiness
    from constrain.frontends.jsonschema.predicate import Predicate
    from constrain.frontends.jsonschema.split import Leaf

__all__ = ["Objects"]

_MANY_OPTIONS = 8  # from here on options are kept apart instead of split; up to then a split has few states


class Objects:
    """Residuals of object formulas, for one schema."""

    def __init__(self, emptiness: Emptiness, *, any_order: bool) -> None:
        self._emptiness = emptiness
        self._build = emptiness.build
        self.any_order = any_order
        self._shapes: dict[Formula, Shape] = {}
        self._ends: dict[Formula, bool] = {TRUE: True, FALSE: False}
        self._plain: dict[Formula, Conjunction | None] = {}
        self._live: dict[tuple[Shape, Formula, int], bool] = {}
        self._values: dict[tuple[Shape, tuple[Members, ...], int], Predicate] = {}
        self._leaves: dict[tuple[Shape, Formula, int], list[Leaf]] = {}
        self._apart: dict[tuple[Shape, Formula, Formula, int], bool] = {}
        self._trims: dict[tuple[Shape, Formula, int], Formula] = {}

    # ---- questions

    def shape(self, f: Formula) -> Shape:
        """Return the names of an object formula that no member was taken from yet."""
        found = self._shapes.get(f)
        if found is None:
            found = self._shapes[f] = Shape(f, self._build.algebra, self._emptiness.strings)
        return found

    def ends(self, f: Formula) -> bool:
        """Tell whether the object may end here."""
        found = self._ends.get(f)
        if found is None:
            found = self._ends[f] = self._build.algebra.evaluate(f, _at_end)
        return found

    def opens(self, f: Formula) -> bool:
        """Tell whether some object satisfies the formula."""
        shape = self.shape(f)
        return self.live(shape, shape.start, shape.full)

    def live(self, shape: Shape, f: Formula, alive: int) -> bool:
        """Tell whether some of the names in `alive`, and free names, complete the object."""
        plain = self._as_plain(f)
        if plain is not None:
            return self._plain_live(shape, plain, alive)
        key = (shape, f, alive)
        known = self._live.get(key)
        if known is not None:
            return known
        found, keep = self._emptiness.untainted(lambda: self._search(shape, f, alive))
        if found or keep:
            self._live[key] = found
        return found

    def names(self, shape: Shape, f: Formula, alive: int) -> int:
        """Return the labels of the names that may come next: each has a value and a completion."""
        plain = self._as_plain(f)
        if plain is not None:
            return self._plain_names(shape, plain, alive)
        allowed = 0
        for label in bits(alive | shape.free):
            if not self.any_order and label < shape.size and self.trim(shape, f, alive >> label << label) is FALSE:
                break  # a required name would be passed over
            if any(True for _ in self._completable(shape, f, alive, label)):
                allowed |= 1 << label
        return allowed

    def remaining(self, shape: Shape, alive: int, label: int) -> int:
        """Return the declared labels that may still come after a name with this label."""
        if self.any_order:
            return alive & ~(1 << label)
        return alive >> (label + 1) << (label + 1) if label < shape.size else 0

    def members(self, shape: Shape, f: Formula, alive: int, label: int) -> list[Leaf]:
        """Return the disjoint (target of the value, residual) after a name with this label; each can be completed."""
        plain = self._as_plain(f)
        if plain is not None:
            residual = self._plain_after(shape, f, plain, label)
            target = self._value(shape, plain.members, label)
            return [(target, residual)]
        cover = self._cover(shape, f, alive, label)
        if cover is not None:
            found = [
                leaf
                for g in cover
                if self.names(shape, g, alive) >> label & 1
                for leaf in self.members(shape, g, alive, label)
            ]
            return list(dict.fromkeys(found))
        self.leaves(shape, f, label)  # all will be needed: keep them
        return list(self._completable(shape, f, alive, label))

    def _cover(self, shape: Shape, f: Formula, alive: int, label: int) -> list[Formula] | None:
        """Return formulas whose union is `f`, where its options are many and ask different things of this name's value.

        Dozens of variants of an object, told apart by a name that comes later, would be split into each combination of the
        variants the value fits. As alternatives of their own they stay what they are.
        """
        parts = f.args if f.op is Op.AND else (f,)
        for at, part in enumerate(parts):
            if part.op in (Op.OR, Op.ONE) and len(part.args) >= _MANY_OPTIONS:
                asked = predicates_in(self.step(shape, part, label))
                if sum(1 for p in asked if listed(p) is None) < _MANY_OPTIONS:
                    continue
                conj, others = self._build.algebra.conj, (*parts[:at], *parts[at + 1 :])
                if part.op is Op.ONE and not self._disjoint(shape, part, conj(others), alive):
                    continue
                options = [self.trim(shape, conj((*others, option)), alive) for option in part.args]
                return [g for g in options if g is not FALSE and self.live(shape, g, alive)]
        return None

    def _disjoint(self, shape: Shape, one: Formula, base: Formula, alive: int) -> bool:
        """Tell whether no two options can be completed to the same object, where `base` holds as well."""
        key = (shape, one, base, alive)
        known = self._apart.get(key)
        if known is None:
            conj = self._build.algebra.conj
            known = self._apart[key] = not any(
                self.live(shape, self.trim(shape, conj((base, *pair)), alive), alive)
                for pair in combinations(one.args, 2)
            )
        return known

    def _completable(self, shape: Shape, f: Formula, alive: int, label: int) -> Iterator[Leaf]:
        after = self.remaining(shape, alive, label)
        for target, residual in self._lazy(shape, f, label):
            trimmed = self.trim(shape, residual, after)
            if trimmed is not FALSE and self.live(shape, trimmed, after):
                yield target, trimmed

    # ---- plain conjunctions

    def _as_plain(self, f: Formula) -> Conjunction | None:
        if f in self._plain:
            return self._plain[f]
        found = self._plain[f] = conjunction(f)
        return found

    def _value(self, shape: Shape, members: tuple[Members, ...], label: int) -> Predicate:
        """Return what a plain conjunction demands of the value of a name."""
        key = (shape, members, label)
        found = self._values.get(key)
        if found is None:
            build = self._build
            entries = [entry for m in members for entry in shape.entries(m, label)]
            predicates = [build.predicate(entry) for entry in entries]
            found = build.predicates.conj(predicates) if predicates else build.predicates.any
            self._values[key] = found
        return found

    def _possible(self, shape: Shape, plain: Conjunction, label: int) -> bool:
        """Tell whether a name with this label can have a value."""
        if plain.names and not all(shape.proper(names) >> label & 1 for names in plain.names):
            return False
        return self._emptiness.inhabited(self._value(shape, plain.members, label))

    def _plain_live(self, shape: Shape, plain: Conjunction, alive: int) -> bool:
        required = plain.required
        if required & ~alive or required & plain.forbidden:
            return False
        count = required.bit_count()
        if plain.most is not None and (count > plain.most or plain.least > plain.most):
            return False
        if not all(self._possible(shape, plain, label) for label in bits(required)):
            return False
        if count >= plain.least or any(self._possible(shape, plain, label) for label in bits(shape.free)):
            return True
        for label in bits(alive & ~required & ~plain.forbidden):
            if self._possible(shape, plain, label):
                count += 1
                if count >= plain.least:
                    return True
        return False

    def _plain_names(self, shape: Shape, plain: Conjunction, alive: int) -> int:
        required = plain.required
        if plain.most == 0:
            return 0
        free = shape.free
        candidates = alive & ~plain.forbidden
        if required:
            if not self.any_order:
                first = required & -required
                candidates &= (first << 1) - 1
                free = 0
            if plain.most is not None and required.bit_count() >= plain.most:
                candidates &= required
                free = 0
        possible = self._mask(shape, plain, candidates | free)
        if plain.least <= 1:
            return possible
        # A minimum is still to be met: keep the names after which enough others remain.
        if self._mask(shape, plain, shape.free):
            return possible
        others = self._mask(shape, plain, alive & ~plain.forbidden)
        return sum(
            1 << label
            for label in bits(possible)
            if (self.remaining(shape, alive, label) & others).bit_count() >= plain.least - 1
        )

    def _mask(self, shape: Shape, plain: Conjunction, labels: int) -> int:
        """Return those of `labels` that can have a value."""
        key = ("possible", plain.members, plain.names)
        known = shape.cache.get(key)
        if known is None:
            known = shape.cache[key] = [0, 0]  # labels asked, labels possible
        assert isinstance(known, list)
        missing = labels & ~known[0]
        if missing:
            found, keep = self._emptiness.untainted(
                lambda: sum(1 << label for label in bits(missing) if self._possible(shape, plain, label))
            )
            if not keep:
                return known[1] & labels | found  # type: ignore[no-any-return]
            known[0] |= missing
            known[1] |= found
        return known[1] & labels  # type: ignore[no-any-return]

    def _plain_after(self, shape: Shape, f: Formula, plain: Conjunction, label: int) -> Formula:
        bit = 1 << label
        if not plain.required & bit and plain.least == 0 and plain.most is None:
            return f
        algebra = self._build.algebra
        parts = list(plain.rest)
        required = plain.required & ~bit
        if required:
            parts.append(algebra.atom(RequiredMask(shape, required)))
        parts += [algebra.neg(algebra.atom(RequiredMask(shape, 1 << other))) for other in bits(plain.forbidden)]
        if plain.least > 1:
            parts.append(algebra.atom(MemberCount(plain.least - 1)))
        if plain.most is not None:
            parts.append(algebra.neg(algebra.atom(MemberCount(plain.most))) if plain.most else FALSE)
        return algebra.conj(parts)

    # ---- all others

    def step(self, shape: Shape, f: Formula, label: int) -> Formula:
        """Return what is left of `f` after a name with this label, with `Val` atoms about the value."""
        build, algebra = self._build, self._build.algebra

        def derive(atom: Any) -> Formula:
            if isinstance(atom, Members):
                entries = shape.entries(atom, label)
                if not entries:
                    return algebra.atom(atom)
                values = [build.predicates.val(build.predicate(entry)) for entry in entries]
                return algebra.conj([*values, algebra.atom(atom)])
            if isinstance(atom, RequiredMask):
                left = atom.mask & ~(1 << label)
                if left == atom.mask:
                    return algebra.atom(atom)
                return algebra.atom(RequiredMask(shape, left)) if left else TRUE
            if isinstance(atom, MemberCount):
                return TRUE if atom.least <= 1 else algebra.atom(MemberCount(atom.least - 1))
            assert isinstance(atom, Names)
            return algebra.atom(atom) if shape.proper(atom) >> label & 1 else FALSE

        return algebra.map(f, derive)

    def leaves(self, shape: Shape, f: Formula, label: int) -> list[Leaf]:
        """Return the split of `step`, whether or not the residuals can be completed."""
        key = (shape, f, label)
        known = self._leaves.get(key)
        if known is not None:
            return known
        found, keep = self._emptiness.untainted(lambda: self._emptiness.split(self.step(shape, f, label)))
        if keep:
            self._leaves[key] = found
        return found

    def _lazy(self, shape: Shape, f: Formula, label: int) -> Iterable[Leaf]:
        """Return the same leaves one by one."""
        return self._leaves.get((shape, f, label)) or self._emptiness.leaves(self.step(shape, f, label))

    def trim(self, shape: Shape, f: Formula, alive: int) -> Formula:
        """Decide the atoms that the names still to come cannot change any more."""
        key = (shape, f, alive)
        found = self._trims.get(key)
        if found is not None:
            return found
        algebra = self._build.algebra
        labels = alive | shape.free

        def decide(atom: Any) -> Formula:
            if isinstance(atom, RequiredMask):
                return FALSE if atom.mask & ~alive else algebra.atom(atom)
            if isinstance(atom, Members):
                return algebra.atom(atom) if shape.touched(atom) & labels else TRUE
            if isinstance(atom, Names):
                return algebra.atom(atom) if labels & ~shape.proper(atom) else TRUE
            return algebra.atom(atom)

        found = self._trims[key] = algebra.map(f, decide)
        return found

    def _search(self, shape: Shape, f: Formula, alive: int) -> bool:
        """Search for a completion: decide name by name whether it comes, and with which value."""
        emptiness = self._emptiness
        start = (self.trim(shape, f, alive), alive)
        visited = {start}
        stack = [iter((start,))]
        while stack:
            state = next(stack[-1], None)
            if state is None:
                stack.pop()
                continue
            g, left = state
            if g is FALSE or (state in visited and state is not start):
                continue
            visited.add(state)
            emptiness.budget.charge()
            if self.ends(g):
                return True
            plain = self._as_plain(g)
            if plain is None:
                stack.append(self._following(shape, g, left))
            elif self._plain_live(shape, plain, left):
                return True
        return False

    def _following(self, shape: Shape, f: Formula, alive: int) -> Iterator[tuple[Formula, int]]:
        """Yield the states after deciding about the first name that matters: that it comes, or that it does not."""
        wanted, useful = self._useful(shape, f)
        labels = useful & (alive | shape.free)
        first = labels & -labels
        if first > shape.full:
            for label in bits(labels):
                for _, residual in self._lazy(shape, f, label):
                    yield self.trim(shape, residual, alive), alive
        elif first:
            after = alive & ~first
            if not wanted & first:
                yield self.trim(shape, f, after), after
            for _, residual in self._lazy(shape, f, first.bit_length() - 1):
                yield self.trim(shape, residual, after), after
            if wanted & first:
                yield self.trim(shape, f, after), after

    def _useful(self, shape: Shape, f: Formula) -> tuple[int, int]:
        """Return (labels that are demanded, labels whose presence can make `f` more true)."""
        wanted = useful = 0
        stack = [(f, True, False)]
        while stack:
            g, positive, either = stack.pop()
            if g.op is Op.NOT:
                stack.append((g.args[0], not positive, either))
            elif g.op is not Op.ATOM:
                stack += [(part, positive, either or g.op is Op.ONE) for part in g.args]
            else:
                atom = g.args[0]
                if isinstance(atom, RequiredMask):
                    if positive or either:
                        wanted |= atom.mask
                        useful |= atom.mask
                elif isinstance(atom, MemberCount):
                    if positive or either:
                        useful |= shape.labels
                elif either or not positive:
                    useful |= shape.touched(atom) if isinstance(atom, Members) else shape.labels & ~shape.proper(atom)
        return wanted, useful


def _at_end(atom: Any) -> bool:
    return not isinstance(atom, (Required, RequiredMask, MemberCount))
