"""Lexeme tables against an independent judge: Python's own JSON reader and UTF-8 decoder."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from constrain.vocabulary import Vocabulary
from constrain.vocabulary import lexemes as module
from constrain.vocabulary.lexemes import classify_reference, lexemes
from constrain.vocabulary.trie import build_reference

legal = [
    b"a",
    b" ",
    b"\x7f",
    "é".encode(),
    "€".encode(),
    "😀".encode(),
    b"\xed\x9f\xbf",
    b"\xe0\xa0\x80",
    b"\xf4\x8f\xbf\xbf",
]
escaped = [b"\t", b"\n", b"\r", b"\x00", b"\x0b", b"\x1f", b'"', b"\\"]
broken = [
    b"\x80",
    b"\xbf",
    b"\xc0",
    b"\xc1",
    b"\xc3",
    b"\xe2\x82",
    b"\xed\xa0\x80",
    b"\xe0\x80\x80",
    b"\xf0\x9f\x98",
    b"\xff",
]
beyond = [b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80"]
fragments = st.sampled_from([*legal, *escaped, *broken, *beyond])
texts = st.lists(fragments, min_size=1, max_size=5).map(b"".join) | st.binary(min_size=1, max_size=8)
worlds = st.lists(st.none() | texts, max_size=12).map(lambda tokens: [*tokens, b"a"])


def characters(token):
    """Characters of a token that stands for itself inside a JSON string, -1 otherwise."""
    try:
        text = token.decode()
        return len(text) if json.loads(f'"{text}"') == text else -1
    except ValueError:
        return -1


def judge(vocabulary):
    padding = vocabulary.size - len(vocabulary)
    tokens = vocabulary.tokens
    chars = [characters(t) if t else -1 for t in tokens] + [-1] * padding
    run = [len(t) - len(t.lstrip(b" \t\r\n")) if t else 0 for t in tokens] + [0] * padding
    only = [int(bool(t) and not t.strip(b" \t\r\n")) for t in tokens] + [0] * padding
    rest = build_reference([t if chars[i] < 0 else None for i, t in enumerate(tokens)], vocabulary.size)
    assert vocabulary.string_chars.tolist() == chars
    assert vocabulary.space_run.tolist() == run
    assert vocabulary.space_only.tolist() == only
    assert vocabulary.string_rest.equals(rest)


@given(worlds, st.integers(0, 40))
def test_small_worlds(tokens, padding):
    judge(Vocabulary([*tokens, None], [len(tokens)], size=len(tokens) + 1 + padding))


def test_every_pair_of_bytes():
    judge(Vocabulary([bytes([a, b]) for a in range(256) for b in range(256)] + [None], [65536]))


def test_every_last_character_of_each_length_and_every_broken_one():
    edges = [0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF]
    good = [chr(code).encode() for code in edges]
    surrogates = [chr(code).encode("utf-8", "surrogatepass") for code in (0xD800, 0xDBFF, 0xDC00, 0xDFFF)]
    changed = [g[:i] + bytes([b]) + g[i + 1 :] for g in good for i in range(len(g)) for b in range(256)]
    cut = [g[:i] for g in good for i in range(1, len(g))]
    judge(Vocabulary([*good, *surrogates, *changed, *cut, None], [len(good + surrogates + changed + cut)]))


def test_real_vocabularies(tekken, pieces):
    judge(tekken)
    judge(pieces)


@given(worlds)
def test_compiled_equals_reference(tokens):
    vocabulary = Vocabulary([*tokens, None], [len(tokens)])
    reference = classify_reference(vocabulary.data, vocabulary.offset, vocabulary.size)
    tables = vocabulary.lexemes
    for ours, theirs in zip((tables.string_chars, tables.space_run, tables.space_only), reference, strict=True):
        assert ours.dtype == theirs.dtype
        assert np.array_equal(ours, theirs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_NATIVE", None)
        plain = lexemes(vocabulary.data, vocabulary.offset, vocabulary.size)
    assert plain.string_rest.equals(tables.string_rest)


def test_tables_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        Vocabulary([b"a", None], [1]).string_chars[0] = 7
