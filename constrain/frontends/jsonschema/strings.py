"""The string part of a predicate: a formula over words, lengths and patterns becomes one regular term.

Worked example: `Pattern(^[a-z]+$) and Length(2) and NOT Length(5)` is `[a-z]{2,4}`: lengths are folded into a pattern
that is one counted character class, because an intersection would cost at every byte. `Words({a, bb, ccc}) and
Length(2)` is the words {bb, ccc}: a finite set is filtered, never intersected.

Invariant: `term` is over characters and equal to the formula; `json` is the same between quotation marks, in every
legal spelling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from constrain.errors import LimitExceeded
from constrain.frontends.jsonschema.atoms import Length, Pattern, Words
from constrain.frontends.jsonschema.formula import FALSE, TRUE, Formula, Op
from constrain.limits import Limits
from constrain.regular.alphabet import text_is_empty
from constrain.regular.derivative import matches
from constrain.regular.lower import lower_json, lower_utf8
from constrain.regular.shape import lengths
from constrain.regular.term import (
    ANY_CHAR,
    ANY_TEXT,
    NOTHING,
    Kind,
    Term,
    alt,
    both,
    concat,
    literal,
    negate,
    repeat,
    words,
)

if TYPE_CHECKING:
    from constrain.frontends.jsonschema.builder import Builder

__all__ = ["Strings"]

_QUOTE = literal(b'"')
_ANY_STRING = concat(_QUOTE, lower_json(ANY_TEXT), _QUOTE)


class Strings:
    """Answers about string formulas of one algebra, each computed once."""

    def __init__(self, build: Builder, limits: Limits) -> None:
        self._build = build
        self._algebra = build.algebra
        self._limits = limits
        self._terms: dict[Formula, Term] = {TRUE: ANY_TEXT, FALSE: NOTHING}
        self._json: dict[Formula, Term] = {TRUE: _ANY_STRING, FALSE: NOTHING}
        self._inhabited: dict[Formula, bool] = {TRUE: True, FALSE: False}

    def json(self, f: Formula) -> Term:
        """Return the byte term of all JSON spellings of the strings that satisfy `f`, quotation marks included."""
        found = self._json.get(f)
        if found is None:
            finite = self.finite(f)
            body = lower_json(self.term(f)) if finite is None else words(finite, "json")
            found = self._json[f] = concat(_QUOTE, body, _QUOTE)
        return found

    def inhabited(self, f: Formula) -> bool:
        """Tell whether some string satisfies `f`."""
        found = self._inhabited.get(f)
        if found is None:
            finite = self.finite(f)
            if finite is not None:
                return self._inhabited.setdefault(f, bool(finite))
            term = self.term(f)
            if f in self._inhabited:
                return True
            try:
                found = not text_is_empty(term, self._limits)
            except LimitExceeded as error:
                raise self._build.placed(error, f) from error
            self._inhabited[f] = found
        return found

    def holds(self, f: Formula, word: str) -> bool:
        """Tell whether the string satisfies `f`."""
        return self._algebra.evaluate(f, lambda atom: _holds(atom, word))

    def finite(self, f: Formula) -> frozenset[str] | None:
        """Return the strings that satisfy `f` where that is plainly a finite set, else None."""
        if f.op is Op.ATOM:
            return f.atom.words if f.atom.__class__ is Words else None
        if f.op is Op.AND:
            for part in f.args:
                if part.op is Op.ATOM and part.atom.__class__ is Words:
                    others = [other for other in f.args if other is not part]
                    return frozenset(w for w in part.atom.words if all(self.holds(g, w) for g in others))
        return frozenset() if f is FALSE else None

    def term(self, f: Formula) -> Term:
        """Return the strings that satisfy `f`, over characters."""
        found = self._terms.get(f)
        if found is None:
            found = self._terms[f] = self._term(f)
        return found

    def _term(self, f: Formula) -> Term:
        op = f.op
        if op is Op.ATOM:
            atom = f.atom
            if atom.__class__ is Words:
                return words(atom.words, "text")
            if atom.__class__ is Length:
                return repeat(ANY_CHAR, atom.least)
            assert isinstance(atom, Pattern)
            return atom.term
        if op is Op.NOT:
            inner = f.args[0]
            if inner.op is Op.ATOM and inner.atom.__class__ is Length:
                return repeat(ANY_CHAR, 0, inner.atom.least - 1)
            return negate(self.term(inner))
        if op is Op.OR:
            return alt(*map(self.term, f.args))
        if op is Op.ONE:
            once = twice = NOTHING
            for term in map(self.term, f.args):
                twice = alt(twice, both(once, term))
                once = alt(once, term)
            return both(once, negate(twice))
        return self._conjunction(f)

    def _conjunction(self, f: Formula) -> Term:
        finite = self.finite(f)
        if finite is not None:
            return words(finite, "text")
        least, most = 0, None
        rest: list[Term] = []
        for part in f.args:
            negative = part.op is Op.NOT
            core = part.args[0] if negative else part
            if core.op is Op.ATOM and core.atom.__class__ is Length:
                if negative:
                    most = core.atom.least - 1 if most is None else min(most, core.atom.least - 1)
                else:
                    least = max(least, core.atom.least)
            else:
                term = self.term(part)
                if term is not ANY_TEXT:
                    rest.append(term)
        if len(rest) == 1 and rest[0].kind is Kind.REPEAT and rest[0].args[0].kind is Kind.CHARS:
            inner, low, high = rest[0].args
            return repeat(inner, max(least, low), high if most is None else most if high is None else min(most, high))
        if len(rest) == 1 and rest[0].kind is Kind.CHARS:
            return rest[0] if least <= 1 and (most is None or most >= 1) else NOTHING
        if len(rest) == 1 and not rest[0].boolean:
            shortest = lengths(rest[0])[0]
            if least <= shortest and (most is None or shortest <= most):
                self._inhabited[f] = True  # a shortest word of the language is long enough and not too long
        if least or most is not None:
            rest.append(repeat(ANY_CHAR, least, most))
        return both(*rest) if rest else ANY_TEXT


def _holds(atom: object, word: str) -> bool:
    if isinstance(atom, Words):
        return word in atom.words
    if isinstance(atom, Length):
        return len(word) >= atom.least
    assert isinstance(atom, Pattern)
    try:
        data = word.encode()
    except UnicodeEncodeError:
        return False
    return matches(lower_utf8(atom.term), data)
