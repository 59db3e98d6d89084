"""Why does nothing satisfy a schema? The deepest place that is empty on its own, and the keywords that speak there.

Worked example: in `{"required": ["a"], "properties": {"a": {"type": "string", "enum": [1]}}, "type": "object"}` the object is
empty because the required member `a` is, and there `type` and `enum` contradict each other: the error points to
`/properties/a`.

The descent follows only steps that are a reason by themselves: a reference, a branch of `allOf`, the member of a
required name, an item below `minItems`. Where no such step is empty, the keywords of the place contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator

from constrain.frontends.jsonschema.emptiness import Emptiness
from constrain.frontends.jsonschema.keywords import CHECK
from constrain.frontends.jsonschema.refs import Node

__all__ = ["contradiction"]


def contradiction(node: Node, emptiness: Emptiness) -> tuple[str, str, str | None]:
    """Return (message, pointer, keyword if it is one alone) for a subschema that no value satisfies."""
    build = emptiness.build
    seen: set[Node] = set()
    while isinstance(node.schema, dict) and node not in seen:
        seen.add(node)
        reasons = (reason for reason in _reasons(node, emptiness) if not emptiness.inhabited(build.predicate(reason)))
        reason = next(reasons, None)
        if reason is None:
            break
        node = reason
    if not isinstance(node.schema, dict):
        return "no value satisfies the schema false", node.pointer, None
    table = CHECK[node.dialect.key]
    words = [keyword for keyword in node.schema if keyword in table]
    if len(words) == 1:
        return f"no value satisfies {words[0]!r}", node.pointer, words[0]
    return f"no value satisfies the keywords {', '.join(map(repr, words))} together", node.pointer, None


def _reasons(node: Node, emptiness: Emptiness) -> Iterator[Node]:
    """Yield the nodes that must each be inhabited for this one to be."""
    library, schema = emptiness.build.library, node.schema
    if "$ref" in schema:
        yield library.resolve(node, schema["$ref"])
        if node.dialect.lone_ref:
            return
    for position, branch in enumerate(schema.get("allOf", ())):
        yield library.child(node, branch, "allOf", position)
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name in properties:
                yield library.child(node, properties[name], "properties", name)
    if schema.get("type") == "array" and schema.get("minItems", 0) >= 1:
        prefix = schema.get("prefixItems") or (schema["items"] if isinstance(schema.get("items"), list) else ())
        for position, item in enumerate(prefix[: int(schema["minItems"])]):
            yield library.child(node, item, "prefixItems" if "prefixItems" in schema else "items", position)
        if not prefix and "items" in schema:
            yield library.child(node, schema["items"], "items")
