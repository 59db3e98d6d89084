"""Fast tokenizers, built here with the `tokenizers` library, against that library's own encode and decode."""

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from constrain.errors import VocabularyError
from constrain.vocabulary import Vocabulary
from constrain.vocabulary.huggingface import _ALPHABET, load

tokenizers = pytest.importorskip("tokenizers")
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers  # noqa: E402

CORPUS = [
    'the cat and the dog said: "the end"',
    '{"name": "Zoë", "age": 41, "tags": ["a", "b"]}\n    the   house',
    "naïve café, straße, 日本語, 😀😀 the then there",
] * 20
SPECIAL = ["<unk>", "<s>", "</s>"]  # found in a text, these are not text
texts = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('the dogé日😀\n\t {":}<>0x▁Ġ'), max_size=50
).filter(lambda text: not any(special in text for special in SPECIAL))


def trained(pre_tokenizer, alphabet):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    trainer = trainers.BpeTrainer(
        vocab_size=420, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def byte_level():
    tokenizer = trained(pre_tokenizers.ByteLevel(add_prefix_space=False), sorted(pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def llama(*, metaspace=False):
    """Spaces as ▁, unknown characters as bytes; the two ways in which converted SentencePiece models do it."""
    pre = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    model = json.loads(trained(pre, []).to_str())["model"]
    vocab = model["vocab"]
    for b in range(256):
        vocab[f"<0x{b:02X}>"] = len(vocab)
    merges = [tuple(merge) for merge in model["merges"]]
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges, unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    if metaspace:
        tokenizer.pre_tokenizer = pre
    else:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    tokenizer.decoder = decoders.Sequence(steps)
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


BYTE_LEVEL, LLAMA, METASPACE = byte_level(), llama(), llama(metaspace=True)


def vocabulary_of(tokenizer, **options):
    return Vocabulary.from_transformers(tokenizer, eos=[tokenizer.token_to_id("</s>")], **options)


def test_the_alphabet_is_the_librarys():
    assert sorted(_ALPHABET) == sorted(pre_tokenizers.ByteLevel.alphabet())
    assert sorted(_ALPHABET.values()) == list(range(256))


@given(texts)
def test_byte_level_round_trip(text):
    assert vocabulary_of(BYTE_LEVEL).decode(BYTE_LEVEL.encode(text).ids) == text.encode()


@given(texts)
def test_byte_fallback_round_trip_but_for_the_leading_space(text):
    ours = vocabulary_of(LLAMA).decode(LLAMA.encode(text).ids)
    assume("▁" not in text)  # SentencePiece cannot tell it from a space
    assert ours == (f" {text}".encode() if text else b"")


@given(texts)
def test_metaspace_round_trip_but_for_the_leading_space(text):
    assume("▁" not in text)
    ours = vocabulary_of(METASPACE).decode(METASPACE.encode(text).ids)
    assert ours.removeprefix(b" ") == text.encode().removeprefix(b" ")


@pytest.mark.parametrize("tokenizer", [BYTE_LEVEL, LLAMA, METASPACE], ids=["byte level", "byte fallback", "metaspace"])
@given(data=st.data())
def test_any_ids_are_decoded_as_the_library_does(tokenizer, data):
    """Not only ids that encode some text: a model may write any. `a` goes first, for what happens in mid-text."""
    vocabulary = vocabulary_of(tokenizer)
    ids = [tokenizer.token_to_id("a"), *data.draw(st.lists(st.integers(0, len(vocabulary) - 1), max_size=12))]
    ours = vocabulary.decode(ids)
    try:
        text = ours.decode()
    except UnicodeDecodeError:
        assert "\ufffd" in tokenizer.decode(ids, skip_special_tokens=True)
    else:
        assert text == tokenizer.decode(ids, skip_special_tokens=True)


def words(pieces, decoder):
    """A tokenizer whose tokens are `pieces`, so that any decoder can be asked about any token."""
    tokenizer = Tokenizer(models.WordLevel({piece: t for t, piece in enumerate(pieces)}, unk_token="[unk]"))
    tokenizer.decoder = decoder
    return tokenizer


spelled = st.text(st.sampled_from("▁ Ġéa日<0xA>Łx"), min_size=1, max_size=5) | st.sampled_from(
    ["<0x41>", "<0x0a>", "<0x+A>", "<0xE9>", "<0x4>", "<0x0AB>", "<0xGG>", "<0x 1>", "▁▁", "Ã©", "Ċ", "##ing"]
)
exact_decoders = [
    decoders.ByteLevel(),
    decoders.Metaspace(),
    decoders.Metaspace(prepend_scheme="never"),
    decoders.Metaspace(replacement="é", prepend_scheme="first"),
    decoders.Fuse(),
    decoders.Replace("a", "xx"),
    decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]),
    decoders.Sequence([decoders.Metaspace(), decoders.ByteFallback()]),
    decoders.Sequence([decoders.Strip("x", 3, 0), decoders.Fuse(), decoders.Strip(" ", 3, 0), decoders.Fuse()]),
    decoders.Sequence(
        [decoders.Strip("x", 2, 0), decoders.Sequence([decoders.Replace("é", "x"), decoders.ByteLevel()])]
    ),
]


@pytest.mark.parametrize("decoder", exact_decoders, ids=lambda d: d.__class__.__name__)
@given(piece=spelled)
def test_a_token_is_what_it_adds_in_the_middle(decoder, piece):
    tokenizer = words(dict.fromkeys(["b", piece, "[unk]", "[end]"]), decoder)
    token = load(tokenizer, eos=[3])[0][1]
    around = decoder.decode(["b", piece, "b"])
    try:
        assert f"b{token.decode()}b" == around
    except UnicodeDecodeError:
        assert "\ufffd" in around


@pytest.mark.parametrize(
    ("decoder", "message"),
    [
        (None, "WordLevel tokenizer has no decoder, so its tokens are joined by spaces.*decoders.ByteLevel"),
        (decoders.WordPiece(), "the WordPiece decoder .* no exact bytes; WordPiece drops the spaces of a text"),
        (decoders.BPEDecoder(), "the BPEDecoder decoder of this WordLevel tokenizer gives tokens no exact bytes"),
        (decoders.CTC(), "the CTC decoder"),
        (decoders.Replace(tokenizers.Regex("a+"), "b"), r"the Replace decoder .* \(with a regular expression\)"),
        (decoders.Sequence([decoders.Fuse(), decoders.Replace("ab", "b")]), "applies Replace after Fuse"),
        (decoders.Sequence([decoders.Fuse(), decoders.Strip(" ", 1, 1)]), "applies Strip after Fuse"),
        (decoders.Strip(" ", 0, 1), "the Strip decoder .* ends of texts"),
        (decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()]), "applies Metaspace after ByteFallback"),
        (decoders.Sequence([decoders.ByteLevel(), decoders.ByteLevel()]), "applies ByteLevel after ByteLevel"),
    ],
)
def test_decoders_without_exact_bytes_are_refused(decoder, message):
    tokenizer = words(["a", "[unk]", "[end]"], decoders.Fuse())
    if decoder is None:
        tokenizer = Tokenizer(models.WordLevel({"a": 0, "[unk]": 1, "[end]": 2}, unk_token="[unk]"))
    else:
        tokenizer.decoder = decoder
    with pytest.raises(VocabularyError, match=message) as caught:
        Vocabulary.from_transformers(tokenizer, eos=[2])
    assert "\n" not in str(caught.value)


