"""Tables of numeral symbols built from the end: every row is live and equal rows are one state.

A builder adds the rows of the successors before the row that leads to them, so a row without acceptance and without
successors is dead when it is added, and a row that was added before is the same state. Nothing is left to trim or to
minimise afterwards.

Worked example: `add(True, [SELF] * 10)` is the state that reads any more digits; `add(False, [that] * 10)` reads at least one.

Invariants: a row has one entry for each digit, or for each of the 14 symbols of `table`; an entry is a state, -1 (dead) or
SELF. No loop but of a state on itself, which is all that numerals need beside remainders. Source: Daciuk et al.,
"Incremental construction of minimal acyclic finite-state automata" (2000).
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from constrain.errors import LimitExceeded
from constrain.frontends.jsonschema.numbers.table import DOT, EXPONENT, MINUS, PLUS, SYMBOLS
from constrain.regular.term import NOTHING, Dfa, Term, dfa

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DEAD_DIGITS", "SELF", "Rows"]

SELF = -2
DEAD_DIGITS = (-1,) * 10
OTHERS = (-1,) * (SYMBOLS - 10)
SPELLED = {b"-": MINUS, b"+": PLUS, b".": DOT, b"eE": EXPONENT, **{bytes([48 + d]): d for d in range(10)}}
CLASSES = bytes(
    next((symbol for spelled, symbol in SPELLED.items() if byte in spelled), SYMBOLS) for byte in range(256)
)


class Rows:
    """A table under construction, of at most `limit` states; complete with the first `term`."""

    __slots__ = ("_accepting", "_any", "_end", "_limit", "_numbers", "_rows", "_some", "_table")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._rows: list[tuple[int, ...]] = []
        self._accepting = bytearray()
        self._numbers: dict[tuple[bool, tuple[int, ...]], int] = {}
        self._any = self._end = self._some = -1
        self._table: Dfa | None = None

    def add(
        self,
        accepts: bool,
        digits: Sequence[int],
        *,
        minus: int = -1,
        plus: int = -1,
        dot: int = -1,
        exponent: int = -1,
    ) -> int:
        """Return the state with these successors, -1 if it is dead. Raises LimitExceeded."""
        row = (*digits, minus, plus, dot, exponent)
        if not accepts and max(row) < 0:
            return -1
        key = (accepts, row)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._rows)
            if number >= self._limit:
                raise LimitExceeded(
                    "states of the automaton of a number", self._limit, "use fewer or smaller bounds and multipleOf"
                )
            if SELF in row:
                row = tuple([number if target == SELF else target for target in row])
            self._rows.append((*row, -1))  # the last class: bytes that no numeral has
            self._accepting.append(accepts)
        return number

    def end(self) -> int:
        """Return the state at which nothing may follow."""
        if self._end < 0:
            self._end = self.add(True, DEAD_DIGITS)
        return self._end

    def any(self) -> int:
        """Return the state of any further digits."""
        if self._any < 0:
            self._any = self.add(True, [SELF] * 10)
        return self._any

    def some(self) -> int:
        """Return the state of at least one further digit."""
        if self._some < 0:
            self._some = self.add(False, [self.any()] * 10)
        return self._some

    def digits(self, state: int) -> tuple[int, ...]:
        """Return the successors of `state` by the ten digits."""
        return self._rows[state][:10] if state >= 0 else DEAD_DIGITS

    def term(self, start: int) -> Term:
        """Return what the table accepts from `start` on."""
        if start < 0:
            return NOTHING
        if self._table is None:
            targets = tuple(chain.from_iterable(self._rows))
            self._table = Dfa.of(CLASSES, targets, bytes(self._accepting), live=True)
        return dfa(self._table, start)
