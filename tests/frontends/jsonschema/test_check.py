"""What is refused, where, and what is let through because its meaning is clear."""

import contextlib
import json
import time

import pytest

from constrain.api import json_schema
from constrain.errors import LimitExceeded, SchemaError, Unsatisfiable, UnsupportedKeyword
from constrain.frontends.jsonschema import compile_schema
from constrain.limits import Limits
from tests.frontends.jsonschema.machine import accepts_value

UNSUPPORTED = [
    ({"uniqueItems": True}, "/uniqueItems"),
    ({"properties": {"a/b": {"items": {"contains": {}}}}}, "/properties/a~1b/items/contains"),
    ({"anyOf": [{}, {"unevaluatedProperties": False}]}, "/anyOf/1/unevaluatedProperties"),
    ({"$ref": "#/$defs/x", "$defs": {"x": {"unevaluatedItems": False}}}, "/$defs/x/unevaluatedItems"),
    ({"items": {"$ref": "http://elsewhere/x.json"}}, "/items"),
    ({"properties": {"n": {"multipleOf": 0.123456789, "type": "integer"}}}, "/properties/n/multipleOf"),
]


@pytest.mark.parametrize(("schema", "pointer"), UNSUPPORTED)
def test_what_cannot_be_enforced_names_keyword_and_pointer(schema, pointer):
    with pytest.raises(UnsupportedKeyword) as caught:
        compile_schema(schema)
    assert caught.value.pointer == pointer
    assert caught.value.keyword in str(caught.value)


