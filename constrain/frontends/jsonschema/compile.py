"""A JSON Schema in, the grammar of all JSON texts that satisfy it out.

    text or data -> reader -> refs.Library -> check (linear, finds every error) -> builder + emptiness (root only)
                 -> values.Values: rules produced while a text is read

Worked example: `compile_schema({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]})`
checks two subschemas, builds the predicate of the root, finds it inhabited (one required name, which has a value) and
returns a grammar of which nothing is produced yet.

Departures from JSON Schema are listed in the README; what is not asserted is listed in `unenforced`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from constrain.errors import ConstraintError, Unsatisfiable, UnsupportedKeyword
from constrain.frontends.jsonschema.budget import Budget, LimitAtPlace, deeply
from constrain.frontends.jsonschema.builder import Builder
from constrain.frontends.jsonschema.check import check
from constrain.frontends.jsonschema.emptiness import Emptiness
from constrain.frontends.jsonschema.explain import contradiction
from constrain.frontends.jsonschema.layout import layout
from constrain.frontends.jsonschema.predicate import Predicate
from constrain.frontends.jsonschema.reader import load
from constrain.frontends.jsonschema.refs import Library
from constrain.frontends.jsonschema.values import Values
from constrain.grammar.symbols import Grammar
from constrain.limits import DEFAULT, Limits

__all__ = ["CompiledSchema", "compile_schema"]


@dataclass(frozen=True, slots=True)
class CompiledSchema:
    """A schema ready to be enforced.

    grammar: of all texts that satisfy it. unenforced: places and keywords that JSON Schema calls annotations and that are not
    asserted, as "#/properties/x: format 'foo'". root, emptiness: the algebra behind the grammar.
    """

    grammar: Grammar
    unenforced: tuple[str, ...]
    root: Predicate
    emptiness: Emptiness


def compile_schema(
    schema: Any,
    *,
    property_order: Literal["schema", "any"] = "schema",
    whitespace: str | int = "flexible",
    formats: Literal["assert", "ignore"] = "assert",
    remotes: Mapping[str, Any] | None = None,
    limits: Limits = DEFAULT,
) -> CompiledSchema:
    """Compile a JSON Schema (dict, bool, or JSON text as str or bytes).

    property_order: "schema" writes declared names in the order of the schema and other names last, "any" allows any order.
    whitespace: "flexible" (runs of at most 64), "any", "compact", an indentation, or a pattern for each place.
    formats: "assert" enforces the formats of the specification, "ignore" none. remotes: schemas by URI, for `$ref`; nothing
    is ever fetched.

    Raises SchemaError (malformed, or a reference that leads nowhere), UnsupportedKeyword, Unsatisfiable, LimitExceeded.
    """
    if property_order not in ("schema", "any"):
        raise ConstraintError(f"property_order is 'schema' or 'any', not {property_order!r}")
    if formats not in ("assert", "ignore"):
        raise ConstraintError(f"formats is 'assert' or 'ignore', not {formats!r}")
    style = layout(whitespace)
    schema = load(schema, limits)
    if remotes:
        remotes = {uri: load(remote, limits) for uri, remote in remotes.items()}
    asserting = formats == "assert"
    budget = Budget(limits)
    library = Library(schema, remotes)
    walk = check(library, formats=asserting, budget=budget)
    build = Builder(library, formats=asserting, budget=budget)
    emptiness = Emptiness(build, limits, any_order=property_order == "any")

    def enter() -> Grammar:
        for node in walk.divisors:
            emptiness.numeric.term(
                build.predicate(node).number
            )  # refuse a table now, rather than in the middle of a text
        root = build.predicate(library.root)
        if not emptiness.inhabited(root):
            message, pointer, keyword = contradiction(library.root, emptiness)
            raise Unsatisfiable(message, pointer=pointer, keyword=keyword)
        return Values(emptiness, style).grammar(root)

    try:
        grammar = deeply(enter, limits)
    except LimitAtPlace as error:
        message = f"{error.keyword} cannot be enforced here: {error.cause}"
        raise UnsupportedKeyword(message, pointer=error.pointer, keyword=error.keyword) from error
    root = build.predicate(library.root)
    return CompiledSchema(grammar, tuple(dict.fromkeys(walk.unenforced)), root, emptiness)
