"""The judge tells right from wrong, and an engine that contradicts itself is not judged at all."""

import json

import pytest

from benchmarks.judge import EngineFault, Job, judge
from tests.benchmarks.fake_engines import EOS, Fake, vocabulary


def run(schema, *instances):
    words = vocabulary()
    engine = Fake()
    engine.build(words, "flexible")
    return judge(engine, Job(json.dumps(schema), [(words.tokenize(text), valid) for text, valid in instances]), EOS)


def test_right_when_every_instance_is_judged_right():
    result = run({"enum": [12, 34]}, ("12", True), ("34", True), ("13", False), ("1", False), ("123", False))
    assert result.outcome == "right"
    assert not result.misjudged
    assert len(result.start_ns) == 5
    # two tokens each; "13" ends at its second token, "1" at the end of sequence, "123" at its third token
    assert len(result.mask_ns) == len(result.commit_ns) == 2 + 2 + 2 + 1 + 3
    assert [time == 0 for time in result.commit_ns] == [False] * 5 + [True] + [False] * 3 + [True]
    assert result.compile_ns > 0
    assert result.first_mask_ns == result.mask_ns[0] > 0


def test_rejecting_a_valid_instance_names_it_and_the_place():
    result = run({"enum": [12]}, ("12", True), ("13", True))
    assert result.outcome == "wrong"
    assert [(item.instance, item.valid, item.position) for item in result.misjudged] == [(1, True, 1)]


def test_a_valid_instance_that_may_not_end_is_rejected():
    result = run({"enum": [123]}, ("12", True))
    assert [(item.instance, item.valid, item.position) for item in result.misjudged] == [(0, True, 2)]


def test_accepting_an_invalid_instance():
    result = run({"fake": "anything"}, ("12", True), ("13", False))
    assert result.outcome == "wrong"
    assert [(item.instance, item.valid, item.position) for item in result.misjudged] == [(1, False, 2)]


def test_a_refusal_has_its_message_and_no_mask_times():
    result = run({"fake": "refuse"}, ("1", True))
    assert (result.outcome, result.message) == ("refused", "not this one")
    assert not result.mask_ns
    assert not result.start_ns


def test_without_instances_the_first_mask_is_still_computed():
    result = run({"enum": [1]})
    assert result.outcome == "right"
    assert result.first_mask_ns > 0
    assert not result.mask_ns


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"fake": "mask too wide", "enum": [12]}, "the mask allows token 50 at position 0, the commit refuses it"),
        ({"fake": "mask too narrow", "enum": [2]}, "the mask forbids token 50 at position 0, the commit takes it"),
        ({"fake": "empty mask", "enum": [12]}, "the mask at position 1 is empty"),
        ({"fake": "wrong end", "enum": [12]}, r"the bit of the end of sequence is 1, accepting\(\) says False"),
        ({"fake": "fault", "enum": [13]}, "failed at position 1: out of fuel"),
        ({"fake": "fault", "enum": [12]}, "failed at the end of the text: out of fuel"),
    ],
)
def test_an_engine_that_contradicts_itself_is_at_fault(schema, message):
    with pytest.raises(EngineFault, match=message):
        run(schema, ("12", True))


def test_an_empty_first_mask_is_a_fault_without_instances_too():
    with pytest.raises(EngineFault, match="the first mask is empty"):
        run({"enum": []})
