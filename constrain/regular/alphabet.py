"""The characters of a term, sorted into as few classes as it can tell apart, and the term over these classes.

Problem: whether a conjunction of patterns has any member is a question about characters. Asked over UTF-8 it takes several
steps a character, and a complement that has become hopeless does not look like it, because the complement of all *text*
is not empty among byte strings. One byte per class of characters removes both.

Worked example: `[a-z]+` & not(`.*b.*`) tells apart the classes {b}, {a, c..z} and all others. With bytes 0, 1 and 2..255 for
them it is `repeat(byteset({0, 1}), 1)` & not(EVERYTHING 0 EVERYTHING): any text is any byte string, so `negate` and `both` see
what is hopeless on construction.

Invariant: `compressed(t)` is empty iff `t` is, and has members of the same lengths, in characters and bytes.

Source: D'Antoni and Veanes, "Minimization of symbolic automata" (2014), for minterms. Rejected: derivatives over
character sets, which intersect lists of ranges at every step.
"""

from __future__ import annotations

from collections.abc import Iterable

from constrain.core.charset import CharSet
from constrain.limits import DEFAULT, Limits
from constrain.regular.emptiness import is_empty
from constrain.regular.lower import lower_utf8
from constrain.regular.term import (
    ANY_TEXT,
    EVERYTHING,
    NOTHING,
    Kind,
    Term,
    alt,
    both,
    byteset,
    concat,
    literal,
    negate,
    repeat,
)

__all__ = ["compressed", "text_is_empty"]

_MOST_CLASSES = 200
_MOST_WORDS = 2_000
_END = 0x110000
_ALL_BYTES = (1 << 256) - 1


def compressed(term: Term) -> Term | None:
    """Return a term over characters with a byte for each class of characters; None if that takes too many classes or words."""
    order = _operands_first(term)
    charsets: dict[CharSet, None] = {}
    letters: set[str] = set()
    for part in order:
        if part.kind is Kind.CHARS:
            charsets[part.args[0]] = None
        elif part.kind is Kind.WORDS:
            if len(part.args[1]) > _MOST_WORDS:
                return None
            letters.update(*part.args[1])
        elif part.kind in (Kind.BYTES, Kind.LITERAL, Kind.DFA, Kind.SUFFIXES):
            return None
    sets = [*charsets, *(((ord(letter), ord(letter)),) for letter in sorted(letters))]
    masks = _masks(sets)
    if masks is None:
        return None
    spelled = dict(zip(sets, masks, strict=True))
    done: dict[Term, Term] = {ANY_TEXT: EVERYTHING}
    for part in order:
        if part not in done:
            done[part] = _translate(part, done, spelled)
    return done[term]


def text_is_empty(term: Term, limits: Limits = DEFAULT) -> bool:
    """Tell whether a term over characters has no member. Raises LimitExceeded after `limits.search` derivatives."""
    if not term.boolean:
        return term is NOTHING
    small = compressed(term)
    return is_empty(lower_utf8(term) if small is None else small, limits)


def _operands_first(term: Term) -> list[Term]:
    """Return the parts of a term, each after its own parts; with a stack of its own, because terms are nested deeply."""
    order: dict[Term, None] = {}
    stack = [term]
    while stack:
        top = stack[-1]
        waiting = [part for part in _operands(top) if part not in order]
        if waiting:
            stack.extend(waiting)
        else:
            stack.pop()
            order[top] = None
    return list(order)


def _operands(term: Term) -> tuple[Term, ...]:
    if term.kind in (Kind.CONCAT, Kind.ALT, Kind.AND):
        return term.args
    return term.args[:1] if term.kind in (Kind.REPEAT, Kind.NOT) else ()


def _masks(sets: list[CharSet]) -> list[int] | None:
    """Return for each set the bytes of the classes it consists of; None if there are too many classes.

    The sets cut the code points at the ends of their ranges; a stretch between two cuts is in the class of all stretches that
    lie in the same sets. The last class is given all bytes that are left, so the union of all classes is all bytes.
    """
    changes: dict[int, int] = {0: 0, 0xD800: 0, 0xE000: 0}
    for index, ranges in enumerate(sets):
        for low, high in ranges:
            changes[low] = changes.get(low, 0) ^ 1 << index
            changes[high + 1] = changes.get(high + 1, 0) ^ 1 << index
    changes.pop(_END, None)
    signatures: dict[int, None] = {}
    signature = 0
    for cut in sorted(changes):
        signature ^= changes[cut]
        if not 0xD800 <= cut <= 0xDFFF:  # surrogates are no characters
            signatures[signature] = None
    if len(signatures) > _MOST_CLASSES:
        return None
    masks = [0] * len(sets)
    last = len(signatures) - 1
    for number, signature in enumerate(signatures):
        spelling = (_ALL_BYTES >> last) << last if number == last else 1 << number
        while signature:
            low = signature & -signature
            masks[low.bit_length() - 1] |= spelling
            signature ^= low
    return masks


def _translate(term: Term, done: dict[Term, Term], spelled: dict[CharSet, int]) -> Term:
    kind, args = term.kind, term.args
    if kind is Kind.CHARS:
        return byteset(spelled[args[0]])
    if kind is Kind.WORDS:
        return alt(*(_word(word, spelled) for word in args[1]))
    if kind is Kind.CONCAT:
        return concat(*(done[part] for part in args))
    if kind is Kind.ALT:
        return alt(*(done[part] for part in args))
    if kind is Kind.AND:
        return both(*(done[part] for part in args))
    if kind is Kind.NOT:
        return negate(done[args[0]])
    if kind is Kind.REPEAT:
        return repeat(done[args[0]], args[1], args[2])
    return term  # nothing, the empty string


def _word(word: str, spelled: dict[CharSet, int]) -> Term:
    masks: Iterable[int] = (spelled[((ord(letter), ord(letter)),)] for letter in word)
    return concat(
        *(literal(bytes([mask.bit_length() - 1])) if mask & mask - 1 == 0 else byteset(mask) for mask in masks)
    )
