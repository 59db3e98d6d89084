"""Hash-consed Boolean formulas: true, false, not, and, or, exactly-one over atoms.

Problem: keywords combine predicates in every way (`allOf`, `oneOf`, `not`, `if`), and what is left of a schema after
each member or item must be recognised as the same thing when it comes again. One formula per meaning we can see
cheaply: conjunctions are flat sets, complements cancel, absorption and unit resolution are applied on construction.

Worked example: `conj(a, disj(neg(a), b))` is `conj(a, b)`: the unit a makes the first option of the disjunction false.
`one(true, f, g)` is `conj(neg(f), neg(g))`; exactly-one stays n-ary, because its expansion has 2^n terms.

Invariants: formulas of one `Algebra` are equal iff they are the same object; NOT stands over atoms and exactly-one
only; conjunctions and disjunctions are flat, without duplicates, constants or complementary pairs; argument order is
the order of first construction, so names come out in schema order. An atom is any hashable value; the algebra does
not look inside, except that two atoms of one class with a method `conjoin` or `disjoin` may merge in a conjunction.

Source: hash-consing after Filliâtre and Conchon, "Type-safe modular hash-consing" (2006). Rejected: disjunctive
normal form by type (exceeds 20,000 disjuncts on real schemas) and BDDs (variable order is fixed before the atoms are
known).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import Any

__all__ = ["FALSE", "TRUE", "Algebra", "Formula", "Op"]


class Op(IntEnum):
    """What a formula is."""

    FALSE = 0
    TRUE = 1
    ATOM = 2  # args: (atom,)
    NOT = 3  # args: (formula,) of kind ATOM or ONE
    AND = 4  # args: formulas
    OR = 5  # args: formulas
    ONE = 6  # args: formulas, exactly one of which holds


class Formula:
    """One Boolean formula; built by an `Algebra`, never directly. `negation` is set once it was asked for."""

    __slots__ = ("args", "negation", "op")

    def __init__(self, op: Op, args: tuple[Any, ...]) -> None:
        self.op = op
        self.args = args
        self.negation: Formula | None = None

    @property
    def atom(self) -> Any:
        """The atom of a formula of kind ATOM."""
        return self.args[0]

    def __repr__(self) -> str:
        if self.op is Op.ATOM:
            return repr(self.args[0])
        return f"{self.op.name}({', '.join(map(repr, self.args))})" if self.args else self.op.name


FALSE = Formula(Op.FALSE, ())
TRUE = Formula(Op.TRUE, ())
FALSE.negation, TRUE.negation = TRUE, FALSE

_AND, _OR, _ONE, _NOT, _ATOM = Op.AND, Op.OR, Op.ONE, Op.NOT, Op.ATOM


class Algebra:
    """Builds formulas and interns them, for one schema."""

    def __init__(self) -> None:
        self._atoms: dict[Any, Formula] = {}
        self._nodes: dict[tuple[Op, frozenset[Formula]], Formula] = {}

    def atom(self, atom: Any) -> Formula:
        """Return the formula that is this atom."""
        found = self._atoms.get(atom)
        if found is None:
            found = self._atoms[atom] = Formula(_ATOM, (atom,))
        return found

    def neg(self, f: Formula) -> Formula:
        """Return the negation."""
        if f.negation is not None:
            return f.negation
        if f.op is _AND:
            made = self.disj([self.neg(a) for a in f.args])
        elif f.op is _OR:
            made = self.conj([self.neg(a) for a in f.args])
        else:
            made = Formula(_NOT, (f,))
        f.negation = made
        if made.negation is None:
            made.negation = f
        return made

    def conj(self, formulas: Iterable[Formula]) -> Formula:
        """Return the conjunction."""
        return self._join(formulas, _AND, TRUE, FALSE)

    def disj(self, formulas: Iterable[Formula]) -> Formula:
        """Return the disjunction."""
        return self._join(formulas, _OR, FALSE, TRUE)

    def implies(self, f: Formula, g: Formula) -> Formula:
        """Return `not f or g`."""
        return self.disj((self.neg(f), g))

    def one(self, formulas: Iterable[Formula]) -> Formula:
        """Return the formula that holds iff exactly one of `formulas` does."""
        seen: dict[Formula, None] = {}
        false: list[Formula] = []  # what must not hold
        true = 0
        for f in formulas:
            if f is TRUE:
                true += 1
            elif f is FALSE:
                continue
            elif f in seen:
                false.append(f)
            else:
                seen[f] = None
        for f in list(seen):
            if f.negation is not None and f.negation in seen and f in seen:
                del seen[f], seen[f.negation]  # one of the two holds, whatever happens
                true += 1
        if true > 1:
            return FALSE
        twice = dict.fromkeys(false)
        rest = [f for f in seen if f not in twice]
        out = [self.neg(f) for f in twice]
        if true:
            return self.conj(out + [self.neg(f) for f in rest])
        if not rest:
            return FALSE
        out.append(rest[0] if len(rest) == 1 else self._node(_ONE, tuple(rest)))
        return self.conj(out)

    def map(self, f: Formula, change: Callable[[Any], Formula], memo: dict[Formula, Formula] | None = None) -> Formula:
        """Return the formula with each atom replaced by `change(atom)`."""
        if f.op is _ATOM:
            return change(f.args[0])
        if f is TRUE or f is FALSE:
            return f
        if memo is None:
            memo = {}
        done = memo.get(f)
        if done is not None:
            return done
        if f.op is _NOT:
            return self.neg(self.map(f.args[0], change, memo))
        parts = [self.map(a, change, memo) for a in f.args]
        if all(new is old for new, old in zip(parts, f.args, strict=True)):
            made = f
        elif f.op is _AND:
            made = self.conj(parts)
        elif f.op is _OR:
            made = self.disj(parts)
        else:
            made = self.one(parts)
        memo[f] = made
        return made

    def evaluate(self, f: Formula, holds: Callable[[Any], bool]) -> bool:
        """Tell whether the formula holds, given which atoms do."""
        op = f.op
        if op is _ATOM:
            return holds(f.args[0])
        if op is _AND:
            return all(self.evaluate(a, holds) for a in f.args)
        if op is _OR:
            return any(self.evaluate(a, holds) for a in f.args)
        if op is _NOT:
            return not self.evaluate(f.args[0], holds)
        if op is _ONE:
            return sum(self.evaluate(a, holds) for a in f.args) == 1
        return f is TRUE

    def _join(self, formulas: Iterable[Formula], op: Op, unit: Formula, zero: Formula) -> Formula:
        """Return the conjunction (or, with the roles swapped, the disjunction) in normal form."""
        dual = _OR if op is _AND else _AND
        out: dict[Formula, None] = {}
        compound = mergeable = False
        for f in formulas:
            if f is unit:
                continue
            if f is zero:
                return zero
            if f.op is op:
                out.update(dict.fromkeys(f.args))
                compound = compound or any(a.op is dual or a.op is _ONE for a in f.args)
                mergeable = True
            else:
                out[f] = None
                if f.op is dual or f.op is _ONE:
                    compound = True
                elif f.op is _ATOM:
                    mergeable = mergeable or len(out) > 1
        if len(out) > 1 and mergeable:
            merged = self._merge(out, op)
            if merged is not None:
                return self._join(merged, op, unit, zero)
        for f in out:
            if f.negation is not None and f.negation in out:
                return zero
        if compound and len(out) > 1:
            changed = self._resolve(out, op, dual)
            if changed is not None:
                return self._join(changed, op, unit, zero)
        if not out:
            return unit
        if len(out) == 1:
            return next(iter(out))
        return self._node(op, tuple(out))

    def _resolve(self, out: dict[Formula, None], op: Op, dual: Op) -> list[Formula] | None:
        """Use the units of a conjunction inside its disjunctions (or the reverse); None if nothing changes."""
        changed = False
        result: list[Formula] = []
        for f in out:
            if f.op is dual:
                if any(a in out for a in f.args):  # absorption
                    changed = True
                    continue
                kept = [a for a in f.args if a.negation is None or a.negation not in out]
                if len(kept) < len(f.args):
                    changed = True
                    f = self.disj(kept) if op is _AND else self.conj(kept)
            elif f.op is _ONE and any(a in out or (a.negation is not None and a.negation in out) for a in f.args):
                changed = True
                f = self.one([self._known(a, out, op) for a in f.args])
            result.append(f)
        return result if changed else None

    @staticmethod
    def _known(f: Formula, out: dict[Formula, None], op: Op) -> Formula:
        """In a conjunction its members hold; in a disjunction the other members matter only where they do not."""
        if f in out:
            return TRUE if op is _AND else FALSE
        if f.negation is not None and f.negation in out:
            return FALSE if op is _AND else TRUE
        return f

    def _merge(self, out: dict[Formula, None], op: Op) -> list[Formula] | None:
        """Merge atoms that know how (`conjoin` in a conjunction, `disjoin` in a disjunction); None if there are none."""
        groups: dict[type, list[Formula]] = {}
        for f in out:
            if f.op is _ATOM and hasattr(f.args[0], "conjoin" if op is _AND else "disjoin"):
                groups.setdefault(type(f.args[0]), []).append(f)
        if all(len(group) < 2 for group in groups.values()):
            return None
        replaced: dict[Formula, Formula | None] = {}
        changed = False
        for group in groups.values():
            first = group[0]
            atom = first.args[0]
            for other in group[1:]:
                joined = atom.conjoin(other.args[0]) if op is _AND else atom.disjoin(other.args[0])
                if joined is FALSE or joined is TRUE:
                    return [joined]
                if joined is not None:
                    atom = joined
                    replaced[other] = None
                    changed = True
            replaced[first] = self.atom(atom)
        if not changed:
            return None
        merged = [replaced.get(f, f) for f in out]
        return [f for f in merged if f is not None]

    def _node(self, op: Op, args: tuple[Formula, ...]) -> Formula:
        key = (op, frozenset(args))
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = Formula(op, args)
        return found
