"""`model.generate` with the processor: every way of decoding ends in the language, whatever the model wants."""

import pytest
import torch
from transformers import LogitsProcessorList

from constrain.adapters.transformers import LogitsProcessor

PAD, BEGIN, END = 0, 1, 2
PROMPT = torch.tensor([[BEGIN, 70, 71, 72]])
LIMIT = 60  # tokens; the longest document has 31 bytes


def generate(model, processor, ids=PROMPT, **options):
    options = {"do_sample": False, "max_new_tokens": LIMIT, "attention_mask": (ids != PAD).long()} | options
    return model.generate(ids, logits_processor=LogitsProcessorList([processor]), **options)


def texts(listed, out, width=PROMPT.shape[1]):
    """Return the text of each row, None where the row did not end."""
    found = []
    for row in out[:, width:].tolist():
        ends = [i for i, t in enumerate(row) if t in listed.vocabulary.eos]
        found.append(listed.vocabulary.decode(row[: ends[0]]) if ends else None)
    return found


def test_the_model_alone_does_not_write_documents(listed, model):
    out = model.generate(PROMPT, do_sample=False, max_new_tokens=LIMIT, attention_mask=torch.ones_like(PROMPT))
    assert texts(listed, out)[0] not in listed.language


@pytest.mark.parametrize("lengths", [None, 4])
def test_greedy(listed, model, lengths):
    out = generate(model, LogitsProcessor(listed, prompt_lengths=lengths))
    assert texts(listed, out)[0] in listed.language


def test_sampling_reaches_many_documents(listed, model):
    torch.manual_seed(0)
    out = generate(model, LogitsProcessor(listed), do_sample=True, top_k=0, temperature=3.0, num_return_sequences=24)
    found = texts(listed, out)
    assert set(found) <= listed.language
    assert len(set(found)) > 4


def test_a_batch_with_left_padding_equals_its_prompts_alone(listed, model):
    prompts = [[BEGIN, 70, 71, 72], [BEGIN, 90], [BEGIN, 100, 101]]
    alone = [texts(listed, generate(model, LogitsProcessor(listed), torch.tensor([p])), len(p))[0] for p in prompts]
    padded = torch.tensor([[PAD] * (4 - len(p)) + p for p in prompts])
    out = generate(model, LogitsProcessor(listed, pad_token_id=PAD), padded)
    assert texts(listed, out) == alone
    assert set(alone) <= listed.language


@pytest.mark.parametrize("beams", [2, 5])
@pytest.mark.parametrize("prompt", [[[BEGIN, 70, 71, 72]], [[BEGIN, 70, 71, 72], [PAD, PAD, BEGIN, 90]]])
def test_beam_search(listed, model, beams, prompt):
    processor = LogitsProcessor(listed, pad_token_id=PAD)
    ids = torch.tensor(prompt)
    out = generate(model, processor, ids, num_beams=beams, num_return_sequences=beams)
    assert len(out) == beams * len(prompt)
    assert set(texts(listed, out)) <= listed.language


def test_beam_search_with_sampling(listed, model):
    torch.manual_seed(0)
    out = generate(model, LogitsProcessor(listed), num_beams=3, do_sample=True, temperature=2.0)
    assert texts(listed, out)[0] in listed.language


@pytest.mark.parametrize("lengths", [None, 4])
@pytest.mark.parametrize("drafter", ["model", "other_model"])
def test_assisted_greedy_equals_greedy(listed, model, drafter, lengths, request):
    assistant = request.getfixturevalue(drafter)
    out = generate(model, LogitsProcessor(listed, prompt_lengths=lengths), assistant_model=assistant)
    assert torch.equal(out, generate(model, LogitsProcessor(listed)))


def test_assisted_sampling(listed, model, other_model):
    for seed in range(2):
        torch.manual_seed(seed)
        options = {"do_sample": True, "top_k": 0, "temperature": 2.0}
        out = generate(model, LogitsProcessor(listed), assistant_model=other_model, **options)
        assert texts(listed, out)[0] in listed.language


def test_drafts_looked_up_in_the_prompt(listed, model):
    ids = torch.tensor([[BEGIN, *listed.vocabulary.encode(b'"name": "name": "Ada", "ok": xx "Ada", ')]])
    out = generate(model, LogitsProcessor(listed), ids, prompt_lookup_num_tokens=5)
    assert torch.equal(out, generate(model, LogitsProcessor(listed), ids))


class WildDrafter:
    """Drafts that the constraint forbids, ends of text in the middle, and legal ones with a wrong last token."""

    def __init__(self, listed, width):
        self.listed, self.width, self.calls = listed, width, 0
        self.requires_model_outputs = False

    def get_candidates(self, input_ids, **_):
        self.calls += 1
        r = torch.Generator().manual_seed(self.calls)
        draft = torch.randint(0, 300, (1, 4), generator=r)
        if self.calls % 3 == 0:
            draft[0, self.calls % 4] = END
        if self.calls % 3 == 1:
            allowed = self.listed.allowed(input_ids[0, self.width :].tolist())
            draft[0, 0] = max(allowed) if allowed else END
        return torch.cat([input_ids, draft], dim=1), None

    def update_candidate_strategy(self, input_ids, scores, num_matches):
        pass


@pytest.mark.parametrize("lengths", [None, 4])
@pytest.mark.parametrize("sample", [False, True])
def test_an_adversarial_drafter_changes_nothing(listed, model, monkeypatch, lengths, sample):
    drafter = WildDrafter(listed, PROMPT.shape[1])
    monkeypatch.setattr(model, "_get_candidate_generator", lambda *_, **__: drafter)
    torch.manual_seed(0)
    processor = LogitsProcessor(listed, prompt_lengths=lengths)
    out = generate(model, processor, prompt_lookup_num_tokens=4, do_sample=sample)
    assert drafter.calls > 3
    assert texts(listed, out)[0] in listed.language
    if not sample:
        monkeypatch.undo()
        assert torch.equal(out, generate(model, LogitsProcessor(listed)))


def test_with_a_minimum_length_nothing_breaks(listed, model):
    torch.manual_seed(0)
    out = generate(model, LogitsProcessor(listed), do_sample=True, min_new_tokens=40, max_new_tokens=50)
    assert texts(listed, out)[0] in listed.language


def test_one_processor_serves_one_generation_after_another(listed, model):
    processor = LogitsProcessor(listed)
    for prompt in ([BEGIN, 70, 71, 72], [BEGIN, 70, 71, 72], [BEGIN, 9], [BEGIN, 70, 71, 72, 30, 31]):
        ids = torch.tensor([prompt])
        out = generate(model, processor, ids)
        assert texts(listed, out, len(prompt))[0] in listed.language
        assert torch.equal(out, generate(model, LogitsProcessor(listed), ids))
