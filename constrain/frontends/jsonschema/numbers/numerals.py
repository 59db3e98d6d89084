"""The numerals whose value satisfies a formula: their universe, and the table that fits every formula.

Worked example: "an integer of at least 5" reads b"5", b"12", b"12.00", b"7e0" and b"1.5e3"; not b"05", b"1.5" or b"1e0".

Universe. Every decision is exact on U, and nothing outside U is ever let through:

- if the formula is satisfied by every number, U is the whole JSON grammar of numbers (RFC 8259);
- else U holds all plain decimals (any length, trailing zeros, -0), all numerals with mantissa zero, and exponent forms
  with one nonzero digit before the point: 1e-07, 1.5E+300, 2.50e003. Forms such as 12e3 and 0.5e3 are left out, because
  to compare a mantissa of any length with an exponent is beyond a finite automaton;
- if moreover a `mult` bears on the answer, the mantissa of an exponent form has at most `mantissa_places` fraction
  digits (16, enough for every float that json.dumps writes; fewer for large divisors) and does not end in zero, unless
  all its fraction digits are zero: 1.5e3 and 1.000e3, not 1.50e3.

Most formulas are a few intervals and single numbers; `intervals` composes them of small terms, several times faster
and state for state the same language. What it leaves goes the general way:

Construction. A state names the part of the numeral that is being read and what is left to decide: the range among the
constants of its side of zero (`magnitudes`), the remainders (`multiples`), and, while the form may still turn out to
have an exponent, the digits for that (`exponents`). As soon as the range is decided, only the truth table of its piece
remains, and only the remainders on which that table depends.

Source: digit-wise comparison as in Leroux, "Structural Presburger digit vector automata" (2008), here most significant
digit first. Rejected: alternations of digit ranges (large for two bounds, hopeless with remainders); And and Not of
one automaton an atom (a product that the byte machine would have to search).
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from constrain.frontends.jsonschema.numbers.exponents import expand_exponent, exponent_state, make_set
from constrain.frontends.jsonschema.numbers.finite import MANY, single_points, spelled
from constrain.frontends.jsonschema.numbers.intervals import by_intervals
from constrain.frontends.jsonschema.numbers.magnitudes import Magnitudes
from constrain.frontends.jsonschema.numbers.multiples import mantissa_places, multiple
from constrain.frontends.jsonschema.numbers.table import DOT, EXPONENT, MINUS, PLUS, SYMBOLS, explore
from constrain.frontends.jsonschema.numbers.witness import witness_in
from constrain.regular.term import NOTHING, alt, both, negate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constrain.frontends.jsonschema.numbers.formula import Pieces
    from constrain.frontends.jsonschema.numbers.multiples import Multiple
    from constrain.regular.term import Term

__all__ = ["MAX_STATES", "any_numeral", "numerals", "tabulated"]

MAX_STATES = 20_000
"""States of one construction, a fraction of a second; large remainders end here."""

State = tuple[Any, ...]
Row = tuple[bool, list[State | None]]
DECIDED = -1
"""In place of a remainder on which nothing depends any more."""


@lru_cache(maxsize=1)
def any_numeral() -> Term:
    """Return the JSON grammar of numbers."""
    return explore("start", _expand_any, MAX_STATES)


_ANY: dict[str, tuple[bool, str | None, str | None, dict[int, str]]] = {
    "start": (False, "zero", "integer", {MINUS: "minus"}),
    "minus": (False, "zero", "integer", {}),
    "zero": (True, None, None, {DOT: "point", EXPONENT: "exponent"}),
    "integer": (True, "integer", "integer", {DOT: "point", EXPONENT: "exponent"}),
    "point": (False, "fraction", "fraction", {}),
    "fraction": (True, "fraction", "fraction", {EXPONENT: "exponent"}),
    "exponent": (False, "power", "power", {MINUS: "sign", PLUS: "sign"}),
    "sign": (False, "power", "power", {}),
    "power": (True, "power", "power", {}),
}


def _expand_any(state: str) -> tuple[bool, list[str | None]]:
    accepts, zero, digit, others = _ANY[state]
    return accepts, [zero, *[digit] * 9, *(others.get(symbol) for symbol in range(10, SYMBOLS))]


@lru_cache(maxsize=16_384)
def numerals(where: Pieces, limit: int) -> Term:
    """Return the numerals of U whose value lies in `where`.

    Raises LimitExceeded if that takes more than `limit` states.
    """
    if not where.boundaries and where.first == where.everything:
        return any_numeral()
    if len(where.boundaries) > 2 * MANY:
        rest, added, removed = single_points(where)
        if len(added) + len(removed) > MANY:
            # Not `numerals(rest)`: what is removed is spelled in U, so no wider set may stand for "every number".
            term = _built(rest, limit)
            if removed:
                term = both(term, negate(spelled(removed))) if witness_in(where) is not None else NOTHING
            return alt(term, spelled(added))
    return _built(where, limit)


@lru_cache(maxsize=16_384)
def _built(where: Pieces, limit: int) -> Term:
    composed = by_intervals(where, limit)
    return tabulated(where, limit) if composed is None else composed


def tabulated(where: Pieces, limit: int) -> Term:
    """Return the numerals of U whose value lies in `where`, as one table whatever the formula. Raises LimitExceeded."""
    return explore(("start",), _Numerals(where).expand, limit)


class _Side:
    """One side of zero: the constants there, and the table of each region among them."""

    __slots__ = ("compare", "constants", "tables")

    def __init__(self, where: Pieces, sign: int) -> None:
        constants = sorted({sign * c for (c, _), _ in where.boundaries if sign * c > 0})
        self.constants = constants
        self.compare = Magnitudes(constants)
        self.tables: list[int] = []
        before = Fraction(0)
        for c in constants:
            self.tables.append(where.table((sign * (before + c) / 2, False)))
            self.tables.append(where.everything if where.holds(sign * c) else 0)
            before = c
        self.tables.append(where.table((sign * (before + 1), False)))


class _Numerals:
    """The transition function of the automaton; see the module about its states."""

    def __init__(self, where: Pieces) -> None:
        self.zero = where.holds(Fraction(0))
        self.sides = {sign: _Side(where, sign) for sign in (1, -1)}
        self.mirrored = (
            self.sides[1].tables == self.sides[-1].tables and self.sides[1].constants == self.sides[-1].constants
        )
        self.multiples: tuple[Multiple, ...] = tuple(multiple(m) for m in where.multiples)
        self.places = mantissa_places(where.multiples)
        # Of a power of ten, the multiples do not depend on what the nonzero digits are.
        self.uniform = all(m.period == 1 for m in self.multiples)
        count = len(self.multiples)
        self.without = [sum(1 << row for row in range(1 << count) if not row >> j & 1) for j in range(count)]

    def expand(self, state: State) -> tuple[bool, Sequence[State | None]]:
        """Return whether `state` accepts and its 14 successors."""
        own = getattr(self, "_" + state[0], None)
        if own is None:
            return expand_exponent(state)
        row: Row = own(*state[1:])
        return row

    # --- before and behind the first digit

    def _start(self) -> Row:
        _, out = self._sign(1)
        out[MINUS] = ("sign", 1 if self.mirrored else -1)
        return False, out

    def _sign(self, sign: int) -> Row:
        out: list[State | None] = [None] * SYMBOLS
        out[0] = ("zero", sign)
        if not any(self.sides[sign].tables):
            return False, out
        compare = self.sides[sign].compare
        ranges = compare.step(compare.start)
        for digit in range(1, 10):
            out[digit] = ("first", sign, ranges[digit], digit)
        return False, out

    def _zero(self, sign: int) -> Row:
        out: list[State | None] = [None] * SYMBOLS
        out[DOT] = ("point", ("leading", sign, 0, tuple([m.point(0) for m in self.multiples])))
        out[EXPONENT] = exponent_state((self.zero, ()))
        return self.zero, out

    def _point(self, inner: State) -> Row:
        """The point has been read; a digit must follow, then all is as in `inner`."""
        _, out = self.expand(inner)
        return False, [*out[:10], None, None, None, None]

    def _first(self, sign: int, found: tuple[int, int, int], digit: int) -> Row:
        """One nonzero digit: an integer may go on, or a mantissa."""
        remainders = tuple([m.step(0, digit) for m in self.multiples])
        accepts, out = self._integer(sign, 1, found, remainders)
        fractions = tuple([m.point(r) for m, r in zip(self.multiples, remainders, strict=True)])
        if not self.multiples:
            mantissa = None
        elif self.places:
            mantissa = (0, "zeros", tuple([digit % m.period for m in self.multiples]))
        else:
            out[EXPONENT] = self.exponent(sign, found, 0, [m.zeros(digit) for m in self.multiples])
            return accepts, out
        inner = ("mantissa", sign, found, fractions, mantissa)
        out[DOT] = ("point", inner)
        out[EXPONENT] = self.expand(inner)[1][EXPONENT]
        return accepts, out

    # --- plain decimals

    def _integer(self, sign: int, length: int, found: tuple[int, int, int], remainders: tuple[int, ...]) -> Row:
        side = self.sides[sign]
        exponent = length - 1
        accepts = self.answer(side.tables[side.compare.region(found, exponent)], self.integer_truth(remainders))
        out: list[State | None] = [None] * SYMBOLS
        decided = exponent + 1 > side.compare.greatest
        for digit, after in enumerate(side.compare.step(found)):
            steps = tuple([m.step(r, digit) for m, r in zip(self.multiples, remainders, strict=True)])
            if decided:
                out[digit] = self.free("whole", side.tables[-1], steps)
            else:
                out[digit] = ("integer", sign, length + 1, after, steps)
        fractions = tuple([m.point(r) for m, r in zip(self.multiples, remainders, strict=True)])
        inner = self.fraction(sign, exponent, found, fractions)
        out[DOT] = inner and ("point", inner)
        return accepts, out

    def _leading(self, sign: int, zeros: int, fractions: tuple[Any, ...]) -> Row:
        """The numeral reads 0.000 so far."""
        side = self.sides[sign]
        out: list[State | None] = [None] * SYMBOLS
        out[EXPONENT] = exponent_state((self.zero, ()))
        after = self.fraction_steps(fractions, 0)
        deepest = max(-side.compare.least, *(m.places for m in self.multiples), 0)
        out[0] = ("leading", sign, min(zeros + 1, deepest), after)
        exponent = -(zeros + 1)
        ranges = side.compare.step(side.compare.start)
        for digit in range(1, 10):
            after = self.fraction_steps(fractions, digit)
            out[digit] = self.fraction(sign, exponent, ranges[digit], after)
        return self.zero, out

    def fraction(
        self, sign: int, exponent: int, found: tuple[int, int, int], fractions: tuple[Any, ...]
    ) -> State | None:
        """Return the state of a plain decimal behind its point, its first digit having this exponent."""
        side = self.sides[sign]
        found = side.compare.narrow(found, exponent)
        if found[1] == found[2]:
            return self.free("behind", side.tables[side.compare.region(found, exponent)], fractions)
        return ("fraction", sign, exponent, found, fractions)

    def _fraction(self, sign: int, exponent: int, found: tuple[int, int, int], fractions: tuple[Any, ...]) -> Row:
        side = self.sides[sign]
        accepts = self.answer(side.tables[side.compare.region(found, exponent)], self.fraction_truth(fractions))
        out: list[State | None] = [None] * SYMBOLS
        for digit, after in enumerate(side.compare.step(found)):
            out[digit] = self.fraction(sign, exponent, after, self.fraction_steps(fractions, digit))
        return accepts, out

    # --- plain decimals whose piece is decided: only the table and its remainders are left

    def free(self, kind: str, table: int, states: tuple[Any, ...]) -> State | None:
        """Return the state "whole" or "behind" (the point), None if no numeral can satisfy `table`."""
        kept = list(states)
        for j, low in enumerate(self.without):
            false = table & low
            false |= false << (1 << j)
            if kept[j] is None or kept[j] == DECIDED:
                table, kept[j] = false, DECIDED
            elif false == table:
                kept[j] = DECIDED
        return (kind, table, tuple(kept)) if table else None

    def _whole(self, table: int, remainders: tuple[int, ...]) -> Row:
        out: list[State | None] = [None] * SYMBOLS
        pairs = list(zip(self.multiples, remainders, strict=True))
        for digit in range(10):
            out[digit] = self.free("whole", table, tuple([m.step(r, digit) if r != DECIDED else r for m, r in pairs]))
        inner = self.free("behind", table, tuple([m.point(r) if r != DECIDED else r for m, r in pairs]))
        out[DOT] = inner and ("point", inner)
        return self.answer(table, self.integer_truth(remainders)), out

    def _behind(self, table: int, fractions: tuple[Any, ...]) -> Row:
        out: list[State | None] = [None] * SYMBOLS
        for digit in range(10):
            out[digit] = self.free("behind", table, self.fraction_steps(fractions, digit))
        return self.answer(table, self.fraction_truth(fractions)), out

    # --- one digit, the point, digits: an exponent may follow

    def _mantissa(
        self, sign: int, found: tuple[int, int, int], fractions: tuple[Any, ...], mantissa: tuple[Any, ...] | None
    ) -> Row:
        side = self.sides[sign]
        accepts = self.answer(side.tables[side.compare.region(found, 0)], self.fraction_truth(fractions))
        out: list[State | None] = [None] * SYMBOLS
        for digit, after in enumerate(side.compare.step(found)):
            if digit > 1 and self.uniform and found[1] == found[2]:
                out[2:10] = [out[1]] * 8
                break
            plain = self.fraction_steps(fractions, digit)
            if mantissa is not None and mantissa[0] == self.places:
                out[digit] = self.fraction(sign, 0, after, plain)
            else:
                out[digit] = ("mantissa", sign, after, plain, mantissa and self.longer(mantissa, digit))
        if mantissa is None:
            out[EXPONENT] = self.exponent(sign, found, 0, [])
        elif mantissa[1] != "zero last":
            places = mantissa[0] if mantissa[1] == "digit last" else 0
            needed = [m.zeros(r) for m, r in zip(self.multiples, mantissa[2], strict=True)]
            out[EXPONENT] = self.exponent(sign, found, places, needed)
        return accepts, out

    def longer(self, mantissa: tuple[Any, ...], digit: int) -> tuple[Any, ...]:
        """Return (fraction digits, how they end, remainders of the mantissa) after one more digit.

        While all of them are zero the remainders are those of the digit before the point.
        """
        places, end, remainders = mantissa
        if end == "zeros" and digit == 0:
            return (places + 1, end, remainders)
        shift = 10 ** (places + 1) if end == "zeros" else 10
        moved = [(r * shift + digit) % m.period for r, m in zip(remainders, self.multiples, strict=True)]
        return (places + 1, "digit last" if digit else "zero last", tuple(moved))

    def exponent(self, sign: int, found: tuple[int, int, int], places: int, needed: list[int | None]) -> State | None:
        """Return the state behind `e`: all exponents for which the value satisfies the formula.

        places: fraction digits of the mantissa up to its last nonzero one; needed: zeros wanted behind its digits.
        """
        side = self.sides[sign]
        starts = [None if n is None else places - m.places + n for m, n in zip(self.multiples, needed, strict=True)]
        changes = {e + more for e in side.compare.exponents for more in (0, 1)} | {s for s in starts if s is not None}
        ordered = sorted(changes)

        def at(exponent: int) -> bool:
            truth = sum(1 << j for j, s in enumerate(starts) if s is not None and exponent >= s)
            return bool(side.tables[side.compare.region(found, exponent)] >> truth & 1)

        first = at(ordered[0] - 1) if ordered else at(0)
        return exponent_state(make_set(first, [(e, at(e)) for e in ordered]))

    # --- truth tables

    def answer(self, table: int, truth: int) -> bool:
        return bool(table >> truth & 1)

    def integer_truth(self, remainders: tuple[int, ...]) -> int:
        return sum(
            1 << j
            for j, (m, r) in enumerate(zip(self.multiples, remainders, strict=True))
            if r >= 0 and m.integer_holds(r)
        )

    def fraction_truth(self, fractions: tuple[Any, ...]) -> int:
        """Return which multiples hold if only zeros follow; what is DECIDED matters nowhere and counts as false."""
        return sum(1 << j for j, state in enumerate(fractions) if state not in {None, DECIDED} and state[1] == 0)

    def fraction_steps(self, fractions: tuple[Any, ...], digit: int) -> tuple[Any, ...]:
        return tuple(
            [s if s == DECIDED else m.fraction(s, digit) for m, s in zip(self.multiples, fractions, strict=True)]
        )
