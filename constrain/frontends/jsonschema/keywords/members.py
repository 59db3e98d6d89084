"""Keywords on objects: `properties` and its companions, `required`, counts, `propertyNames`, dependencies.

Worked example: `{"properties": {"a": A}, "patternProperties": {"^x": X}, "additionalProperties": false}` is one atom
`Members(names={a: A}, patterns=[(^x, X)], rest=never)`: it is asked once per name, and a name may meet several
patterns. `dependentRequired: {a: [b]}` adds `NOT Required(a) or Required(b)`.

A name with a lone surrogate cannot be written: required, it makes every object unacceptable; declared, it is dropped.
"""

# ruff: noqa: ARG001 - one signature for every keyword of the table

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constrain.errors import SchemaError
from constrain.frontends.jsonschema.atoms import Entry, MemberCount, Members, Names, Required
from constrain.frontends.jsonschema.formula import FALSE, TRUE, Formula
from constrain.frontends.jsonschema.keywords.scalars import pattern_term
from constrain.frontends.jsonschema.reader import is_text

if TYPE_CHECKING:
    from constrain.frontends.jsonschema.builder import Builder, Parts
    from constrain.frontends.jsonschema.check import Walk
    from constrain.frontends.jsonschema.refs import Node

__all__ = [
    "build_dependencies",
    "build_max_properties",
    "build_members",
    "build_min_properties",
    "build_property_names",
    "build_required",
    "check_dependencies",
    "check_dependent_required",
    "check_pattern_map",
    "check_required",
    "check_schema",
    "check_schema_map",
]

_OBJECT = 64


def check_schema(walk: Walk, node: Node, value: Any) -> None:
    """Visit a subschema of another value."""
    walk.visit(node, value, walk.keyword)


def check_schema_map(walk: Walk, node: Node, value: Any) -> None:
    """Visit the subschemas by name."""
    keyword = walk.keyword
    if not isinstance(value, dict):
        raise SchemaError(f"{keyword} is not an object", pointer=f"{node.pointer}/{keyword}", keyword=keyword)
    for name, schema in value.items():
        walk.visit(node, schema, keyword, name)


def check_pattern_map(walk: Walk, node: Node, value: Any) -> None:
    """Visit the subschemas by pattern."""
    check_schema_map(walk, node, value)
    for pattern in value:
        pattern_term(pattern, node, "patternProperties", pattern)


def check_required(walk: Walk, node: Node, value: Any) -> None:
    """Raise SchemaError unless `value` is a list of names."""
    _names(value, node, walk.keyword)


def check_dependent_required(walk: Walk, node: Node, value: Any) -> None:
    """Raise SchemaError unless `value` maps names to lists of names."""
    keyword = walk.keyword
    if not isinstance(value, dict):
        raise SchemaError(f"{keyword} is not an object", pointer=f"{node.pointer}/{keyword}", keyword=keyword)
    for names in value.values():
        _names(names, node, keyword)


def check_dependencies(walk: Walk, node: Node, value: Any) -> None:
    """Visit the subschemas of `dependencies` or `dependentSchemas`, which apply to the same object."""
    keyword = walk.keyword
    if not isinstance(value, dict):
        raise SchemaError(f"{keyword} is not an object", pointer=f"{node.pointer}/{keyword}", keyword=keyword)
    for name, item in value.items():
        if isinstance(item, (list, str)) and keyword == "dependencies":
            _names([item] if isinstance(item, str) else item, node, keyword)
        else:
            walk.visit_same(node, item, keyword, name)


def _names(value: Any, node: Node, keyword: str) -> None:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise SchemaError(f"{keyword} is not a list of names", pointer=f"{node.pointer}/{keyword}", keyword=keyword)


def build_members(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `properties`, `patternProperties` and `additionalProperties`, all at once."""
    if "members" in parts.done or not parts.types & _OBJECT:
        return
    parts.done.add("members")
    schema, child = node.schema, build.library.child
    names: dict[str, Entry] = {
        name: child(node, item, "properties", name)
        for name, item in schema.get("properties", {}).items()
        if is_text(name)
    }
    patterns = [
        (pattern_term(pattern, node, "patternProperties"), child(node, item, "patternProperties", pattern))
        for pattern, item in schema.get("patternProperties", {}).items()
    ]
    other = schema.get("additionalProperties", True)
    rest = None if other is True or other == {} else child(node, other, "additionalProperties")
    if names or patterns or rest is not None:
        parts.object.append(build.algebra.atom(Members(names, patterns, rest)))


def build_required(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `required`."""
    parts.object.append(_required(build, value))


def _required(build: Builder, names: list[str]) -> Formula:
    if not names:
        return TRUE
    if not all(map(is_text, names)):
        return FALSE
    return build.algebra.atom(Required(tuple(dict.fromkeys(names))))


def build_min_properties(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `minProperties`."""
    if value > 0:
        parts.object.append(build.algebra.atom(MemberCount(int(value))))


def build_max_properties(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `maxProperties`."""
    parts.object.append(build.algebra.neg(build.algebra.atom(MemberCount(int(value) + 1))))


def build_property_names(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `propertyNames`."""
    if not parts.types & _OBJECT:
        return
    string = build.child(node, value, "propertyNames").string
    if string is FALSE:
        parts.object.append(build.algebra.neg(build.algebra.atom(MemberCount(1))))
    elif string is not TRUE:
        parts.object.append(build.algebra.atom(Names(string)))


def build_dependencies(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `dependencies`, `dependentRequired` or `dependentSchemas`."""
    algebra = build.algebra
    keyword = next(k for k in ("dependencies", "dependentRequired", "dependentSchemas") if node.schema.get(k) is value)
    for name, item in value.items():
        present = _required(build, [name])
        if isinstance(item, str):
            item = [item]
        if isinstance(item, list):
            parts.object.append(algebra.implies(present, _required(build, item)))
        else:
            parts.object.append(algebra.implies(present, build.child(node, item, keyword, name).object))
