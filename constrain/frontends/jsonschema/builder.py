"""From a subschema to the predicate it means, when it is first reached.

A keyword adds a formula to the part of the type it speaks of (`keywords`), an applicator adds a whole predicate; the
predicate of the subschema is the conjunction. Subschemas of *other* values (`properties`, `items`) stay nodes until
their value is reached; only subschemas of the *same* value (`allOf`, `$ref`, `not`, ...) are built at once.

Worked example: `{"type": "object", "required": ["a"], "allOf": [{"maxProperties": 3}]}` adds Required(a) and
NOT MemberCount(4) to the object part; the other parts are FALSE because of `type`.

Invariants: a node is built once; building it never builds the nodes of member or item values. A reference that leads
back to its own value without entering a member or an item has no meaning and raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from constrain.errors import LimitExceeded, SchemaError
from constrain.frontends.jsonschema.atoms import Entry
from constrain.frontends.jsonschema.budget import Budget, LimitAtPlace
from constrain.frontends.jsonschema.formula import FALSE, Algebra, Formula, Op
from constrain.frontends.jsonschema.keywords import BUILD
from constrain.frontends.jsonschema.keywords.types import ALL_TYPES, type_mask
from constrain.frontends.jsonschema.predicate import Predicate, Predicates
from constrain.frontends.jsonschema.refs import Library, Node

__all__ = ["Builder", "Parts"]

_BUILDING = object()


class Parts:
    """What the keywords of one subschema have said so far, by type. `types` are the bits of the types not excluded."""

    __slots__ = ("array", "done", "number", "object", "simple", "string", "types")

    def __init__(self, types: int) -> None:
        self.types = types
        self.simple = 7
        self.number: list[Formula] = []
        self.string: list[Formula] = []
        self.array: list[Formula] = []
        self.object: list[Formula] = []
        self.done: set[str] = set()

    def add(self, predicate: Predicate) -> None:
        """Require a whole predicate."""
        self.simple &= predicate.simple
        self.number.append(predicate.number)
        self.string.append(predicate.string)
        self.array.append(predicate.array)
        self.object.append(predicate.object)


class Builder:
    """Builds the predicates of one schema. `formats` tells whether `format` asserts."""

    def __init__(self, library: Library, *, formats: bool, budget: Budget | None = None) -> None:
        self.library = library
        self.budget = budget or Budget()
        self.formats = formats
        self.algebra = Algebra()
        self.predicates = Predicates(self.algebra)
        self._origins: dict[Formula, tuple[Node, str]] = {}

    def predicate(self, entry: Entry) -> Predicate:
        """Return the predicate of a node (building it), or the predicate given."""
        if entry.__class__ is Predicate:
            return entry
        assert isinstance(entry, Node)
        made = entry.slot
        if made.__class__ is Predicate:
            return made
        if made is _BUILDING:
            raise SchemaError(
                "the reference leads back to itself without entering a member or item", pointer=entry.pointer
            )
        entry.slot = _BUILDING
        try:
            made = self._build(entry)
        finally:
            entry.slot = None
        entry.slot = made
        return made

    def placed(self, error: LimitExceeded, f: Formula) -> LimitExceeded:
        """Return the error with the place of the first keyword found in `f`, innermost first, if there is one."""
        if isinstance(error, LimitAtPlace):
            return error
        seen: set[Formula] = set()
        stack = [(f, False)]
        while stack:
            g, inside = stack.pop()
            if inside or g.op is Op.ATOM:
                origin = self._origins.get(g)
                if origin is not None:
                    node, keyword = origin
                    return LimitAtPlace(error, f"{node.pointer}/{keyword}", keyword)
            elif g not in seen:
                seen.add(g)
                stack.append((g, True))
                stack += [(part, False) for part in reversed(g.args)]
        return error

    def child(self, node: Node, schema: Any, *steps: str | int) -> Predicate:
        """Return the predicate of a subschema of the same value."""
        return self.predicate(self.library.child(node, schema, *steps))

    def children(self, node: Node, schemas: Sequence[Any], keyword: str) -> list[Predicate]:
        """Return the predicates of a list of subschemas of the same value."""
        return [self.child(node, schema, keyword, i) for i, schema in enumerate(schemas)]

    def _build(self, node: Node) -> Predicate:
        schema = node.schema
        if schema is True:
            return self.predicates.any
        if schema is False:
            return self.predicates.never
        dialect = node.resource.dialect
        table = BUILD[dialect.key]
        if dialect.lone_ref and "$ref" in schema:
            return self.predicate(self.library.resolve(node, schema["$ref"]))
        types = type_mask(schema.get("type")) if "type" in table else ALL_TYPES
        parts = Parts(types)
        origins = self._origins
        self.budget.tick()
        for keyword, value in schema.items():
            build = table.get(keyword)
            if build is not None:
                try:
                    build(self, node, value, parts)
                except LimitAtPlace:
                    raise
                except LimitExceeded as error:
                    raise LimitAtPlace(error, f"{node.pointer}/{keyword}", keyword) from error
                for added in (parts.number, parts.string, parts.array, parts.object):
                    if added:
                        origins.setdefault(added[-1], (node, keyword))
        conj = self.algebra.conj
        return self.predicates.make(
            parts.simple & types & 7,
            conj(parts.number) if types & 8 else FALSE,
            conj(parts.string) if types & 16 else FALSE,
            conj(parts.array) if types & 32 else FALSE,
            conj(parts.object) if types & 64 else FALSE,
        )
