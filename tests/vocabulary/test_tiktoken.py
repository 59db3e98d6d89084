"""tiktoken encodings, made here from explicit ranks: nothing is downloaded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constrain.errors import VocabularyError
from constrain.vocabulary import Vocabulary

tiktoken = pytest.importorskip("tiktoken")

MERGES = [b"th", b"the", b" the", b"\xc3\xa9", b"\xf0\x9f", b"\n\n", b"  ", b'":', b'{"']
RANKS = {bytes([b]): b for b in range(256)} | {merge: 256 + i for i, merge in enumerate(MERGES)}
SPECIAL = {"<|endoftext|>": 300, "<|é|>": 301}


def encoding(special=None, ranks=None):
    return tiktoken.Encoding(
        "mine",
        pat_str=r"\s?\S+|\s+",
        mergeable_ranks=ranks or RANKS,
        special_tokens=SPECIAL if special is None else special,
    )


ENCODING = encoding()


def test_every_id():
    vocabulary = Vocabulary.from_tiktoken(ENCODING, size=320)
    assert (len(vocabulary), vocabulary.size, vocabulary.eos, vocabulary.name) == (302, 320, (300,), "mine")
    assert {token: t for t, token in enumerate(vocabulary.tokens) if token} == RANKS  # holes and special ones: None


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('the é😀\n {":'), max_size=50))
def test_round_trip(text):
    vocabulary = Vocabulary.from_tiktoken(ENCODING)
    assert vocabulary.decode(ENCODING.encode(text, disallowed_special=())) == text.encode()
    assert vocabulary.decode([*ENCODING.encode(text, disallowed_special=()), 300, 301]) == text.encode()


def test_other_ends():
    assert Vocabulary.from_tiktoken(ENCODING, eos=[301, 300]).eos == (301, 300)
    nameless = encoding(special={"<|stop|>": 280})
    with pytest.raises(VocabularyError, match=r"encoding 'mine' has no <\|endoftext\|>: pass eos=\[id\]"):
        Vocabulary.from_tiktoken(nameless)
    assert Vocabulary.from_tiktoken(nameless, eos=[280]).eos == (280,)


def test_something_else():
    with pytest.raises(VocabularyError, match=r"str is not a tiktoken\.Encoding"):
        Vocabulary.from_tiktoken("cl100k_base")
