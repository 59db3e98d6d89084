"""The small benchmarks measure what they say: hostile inputs are what their names say, warm walks are counted right."""

import json

import jsonschema
import pytest

from benchmarks import hit_path, hostile
from benchmarks.judge import Job
from tests.benchmarks.fake_engines import EOS, Fake, vocabulary

INPUTS = {title: (schema, instances) for title, schema, instances in hostile.inputs()}
PLAIN = [
    "enum of 10^6 numbers",
    "allOf of 40 anyOf",
    "2^20",
    "100,000 optional",
    "a schema of 10 MB",
    "20 overlapping",
    "300 deep",
]


def test_titles_are_unique():
    assert len(INPUTS) == sum(1 for _ in hostile.inputs())


@pytest.mark.parametrize("part", PLAIN)
def test_verdicts_of_hostile_inputs_are_those_of_jsonschema(part):
    ((schema, instances),) = [value for title, value in INPUTS.items() if part in title]
    validator = jsonschema.Draft202012Validator(json.loads(schema))
    checked = 0
    for text, valid in instances:
        try:
            value = json.loads(text)
        except ValueError:
            assert not valid
            continue
        assert validator.is_valid(value) == valid
        checked += 1
    assert checked


def test_the_odd_vocabulary_still_spells_every_text():
    words = hostile.odd_vocabulary()
    assert words.tokenize('"é"') == [byte + 1 for byte in '"é"'.encode()]
    assert max(len(token or b"") for token in words.tokens) == 1_000


def test_warm_walks_are_counted_per_token():
    words = vocabulary()
    engine = Fake()
    engine.build(words, "flexible")
    jobs = [
        Job('{"enum": [123]}', [(words.tokenize("123"), True)]),
        Job('{"fake": "refuse"}', [(words.tokenize("1"), True)]),
    ]
    found = hit_path.measure(engine, jobs, EOS, rounds=4)
    assert set(found) == {"mask + commit", "commit"}
    schemas, tokens, times = found["mask + commit"]
    assert (schemas, tokens, len(times)) == (1, 3, 4)
    assert all(time > 0 and count == 3 for time, count in times)
