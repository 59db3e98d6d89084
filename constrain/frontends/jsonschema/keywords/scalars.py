"""Keywords on numbers and strings: bounds, `multipleOf`, lengths, `pattern`, `format`.

Worked example: `{"minimum": 0, "exclusiveMaximum": 1}` adds `Bound(ge, 0)` and `NOT Bound(ge, 1)`;
`{"maxLength": 3}` adds `NOT Length(4)`: every maximum is a negated minimum of one more.

Lenient where the meaning is clear: `minLength: 2.0` is 2, a boolean `exclusiveMinimum` is draft 4's flag in every
dialect (and a number is the later bound in every dialect). `pattern` is ECMA-262 and searches; `format` asserts
unless told otherwise.
"""

# ruff: noqa: ARG001 - one signature for every keyword of the table

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constrain.errors import PatternError, SchemaError, UnsupportedKeyword
from constrain.frontends.jsonschema.atoms import Bound, Length, Multiple, Pattern
from constrain.frontends.jsonschema.dialect import DRAFT2020
from constrain.frontends.jsonschema.formats import format_term
from constrain.frontends.jsonschema.formula import FALSE
from constrain.frontends.jsonschema.reader import exact, is_number
from constrain.frontends.jsonschema.rounds import MOST_PLACES, MOST_PLACES_BESIDE, places
from constrain.regular.parse import parse_regex
from constrain.regular.term import ANY_TEXT, NOTHING, Term

if TYPE_CHECKING:
    from constrain.frontends.jsonschema.builder import Builder, Parts
    from constrain.frontends.jsonschema.check import Walk
    from constrain.frontends.jsonschema.refs import Node

__all__ = [
    "build_exclusive_maximum",
    "build_exclusive_minimum",
    "build_format",
    "build_max_length",
    "build_maximum",
    "build_min_length",
    "build_minimum",
    "build_multiple_of",
    "build_pattern",
    "check_bound",
    "check_count",
    "check_exclusive",
    "check_format",
    "check_multiple_of",
    "check_pattern",
    "format_language",
    "pattern_term",
]


# ---- numbers

_SMALL = 1_000
_LONG = 3_000
"""Bits of a bound whose table may be too large."""


def check_bound(walk: Walk, node: Node, value: Any) -> None:
    """Raise SchemaError unless `value` is a number."""
    _number(walk, node, value)


def check_exclusive(walk: Walk, node: Node, value: Any) -> None:
    """Raise SchemaError unless `value` is a number, or draft 4's flag."""
    if not isinstance(value, bool):
        _number(walk, node, value)


def check_multiple_of(walk: Walk, node: Node, value: Any) -> None:
    """Raise SchemaError unless `value` is a number above 0."""
    _number(walk, node, value)
    if value <= 0:
        raise SchemaError(
            f"multipleOf is {value}; it must be more than 0", pointer=f"{node.pointer}/multipleOf", keyword="multipleOf"
        )
    walk.multiples.add(node)
    if exact(value).numerator > _SMALL or exact(value).denominator > _SMALL:
        walk.divisors.append(node)


def _number(walk: Walk, node: Node, value: Any) -> None:
    if value.__class__ is int:
        if value.bit_length() > _LONG:
            walk.divisors.append(node)
        return
    keyword = walk.keyword
    if not is_number(value):
        raise SchemaError(f"{keyword} is not a number", pointer=f"{node.pointer}/{keyword}", keyword=keyword)
    try:
        fraction = exact(value)
        if max(fraction.numerator.bit_length(), fraction.denominator.bit_length()) > _LONG:
            walk.divisors.append(node)
    except ValueError as error:
        raise SchemaError(f"{keyword}: {error}", pointer=f"{node.pointer}/{keyword}", keyword=keyword) from None


