"""Parts of a pattern whose assertions are decided by their own text, whatever stands around them.

Problem: an assertion inside a repetition can be worked into the repeated term only if it never looks out of its round.

Worked example: in `(?:(?!x)[a-z])*` the lookahead sees one character and one always follows in the round, so the round is
`[a-wyz]`. In `(?:(?!xy)[a-z])*` it may see the next round: not settled.

Invariants: the term returned has exactly the strings the part matches, in every surrounding.
"""

from __future__ import annotations

from constrain.core.charset import ALL
from constrain.regular import shape
from constrain.regular.term import ANY_TEXT, EPSILON, Term, negate, repeat
from constrain.regular.tree import Choice, Edge, Look, Loop, Node, Plain, Sequence

__all__ = ["first_assertion", "settled"]


def settled(node: Node) -> Term | None:
    """Return the language of a node whose assertions are decided by the text of the node itself, else None."""
    if isinstance(node, Plain):
        return node.term
    if isinstance(node, Choice):
        options = [settled(option) for option in node.options]
        return None if None in options else shape.alt(o for o in options if o is not None)
    if isinstance(node, Loop):
        body = settled(node.body)
        return None if body is None else repeat(shape.unit(body), node.least, node.most)
    if not isinstance(node, Sequence):
        return None
    tail: Term = EPSILON
    for part in reversed(node.parts):
        if isinstance(part, Edge):
            if part.before != ALL or not part.at_start or tail.nullable:
                return None
            tail = shape.starting(tail, part.after)
        elif isinstance(part, Look):
            ahead = None if part.behind else settled(part.body)
            if ahead is None:
                return None
            most = shape.lengths(ahead)[1]
            if most is None or most > shape.lengths(tail)[0]:
                return None
            whole = shape.concat([ahead, ANY_TEXT])
            tail = shape.meet(tail, negate(whole) if part.negative else whole)
        else:
            inner = settled(part)
            if inner is None:
                return None
            tail = shape.concat([inner, tail])
    return tail


def first_assertion(node: Node) -> tuple[int, int]:
    """Return where the first assertion of the node stands."""
    while True:
        if isinstance(node, (Edge, Look)):
            return node.span
        if isinstance(node, Sequence):
            node = next(part for part in node.parts if not isinstance(part, Plain))
        elif isinstance(node, Choice):
            node = next(option for option in node.options if not isinstance(option, Plain))
        elif isinstance(node, Loop):
            node = node.body
        else:  # pragma: no cover - a plain node has no assertion
            return (0, 0)
