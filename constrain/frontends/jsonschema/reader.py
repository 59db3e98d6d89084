"""A schema as given (dict, bool, JSON text) becomes plain data with exact numbers.

Problem: `0.1` read as a float is not one tenth, and `multipleOf: 0.1` needs one tenth. Text is therefore parsed with
decimals kept as `Decimal`; floats in a dict given by the caller count as the shortest decimal that prints like them,
which is what the caller wrote. Numbers become exact where they are used (`exact`), so reading stays linear and cheap.

Worked example: `exact(0.1)` is 1/10, `exact(Decimal("1e2"))` is 100, `exact(True)` raises: a boolean is no number.

Invariant: `exact` refuses exponents beyond 10,000, since `1e999999999` is eleven bytes of text and a gigabyte as an
integer.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from constrain.errors import SchemaError
from constrain.limits import DEFAULT, Limits

__all__ = ["exact", "is_number", "is_text", "load"]

_MOST_EXPONENT = 10_000
_LONG = 4_000


def load(schema: Any, limits: Limits = DEFAULT) -> Any:
    """Return the schema as dicts, lists and scalars. Raises SchemaError if it is not a schema or not JSON."""
    if isinstance(schema, (bytes, bytearray, memoryview)):
        try:
            schema = bytes(schema).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise SchemaError(f"the schema is not UTF-8 text: {error}", pointer="") from None
    if isinstance(schema, str):
        if len(schema) > limits.schema_bytes:
            raise SchemaError(f"the schema is longer than {limits.schema_bytes} characters", pointer="")
        try:
            schema = json.loads(schema, parse_float=Decimal, parse_int=_integer, parse_constant=_no_constant)
        except RecursionError:
            raise SchemaError("the schema is nested too deeply", pointer="") from None
        except ValueError as error:
            if isinstance(error, json.JSONDecodeError):
                raise SchemaError(f"the schema is not JSON: {error}", pointer="") from None
            raise SchemaError(f"the schema holds a number that cannot be used: {error}", pointer="") from None
    if isinstance(schema, Mapping) and not isinstance(schema, dict):
        schema = dict(schema)
    if not isinstance(schema, (dict, bool)):
        raise SchemaError(f"a schema is an object or a boolean, not {_kind(schema)}", pointer="")
    return schema


def is_number(value: Any) -> bool:
    """Tell whether `value` is a JSON number (a boolean is not)."""
    return isinstance(value, (int, float, Decimal, Fraction)) and not isinstance(value, bool)


def exact(value: Any) -> Fraction:
    """Return the number as a fraction. Raises ValueError if it is none, not finite or of absurd magnitude."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, Fraction)):
        raise ValueError(f"{value!r} is not a number")  # noqa: TRY004 - the value is wrong, not the program
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value!r} is not a JSON number")
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value!r} is not a JSON number")
        if value and abs(value.adjusted()) > _MOST_EXPONENT:
            raise ValueError(f"{value!r} has an exponent beyond {_MOST_EXPONENT}")
    return Fraction(value)


def is_text(string: str) -> bool:
    """Tell whether the string can be written: without a lone surrogate, that is."""
    return string.isascii() or not any("\ud800" <= c <= "\udfff" for c in string)


def _integer(digits: str) -> int:
    """Return the integer; Python itself refuses long ones, and advises what a user of a schema cannot do."""
    if len(digits) > _MOST_EXPONENT:
        raise ValueError(f"{digits[:20]}... has {len(digits)} digits, more than {_MOST_EXPONENT}")
    return int(digits) if len(digits) < _LONG else int(Decimal(digits))


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _kind(value: Any) -> str:
    return "null" if value is None else "a list" if isinstance(value, list) else f"{type(value).__name__}"
