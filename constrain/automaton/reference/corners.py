"""What can be reached in a grammar without reading a byte: nullability, left corners, and their components, on demand.

Rules are produced when first asked for, and they are asked for only where a parser may already stand: a nonterminal behind a
terminal stays unproduced until that terminal has been read. In

    LIST -> "[" ITEM TAIL        TAIL -> "," ITEM TAIL | "]"

the question what LIST may start with produces LIST alone; neither ITEM nor TAIL.

A nonterminal that collects names (`Nonterminal.collects`) is a family of nonterminals, one for each set of used names; the
symbols here are members of families: `Call(nonterminal, used)` and `Name(keys, used)`.

The left-corner graph has an edge A -> X if a rule of A is `g X rest` with g nullable. Its strongly connected components
are numbered so that callers have higher numbers than callees. A component is *cyclic* if it has more than one member or an
edge to itself: left recursion.

Invariants: numbers and members of a component never change, because everything reachable without reading a byte is explored
before it is numbered; an error in a rule callback leaves the tables as they were. A rule with a part that nothing can spell
(an empty term, a name when all are used) is left out.

Source: Tarjan, "Depth-first search and linear graph algorithms" (1972). Rejected: analysing the whole grammar first, which
would produce every rule of a schema that a document touches in one corner.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from constrain.automaton.reference.names import NameResidual, Used, start_of_name
from constrain.errors import LimitExceeded
from constrain.grammar.symbols import Keys, Nonterminal, Rule
from constrain.limits import Limits
from constrain.regular.emptiness import is_empty
from constrain.regular.term import EPSILON, Term

__all__ = ["NO_NAMES", "Body", "Call", "Component", "Corners", "Name", "Symbol"]


class Call(NamedTuple):
    """A nonterminal with the names used so far (always none unless it collects)."""

    nonterminal: Nonterminal
    used: Used


class Name(NamedTuple):
    """A member name with the names used so far."""

    keys: Keys
    used: Used


Symbol = Term | Call | Name
Body = tuple[Symbol, ...]
NO_NAMES: Used = frozenset()


class Component(NamedTuple):
    """A strongly connected component of the left-corner graph. Callers have higher numbers than callees."""

    number: int
    members: tuple[Call, ...]
    cyclic: bool


class Corners:
    """The part of a grammar reached so far, seen from the left."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rules: dict[Call, tuple[Body, ...]] = {}
        self._nullable: dict[Call, bool] = {}
        self._corners: dict[Call, tuple[tuple[Symbol, Body], ...]] = {}
        self._components: dict[Call, Component] = {}
        self._numbers = 0
        self._names: dict[Name, NameResidual | None] = {}
        self._productive: dict[Call, bool] = {}

    def body(self, rule: Rule, used: Used = NO_NAMES, *, direct_keys_collect: bool = True) -> Body | None:
        """Return the symbols of `rule` where the names `used` are taken, or None if nothing can be derived from them.

        direct_keys_collect: hand `used` to the `Keys` of the rule too, not only to collecting nonterminals.
        """
        body = self._instantiate(rule, used, direct_keys_collect=direct_keys_collect)
        return body if all(self._is_productive(symbol) for symbol in body) else None

    def rules(self, call: Call) -> tuple[Body, ...]:
        """Return the alternatives of a nonterminal, without those that nothing can spell."""
        found = self._rules.get(call)
        if found is None:
            if len(self._rules) >= self._limits.states:
                raise LimitExceeded("nonterminals", self._limits.states)
            bodies = (self.body(rule, call.used) for rule in call.nonterminal.rules())
            found = self._rules[call] = tuple(dict.fromkeys(body for body in bodies if body is not None))
        return found

    def name(self, symbol: Name) -> NameResidual | None:
        """Return the residual of a member name before its first byte, None if no name is left."""
        if symbol not in self._names:
            self._names[symbol] = start_of_name(symbol.keys, symbol.used, self._limits)
        return self._names[symbol]

    def nullable(self, symbol: Symbol) -> bool:
        """Tell whether the empty string can be derived from a symbol."""
        if isinstance(symbol, Term):
            return symbol.nullable
        if isinstance(symbol, Name):
            return False
        if symbol not in self._nullable:
            self._explore_nullable(symbol)
        return self._nullable[symbol]

    def corners(self, call: Call) -> tuple[tuple[Symbol, Body], ...]:
        """Return all (X, rest) such that a rule of `call` is `g X rest` with g nullable."""
        found = self._corners.get(call)
        if found is None:
            pairs: dict[tuple[Symbol, Body], None] = {}
            for body in self.rules(call):
                for i, symbol in enumerate(body):
                    pairs[symbol, body[i + 1 :]] = None
                    if not self.nullable(symbol):
                        break
            found = self._corners[call] = tuple(pairs)
        return found

    def component(self, call: Call) -> Component:
        """Return the component of a nonterminal."""
        if call not in self._components:
            self._explore_components(call)
        return self._components[call]

    def _instantiate(self, rule: Rule, used: Used, *, direct_keys_collect: bool = True) -> Body:
        out: list[Symbol] = []
        for symbol in rule:
            if isinstance(symbol, Nonterminal):
                out.append(Call(symbol, used if symbol.collects else NO_NAMES))
            elif isinstance(symbol, Keys):
                out.append(Name(symbol, used if direct_keys_collect else NO_NAMES))
            elif symbol is not EPSILON:
                out.append(symbol)
        return tuple(out)

    def _is_productive(self, symbol: Symbol) -> bool:
        """Tell whether a symbol can derive anything; by contract every nonterminal can while no name is used."""
        if isinstance(symbol, Term):
            return not is_empty(symbol, self._limits)
        if isinstance(symbol, Name):
            return self.name(symbol) is not None
        if not symbol.used:
            return True
        if symbol not in self._productive:
            self._explore_productive(symbol)
        return self._productive[symbol]

    def _explore_productive(self, call: Call) -> None:
        """Find the least set of productive members among the collecting nonterminals reached from `call`."""
        bodies: dict[Call, list[Body]] = {}
        waiting = [call]
        while waiting:
            reached = waiting.pop()
            if reached in bodies or reached in self._productive:
                continue
            bodies[reached] = [self._instantiate(rule, reached.used) for rule in reached.nonterminal.rules()]
            waiting += [s for body in bodies[reached] for s in body if isinstance(s, Call) and s.used]
        productive: set[Call] = set()

        def can_derive(symbol: Symbol) -> bool:
            if isinstance(symbol, Call) and symbol in bodies:
                return symbol in productive
            return self._is_productive(symbol)

        size = -1
        while size != len(productive):
            size = len(productive)
            productive |= {c for c, options in bodies.items() if any(all(map(can_derive, b)) for b in options)}
        self._productive.update({reached: reached in productive for reached in bodies})

    def _explore_nullable(self, call: Call) -> None:
        """Compute the least fixpoint over what is reached through nullable prefixes."""
        visited: dict[Call, bool] = {call: False}

        def null(symbol: Symbol) -> bool:
            if not isinstance(symbol, Call):
                return isinstance(symbol, Term) and symbol.nullable
            if symbol in self._nullable:
                return self._nullable[symbol]
            return visited.setdefault(symbol, False)

        before = (0, 0)
        while before != (len(visited), sum(visited.values())):
            before = (len(visited), sum(visited.values()))
            for reached in list(visited):
                if not visited[reached]:
                    visited[reached] = any(all(map(null, body)) for body in self.rules(reached))
        self._nullable.update(visited)

    def _explore_components(self, call: Call) -> None:
        """Number the components reached from `call` (Tarjan's algorithm with a stack of its own)."""
        index: dict[Call, int] = {}
        low: dict[Call, int] = {}
        open_: list[Call] = []
        is_open: set[Call] = set()
        found: list[tuple[Call, ...]] = []
        path: list[tuple[Call, Iterator[Call]]] = []

        def enter(node: Call) -> None:
            index[node] = low[node] = len(index)
            open_.append(node)
            is_open.add(node)
            path.append((node, self._callees(node)))

        enter(call)
        while path:
            node, callees = path[-1]
            callee = next((c for c in callees if c not in self._components and (c not in index or c in is_open)), None)
            if callee is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == index[node]:
                    start = open_.index(node)
                    found.append(tuple(open_[start:]))
                    is_open.difference_update(open_[start:])
                    del open_[start:]
            elif callee in index:
                low[node] = min(low[node], index[callee])
            else:
                enter(callee)
        for members in found:
            cyclic = len(members) > 1 or members[0] in self._callees(members[0])
            component = Component(self._numbers, members, cyclic)
            self._numbers += 1
            self._components.update(dict.fromkeys(members, component))

    def _callees(self, call: Call) -> Iterator[Call]:
        return (symbol for symbol, _ in self.corners(call) if isinstance(symbol, Call))
