"""The atoms of the algebra: what is left of one keyword after some of the members or items.

Each atom is deterministic: after one more member or item exactly one formula is left, in which `Val` atoms speak of
that member's or item's value. Negation therefore needs no rules per keyword.

Worked example: `Required({a, b})` after a member `a` is `Required({b})`; at the closing brace it is false, since b is
missing. `Items(spec, 0)` after one item is `Val(spec[0]) and Items(spec, 1)`.

Invariants: atoms are immutable and hash by meaning (specifications of `properties` and `items` by identity: they
belong to one schema each). Objects: `Members`, `Required`, `RequiredMask`, `Names`, `MemberCount`; arrays: `Items`,
`ItemCount`; strings: `Words`, `Length`, `Pattern`; numbers: `NumberSet`, `Bound`, `Multiple`, `WrittenInteger`.
Counts are numerals in the atom, not chains of atoms; maxima are negated minima of one more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from constrain.frontends.jsonschema.formula import FALSE, Formula
from constrain.frontends.jsonschema.predicate import Predicate
from constrain.frontends.jsonschema.refs import Node
from constrain.regular.term import Term

__all__ = [
    "Bound",
    "Entry",
    "ItemCount",
    "Items",
    "ItemsSpec",
    "Length",
    "MemberCount",
    "Members",
    "Multiple",
    "Names",
    "NumberSet",
    "Pattern",
    "Required",
    "RequiredMask",
    "Words",
    "WrittenInteger",
]

Entry = Node | Predicate
"""What a place holds: a subschema that is not built yet, or a predicate."""


# ---- objects


class Members:
    """`properties`, `patternProperties` and `additionalProperties` of one schema.

    names: per declared name what its value must satisfy. patterns: the same per pattern (a term over characters).
    rest: for names that neither lists, or None for anything.
    """

    __slots__ = ("names", "patterns", "rest")

    def __init__(self, names: Mapping[str, Entry], patterns: Sequence[tuple[Term, Entry]], rest: Entry | None) -> None:
        self.names = names
        self.patterns = patterns
        self.rest = rest

    def __repr__(self) -> str:
        return f"Members({', '.join(list(self.names)[:5])})"


@dataclass(frozen=True, slots=True)
class Required:
    """All these names occur (before the names of the object have labels)."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequiredMask:
    """All names whose labels are in `mask` still have to occur. `owner` is the shape that gave the labels."""

    owner: object
    mask: int

    def conjoin(self, other: RequiredMask) -> RequiredMask:
        """Return the conjunction as one atom."""
        return RequiredMask(self.owner, self.mask | other.mask)

    def __repr__(self) -> str:
        return f"Req({self.mask:b})"


@dataclass(frozen=True, slots=True)
class Names:
    """`propertyNames`: every name satisfies a formula on strings."""

    string: Formula


@dataclass(frozen=True, slots=True)
class MemberCount:
    """At least `least` members are still to come."""

    least: int

    def conjoin(self, other: MemberCount) -> MemberCount:
        """Return the conjunction as one atom."""
        return self if self.least >= other.least else other


# ---- arrays


class ItemsSpec:
    """`prefixItems` and `items` of one schema: an entry per leading place, then `rest` (None: anything)."""

    __slots__ = ("prefix", "rest")

    def __init__(self, prefix: Sequence[Entry], rest: Entry | None) -> None:
        self.prefix = tuple(prefix)
        self.rest = rest


@dataclass(frozen=True, slots=True)
class Items:
    """The items from here on satisfy `spec`, the next one being at `position` (at most the length of the prefix)."""

    spec: ItemsSpec
    position: int

    @property
    def entry(self) -> Entry | None:
        """What the next item must satisfy."""
        prefix = self.spec.prefix
        return prefix[self.position] if self.position < len(prefix) else self.spec.rest


@dataclass(frozen=True, slots=True)
class ItemCount:
    """At least `least` items are still to come."""

    least: int

    def conjoin(self, other: ItemCount) -> ItemCount:
        """Return the conjunction as one atom."""
        return self if self.least >= other.least else other


# ---- strings


@dataclass(frozen=True, slots=True)
class Words:
    """One of finitely many strings."""

    words: frozenset[str]

    def conjoin(self, other: Words) -> Words | Formula:
        """Return the conjunction as one atom."""
        common = self.words & other.words
        return Words(common) if common else FALSE

    def disjoin(self, other: Words) -> Words:
        """Return the disjunction as one atom."""
        return Words(self.words | other.words)

    def __repr__(self) -> str:
        return f"Words({sorted(self.words)[:4]})"


@dataclass(frozen=True, slots=True)
class Length:
    """At least `least` characters."""

    least: int

    def conjoin(self, other: Length) -> Length:
        """Return the conjunction as one atom."""
        return self if self.least >= other.least else other


@dataclass(frozen=True, slots=True)
class Pattern:
    """A member of a regular language over characters."""

    term: Term


# ---- numbers


@dataclass(frozen=True, slots=True)
class NumberSet:
    """One of finitely many numbers."""

    numbers: frozenset[Fraction]

    def conjoin(self, other: NumberSet) -> NumberSet | Formula:
        """Return the conjunction as one atom."""
        common = self.numbers & other.numbers
        return NumberSet(common) if common else FALSE

    def disjoin(self, other: NumberSet) -> NumberSet:
        """Return the disjunction as one atom."""
        return NumberSet(self.numbers | other.numbers)


@dataclass(frozen=True, slots=True)
class Bound:
    """At least (`ge`) or more than (`gt`) a number."""

    relation: Literal["ge", "gt"]
    number: Fraction


@dataclass(frozen=True, slots=True)
class Multiple:
    """A multiple of `divisor` > 0."""

    divisor: Fraction


@dataclass(frozen=True, slots=True)
class WrittenInteger:
    """A numeral without fraction and exponent: what draft 4 calls an integer."""
