"""What may stand at one place of a JSON text: a predicate on one value, held apart by JSON type.

Every keyword speaks of one type and is vacuously true on the others, and Boolean operators commute with looking at
one type only. So a predicate is a tuple of independent parts, and the operators act on each part: what `not:
{maxLength: 3}` allows of objects is `not true`, without any rule about guards.

Worked example: `{"type": ["string", "null"], "minLength": 2}` is simple={null}, number=FALSE, string=(at least 2
characters), array=FALSE, object=FALSE; its negation is simple={false, true}, number=TRUE, string=not(...), array=TRUE,
object=TRUE.

Invariants: predicates of one `Predicates` are equal iff they are the same object. `simple` is a set of bits out of
NULL, NO, YES.

Rejected: one formula over atoms guarded by type (each use then starts by restricting it to a type).
"""

from __future__ import annotations

from collections.abc import Sequence

from constrain.frontends.jsonschema.formula import FALSE, TRUE, Algebra, Formula

__all__ = ["NO", "NULL", "YES", "Predicate", "Predicates", "Val"]

NULL, NO, YES = 1, 2, 4
_ALL = NULL | NO | YES


class Predicate:
    """A predicate on one value. `inhabited` (None: unknown) and `pending` belong to the emptiness test."""

    __slots__ = (
        "array",
        "cache",
        "formula",
        "inhabited",
        "negation",
        "number",
        "object",
        "pending",
        "simple",
        "string",
    )

    def __init__(self, simple: int, number: Formula, string: Formula, array: Formula, object_: Formula) -> None:
        self.simple = simple
        self.number = number
        self.string = string
        self.array = array
        self.object = object_
        self.negation: Predicate | None = None
        self.inhabited: bool | None = None
        self.pending = -1
        self.formula: Formula | None = None

    def __repr__(self) -> str:
        return f"<{self.simple} num={self.number} str={self.string} arr={self.array} obj={self.object}>"


class Val:
    """The atom "the next member's or item's value satisfies `predicate`"."""

    __slots__ = ("predicate",)

    def __init__(self, predicate: Predicate) -> None:
        self.predicate = predicate

    def __repr__(self) -> str:
        return f"VAL{self.predicate!r}"


class Predicates:
    """Builds and interns predicates over one algebra."""

    def __init__(self, algebra: Algebra) -> None:
        self.algebra = algebra
        self._interned: dict[tuple[int, Formula, Formula, Formula, Formula], Predicate] = {}
        self.any = self.make(_ALL, TRUE, TRUE, TRUE, TRUE)
        self.never = self.make(0, FALSE, FALSE, FALSE, FALSE)
        self.any.negation, self.never.negation = self.never, self.any
        self.any.inhabited, self.never.inhabited = True, False
        self.any.formula, self.never.formula = TRUE, FALSE

    def make(self, simple: int, number: Formula, string: Formula, array: Formula, object_: Formula) -> Predicate:
        """Return the predicate with these parts."""
        key = (simple, number, string, array, object_)
        found = self._interned.get(key)
        if found is None:
            found = self._interned[key] = Predicate(simple, number, string, array, object_)
        return found

    def val(self, p: Predicate) -> Formula:
        """Return the formula "the next value satisfies `p`"."""
        if p.formula is None:
            p.formula = self.algebra.atom(Val(p))
        return p.formula

    def neg(self, p: Predicate) -> Predicate:
        """Return the values that do not satisfy `p`."""
        if p.negation is None:
            neg = self.algebra.neg
            p.negation = self.make(_ALL ^ p.simple, neg(p.number), neg(p.string), neg(p.array), neg(p.object))
            p.negation.negation = p
        return p.negation

    def conj(self, predicates: Sequence[Predicate]) -> Predicate:
        """Return the values that satisfy all of them."""
        if len(predicates) == 1:
            return predicates[0]
        simple = _ALL
        for p in predicates:
            simple &= p.simple
        conj = self.algebra.conj
        return self.make(
            simple,
            conj([p.number for p in predicates]),
            conj([p.string for p in predicates]),
            conj([p.array for p in predicates]),
            conj([p.object for p in predicates]),
        )

    def disj(self, predicates: Sequence[Predicate]) -> Predicate:
        """Return the values that satisfy at least one of them."""
        if len(predicates) == 1:
            return predicates[0]
        simple = 0
        for p in predicates:
            simple |= p.simple
        disj = self.algebra.disj
        return self.make(
            simple,
            disj([p.number for p in predicates]),
            disj([p.string for p in predicates]),
            disj([p.array for p in predicates]),
            disj([p.object for p in predicates]),
        )

    def one(self, predicates: Sequence[Predicate]) -> Predicate:
        """Return the values that satisfy exactly one of them."""
        once = twice = 0
        for p in predicates:
            twice |= once & p.simple
            once |= p.simple
        one = self.algebra.one
        return self.make(
            once & ~twice,
            one([p.number for p in predicates]),
            one([p.string for p in predicates]),
            one([p.array for p in predicates]),
            one([p.object for p in predicates]),
        )
