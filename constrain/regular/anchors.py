"""From a pattern tree to its language: what assertions mean, worked into plain terms.

Problem: `^`, `$`, word boundaries, lookahead and lookbehind speak about the text around a place. A language knows no
around, so the tree is translated with both sides at hand: to the left the *context* (nothing consumed yet, or the class
of the last character), to the right the *rest* (the language of everything that still has to follow).

Worked example: `^(?!ab)[a-z]+$`. From the right: `$` leaves of the rest `{ε}` what is empty; `[a-z]+` before it gives
`[a-z]+`; the lookahead makes it `both(negate(text("ab") ANY_TEXT), [a-z]+)`; `^` keeps that at the start and leaves nothing
elsewhere. With search semantics `ANY_TEXT` stands before, but only its empty string reaches the `^`.

The translation, `Then(node, rest).at(context)`:
    plain L          L · rest, split by the class of the last character of L where the rest depends on it
    one after other  chain of rests                  one of several    union
    condition        the rest, restricted in its first character; nothing if the context does not agree
    (?=A) (?!A)      rest ∩ A · ANY_TEXT             rest ∩ ¬(A · ANY_TEXT)
    (?<=A) (?<!A)    folded into the plain prefix of the text before it, where there is one: prefix ∩ ANY_TEXT · A
    A{m,n}           plain if every assertion in A is settled within A; else unrolled, if n is small
What does not reduce so raises `Irreducible`; `constrain.regular.determinise` then tries the pattern as a whole.

Invariants: the result is exactly the set of strings that match; laziness and possessiveness play no role in it, because without
back-references whether a string matches does not depend on the order in which matches are tried.

Source: Miyazaki and Minamide, "Derivatives of regular expressions with lookahead" (2019), whose Boolean reading of
lookahead this is. Rejected: dropping assertions that do not reduce; one automaton for every pattern, which would lose
counted repeats.
"""

from __future__ import annotations

import contextlib
import time

from constrain.core.charset import ALL, NONE, CharSet, complement, intersect, union
from constrain.errors import LimitExceeded
from constrain.limits import DEFAULT, Limits
from constrain.regular import shape
from constrain.regular.settled import first_assertion, settled
from constrain.regular.term import ANY_TEXT, EPSILON, NOTHING, Kind, Term, negate, repeat
from constrain.regular.tree import Choice, Edge, Look, Loop, Node, Plain, Sequence, choice, sequence

__all__ = ["Irreducible", "classes_before", "language", "seen_behind"]

START = 0
"""The context in which nothing is consumed yet; context i + 1 means: the last character is in class i."""

_MAX_UNROLLED = 40
_MAX_STEPS = 20_000
_MAX_DEPTH = 120
_LONG = 12


class Irreducible(Exception):
    """An assertion that the translation cannot express; `span` is where it stands."""

    def __init__(self, message: str, span: tuple[int, int]) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


def language(node: Node, *, search: bool, limits: Limits = DEFAULT) -> Term:
    """Return the strings that match: as a whole, or with `search` anywhere in them.

    Raises `Irreducible` where an assertion has no such form and `LimitExceeded` where the form is too large.
    """
    if isinstance(node, Plain) and not search:
        return node.term
    if search:
        node = sequence([Plain(ANY_TEXT), node])
        if isinstance(node, Plain):
            return shape.concat([node.term, ANY_TEXT])
    return _at_start(_fold_behind(node), ANY_TEXT if search else EPSILON, limits)


def classes_before(node: Node) -> list[CharSet]:
    """Return the classes into which conditions on the character before divide all characters; one if there are none."""
    classes = [ALL]
    conditional = False
    known: set[int] = set()
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, Edge) and (top.before != ALL or not top.at_start):
            conditional = True
            if id(top.before) in known:
                continue
            known.add(id(top.before))
            parts = [(intersect(c, top.before), intersect(c, complement(top.before))) for c in classes]
            classes = [part for pair in parts for part in pair if part]
        elif isinstance(top, Sequence):
            stack.extend(top.parts)
        elif isinstance(top, Choice):
            stack.extend(top.options)
        elif isinstance(top, (Loop, Look)):
            stack.append(top.body)
    return classes if conditional else []


