"""The embedded model is small, complete and has learnt; the loader's errors are one line; prompts are as documented."""

import json
import math
import re
import shutil

import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'constrain[transformers]'")
pytest.importorskip("transformers", reason="transformers is not installed: pip install 'constrain[transformers]'")

import torch
from transformers import LlamaForCausalLM

from constrain.models import ModelError, load, load_embedded, prompt_for, prompt_ids
from constrain.models.embedded import EMBEDDED_DIR

SCHEMA = {"title": "Contact", "description": "A person in an\n address book.", "type": "object"}
CHAT = (
    "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}{% endfor %}{% if add_generation_prompt %}<a>{% endif %}"
)


@pytest.fixture(scope="module")
def embedded():
    return load_embedded()


def test_the_folder_is_at_most_8_megabytes_and_complete():
    files = {p.name: p.stat().st_size for p in EMBEDDED_DIR.iterdir()}
    assert {"config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "README.md"} <= set(files)
    assert sum(files.values()) <= 8_000_000


def test_it_is_a_llama_of_a_few_million_parameters(embedded):
    model, tokenizer = embedded
    assert isinstance(model, LlamaForCausalLM)
    assert not model.training
    assert next(model.parameters()).dtype == torch.float32
    assert 2_000_000 <= sum(p.numel() for p in model.parameters()) <= 3_500_000
    assert len(tokenizer) == model.config.vocab_size
    assert load_embedded(dtype=torch.bfloat16)[0].dtype == torch.bfloat16


def test_the_readme_tells_the_numbers_of_these_files(embedded):
    readme = (EMBEDDED_DIR / "README.md").read_text(encoding="utf-8")
    measured = json.loads(re.search(r"```json\n(.*?)```", readme, re.DOTALL)[1])
    assert measured["parameters"] == sum(p.numel() for p in embedded[0].parameters())
    assert measured["vocabulary"] == len(embedded[1])


@pytest.mark.parametrize("text", ["", "a", ' {"é": "\n\t\u2028𝄞"}', "\x00\x7f", "JSON:\n{", "日本語  12345"])
def test_the_tokenizer_gives_any_text_back(embedded, text):
    tokenizer = embedded[1]
    assert tokenizer.decode(tokenizer(text, add_special_tokens=False)["input_ids"]) == text


def nats_per_byte(embedded, prompt, document):
    model, tokenizer = embedded
    before, after = prompt_ids(prompt, tokenizer), tokenizer(document, add_special_tokens=False)["input_ids"]
    with torch.inference_mode():
        scores = model(torch.tensor([before + after])).logits[0, len(before) - 1 : -1].log_softmax(-1)
    return -scores.gather(1, torch.tensor(after)[:, None]).sum().item() / len(document.encode())


@pytest.mark.parametrize("path", sorted(EMBEDDED_DIR.parents[2].glob("schemas/*.json")), ids=lambda p: p.stem)
def test_it_has_learnt_the_shipped_schemas(embedded, path):
    schema = json.loads(path.read_text(encoding="utf-8"))
    for example in schema["examples"]:
        document = json.dumps(example, ensure_ascii=False)
        assert nats_per_byte(embedded, prompt_for(schema, None, embedded[1]), document) < 0.5 * math.log(256) / 2


def test_what_a_field_is_called_changes_what_the_model_expects(embedded):
    def expects(name, value):
        return nats_per_byte(embedded, "Document\nJSON:\n", f'{{"{name}": "{value}"}}') * (len(name) + len(value) + 8)

    def swapped(name, value, other, strange):
        right = expects(name, value) + expects(other, strange)
        return expects(name, strange) + expects(other, value) - right

    assert swapped("city", "Oslo", "email", "ada.bell@example.com") > 2
    assert swapped("date", "2025-03-14", "name", "Maria Lopez") > 2


def test_the_embedded_prompt_is_heading_request_and_json(embedded):
    tokenizer = embedded[1]
    line = "Contact: A person in an address book.\n"
    assert prompt_for(SCHEMA, None, tokenizer) == f"{line}JSON:\n"
    assert prompt_for(SCHEMA, " someone\nfrom Oslo ", tokenizer) == f"{line}someone from Oslo\nJSON:\n"
    assert prompt_for(True, "x", tokenizer) == "Document\nx\nJSON:\n"
    ids = prompt_ids(prompt_for(SCHEMA, None, tokenizer), tokenizer)
    assert ids[0] == tokenizer.bos_token_id
    assert ids.count(tokenizer.bos_token_id) == 1


def test_other_models_are_shown_the_schema(embedded):
    tokenizer = load("embedded")[1]
    tokenizer.init_kwargs.pop("constrain_format")
    base = prompt_for(SCHEMA, "someone", tokenizer)
    assert json.dumps(SCHEMA) in base
    assert base.endswith("\nsomeone\nJSON:\n")
    tokenizer.chat_template = CHAT
    chat = prompt_for(SCHEMA, "someone", tokenizer)
    assert chat.startswith("<user>someone\n\n")
    assert chat.endswith(json.dumps(SCHEMA) + "<a>")
    assert prompt_ids(chat, tokenizer)[0] != tokenizer.bos_token_id


def test_a_local_folder_loads_without_a_network(tmp_path, embedded, monkeypatch):
    model, tokenizer = embedded
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    monkeypatch.setattr("socket.socket.connect", None)
    again, same = load(str(tmp_path))
    assert again.dtype == model.dtype
    assert torch.equal(again.lm_head.weight, model.lm_head.weight)
    assert same("Ada")["input_ids"] == tokenizer("Ada")["input_ids"]


def test_folders_that_are_no_models_are_errors_in_one_line(tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text('{"model_type": "llama"}', encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "list").mkdir()
    (tmp_path / "list" / "config.json").write_text("[]", encoding="utf-8")
    shutil.copytree(EMBEDDED_DIR, tmp_path / "cut")
    (tmp_path / "cut" / "model.safetensors").write_bytes((EMBEDDED_DIR / "model.safetensors").read_bytes()[:5000])
    cases = {
        "empty": "has no config.json",
        "missing": "no model folder at",
        "broken": "cannot load model",
        "list": "cannot load model",
        "cut": "cannot load model",
    }
    for name, message in cases.items():
        with pytest.raises(ModelError, match=message) as caught:
            load(str(tmp_path / name))
        assert "\n" not in str(caught.value)


def test_a_hub_name_that_cannot_be_had_is_an_error_in_one_line(monkeypatch):
    def refuse(*_, **__):
        raise OSError("We couldn't connect to the hub\nto load the files")

    monkeypatch.setattr("transformers.AutoTokenizer.from_pretrained", refuse)
    with pytest.raises(
        ModelError, match="cannot load model 'some/model': We couldn't connect to the hub to load"
    ) as caught:
        load("some/model")
    assert "\n" not in str(caught.value)
