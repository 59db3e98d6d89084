"""From a deterministic automaton over characters to a term.

Problem: patterns that only an automaton decides must become terms all the same, because terms are what everything behind the
parser works on.

Worked example: states 0 and 1, `a` from 0 to 1, `b` from 1 to 0, 1 accepting. Eliminating 0 and then 1 gives
`a (b a)*`.

Invariants: the same language; equal states are merged and states without a future dropped first. None where the term would have
more than `_MAX_PRODUCTS` products: elimination is exponential in the worst case.

Source: Brzozowski and McCluskey, "Signal flow graph techniques for sequential circuit state diagrams" (1963); Moore (1956)
for the merging. Rejected: Hopcroft's algorithm, for automata of at most a few hundred states.
"""

from __future__ import annotations

from constrain.core.charset import CharSet, union
from constrain.regular import shape
from constrain.regular.term import EPSILON, NOTHING, Term, chars, repeat

__all__ = ["term_of"]

_MAX_STATES = 160
_MAX_PRODUCTS = 6_000


def term_of(edges: list[dict[int, CharSet]], accepting: list[bool]) -> Term | None:
    """Return the language of an automaton, or None if the term is too large.

    edges: for each state the characters that lead to each target; state 0 is the start. accepting: for each state.
    """
    edges, accepting = _minimal(edges, accepting)
    return _eliminate(edges, accepting) if len(edges) <= _MAX_STATES else None


def _minimal(edges: list[dict[int, CharSet]], accepting: list[bool]) -> tuple[list[dict[int, CharSet]], list[bool]]:
    """Merge states with equal futures and drop those that never accept."""
    alive = {index for index, accepts in enumerate(accepting) if accepts}
    while more := {i for i, out in enumerate(edges) if i not in alive and not alive.isdisjoint(out)}:
        alive |= more
    block = [(-1 if i not in alive else int(accepts)) for i, accepts in enumerate(accepting)]
    count = 0
    while True:
        signatures: dict[object, int] = {}
        new = []
        for i, out in enumerate(edges):
            if i not in alive:
                new.append(-1)
                continue
            merged: dict[int, CharSet] = {}
            for target, charset in out.items():
                if target in alive:
                    merged[block[target]] = union(merged.get(block[target], ()), charset)
            new.append(signatures.setdefault((block[i], frozenset(merged.items())), len(signatures)))
        block = new
        if len(signatures) == count:
            break
        count = len(signatures)
    if 0 not in alive:
        return [{}], [False]
    order = [block[0]] + [b for b in range(count) if b != block[0]]
    place = {b: i for i, b in enumerate(order)}
    small: list[dict[int, CharSet]] = [{} for _ in order]
    final = [False] * count
    for i, out in enumerate(edges):
        if i in alive:
            final[place[block[i]]] = accepting[i]
            small[place[block[i]]] = {}
            for target, charset in out.items():
                if target in alive:
                    at = place[block[target]]
                    small[place[block[i]]][at] = union(small[place[block[i]]].get(at, ()), charset)
    return small, final


def _eliminate(edges: list[dict[int, CharSet]], accepting: list[bool]) -> Term | None:
    """Eliminate the states, cheapest first."""
    size = len(edges)
    source, sink = size, size + 1
    out: list[dict[int, Term]] = [{target: chars(charset) for target, charset in row.items()} for row in edges]
    out += [{0: EPSILON}, {}]
    for state in range(size):
        if accepting[state]:
            out[state][sink] = EPSILON
    into: list[set[int]] = [set() for _ in out]
    for state, row in enumerate(out):
        for target in row:
            into[target].add(state)
    left = set(range(size))
    products = 0
    while left:
        state = min(left, key=lambda s: (len(into[s] - {s}) * len(out[s].keys() - {s}), s))
        left.remove(state)
        row = out[state]
        own = row.pop(state, None)
        into[state].discard(state)
        loop = EPSILON if own is None else repeat(shape.unit(own))
        for before in into[state]:
            lead = shape.concat([out[before].pop(state), loop])
            for target, term in row.items():
                products += 1
                if products > _MAX_PRODUCTS:
                    return None
                path = shape.concat([lead, term])
                known = out[before].get(target)
                out[before][target] = path if known is None else shape.alt([known, path])
                into[target].add(before)
        for target in row:
            into[target].discard(state)
    return out[source].get(sink, NOTHING)
