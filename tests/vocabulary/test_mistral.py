"""Real tekken and SentencePiece files, every id, against the programs that own them."""

import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constrain.errors import VocabularyError
from constrain.vocabulary import Vocabulary

words = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(' \n\t{}[]":,\\e1'), max_size=60)


@pytest.fixture(scope="module")
def tekkenizer(tekken_file):
    return pytest.importorskip("mistral_common.tokens.tokenizers.tekken").Tekkenizer.from_file(tekken_file)


@pytest.fixture(scope="module")
def processor(pieces_file):
    return pytest.importorskip("sentencepiece").SentencePieceProcessor(model_file=str(pieces_file))


def test_tekken_every_id(tekken, tekkenizer):
    assert len(tekken) == tekken.size == tekkenizer.n_words == 131_072
    assert tekken.eos == (tekkenizer.eos_id,)
    for t, token in enumerate(tekken.tokens):
        assert token == (None if tekkenizer.is_special(t) else tekkenizer.id_to_byte_piece(t))
    assert tekken.tokens[1000:1256] == tuple(bytes([b]) for b in range(256))


@given(words)
def test_tekken_round_trip(tekken, tekkenizer, text):
    assert tekken.decode(tekkenizer.encode(text, bos=True, eos=True)) == text.encode()


def test_tekken_from_the_object_and_from_the_file_are_one(tekken, tekkenizer, tekken_file):
    mistral = pytest.importorskip("mistral_common.tokens.tokenizers.mistral").MistralTokenizer.from_file(tekken_file)
    assert Vocabulary.from_mistral(tekkenizer) == tekken
    assert Vocabulary.from_mistral(mistral) == tekken
    assert Vocabulary.from_mistral(SimpleNamespace(tokenizer=mistral)) == tekken  # as transformers wraps it
    assert Vocabulary.from_mistral(str(tekken_file), size=131_100, eos=[2, 5]).eos == (2, 5)


def test_pieces_every_id(pieces, processor):
    assert len(pieces) == processor.get_piece_size() == 32_768
    assert pieces.eos == (processor.eos_id(),)
    before = processor.piece_to_id("a")
    for t, token in enumerate(pieces.tokens):
        if processor.is_control(t) or processor.is_unknown(t) or processor.is_unused(t):
            assert token is None
        elif processor.is_byte(t):
            assert token == bytes([t - processor.piece_to_id("<0x00>")])
        else:  # what the piece adds after another one
            assert token == processor.decode([before, t]).removeprefix("a").encode()


@given(words)
def test_pieces_round_trip_but_for_the_leading_space(pieces, processor, text):
    assert pieces.decode(processor.encode(text)) == (f" {text}".encode() if text else b"")


def test_pieces_from_the_objects_and_from_the_file_are_one(pieces, processor, pieces_file):
    mistral = pytest.importorskip("mistral_common.tokens.tokenizers.mistral").MistralTokenizer.from_file(pieces_file)
    assert Vocabulary.from_mistral(processor) == pieces
    assert Vocabulary.from_mistral(mistral) == pieces
    assert Vocabulary.from_mistral(mistral.instruct_tokenizer.tokenizer) == pieces


def small(**changed):
    document = {
        "config": {"default_vocab_size": 5, "default_num_special_tokens": 3, "pattern": "."},
        "vocab": [{"rank": 0, "token_bytes": "YQ==", "token_str": "a"}, {"rank": 1, "token_bytes": "/w=="}],
    }
    return json.dumps(document | changed)


def test_a_tekken_file_by_hand(tmp_path):
    path = tmp_path / "small.json"
    path.write_text(small())
    vocabulary = Vocabulary.from_mistral(path)
    assert (vocabulary.tokens, vocabulary.eos, vocabulary.name) == (
        (None, None, None, b"a", b"\xff"),
        (2,),
        "small.json",
    )
    path.write_text(small(special_tokens=[{"rank": 1, "token_str": "</s>", "is_control": True}]))
    assert Vocabulary.from_mistral(path).eos == (1,)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "JSON, but not a tekken file"),
        ("{}", "JSON, but not a tekken file"),
        ("[" * 100_000, "neither a tekken file nor a SentencePiece model"),
        ("{" + '"a":[' * 100_000, "JSON, but not a tekken file"),
        (small(vocab=[{"rank": 1, "token_bytes": ""}]), "entry 0 of the vocabulary has rank 1"),
        (small(vocab=[{"rank": 0, "token_bytes": "%%"}]), "JSON, but not a tekken file"),
        (small(vocab=[{"rank": 0, "token_bytes": "YQ=="}]), "5 tokens are promised, 4 are there"),
        (small(vocab={"a": 0}), "JSON, but not a tekken file"),
        (small(special_tokens=7), "JSON, but not a tekken file"),
        ("neither", "neither a tekken file nor a SentencePiece model"),
        ("", "neither a tekken file nor a SentencePiece model|without pieces"),
    ],
)
def test_files_that_are_something_else(tmp_path, content, message):
    pytest.importorskip("sentencepiece")
    path = tmp_path / "file"
    path.write_text(content)
    with pytest.raises(VocabularyError, match=message) as caught:
        Vocabulary.from_mistral(path)
    assert "\n" not in str(caught.value)


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(VocabularyError, match=r"cannot read .*missing\.json: No such file"):
        Vocabulary.from_mistral(tmp_path / "missing.json")
    with pytest.raises(VocabularyError, match="cannot read"):
        Vocabulary.from_mistral(str(tmp_path))


def test_damaged_models_are_refused(tmp_path, pieces_file):
    content = pieces_file.read_bytes()
    for length in (1, 100, 5000, len(content) // 2, len(content) - 1):
        (tmp_path / "cut").write_bytes(content[:length])
        with pytest.raises(VocabularyError, match=r"neither a tekken file nor a SentencePiece model|without pieces"):
            Vocabulary.from_mistral(tmp_path / "cut")


@pytest.mark.parametrize("given_object", [object(), None, 7, b"bytes"])
def test_objects_that_are_something_else(given_object):
    with pytest.raises(VocabularyError, match="not a mistral-common tokenizer, nor a path"):
        Vocabulary.from_mistral(given_object)
