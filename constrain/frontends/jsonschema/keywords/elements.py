"""Keywords on arrays: `items`, `prefixItems`, `additionalItems`, counts.

`items` of one schema is `Items(prefix=(), rest=schema)`; a list (`prefixItems`, or `items` before 2020-12) is the
prefix and `items` (before: `additionalItems`) the rest. Example: `{"prefixItems": [A], "items": false}` allows `[]`
and `[a]`. A list given to `items` in 2020-12 means what it meant before: nothing else can be meant by it.
"""

# ruff: noqa: ARG001 - one signature for every keyword of the table

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constrain.errors import SchemaError
from constrain.frontends.jsonschema.atoms import Entry, ItemCount, Items, ItemsSpec

if TYPE_CHECKING:
    from constrain.frontends.jsonschema.builder import Builder, Parts
    from constrain.frontends.jsonschema.check import Walk
    from constrain.frontends.jsonschema.refs import Node

__all__ = [
    "build_items",
    "build_max_items",
    "build_min_items",
    "check_additional_items",
    "check_items",
    "check_prefix_items",
]

_ARRAY = 32


def check_items(walk: Walk, node: Node, value: Any) -> None:
    """Visit the subschema, or the list of subschemas."""
    if isinstance(value, list):
        check_prefix_items(walk, node, value)
    else:
        walk.visit(node, value, "items")


def check_prefix_items(walk: Walk, node: Node, value: Any) -> None:
    """Visit a list of subschemas, one per leading place."""
    keyword = walk.keyword
    if not isinstance(value, list):
        raise SchemaError(f"{keyword} is not a list", pointer=f"{node.pointer}/{keyword}", keyword=keyword)
    for position, schema in enumerate(value):
        walk.visit(node, schema, keyword, position)


def check_additional_items(walk: Walk, node: Node, value: Any) -> None:
    """Visit the subschema, which counts only beside a list."""
    if isinstance(node.schema.get("items"), list):
        walk.visit(node, value, "additionalItems")


def build_items(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `prefixItems`, `items` and `additionalItems`, all at once."""
    if "items" in parts.done or not parts.types & _ARRAY:
        return
    parts.done.add("items")
    schema, child = node.schema, build.library.child
    items = schema.get("items", True)
    if isinstance(items, list):
        prefix: list[Entry] = [child(node, item, "items", i) for i, item in enumerate(items)]
        other, keyword = schema.get("additionalItems", True), "additionalItems"
    else:
        listed = schema.get("prefixItems", []) if not node.dialect.list_items else []
        prefix = [child(node, item, "prefixItems", i) for i, item in enumerate(listed)]
        other, keyword = items, "items"
    rest = None if other is True or other == {} else child(node, other, keyword)
    if prefix or rest is not None:
        parts.array.append(build.algebra.atom(Items(ItemsSpec(prefix, rest), 0)))


def build_min_items(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `minItems`."""
    if value > 0:
        parts.array.append(build.algebra.atom(ItemCount(int(value))))


def build_max_items(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add `maxItems`."""
    parts.array.append(build.algebra.neg(build.algebra.atom(ItemCount(int(value) + 1))))
