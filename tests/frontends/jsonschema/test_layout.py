"""Whitespace, escapes and the order of names, as text."""

import json
import random

import pytest

from constrain.automaton.reference import ReferenceMachine
from constrain.frontends.jsonschema import compile_schema
from tests.frontends.jsonschema import random_schemas
from tests.frontends.jsonschema.machine import accepts

SCHEMA = {"properties": {"a": {"type": "integer"}, "b": {"items": {}}}}


def machine(schema=SCHEMA, **options):
    return ReferenceMachine(compile_schema(schema, **options).grammar)


@pytest.mark.parametrize("indent", [0, 1, 2, 4])
def test_an_indentation_is_that_of_json_dumps(indent):
    pretty = machine(whitespace=indent)
    source = random.Random(indent)
    for _ in range(60):
        value = random_schemas.value(source, 3)
        if isinstance(value, dict) and not (
            isinstance(value.get("a", 0), int) and isinstance(value.get("b", []), list)
        ):
            continue
        if isinstance(value, dict):
            value = dict(sorted(value.items(), key=lambda item: (item[0] not in "ab" or not item[0], item[0])))
            if isinstance(value.get("a"), bool):
                continue
        text = json.dumps(value, indent=indent)
        assert accepts(pretty, text), text
        if isinstance(value, (dict, list)) and value:
            assert not accepts(pretty, json.dumps(value))
            assert not accepts(pretty, text + "\n")


def test_compact():
    compact = machine(whitespace="compact")
    assert accepts(compact, '{"a":1,"b":[1,{"c":[]}]}')
    for text in ('{"a": 1}', '{ "a":1}', '{"a":1 }', ' {"a":1}', '{"a":1} ', '{"b":[1, 2]}', "[ ]"):
        assert not accepts(compact, text), text


def test_flexible_runs_are_bounded():
    flexible, free = machine(), machine(whitespace="any")
    for place in (
        "{}{{{}}}",
        '{{{}"a":1}}',
        '{{"a"{}:1}}',
        '{{"a":{}1}}',
        '{{"a":1{}}}',
        '{{"a":1,{}"b":[]}}',
        '{{"b":[1{},1]}}',
    ):
        for space in (" " * 64, "\r\n\t " * 16):
            if place != "{}{{{}}}":
                assert accepts(flexible, place.format(space)), (place, space)
                assert not accepts(flexible, place.format(space + " ")), (place, space)
            assert accepts(free, place.format(space * 3, space * 3))
    assert accepts(flexible, " " * 64 + "{" + " " * 64 + "}" + " " * 64)


def test_a_pattern_for_whitespace():
    single = machine(whitespace=" ?")
    assert accepts(single, '{ "a" : 1 , "b":[ ] } ')
    assert not accepts(single, '{  "a":1}')
    assert not accepts(single, '{\n"a":1}')


def test_schema_order_puts_other_names_last():
    ordered, free = machine(), machine(property_order="any")
    for text, good in {
        '{"a":1,"b":[]}': True,
        '{"b":[]}': True,
        '{"b":[],"a":1}': False,
        '{"a":1,"x":2,"y":3}': True,
        '{"x":2,"a":1}': False,
    }.items():
        assert accepts(ordered, text) is good
        assert accepts(free, text)


def test_duplicate_names_never_in_any_spelling():
    for order in ("schema", "any"):
        checked = machine(property_order=order)
        for text in ('{"a":1,"a":1}', '{"a":1,"\\u0061":1}', '{"x":1,"x":1}', '{"x":1,"\\u0078":1}'):
            assert not accepts(checked, text), text
        assert accepts(checked, '{"\\u0061":1,"x":1,"xx":1}')


def test_a_name_spelled_with_escapes_is_the_same_name():
    checked = machine()
    assert accepts(checked, '{"\\u0061":1}')
    assert not accepts(checked, '{"\\u0061":"text"}')
    assert not accepts(checked, '{"a":"text"}')


def test_orders_of_branches_are_merged():
    branches = {
        "anyOf": [
            {
                "properties": {"id": {}, "text": {"type": "string"}, "type": {"const": "t"}},
                "required": ["type", "text"],
            },
            {
                "properties": {"id": {}, "data": {"type": "integer"}, "type": {"const": "d"}},
                "required": ["type", "data"],
            },
        ],
        "type": "object",
    }
    checked = machine(branches)
    assert accepts(checked, '{"id":1,"text":"x","type":"t"}')
    assert accepts(checked, '{"id":1,"data":1,"type":"d"}')
    assert not accepts(checked, '{"id":1,"data":1,"type":"t"}')


def test_escapes_and_broken_text_in_strings():
    checked = machine({"type": "string", "pattern": "^.{2}$"})
    for text in ('"ab"', '"\\u0061b"', '"\\ud83d\\ude00b"', '"😀b"', '"\\n\\t"'.replace("\\n", "\\/"), '"\\"\\\\"'):
        assert accepts(checked, text), text
    for text in ('"a"', '"abc"', '"\\ud83db"', '"a\nb"', '"\\x41b"', '"\\ude00\\ud83d"', '"😀"'):
        assert not accepts(checked, text), text
