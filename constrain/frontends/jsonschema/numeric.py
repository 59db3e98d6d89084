"""The number part of a predicate: a formula over bounds, multiples and finite sets becomes one term of numerals.

The arithmetic lives in `numbers`, which takes formulas as nested tuples; this module translates. The one atom that is
about spelling, draft 4's integer ("a numeral without fraction and exponent"), is resolved by cases here: among plain
numerals it is "a multiple of 1", among all others it is false.

Worked example: draft 4's `{"type": "integer", "minimum": 3}` is (plain numerals) & (numerals of integers from 3 on);
`not` of it allows `2`, `3.0` and `3.5`, but not `3`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

from constrain.errors import LimitExceeded
from constrain.frontends.jsonschema.atoms import Bound, Multiple, NumberSet, WrittenInteger
from constrain.frontends.jsonschema.formula import FALSE, TRUE, Formula, Op
from constrain.frontends.jsonschema.numbers import number_holds, number_term, number_witness
from constrain.frontends.jsonschema.numbers.finite import MANY, spelled
from constrain.regular.term import NOTHING, Term, alt, both, byteset, concat, literal, negate, repeat, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from constrain.frontends.jsonschema.builder import Builder

__all__ = ["Numeric"]

Answer = TypeVar("Answer")

Nested = tuple[Any, ...]

_DIGITS = byteset(sum(1 << b for b in b"0123456789"))
_NONZERO = byteset(sum(1 << b for b in b"123456789"))
_PLAIN = concat(alt(literal(b"-"), literal(b"")), alt(literal(b"0"), concat(_NONZERO, repeat(_DIGITS))))
_MOST_LISTED = 20_000
"""Numbers of one list at which the number line is cut; a list that is not negated or combined needs no cuts."""
_WRITTEN = WrittenInteger()


class Numeric:
    """Answers about number formulas of one algebra, each computed once."""

    def __init__(self, build: Builder) -> None:
        self._build = build
        self._nested: dict[tuple[Formula, bool], Nested] = {}
        self._terms: dict[Formula, Term] = {FALSE: NOTHING}
        self._inhabited: dict[Formula, bool] = {TRUE: True, FALSE: False}
        self._written: dict[Formula, bool] = {}

    def term(self, f: Formula) -> Term:
        """Return the byte term of all numerals of numbers that satisfy `f`."""
        found = self._terms.get(f)
        if found is None:
            found = self._terms[f] = self._blaming(f, self._term)
        return found

    def _term(self, f: Formula) -> Term:
        listed = self._listed(f)
        if listed is not None:
            return _list_term(*listed, self._build.budget.tick)
        if not self._spelled(f):
            return number_term(self.nested(f, plain=False))
        plain = self.nested(f, plain=True)
        inside = _PLAIN if plain == ("mult", 1) else both(_PLAIN, number_term(plain))
        outside = number_term(self.nested(f, plain=False))
        return alt(inside, both(outside, negate(_PLAIN)) if outside is not NOTHING else NOTHING)

    def inhabited(self, f: Formula) -> bool:
        """Tell whether some number satisfies `f`."""
        found = self._inhabited.get(f)
        if found is None:
            found = self._inhabited[f] = self._blaming(f, self._is_inhabited)
        return found

    def _is_inhabited(self, f: Formula) -> bool:
        listed = self._listed(f)
        if listed is not None:
            return any(listed)
        if number_witness(self.nested(f, plain=False)) is not None:
            return True
        if not self._spelled(f):
            return False
        return number_witness(("and", self.nested(f, plain=True), ("mult", Fraction(1)))) is not None

    def _blaming(self, f: Formula, compute: Callable[[Formula], Answer]) -> Answer:
        try:
            return compute(f)
        except LimitExceeded as error:
            raise self._build.placed(error, _culprit(f)) from error

    def holds(self, f: Formula, number: Fraction, *, plain: bool) -> bool:
        """Tell whether the number, written as a plain integer numeral or not, satisfies `f`."""
        return number_holds(self.nested(f, plain=plain), number)

    def finite(self, f: Formula) -> frozenset[Fraction] | None:
        """Return the numbers that satisfy `f` where that is plainly a finite set, else None."""
        split = _number_set(f)
        if split is None:
            return frozenset() if f is FALSE else None
        return self._those(*split, plain=True)

    def _those(self, numbers: frozenset[Fraction], others: list[Formula], *, plain: bool) -> frozenset[Fraction]:
        """Return the numbers that satisfy all the formulas."""
        for other in others:
            nested = self.nested(other, plain=plain)
            numbers = frozenset(n for n in _ticking(numbers, self._build.budget.tick) if number_holds(nested, n))
        return numbers

    def _listed(self, f: Formula) -> tuple[frozenset[Fraction] | None, frozenset[Fraction]] | None:
        """Return what satisfies `f` where it is a long list: numbers written plainly (None: no difference), all others.

        A long list goes past the number line: cutting it at each number takes minutes for a million of them.
        """
        split = _number_set(f)
        if split is None or len(split[0]) < MANY:
            return None
        outside = self._those(*split, plain=False)
        if not self._spelled(f):
            return None, outside
        return frozenset(n for n in self._those(*split, plain=True) if n.denominator == 1), outside

    def nested(self, f: Formula, *, plain: bool) -> Nested:
        """Return `f` as nested tuples; `plain` says that the numeral has neither fraction nor exponent."""
        key = (f, plain)
        found = self._nested.get(key)
        if found is None:
            found = self._nested[key] = self._translate(f, plain=plain)
        return found

    def _translate(self, f: Formula, *, plain: bool) -> Nested:
        op = f.op
        if op is Op.ATOM:
            return _atom(f.atom, plain=plain)
        if f is TRUE or f is FALSE:
            return ("true",) if f is TRUE else ("false",)
        parts = [self.nested(part, plain=plain) for part in f.args]
        if op is Op.NOT:
            return ("not", parts[0])
        if op is Op.AND:
            return ("and", *parts)
        if op is Op.OR:
            return ("or", *parts)
        once: Nested = ("false",)
        twice: Nested = ("false",)
        for part in parts:
            twice = ("or", twice, ("and", once, part))
            once = ("or", once, part)
        return ("and", once, ("not", twice))

    def _spelled(self, f: Formula) -> bool:
        """Tell whether the spelling of the numeral matters to `f`."""
        found = self._written.get(f)
        if found is None:
            found = self._written[f] = (
                f.atom is _WRITTEN or f.atom == _WRITTEN if f.op is Op.ATOM else any(map(self._spelled, f.args))
            )
        return found


def _list_term(plain: frozenset[Fraction] | None, others: frozenset[Fraction], tick: Callable[[], None]) -> Term:
    """Return the numerals of a long list (see `Numeric._listed`)."""
    if plain is None:
        return spelled(_ticking(others, tick))
    integers = [numeral for n in plain for numeral in (("0", "-0") if n == 0 else (str(n),))]
    return alt(words(integers, "utf8"), both(spelled(_ticking(others, tick)), negate(_PLAIN)) if others else NOTHING)


def _ticking(numbers: Iterable[Fraction], tick: Callable[[], None]) -> Iterator[Fraction]:
    for number in numbers:
        tick()
        yield number


def _culprit(f: Formula) -> Formula:
    """Return the first `multipleOf` in a formula, the usual reason for a large table, else the formula."""
    stack = [f]
    while stack:
        g = stack.pop()
        if g.op is not Op.ATOM:
            stack += reversed(g.args)
        elif isinstance(g.atom, Multiple):
            return g
    return f


def _number_set(f: Formula) -> tuple[frozenset[Fraction], list[Formula]] | None:
    """Return a finite set and the other parts of a conjunction with one, else None."""
    for part in f.args if f.op is Op.AND else (f,):
        if part.op is Op.ATOM and part.atom.__class__ is NumberSet:
            return part.atom.numbers, [other for other in f.args if other is not part] if f.op is Op.AND else []
    return None


def _atom(atom: Any, *, plain: bool) -> Nested:
    if isinstance(atom, Multiple):
        return ("mult", atom.divisor)
    if isinstance(atom, Bound):
        return (atom.relation, atom.number)
    if isinstance(atom, NumberSet):
        if len(atom.numbers) > _MOST_LISTED:
            raise LimitExceeded("numbers listed under a condition", _MOST_LISTED)
        options = [("eq", number) for number in sorted(atom.numbers)]
        return options[0] if len(options) == 1 else ("or", *options)
    assert isinstance(atom, WrittenInteger)
    return ("mult", Fraction(1)) if plain else ("false",)