@pytest.mark.parametrize(
    "schema",
    [
        {"uniqueItems": False},
        {"type": "string", "uniqueItems": True},
        {"uniqueItems": True, "maxItems": 1},
        {"contains": {"type": "null"}, "minContains": 0},
        {"type": "object", "contains": {}},
        {"unevaluatedProperties": True, "unevaluatedItems": {}},
        {"minContains": 2},
        {"$defs": {"never": {"uniqueItems": True}}},
        {"then": {"uniqueItems": True}},
        {"$schema": "http://json-schema.org/draft-04/schema#", "contains": {}, "if": 1, "const": 2},
        {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "$ref": "#/definitions/a",
            "uniqueItems": True,
            "definitions": {"a": {}},
        },
        {"$dynamicRef": "#/$defs/a", "$defs": {"a": {"type": "null"}}},
        {"$ref": "https://json-schema.org/draft/2020-12/meta/content"},
    ],
)
def test_what_asserts_nothing_passes(schema):
    compile_schema(schema)


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"type": "strin"}, "/type"),
        ({"properties": {"a": {"type": ["null", 3]}}}, "/properties/a/type"),
        ({"minLength": -1}, "/minLength"),
        ({"minLength": 1.5}, "/minLength"),
        ({"minimum": "3"}, "/minimum"),
        ({"multipleOf": 0}, "/multipleOf"),
        ({"pattern": "("}, "/pattern"),
        ({"pattern": r"(a)\1"}, "/pattern"),
        ({"patternProperties": {"[": {}}}, "/patternProperties/["),
        ({"required": True}, "/required"),
        ({"enum": "a"}, "/enum"),
        ({"anyOf": {}}, "/anyOf"),
        ({"anyOf": [{}, 3]}, "/anyOf/1"),
        ({"properties": []}, "/properties"),
        ({"items": 7}, "/items"),
        ({"$ref": "#/$defs/none"}, ""),
        ({"items": {"$ref": "#nowhere"}}, "/items"),
        ({"format": 3}, "/format"),
        ({"const": float("nan")}, "/const"),
        ({"$ref": "#"}, ""),
        ({"anyOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"allOf": [{"$ref": "#"}]}}}, ""),
    ],
)
def test_what_is_malformed_names_the_place(schema, pointer):
    with pytest.raises(SchemaError) as caught:
        compile_schema(schema)
    assert not isinstance(caught.value, UnsupportedKeyword)
    assert caught.value.pointer == pointer


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null", '{"a": NaN}', b"\xff", "[" * 100_000, '{"a":' * 100_000])
def test_text_that_is_no_schema(text):
    with pytest.raises(SchemaError):
        compile_schema(text)


@pytest.mark.parametrize(
    "schema",
    [
        False,
        {"type": "string", "enum": [1, 2]},
        {"type": "object", "required": ["a"], "properties": {"a": False}},
        {"type": "array", "minItems": 1, "items": {"$ref": "#"}},
        {"type": "object", "minProperties": 1, "additionalProperties": False},
        {"type": "object", "minProperties": 3, "propertyNames": {"pattern": "^[ab]$"}},
        {"allOf": [{"type": "integer"}, {"minimum": 1.1, "maximum": 1.9}]},
        {"type": "string", "pattern": "^a{3}$", "maxLength": 2},
        {"oneOf": [{"type": "null"}, {"const": None}], "type": "null"},
        {"not": {}},
        {"const": "\ud800"},
    ],
)
def test_nothing_satisfies_it(schema):
    with pytest.raises(Unsatisfiable):
        compile_schema(schema)


def test_lenient_where_the_meaning_is_clear():
    assert accepts_value(compile_schema({"minLength": 2.0, "type": "string"}), "ab")
    strict = compile_schema({"type": "integer", "minimum": 3, "exclusiveMinimum": True})
    assert not accepts_value(strict, 3)
    assert accepts_value(strict, 4)
    listed = compile_schema({"items": [{"type": "null"}], "additionalItems": False})
    assert accepts_value(listed, [None])
    assert not accepts_value(listed, [None, None])
    assert not accepts_value(listed, [1])
    assert accepts_value(compile_schema({"$schema": "http://example.com/own#", "const": 1}), 1)


def test_formats():
    schema = {"properties": {"x": {"format": "foo"}, "d": {"$ref": "#/$defs/d"}}, "$defs": {"d": {"format": "date"}}}
    compiled = compile_schema(schema)
    assert compiled.unenforced == ("#/properties/x: format 'foo'",)
    assert not accepts_value(compiled, {"d": "today"})
    assert accepts_value(compiled, {"d": "2024-02-29"})
    compiled = compile_schema(schema, formats="ignore")
    assert set(compiled.unenforced) == {"#/properties/x: format 'foo'", "#/$defs/d: format 'date'"}
    assert accepts_value(compiled, {"d": "today"})


@pytest.mark.parametrize(
    "option",
    [
        {"property_order": "alphabetical"},
        {"formats": "maybe"},
        {"whitespace": "["},
        {"whitespace": "x"},
        {"whitespace": -1},
    ],
)
def test_wrong_options(option):
    with pytest.raises(ValueError):
        compile_schema({}, **option)


# ---- hostile input


def test_deep_nesting_is_an_error_not_a_crash():
    for keyword in ("items", "not"):
        schema = {}
        for _ in range(20_000):
            schema = {keyword: schema}
        with contextlib.suppress(SchemaError, LimitExceeded):
            compile_schema(schema)


def test_a_million_strings():
    words = [f"word {i}" for i in range(1_000_000)]
    assert compile_schema({"enum": words}).unenforced == ()


def test_a_large_text():
    properties = {f"property {i}": {"type": "string", "description": "x" * 80} for i in range(60_000)}
    text = json.dumps({"type": "object", "properties": properties, "required": ["property 3"]})
    assert len(text) > 5 << 20
    compile_schema(text)


def test_five_hundred_properties_with_branches():
    properties = {f"p{i}": {"type": "integer"} for i in range(500)}
    schema = {"properties": properties, "required": list(properties), "additionalProperties": False}
    assert accepts_value(compile_schema(schema), dict.fromkeys(properties, 1))
    schema["anyOf"] = [{"required": ["p1"]}, {"properties": {"p2": {"minimum": 3}}}]
    assert accepts_value(compile_schema(schema), dict.fromkeys(properties, 1))


def test_counts_are_numerals():
    compiled = compile_schema({"type": "array", "minItems": 10**9, "maxItems": 10**12})
    assert not accepts_value(compiled, [1])
    compile_schema({"type": "string", "minLength": 10**6, "maxLength": 10**9})
    compile_schema({"type": "object", "minProperties": 10**9})


def test_an_absurd_number():
    with pytest.raises(SchemaError):
        compile_schema('{"minimum": 1e999999999}')


@pytest.mark.parametrize(
    ("schema", "pointer", "words"),
    [
        (False, "", ["false"]),
        ({"type": "string", "enum": [1]}, "", ["'type'", "'enum'"]),
        ({"type": "object", "required": ["a"], "properties": {"a": False}}, "/properties/a", ["false"]),
        ({"allOf": [{}, {"$ref": "#/$defs/x"}], "$defs": {"x": {"enum": []}}}, "/$defs/x", ["'enum'"]),
        ({"type": "array", "minItems": 1, "items": {"$ref": "#"}}, "", ["'minItems'", "'items'"]),
        ({"oneOf": [{"required": ["a"]}, {}], "required": ["a"], "type": "object"}, "", ["'oneOf'", "'required'"]),
    ],
)
def test_the_contradiction_is_pointed_at(schema, pointer, words):
    with pytest.raises(Unsatisfiable) as caught:
        compile_schema(schema)
    assert caught.value.pointer == pointer
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        (
            {"properties": {"n": {"allOf": [{"multipleOf": p} for p in (2, 3, 5, 7, 11, 13, 17, 19, 23)]}}},
            "/properties/n/allOf/0/multipleOf",
        ),
        ({"items": {"not": {"enum": list(range(30_000))}}, "minItems": 1}, "/items/not/enum"),
    ],
)
def test_what_costs_too_much_names_keyword_and_pointer(schema, pointer):
    def use():
        accepts_value(compile_schema(schema), [30_000])

    with pytest.raises((LimitExceeded, UnsupportedKeyword)) as caught:
        use()
    assert pointer in str(caught.value)
    assert caught.value.keyword == pointer.rpartition("/")[2]


