"""Sets of exponents, as the automaton that reads the text behind `e`.

A set of integers is given by where membership changes: `(True, (3, 7))` is everything below 3 and from 7 on.
Leading zeros and an explicit sign are allowed, -0 is 0.

Worked example: `(False, (2,))`, at least 2, reads "2", "+02" and "10", not "1" and not "-3".

Invariants: the names of states are tuples that begin with a word of this module, and hold what is left to decide.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import Any

from constrain.frontends.jsonschema.numbers.table import MINUS, PLUS, SYMBOLS

__all__ = ["ExponentSet", "expand_exponent", "exponent_state", "make_set"]

ExponentSet = tuple[bool, tuple[int, ...]]
State = tuple[Any, ...]


def make_set(first: bool, changes: list[tuple[int, bool]]) -> ExponentSet:
    """Return the set that answers `first`, then from each integer of `changes` (increasing) on what stands beside it."""
    toggles: list[int] = []
    current = first
    for start, answer in changes:
        if answer != current:
            toggles.append(start)
            current = answer
    return first, tuple(toggles)


def exponent_state(members: ExponentSet) -> State | None:
    """Return the state behind `e`, None if the set is empty."""
    return ("exponent", members) if members[0] or members[1] else None


@lru_cache(maxsize=65_536)
def expand_exponent(state: State) -> tuple[bool, tuple[State | None, ...]]:
    """Return whether `state` accepts, and its successors.

    States: ("exponent", set) behind the e; ("signed", natural) behind its sign; ("zeros", natural) behind leading
    zeros; ("digits", natural, length, compared), where `compared` says of every toggle with at least `length` digits
    whether the digits read are below (-1), equal to (0) or above (1) its own first ones.
    """
    kind = state[0]
    others: tuple[State | None, ...] = (None,) * (SYMBOLS - 10)
    if kind == "exponent":
        up, down = _natural(state[1]), _natural(_mirror(state[1]))
        signs: list[State | None] = list(others)
        signs[PLUS - 10], signs[MINUS - 10] = ("signed", up), ("signed", down)
        return False, (*_first_digits(up), *signs)
    first, toggles = state[1]
    if kind != "digits":
        return kind == "zeros" and first, (*_first_digits(state[1]), *others)
    length, compared = state[2:]
    texts = _texts(toggles)
    lengths = [len(text) for text in texts]
    shorter = sum(1 for n in lengths if n < length)
    passed = shorter + sum(1 for n, c in zip(lengths[shorter:], compared, strict=True) if n == length and c >= 0)
    accepts = first ^ bool(passed & 1)
    skip = lengths.count(length)
    here = [text[length] for text in texts[shorter + skip :]]
    before = compared[skip:]
    return accepts, (*(_digits(state[1], length + 1, here, before, digit) for digit in "0123456789"), *others)


def _natural(members: ExponentSet) -> ExponentSet:
    """Return the set restricted to 0, 1, 2, ...: its first answer is the one for 0."""
    first, toggles = members
    passed = bisect_right(toggles, 0)
    return first ^ bool(passed & 1), toggles[passed:]


def _mirror(members: ExponentSet) -> ExponentSet:
    """Return { -n : n in the set }: what changes at b going up changes at 1 - b going down."""
    first, toggles = members
    return first ^ bool(len(toggles) & 1), tuple([1 - b for b in reversed(toggles)])


@lru_cache(maxsize=4_096)
def _texts(toggles: tuple[int, ...]) -> list[str]:
    return [str(b) for b in toggles]


def _first_digits(natural: ExponentSet) -> list[State | None]:
    """Return the states after the first digit that counts: 0 changes nothing."""
    texts = _texts(natural[1])
    here, before = [text[0] for text in texts], (0,) * len(texts)
    return [("zeros", natural), *(_digits(natural, 1, here, before, digit) for digit in "123456789")]


def _digits(natural: ExponentSet, length: int, here: list[str], before: tuple[int, ...], digit: str) -> State | None:
    """Return the state after `length` digits, the last of which is `digit` and meets `here` in the longer toggles."""
    if not here:  # longer than every toggle: the answer stands
        return ("zeros", (True, ())) if natural[0] ^ bool(len(natural[1]) & 1) else None
    compared = tuple([b or (digit > h) - (digit < h) for b, h in zip(before, here, strict=True)])
    return ("digits", natural, length, compared)
