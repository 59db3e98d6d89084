"""What a pattern says, between its text and its language: plain languages and the zero-width assertions among them.

Problem: an assertion (`^`, `$`, `\\b`, lookahead, lookbehind) has no language of its own; it speaks about what stands to
its left or right. So a parsed pattern is a small tree whose leaves are terms wherever no assertion occurs.

Worked example: `ab*(?=c)` is `Sequence(Plain(a b*), Look(Plain(c), behind=False, negative=False))`.

Invariants: `sequence`, `choice` and `loop` return a `Plain` when all parts are plain, so the tree has as many levels as
assertions are nested, and a `Sequence` has no two plain neighbours. `span` is where the assertion stands in the pattern.

Rejected: a full syntax tree with a node for each character class; the terms already are one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from constrain.core.charset import ALL, NONE, CharSet, complement
from constrain.regular import shape
from constrain.regular.term import EPSILON, NOTHING, Kind, Term, repeat

__all__ = [
    "EMPTY",
    "Choice",
    "Edge",
    "Look",
    "Loop",
    "Node",
    "Plain",
    "Sequence",
    "choice",
    "end",
    "look",
    "loop",
    "sequence",
    "start",
]

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """A language over characters."""

    term: Term


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """The parts one after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One of the options."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """`least` to `most` rounds of a body with an assertion in it (`most=None`: any number)."""

    body: Node
    least: int
    most: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """A condition on the two neighbours of a place.

    It holds iff (the character before is in `before`, or there is none and `at_start`) and (the character after is in
    `after`, or there is none and `at_end`). A disjunction of such conditions is a `Choice`.
    """

    before: CharSet
    at_start: bool
    after: CharSet
    at_end: bool
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A lookahead, or with `behind` a lookbehind; `negative`: the body must not match."""

    body: Node
    behind: bool
    negative: bool
    span: Span


Node = Plain | Sequence | Choice | Loop | Edge | Look

EMPTY = Plain(EPSILON)


def sequence(parts: Iterable[Node]) -> Node:
    """Return the parts one after the other: plain neighbours joined, negative lookaheads at one place made one."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Sequence) else (part,))
    out: list[Node] = []
    for kind, run in itertools.groupby(flat, _joins):
        group = list(run)
        if kind == "plain":
            out.append(Plain(shape.concat([part.term for part in group if isinstance(part, Plain)])))
        elif kind == "not ahead" and len(group) > 1:
            looks = [part for part in group if isinstance(part, Look)]
            span = (looks[0].span[0], looks[-1].span[1])
            out.append(Look(choice(part.body for part in looks), behind=False, negative=True, span=span))
        else:
            out.extend(group)
    out = [part for part in out if not (isinstance(part, Plain) and part.term is EPSILON)] or [EMPTY]
    return out[0] if len(out) == 1 else Sequence(tuple(out))


def _joins(node: Node) -> str:
    if isinstance(node, Plain):
        return "plain"
    return "not ahead" if isinstance(node, Look) and node.negative and not node.behind else ""


def choice(options: Iterable[Node]) -> Node:
    """Return one of the options, the plain ones joined."""
    plain: list[Term] = []
    out: list[Node] = []
    for option in options:
        for item in option.options if isinstance(option, Choice) else (option,):
            if isinstance(item, Plain):
                plain.append(item.term)
            else:
                out.append(item)
    if plain:
        joined = shape.alt(plain)
        if joined is not NOTHING or not out:
            out.append(Plain(joined))
    return out[0] if len(out) == 1 else Choice(tuple(out))


def loop(body: Node, least: int, most: int | None) -> Node:
    """Return `least` to `most` rounds of the body."""
    if isinstance(body, Plain):
        return Plain(repeat(shape.unit(body.term), least, most))
    if most == 0:
        return EMPTY
    if isinstance(body, (Edge, Look)):  # takes no room: once is as good as often
        return EMPTY if least == 0 else body
    return body if (least, most) == (1, 1) else Loop(body, least, most)


def look(body: Node, *, behind: bool, negative: bool, span: Span) -> Node:
    """Return a lookahead or lookbehind; one for a single character is a condition on the neighbour."""
    if isinstance(body, Plain):
        term = shape.unit(body.term)
        if term.nullable:
            return Plain(NOTHING) if negative else EMPTY
        if term is NOTHING:
            return EMPTY if negative else body
        if term.kind is Kind.CHARS:
            charset = complement(term.args[0]) if negative else term.args[0]
            if behind:
                return Edge(charset, negative, ALL, True, span)
            return Edge(ALL, True, charset, negative, span)
    if isinstance(body, Choice):
        options = [look(option, behind=behind, negative=negative, span=span) for option in body.options]
        return sequence(options) if negative else choice(options)
    if isinstance(body, Edge) and not negative:
        return body
    if isinstance(body, Edge) and (body.after, body.at_end) == (ALL, True):
        return Edge(complement(body.before), not body.at_start, ALL, True, span)
    if isinstance(body, Edge) and (body.before, body.at_start) == (ALL, True):
        return Edge(ALL, True, complement(body.after), not body.at_end, span)
    return Look(body, behind, negative, span)


def start(span: Span) -> Edge:
    """Return the condition that nothing stands before."""
    return Edge(NONE, True, ALL, True, span)


def end(span: Span) -> Edge:
    """Return the condition that nothing comes after."""
    return Edge(ALL, True, NONE, True, span)
