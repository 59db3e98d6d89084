"""The byte machine: a lazy, deterministic automaton over bytes for any context-free grammar.

A *state* is an accept bit and a set of pairs (terminal residual, node): a terminal that is being read, and the stacks below it
(`stacks`). Worked example, `S: "(" S ")" | "x"` on the text `(x)`:

    start       {"(" -> [S ")", root],  "x" -> root}
    after (     {"(" -> [S ")", P],     "x" -> P}      P = {(`")"`, root)}
    after (x    {")" -> root}
    after (x)   accepting, no pairs

One byte: each terminal residual takes its derivative. Where the result is nullable, the terminal may end here, and the
entries of its node go on; where it can go on, it stays. All entries that go on are *closed* together: entries call the symbols
they begin with, nonterminals call what their rules begin with, component by component with callers first, so that each
nonterminal is called once with everything that waits for it.

Invariants: equal ids, equal futures; ids and transitions never change; every live state has a completion, because residuals of
terminals that cannot match any more are dropped (and nonterminals that derive nothing do not exist, by contract). An error
in a rule callback is raised again for the same step, and harms no other.

Source: nondeterministic LR parsing with a graph-structured stack (Tomita 1985; Scott and Johnstone, "Right nulled GLR",
2006), here with interned nodes. Rejected: Earley sets (the origins make every state new), LR stacks (right recursion makes
them grow).
"""

from __future__ import annotations

from collections.abc import Iterable

from constrain.automaton.reference.closure import Closure, Residual, Waiting, goes_on
from constrain.automaton.reference.corners import Corners
from constrain.automaton.reference.names import QUOTE, NameResidual
from constrain.automaton.reference.stacks import ROOT, Entries, Entry, NodeId, Stacks
from constrain.core.ids import DEAD, StateId
from constrain.errors import GrammarError, LimitExceeded
from constrain.grammar.symbols import Grammar
from constrain.limits import DEFAULT, Limits
from constrain.regular.derivative import derive, linear_form
from constrain.regular.emptiness import bounds, is_empty
from constrain.regular.printer import show

__all__ = ["ReferenceMachine"]

State = tuple[bool, frozenset[tuple[Residual, NodeId]]]


