"""`constrain inspect`: the state after a prefix, what may come, and what must."""

import json

import pytest


@pytest.fixture
def look(command):
    """Inspect over single bytes and return the JSON report."""

    def look(*arguments, most=300):
        done = command("inspect", "--tokenizer", "bytes", "--report", "json", "--most", most, *arguments)
        assert (done.status, done.err) == (0, "")
        return json.loads(done.out)

    return look


def test_allowed_tokens_and_the_forced_run(look):
    seen = look("--regex", "(?:yes|no), [0-9]!", "--prefix", "y")

    assert [token["text"] for token in seen["allowed_tokens"]] == ["'e'"]
    assert seen["allowed_count"] == 1
    assert seen["forced_text"] == "es, "
    assert not seen["accepting"]
    assert seen["tokens_used"] == 1


def test_the_end(look):
    seen = look("--regex", "a?b", "--prefix", "ab")

    assert seen["accepting"]
    assert [token["text"] for token in seen["allowed_tokens"]] == ["<end of text>"]


def test_an_empty_prefix_is_the_start(look):
    seen = look("--regex", "[ab]")

    assert [token["text"] for token in seen["allowed_tokens"]] == ["'a'", "'b'"]
    assert seen["tokens_used"] == 0


def test_half_a_character_is_shown_as_bytes(look):
    seen = look("--regex", "é", most=10)

    assert [token["text"] for token in seen["allowed_tokens"]] == ["'\\\\xc3'"]


def test_the_list_may_be_short(look):
    seen = look("--regex", "[a-z]", most=3)

    assert len(seen["allowed_tokens"]) == 3
    assert seen["allowed_count"] == 26


def test_for_people(command):
    done = command("inspect", "--schema", "contact", "--prefix", '{"name": "A', "--tokenizer", "bytes", "--most", "5")

    assert done.status == 0
    lines = dict(line.split(maxsplit=1) for line in done.out.splitlines())
    assert list(lines) == ["state", "accepting", "allowed", "forced"]
    assert lines["accepting"] == "no"
    assert lines["forced"] == "nothing"
    assert "more" in lines["allowed"]


def test_a_prefix_that_is_not_allowed(command):
    done = command("inspect", "--regex", "abc", "--prefix", "abx", "--tokenizer", "bytes")

    assert done.status == 1
    assert "not allowed from byte 2 on" in done.out
    assert done.out.splitlines()[2] == "    ^"


@pytest.mark.parametrize("tokenizer", ["tiktoken:nonsense", "/nowhere/at/all", "."])
def test_an_unusable_tokenizer(command, tokenizer):
    done = command("inspect", "--regex", "a", "--tokenizer", tokenizer)

    assert done.status == 2
    assert done.err.startswith("constrain: error: ")
    assert done.err.count("\n") == 1
