"""The language of a pattern as a small automaton, for assertions that do not reduce to a term directly.

Problem: in `^(?:a(?=b|$)|b)*$` the lookahead looks out of the round of the repetition it stands in, into the next one. No
intersection outside the repetition says that. The pattern as a whole is regular all the same.

Worked example: after `a` the state is "the next is `b` or the end, and rounds follow". States are Boolean formulas over
*continuations* (what still has to match, up to the end); reading one character replaces each continuation by the formula of
what it becomes. From `^(?:a(?=b|$)|b)*$` come four states: the start, the one after `a`, the same after `b`, and the dead one.
Eliminating the states one by one gives a term again: `(a b | b)* (a | ε)`.

Invariants: exact, or None where the automaton exceeds the bounds below. Everything to the left is in the *past*: the class
of the last character, and for each lookbehind what is left of `ANY_TEXT · body` after the text so far.

Source: Chandra, Kozen, Stockmeyer, "Alternation" (1981); Miyazaki and Minamide, "Derivatives of regular expressions with
lookahead" (2019). Rejected: using this for every pattern: it would unroll counters, and terms lose the shape one can
read.
"""

from __future__ import annotations

import time
from typing import Any

from constrain.core.charset import ALL, CharSet, complement, contains, intersect, union
from constrain.limits import DEFAULT, Limits
from constrain.regular import elimination, shape
from constrain.regular.anchors import seen_behind
from constrain.regular.term import ANY_TEXT, EPSILON, NOTHING, Kind, Term
from constrain.regular.tree import Choice, Edge, Look, Loop, Node, Plain, Sequence, sequence

__all__ = ["language"]

_MAX_CLASSES = 48
_MAX_STATES = 160
_MAX_STEPS = 60_000
_MAX_ROUNDS = 64

Formula = Any  # True, False, ("at", continuation), ("not", formula), ("or", frozenset), ("and", frozenset)
Past = tuple[int, tuple[Term, ...]]  # class of the last character (-1: none), state of each lookbehind


class _TooLarge(Exception):
    """The automaton exceeds its bounds."""


def language(node: Node, *, search: bool, limits: Limits = DEFAULT) -> Term | None:
    """Return the strings that match (with `search`: anywhere in them), or None if that takes too large an automaton."""
    try:
        automaton = _Automaton(sequence([Plain(ANY_TEXT), node]) if search else node, search=search, limits=limits)
        edges, accepting = automaton.build()
    except _TooLarge:
        return None
    return elimination.term_of(edges, accepting)


class _Continuation:
    """What still has to match: a node, then the rest. Interned by the automaton, so identity is equality."""

    __slots__ = ("head", "rest")

    def __init__(self, head: Node | None, rest: _Continuation | None) -> None:
        self.head = head
        self.rest = rest


_END = _Continuation(None, None)
_ANYTHING = _Continuation(None, None)


