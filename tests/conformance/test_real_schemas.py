"""Real schemas with valid and invalid instances: nothing invalid is accepted, and nothing valid is rejected."""

import gzip
import json
from decimal import Decimal

import pytest

from constrain.automaton.reference import ReferenceMachine
from constrain.errors import ConstrainError
from constrain.frontends.jsonschema import compile_schema
from constrain.frontends.jsonschema.judge import Judge
from tests.frontends.jsonschema.machine import accepts


def documents(path, every, parse_float=Decimal):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                yield json.loads(line, parse_float=parse_float)


def judged(path, every):
    """Return (schemas, right, refused) and fail on a wrong verdict."""
    total = right = refused = 0
    for document in documents(path, every):
        total += 1
        try:
            compiled = compile_schema(document["schema"])
        except ConstrainError:
            refused += 1
            continue
        judge = Judge(compiled.emptiness)
        for test in document["tests"]:
            assert judge.holds(compiled.root, test["data"]) == test["valid"], document["id"]
        right += 1
    return total, right, refused


def test_a_sample_is_judged_right(maskbench):
    total, right, refused = judged(maskbench, 20)
    assert right + refused == total
    assert right >= 0.97 * total


@pytest.mark.slow
def test_all_are_judged_right(maskbench):
    total, right, refused = judged(maskbench, 1)
    assert right + refused == total == 4453
    assert right >= 4380


@pytest.mark.parametrize("every", [200, pytest.param(10, marks=pytest.mark.slow)])
@pytest.mark.parametrize("order", ["schema", "any"])
def test_their_texts_are_accepted_as_they_are_judged(maskbench, order, every):
    narrowed = total = 0
    for document in documents(maskbench, every, parse_float=None):
        try:
            compiled = compile_schema(document["schema"], property_order=order)
        except ConstrainError:
            continue
        machine = ReferenceMachine(compiled.grammar)
        for test in document["tests"]:
            text = json.dumps(test["data"])
            if len(text) > 2_000:
                continue
            total += 1
            accepted = accepts(machine, text)
            if order == "any":
                assert accepted == test["valid"], (document["id"], text)
            else:  # a valid instance may have its members in another order
                assert not accepted or test["valid"], (document["id"], text)
                narrowed += test["valid"] and not accepted
    assert total > 30
    assert narrowed <= 0.05 * total
