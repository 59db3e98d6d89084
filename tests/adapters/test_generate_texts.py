"""`generate_texts`: whole texts, seeds, streams and budgets, with the embedded model on a language of the oracle."""

import pytest

from constrain.adapters.transformers import generate_texts, vocabulary_of
from constrain.models import ModelError, load_embedded
from tests.adapters.listed import Listed

PROMPT = "Contact: A person in an address book.\nJSON:\n"
LANGUAGE = [f'{{"name": "{n}", "age": {a}}}' for n in ("Zoé", "Ken Sato", "Bo") for a in (7, 31)]


@pytest.fixture(scope="module")
def embedded():
    return load_embedded()


@pytest.fixture(scope="module")
def names(embedded):
    return Listed([text.encode() for text in LANGUAGE], vocabulary_of(*embedded))


def test_texts_are_of_the_language_and_a_seed_gives_them_again(embedded, names):
    made = [list(generate_texts(*embedded, names, PROMPT, n=8, seed=5, temperature=3)) for _ in range(2)]
    assert made[0] == made[1]
    assert {m.text for m in made[0]} <= set(LANGUAGE)
    assert all(m.finished for m in made[0])
    assert len({m.text for m in made[0]}) > 1
    assert list(generate_texts(*embedded, names, PROMPT, n=1, seed=7, temperature=3)) == made[0][2:3]


def test_temperature_zero_is_greedy(embedded, names):
    first, second = generate_texts(*embedded, names, PROMPT, n=2, temperature=0)
    assert first == second
    assert first.text in LANGUAGE


def test_pieces_of_a_stream_are_the_text(embedded, names):
    for seed in range(3):
        pieces = []
        (made,) = generate_texts(*embedded, names, PROMPT, seed=seed, on_text=pieces.append)
        assert "".join(pieces) == made.text
        assert len(pieces) > 3
        assert "\ufffd" not in made.text


def test_a_text_that_the_budget_cuts_is_flagged(embedded, names):
    (made,) = generate_texts(*embedded, names, PROMPT, max_new_tokens=3, seed=0)
    assert not made.finished
    assert made.tokens == 3
    assert any(text.startswith(made.text) for text in LANGUAGE)


def test_beams_are_an_option(embedded, names):
    (made,) = generate_texts(*embedded, names, PROMPT, temperature=0, num_beams=3)
    assert made.finished
    assert made.text in LANGUAGE


def test_a_prompt_beyond_the_context_is_one_clear_line(embedded, names):
    with pytest.raises(ModelError, match=r"the prompt has \d+ tokens, but the model reads only 1024"):
        list(generate_texts(*embedded, names, "word " * 3000))


@pytest.mark.parametrize("bad", [{"n": 0}, {"max_new_tokens": 0}, {"temperature": -1}])
def test_numbers_without_meaning_are_refused(embedded, names, bad):
    with pytest.raises(ValueError, match="must be positive"):
        list(generate_texts(*embedded, names, PROMPT, **bad))


def test_the_vocabulary_is_as_wide_as_the_scores_and_has_every_end(embedded):
    model, tokenizer = embedded
    vocabulary = vocabulary_of(model, tokenizer)
    assert vocabulary.size == model.config.vocab_size
    assert vocabulary.eos == (tokenizer.eos_token_id,)
    assert {t[0] for t in vocabulary.tokens if t is not None and len(t) == 1} == set(range(256))
