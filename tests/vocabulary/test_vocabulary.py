"""A vocabulary made of bytes: what is text, what is refused, and that content alone makes identity."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import constrain
from constrain.errors import ConstrainError, VocabularyError
from constrain.vocabulary import Vocabulary

tokens_with_bytes = st.lists(st.none() | st.binary(max_size=4), max_size=30).map(
    lambda tokens: [*(bytes([b]) for b in range(256)), *tokens, None]
)


def test_the_example_of_the_module():
    vocabulary = Vocabulary([b"a", b"ab", None, b"\xc3"], eos=[2], size=64, name="toy")
    assert (len(vocabulary), vocabulary.size, vocabulary.words, vocabulary.eos) == (4, 64, 2, (2,))
    assert vocabulary.decode([1, 0]) == b"aba"
    assert vocabulary.encode(b"aba") == [1, 0]
    assert repr(vocabulary) == "<Vocabulary 'toy': 4 tokens, size 64, eos [2]>"
    assert constrain.Vocabulary is Vocabulary


def test_special_tokens_ends_and_empty_tokens_are_never_text():
    vocabulary = Vocabulary([b"a", b"</s>", None, b"", b"<end>"], eos=[1, 4])
    assert vocabulary.tokens == (b"a", None, None, None, None)
    assert vocabulary.trie.token.tolist() == [0]
    assert vocabulary.decode([1, 0, 2, 3, 4, 0]) == b"aa"


@pytest.mark.parametrize("size", [3, 31, 32, 33, 64, 65])
def test_padding(size):
    vocabulary = Vocabulary([b"a", b'"', None], [2], size=size)
    assert vocabulary.words == (size + 31) // 32
    tables = vocabulary.lexemes
    for array in (
        vocabulary.trie.same,
        tables.string_chars,
        tables.space_run,
        tables.space_only,
        tables.string_rest.same,
    ):
        assert array.shape == (size,)
    assert vocabulary.trie.token.max() < 3
    assert (tables.string_chars[3:] == -1).all()
    with pytest.raises(VocabularyError, match="token id 3 is out of range"):
        vocabulary.decode([3])


@given(tokens_with_bytes, st.binary(max_size=60))
def test_encode_spells_the_text(tokens, text):
    vocabulary = Vocabulary(tokens, [len(tokens) - 1])
    ids = vocabulary.encode(text)
    assert vocabulary.decode(ids) == text
    position = 0
    for t in ids:  # no longer token fits, and no smaller id has the same bytes
        spelled = vocabulary.tokens[t]
        fitting = [u for u in vocabulary.tokens if u and text.startswith(u, position)]
        assert spelled == max(fitting, key=len)
        assert vocabulary.tokens.index(spelled) == t
        position += len(spelled)


def test_encode_names_the_place_it_cannot_spell():
    with pytest.raises(VocabularyError, match=r"no token spells b'xa' at byte 2"):
        Vocabulary([b"a", None], [1]).encode(b"aaxa")


def test_eos_in_order_without_repeats_and_from_numpy():
    vocabulary = Vocabulary([b"a", None, None], np.array([2, 1, 2]))
    assert vocabulary.eos == (2, 1)
    assert all(type(t) is int for t in vocabulary.eos)


@pytest.mark.parametrize(
    ("tokens", "eos", "options", "message"),
    [
        (["a"], [0], {}, r"token 0 is text \('a'\); give its bytes"),
        ([b"a", 3], [0], {}, "token 1 is int; bytes or None expected"),
        ([b"a", bytearray(b"b")], [0], {}, "token 1 is bytearray"),
        (b"ab", [0], {}, "sequence of bytes or None, not bytes"),
        ("ab", [0], {}, "sequence of bytes or None, not str"),
        ({b"a": 0}, [0], {}, "in the order of their ids, not a dict"),
        (7, [0], {}, "sequence of bytes or None, not int"),
        ([b"a"], [], {}, "eos is empty"),
        ([b"a"], 0, {}, r"eos must be a sequence of token ids, such as \[2\], not 0"),
        ([b"a"], "0", {}, "eos must be a sequence"),
        ([b"a"], [1], {}, "eos id 1 is out of range: ids are 0 to 0"),
        ([b"a"], [-1], {}, "eos id -1 is out of range"),
        ([b"a", b"b"], [True], {}, "an eos id must be an integer, not True"),
        ([b"a", b"b"], [1.0], {}, "an eos id must be an integer, not 1.0"),
        ([b"a", b"b"], [None], {}, "an eos id must be an integer, not None"),
        ([b"a"], [0], {}, "no token is text"),
        ([b"", None], [1], {}, "no token is text"),
        ([], [0], {}, "eos id 0 is out of range"),
        ([b"a", None], [1], {"size": 1}, "size 1 is less than the number of tokens, 2"),
        ([b"a", None], [1], {"size": "2"}, "size must be an integer, not '2'"),
        ([b"a", None], [1], {"size": 2**40}, "size 1099511627776 is more than"),
        ([b"a", None], [3], {"size": 8}, "eos id 3 is out of range: ids are 0 to 1"),
    ],
)
def test_wrong_input_is_one_clear_error(tokens, eos, options, message):
    with pytest.raises(VocabularyError, match=message) as caught:
        Vocabulary(tokens, eos, **options)
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, ConstrainError)


@pytest.mark.parametrize("ids", [[-1], [2], [10**30]])
def test_decode_refuses_what_is_no_token(ids):
    with pytest.raises(VocabularyError, match="out of range"):
        Vocabulary([b"a", None], [1]).decode(ids)


def test_identity_is_content():
    base = Vocabulary([b"a", b"bc", None], [2])
    assert base == Vocabulary((b"a", b"bc", b"</s>"), [2], name="other")
    assert hash(base) == hash(Vocabulary([b"a", b"bc", None], [2], size=3))
    others = [
        Vocabulary([b"ab", b"c", None], [2]),
        Vocabulary([b"a", b"bc", None], [2], size=4),
        Vocabulary([b"a", b"bc", None], [2, 0]),
        Vocabulary([b"a", b"bc", None], [0, 2]),
        Vocabulary([None, b"abc", None], [2]),
        Vocabulary([b"a", b"bc", None, None], [2], size=4),
    ]
    assert len({base, *others}) == 1 + len(others)
    assert base != "something else"


def test_digest_is_the_same_in_every_process():
    code = "from constrain.vocabulary import Vocabulary; print(Vocabulary([b'a', b'\\xff', None], [2], size=40).digest)"
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(p for p in sys.path if p)},
            cwd=constrain.__path__[0] + "/..",
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {Vocabulary([b"a", b"\xff", None], [2], size=40).digest}


def test_pickle_carries_the_content_and_not_the_tables():
    vocabulary = Vocabulary([b"a", b"\xff\xfe", None], [2], size=40, name="n")
    small = len(pickle.dumps(vocabulary))
    assert len(vocabulary.trie) == 3
    again = pickle.loads(pickle.dumps(vocabulary))
    assert (again, again.name, again.tokens) == (vocabulary, "n", vocabulary.tokens)
    assert len(pickle.dumps(vocabulary)) == small


def test_hostile_tokens():
    tokens = [b"\xff" * 1000, b"\x00" * 1000, b"\xff" * 999, *([b"a"] * 5000), None]
    vocabulary = Vocabulary(tokens, [len(tokens) - 1])
    assert len(vocabulary.trie) == 2001
    assert vocabulary.trie.depth_max == 1000
    assert vocabulary.trie.ids(1000) == list(range(3, 5003))
    assert vocabulary.encode(b"\xff" * 1999) == [0, 2]
