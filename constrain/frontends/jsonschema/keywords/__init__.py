"""The table of keywords: for each dialect, what checks and what builds each of them.

A keyword is enforced (it has a builder), reserved (it raises UnsupportedKeyword where it would assert something), or
not in the table: then it is an annotation, or unknown, and JSON Schema says to ignore it. Editions differ in which
keywords exist: `CHECK[7]` has `dependencies`, `CHECK[2020]` has `dependentRequired` and `prefixItems`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from constrain.frontends.jsonschema.keywords import (
    applicators,
    elements,
    literals,
    members,
    reserved,
    scalars,
    types,
)

if TYPE_CHECKING:
    from constrain.frontends.jsonschema.builder import Builder, Parts
    from constrain.frontends.jsonschema.check import Walk
    from constrain.frontends.jsonschema.refs import Node

__all__ = ["BUILD", "CHECK"]

Check = Callable[["Walk", "Node", Any], None]
Build = Callable[["Builder", "Node", Any, "Parts"], None]

_YEARS = (4, 6, 7, 2019, 2020)

# keyword, first and last edition that has it, check, build
_TABLE: list[tuple[str, int, int, Check, Build | None]] = [
    ("type", 4, 2020, types.check_type, types.build_type),
    ("enum", 4, 2020, literals.check_enum, literals.build_enum),
    ("const", 6, 2020, literals.check_const, literals.build_const),
    ("minimum", 4, 2020, scalars.check_bound, scalars.build_minimum),
    ("maximum", 4, 2020, scalars.check_bound, scalars.build_maximum),
    ("exclusiveMinimum", 4, 2020, scalars.check_exclusive, scalars.build_exclusive_minimum),
    ("exclusiveMaximum", 4, 2020, scalars.check_exclusive, scalars.build_exclusive_maximum),
    ("multipleOf", 4, 2020, scalars.check_multiple_of, scalars.build_multiple_of),
    ("minLength", 4, 2020, scalars.check_count, scalars.build_min_length),
    ("maxLength", 4, 2020, scalars.check_count, scalars.build_max_length),
    ("pattern", 4, 2020, scalars.check_pattern, scalars.build_pattern),
    ("format", 4, 2020, scalars.check_format, scalars.build_format),
    ("properties", 4, 2020, members.check_schema_map, members.build_members),
    ("patternProperties", 4, 2020, members.check_pattern_map, members.build_members),
    ("additionalProperties", 4, 2020, members.check_schema, members.build_members),
    ("required", 4, 2020, members.check_required, members.build_required),
    ("minProperties", 4, 2020, scalars.check_count, members.build_min_properties),
    ("maxProperties", 4, 2020, scalars.check_count, members.build_max_properties),
    ("propertyNames", 6, 2020, members.check_schema, members.build_property_names),
    ("dependencies", 4, 7, members.check_dependencies, members.build_dependencies),
    ("dependentRequired", 2019, 2020, members.check_dependent_required, members.build_dependencies),
    ("dependentSchemas", 2019, 2020, members.check_dependencies, members.build_dependencies),
    ("items", 4, 2020, elements.check_items, elements.build_items),
    ("prefixItems", 2020, 2020, elements.check_prefix_items, elements.build_items),
    ("additionalItems", 4, 2020, elements.check_additional_items, None),
    ("minItems", 4, 2020, scalars.check_count, elements.build_min_items),
    ("maxItems", 4, 2020, scalars.check_count, elements.build_max_items),
    ("allOf", 4, 2020, applicators.check_list, applicators.build_all_of),
    ("anyOf", 4, 2020, applicators.check_list, applicators.build_any_of),
    ("oneOf", 4, 2020, applicators.check_list, applicators.build_one_of),
    ("not", 4, 2020, applicators.check_not, applicators.build_not),
    ("if", 7, 2020, applicators.check_if, applicators.build_if),
    ("then", 7, 2020, applicators.check_branch, None),
    ("else", 7, 2020, applicators.check_branch, None),
    ("$ref", 4, 2020, applicators.check_ref, applicators.build_ref),
    ("$dynamicRef", 2020, 2020, reserved.check_dynamic_ref, applicators.build_ref),
    ("$recursiveRef", 2019, 2019, reserved.check_recursive_ref, applicators.build_ref),
    ("uniqueItems", 4, 2020, reserved.check_unique_items, None),
    ("contains", 6, 2020, reserved.check_contains, None),
    ("unevaluatedItems", 2019, 2020, reserved.check_unevaluated, None),
    ("unevaluatedProperties", 2019, 2020, reserved.check_unevaluated, None),
]

_VALIDATION = frozenset(
    "type enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern required "
    "minProperties maxProperties dependentRequired minItems maxItems uniqueItems".split()
)

CHECK: dict[int, dict[str, Check]] = {}
BUILD: dict[int, dict[str, Build]] = {}
"""By `Dialect.key`: the year, negated for a dialect without the validation vocabulary."""

for _year in _YEARS:
    _present = [row for row in _TABLE if row[1] <= _year <= row[2]]
    for _key in (_year, -_year):
        CHECK[_key] = {row[0]: row[3] for row in _present if _key > 0 or row[0] not in _VALIDATION}
        BUILD[_key] = {
            row[0]: row[4] for row in _present if row[4] is not None and (_key > 0 or row[0] not in _VALIDATION)
        }
