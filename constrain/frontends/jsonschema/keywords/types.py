"""`type`: a set of JSON types as bits.

Bits 0 to 2 are `simple` of a predicate (null, false, true), 3 number, 4 string, 5 array, 6 object. `integer` is the
number bit and a condition on the number: a multiple of 1, or in draft 4 a numeral without fraction and exponent.
Example: `["integer", "null"]` is 0b1001 with the condition; `["integer", "number"]` is 0b1000 without.
"""

# ruff: noqa: ARG001 - one signature for every keyword of the table

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from constrain.errors import SchemaError
from constrain.frontends.jsonschema.atoms import Multiple, WrittenInteger

if TYPE_CHECKING:
    from constrain.frontends.jsonschema.builder import Builder, Parts
    from constrain.frontends.jsonschema.check import Walk
    from constrain.frontends.jsonschema.refs import Node

__all__ = ["ALL_TYPES", "build_type", "check_type", "type_mask"]

ALL_TYPES = 127
_MASKS = {"null": 1, "boolean": 6, "number": 8, "integer": 8, "string": 16, "array": 32, "object": 64}
_INTEGER = Multiple(Fraction(1))
_WRITTEN = WrittenInteger()


def type_mask(value: Any) -> int:
    """Return the types the keyword `type` allows; its absence (None) allows all."""
    if value.__class__ is str:
        return _MASKS[value]
    if value is None:
        return ALL_TYPES
    mask = 0
    for name in value:
        mask |= _MASKS[name]
    return mask


def check_type(walk: Walk, node: Node, value: Any) -> None:
    """Raise SchemaError unless `value` names types."""
    if value.__class__ is str and value in _MASKS:
        return
    names = value if isinstance(value, list) else [value]
    for name in names:
        if not isinstance(name, str) or name not in _MASKS:
            raise SchemaError(f"{name!r} is not a JSON type", pointer=f"{node.pointer}/type", keyword="type")


def build_type(build: Builder, node: Node, value: Any, parts: Parts) -> None:
    """Add what `integer` says of numbers; the rest of `type` is the mask."""
    if value == "integer" or (isinstance(value, list) and "integer" in value and "number" not in value):
        parts.number.append(build.algebra.atom(_WRITTEN if node.dialect.written_integers else _INTEGER))
