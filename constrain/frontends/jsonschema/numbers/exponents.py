"""Sets of exponents, as the automaton that reads the text behind `e`.

A set of integers is given by where membership changes: `(True, (3, 7))` is everything below 3 and from 7 on.
Leading zeros and an explicit sign are allowed, -0 is 0.

Worked example: `(False, (2,))`, at least 2, reads "2", "+02" and "10", not "1" and not "-3".

Invariants: the names of states are tuples that begin with a word of this module, and hold what is left to decide.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from constrain.frontends.jsonschema.numbers.table import MINUS, PLUS, SYMBOLS

__all__ = ["ExponentSet", "expand_exponent", "exponent_state", "make_set"]

ExponentSet = tuple[bool, tuple[int, ...]]
State = tuple[Any, ...]
DEAD: tuple[State | None, ...] = (None,) * SYMBOLS


def make_set(first: bool, changes: list[tuple[int, bool]]) -> ExponentSet:
    """Return the set that answers `first`, then from each integer of `changes` (increasing) on what stands beside it."""
    toggles: list[int] = []
    current = first
    for start, answer in changes:
        if answer != current:
            toggles.append(start)
            current = answer
    return first, tuple(toggles)


def contains(members: ExponentSet, number: int) -> bool:
    """Tell whether `number` belongs."""
    return members[0] ^ bool(bisect_right(members[1], number) & 1)


def exponent_state(members: ExponentSet) -> State | None:
    """Return the state behind `e`, None if the set is empty."""
    return ("exponent", members) if members[0] or members[1] else None


def expand_exponent(state: State) -> tuple[bool, list[State | None]]:
    """Return whether `state` accepts, and its successors."""
    kind = state[0]
    out: list[State | None] = list(DEAD)
    if kind == "exponent":
        members: ExponentSet = state[1]
        up = _natural(members)
        # Down: -n belongs; what changes at b going up changes at 1 - b going down.
        down = _natural((members[0] ^ bool(len(members[1]) & 1), ()) if not members[1] else _mirror(members))
        out[PLUS], out[MINUS] = ("digits", up, None), ("digits", down, None)
        out[:10] = _digits(up, ())
        return False, out
    _, natural, read = state
    first, toggles = natural
    if read is None:  # a digit must follow
        out[:10] = _digits(natural, ())
        return False, out
    if read == ():  # only zeros so far
        out[:10] = _digits(natural, ())
        return first, out
    length, compared = read
    below = sum(1 for b in toggles if len(str(b)) < length) + sum(1 for c in compared if c >= 0)
    # `compared` speaks of the bounds with at least `length` digits; longer ones are above the number if it ends here.
    exact = sum(1 for b, c in zip(_long(toggles, length), compared, strict=True) if len(str(b)) == length and c >= 0)
    below = sum(1 for b in toggles if len(str(b)) < length) + exact
    accepts = first ^ bool(below & 1)
    out[:10] = [_read(natural, length, compared, digit) for digit in range(10)]
    return accepts, out


def _natural(members: ExponentSet) -> ExponentSet:
    """Return the set restricted to 0, 1, 2, ...: its first answer is the one for 0."""
    first, toggles = members
    passed = bisect_right(toggles, 0)
    return first ^ bool(passed & 1), toggles[passed:]


def _mirror(members: ExponentSet) -> ExponentSet:
    """Return { -n : n in the set }."""
    first, toggles = members
    return first ^ bool(len(toggles) & 1), tuple([1 - b for b in reversed(toggles)])


def _long(toggles: tuple[int, ...], length: int) -> list[int]:
    return [b for b in toggles if len(str(b)) >= length]


def _digits(natural: ExponentSet, zero: tuple[()]) -> list[State | None]:
    """Return the states after the first digit that counts: 0 changes nothing."""
    return [("digits", natural, zero), *(_read(natural, 0, None, digit) for digit in range(1, 10))]


def _read(natural: ExponentSet, length: int, compared: tuple[int, ...] | None, digit: int) -> State | None:
    """Return the state after `digit`, which becomes number `length` (from 0) of the number."""
    first, toggles = natural
    length += 1
    now: list[int] = []
    old = iter(compared or ())
    for b in toggles:
        text = str(b)
        before = next(old) if compared is not None and len(text) >= length - 1 else 0
        if len(text) >= length:
            here = int(text[length - 1])
            now.append(before or (digit > here) - (digit < here))
    if not now:  # longer than every bound: the answer stands
        return ("digits", (True, ()), ()) if first ^ bool(len(toggles) & 1) else None
    return ("digits", natural, (length, tuple(now)))
