"""The ways in: each parses its text once and returns a `Constraint`.

json_schema   schema -> dialect, references, formulas -> grammar of JSON texts      frontends.jsonschema
regex         pattern -> syntax tree -> term over characters -> term over bytes     regex.parse, regex.lower
choice        strings -> one set of words                                           regex.term
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from constrain.automaton.constraint import Constraint
from constrain.automaton.violation import Violation
from constrain.errors import ConstraintError
from constrain.grammar.symbols import Grammar
from constrain.limits import DEFAULT, Limits

__all__ = ["Constraint", "Violation", "choice", "json_schema", "regex"]


def json_schema(
    schema: Mapping[str, Any] | bool | str | bytes,
    property_order: Literal["schema", "any"] = "schema",
    whitespace: str | int = "flexible",
    formats: Literal["assert", "ignore"] = "assert",
    remotes: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
) -> Constraint:
    """Return the JSON texts that satisfy `schema` (a dict, a bool, or JSON text).

    property_order: "schema" (declared names in the order of the schema, then others) or "any".
    whitespace: "flexible" (any JSON white space, each run at most 64), "any", "compact" (none), an int (pretty-printed with
        that indentation) or a pattern for every place where JSON allows white space.
    formats: "assert" enforces the formats of the specification, "ignore" treats them all as annotations.
    remotes: documents by URI that references may lead to; nothing is ever fetched.

    Raises SchemaError (malformed, unresolvable), UnsupportedKeyword, Unsatisfiable, LimitExceeded; each names the place.
    """
    from constrain.frontends.jsonschema.compile import compile_schema

    budget = limits or DEFAULT
    compiled = compile_schema(
        schema,
        property_order=property_order,
        whitespace=whitespace,
        formats=formats,
        remotes=remotes,
        limits=budget,
    )
    return Constraint(compiled.grammar, source="JSON Schema", unenforced=compiled.unenforced, limits=budget)


def regex(pattern: str, syntax: Literal["python", "ecma"] = "python", limits: Limits | None = None) -> Constraint:
    """Return the texts that `pattern` matches as a whole (like `re.fullmatch`).

    syntax: "python" (the `re` module's) or "ecma" (ECMA-262 with the u flag). Raises PatternError with the span.
    """
    from constrain.regular.emptiness import is_empty
    from constrain.regular.lower import lower_utf8
    from constrain.regular.parse import parse_regex

    budget = limits or DEFAULT
    if not isinstance(pattern, str):
        raise ConstraintError(f"a pattern must be str, not {type(pattern).__name__}")
    term = lower_utf8(parse_regex(pattern, syntax=syntax, search=False, limits=budget))
    if is_empty(term, budget):
        raise ConstraintError(f"the pattern {pattern!r} matches no text at all")
    return Constraint(Grammar((term,)), source=f"regex {pattern!r}", limits=budget)


def choice(options: Iterable[str], limits: Limits | None = None) -> Constraint:
    """Return exactly the texts in `options`. Raises ConstraintError if there is none or one is not text."""
    from constrain.regular.term import words

    if isinstance(options, (str, bytes)):
        raise ConstraintError("choice takes several strings, for example a list, not one string")
    strings = list(options)
    if not strings:
        raise ConstraintError("choice needs at least one option")
    for index, option in enumerate(strings):
        if not isinstance(option, str):
            raise ConstraintError(f"option {index} must be str, not {type(option).__name__}")
        try:
            option.encode()
        except UnicodeEncodeError as error:
            raise ConstraintError(f"option {index} has a lone surrogate at character {error.start}") from None
    return Constraint(Grammar((words(strings, "utf8"),)), source=f"choice of {len(strings)}", limits=limits or DEFAULT)
