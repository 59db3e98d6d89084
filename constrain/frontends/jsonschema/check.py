"""One linear walk over everything reachable from the root, before anything is built.

Problem: formulas are built when an instance reaches them, which would let a malformed or unenforceable keyword
surface in the middle of a generation. The walk visits each reachable subschema once (through `$ref` too), checks each
keyword's value, parses each pattern, notes formats that will not be enforced and refuses what cannot be enforced.

Worked example: in `{"$ref": "#/$defs/a", "$defs": {"a": {"items": {"minItems": -1}}, "b": {"minItems": -1}}}` the walk
raises at `/$defs/a/items/minItems`; `b` is never reached, so nobody asks.

Invariant: after the walk, building any predicate raises nothing but LimitExceeded.
"""

from __future__ import annotations

from typing import Any

from constrain.errors import SchemaError
from constrain.frontends.jsonschema.budget import Budget
from constrain.frontends.jsonschema.keywords import CHECK
from constrain.frontends.jsonschema.keywords.reserved import refuse
from constrain.frontends.jsonschema.refs import Library, Node

__all__ = ["Walk", "check"]


def check(library: Library, *, formats: bool, budget: Budget | None = None) -> Walk:
    """Check every reachable keyword; return the walk with its findings.

    Raises SchemaError or UnsupportedKeyword with the pointer of the first place at fault.
    """
    walk = Walk(library, formats=formats)
    walk.run(library.root, budget or Budget())
    return walk


class Walk:
    """The walk's state and findings. `keyword` is the one being checked.

    unenforced: what will not be asserted. multiples: subschemas with `multipleOf`. divisors: those of which it, alone or with
    others on the same value, may need too large a table; and those with a very long bound.
    """

    def __init__(self, library: Library, *, formats: bool) -> None:
        self.library = library
        self.formats = formats
        self.unenforced: list[str] = []
        self.divisors: list[Node] = []
        self.multiples: set[Node] = set()
        self.dynamic: list[tuple[Node, str, str | None]] = []
        self.keyword = ""
        self._stack: list[Node] = []
        self._seen: set[Node] = set()
        self._same: dict[Node, list[Node]] = {}  # subschemas of the same value
        self._targets = False

    def run(self, root: Node, budget: Budget) -> None:
        """Check everything reachable from `root`."""
        self._push(root)
        stack = self._stack
        while stack:
            budget.tick()
            node = stack.pop()
            schema = node.schema
            dialect = node.resource.dialect
            table = CHECK[dialect.key]
            if dialect.lone_ref and "$ref" in schema:
                self.keyword = "$ref"
                table["$ref"](self, node, schema["$ref"])
                continue
            for keyword, value in schema.items():
                found = table.get(keyword)
                if found is not None:
                    self.keyword = keyword
                    found(self, node, value)
        if self._targets:
            self._refuse_loops()
        if len(self.multiples) > 1:
            self.divisors += self._compound()
        for node, keyword, anchor in self.dynamic:
            if self.library.dynamic_resources(anchor) > 1:
                raise refuse(node, keyword)

    def visit(self, node: Node, schema: Any, *steps: str | int) -> Node | None:
        """Visit a subschema of another value."""
        if schema.__class__ is dict:
            child = self.library.child(node, schema, *steps)
            if child not in self._seen:
                self._seen.add(child)
                self._stack.append(child)
            return child
        if schema is True or schema is False:
            return None
        child = Node(schema, node.resource, node, steps)
        self._push(child)
        return child

    def visit_same(self, node: Node, schema: Any, *steps: str | int) -> None:
        """Visit a subschema of the same value."""
        child = self.visit(node, schema, *steps)
        if child is not None:
            self._same.setdefault(node, []).append(child)

    def visit_target(self, node: Node, target: Node) -> None:
        """Visit what a reference leads to."""
        self._targets = True
        self._same.setdefault(node, []).append(target)
        if target not in self._seen:
            self._push(target)

    def _push(self, node: Node) -> None:
        if isinstance(node.schema, dict):
            self._seen.add(node)
            self._stack.append(node)
        elif not isinstance(node.schema, bool):
            raise SchemaError(
                f"a schema is an object or a boolean, not {str(node.schema)[:40]!r}", pointer=node.pointer
            )

    def _compound(self) -> list[Node]:
        """Return the subschemas of whole values on which several `multipleOf` bear."""
        inner = {node for nodes in self._same.values() for node in nodes}
        found: list[Node] = []
        for start in self._same:
            if start in inner:
                continue
            seen: dict[Node, None] = {}
            stack = [start]
            while stack:
                node = stack.pop()
                if node not in seen:
                    seen[node] = None
                    stack += self._same.get(node, ())
            if len(self.multiples & seen.keys()) > 1:
                found.append(start)
        return found

    def _refuse_loops(self) -> None:
        """Raise if a value's own subschemas lead back to themselves."""
        done: set[Node] = set()
        for start in self._same:
            if start in done:
                continue
            path: dict[Node, None] = {start: None}
            stack = [iter(self._same[start])]
            while stack:
                for node in stack[-1]:
                    if node in path:
                        raise SchemaError(
                            "the reference leads back to itself without entering a member or item",
                            pointer=node.pointer,
                            keyword="$ref",
                        )
                    if node not in done and node in self._same:
                        path[node] = None
                        stack.append(iter(self._same[node]))
                        break
                else:
                    stack.pop()
                    done.add(path.popitem()[0])
