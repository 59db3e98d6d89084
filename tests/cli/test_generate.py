"""`constrain generate` and `constrain demo`, with the embedded model."""

import json
import re

import jsonschema
import pytest

from constrain import assets
from constrain.cli import demo

pytest.importorskip("torch", reason="models need torch")
pytest.importorskip("transformers", reason="models need transformers")


def _check(name, text):
    schema = assets.schema(name)
    validator = jsonschema.validators.validator_for(schema)
    validator(schema, format_checker=validator.FORMAT_CHECKER).validate(json.loads(text))


def test_documents_are_valid_and_a_seed_repeats_them(command, process):
    arguments = ("generate", "--schema", "contact", "-n", "2", "--seed", "7", "--whitespace", "compact")

    first, second = process(*arguments), command(*arguments)

    assert first.status == 0
    assert first.err == ""
    assert first.out == second.out
    documents = first.out.splitlines()
    assert len(documents) == 2
    for document in documents:
        _check("contact", document)


def test_a_stream_holds_the_same_document(command):
    arguments = ("generate", "--schema", "contact", "--seed", "3")

    assert command(*arguments, "--stream").out.strip() == command(*arguments).out.strip()


def test_temperature_zero_needs_no_seed(command):
    arguments = ("generate", "--schema", "address", "--temperature", "0")

    assert command(*arguments).out == command(*arguments).out


def test_a_regex(command):
    done = command(
        "generate", "--regex", "(?:red|green|blue) [0-9]{3}", "-n", "3", "--prompt", "A colour", "--seed", "1"
    )

    assert done.status == 0
    assert re.fullmatch(r"(?:(?:red|green|blue) [0-9]{3}\n){3}", done.out)


def test_an_unfinished_document_is_said_and_not_printed(command):
    done = command("generate", "--schema", "contact", "--max-tokens", "2", "--seed", "1")

    assert (done.status, done.out) == (1, "")
    assert "unfinished after 2 tokens" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--schema", "missing.json"),
        ("--schema", "-"),
        ("--schema", "contact", "--model", "/nowhere/at/all"),
        ("--schema", "contact", "--model", "."),
        ("--regex", "("),
    ],
)
def test_what_cannot_be_used_is_one_line(command, arguments):
    done = command("generate", *arguments)

    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("constrain: error: ")
    assert done.err.count("\n") == 1


def test_the_demonstration(process):
    done = process("demo")

    assert done.status == 0, done.err
    assert done.err == ""
    assert done.out.endswith("5 of 5 documents valid, says jsonschema\n")
    for name in demo.SCHEMAS:
        (document,) = re.findall(rf"^{name}: .*\n((?:  .*\n)+)  jsonschema: valid", done.out, re.MULTILINE)
        _check(name, document)
