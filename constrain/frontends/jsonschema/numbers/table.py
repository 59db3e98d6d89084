"""From a transition function over numeral symbols to a small table of bytes.

The symbols are the digits 0 to 9 (numbers 0 to 9), then `-`, `+`, `.` and `e` (which `E` is too). A construction names
its states by any hashable value and says, for one state, whether it accepts and where each symbol leads (None: dead).

Worked example: the state "a" with digits leading to itself, accepting, gives one state and two byte classes, the
digits and all other bytes.

Invariants: every state of the table is live and reachable; states that differ in nothing but their name are merged,
exactly for acyclic parts and for states that loop on themselves, which is all there is apart from remainders (and
those arrive canonical, see `multiples`). Rejected: Hopcroft's algorithm, ten times slower here for the same tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from constrain.errors import LimitExceeded
from constrain.regular.term import NOTHING, Dfa, Term, dfa

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

__all__ = ["DOT", "EXPONENT", "MINUS", "PLUS", "SYMBOLS", "explore"]

MINUS, PLUS, DOT, EXPONENT, SYMBOLS = 10, 11, 12, 13, 14
SPELLED = [bytes([48 + d]) for d in range(10)] + [b"-", b"+", b".", b"eE"]

State = TypeVar("State", bound="Hashable")


def explore(start: State, expand: Callable[[State], tuple[bool, Sequence[State | None]]], limit: int) -> Term:
    """Return the language of the automaton that `expand` describes, from `start` on, as a term.

    `expand(state)` returns whether the state accepts and its successors, one for each of the 14 symbols.
    Raises LimitExceeded after `limit` states.
    """
    numbers = {start: 0}
    names = [start]
    rows: list[list[int]] = []
    accepting: list[bool] = []
    for name in names:
        accepts, successors = expand(name)
        accepting.append(accepts)
        row = []
        for successor in successors:
            if successor is None:
                row.append(-1)
                continue
            number = numbers.get(successor)
            if number is None:
                if len(names) >= limit:
                    raise LimitExceeded(
                        "states of the automaton of a number", limit, "use fewer or smaller bounds and multipleOf"
                    )
                number = numbers[successor] = len(names)
                names.append(successor)
            row.append(number)
        rows.append(row)
    _cut_dead(rows, accepting)
    if not accepting[0] and max(rows[0]) < 0:
        return NOTHING
    return _table(*_merge(rows, accepting))


def _cut_dead(rows: list[list[int]], accepting: list[bool]) -> None:
    """Replace every transition into a state that cannot accept any more by -1."""
    before: list[list[int]] = [[] for _ in rows]
    for state, row in enumerate(rows):
        for target in set(row):
            if target >= 0:
                before[target].append(state)
    pending = [state for state, accepts in enumerate(accepting) if accepts]
    live = set(pending)
    while pending:
        for state in before[pending.pop()]:
            if state not in live:
                live.add(state)
                pending.append(state)
    if len(live) < len(rows):
        for row in rows:
            row[:] = [t if t in live else -1 for t in row]


def _merge(rows: list[list[int]], accepting: list[bool]) -> tuple[list[tuple[int, ...]], list[bool]]:
    """Return the rows reachable from state 0 with equal states merged; the start is state 0 again."""
    merged: dict[tuple[bool, tuple[int, ...]], int] = {}
    final: dict[int, int] = {-1: -1}
    out: list[tuple[int, ...]] = []
    accepts: list[bool] = []
    for component in _components(rows):
        if len(component) == 1:
            state = component[0]
            loop = state in rows[state]
            # A self-loop is spelled -2 until the state has a number, then by that number.
            key = (accepting[state], tuple([-2 if t == state else final[t] for t in rows[state]]))
            number = merged.get(key)
            if number is None:
                number = merged[key] = len(out)
                row = tuple([number if t == -2 else t for t in key[1]])
                if loop:
                    merged[key[0], row] = number
                out.append(row)
                accepts.append(accepting[state])
            final[state] = number
        else:
            for state in component:
                final[state] = len(out)
                out.append(())
                accepts.append(accepting[state])
            for state in component:
                out[final[state]] = tuple([final[t] for t in rows[state]])
    first = final[0]
    order = [first]
    place = {first: 0, -1: -1}
    for state in order:
        for target in out[state]:
            if target not in place:
                place[target] = len(order)
                order.append(target)
    return [tuple([place[t] for t in out[s]]) for s in order], [accepts[s] for s in order]


def _components(rows: list[list[int]]) -> list[list[int]]:
    """Return the strongly connected components reachable from state 0, successors first (Tarjan, without recursion)."""
    index: dict[int, int] = {0: 0}
    low = {0: 0}
    on_stack = {0}
    stack = [0]
    work = [(0, iter(set(rows[0])))]
    out: list[list[int]] = []
    while work:
        state, targets = work[-1]
        for target in targets:
            if target < 0 or target == state:
                continue
            if target not in index:
                index[target] = low[target] = len(index)
                stack.append(target)
                on_stack.add(target)
                work.append((target, iter(set(rows[target]))))
                break
            if target in on_stack and index[target] < low[state]:
                low[state] = index[target]
        else:
            work.pop()
            if work and low[state] < low[work[-1][0]]:
                low[work[-1][0]] = low[state]
            if low[state] == index[state]:
                at = stack.index(state) if stack[-1] != state else len(stack) - 1
                component = stack[at:]
                del stack[at:]
                on_stack.difference_update(component)
                out.append(sorted(component))
    return out


def _table(rows: list[tuple[int, ...]], accepting: list[bool]) -> Term:
    """Return the term of state 0, symbols with equal columns sharing a byte class; class 0 is "no symbol"."""
    columns: dict[tuple[int, ...], int] = {(-1,) * len(rows): 0}
    classes = bytearray(256)
    for symbol, column in enumerate(zip(*rows, strict=True)):
        number = columns.setdefault(column, len(columns))
        for byte in SPELLED[symbol]:
            classes[byte] = number
    targets = tuple([t for row in zip(*columns, strict=True) for t in row])
    return dfa(Dfa.of(bytes(classes), targets, bytes(accepting)), 0)
