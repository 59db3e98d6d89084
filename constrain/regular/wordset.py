r"""Residuals of a finite set of words, each of which has several spellings.

Problem: `words({"a", "é"}, "json")` is the set of all JSON spellings of two names. `a` may be written `a`, `\u0061`; `é`
may be the bytes C3 A9, `\u00e9` or `\u00E9`; U+1F600 may be four bytes or an escaped surrogate pair. Writing all spellings
down is exponential in the length, and a trie of a set of 10^5 words is work done before it is needed.

A residual is a range `low..high` of the sorted words which all share their first `depth` characters, plus `pending`: the
bytes already read of one unfinished character (hex digits in lower case, so both cases lead to the same residual). The
next bytes come from the distinct next characters of the range, which binary search finds group by group.

Example: after the bytes `\u00`, the residual of the set above is range 0..2, depth 0, pending `\u00`; both `6` (for `a`)
and `e` (for `é`) go on; nothing else does.

Invariants: the spellings of all characters form a prefix code, so each byte leads to one residual; a residual with pending
bytes is made only for a character of some word, so it is never empty. Small residuals are rewritten as WORDS of the
remaining suffixes (one UTF-8 word: as a literal), so equal tails of different words meet in one term.

Rejected: an alternation of literals (10^5 interned terms for a set of which one word is read).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from constrain.regular.term import EPSILON, Kind, Term, literal, suffixes, words

__all__ = ["form", "spellings"]

_SHORT_ESCAPES = {
    '"': b'\\"',
    "\\": b"\\\\",
    "/": b"\\/",
    "\b": b"\\b",
    "\f": b"\\f",
    "\n": b"\\n",
    "\r": b"\\r",
    "\t": b"\\t",
}
_REWRITE_WORDS = 8
_REWRITE_CHARACTERS = 256


def form(term: Term) -> dict[Term, int]:
    """Return residual -> mask of the bytes that lead to it, for a WORDS or SUFFIXES term over bytes."""
    if term.kind is Kind.WORDS:
        base, low, high, depth, pending = term, 0, len(term.args[1]), 0, b""
    else:
        base, low, high, depth, pending = term.args
    spelling: str = base.args[0]
    if spelling == "text":
        raise TypeError("words over characters must be lowered before they meet a byte")
    by_byte: dict[int, Term] = {}
    position = len(pending)
    for char, first, last in _groups(base.args[1], low, high, depth):
        for spelled in spellings(char, spelling):
            if not spelled.startswith(pending):
                continue
            byte = spelled[position]
            if len(spelled) == position + 1:
                by_byte[byte] = _tail(base, first, last, depth + 1)
            elif byte not in by_byte:
                by_byte[byte] = suffixes(base, low, high, depth, spelled[: position + 1])
    is_hex = pending.startswith(b"\\u") and position % 6 >= 2
    out: dict[Term, int] = {}
    for byte, residual in by_byte.items():
        mask = 1 << byte
        if is_hex:
            mask |= 1 << ord(chr(byte).upper())
        out[residual] = out.get(residual, 0) | mask
    return out


def spellings(char: str, spelling: str) -> list[bytes]:
    """Return the byte spellings of one character, hex digits in lower case only."""
    if spelling == "utf8":
        return [char.encode()]
    out = [] if char < " " or char in '"\\' else [char.encode()]
    if char in _SHORT_ESCAPES:
        out.append(_SHORT_ESCAPES[char])
    out.append(b"".join(b"\\u%02x%02x" % tuple(unit) for unit in _utf16_units(char)))
    return out


def _utf16_units(char: str) -> Iterator[bytes]:
    encoded = char.encode("utf-16-be")
    return (encoded[i : i + 2] for i in range(0, len(encoded), 2))


def _groups(sorted_words: tuple[str, ...], low: int, high: int, depth: int) -> Iterator[tuple[str, int, int]]:
    """Yield each distinct character at index `depth` with the range of words that have it there."""
    if len(sorted_words[low]) == depth:  # the shared prefix itself is a word; it sorts first
        low += 1
    while low < high:
        char = sorted_words[low][depth]
        end = bisect_right(sorted_words, char, low, high, key=lambda word: word[depth])
        yield char, low, end
        low = end


def _tail(base: Term, low: int, high: int, depth: int) -> Term:
    spelling, sorted_words = base.args
    if high - low <= _REWRITE_WORDS:
        left = sum(len(word) - depth for word in sorted_words[low:high])
        if left == 0:
            return EPSILON
        if spelling == "utf8" and high - low == 1:
            return literal(sorted_words[low][depth:].encode())
        if left <= _REWRITE_CHARACTERS:
            return words([word[depth:] for word in sorted_words[low:high]], spelling)
    return suffixes(base, low, high, depth, b"")
