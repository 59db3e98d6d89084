"""Hash-consed regular terms, the one representation of a regular language.

A term is built by the functions below, never by its class: they simplify and intern, so equal terms are the
same object and `is` decides equality. Terms exist on two levels with the same operators:

- over *characters*: leaves are `chars(set)` (one code point) and `words(...)` with spelling "text". This is what
  pattern parsers produce and where intersection, complement and counting are meant.
- over *bytes*: leaves are `byteset`, `literal`, `dfa` and `words` with spelling "utf8" or "json". This is what the
  automaton runs. `constrain.regular.lower` leads from the first level to the second: each character becomes its UTF-8
  bytes, or all its spellings inside a JSON string (raw, short escape, backslash-u, surrogate pair).

Worked example: the pattern `^a{2,3}$` over characters is `repeat(chars({a}), 2, 3)`; lowered to UTF-8 it is
`repeat(literal(b"a"), 2, 3)`; its derivative by byte 0x61 is `repeat(literal(b"a"), 1, 2)`.

Complement is complement in the set of all byte strings (all character strings on the first level); lowering
intersects with the strings that are well spelled, so complement never lets broken UTF-8 through.

Invariants: no term contains NOTHING except NOTHING itself; Alt and And are flat, sorted by creation number and
without duplicates; Concat is flat; Repeat has max != 0 and (min, max) != (1, 1).

Source: Brzozowski, "Derivatives of regular expressions" (1964); Owens, Reppy, Turon, "Regular-expression
derivatives re-examined" (2009) for interning modulo similarity. Rejected: an AST per surface syntax, because every
later stage would then exist once per syntax; numeric ranges and remainders as alternations, because the remainders
of 11 alone take thousands of nodes where a table has eleven rows.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterable
from enum import IntEnum
from typing import Any, Literal

from constrain.core.charset import ALL, CharSet, union

__all__ = [
    "ANY_CHAR",
    "ANY_TEXT",
    "EPSILON",
    "EVERYTHING",
    "NOTHING",
    "Dfa",
    "Kind",
    "Spelling",
    "Term",
    "alt",
    "both",
    "byteset",
    "chars",
    "check_table",
    "concat",
    "dfa",
    "literal",
    "negate",
    "repeat",
    "respelled",
    "suffixes",
    "text",
    "words",
]


class Kind(IntEnum):
    """What a term is; the native core uses the same numbers."""

    NOTHING = 0  # the empty language
    EPSILON = 1  # the empty string
    BYTES = 2  # args: int, a 256-bit mask of the bytes allowed
    LITERAL = 3  # args: bytes
    CONCAT = 4  # args: terms, at least two
    ALT = 5  # args: terms, at least two
    REPEAT = 6  # args: term, min, max (None: unbounded)
    AND = 7  # args: terms, at least two
    NOT = 8  # args: term
    WORDS = 9  # args: spelling, tuple of str sorted by UTF-8 bytes
    CHARS = 10  # args: CharSet; must be lowered before it meets a byte
    DFA = 11  # args: Dfa, state; bytes accepted from that state of the table
    SUFFIXES = 12  # args: a WORDS term, low, high, depth, pending bytes; what is left of it (see regex.wordset)


Spelling = Literal["text", "utf8", "json"]


class Term:
    """One regular language. `kind` says what `args` hold; `serial` orders terms by creation.

    nullable: the empty string belongs to it.
    boolean: an And or Not occurs in it, so it may denote the empty language without being NOTHING.
    form: memo of `derivative.linear_form`; empty: memo of `emptiness.is_empty`; utf8 and json: memos of `lower`. They live
        here and not in a table beside, so that a term and what is known about it die together.
    """

    __slots__ = ("__weakref__", "args", "boolean", "empty", "form", "json", "kind", "nullable", "serial", "utf8")

    kind: Kind
    args: tuple[Any, ...]
    nullable: bool
    boolean: bool
    serial: int
    form: tuple[tuple[int, Term], ...] | None
    empty: bool | None
    utf8: Term | None
    json: Term | None

    def __repr__(self) -> str:
        from constrain.regular.printer import show

        return f"<{show(self)}>"


class Dfa:
    """A frozen deterministic automaton over bytes, equal tables being the same object (make one with `Dfa.of`).

    classes:   256 bytes; byte b is read as class classes[b], 0 <= class < width. Several bytes share a class.
    next:      next[state * width + class] is the next state, or -1: no string with this beginning belongs.
    accepting: one byte per state, 1 if the empty rest belongs.
    Every state is live: some string leads from it to an accepting state.
    """

    __slots__ = ("__weakref__", "accepting", "classes", "next", "width")

    classes: bytes
    next: tuple[int, ...]
    accepting: bytes
    width: int

    @staticmethod
    def of(classes: bytes, targets: tuple[int, ...], accepting: bytes, *, live: bool = False) -> Dfa:
        """Return the table whose `next` is `targets`. Raises ValueError if it is malformed or a state is not live.

        live: the construction guarantees both, so nothing is checked again.
        """
        key = (classes, targets, accepting)
        found = _tables.get(key)
        if found is None:
            found = Dfa()
            found.classes, found.next, found.accepting = key
            found.width = max(classes) + 1
            if not live:
                check_table(found)
            _tables[key] = found
        return found


_tables: weakref.WeakValueDictionary[tuple[bytes, tuple[int, ...], bytes], Dfa] = weakref.WeakValueDictionary()


def check_table(table: Dfa) -> None:
    """Raise ValueError if `table` is malformed or a state is not live."""
    width, count = table.width, len(table.accepting)
    if len(table.classes) != 256 or len(table.next) != count * width:
        raise ValueError(f"{count} states of {width} classes need {count * width} entries, not {len(table.next)}")
    before: list[list[int]] = [[] for _ in range(count)]
    for place, target in enumerate(table.next):
        if target >= 0:
            before[target].append(place // width)
    live = {state for state in range(count) if table.accepting[state]}
    pending = list(live)
    while pending:
        for state in before[pending.pop()]:
            if state not in live:
                live.add(state)
                pending.append(state)
    if len(live) != count:
        raise ValueError(f"{count - len(live)} of {count} states never accept")


# The members under names of their own: looking one up in its class costs as much as half a constructor.
_NOTHING = Kind.NOTHING
_EPSILON = Kind.EPSILON
_BYTES = Kind.BYTES
_LITERAL = Kind.LITERAL
_CONCAT = Kind.CONCAT
_ALT = Kind.ALT
_REPEAT = Kind.REPEAT
_AND = Kind.AND
_NOT = Kind.NOT
_WORDS = Kind.WORDS
_CHARS = Kind.CHARS
_DFA = Kind.DFA
_SUFFIXES = Kind.SUFFIXES

_serials = itertools.count()
_interned: weakref.WeakValueDictionary[tuple[Kind, tuple[Any, ...]], Term] = weakref.WeakValueDictionary()


def _term(kind: Kind, args: tuple[Any, ...], *, nullable: bool, boolean: bool) -> Term:
    key = (kind, args)
    found = _interned.get(key)
    if found is None:
        found = Term()
        found.kind, found.args, found.nullable, found.boolean = kind, args, nullable, boolean
        found.serial = next(_serials)
        found.form = found.utf8 = found.json = None
        found.empty = None if boolean else kind is _NOTHING
        _interned[key] = found
    return found


def _serial(term: Term) -> int:
    return term.serial


NOTHING = _term(_NOTHING, (), nullable=False, boolean=False)
EPSILON = _term(_EPSILON, (), nullable=True, boolean=False)


def byteset(mask: int) -> Term:
    """Return one byte out of the 256-bit `mask` (bit b set: byte b belongs)."""
    return _term(_BYTES, (mask,), nullable=False, boolean=False) if mask else NOTHING


def literal(data: bytes) -> Term:
    """Return exactly these bytes."""
    return _term(_LITERAL, (data,), nullable=False, boolean=False) if data else EPSILON


def dfa(table: Dfa, state: int) -> Term:
    """Return the byte strings that lead `table` from `state` to an accepting state (state -1: none).

    Its derivative by byte b is `dfa(table, table.next[state * table.width + table.classes[b]])`.
    """
    if state < 0:
        return NOTHING
    accepting = bool(table.accepting[state])
    if accepting and max(table.next[state * table.width : (state + 1) * table.width]) < 0:
        return EPSILON
    return _term(_DFA, (table, state), nullable=accepting, boolean=False)


def chars(charset: CharSet) -> Term:
    """Return one character out of `charset`."""
    return _term(_CHARS, (charset,), nullable=False, boolean=False) if charset else NOTHING


def text(string: str) -> Term:
    """Return exactly these characters (on the character level)."""
    if string and string.isascii():
        return _term(_WORDS, ("text", (string,)), nullable=False, boolean=False)
    return words([string], "text")


def words(strings: Iterable[str], spelling: Spelling) -> Term:
    """Return the finite set `strings`, each spelled in every legal way of `spelling`.

    A string with a lone surrogate has no spelling, so it is left out.
    """
    ordered = tuple(sorted(s for s in set(strings) if s.isascii() or not _has_surrogate(s)))  # = UTF-8 byte order
    if not ordered:
        return NOTHING
    if ordered == ("",):
        return EPSILON
    return _term(_WORDS, (spelling, ordered), nullable=ordered[0] == "", boolean=False)


def respelled(term: Term, spelling: Spelling) -> Term:
    """Return the words of a WORDS term in another spelling."""
    return _term(_WORDS, (spelling, term.args[1]), nullable=term.nullable, boolean=False)


def suffixes(base: Term, low: int, high: int, depth: int, pending: bytes) -> Term:
    """Return what is left of words `low` to `high` of `base` after `depth` characters and the bytes `pending`.

    For `constrain.regular.wordset`, which alone knows when such a residual is well formed.
    """
    nullable = not pending and len(base.args[1][low]) == depth
    return _term(_SUFFIXES, (base, low, high, depth, pending), nullable=nullable, boolean=False)


def _has_surrogate(string: str) -> bool:
    return any(0xD800 <= ord(char) <= 0xDFFF for char in string)


def concat(*parts: Term) -> Term:
    """Return the parts one after the other."""
    flat: list[Term] = []
    nullable, boolean = True, False
    for part in parts:
        kind = part.kind
        if kind is _NOTHING:
            return NOTHING
        if kind is _EPSILON:
            continue
        nullable, boolean = nullable and part.nullable, boolean or part.boolean
        for item in part.args if kind is _CONCAT else (part,):
            if item.kind is _LITERAL and flat and flat[-1].kind is _LITERAL:
                flat[-1] = literal(flat[-1].args[0] + item.args[0])
            else:
                flat.append(item)
    if not flat:
        return EPSILON
    if len(flat) == 1:
        return flat[0]
    return _term(_CONCAT, tuple(flat), nullable=nullable, boolean=boolean)


def alt(*options: Term) -> Term:
    """Return the union of the options."""
    item: Term
    flat: dict[Term, None] = {}
    mask = 0
    charset: CharSet = ()
    empty = nullable = boolean = False
    for option in options:
        for item in option.args if option.kind is _ALT else (option,):
            kind = item.kind
            if kind is _BYTES:
                mask |= item.args[0]
            elif kind is _CHARS:
                charset = union(charset, item.args[0]) if charset else item.args[0]
            elif kind is _EPSILON:
                empty = True
            elif item is EVERYTHING:
                return EVERYTHING
            elif kind is not _NOTHING:
                flat[item] = None
                nullable, boolean = nullable or item.nullable, boolean or item.boolean
    if mask:
        flat[byteset(mask)] = None
    if charset:
        flat[chars(charset)] = None
    if empty and not nullable:
        flat[EPSILON] = None
        nullable = True
    if not flat:
        return NOTHING
    if len(flat) == 1:
        return next(iter(flat))
    return _term(_ALT, tuple(sorted(flat, key=_serial)), nullable=nullable, boolean=boolean)


def both(*terms: Term) -> Term:
    """Return the intersection of the terms."""
    item: Term
    flat: dict[Term, None] = {}
    for term in terms:
        for item in term.args if term.kind is _AND else (term,):
            if item is NOTHING:
                return NOTHING
            if item is not EVERYTHING:
                flat[item] = None
    if EPSILON in flat:
        return EPSILON if all(t.nullable for t in flat) else NOTHING
    for item in flat:
        if item.kind is _NOT and item.args[0] in flat:
            return NOTHING
    if not flat:
        return EVERYTHING
    if len(flat) == 1:
        return next(iter(flat))
    ordered = tuple(sorted(flat, key=_serial))
    return _term(_AND, ordered, nullable=all(t.nullable for t in ordered), boolean=True)


def negate(term: Term) -> Term:
    """Return every string that does not belong to `term`."""
    if term.kind is _NOT:
        inner: Term = term.args[0]
        return inner
    return _term(_NOT, (term,), nullable=not term.nullable, boolean=True)


def repeat(term: Term, least: int = 0, most: int | None = None) -> Term:
    """Return `least` to `most` copies of `term` (`most=None`: any number from `least` on)."""
    if most is not None and least > most:
        return NOTHING
    if term is EPSILON or most == 0:
        return EPSILON
    if term is NOTHING:
        return EPSILON if least == 0 else NOTHING
    if (least, most) == (1, 1):
        return term
    if term.nullable:
        least = 0
    if term.kind is _REPEAT and term.args[1] == 0 and term.args[2] is None and (least, most) != (1, 1):
        return term
    return _term(_REPEAT, (term, least, most), nullable=least == 0 or term.nullable, boolean=term.boolean)


EVERYTHING: Term = negate(NOTHING)
"""Every byte string (every character string on the first level)."""

ANY_CHAR = chars(ALL)
ANY_TEXT = repeat(ANY_CHAR)
