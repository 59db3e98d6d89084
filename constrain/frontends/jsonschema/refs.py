"""Where every subschema is, and what `$ref` means there.

Problem: a reference is a URI, resolved against the base its place has, and the base changes wherever `$id` starts an
embedded resource. A `Node` is one subschema at its place: the schema, the resource around it, and its pointer for
messages. A `Library` owns the document, the remote documents the caller supplied (nothing is ever fetched) and the
published meta-schemas, and turns (node, reference) into a node.

Worked example: in `{"$id": "http://x/a.json", "$defs": {"b": {"$id": "b.json", "$defs": {"c": {}}}}}` the reference
`b.json#/$defs/c` from the root is resolved to `http://x/b.json`, an embedded resource, then along the pointer.

Invariants: the same schema object in the same resource is one node; pointers are followed with `~0`, `~1`, `%XX` and
array indices; most documents use `#/...` only, and for them no index of identifiers is built.

Source: RFC 3986 section 5 (base URIs), RFC 6901 (pointers), JSON Schema 2020-12 core, section 9.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from constrain.errors import SchemaError, UnsupportedKeyword
from constrain.frontends.jsonschema.dialect import Dialect, dialect_of

__all__ = ["Library", "Node", "Resource", "subschemas"]

_ONE = frozenset(
    "not if then else items additionalItems contains propertyNames additionalProperties unevaluatedItems "
    "unevaluatedProperties contentSchema".split()
)
_LIST = frozenset("allOf anyOf oneOf prefixItems items".split())
_MAP = frozenset("properties patternProperties definitions $defs dependentSchemas dependencies".split())


class Resource:
    """A schema with a URI of its own: a document, or what an `$id` embeds in one."""

    __slots__ = ("anchors", "contents", "dialect", "dynamic", "place", "recursive", "uri")

    def __init__(self, uri: str, contents: Any, dialect: Dialect, place: str) -> None:
        self.uri = uri
        self.contents = contents
        self.dialect = dialect
        self.place = place  # pointer of the resource in its document, for messages
        self.anchors: dict[str, Node] = {}
        self.dynamic: set[str] = set()
        self.recursive = isinstance(contents, dict) and contents.get("$recursiveAnchor") is True


class Node:
    """One subschema at its place. `slot` is free for whoever builds something from it."""

    __slots__ = ("above", "resource", "schema", "slot", "steps")

    def __init__(self, schema: Any, resource: Resource, above: Node | None, steps: tuple[str | int, ...]) -> None:
        self.schema = schema
        self.resource = resource
        self.above = above
        self.steps = steps
        self.slot: Any = None

    @property
    def pointer(self) -> str:
        """The place of the subschema: a JSON pointer, after the URI of its document if that is not the root document."""
        steps: list[str | int] = []
        node = self
        while node.above is not None:
            steps += reversed(node.steps)
            node = node.above
        return node.resource.place + "".join(f"/{_escape(step)}" for step in reversed(steps))

    @property
    def dialect(self) -> Dialect:
        """The dialect of the resource it belongs to."""
        return self.resource.dialect


class Library:
    """The document, and every other document its references may reach."""

    def __init__(self, schema: Any, remotes: Mapping[str, Any] | None = None) -> None:
        self.remotes = dict(remotes or {})
        self._nodes: dict[tuple[int, int], Node] = {}
        self._resources: dict[int, Resource] = {}
        self._by_uri: dict[str, Resource] = {}
        self._resolved: dict[tuple[int, str], Node] = {}
        self._indexed: list[Any] = []  # also keeps the documents, and so their ids, alive
        self._remotes_indexed = False
        dialect = dialect_of(schema, remotes=self.remotes)
        self.root = self._document(schema, "", dialect, "")

    def child(self, node: Node, schema: Any, *steps: str | int) -> Node:
        """Return the node of `schema`, found `steps` below `node`."""
        resource = node.resource
        key = (id(schema), id(resource))
        found = self._nodes.get(key)
        if found is not None and found.schema is schema:
            return found
        inner = resource
        if isinstance(schema, dict) and resource.dialect.id_keyword in schema:
            inner = self._embedded(schema, resource, node, steps)
        made = Node(schema, resource, node, steps) if inner is resource else self._top(inner)
        if isinstance(schema, (dict, list)):  # true and false are one object each wherever they stand
            self._nodes[key] = made
        return made

    def resolve(self, node: Node, reference: str, keyword: str = "$ref") -> Node:
        """Return the node `reference` means at `node`.

        Raises SchemaError if it leads nowhere, UnsupportedKeyword if it leads to a document that was not supplied.
        """
        resource = node.resource
        key = (id(resource), reference)
        found = self._resolved.get(key)
        if found is None:
            found = self._resolved[key] = self._resolve(node, resource, reference, keyword)
        return found

    def dynamic_resources(self, anchor: str | None) -> int:
        """Return how many known resources define `$dynamicAnchor: anchor` (None: `$recursiveAnchor: true`)."""
        self._index(self.root)
        return sum(
            (r.recursive if anchor is None else anchor in r.dynamic)
            for r in {id(r): r for r in self._resources.values()}.values()
        )

    # ---- resolution

    def _resolve(self, node: Node, resource: Resource, reference: str, keyword: str) -> Node:
        if reference.startswith("#"):
            fragment = reference[1:]
        else:
            try:
                uri, fragment = urldefrag(urljoin(resource.uri, reference))
            except ValueError as error:
                raise SchemaError(
                    f"{reference!r} is not a URI: {error}", pointer=node.pointer, keyword=keyword
                ) from None
            target = self._find(uri)
            if target is None:
                raise UnsupportedKeyword(
                    f"{keyword} {reference!r} leads to another document, {uri!r}; supply it with remotes={{uri: schema}}",
                    pointer=node.pointer,
                    keyword=keyword,
                )
            resource = target
        if "%" in fragment:
            fragment = unquote(fragment)
        top = self._top(resource)
        if not fragment:
            return top
        if fragment.startswith("/"):
            found = self._walk(top, fragment)
        else:
            self._index(top)
            found = resource.anchors.get(fragment)
        if found is None:
            raise SchemaError(f"{keyword} {reference!r} leads nowhere", pointer=node.pointer, keyword=keyword)
        return found

    def _walk(self, node: Node, pointer: str) -> Node | None:
        """Follow a JSON pointer from a node, entering embedded resources on the way."""
        value = node.schema
        steps: list[str | int] = []
        for token in pointer.split("/")[1:]:
            if isinstance(value, dict) and steps and isinstance(value.get(node.dialect.id_keyword), str):
                node, steps = self.child(node, value, *steps), []
            token = token.replace("~1", "/").replace("~0", "~")
            if isinstance(value, dict):
                if token not in value:
                    return None
                value = value[token]
                steps.append(token)
            elif isinstance(value, list):
                if not token.isdecimal() or str(int(token)) != token or int(token) >= len(value):
                    return None
                value = value[int(token)]
                steps.append(int(token))
            else:
                return None
        return self.child(node, value, *steps) if steps else node

    def _find(self, uri: str) -> Resource | None:
        """Return the resource with this URI: known, embedded, supplied or published."""
        found = self._by_uri.get(uri)
        if found is not None:
            return found
        self._index(self.root)
        found = self._by_uri.get(uri)
        if found is not None:
            return found
        for name in (uri, uri + "#"):
            if name in self.remotes:
                return self._document(self.remotes[name], uri, self.root.dialect, uri + "#").resource
        if self.remotes and not self._remotes_indexed:
            self._remotes_indexed = True
            for name, schema in self.remotes.items():
                home = urldefrag(name)[0]
                if home not in self._by_uri:
                    self._index(self._document(schema, home, self.root.dialect, home + "#"))
            if uri in self._by_uri:
                return self._by_uri[uri]
        if "json-schema.org/" in uri:
            from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

            for name in (uri, uri + "#"):
                if name in REGISTRY:
                    return self._document(REGISTRY.contents(name), uri, self.root.dialect, uri + "#").resource
        return None

    # ---- documents and identifiers

    def _document(self, schema: Any, uri: str, dialect: Dialect, place: str) -> Node:
        dialect = dialect_of(schema, dialect, self.remotes)
        own = self._own_uri(schema, dialect)
        resource = Resource(urljoin(uri, own) if own is not None else uri, schema, dialect, place)
        if isinstance(schema, dict):
            self._resources[id(schema)] = resource
        self._by_uri[uri] = self._by_uri[resource.uri] = resource
        self._indexed.append(schema)
        return self._top(resource)

    def _top(self, resource: Resource) -> Node:
        key = (id(resource.contents), id(resource))
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = Node(resource.contents, resource, None, ())
        return found

    @staticmethod
    def _own_uri(schema: Any, dialect: Dialect) -> str | None:
        """Return the URI `schema` gives itself, without its fragment, or None."""
        if not isinstance(schema, dict):
            return None
        own = schema.get(dialect.id_keyword)
        if not isinstance(own, str) or own.startswith("#") or (dialect.lone_ref and "$ref" in schema):
            return None
        return urldefrag(own)[0]

    def _embedded(self, schema: Any, outer: Resource, node: Node, steps: tuple[str | int, ...]) -> Resource:
        """Return the resource `schema` starts, or `outer` if it starts none."""
        own = self._own_uri(schema, outer.dialect)
        if own is None:
            return outer
        found = self._resources.get(id(schema))
        if found is None:
            place = Node(schema, outer, node, steps).pointer
            dialect = dialect_of(schema, outer.dialect, self.remotes)
            found = self._resources[id(schema)] = Resource(urljoin(outer.uri, own), schema, dialect, place)
            self._by_uri.setdefault(found.uri, found)
        return found

    def _index(self, top: Node) -> None:
        """Find every identifier in the document of `top`, once."""
        if top.resource.anchors.get("") is top:
            return
        top.resource.anchors[""] = top
        stack = [top]
        while stack:
            node = stack.pop()
            schema, resource = node.schema, node.resource
            if not isinstance(schema, dict):
                continue
            if resource.dialect.lone_ref:
                own = schema.get(resource.dialect.id_keyword)
                if isinstance(own, str) and own.startswith("#") and "$ref" not in schema:
                    resource.anchors.setdefault(own[1:], node)
            else:
                for keyword in ("$anchor", "$dynamicAnchor"):
                    name = schema.get(keyword)
                    if isinstance(name, str):
                        resource.anchors.setdefault(name, node)
                        if keyword == "$dynamicAnchor":
                            resource.dynamic.add(name)
            stack += [self.child(node, value, *steps) for steps, value in subschemas(schema)]


def subschemas(schema: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield (steps, subschema) for every place in `schema` where some dialect puts a schema."""
    for key, value in schema.items():
        if isinstance(value, dict):
            if key in _ONE:
                yield (key,), value
            elif key in _MAP:
                for name, item in value.items():
                    if isinstance(item, dict):
                        yield (key, name), item
        elif isinstance(value, list) and key in _LIST:
            for position, item in enumerate(value):
                if isinstance(item, dict):
                    yield (key, position), item


def _escape(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
