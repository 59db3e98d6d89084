"""Object residuals that are plain conjunctions, taken apart once into masks and counts.

Most objects never leave this form: `properties`, `required` and counts of one schema and of its `allOf`. Worked example:
Members(m) and RequiredMask(0b101) and NOT RequiredMask(0b10) and NOT MemberCount(4) is members=(m,), required=0b101,
forbidden=0b10, least=0, most=3.

Invariant: a formula has this form iff it is a conjunction of positive `Members` and `Names`, required masks, negations of
required masks of one name, and counts of either sign.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from constrain.frontends.jsonschema.atoms import MemberCount, Members, Names, RequiredMask
from constrain.frontends.jsonschema.formula import TRUE, Formula, Op

__all__ = ["Conjunction", "bits", "conjunction"]


class Conjunction(NamedTuple):
    """A conjunction, taken apart. `most` is None where there is no maximum; `rest` are the parts without masks and counts."""

    members: tuple[Members, ...]
    names: tuple[Names, ...]
    required: int
    forbidden: int
    least: int
    most: int | None
    rest: tuple[Formula, ...]


def conjunction(f: Formula) -> Conjunction | None:
    """Return the formula taken apart, or None if it is not a plain conjunction."""
    members: list[Members] = []
    names: list[Names] = []
    rest: list[Formula] = []
    required = forbidden = least = 0
    most: int | None = None
    for part in f.args if f.op is Op.AND else (f,):
        if part is TRUE:
            continue
        negative = part.op is Op.NOT
        core = part.args[0] if negative else part
        if core.op is not Op.ATOM:
            return None
        atom = core.args[0]
        if atom.__class__ is MemberCount:
            if negative:
                most = atom.least - 1 if most is None else min(most, atom.least - 1)
            else:
                least = max(least, atom.least)
        elif atom.__class__ is RequiredMask:
            if not negative:
                required |= atom.mask
            elif atom.mask & (atom.mask - 1):
                return None
            else:
                forbidden |= atom.mask
        elif negative:
            return None
        else:
            (members if atom.__class__ is Members else names).append(atom)
            rest.append(part)
    return Conjunction(tuple(members), tuple(names), required, forbidden, least, most, tuple(rest))


def bits(mask: int) -> Iterator[int]:
    """Yield the positions of the bits of `mask`, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
