"""The whole way: shipped schema, engine, embedded model, every decoding method; jsonschema is the judge."""

import json
from pathlib import Path

import jsonschema
import pytest
import torch
from transformers import LogitsProcessorList

import constrain
from constrain.adapters.transformers import LogitsProcessor, generate_texts, vocabulary_of
from constrain.models import load_embedded, prompt_for

SCHEMAS = {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in Path(__file__).parents[2].glob("schemas/*.json")}
NAMES = sorted(SCHEMAS)


@pytest.fixture(scope="module")
def embedded():
    return load_embedded()


@pytest.fixture(scope="module")
def automata(embedded):
    vocabulary = vocabulary_of(*embedded)
    return {
        name: constrain.TokenAutomaton(constrain.json_schema(schema), vocabulary) for name, schema in SCHEMAS.items()
    }


def judge(name, text):
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(SCHEMAS[name], format_checker=checker).validate(json.loads(text))


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_accepted_and_nonsense_is_not(name):
    constraint = constrain.json_schema(SCHEMAS[name])
    assert constraint.unenforced == ()
    for example in SCHEMAS[name]["examples"]:
        for text in (json.dumps(example), json.dumps(example, indent=2), json.dumps(example, separators=(",", ":"))):
            assert constraint.matches(text.encode())
            assert not constraint.matches(text[:-1].encode())
        assert not constraint.matches(json.dumps(example | {"unknown": 1}).encode())


@pytest.mark.parametrize("name", NAMES)
def test_the_embedded_model_writes_valid_documents(embedded, automata, name):
    prompt = prompt_for(SCHEMAS[name], None, embedded[1])
    (made,) = generate_texts(*embedded, automata[name], prompt, seed=1, temperature=0.7)
    assert made.finished
    judge(name, made.text)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("whitespace", ["flexible", "compact", 2])
def test_it_does_so_at_any_temperature_and_spelling(embedded, name, whitespace):
    constraint = constrain.json_schema(SCHEMAS[name], whitespace=whitespace)
    automaton = constrain.TokenAutomaton(constraint, vocabulary_of(*embedded))
    prompt = prompt_for(SCHEMAS[name], None, embedded[1])
    for temperature in (0, 1, 1.5):
        made = generate_texts(*embedded, automaton, prompt, n=3, seed=7, temperature=temperature, max_new_tokens=900)
        finished = [m for m in made if m.finished]
        assert finished or temperature > 1
        for m in finished:
            judge(name, m.text)


def generate(embedded, automaton, name, **options):
    model, tokenizer = embedded
    inputs = tokenizer(prompt_for(SCHEMAS[name], None, tokenizer), return_tensors="pt")
    processor = LogitsProcessorList([LogitsProcessor(automaton, pad_token_id=tokenizer.pad_token_id)])
    out = model.generate(**inputs, logits_processor=processor, max_new_tokens=400, **options)
    return [tokenizer.decode(row[inputs["input_ids"].shape[1] :], skip_special_tokens=True) for row in out]


def test_beam_search_and_return_sequences(embedded, automata):
    texts = generate(embedded, automata["contact"], "contact", num_beams=3, num_return_sequences=3, do_sample=False)
    assert len(set(texts)) == 3
    for text in texts:
        judge("contact", text)


def test_assisted_by_a_half_precision_twin_equals_greedy(embedded, automata):
    assistant = load_embedded(dtype=torch.bfloat16)[0]
    (assisted,) = generate(embedded, automata["weather"], "weather", assistant_model=assistant, do_sample=False)
    (greedy,) = generate(embedded, automata["weather"], "weather", do_sample=False)
    assert assisted == greedy
    judge("weather", greedy)


def test_a_batch_of_different_prompts(embedded, automata):
    model, tokenizer = embedded
    prompts = [prompt_for(SCHEMAS["contact"], request, tokenizer) for request in (None, "someone from Oslo", "Ken")]
    inputs = tokenizer(prompts, return_tensors="pt", padding=True)
    processor = LogitsProcessor(automata["contact"], pad_token_id=tokenizer.pad_token_id)
    torch.manual_seed(0)
    options = {"do_sample": True, "temperature": 0.7, "max_new_tokens": 300}
    out = model.generate(**inputs, logits_processor=LogitsProcessorList([processor]), **options)
    assert processor.is_finished(out) == [True] * 3
    for text in tokenizer.batch_decode(out[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True):
        judge("contact", text)


def test_unconstrained_the_model_errs(embedded):
    """What the engine is for: the same model, seeds and prompts, without it."""
    model, tokenizer = embedded
    wrong = 0
    for name in NAMES[:6]:
        inputs = tokenizer(prompt_for(SCHEMAS[name], None, tokenizer), return_tensors="pt")
        torch.manual_seed(1)
        out = model.generate(**inputs, do_sample=True, temperature=1.5, max_new_tokens=300)
        try:
            judge(name, tokenizer.decode(out[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))
        except (ValueError, jsonschema.ValidationError):
            wrong += 1
    assert wrong