class _Translator:
    """The contexts of one pattern and the rests met so far."""

    def __init__(self, root: Node, limits: Limits) -> None:
        self.limits = limits
        self.deadline = time.monotonic() + limits.seconds
        self.depth = 0
        self.classes = classes_before(root)
        self.steps = 0
        self._rests: dict[tuple[int, int], _Rest] = {}
        self._finals: dict[Term, _Rest] = {}
        self._kept: list[object] = []
        self._holds: dict[tuple[int, int], bool] = {}

    def then(self, node: Node, rest: _Rest) -> _Rest:
        """Return the rest that begins with `node`."""
        key = (id(node), id(rest))
        found = self._rests.get(key)
        if found is None:
            found = self._rests[key] = _Then(self, node, rest)
            self._kept.append(node)  # ids stay unique as long as the objects live
        return found

    def final(self, term: Term) -> _Rest:
        """Return the rest that is `term` in every context."""
        return self._finals.setdefault(term, _Final(term))

    def charge(self) -> None:
        """Count one step of the translation."""
        self.steps += 1
        if self.steps > _MAX_STEPS:
            raise LimitExceeded("steps of working assertions into a pattern", _MAX_STEPS)
        if time.monotonic() > self.deadline:
            raise LimitExceeded("seconds of working assertions into a pattern", self.limits.seconds)
        if self.depth > _MAX_DEPTH:
            raise LimitExceeded("assertions of a pattern that depend on one another", _MAX_DEPTH)

    def prepare(self, rest: _Rest) -> None:
        """Work a rest out ahead of its use, so that long chains do not recurse."""
        for context in range(len(self.classes) + 1):
            with contextlib.suppress(Irreducible):
                rest.at(context)

    def holds(self, edge: Edge, context: int) -> bool:
        """Tell whether the left side of the condition holds in a context."""
        if not self.classes:
            return True
        if context == START:
            return edge.at_start
        key = (id(edge.before), context)  # the sets live as long as the tree
        if key not in self._holds:
            self._holds[key] = bool(intersect(self.classes[context - 1], edge.before))
        return self._holds[key]


class _Rest:
    """The language of what still has to follow, by context."""

    def at(self, context: int) -> Term:
        """Return the language in a context."""
        raise NotImplementedError


class _Final(_Rest):
    def __init__(self, term: Term) -> None:
        self.term = term

    def at(self, context: int) -> Term:
        return self.term


class _Then(_Rest):
    def __init__(self, translator: _Translator, node: Node, rest: _Rest) -> None:
        self.translator = translator
        self.node = node
        self.rest = rest
        self.memo: dict[int, Term] = {}

    def at(self, context: int) -> Term:
        found = self.memo.get(context)
        if found is None:
            self.translator.depth += 1
            try:
                self.translator.charge()
                found = self.memo[context] = self._translate(context)
            finally:
                self.translator.depth -= 1
        return found

    def _translate(self, context: int) -> Term:
        node, rest, translator = self.node, self.rest, self.translator
        if isinstance(node, Plain):
            return _plain(node.term, rest, context, translator.classes)
        if isinstance(node, Sequence):
            for part in reversed(node.parts):
                rest = translator.then(part, rest)
                if len(node.parts) > _LONG:
                    translator.prepare(rest)
            return rest.at(context)
        if isinstance(node, Choice):
            return shape.alt(translator.then(option, rest).at(context) for option in node.options)
        if isinstance(node, Edge):
            if not translator.holds(node, context):
                return NOTHING
            return shape.restrict(rest.at(context), node.after, node.at_end)
        if isinstance(node, Look):
            return self._look(node, context)
        return self._loop(node, context)

    def _look(self, node: Look, context: int) -> Term:
        if node.behind:
            message = "this lookbehind does not reduce: what it looks at is not plain text before it"
            raise Irreducible(message, node.span)
        after = self.rest.at(context)
        if after is NOTHING:
            return NOTHING
        ahead = self.translator.then(node.body, self.translator.final(ANY_TEXT)).at(context)
        if ahead is NOTHING or ahead is ANY_TEXT:
            return after if (ahead is NOTHING) == node.negative else NOTHING
        if after is EPSILON:
            return EPSILON if ahead.nullable != node.negative else NOTHING
        return shape.meet(after, negate(ahead) if node.negative else ahead)

    def _loop(self, node: Loop, context: int) -> Term:
        translator, rest = self.translator, self.rest
        plain = settled(node.body)
        if plain is not None:
            return _plain(repeat(shape.unit(plain), node.least, node.most), rest, context, translator.classes)
        tempered = self._tempered(node, context)
        if tempered is not None:
            return tempered
        if node.most is None or node.most > _MAX_UNROLLED:
            span = first_assertion(node.body)
            message = "this assertion looks beyond the repetition it stands in"
            raise Irreducible(message, span)
        chain = rest
        for index in range(node.most, 0, -1):
            # Round `index` is taken, or, beyond the required ones, left out together with those after it.
            taken = translator.then(node.body, chain)
            chain = _Either(taken, rest) if index > node.least else taken
            translator.prepare(chain)
        return chain.at(context)

    def _tempered(self, node: Loop, context: int) -> Term | None:
        """Return `((?!A)[set]){m,n}` and what follows as one complement, if nothing of A begins in what follows."""
        if not isinstance(node.body, Sequence):
            return None
        *looks, last = node.body.parts
        if not isinstance(last, Plain) or shape.lengths(last.term) != (1, 1):
            return None
        contexts = range(len(self.translator.classes) + 1)
        after = shape.letters(shape.alt(self.rest.at(c) for c in contexts if c != START or context == START))
        forbidden: list[Term] = []
        for part in looks:
            if not isinstance(part, Look) or part.behind or not part.negative or classes_before(part.body):
                return None
            ahead = self.translator.then(part.body, self.translator.final(ANY_TEXT)).at(START)
            if ahead.nullable or intersect(shape.first(ahead), after):
                return None
            forbidden.append(ahead)
        rounds = repeat(shape.unit(last.term), node.least, node.most)
        free = _plain(rounds, self.rest, context, self.translator.classes)
        return shape.meet(free, negate(shape.concat([ANY_TEXT, shape.alt(forbidden)])))


