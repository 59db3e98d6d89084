"""The shipped schemas: well-formed, self-describing, within the supported keywords; the training text fits them."""

import importlib
import json
import random
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "schemas").glob("*.json"))
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"
KEYWORDS = set(
    "type enum const properties required additionalProperties items prefixItems minItems maxItems anyOf allOf $ref "
    "minLength maxLength pattern format minimum maximum exclusiveMinimum exclusiveMaximum title description".split()
)


def validator(schema):
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(schema, format_checker=checker)


def subschemas(schema):
    """Yield every subschema, itself first."""
    if isinstance(schema, bool):
        return
    yield schema
    for key in ("items", "additionalProperties"):
        if key in schema:
            yield from subschemas(schema[key])
    for key in ("prefixItems", "anyOf", "allOf"):
        for part in schema.get(key, []):
            yield from subschemas(part)
    for key in ("properties", "$defs"):
        for part in schema.get(key, {}).values():
            yield from subschemas(part)


@pytest.fixture(scope="module")
def makers():
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        yield importlib.import_module("training_text").MAKERS
    finally:
        sys.path.remove(str(ROOT / "tools"))


def test_there_are_schemas():
    assert len(SCHEMAS) >= 12


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_describes_itself_and_its_examples_are_valid(name):
    schema = SCHEMAS[name]
    assert schema["$schema"] == DIALECT
    assert schema["$id"].endswith(f"/schemas/{name}.json")
    assert schema["title"]
    assert schema["description"].endswith(".")
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["examples"]
    for example in schema["examples"]:
        validator(schema).validate(example)


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_keeps_to_the_supported_keywords(name):
    root = set(SCHEMAS[name]) - {"$schema", "$id", "$defs", "examples"}
    assert root <= KEYWORDS
    for part in list(subschemas(SCHEMAS[name]))[1:]:
        assert set(part) <= KEYWORDS, part


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_says_no_to_something(name):
    check = validator(SCHEMAS[name])
    (example, *_) = SCHEMAS[name]["examples"]
    assert not check.is_valid({})
    assert not check.is_valid([example])
    assert not check.is_valid(example | {"unknown": 1})
    for key in example:
        assert not check.is_valid(example | {key: {"no": "such value"}})


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_training_text_fits(makers, name):
    r, check = random.Random(name), validator(SCHEMAS[name])
    for _ in range(60):
        document, subject = makers[name](r)
        check.validate(document)
        assert subject
        keys = list(SCHEMAS[name].get("properties", document))
        assert list(document) == [key for key in keys if key in document]


def test_every_schema_has_training_text(makers):
    assert set(makers) == set(SCHEMAS)


def test_the_training_text_is_a_function_of_its_seed(makers):
    text = sys.modules["training_text"]
    first, again, other = ([next(stream) for _ in range(50)] for stream in map(text.documents, (3, 3, 4)))
    assert first == again != other
    for prompt, document in first:
        assert prompt.endswith("JSON:\n")
        json.loads(document)
