"""Which values may come next: the split of a formula into disjoint (target of the value, what is left) leaves.

After a member or item is derived, a formula mixes `Val` atoms about its value with residual atoms about the rest. The
split lists disjoint leaves (target, residual): values in `target` leave exactly `residual`, and each target is
inhabited.

Worked example: `(Val(string) and F) or (Val(integer) and G)` has the leaves (string, F) and (integer, G): that a
value is both is found to be impossible, and for neither the formula is false.

Order of work: (1) Val literals of a conjunction are units and cost nothing; (2) with three or more predicates that
list their values (const, enum), one case per listed value, values with equal residuals joined, and then "none of
them"; (3) one predicate at a time, pruned where the target becomes empty. Sources: Shannon expansion; unit
propagation as in DPLL. Rejected: all combinations of predicates (33 occurred in one real schema), and a case per
const in turn (quadratic).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from fractions import Fraction
from typing import Any

from constrain.frontends.jsonschema.atoms import NumberSet, Words
from constrain.frontends.jsonschema.builder import Builder
from constrain.frontends.jsonschema.formula import FALSE, TRUE, Formula, Op
from constrain.frontends.jsonschema.predicate import Predicate, Val

__all__ = ["Leaf", "assign", "listed", "predicates_in", "split"]

Leaf = tuple[Predicate, Formula]

_SIMPLE = (1, 2, 4)


def split(
    f: Formula, build: Builder, inhabited: Callable[[Predicate], bool], charge: Callable[[], None]
) -> Iterator[Leaf]:
    """Yield the leaves of `f`; `inhabited` decides emptiness, `charge` is called once per case."""
    predicates = build.predicates
    stack: list[Leaf] = [(predicates.any, f)]
    while stack:
        charge()
        target, g = stack.pop()
        target, g, more = _units(target, g, build)
        if g is FALSE or not inhabited(target):
            continue
        if more:
            stack.append((target, g))
            continue
        found = predicates_in(g)
        if not found:
            yield target, g
            continue
        few = {p: values for p in found if (values := listed(p)) is not None}
        if len(few) >= 3:
            stack += _cases(target, g, few, build)
            continue
        p = found[0]
        negative = predicates.neg(p)
        stack.append((predicates.conj([target, negative]), assign(g, {p: FALSE}, build)))
        stack.append((predicates.conj([target, p]), assign(g, {p: TRUE}, build)))


def assign(f: Formula, values: dict[Predicate, Formula], build: Builder) -> Formula:
    """Return `f` with the given predicates on the value decided."""

    def change(atom: Any) -> Formula:
        if atom.__class__ is Val:
            known = values.get(atom.predicate)
            if known is not None:
                return known
        return build.algebra.atom(atom)

    return build.algebra.map(f, change)


def _units(target: Predicate, f: Formula, build: Builder) -> tuple[Predicate, Formula, bool]:
    """Move Val literals of a conjunction into the target; also tell whether the rest changed by that."""
    predicates = build.predicates
    parts = f.args if f.op is Op.AND else (f,)
    units: list[Predicate] = [target]
    decided: dict[Predicate, Formula] = {}
    rest: list[Formula] = []
    for part in parts:
        if part.op is Op.ATOM and part.args[0].__class__ is Val:
            units.append(part.args[0].predicate)
            decided[part.args[0].predicate] = TRUE
        elif part.op is Op.NOT and part.args[0].op is Op.ATOM and part.args[0].args[0].__class__ is Val:
            predicate = part.args[0].args[0].predicate
            units.append(predicates.neg(predicate))
            decided[predicate] = FALSE
        else:
            rest.append(part)
    if len(units) == 1:
        return target, f, False
    residual = build.algebra.conj(rest)
    after = assign(residual, decided, build)
    return predicates.conj(units), after, after is not residual


def predicates_in(f: Formula) -> list[Predicate]:
    """Return the predicates on the value that occur in `f`, in order."""
    found: dict[Predicate, None] = {}
    seen: set[Formula] = set()
    stack = [f]
    while stack:
        g = stack.pop()
        if g.op is Op.ATOM:
            if g.args[0].__class__ is Val:
                found[g.args[0].predicate] = None
        elif g not in seen:
            seen.add(g)
            stack += reversed(g.args)
    return list(found)


def listed(p: Predicate) -> frozenset[Any] | None:
    """Return the scalars of a predicate that plainly lists them; simple values as bits, strings and fractions as such."""
    if p.array is not FALSE or p.object is not FALSE:
        return None
    values: set[Any] = {bit for bit in _SIMPLE if p.simple & bit}
    for part in (p.string, p.number):
        atom = part.atom if part.op is Op.ATOM else None
        if isinstance(atom, Words):
            values |= atom.words
        elif isinstance(atom, NumberSet):
            values |= atom.numbers
        elif part is not FALSE:
            return None
    return frozenset(values)


def _cases(target: Predicate, f: Formula, few: dict[Predicate, frozenset[Any]], build: Builder) -> list[Leaf]:
    """Return one case per group of listed values with the same residual, and the case of no listed value."""
    signatures: dict[Any, list[Predicate]] = {}
    for p, values in few.items():
        for value in values:
            # An int is a simple bit, never a number: numbers are fractions, and the pair keeps 1 apart from Fraction(1).
            signatures.setdefault((value.__class__, value), []).append(p)
    by_signature: dict[tuple[Predicate, ...], list[Any]] = {}
    for (_, value), satisfied in signatures.items():
        by_signature.setdefault(tuple(satisfied), []).append(value)
    by_residual: dict[Formula, list[Any]] = {}
    decide = _Decide(few, build)
    for chosen, group in by_signature.items():
        by_residual.setdefault(decide(f, chosen), []).extend(group)
    predicates = build.predicates
    every = _enumeration([value for _, value in signatures], build)
    cases = [(predicates.conj([target, predicates.neg(every)]), decide(f, ()))]
    for residual, group in by_residual.items():
        cases.append((predicates.conj([target, _enumeration(group, build)]), residual))
    return cases


class _Decide:
    """Formulas in which a few of many predicates are true of the value and all others false.

    A thousand options with a listed value each make a thousand cases, and deciding a case touches the options that
    list its value; what becomes of all others is known once.
    """

    def __init__(self, few: Collection[Predicate], build: Builder) -> None:
        self._listed = few
        self._algebra = build.algebra
        self._places: dict[Formula, dict[Predicate, list[int]]] = {}  # predicate -> operands it occurs in
        self._false: dict[Formula, Formula] = {}
        self._kept: dict[Formula, dict[int, Formula]] = {}  # operands that count where all predicates are false

    def __call__(self, f: Formula, chosen: Iterable[Predicate]) -> Formula:
        """Return `f` with the predicates `chosen` true and the other listed ones false."""
        places = self._occurrences(f)
        touched = {at for p in chosen for at in places.get(p, ())}
        if not touched:
            return self._all_false(f)
        if f.op is Op.ATOM:
            return TRUE
        if f.op is Op.NOT:
            return self._algebra.neg(self(f.args[0], chosen))
        parts = {**self._kept_parts(f), **{at: self(f.args[at], chosen) for at in touched}}
        ordered = [parts[at] for at in sorted(parts)]
        if f.op is Op.AND:
            return self._algebra.conj(ordered)
        return self._algebra.disj(ordered) if f.op is Op.OR else self._algebra.one(ordered)

    def _occurrences(self, f: Formula) -> dict[Predicate, list[int]]:
        found = self._places.get(f)
        if found is None:
            found = self._places[f] = {}
            if f.op is Op.ATOM:
                if f.atom.__class__ is Val and f.atom.predicate in self._listed:
                    found[f.atom.predicate] = [0]
            else:
                for at, part in enumerate(f.args):
                    for p in self._occurrences(part):
                        found.setdefault(p, []).append(at)
        return found

    def _all_false(self, f: Formula) -> Formula:
        def change(atom: Any) -> Formula:
            return FALSE if atom.__class__ is Val and atom.predicate in self._listed else self._algebra.atom(atom)

        return self._algebra.map(f, change, self._false)

    def _kept_parts(self, f: Formula) -> dict[int, Formula]:
        found = self._kept.get(f)
        if found is None:
            neutral = TRUE if f.op is Op.AND else FALSE
            parts = ((at, self._all_false(part)) for at, part in enumerate(f.args))
            found = self._kept[f] = {at: part for at, part in parts if part is not neutral}
        return found


def _enumeration(values: list[Any], build: Builder) -> Predicate:
    simple = 0
    for value in values:
        if value.__class__ is int:
            simple |= value
    numbers = frozenset(value for value in values if isinstance(value, Fraction))
    words = frozenset(value for value in values if isinstance(value, str))
    atom = build.algebra.atom
    return build.predicates.make(
        simple, atom(NumberSet(numbers)) if numbers else FALSE, atom(Words(words)) if words else FALSE, FALSE, FALSE
    )
