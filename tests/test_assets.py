"""Shipped grammars and schemas: found by name, and each one usable."""

import json

import jsonschema
import lark
import pytest

from constrain import assets
from constrain.errors import ConstrainError


def test_there_are_some_of_each_kind():
    assert "contact" in assets.names("schemas")
    assert "json" in assets.names("grammars")


@pytest.mark.parametrize("name", assets.names("schemas"))
def test_a_schema_says_what_it_is_and_its_examples_are_valid(name):
    schema = assets.schema(name)

    assert {"$schema", "$id", "title", "description", "examples"} <= set(schema)
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    assert schema["examples"]
    for example in schema["examples"]:
        validator(schema, format_checker=validator.FORMAT_CHECKER).validate(example)


@pytest.mark.parametrize("name", assets.names("grammars"))
def test_a_grammar_loads_and_says_what_it_is(name):
    text = assets.read("grammars", name)

    assert text.startswith("//")
    lark.Lark(text)


def test_text_and_value_agree():
    assert json.loads(assets.read("schemas", "contact")) == assets.schema("contact")


@pytest.mark.parametrize("name", ["no_such", "../pyproject", "contact.json", ""])
def test_an_unknown_name_is_an_error_that_lists_the_known_ones(name):
    with pytest.raises(ConstrainError, match=r"no shipped asset .* there are: address, .*contact"):
        assets.read("schemas", name)


def test_a_missing_folder_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(assets, "_HERE", tmp_path / "constrain")

    with pytest.raises(ConstrainError, match="reinstall"):
        assets.names("schemas")


def test_what_is_packed_with_the_package_comes_first(monkeypatch, tmp_path):
    packed = tmp_path / "constrain" / "_assets" / "schemas"
    packed.mkdir(parents=True)
    (packed / "only.json").write_text("true")
    (tmp_path / "schemas").mkdir()
    monkeypatch.setattr(assets, "_HERE", tmp_path / "constrain")

    assert assets.names("schemas") == ("only",)
    assert assets.schema("only") is True
