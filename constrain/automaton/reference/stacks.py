"""The stacks of a parser for any context-free grammar, folded into interned nodes.

What remains to be parsed after a symbol is a stack: the rest of the rule, below it the rest of the calling rule, and so on
down to the end of the text. An ambiguous or left-recursive grammar has many such stacks at once, even infinitely many. They
are folded here:

- An *entry* is ROOT (the end of the text) or (body, node): a non-empty rest of a rule, and what lies below it.
- A *node* stands for a set of entries. A plain node is the set itself. A cyclic node is (instance, nonterminal).
- An *instance* is a component of left recursion called at one place: for each member the entries from outside that wait
  for it. What waits for a member also includes rests of rules inside the component, with the instance itself below; this
  self-reference exists only in `entries`, never in a key, so instances can be interned.

Example: `e: e "+" e | NUM` called with ROOT below. The instance I has outside entries {ROOT}; entries(I, e) =
{ROOT, (`"+" e`, (I, e))}. After `1` these entries are what may follow. After `1+` the second `e` is called with the same
entries below, and `collapse` finds that this is I again: the states of the automaton repeat from here on.

An empty rest is not an entry but the entries below it (`put`): that is the tail call, so right recursion needs no stack.

*Subsumption*: an entry may be dropped if another one with the same body stands on a node that allows at least the same
futures (a simulation). It keeps `if`-`else` chains flat. It is bounded (few candidates, little fuel), since dropping
nothing is always right.

Invariants: ids of nodes never change meaning; entries of a node never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from constrain.automaton.reference.corners import Body, Call, Component, Corners
from constrain.errors import LimitExceeded
from constrain.limits import Limits

__all__ = ["ROOT", "Cyclic", "Entries", "Entry", "NodeId", "Stacks"]

NodeId = int
Entry = tuple[Body, NodeId]
Entries = frozenset[Entry]

ROOT: Entry = ((), -1)
"""Nothing remains: the text may end."""

_CANDIDATES = 3
_FUEL = 24


class Cyclic(NamedTuple):
    """A node of an instance: what waits for this member of its component."""

    instance: int
    member: Call


class Stacks:
    """All nodes and instances of one automaton."""

    def __init__(self, corners: Corners, limits: Limits) -> None:
        self._corners = corners
        self._limits = limits
        self._nodes: list[Entries | Cyclic] = []
        self._node_ids: dict[Entries | Cyclic, NodeId] = {}
        self._outside: list[Mapping[Call, Entries]] = []
        self._solved: list[Mapping[Call, Entries]] = []
        self._component_of: list[int] = []
        self._instance_ids: dict[tuple[int, tuple[Entries, ...]], int] = {}
        self._simulated: dict[tuple[NodeId, NodeId], bool] = {}

    def plain(self, entries: Iterable[Entry]) -> NodeId:
        """Return the node of a set of entries."""
        return self._node(frozenset(entries))

    def cyclic(self, instance: int, member: Call) -> NodeId:
        """Return the node of what waits for a member of an instance."""
        return self._node(Cyclic(instance, member))

    def entries(self, node: NodeId) -> Entries:
        """Return the set of entries a node stands for."""
        found = self._nodes[node]
        return self._solved[found.instance][found.member] if isinstance(found, Cyclic) else found

    def put(self, body: Body, node: NodeId) -> Entries:
        """Return the entries for `body` with `node` below it."""
        return frozenset(((body, node),)) if body else self.entries(node)

    def instance(self, component: Component, calls: Mapping[Call, Iterable[Entry]]) -> int:
        """Return the instance of a component whose members are called with these entries below."""
        outside = self._close_tails(
            component, {member: frozenset(calls.get(member, ())) for member in component.members}
        )
        known = self._collapse(component, outside)
        if known is not None:
            return known
        key = (component.number, tuple(outside[member] for member in component.members))
        found = self._instance_ids.get(key)
        if found is None:
            found = self._instance_ids[key] = len(self._outside)
            self._outside.append(outside)
            self._component_of.append(component.number)
            self._solved.append({})
            self._solved[found] = self._solve(component, found, outside)
        return found

    def prune(self, entries: Iterable[Entry]) -> Entries:
        """Return the entries without some of those whose futures others allow as well."""
        by_body: dict[Body, list[NodeId]] = {}
        for body, node in entries:
            by_body.setdefault(body, []).append(node)
        kept: list[Entry] = []
        for body, nodes in by_body.items():
            nodes.sort()
            for i, node in enumerate(nodes):
                newer = nodes[i + 1 : i + 1 + _CANDIDATES]
                if not any(self._simulates(node, other, [_FUEL], set()) for other in newer):
                    kept.append((body, node))
        return frozenset(kept)

    def _node(self, key: Entries | Cyclic) -> NodeId:
        found = self._node_ids.get(key)
        if found is None:
            if len(self._nodes) >= self._limits.states:
                raise LimitExceeded("parser stacks", self._limits.states)
            found = self._node_ids[key] = len(self._nodes)
            self._nodes.append(key)
        return found

    def _solve(self, component: Component, instance: int, outside: Mapping[Call, Entries]) -> Mapping[Call, Entries]:
        """Return what waits for each member, from outside and from the rules of the component itself."""
        waiting = {member: set(entries) for member, entries in outside.items()}
        for member in component.members:
            for symbol, rest in self._corners.corners(member):
                if rest and isinstance(symbol, Call) and symbol in waiting:
                    waiting[symbol].add((rest, self.cyclic(instance, member)))
        return self._close_tails(component, {member: frozenset(entries) for member, entries in waiting.items()})

    def _close_tails(self, component: Component, entries: dict[Call, Entries]) -> dict[Call, Entries]:
        """What waits for A also waits for X, if a rule of A ends with X after nothing."""
        tails = [
            (member, symbol)
            for member in component.members
            for symbol, rest in self._corners.corners(member)
            if not rest and isinstance(symbol, Call) and symbol in entries
        ]
        changed = True
        while changed:
            changed = False
            for member, symbol in tails:
                if not entries[member] <= entries[symbol]:
                    entries[symbol] |= entries[member]
                    changed = True
        return entries

    def _collapse(self, component: Component, outside: Mapping[Call, Entries]) -> int | None:
        """Return an instance J below these entries for which they are no news, so that J is the solution here too."""
        below = {node for entries in outside.values() for _, node in entries if node >= 0}
        instances = {found.instance for found in (self._nodes[node] for node in below) if isinstance(found, Cyclic)}
        for known in sorted(instances):
            if self._component_of[known] == component.number and all(
                self._outside[known][member] <= outside[member] <= self._solved[known][member]
                for member in component.members
            ):
                return known
        return None

    def _simulates(self, node: NodeId, other: NodeId, fuel: list[int], assumed: set[tuple[NodeId, NodeId]]) -> bool:
        """Tell whether every future of `node` is known to be one of `other`; False if that takes too long to see."""
        if node == other or (node, other) in assumed:
            return True
        known = self._simulated.get((node, other))
        if known is not None:
            return known
        fuel[0] -= 1
        if fuel[0] < 0 or node < 0 or other < 0:
            return False
        before = set(assumed)
        assumed.add((node, other))
        by_body: dict[Body, list[NodeId]] = {}
        for body, below in self.entries(other):
            by_body.setdefault(body, []).append(below)
        answer = all(
            any(self._simulates(below, candidate, fuel, assumed) for candidate in by_body.get(body, ()))
            for body, below in self.entries(node)
        )
        if not answer:  # what was found on the assumption falls with it
            assumed.clear()
            assumed.update(before)
        if not answer or not before:
            self._simulated[node, other] = answer
        return answer
