"""Sets of Unicode scalar values as sorted, disjoint, non-adjacent ranges.

`[a-cx]` is `((97, 99), (120, 120))`. Surrogates (U+D800 to U+DFFF) are not characters and never occur in a
set: `make` removes them. A set is a plain tuple, so it hashes, compares and interns for free.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["ALL", "NONE", "CharSet", "complement", "contains", "intersect", "make", "single", "size", "union"]

CharSet = tuple[tuple[int, int], ...]

NONE: CharSet = ()
ALL: CharSet = ((0, 0xD7FF), (0xE000, 0x10FFFF))


def make(ranges: Iterable[tuple[int, int]]) -> CharSet:
    """Return the set of all code points in the inclusive `ranges`, without surrogates."""
    return intersect(_merge(ranges), ALL)


def single(char: str | int) -> CharSet:
    """Return the set of one character."""
    code = ord(char) if isinstance(char, str) else char
    return make([(code, code)])


def union(*sets: CharSet) -> CharSet:
    """Return the union of the sets."""
    return _merge(r for s in sets for r in s)


def intersect(a: CharSet, b: CharSet) -> CharSet:
    """Return the intersection of two sets."""
    out: list[tuple[int, int]] = []
    i = j = 0
    while i < len(a) and j < len(b):
        low, high = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if low <= high:
            out.append((low, high))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return tuple(out)


def complement(a: CharSet) -> CharSet:
    """Return all characters that are not in `a`."""
    out: list[tuple[int, int]] = []
    position = 0
    for low, high in a:
        if position < low:
            out.append((position, low - 1))
        position = high + 1
    if position <= 0x10FFFF:
        out.append((position, 0x10FFFF))
    return intersect(tuple(out), ALL)


def contains(a: CharSet, code: int) -> bool:
    """Tell whether code point `code` is in `a`."""
    return any(low <= code <= high for low, high in a)


def size(a: CharSet) -> int:
    """Return the number of characters in `a`."""
    return sum(high - low + 1 for low, high in a)


def _merge(ranges: Iterable[tuple[int, int]]) -> CharSet:
    out: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        elif low <= high:
            out.append((low, high))
    return tuple(out)