class ReferenceMachine:
    """The automaton of a grammar over bytes. States are ints; `start` is the first.

    Raises GrammarError if nothing can be derived from the grammar, and LimitExceeded from any method when a budget runs out.
    """

    def __init__(self, grammar: Grammar, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self._corners = Corners(limits)
        self._stacks = Stacks(self._corners, limits)
        self._states: list[State] = []
        self._ids: dict[State, StateId] = {}
        self._steps: dict[tuple[int, int], StateId | Exception] = {}
        self._closures: dict[Entries, tuple[bool, Waiting]] = {}
        self._allowed: dict[int, int] = {}
        body = self._corners.body(grammar.start)
        entries = frozenset[Entry]() if body is None else self._stacks.put(body, self._stacks.plain([ROOT]))
        self.start: int = self._state(entries, {})
        if self.start == DEAD:
            raise GrammarError("nothing can be derived from the grammar")

    def step(self, state: int, byte: int) -> StateId:
        """Return the state after `byte` (0 to 255), DEAD if no text of the language goes on like that.

        An error of a rule callback is raised by this step now and whenever it is taken again.
        """
        if state == DEAD:
            return DEAD
        found = self._steps.get((state, byte))
        if found is None:
            try:
                found = self._advance(state, byte)
            except LimitExceeded:
                raise  # a budget may be larger next time
            except Exception as error:  # noqa: BLE001 - whatever the callback raised belongs to this step
                found = error
            self._steps[state, byte] = found
        if isinstance(found, Exception):
            raise found.with_traceback(None)
        return found

    def is_accepting(self, state: int) -> bool:
        """Tell whether the text may end in this state."""
        return state != DEAD and self._states[state][0]

    def allowed(self, state: int) -> int:
        """Return the 256-bit mask of the bytes that do not lead to DEAD."""
        if state == DEAD:
            return 0
        found = self._allowed.get(state)
        if found is None:
            candidates = 0
            for residual, _ in self._states[state][1]:
                candidates |= self._bytes_on(residual)
            found = 0
            for byte in range(256):
                if candidates >> byte & 1 and self.step(state, byte) != DEAD:
                    found |= 1 << byte
            self._allowed[state] = found
        return found

    def bytes_needed(self, state: int) -> int:
        """Return a lower bound on the bytes before the text may end, from the terminals being read alone."""
        accepting, pairs = self._states[state]
        if accepting:
            return 0
        return min(
            2 if isinstance(residual, NameResidual) else max(1, bounds(residual).bytes_least) for residual, _ in pairs
        )

    def finished(self) -> StateId:
        """Return the state in which the text has ended: accepting, and nothing follows."""
        return self._intern((True, frozenset()))

    def describe(self, state: int) -> list[str]:
        """Return what is expected in a state, one terminal or "end of text" each, for people."""
        if state == DEAD:
            return []
        accepting, pairs = self._states[state]
        shown = {residual.describe() if isinstance(residual, NameResidual) else show(residual) for residual, _ in pairs}
        return sorted(shown) + ["end of text"] * accepting

    def __len__(self) -> int:
        """Return the number of states made so far."""
        return len(self._states)

    # ---- one byte

    def _advance(self, state: int, byte: int) -> StateId:
        reading: Waiting = {}
        ended: set[Entry] = set()
        for residual, node in self._states[state][1]:
            if isinstance(residual, NameResidual):
                if byte == QUOTE and not residual.pending:
                    ended |= self._end_of_name(residual, node)
                    continue
                name = residual.after(byte, self._limits)
                if name is not None:
                    reading.setdefault(name, set()).update(self._stacks.entries(node))
                continue
            rest = derive(residual, byte)
            if rest.nullable:
                ended |= self._stacks.entries(node)
            if goes_on(rest, self._limits):
                reading.setdefault(rest, set()).update(self._stacks.entries(node))
        return self._state(ended, reading)

    def _end_of_name(self, name: NameResidual, node: NodeId) -> set[Entry]:
        ended: set[Entry] = set()
        for label, used in name.closings():
            body = self._corners.body(name.keys.after(label), used, direct_keys_collect=False)
            colon = self._corners.body((name.keys.colon,))
            if body is not None and colon is not None:
                ended |= self._stacks.put(colon + body, node)
        return ended

    def _bytes_on(self, residual: Residual) -> int:
        if isinstance(residual, NameResidual):
            return residual.bytes_on() | 1 << QUOTE
        return sum(mask for mask, rest in linear_form(residual) if not is_empty(rest, self._limits))

    # ---- states

    def _state(self, ended: Iterable[Entry], reading: Waiting) -> StateId:
        """Return the state in which `reading` goes on and everything after `ended` begins."""
        accepting, beginning = self._closure(self._stacks.prune(ended))
        pairs = {residual: set(entries) for residual, entries in beginning.items()}
        for residual, entries in reading.items():
            pairs.setdefault(residual, set()).update(entries)
        if not accepting and not pairs:
            return DEAD
        nodes = ((residual, self._stacks.plain(self._stacks.prune(entries))) for residual, entries in pairs.items())
        return self._intern((accepting, frozenset(nodes)))

    def _intern(self, state: State) -> StateId:
        found = self._ids.get(state)
        if found is None:
            if len(self._states) >= self._limits.states:
                raise LimitExceeded("states of the automaton", self._limits.states)
            found = self._ids[state] = StateId(len(self._states))
            self._states.append(state)
        return found

    def _closure(self, ended: Entries) -> tuple[bool, Waiting]:
        """Return whether the text may end, and which terminals may begin, when these entries go on."""
        found = self._closures.get(ended)
        if found is None:
            found = self._closures[ended] = Closure(self._corners, self._stacks, self._limits).of(ended)
        return found
