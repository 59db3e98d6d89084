"""Random schemas against the `jsonschema` validator: parsed values, texts, and random walks that must never get stuck."""

import json
import time
from fractions import Fraction

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constrain.automaton.reference import ReferenceMachine
from constrain.errors import SchemaError, Unsatisfiable, UnsupportedKeyword
from constrain.frontends.jsonschema import compile_schema, objects
from constrain.frontends.jsonschema.judge import Judge
from tests.frontends.jsonschema import random_schemas
from tests.frontends.jsonschema.machine import accepts, walk


def exact(number):
    """Numbers as the validator should see them: floats would make it round."""
    fraction = Fraction(number)
    return int(fraction) if fraction.denominator == 1 else fraction


def without_floats(value):
    return json.loads(json.dumps(value), parse_float=exact)


def compiled_or_none(schema, order):
    """Return the compiled schema, None if nothing satisfies it, or NotImplemented if it has no meaning."""
    try:
        return compile_schema(schema, property_order=order)
    except Unsatisfiable:
        return None
    except SchemaError as error:
        if isinstance(error, UnsupportedKeyword) or "leads back to itself" not in str(error):
            raise
        return NotImplemented


@settings(max_examples=120)
@given(st.randoms(use_true_random=True), st.sampled_from(["schema", "any"]))
def test_agrees_with_the_validator(random, order):
    check_against_the_validator(random_schemas.schema(random), random, order)


@settings(max_examples=60)
@given(st.randoms(use_true_random=True), st.sampled_from(["schema", "any"]))
def test_options_kept_apart_agree_with_the_validator(random, order):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(objects, "_MANY_OPTIONS", 2)
        branches = [object_schema(random) for _ in range(random.randint(2, 4))]
        schema = {random.choice(["oneOf", "anyOf"]): branches, **random.choice([{}, object_schema(random)])}
        whole = {**schema, "$schema": random_schemas.DRAFT2020, "$defs": random_schemas.schema(random)["$defs"]}
        check_against_the_validator(whole, random, order)


def object_schema(random):
    """Return a schema of objects over the names of the small world, told apart by a tag or not."""
    names = random.sample(["a", "b", "c"], random.randint(1, 3))
    properties = {name: random_schemas.subschema(random, 2) for name in names}
    if random.random() < 0.5:
        properties["b"] = {"enum": random.sample([0, 1, 2, "a", None], random.randint(1, 2))}
    return {"properties": properties, "required": random.sample(list(properties), random.randint(0, len(properties)))}


def test_many_variants_told_apart_by_a_late_name():
    def variant(tag):
        body = {"type": "object", "properties": {f"p{tag % 7}": {"type": "string"}, "q": {"type": "integer"}}}
        return {"properties": {"body": body, "type": {"enum": [f"t{tag}"]}}}

    schema = {"type": "object", "required": ["body", "type"], "oneOf": [variant(tag) for tag in range(40)]}
    for order in ("schema", "any"):
        started = time.monotonic()
        machine = ReferenceMachine(compile_schema(schema, property_order=order).grammar)
        assert accepts(machine, '{"body": {"q": 1, "p3": "x"}, "type": "t10"}') == (order == "any")
        assert accepts(machine, '{"body": {"p3": "x", "q": 1}, "type": "t10"}')
        assert accepts(machine, '{"body": {"p3": 1}, "type": "t11"}')
        assert not accepts(machine, '{"body": {"p3": 1}, "type": "t10"}')
        assert not accepts(machine, '{"body": {}, "type": "t40"}')
        assert time.monotonic() - started < 10


@pytest.mark.slow
@settings(max_examples=1_500)
@given(st.randoms(use_true_random=True), st.sampled_from(["schema", "any"]))
def test_agrees_with_the_validator_at_length(random, order):
    check_against_the_validator(random_schemas.schema(random), random, order)


def check_against_the_validator(schema, random, order):
    compiled = compiled_or_none(schema, order)
    if compiled is NotImplemented:
        return
    validator = jsonschema.Draft202012Validator(without_floats(schema))
    values = [random_schemas.value(random, 3) for _ in range(30)]
    try:
        verdicts = [validator.is_valid(without_floats(value)) for value in values]
    except RecursionError:
        return
    if compiled is None:
        assert not any(verdicts)
        return
    judge, machine = Judge(compiled.emptiness), ReferenceMachine(compiled.grammar)
    for number, (value, valid) in enumerate(zip(values, verdicts, strict=True)):
        assert judge.holds(compiled.root, value) == valid, (schema, value)
        if number < 10:
            accepted = accepts(machine, json.dumps(value))
            ordered = order == "schema" and isinstance(value, (dict, list))  # may be valid and in another order
            assert accepted == valid or (ordered and valid), (schema, value)
    for _ in range(2):
        text = walk(machine, random)
        if text is not None:
            assert validator.is_valid(json.loads(text, parse_float=exact)), (schema, text)


DIALECTS = {
    "http://json-schema.org/draft-06/schema#": jsonschema.Draft6Validator,
    "http://json-schema.org/draft-07/schema#": jsonschema.Draft7Validator,
    "https://json-schema.org/draft/2019-09/schema": jsonschema.Draft201909Validator,
}


@settings(max_examples=60)
@given(st.randoms(use_true_random=True), st.sampled_from(sorted(DIALECTS)))
def test_other_dialects_agree_on_values(random, dialect):
    schema = random_schemas.schema(random) | {"$schema": dialect}
    schema = json.loads(
        json.dumps(schema).replace(
            '"dependentRequired"', '"dependencies"' if "draft-0" in dialect else '"dependentRequired"'
        )
    )
    compiled = compiled_or_none(schema, "any")
    if compiled is NotImplemented or compiled is None:
        return
    validator, judge = DIALECTS[dialect](without_floats(schema)), Judge(compiled.emptiness)
    for _ in range(30):
        value = random_schemas.value(random, 3)
        try:
            valid = validator.is_valid(without_floats(value))
        except RecursionError:
            return
        assert judge.holds(compiled.root, value) == valid, (schema, value)


@settings(max_examples=40)
@given(st.randoms(use_true_random=True))
def test_any_order_accepts_every_order_and_schema_order_some(random):
    schema = random_schemas.schema(random)
    free, fixed = compiled_or_none(schema, "any"), compiled_or_none(schema, "schema")
    if free is NotImplemented or free is None:
        assert fixed is free
        return
    free, fixed = ReferenceMachine(free.grammar), ReferenceMachine(fixed.grammar)
    for _ in range(5):
        members = list({name: random_schemas.value(random, 1) for name in random_schemas.NAMES[:3]}.items())
        verdicts = set()
        in_order = []
        for rotation in range(3):
            text = json.dumps(dict(members[rotation:] + members[:rotation]))
            verdicts.add(accepts(free, text))
            in_order.append(accepts(fixed, text))
        assert len(verdicts) == 1
        assert verdicts == {True} or not any(in_order)
