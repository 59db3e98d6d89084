"""A vocabulary, a small language and random models, for the tests of the adapters."""

import itertools
import json

import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'constrain[transformers]'")
pytest.importorskip("transformers", reason="transformers is not installed: pip install 'constrain[transformers]'")

import torch
from transformers import LlamaConfig, LlamaForCausalLM

from constrain.vocabulary import Vocabulary
from tests.adapters.listed import Listed

TEXTS = [t.encode() for t in ('{"', '":', '": "', "true", "false", "name", '", "', '"}', "Ada", "é", "}}", "12")]
TEXTS += [b"\xc3", b"\xa9"]
PAD, BEGIN, END, OTHER_END = 0, 1, 2, 3


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """More threads only wait for each other in a model this small."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def vocabulary():
    """270 text tokens (all bytes and some longer), two ends of text, logits wider than the tokens."""
    tokens = [None, None, None, None, *(bytes([b]) for b in range(256)), *TEXTS[:12]]
    return Vocabulary(tokens, eos=[END, OTHER_END], size=300)


@pytest.fixture(scope="session")
def documents():
    """Every document of a small schema: the language of `listed`."""
    values = [{"name": n, "ok": ok} for n, ok in itertools.product(["Ada", "é", "Bo"], (True, False))]
    return [json.dumps(v, ensure_ascii=a).encode() for v in values for a in (False, True)]


@pytest.fixture(scope="session")
def listed(vocabulary, documents):
    return Listed(documents, vocabulary)


def random_model(seed, width=300):
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=width,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=256,
        initializer_range=0.3,  # far from uniform, so that greedy, drafts and beams differ
        pad_token_id=PAD,
        bos_token_id=BEGIN,
        eos_token_id=[END, OTHER_END],
    )
    return LlamaForCausalLM(config).eval()


@pytest.fixture(scope="session")
def model():
    return random_model(0)


@pytest.fixture(scope="session")
def other_model():
    return random_model(1)