@pytest.mark.parametrize("kind", ["items", "required", "allOf", "oneOf"])
def test_deep_nesting_works_or_ends_in_one_clear_error(kind):
    wrap = {
        "items": lambda s: {"type": "array", "items": s, "minItems": 1},
        "required": lambda s: {"type": "object", "properties": {"a": s}, "required": ["a"]},
        "allOf": lambda s: {"allOf": [s]},
        "oneOf": lambda s: {"oneOf": [s, {"type": "null"}]},
    }[kind]
    opened, closed = {"items": ("[", "]"), "required": ('{"a":', "}")}.get(kind, ("", ""))
    schema = {"type": "integer"}
    for depth in range(1, 5_001):
        schema = wrap(schema)
        if depth == 800:
            matches = json_schema(schema).matches
            assert matches(opened * depth + "1" + closed * depth)
            assert not matches(opened * depth + '"1"' + closed * depth)
    with pytest.raises(LimitExceeded, match="nesting of the schema"):
        compile_schema(schema)


@pytest.mark.parametrize("text", ['{"maximum": 1%s}', '{"items": {"enum": [1%s]}}', '{"multipleOf": 1%s}'])
def test_absurdly_long_numbers_get_an_error_of_our_own(text):
    with pytest.raises(SchemaError, match="digits") as caught:
        compile_schema(text % ("0" * 10_001))
    assert "sys." not in str(caught.value)
    with pytest.raises(SchemaError, match="maximum"):
        compile_schema({"items": {"maximum": 10**10_001}})


def test_a_long_list_of_numbers():
    numbers = [*range(-20_000, 20_000, 7), 0.5, 1e30]
    compiled = compile_schema({"items": {"enum": numbers, "minimum": -10_000}})
    assert accepts_value(compiled, [-9997, 0.5, 1e30])
    for wrong in (-20_000, -9996, 0.25, 20_001):
        assert not accepts_value(compiled, [wrong])
    older = {"$schema": "http://json-schema.org/draft-04/schema#", "type": "integer", "enum": numbers}
    assert accepts_value(compile_schema(older), -9997)
    assert not accepts_value(compile_schema(older), 0.5)


def test_a_list_of_objects_is_read_in_time_that_grows_with_it():
    started = time.monotonic()
    compiled = compile_schema({"enum": [{"a": i, "b": [i]} for i in range(1_500)]})
    assert accepts_value(compiled, {"a": 700, "b": [700]})
    assert not accepts_value(compiled, {"a": 700, "b": [701]})
    assert time.monotonic() - started < 20
    with pytest.raises((LimitExceeded, UnsupportedKeyword), match="/enum"):
        compile_schema({"enum": [{"a": i} for i in range(20_000)]}, limits=Limits(seconds=0.05))


@pytest.mark.parametrize(
    ("pattern", "fine"),
    [
        (r"^(?!.*://)(?=.{1,255}$)((.{1,63}\.){1,127}(?![0-9]*$)[a-z0-9-]+\.?)$", False),
        (r"^(a{1,1000}){1,1000}$", False),
        (r"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.){1,127}[a-z]+$", True),
        (r"^((a{1,63}){1,127})$", True),
        (r"^(a|a)*$", True),
        (r"^[a-z]{1,100000}$", True),
    ],
)
def test_patterns_that_would_blow_up_later_are_refused_now(pattern, fine):
    schema = {"properties": {"p": {"type": "string", "pattern": pattern}}}
    if fine:
        compile_schema(schema)
        return
    with pytest.raises(UnsupportedKeyword) as caught:
        compile_schema(schema)
    assert (caught.value.pointer, caught.value.keyword) == ("/properties/p/pattern", "pattern")
