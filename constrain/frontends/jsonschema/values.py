r"""From a predicate to rules: the grammar of one JSON value, produced where a text reaches it.

    VALUE(p)       -> scalar | ws "{" OBJECT(f, all, first) | ws "[" ARRAY(g, first)
    OBJECT(f, a)   -> ws "}"  (if f may end)  |  ws "," ws '"' Keys(names that may come)
    after a name   -> VALUE(target) OBJECT(residual, remaining)     one alternative per leaf of the split
    ARRAY(g)       -> ws "]"  (if g may end)  |  ws "," VALUE(target) ARRAY(residual)

Worked example: `{"type": "array", "items": {"type": "null"}}` has VALUE -> ws "[" ARRAY0, ARRAY0 -> ws "]" | ws
"null" ARRAY1, ARRAY1 -> ws "]" | ws "," ws "null" ARRAY1: the residual of a list is itself, so ARRAY1 is one
nonterminal.

Invariants: equal (residual, names left) are the same nonterminal, at each depth if the layout is nested; every
alternative can be completed; a predicate that allows only scalars is written in place as one terminal. Objects always
get a nonterminal of their own for their value, because the names used in the object around them must not travel into
them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from constrain.errors import LimitExceeded
from constrain.frontends.jsonschema.budget import deeply
from constrain.frontends.jsonschema.conjunction import bits
from constrain.frontends.jsonschema.emptiness import Emptiness
from constrain.frontends.jsonschema.formula import FALSE, Formula
from constrain.frontends.jsonschema.layout import Layout
from constrain.frontends.jsonschema.predicate import NO, NULL, YES, Predicate
from constrain.frontends.jsonschema.shape import Shape
from constrain.frontends.jsonschema.split import Leaf
from constrain.grammar.symbols import Grammar, Keys, Nonterminal, Rule
from constrain.regular.term import EPSILON, NOTHING, Term, alt, literal

__all__ = ["Values"]

Made = TypeVar("Made")

_SIMPLE = ((NULL, literal(b"null")), (NO, literal(b"false")), (YES, literal(b"true")))


class Values:
    """Produces the rules of one schema."""

    def __init__(self, emptiness: Emptiness, layout: Layout) -> None:
        self._emptiness = emptiness
        self._layout = layout
        self._values: dict[tuple[Predicate, int], Rule] = {}
        self._scalars: dict[Predicate, Term] = {}
        self._arrays: dict[tuple[Formula, int], Nonterminal] = {}
        self._objects: dict[tuple[Shape, Formula, int, int], Nonterminal] = {}

    def grammar(self, root: Predicate) -> Grammar:
        """Return the grammar of one value and the whitespace after it. `root` must be inhabited."""
        rule = self.value(root, 0)
        return Grammar(rule if self._layout.space is EPSILON else (*rule, self._layout.space), guarded=True)

    def value(self, p: Predicate, depth: int) -> Rule:
        """Return the symbols of a value that satisfies `p`."""
        if not self._layout.nested:
            depth = 0
        key = (p, depth)
        found = self._values.get(key)
        if found is None:
            if p.object is FALSE and p.array is FALSE:
                found = (self._scalar(p),)
            else:
                f = p.array if p.object is FALSE else p.object
                found = (Nonterminal("value", self._guarded(f, partial(self._alternatives, p, depth))),)
            self._values[key] = found
        return found

    # ---- one value

    def _alternatives(self, p: Predicate, depth: int) -> list[Rule]:
        emptiness, layout = self._emptiness, self._layout
        rules: list[Rule] = []
        scalar = self._scalar(p)
        if scalar is not NOTHING:
            rules.append((scalar,))
        if p.object is not FALSE and emptiness.objects.opens(p.object):
            shape = emptiness.objects.shape(p.object)
            rules.append((layout.object_open, self._object_first(shape, depth)))
        if p.array is not FALSE and emptiness.arrays.live(p.array):
            rules.append((layout.array_open, self._array_first(p.array, depth)))
        return rules

    def _scalar(self, p: Predicate) -> Term:
        found = self._scalars.get(p)
        if found is None:
            emptiness = self._emptiness
            options = [term for bit, term in _SIMPLE if p.simple & bit]
            if p.string is not FALSE and emptiness.strings.inhabited(p.string):
                options.append(emptiness.strings.json(p.string))
            if p.number is not FALSE and emptiness.numeric.inhabited(p.number):
                options.append(emptiness.numeric.term(p.number))
            term = alt(*options)
            found = self._scalars[p] = NOTHING if term is NOTHING else self._layout.value(term)
        return found

    # ---- objects

    def _object_first(self, shape: Shape, depth: int) -> Nonterminal:
        return Nonterminal(
            "object",
            self._guarded(shape.start, partial(self._object, shape, shape.start, shape.full, depth, first=True)),
            collects=True,
        )

    def _object_rest(self, shape: Shape, f: Formula, alive: int, depth: int) -> Nonterminal:
        key = (shape, f, alive, depth)
        found = self._objects.get(key)
        if found is None:
            found = self._objects[key] = Nonterminal(
                "members", self._guarded(f, partial(self._object, shape, f, alive, depth, first=False)), collects=True
            )
        return found

    def _object(self, shape: Shape, f: Formula, alive: int, depth: int, *, first: bool) -> list[Rule]:
        objects, layout = self._emptiness.objects, self._layout
        rules: list[Rule] = []
        if objects.ends(f):
            rules.append((layout.object_empty(depth) if first else layout.object_close(depth),))
        names = objects.names(shape, f, alive)
        if names:
            keys = self._keys(shape, f, alive, depth, names)
            rules.append((layout.name_first(depth) if first else layout.name_next(depth), keys))
        return rules

    def _keys(self, shape: Shape, f: Formula, alive: int, depth: int, names: int) -> Keys:
        size = shape.size
        free = list(bits(names >> size))  # the classes offered; `Keys` numbers them from 0

        def after(label: int) -> Rule:
            own = label if label < size else size + free[label - size]
            return self._member(shape, f, alive, depth, own)

        return Keys(
            shape.table,
            names & shape.full,
            [shape.classes[c] for c in free],
            self._layout.colon,
            self._guarded(f, after),
        )

    def _member(self, shape: Shape, f: Formula, alive: int, depth: int, label: int) -> Rule:
        """Return what follows the colon after a name: its value and the rest of the object."""
        objects = self._emptiness.objects
        after = objects.remaining(shape, alive, label)

        def rule(leaf: Leaf) -> Rule:
            target, residual = leaf
            return (*self.value(target, depth + 1), self._object_rest(shape, residual, after, depth))

        return _choice([rule(leaf) for leaf in objects.members(shape, f, alive, label)])

    # ---- arrays

    def _array_first(self, f: Formula, depth: int) -> Nonterminal:
        return Nonterminal("array", self._guarded(f, partial(self._array, f, depth, first=True)))

    def _array_rest(self, f: Formula, depth: int) -> Nonterminal:
        key = (f, depth)
        found = self._arrays.get(key)
        if found is None:
            found = self._arrays[key] = Nonterminal(
                "items", self._guarded(f, partial(self._array, f, depth, first=False))
            )
        return found

    def _array(self, f: Formula, depth: int, *, first: bool) -> list[Rule]:
        arrays, layout = self._emptiness.arrays, self._layout
        rules: list[Rule] = []
        if arrays.ends(f):
            rules.append((layout.array_empty(depth) if first else layout.array_close(depth),))
        lead = layout.item_first(depth) if first else layout.item_next(depth)
        for target, residual in arrays.items(f):
            item = (*self.value(target, depth + 1), self._array_rest(residual, depth))
            rules.append(item if lead is EPSILON else (lead, *item))
        return rules

    # ---- budgets

    def _guarded(self, f: Formula, produce: Callable[..., Made]) -> Callable[..., Made]:
        """Give each production a search budget of its own, and an error the place `f` comes from."""

        def guarded(*args: object) -> Made:
            self._emptiness.budget.restart()
            try:
                return deeply(lambda: produce(*args), self._emptiness.limits)
            except LimitExceeded as error:
                raise self._emptiness.build.placed(error, f) from error

        return guarded


def _choice(rules: Sequence[Rule]) -> Rule:
    """Return one rule that stands for the alternatives."""
    if len(rules) == 1:
        return rules[0]
    return (Nonterminal("member", lambda: rules, collects=True),)