class _Automaton:
    def __init__(self, root: Node, *, search: bool, limits: Limits) -> None:
        self.deadline = time.monotonic() + limits.seconds
        self.steps = 0
        self.interned: dict[tuple[object, ...], _Continuation] = {}
        self.plain: dict[Term, Plain] = {}
        self.kept: list[object] = []
        self.behind: dict[int, int] = {}
        self.seen: list[Term] = []
        self.classes: list[CharSet] = [ALL]
        self.collect(root)
        self.codes = [charset[0][0] for charset in self.classes]
        self.start = self.then(root, _ANYTHING if search else _END)

    # ---- what occurs in the pattern --------------------------------------------------------------------------------

    def collect(self, root: Node) -> None:
        """Find the lookbehinds, and the classes that no set of the pattern divides."""
        stack: list[Node] = [root]
        while stack:
            node = stack.pop()
            if isinstance(node, Plain):
                self.refine_term(node.term)
            elif isinstance(node, Edge):
                self.refine(node.before)
                self.refine(node.after)
            elif isinstance(node, Sequence):
                stack.extend(node.parts)
            elif isinstance(node, Choice):
                stack.extend(node.options)
            elif isinstance(node, Loop):
                if max(node.least, node.most or 0) > _MAX_ROUNDS:
                    raise _TooLarge
                stack.append(node.body)
            elif not node.behind:
                stack.append(node.body)
            else:
                seen = seen_behind(node.body)
                if seen is None:
                    raise _TooLarge
                self.behind[id(node)] = len(self.seen)
                self.kept.append(node)
                self.seen.append(seen)
                self.refine_term(seen)

    def refine_term(self, root: Term) -> None:
        stack, known = [root], {root}
        while stack:
            term = stack.pop()
            if term.kind is Kind.CHARS:
                self.refine(term.args[0])
            elif term.kind is Kind.WORDS:
                for char in sorted(set("".join(term.args[1]))):
                    self.refine(((ord(char), ord(char)),))
            elif term.kind is Kind.REPEAT and max(term.args[1], term.args[2] or 0) > _MAX_STATES:
                raise _TooLarge
            for part in term.args:
                if isinstance(part, Term) and part not in known:
                    known.add(part)
                    stack.append(part)

    def refine(self, charset: CharSet) -> None:
        outside = complement(charset)
        parts = [intersect(old, new) for old in self.classes for new in (charset, outside)]
        self.classes = [part for part in parts if part]
        if len(self.classes) > _MAX_CLASSES:
            raise _TooLarge

    # ---- continuations ---------------------------------------------------------------------------------------------

    def then(self, node: Node, rest: _Continuation) -> _Continuation:
        if isinstance(node, Sequence):
            for part in reversed(node.parts):
                rest = self.then(part, rest)
            return rest
        if isinstance(node, Plain):
            if node.term is EPSILON:
                return rest
            node = self.plain.setdefault(node.term, node)
            key: tuple[object, ...] = (node.term, id(rest))
        elif isinstance(node, Loop):
            key = (id(node.body), node.least, node.most, id(rest))
        else:
            key = (id(node), id(rest))
        found = self.interned.get(key)
        if found is None:
            found = self.interned[key] = _Continuation(node, rest)
            self.kept.append(node)
        return found

    def round(self, loop: Loop, rest: _Continuation) -> _Continuation:
        """Return one round of the loop's body, then the rounds that are left."""
        left = Loop(loop.body, max(loop.least - 1, 0), None if loop.most is None else loop.most - 1)
        return self.then(loop.body, rest if left.most == 0 else self.then(left, rest))

    def holds(self, edge: Edge, past: Past) -> bool:
        return edge.at_start if past[0] < 0 else contains(edge.before, self.codes[past[0]])

    def looked_behind(self, look: Look, past: Past) -> bool:
        return past[1][self.behind[id(look)]].nullable is not look.negative

    def charge(self) -> None:
        self.steps += 1
        if self.steps > _MAX_STEPS or (self.steps & 255 == 0 and time.monotonic() > self.deadline):
            raise _TooLarge

    def accepts(self, at: _Continuation, past: Past, busy: frozenset[int] = frozenset()) -> bool:
        """Tell whether the continuation matches when nothing more comes."""
        self.charge()
        node, rest = at.head, at.rest
        if node is None or rest is None:
            return True
        if id(at) in busy:  # a round that took nothing: no further round makes a difference
            return False
        if isinstance(node, Plain):
            return node.term.nullable and self.accepts(rest, past, busy)
        if isinstance(node, Choice):
            return any(self.accepts(self.then(option, rest), past, busy) for option in node.options)
        if isinstance(node, Edge):
            return node.at_end and self.holds(node, past) and self.accepts(rest, past, busy)
        if isinstance(node, Look):
            if node.behind:
                return self.looked_behind(node, past) and self.accepts(rest, past, busy)
            ahead = self.accepts(self.then(node.body, _ANYTHING), past)
            return ahead is not node.negative and self.accepts(rest, past, busy)
        assert isinstance(node, Loop)
        if node.least == 0 and self.accepts(rest, past, busy):
            return True
        return self.accepts(self.round(node, rest), past, busy | {id(at)})

    def read(self, at: _Continuation, past: Past, code: int, busy: frozenset[int] = frozenset()) -> Formula:
        """Return what the continuation becomes by reading one character."""
        self.charge()
        if at is _ANYTHING:
            return True
        node, rest = at.head, at.rest
        if node is None or rest is None or id(at) in busy:
            return False
        if isinstance(node, Plain):
            left = shape.derivative(node.term, code)
            options = [False if left is NOTHING else ("at", self.then(Plain(left), rest))]
            if node.term.nullable:
                options.append(self.read(rest, past, code, busy))
            return _or(options)
        if isinstance(node, Choice):
            return _or([self.read(self.then(option, rest), past, code, busy) for option in node.options])
        if isinstance(node, Edge):
            met = self.holds(node, past) and contains(node.after, code)
            return self.read(rest, past, code, busy) if met else False
        if isinstance(node, Look):
            if node.behind:
                return self.read(rest, past, code, busy) if self.looked_behind(node, past) else False
            ahead = self.read(self.then(node.body, _ANYTHING), past, code)
            return _and([_not(ahead) if node.negative else ahead, self.read(rest, past, code, busy)])
        assert isinstance(node, Loop)
        round_ = self.read(self.round(node, rest), past, code, busy | {id(at)})
        return _or([round_, self.read(rest, past, code, busy)]) if node.least == 0 else round_

    # ---- formulas ----------------------------------------------------------------------------------------------------

    def holds_at_end(self, formula: Formula, past: Past) -> bool:
        if isinstance(formula, bool):
            return formula
        kind, inner = formula
        if kind == "at":
            return inner is _ANYTHING or self.accepts(inner, past)
        if kind == "not":
            return not self.holds_at_end(inner, past)
        return (any if kind == "or" else all)(self.holds_at_end(f, past) for f in inner)

    def advance(self, formula: Formula, past: Past, code: int) -> Formula:
        self.charge()
        if isinstance(formula, bool):
            return formula
        kind, inner = formula
        if kind == "at":
            return self.read(inner, past, code)
        if kind == "not":
            return _not(self.advance(inner, past, code))
        return (_or if kind == "or" else _and)([self.advance(f, past, code) for f in inner])

    def build(self) -> tuple[list[dict[int, CharSet]], list[bool]]:
        """Return the edges of each state (target: characters) and which states accept; state 0 is the start."""
        first: tuple[Formula, Past] = (("at", self.start), (-1, tuple(self.seen)))
        numbers = {first: 0}
        order = [first]
        edges: list[dict[int, CharSet]] = []
        accepting: list[bool] = []
        while len(edges) < len(order):
            formula, past = order[len(edges)]
            accepting.append(self.holds_at_end(formula, past))
            out: dict[int, CharSet] = {}
            for index, (code, charset) in enumerate(zip(self.codes, self.classes, strict=True)):
                after = self.advance(formula, past, code)
                if after is False:
                    continue
                seen = tuple(shape.derivative(term, code) for term in past[1])
                state = (after, (0, ()) if after is True else (index, seen))
                target = numbers.setdefault(state, len(order))
                if target == len(order):
                    order.append(state)
                    if len(order) > _MAX_STATES * 4:
                        raise _TooLarge
                out[target] = union(out.get(target, ()), charset)
            edges.append(out)
        return edges, accepting


def _not(formula: Formula) -> Formula:
    if isinstance(formula, bool):
        return not formula
    return formula[1] if formula[0] == "not" else ("not", formula)


def _or(formulas: list[Formula]) -> Formula:
    return _joined("or", formulas, neutral=False)


def _and(formulas: list[Formula]) -> Formula:
    return _joined("and", formulas, neutral=True)


def _joined(kind: str, formulas: list[Formula], *, neutral: bool) -> Formula:
    flat: set[Formula] = set()
    for formula in formulas:
        if formula is neutral:
            continue
        if isinstance(formula, bool):
            return formula
        if formula[0] == kind:
            flat |= formula[1]
        else:
            flat.add(formula)
    if any(f[0] == "not" and f[1] in flat for f in flat):
        return not neutral
    other = "and" if kind == "or" else "or"
    flat = {f for f in flat if f[0] != other or not (f[1] & flat)}  # absorption
    if not flat:
        return neutral
    return next(iter(flat)) if len(flat) == 1 else (kind, frozenset(flat))
