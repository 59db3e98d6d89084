r"""Patterns whose automaton is out of reach, told by their shape before anything is built.

Problem: in `(.{1,63}\.){1,127}` a dot may end a round or belong to it, so after a text with many dots the automaton must
remember every way to count them. Each state is legal, there are only too many of them, and the budget for one step would
run out in the middle of a generation. Better to say so at once, with the pointer.

Worked example: `([a-z-]{1,63}\.){1,127}` is fine: a dot is in no other part of the round, so the text itself tells how many
rounds there were. `(.{1,63}\.){1,127}` has up to 63 * 127 places at once; on its own that is still affordable, but beside a
lookahead (an intersection) each combination needs its own proof that it can be completed.

Invariant: 1 for a term whose nested counts, if any, are told apart by a separator; else the product of the counts, the
measure of how many places may be alive at once. It is an estimate and no proof, so only large values refuse anything.
"""

from __future__ import annotations

from functools import lru_cache

from constrain.core.charset import intersect
from constrain.regular.shape import letters
from constrain.regular.term import Kind, Term

__all__ = ["MOST_PLACES", "MOST_PLACES_BESIDE", "places"]

MOST_PLACES = 20_000
"""For a pattern alone: a step over a token visits at most about this many places."""
MOST_PLACES_BESIDE = 4_000
"""For a pattern with lookaheads."""


@lru_cache(maxsize=4096)
def places(term: Term) -> int:
    """Return how many places nested counts may have alive at once."""
    most = 1
    seen: set[Term] = set()
    stack = [term]
    while stack:
        top = stack.pop()
        if top in seen:
            continue
        seen.add(top)
        if _counts(top) and not _separated(top.args[0]):
            inner = max((part.args[2] for part in _parts(top.args[0]) if _counts(part)), default=1)
            most = max(most, top.args[2] * inner if inner > 1 else 1)
        stack += [part for part in top.args if isinstance(part, Term)]
    return most


def _counts(term: Term) -> bool:
    return term.kind is Kind.REPEAT and term.args[2] is not None and term.args[2] > 1


def _parts(term: Term) -> list[Term]:
    """Return the term and all terms in it."""
    seen: dict[Term, None] = {}
    stack = [term]
    while stack:
        top = stack.pop()
        if top not in seen:
            seen[top] = None
            stack += [part for part in top.args if isinstance(part, Term)]
    return list(seen)


def _separated(body: Term) -> bool:
    """Tell whether a round holds exactly one character of a kind that occurs nowhere else in it."""
    if body.kind is not Kind.CONCAT:
        return False
    try:
        sets = [letters(part) for part in body.args]
    except RecursionError:
        return False
    return any(
        part.kind is Kind.CHARS and not any(intersect(sets[at], other) for i, other in enumerate(sets) if i != at)
        for at, part in enumerate(body.args)
    )