def test_added_tokens_of_byte_level():
    tokenizer = byte_level()
    plain = ["<tool>", "a b", "日本 語", "</a>\n"]
    tokenizer.add_tokens([*plain, AddedToken("<|strip|>", lstrip=True, rstrip=True, single_word=True), "café"])
    tokenizer.add_special_tokens(["<|im_end|>"])
    vocabulary = vocabulary_of(tokenizer)
    for content in [*plain, "<|strip|>"]:
        assert vocabulary.tokens[tokenizer.token_to_id(content)] == content.encode()
        assert tokenizer.decode([tokenizer.token_to_id(content)]) == content
    assert vocabulary.tokens[tokenizer.token_to_id("<|im_end|>")] is None
    # The library reads é as GPT-2's form of byte E9, so this token is not decoded to what it is encoded from.
    assert tokenizer.decode([tokenizer.token_to_id("café")]) == "caf\ufffd"
    assert vocabulary.tokens[tokenizer.token_to_id("café")] is None
    text = 'x<tool>{"a": 1}日本 語 the</a>\n'
    assert vocabulary.decode(tokenizer.encode(text).ids) == text.encode()


def test_added_tokens_of_byte_fallback():
    tokenizer = llama()
    inside = next(piece for piece in tokenizer.get_vocab() if piece.startswith("▁") and len(piece) > 2)
    tokenizer.add_tokens([AddedToken(inside, normalized=False), "<tool>", "<0x1>", "new▁one"])
    vocabulary = vocabulary_of(tokenizer)
    assert vocabulary.tokens[tokenizer.token_to_id(inside)] == inside.replace("▁", " ").encode()  # as in Gemma
    assert vocabulary.tokens[tokenizer.token_to_id("<tool>")] == b"<tool>"
    assert vocabulary.tokens[tokenizer.token_to_id("<0x1>")] == b"<0x1>"
    assert vocabulary.tokens[tokenizer.token_to_id("new▁one")] is None  # decoded to what it does not stand for
    assert vocabulary.tokens[:3] == (None, None, None)


