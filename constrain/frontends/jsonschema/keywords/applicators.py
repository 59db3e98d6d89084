"""Keywords that combine subschemas of the same value: `allOf`, `anyOf`, `oneOf`, `not`, `if`, `$ref`.

They are Boolean operators on predicates. `if` is `(not if or then) and (if or else)`; `oneOf` stays an n-ary
exactly-one. Example: `{"oneOf": [{"type": "string"}, {"maxLength": 3}]}` is, of strings, exactly one of true and (at
most 3): at least 4; of other types exactly one of false and true: true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constrain.errors import SchemaError

if TYPE_CHECKING:
    from constrain.frontends.jsonschema.builder import Builder, Parts
    from constrain.frontends.jsonschema.check import Walk
    from constrain.frontends.jsonschema.refs import Node

__all__ = [
    "build_all_of",
    "build_any_of",
    "build_if",
    "build_not",
    "build_one_of",
    "build_ref",
    "check_branch",
    "check_if",
    "check_list",
    "check_not",
    "check_ref",
]


def check_list(walk: Walk, node: Node, value: Any) -> None:
    """Visit a list of subschemas of the same value."""
    keyword = walk.keyword
    if not isinstance(value, list) or not value:
        raise SchemaError(f"{keyword} is not a list of schemas", pointer=f"{node.pointer}/{keyword}", keyword=keyword)
    for position, schema in enumerate(value):
        walk.visit_same(node, schema, keyword, position)


def check_not(walk: Walk, node: Node, value: Any) -> None:
    """Visit one subschema of the same value."""
    walk.visit_same(node, value, "not")


def check_if(walk: Walk, node: Node, value: Any) -> None:
    """Visit `if`, which asserts nothing unless a branch depends on it."""
    if "then" in node.schema or "else" in node.schema:
        walk.visit_same(node, value, "if")


def check_branch(walk: Walk, node: Node, value: Any) -> None:
    """Visit `then` or `else`, which count only beside `if`."""
    if "if" in node.schema:
        walk.visit_same(node, value, walk.keyword)


def check_ref(walk: Walk, node: Node, value: Any) -> None:
    """Visit what a reference leads to."""
    if not isinstance(value, str):
        raise SchemaError("$ref is not a string", pointer=f"{node.pointer}/$ref", keyword="$ref")
    walk.visit_target(node, walk.library.resolve(node, value))


def build_all_of(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add every subschema."""
    for predicate in build.children(node, value, "allOf"):
        parts.add(predicate)


def build_any_of(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add the disjunction."""
    parts.add(build.predicates.disj(build.children(node, value, "anyOf")))


def build_one_of(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add exactly-one."""
    parts.add(build.predicates.one(build.children(node, value, "oneOf")))


def build_not(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add the negation."""
    parts.add(build.predicates.neg(build.child(node, value, "not")))


def build_if(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add both branches, each guarded."""
    schema, predicates = node.schema, build.predicates
    if "then" not in schema and "else" not in schema:
        return
    test = build.child(node, value, "if")
    if "then" in schema:
        parts.add(predicates.disj([predicates.neg(test), build.child(node, schema["then"], "then")]))
    if "else" in schema:
        parts.add(predicates.disj([test, build.child(node, schema["else"], "else")]))


def build_ref(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add what the reference leads to."""
    parts.add(build.predicate(build.library.resolve(node, value)))
