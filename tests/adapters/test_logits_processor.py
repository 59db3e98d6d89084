"""The processor alone: its row is the definition's, whatever was asked before, and never all -inf."""

import random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from constrain.adapters import transformers as adapter
from constrain.adapters.transformers import LogitsProcessor
from constrain.errors import VocabularyError
from constrain.vocabulary import Vocabulary
from tests.adapters.listed import Listed

PAD, BEGIN, END = 0, 1, 2
PROMPT = [PAD, PAD, BEGIN, 70, 71]


def walk(listed, r, *, wild=0.15, longest=40):
    """Return ids that are mostly legal, now and then not, now and then ended."""
    ids = []
    for _ in range(r.randrange(longest)):
        allowed = listed.allowed(ids)
        if allowed and r.random() > wild / 5:
            ids.append(r.choice(sorted(allowed)))
        elif r.random() < wild:
            ids.append(r.randrange(300))
        elif allowed == ():
            ids.append(r.choice([PAD, END]))
    return ids


def expected(listed, ids, scores, pad=PAD):
    """Return the row of scores that the definition asks for."""
    allowed = listed.allowed(ids)
    if allowed is None:
        return scores
    if allowed == ():
        allowed = {pad, *listed.vocabulary.eos}
    return torch.tensor([s if t in allowed else -torch.inf for t, s in enumerate(scores.tolist())])


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_a_row_depends_on_its_ids_alone(listed, seed):
    r = random.Random(seed)
    processor = LogitsProcessor(listed, prompt_lengths=len(PROMPT), pad_token_id=PAD)
    walks = [walk(listed, r) for _ in range(4)]
    for _ in range(30):
        # Any prefixes of any walks, in any order, of one length as in a batch: drafts, rejections, reordering.
        length = r.randrange(1 + max(map(len, walks)))
        rows = [w[:length] for w in r.choices(walks, k=r.randint(1, 4)) if len(w) >= length]
        if not rows:
            continue
        ids = torch.tensor([PROMPT + row for row in rows])
        scores = torch.randn(len(rows), 300)
        before = scores.clone()
        out = processor(ids, scores)
        assert torch.equal(scores, before)
        for row, given_scores, got in zip(rows, scores, out, strict=True):
            assert torch.equal(got, expected(listed, row, given_scores))
        assert bool((out > -torch.inf).any(dim=-1).all())


def test_the_first_call_tells_where_the_prompt_ends(listed):
    processor = LogitsProcessor(listed)
    scores = torch.zeros(2, 300)
    prompts = torch.tensor([PROMPT, [PAD, BEGIN, 80, 81, 82]])
    first = processor(prompts, scores)
    assert torch.equal(first[0], expected(listed, [], scores[0]))
    text = listed.vocabulary.encode(min(listed.language))
    longer = torch.cat([prompts, torch.tensor([text[:1], text[:1]])], dim=1)
    assert torch.equal(processor(longer, scores)[1], expected(listed, text[:1], scores[1]))


def test_a_changed_prompt_opens_a_new_generation(listed):
    processor = LogitsProcessor(listed)
    scores = torch.zeros(1, 300)
    start = expected(listed, [], scores[0])
    text = listed.vocabulary.encode(min(listed.language))
    for prompt in (PROMPT, PROMPT[1:], [BEGIN, 99, 98, 97, 96, 95, 94]):
        for count in range(4):
            out = processor(torch.tensor([prompt + text[:count]]), scores)
            assert torch.equal(out[0], expected(listed, text[:count], scores[0]))
        assert not torch.equal(out[0], start)


def test_a_next_turn_that_repeats_the_last_prompt_is_not_left_unconstrained(listed):
    processor = LogitsProcessor(listed)
    scores = torch.zeros(1, 300)
    text = listed.vocabulary.encode(min(listed.language))
    for count in range(len(text) + 1):
        processor(torch.tensor([PROMPT + text[:count]]), scores)
    turn = [*PROMPT, *text, END, BEGIN, 70]
    assert torch.equal(processor(torch.tensor([turn]), scores)[0], expected(listed, [], scores[0]))
    processor.reset()
    assert torch.equal(processor(torch.tensor([turn[:-1]]), scores)[0], expected(listed, [], scores[0]))


def test_one_length_for_each_prompt_counts_beams_with_their_prompt(listed):
    processor = LogitsProcessor(listed, prompt_lengths=[2, 4])
    text = listed.vocabulary.encode(min(listed.language))[:3]
    short, long = [BEGIN, 70, *text, text[0]], [BEGIN, 70, 71, 72, *text[:2]]
    scores = torch.zeros(4, 300)
    out = processor(torch.tensor([short, short, long, long]), scores)
    assert torch.equal(out[1], expected(listed, [*text, text[0]], scores[0]))
    assert torch.equal(out[2], expected(listed, text[:2], scores[0]))
    with pytest.raises(ValueError, match="3 rows cannot belong to 2 prompts"):
        processor(torch.tensor([short] * 3), scores[:3])
    with pytest.raises(ValueError, match="longer than the input"):
        processor(torch.tensor([short[:3]] * 2), scores[:2])