def test_the_unknown_token_is_never_text():
    vocab = [("<pad>", 0.0), ("▁the", -1.0), ("<strange>", -5.0), ("▁", -2.0), ("</s>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(vocab, unk_id=2, byte_fallback=False))
    tokenizer.decoder = decoders.Metaspace()
    vocabulary = Vocabulary.from_transformers(tokenizer, eos=[4])
    assert vocabulary.tokens == (b"<pad>", b" the", None, b" ", None)
    tokenizer.add_special_tokens(["<pad>", "</s>"])
    assert Vocabulary.from_transformers(tokenizer, eos=[4], size=64).tokens == (None, b" the", None, b" ", None)
    assert load(words(["a", "[unk]"], decoders.Fuse()), eos=[1])[0] == [b"a", None]


def test_holes_between_ids_are_never_text():
    tokenizer = Tokenizer(models.WordLevel({"a": 0, "b": 7, "</s>": 4}, unk_token="</s>"))
    tokenizer.decoder = decoders.Fuse()
    assert Vocabulary.from_transformers(tokenizer, eos=[4]).tokens == (b"a", *[None] * 6, b"b")


@pytest.fixture(scope="module")
def transformers():
    return pytest.importorskip("transformers")


class TestThroughTransformers:
    @pytest.fixture
    def fast(self, transformers):
        return transformers.PreTrainedTokenizerFast(tokenizer_object=byte_level(), eos_token="</s>", unk_token="<unk>")

    def test_bytes_size_and_end(self, fast):
        vocabulary = Vocabulary.from_transformers(fast, size=512)
        assert (vocabulary.eos, vocabulary.size, len(vocabulary)) == ((2,), 512, len(fast))
        text = '{"name": "Zoë 😀"}\n'
        assert vocabulary.decode(fast(text)["input_ids"]) == text.encode()

    def test_added_tokens(self, fast):
        fast.add_tokens(["<think>"])
        fast.add_special_tokens({"additional_special_tokens": ["<|im_end|>"]})
        vocabulary = Vocabulary.from_transformers(fast)
        assert vocabulary.tokens[fast.convert_tokens_to_ids("<think>")] == b"<think>"
        assert vocabulary.tokens[fast.convert_tokens_to_ids("<|im_end|>")] is None

    def test_several_ends_from_the_generation_config(self, fast, transformers):
        for given_ids, expected in (([1, 2], (1, 2)), (1, (1,)), (None, (2,))):
            config = transformers.GenerationConfig(eos_token_id=given_ids)
            assert Vocabulary.from_transformers(fast, generation_config=config).eos == expected
        config = transformers.GenerationConfig(eos_token_id=[1, 2])
        assert Vocabulary.from_transformers(fast, generation_config=config, eos=[0]).eos == (0,)

    def test_no_end_is_an_error(self, transformers):
        tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=byte_level())
        with pytest.raises(VocabularyError, match=r"names no end of text .*: pass eos=\[id\]"):
            Vocabulary.from_transformers(tokenizer)

    def test_slow_tokenizers_are_refused(self, transformers):
        with pytest.raises(VocabularyError, match=r"ByT5Tokenizer is not a fast tokenizer.*use_fast=True"):
            Vocabulary.from_transformers(transformers.ByT5Tokenizer())


@pytest.mark.parametrize("given_object", [object(), None, "gpt2", 7])
def test_objects_that_are_something_else(given_object):
    with pytest.raises(VocabularyError, match="is not a fast tokenizer"):
        Vocabulary.from_transformers(given_object, eos=[0])
