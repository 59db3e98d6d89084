"""Each peer, where its library is installed, gives masks that agree with its commits and judges simple schemas right."""

import json
from importlib.util import find_spec

import pytest

from benchmarks import peers
from benchmarks.judge import Job, judge
from tests.benchmarks.fake_engines import EOS, vocabulary

LIBRARIES = {
    "constrain": "constrain",
    "llguidance": "llguidance",
    "xgrammar": "xgrammar",
    "outlines-core": "outlines_core",
}
SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "integer"}, "b": {"enum": ["x", "y"]}},
    "required": ["a"],
    "additionalProperties": False,
}
INSTANCES = [
    ({"a": 12, "b": "y"}, True),
    ({"a": -3}, True),
    ({"b": "x"}, False),
    ({"a": "1"}, False),
    ({"a": 1, "c": 2}, False),
]


@pytest.fixture(params=peers.DEFAULT)
def engine(request):
    if find_spec(LIBRARIES[request.param]) is None:
        pytest.skip(f"{request.param} is not installed (the extra 'bench' has it)")
    return peers.load(request.param)


@pytest.mark.parametrize("whitespace", ["flexible", "compact"])
def test_a_simple_schema_is_judged_right(engine, whitespace):
    words = vocabulary()
    engine.build(words, whitespace)
    separators = (",", ":") if whitespace == "compact" else (", ", ": ")
    texts = [(json.dumps(value, separators=separators), valid) for value, valid in INSTANCES]
    result = judge(engine, Job(json.dumps(SCHEMA), [(words.tokenize(text), valid) for text, valid in texts]), EOS)
    assert result.misjudged == []
    assert result.outcome == "right", result.message
    assert engine.version()[0].isdigit()


def test_what_cannot_be_used_is_refused(engine):
    engine.build(vocabulary(), "flexible")
    result = judge(engine, Job('{"$ref": "#/nowhere/at/all"}', []), EOS)
    assert result.outcome == "refused"
    assert result.message


def test_unknown_names_are_explained():
    with pytest.raises(ImportError, match="unknown engine 'nobody'"):
        peers.load("nobody")