@pytest.mark.parametrize("lengths", [[], -1, [3, -2]])
def test_prompt_lengths_that_mean_nothing_are_refused(listed, lengths):
    with pytest.raises(ValueError, match="prompt_lengths must be"):
        LogitsProcessor(listed, prompt_lengths=lengths)


def test_where_another_processor_removed_all_that_is_allowed_the_constraint_holds(listed):
    processor = LogitsProcessor(listed, prompt_lengths=1)
    text = listed.vocabulary.encode(max(listed.language, key=len))
    ids = torch.tensor([[BEGIN, *text]])
    assert listed.allowed(text) == set(listed.vocabulary.eos)
    scores = torch.zeros(1, 300)
    scores[:, list(listed.vocabulary.eos)] = -torch.inf  # a minimum length, say
    out = processor(ids, scores)
    assert set(torch.nonzero(out[0] > -torch.inf).flatten().tolist()) == set(listed.vocabulary.eos)


def test_half_precision_scores_stay_in_their_type(listed):
    processor = LogitsProcessor(listed, prompt_lengths=1)
    for dtype in (torch.float16, torch.bfloat16):
        out = processor(torch.tensor([[BEGIN]]), torch.ones(1, 300, dtype=dtype))
        assert out.dtype == dtype
        assert set(torch.nonzero(out[0] == 1).flatten().tolist()) == listed.allowed([])


@pytest.mark.parametrize("width", [272, 299, 301, 512])
def test_scores_may_be_wider_or_narrower_than_the_mask(listed, width):
    scores = torch.randn(1, width)
    out = LogitsProcessor(listed, prompt_lengths=1)(torch.tensor([[BEGIN]]), scores)
    allowed = listed.allowed([])
    assert set(torch.nonzero(out[0] > -torch.inf).flatten().tolist()) == allowed


def test_scores_without_any_allowed_token_are_an_error_in_one_line(listed):
    assert min(listed.allowed([])) > 20
    with pytest.raises(VocabularyError, match="the model has 20 scores, the vocabulary 272 tokens"):
        LogitsProcessor(listed, prompt_lengths=1)(torch.tensor([[BEGIN]]), torch.zeros(1, 20))


def test_work_is_one_step_a_token_and_rows_are_bounded(listed, monkeypatch):
    monkeypatch.setattr(adapter, "CACHE_BYTES", 5 * 300)
    processor = LogitsProcessor(listed, prompt_lengths=1)
    masks = {s: listed.mask(s) for s in range(len(listed.prefixes))}
    monkeypatch.setattr(listed, "mask", masks.__getitem__)
    listed.steps = 0
    text = listed.vocabulary.encode(max(listed.language, key=len))
    for _ in range(3):
        for length in [*range(len(text) + 1), *range(len(text), -1, -1)]:
            processor(torch.tensor([[BEGIN, *text[:length]]]), torch.zeros(1, 300))
            assert len(processor._forbidden) <= 5
    assert listed.steps <= 6 * len(text)


def test_reordered_rows_resume_at_any_row_of_the_call_before(listed, monkeypatch):
    processor = LogitsProcessor(listed, prompt_lengths=1)
    masks = {s: listed.mask(s) for s in range(len(listed.prefixes))}
    monkeypatch.setattr(listed, "mask", masks.__getitem__)
    one, two = (listed.vocabulary.encode(f'{{"name": "{name}", "ok": false}}'.encode()) for name in ("Ada", "Bo"))
    listed.steps = 0
    for length in range(min(len(one), len(two)) + 1):
        rows = [one[:length], two[:length]][:: 1 if length % 2 else -1]
        processor(torch.tensor([[BEGIN, *row] for row in rows]), torch.zeros(2, 300))
    assert listed.steps <= len(one) + len(two)


def test_is_finished_says_which_rows_ended(listed):
    processor = LogitsProcessor(listed, prompt_lengths=1, pad_token_id=PAD)
    text = listed.vocabulary.encode(min(listed.language))
    rows = [[*text, END], [*text[:-1], END, PAD], [*text, text[0]]]
    width = max(map(len, rows))
    ids = torch.tensor([[BEGIN, *row, *[PAD] * (width - len(row))] for row in rows])
    assert processor.is_finished(ids) == [True, False, False]


def test_the_oracle_is_no_yes_man(listed):
    text = listed.vocabulary.encode(min(listed.language))
    assert listed.allowed(text[:-1]) != listed.allowed(text)
    assert listed.allowed([text[0], 4 + ord("x")]) is None
    state = listed.start
    bits = np.unpackbits(listed.mask(state).view(np.uint8), bitorder="little")
    assert set(np.flatnonzero(bits).tolist()) == listed.allowed([])


def test_a_vocabulary_padded_to_the_model_never_allows_the_padding(documents):
    narrow = Vocabulary([None, None, None, *(bytes([b]) for b in range(256))], eos=[2], size=4096)
    listed = Listed(documents, narrow)
    out = LogitsProcessor(listed, prompt_lengths=0)(torch.zeros(1, 0, dtype=torch.long), torch.zeros(1, 4096))
    assert bool((out[0, 259:] == -torch.inf).all())
