"""The trie against its definition: its nodes in order are the sorted set of all prefixes of all tokens."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from constrain.vocabulary import trie as module
from constrain.vocabulary.trie import Trie, build, build_reference

compiled = pytest.mark.skipif(not module.COMPILED, reason="no compiled trie builder here")

# Few distinct bytes give shared prefixes and equal tokens; any bytes give high ones and zeros.
narrow = st.lists(st.none() | st.binary(max_size=6).map(lambda b: bytes(x % 3 for x in b)), max_size=40)
wide = st.lists(st.none() | st.binary(max_size=20), max_size=20)
worlds = narrow | wide


def flat(tokens):
    lengths = [len(token or b"") for token in tokens]
    return b"".join(token or b"" for token in tokens), np.cumsum([0, *lengths], dtype=np.int64)


def by_definition(tokens, size):
    prefixes = sorted({t[:k] for t in tokens if t for k in range(1, len(t) + 1)})
    holders = {}
    for index, token in enumerate(tokens):
        holders.setdefault(token, []).append(index)
    same = [-1] * size
    for token, ids in holders.items():
        if token:
            for first, second in itertools.pairwise(ids):
                same[first] = second
    return (
        [p[-1] for p in prefixes],
        [holders.get(p, [-1])[0] for p in prefixes],
        [i + sum(q.startswith(p) for q in prefixes) for i, p in enumerate(prefixes)],
        same,
        max(map(len, prefixes), default=0),
    )


def as_lists(trie: Trie):
    return (*(getattr(trie, name).tolist() for name in ("byte", "token", "end", "same")), trie.depth_max)


@given(worlds, st.integers(0, 70))
def test_reference_is_the_definition(tokens, padding):
    size = len(tokens) + padding
    assert as_lists(build_reference(tokens, size)) == by_definition(tokens, size)


@given(worlds, st.integers(0, 70))
def test_build_is_the_definition(tokens, padding):
    size = len(tokens) + padding
    built = build(*flat(tokens), size)
    assert as_lists(built) == by_definition(tokens, size)
    assert [a.dtype for a in (built.byte, built.token, built.end, built.same)] == [np.uint8] + [np.int32] * 3


@given(worlds, st.data())
def test_a_subset_keeps_its_ids(tokens, data):
    kept = data.draw(st.sets(st.sampled_from(range(len(tokens)))) if tokens else st.just(set()))
    built = build(*flat(tokens), len(tokens), np.array(sorted(kept), dtype=np.int32))
    assert built.equals(build_reference([t if i in kept else None for i, t in enumerate(tokens)], len(tokens)))


@given(worlds)
def test_without_a_compiler(tokens):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_NATIVE", None)
        plain = build(*flat(tokens), len(tokens))
    assert plain.equals(build_reference(tokens, len(tokens)))


@given(worlds, st.binary(max_size=12).map(lambda b: bytes(x % 3 for x in b)), st.integers(0, 3))
def test_longest_match(tokens, text, start):
    matches = [(len(t), -i) for i, t in enumerate(tokens) if t and text[start:].startswith(t)]
    length, negated = max(matches, default=(0, 1))
    assert build(*flat(tokens), len(tokens)).longest(text, start) == (-negated, length)


@given(worlds)
def test_ids_of_a_node(tokens):
    built = build(*flat(tokens), len(tokens))
    found = [built.ids(node) for node in range(len(built))]
    assert sorted(t for ids in found for t in ids) == [i for i, t in enumerate(tokens) if t]
    assert all(len({tokens[t] for t in ids}) <= 1 and ids == sorted(ids) for ids in found)


def test_long_tokens_and_shared_first_eight_bytes():
    tokens = [
        b"x" * 1000,
        b"x" * 999 + b"y",
        b"12345678" + b"\x00",
        b"12345678",
        b"12345678" + b"\xff" * 992,
        b"\x00" * 9,
    ]
    assert as_lists(build(*flat(tokens), 6)) == by_definition(tokens, 6)
    assert build(*flat(tokens), 6).depth_max == 1000


def test_arrays_cannot_be_changed():
    built = build(*flat([b"a"]), 1)
    with pytest.raises(ValueError, match="read-only"):
        built.token[0] = 5


def test_size_below_the_tokens_is_refused():
    with pytest.raises(ValueError, match="less than the number of tokens"):
        build(*flat([b"a", b"b"]), 1)


def test_real_vocabularies(tekken, pieces):
    for vocabulary in (tekken, pieces):
        assert vocabulary.trie.equals(build_reference(vocabulary.tokens, vocabulary.size))
        assert sum(map(len, map(vocabulary.trie.ids, range(len(vocabulary.trie))))) == sum(
            token is not None for token in vocabulary.tokens
        )


@compiled
def test_compiled_build_is_fast(tekken):
    def once():
        start = time.perf_counter()
        build(tekken.data, tekken.offset, tekken.size)
        return time.perf_counter() - start

    assert min(once() for _ in range(5)) < 0.15  # 0.02 s where measured
