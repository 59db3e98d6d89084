"""The words of a finite language, where there are few.

Problem: `enum`, `const`, property names and patterns such as `^(yes|no)$` are finite; as a list they can be compared,
counted and subtracted, which no automaton does as cheaply.

Worked example: `finite_words(text("a") [bc]?, 8)` is `["a", "ab", "ac"]`; with `most=2` it is None; `[a-z]*` gives None
without looking further.

Invariants: a list is the whole language, sorted by code point and without duplicates; None says nothing (infinite, too many, or
too costly to find out). Intermediate results never exceed `most` words and `most` times 64 characters, plus one factor.

Rejected: enumerating the automaton's paths, which costs as much as the automaton.
"""

from __future__ import annotations

from functools import lru_cache

from constrain.core.charset import size
from constrain.regular.shape import derivative
from constrain.regular.term import Kind, Term

__all__ = ["contains_word", "finite_words"]

_MAX_LENGTH = 1 << 16
_MAX_FILTERED = 256


def finite_words(term: Term, most: int) -> list[str] | None:
    """Return the words of a term over characters if they are few.

    most: the largest number of words of interest. Returns None if there are more, infinitely many, or if finding out
    would cost more than listing them.
    """
    try:
        words = _words(term, most)
    except RecursionError:
        return None
    return None if words is None or len(words) > most else sorted(words)


def contains_word(term: Term, word: str) -> bool:
    """Tell whether a term over characters contains the word."""
    for char in word:
        term = derivative(term, ord(char))
        if term.kind is Kind.NOTHING:
            return False
    return term.nullable


@lru_cache(maxsize=1024)
def _words(term: Term, most: int) -> frozenset[str] | None:
    kind, args = term.kind, term.args
    if kind is Kind.NOTHING:
        return frozenset()
    if kind is Kind.EPSILON:
        return frozenset(("",))
    if kind is Kind.CHARS:
        if size(args[0]) > most:
            return None
        return frozenset(chr(code) for low, high in args[0] for code in range(low, high + 1))
    if kind is Kind.WORDS:
        return None if len(args[1]) > most else frozenset(args[1])
    if kind is Kind.ALT:
        return _frozen(_union(args, most))
    if kind is Kind.CONCAT:
        return _frozen(_product(args, most))
    if kind is Kind.REPEAT:
        return _frozen(_rounds(args[0], args[1], args[2], most))
    if kind is Kind.AND:
        return _frozen(_intersection(args, most))
    return None  # a complement is infinite unless written to confuse


def _frozen(words: set[str] | None) -> frozenset[str] | None:
    return None if words is None else frozenset(words)


def _union(options: tuple[Term, ...], most: int) -> set[str] | None:
    found: set[str] = set()
    for option in options:
        words = _words(option, most)
        if words is None:
            return None
        found |= words
        if len(found) > most:
            return None
    return found


def _product(parts: tuple[Term, ...], most: int) -> set[str] | None:
    found = {""}
    unknown = False
    for part in parts:
        words = _words(part, most)
        if words is not None and not words:
            return set()
        if words is None:
            unknown = True  # goes on: a later factor may be empty
        elif not unknown:
            joined = _joined(found, words, most)
            if joined is None:
                unknown = True
            else:
                found = joined
    return None if unknown else found


def _joined(left: set[str], right: frozenset[str], most: int) -> set[str] | None:
    longest = max(map(len, left)) + max(map(len, right))
    if longest > _MAX_LENGTH or max(len(left), len(right)) > most:
        return None
    if len(left) * len(right) > most * 64 or longest * len(left) * len(right) > _MAX_LENGTH * 64:
        return None
    found = {a + b for a in left for b in right}
    return None if len(found) > most else found


def _rounds(body: Term, least: int, most_rounds: int | None, most: int) -> set[str] | None:
    words = _words(body, most)
    if words is None:
        return None
    if not words or words == {""}:
        return {""} if least == 0 or words else set()
    if most_rounds is None:
        return None
    if most_rounds * max(map(len, words)) > _MAX_LENGTH:
        return None
    if len(words) == 1:  # so that counted repeats of one word need no product a round
        (word,) = words
        return None if most_rounds - least >= most else {word * n for n in range(least, most_rounds + 1)}
    if least == most_rounds and least >= most.bit_length() and len({len(word) for word in words}) == 1:
        return None  # 2 ** least words at the fewest
    found: set[str] = set()
    power = {""}
    for count in range(most_rounds + 1):
        if count >= least:
            found |= power
            if len(found) > most:
                return None
        if count < most_rounds:
            step = _joined(power, words, most)
            if step is None:
                return None
            power = step
    return found


def _intersection(parts: tuple[Term, ...], most: int) -> set[str] | None:
    """Filter the words of the first finite conjunct by the others."""
    for part in parts:
        words = _words(part, max(most, _MAX_FILTERED))
        if words is not None:
            others = [other for other in parts if other is not part]
            return {word for word in words if all(contains_word(other, word) for other in others)}
    return None
