"""`enum` and `const`: finite sets of values.

Scalars of one type form one atom, however many there are (10^6 strings are one set). A container is described by what
it consists of: `{"a": 1}` is "a is required, a is 1, at most one member"; `[1, 2]` is "item 0 is 1, item 1 is 2,
exactly two items". Numbers compare by value (`1.0` is `1`), and `true` is not `1`. A string with a lone surrogate
cannot be written, so it is never offered.
"""

# ruff: noqa: ARG001 - one signature for every keyword of the table

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from constrain.errors import SchemaError
from constrain.frontends.jsonschema.atoms import (
    ItemCount,
    Items,
    ItemsSpec,
    MemberCount,
    Members,
    NumberSet,
    Required,
    Words,
)
from constrain.frontends.jsonschema.formula import FALSE, Formula
from constrain.frontends.jsonschema.predicate import NO, NULL, YES, Predicate
from constrain.frontends.jsonschema.reader import exact, is_number, is_text

if TYPE_CHECKING:
    from constrain.frontends.jsonschema.builder import Builder, Parts
    from constrain.frontends.jsonschema.check import Walk
    from constrain.frontends.jsonschema.refs import Node

__all__ = ["build_const", "build_enum", "check_const", "check_enum", "values_predicate"]


def check_enum(walk: Walk, node: Node, value: Any) -> None:
    """Raise SchemaError unless `value` is a list of JSON values."""
    if not isinstance(value, list):
        raise SchemaError("enum is not a list", pointer=f"{node.pointer}/enum", keyword="enum")
    if set(map(type, value)) <= {str}:
        return
    _check_values(value, f"{node.pointer}/enum", "enum")


def check_const(walk: Walk, node: Node, value: Any) -> None:
    """Raise SchemaError unless `value` is a JSON value."""
    _check_values([value], f"{node.pointer}/const", "const")


def _check_values(values: Iterable[Any], pointer: str, keyword: str) -> None:
    stack = list(values)
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack += value.values()
        elif isinstance(value, list):
            stack += value
        elif value.__class__ is int:
            continue
        elif is_number(value):
            try:
                exact(value)
            except ValueError as error:
                raise SchemaError(f"{keyword}: {error}", pointer=pointer, keyword=keyword) from None
        elif value is not None and not isinstance(value, (bool, str)):
            raise SchemaError(f"{keyword} holds {value!r}, which is not JSON", pointer=pointer, keyword=keyword)


def build_enum(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `enum`."""
    parts.add(values_predicate(build, value))


def build_const(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `const`."""
    parts.add(values_predicate(build, [value]))


def values_predicate(build: Builder, values: Collection[Any]) -> Predicate:
    """Return the predicate "one of these values"."""
    if set(map(type, values)) == {str}:
        return _strings(build, values)
    simple = 0
    strings: list[str] = []
    numbers: list[Fraction] = []
    arrays: list[Formula] = []
    objects: list[Formula] = []
    tick = build.budget.tick
    for value in values:
        tick()
        if value.__class__ is str:
            strings.append(value)
        elif value is None:
            simple |= NULL
        elif value is True:
            simple |= YES
        elif value is False:
            simple |= NO
        elif isinstance(value, dict):
            objects.append(_object(build, value))
        elif isinstance(value, list):
            arrays.append(_array(build, value))
        elif isinstance(value, str):
            strings.append(value)
        else:
            numbers.append(exact(value))
    algebra = build.algebra
    words = frozenset(filter(is_text, strings))
    return build.predicates.make(
        simple,
        algebra.atom(NumberSet(frozenset(numbers))) if numbers else FALSE,
        algebra.atom(Words(words)) if words else FALSE,
        algebra.disj(arrays),
        algebra.disj(objects),
    )


def _strings(build: Builder, values: Iterable[str]) -> Predicate:
    words = frozenset(values)
    if not all(map(str.isascii, words)):
        words = frozenset(filter(is_text, words))
    string = build.algebra.atom(Words(words)) if words else FALSE
    return build.predicates.make(0, FALSE, string, FALSE, FALSE)


def _object(build: Builder, value: dict[str, Any]) -> Formula:
    if not all(map(is_text, value)):
        return FALSE
    algebra = build.algebra
    parts = [algebra.neg(algebra.atom(MemberCount(len(value) + 1)))]
    if value:
        members = {name: values_predicate(build, [item]) for name, item in value.items()}
        parts += [algebra.atom(Members(members, (), None)), algebra.atom(Required(tuple(value)))]
    return algebra.conj(parts)


def _array(build: Builder, value: list[Any]) -> Formula:
    algebra = build.algebra
    parts = [algebra.neg(algebra.atom(ItemCount(len(value) + 1)))]
    if value:
        spec = ItemsSpec([values_predicate(build, [item]) for item in value], None)
        parts += [algebra.atom(Items(spec, 0)), algebra.atom(ItemCount(len(value)))]
    return algebra.conj(parts)
