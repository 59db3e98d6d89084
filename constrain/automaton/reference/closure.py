"""What may begin at a place: the calls and terminals that some stacks reach without reading a byte.

Example: `e: e "+" e | NUM`, closed over the entry (`e`, root): e is called with ROOT below it. Its component is cyclic, so
it becomes the instance I with outside entries {ROOT}, and NUM may begin with (I, e) below. The rule that begins with e itself
needs no work: what waits for it is in the entries of I.

All entries of one place are closed together, and components with callers first. So a nonterminal is called once with
everything that waits for it, and the number of pairs stays small where closing each entry alone gives 2^n of them
(`S: a S b | a S c | d`).

Source: left-corner closure as in LR item sets; the order is that of the components of `corners`.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from constrain.automaton.reference.corners import Call, Component, Corners, Name, Symbol
from constrain.automaton.reference.names import NameResidual
from constrain.automaton.reference.stacks import ROOT, Entries, Entry, Stacks
from constrain.limits import Limits
from constrain.regular.derivative import linear_form
from constrain.regular.emptiness import is_empty
from constrain.regular.term import Term

__all__ = ["Closure", "Residual", "Waiting", "goes_on"]

Residual = Term | NameResidual
Waiting = dict[Residual, set[Entry]]


def goes_on(term: Term, limits: Limits) -> bool:
    """Tell whether a non-empty string belongs to `term`."""
    return any(not is_empty(rest, limits) for _, rest in linear_form(term))


class Closure:
    """One computation; make a new one for each set of entries."""

    def __init__(self, corners: Corners, stacks: Stacks, limits: Limits) -> None:
        self._corners = corners
        self._stacks = stacks
        self._limits = limits
        self._terminals: Waiting = {}
        self._calls: dict[Call, set[Entry]] = {}
        self._queue: list[tuple[int, Component]] = []  # by number, callers (higher numbers) first
        self._queued: set[int] = set()

    def of(self, entries: Entries) -> tuple[bool, Waiting]:
        """Return whether the text may end, and which terminals may begin with which entries below them."""
        accepting = self._call_first_symbols(entries)
        while self._queue:
            _, component = heapq.heappop(self._queue)
            if component.cyclic:
                self._expand_cyclic(component)
            else:
                self._expand_single(component.members[0])
        return accepting, self._terminals

    def _call_first_symbols(self, entries: Entries) -> bool:
        """Call what each entry begins with; tell whether ROOT is reached."""
        accepting = False
        waiting = list(entries)
        seen = set(waiting)
        while waiting:
            entry = waiting.pop()
            if entry == ROOT:
                accepting = True
                continue
            body, node = entry
            for i, symbol in enumerate(body):
                self._call(symbol, self._stacks.put(body[i + 1 :], node))
                if not self._corners.nullable(symbol):
                    break
            else:  # all of it may be empty
                below = self._stacks.entries(node) - seen
                seen |= below
                waiting += below
        return accepting

    def _expand_single(self, call: Call) -> None:
        node = self._stacks.plain(self._stacks.prune(self._calls[call]))
        for symbol, rest in self._corners.corners(call):
            self._call(symbol, self._stacks.put(rest, node))

    def _expand_cyclic(self, component: Component) -> None:
        instance = self._stacks.instance(component, self._calls)
        for member in component.members:
            node = self._stacks.cyclic(instance, member)
            for symbol, rest in self._corners.corners(member):
                if not (isinstance(symbol, Call) and symbol in component.members):
                    self._call(symbol, self._stacks.put(rest, node))

    def _call(self, symbol: Symbol, below: Iterable[Entry]) -> None:
        """Let `symbol` begin with these entries below it."""
        if isinstance(symbol, Call):
            self._calls.setdefault(symbol, set()).update(below)
            component = self._corners.component(symbol)
            if component.number not in self._queued:
                self._queued.add(component.number)
                heapq.heappush(self._queue, (-component.number, component))
        elif isinstance(symbol, Name):
            name = self._corners.name(symbol)
            if name is not None:
                self._terminals.setdefault(name, set()).update(below)
        elif goes_on(symbol, self._limits):
            self._terminals.setdefault(symbol, set()).update(below)