def build_minimum(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `minimum`, exclusive if the flag of draft 4 says so."""
    relation: Any = "gt" if node.schema.get("exclusiveMinimum") is True else "ge"
    parts.number.append(build.algebra.atom(Bound(relation, exact(value))))


def build_maximum(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `maximum`, exclusive if the flag of draft 4 says so."""
    relation: Any = "ge" if node.schema.get("exclusiveMaximum") is True else "gt"
    parts.number.append(build.algebra.neg(build.algebra.atom(Bound(relation, exact(value)))))


def build_exclusive_minimum(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add a numeric `exclusiveMinimum`."""
    if not isinstance(value, bool):
        parts.number.append(build.algebra.atom(Bound("gt", exact(value))))


def build_exclusive_maximum(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add a numeric `exclusiveMaximum`."""
    if not isinstance(value, bool):
        parts.number.append(build.algebra.neg(build.algebra.atom(Bound("ge", exact(value)))))


def build_multiple_of(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `multipleOf`."""
    parts.number.append(build.algebra.atom(Multiple(exact(value))))


# ---- strings


def check_count(walk: Walk, node: Node, value: Any) -> None:
    """Raise SchemaError unless `value` is a whole number, at least 0."""
    if value.__class__ is int and value >= 0:
        return
    keyword = walk.keyword
    if not is_number(value) or value < 0 or value != int(value):
        raise SchemaError(
            f"{keyword} is not a whole number, 0 or more", pointer=f"{node.pointer}/{keyword}", keyword=keyword
        )


def build_min_length(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `minLength`."""
    if value > 0:
        parts.string.append(build.algebra.atom(Length(int(value))))


def build_max_length(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `maxLength`."""
    parts.string.append(build.algebra.neg(build.algebra.atom(Length(int(value) + 1))))


def pattern_term(pattern: Any, node: Node, keyword: str, *steps: str) -> Term:
    """Return the language of all strings in which `pattern` is found, over characters.

    Raises SchemaError naming the place if it is no pattern, or none that can be given an exact meaning.
    """
    if not isinstance(pattern, str):
        raise SchemaError(f"{keyword} is not a string", pointer=f"{node.pointer}/{keyword}", keyword=keyword)
    pointer = "/".join((node.pointer, keyword, *(step.replace("~", "~0").replace("/", "~1") for step in steps)))
    try:
        term = parse_regex(pattern, syntax="ecma", search=True)
    except PatternError as error:
        raise SchemaError(f"{keyword}: {error}", pointer=pointer, keyword=keyword) from error
    if places(term) > (MOST_PLACES_BESIDE if term.boolean else MOST_PLACES):
        raise UnsupportedKeyword(
            f"{keyword} {pattern[:60]!r} cannot be enforced: its nested counts can be met in too many ways at once; "
            "give each round a separator that occurs nowhere else in it, or smaller counts",
            pointer=pointer,
            keyword=keyword,
        )
    return term


def check_pattern(walk: Walk, node: Node, value: Any) -> None:
    """Raise SchemaError unless `value` is a pattern that can be enforced."""
    pattern_term(value, node, "pattern")


def build_pattern(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `pattern`."""
    if parts.types & 16:
        _add_language(build, parts, pattern_term(value, node, "pattern"))


def format_language(name: str, node: Node) -> Term | None:
    """Return the strings of a format, over characters; None if no dialect defines it.

    A format that only later dialects define is enforced too: a draft-4 schema that says `"format": "date"` means it.
    """
    term = format_term(name, node.dialect.name)
    return format_term(name, DRAFT2020.name) if term is None else term


def check_format(walk: Walk, node: Node, value: Any) -> None:
    """Note a format that will not be enforced."""
    if not isinstance(value, str):
        raise SchemaError("format is not a string", pointer=f"{node.pointer}/format", keyword="format")
    if not walk.formats or format_language(value, node) is None:
        walk.unenforced.append(f"#{node.pointer}: format {value!r}")


def build_format(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add a known `format`, if formats assert."""
    if build.formats and parts.types & 16:
        term = format_language(value, node)
        if term is not None:
            _add_language(build, parts, term)


def _add_language(build: Builder, parts: Parts, term: Term) -> None:
    if term is NOTHING:
        parts.string.append(FALSE)
    elif term is not ANY_TEXT:
        parts.string.append(build.algebra.atom(Pattern(term)))
