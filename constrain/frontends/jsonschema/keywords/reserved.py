"""Keywords that are known and not enforced by this version: they raise where they would assert something.

`uniqueItems: false`, `contains` with `minContains: 0` and no `maxContains`, `unevaluatedProperties: true`, or any of
them beside a `type` that excludes their type assert nothing and pass. A dynamic reference passes where it cannot mean
anything but the static one: its first target is no dynamic anchor, or only one resource defines that anchor.
"""

# ruff: noqa: ARG001 - one signature for every keyword of the table

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constrain.errors import SchemaError, UnsupportedKeyword
from constrain.frontends.jsonschema.keywords.types import check_type, type_mask

if TYPE_CHECKING:
    from constrain.frontends.jsonschema.check import Walk
    from constrain.frontends.jsonschema.refs import Node

__all__ = [
    "check_contains",
    "check_dynamic_ref",
    "check_recursive_ref",
    "check_unevaluated",
    "check_unique_items",
    "refuse",
]

_ARRAY, _OBJECT = 32, 64


def _speaks(walk: Walk, node: Node, bit: int) -> bool:
    """Tell whether `type` leaves the type the keyword speaks of."""
    kinds = node.schema.get("type")
    if kinds is not None:
        check_type(walk, node, kinds)
    return bool(type_mask(kinds) & bit)


def refuse(node: Node, keyword: str) -> UnsupportedKeyword:
    """Return the error that says so."""
    return UnsupportedKeyword(
        f"{keyword} cannot be enforced by this version", pointer=f"{node.pointer}/{keyword}", keyword=keyword
    )


def check_unique_items(walk: Walk, node: Node, value: Any) -> None:
    """Refuse `uniqueItems: true`, unless there is at most one item."""
    if not isinstance(value, bool):
        raise SchemaError("uniqueItems is not a boolean", pointer=f"{node.pointer}/uniqueItems", keyword="uniqueItems")
    most = node.schema.get("maxItems")
    if value and _speaks(walk, node, _ARRAY) and not (isinstance(most, int) and most <= 1):
        raise refuse(node, "uniqueItems")


def check_contains(walk: Walk, node: Node, value: Any) -> None:
    """Refuse `contains` where it asserts."""
    neutral = node.dialect.year >= 2019 and node.schema.get("minContains") == 0 and "maxContains" not in node.schema
    if not neutral and _speaks(walk, node, _ARRAY):
        raise refuse(node, "contains")


def check_unevaluated(walk: Walk, node: Node, value: Any) -> None:
    """Refuse `unevaluatedItems` and `unevaluatedProperties` unless they allow anything."""
    keyword = walk.keyword
    if value is not True and value != {} and _speaks(walk, node, _ARRAY if keyword == "unevaluatedItems" else _OBJECT):
        raise refuse(node, keyword)


def check_dynamic_ref(walk: Walk, node: Node, value: Any) -> None:
    """Visit the target if it is the same from everywhere, else refuse."""
    if not isinstance(value, str):
        raise SchemaError("$dynamicRef is not a string", pointer=f"{node.pointer}/$dynamicRef", keyword="$dynamicRef")
    target = walk.library.resolve(node, value, "$dynamicRef")
    anchor = value.rpartition("#")[2]
    if isinstance(target.schema, dict) and anchor and target.schema.get("$dynamicAnchor") == anchor:
        walk.dynamic.append((node, "$dynamicRef", anchor))
    walk.visit_target(node, target)


def check_recursive_ref(walk: Walk, node: Node, value: Any) -> None:
    """Visit the target if it is the same from everywhere, else refuse."""
    if value != "#":
        raise SchemaError('$recursiveRef must be "#"', pointer=f"{node.pointer}/$recursiveRef", keyword="$recursiveRef")
    target = walk.library.resolve(node, "#", "$recursiveRef")
    if isinstance(target.schema, dict) and target.schema.get("$recursiveAnchor") is True:
        walk.dynamic.append((node, "$recursiveRef", None))
    walk.visit_target(node, target)