class _Either(_Rest):
    def __init__(self, left: _Rest, right: _Rest) -> None:
        self.left = left
        self.right = right

    def at(self, context: int) -> Term:
        return shape.alt([self.left.at(context), self.right.at(context)])


def _plain(term: Term, rest: _Rest, context: int, classes: list[CharSet]) -> Term:
    """Return `term` followed by the rest, which may depend on the last character of `term`."""
    if term is EPSILON:
        return rest.at(context)
    if term is NOTHING:
        return NOTHING
    if not classes:
        return shape.concat([term, rest.at(START)])
    ends: dict[Term, CharSet] = {}
    for index, charset in enumerate(classes):
        follow = rest.at(index + 1)
        if follow is not NOTHING:
            ends[follow] = union(ends.get(follow, NONE), charset)
    options = []
    here = rest.at(context) if term.nullable else NOTHING
    for follow, charset in ends.items():
        if term.nullable and _includes(here, follow):
            if charset == ALL:
                options.append(shape.concat([term, follow]))
            else:
                options.append(shape.concat([shape.alt([EPSILON, shape.ending(term, charset)]), follow]))
            here = _without(here, follow)
        else:
            options.append(shape.concat([shape.ending(term, charset), follow]))
    return shape.alt([*options, here])


def _includes(whole: Term, part: Term) -> bool:
    """Tell whether `part` is plainly one of the options of `whole`."""
    if whole is part:
        return True
    options = whole.args if whole.kind is Kind.ALT else (whole,)
    return all(item in options for item in (part.args if part.kind is Kind.ALT else (part,)))


def _without(whole: Term, part: Term) -> Term:
    """Return `whole` without the options that `part` consists of."""
    gone = part.args if part.kind is Kind.ALT else (part,)
    return shape.alt(item for item in (whole.args if whole.kind is Kind.ALT else (whole,)) if item not in gone)


# ---- lookbehind --------------------------------------------------------------------------------------------------------


def _fold_behind(node: Node) -> Node:
    """Return the tree with each lookbehind that follows a plain prefix of the whole text worked into that prefix."""
    if isinstance(node, Choice):
        return choice(_fold_behind(option) for option in node.options)
    if not isinstance(node, Sequence):
        return _fold_behind(Sequence((node,))) if isinstance(node, Look) and node.behind else node
    prefix: Term = EPSILON
    for index, part in enumerate(node.parts):
        if isinstance(part, Plain):
            prefix = shape.concat([prefix, part.term])
        elif (
            isinstance(part, Edge)
            and part.before == NONE
            and part.at_start
            and (part.after, part.at_end) == (ALL, True)
        ):
            prefix = EPSILON if prefix.nullable else NOTHING
        elif isinstance(part, Look) and part.behind and (seen := seen_behind(part.body)) is not None:
            prefix = shape.meet(prefix, negate(seen) if part.negative else seen)
        elif isinstance(part, Choice) and any(_has_behind(option) for option in part.options):
            tail = node.parts[index + 1 :]
            return choice(_fold_behind(sequence([Plain(prefix), option, *tail])) for option in part.options)
        else:
            # Nothing was folded into a prefix that is still as it was, and conditions stay where they are.
            rest = node.parts[index:]
            if any(isinstance(p, Look) and p.behind for p in node.parts[:index]):
                return sequence([Plain(prefix), *rest])
            return node
    return Plain(prefix)


def seen_behind(body: Node) -> Term | None:
    """Return the texts before a place at which a lookbehind with this body holds, or None if it looks ahead too."""
    stack = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, Sequence):
            stack.extend(node.parts)
        elif isinstance(node, Choice):
            stack.extend(node.options)
        elif isinstance(node, Loop):
            stack.append(node.body)
        elif isinstance(node, Look) or (isinstance(node, Edge) and (node.after != ALL or not node.at_end)):
            return None
    try:
        return _at_start(sequence([Plain(ANY_TEXT), body]), EPSILON, DEFAULT)
    except Irreducible:
        return None


def _at_start(node: Node, final: Term, limits: Limits) -> Term:
    translator = _Translator(node, limits)
    return translator.then(node, translator.final(final)).at(START)


def _has_behind(node: Node) -> bool:
    if isinstance(node, Look):
        return node.behind
    if isinstance(node, Sequence):
        return any(_has_behind(part) for part in node.parts)
    return isinstance(node, Choice) and any(_has_behind(option) for option in node.options)
