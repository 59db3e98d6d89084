"""Real tokenizer files, which mistral-common ships in its wheel, and a cache switched off unless a test wants one."""

from importlib.resources import files
from pathlib import Path

import pytest

from constrain.vocabulary import Vocabulary


@pytest.fixture(autouse=True)
def no_cache(monkeypatch):
    monkeypatch.setenv("CONSTRAIN_CACHE", "0")


def _shipped(name: str) -> Path:
    pytest.importorskip("mistral_common", reason="mistral-common ships the real tokenizer files")
    path = Path(str(files("mistral_common"))) / "data" / name
    if not path.exists():
        pytest.skip(f"this version of mistral-common does not ship {name}")
    return path


@pytest.fixture(scope="session")
def tekken_file() -> Path:
    return _shipped("tekken_240911.json")


@pytest.fixture(scope="session")
def pieces_file() -> Path:
    return _shipped("mistral_instruct_tokenizer_240323.model.v3")


@pytest.fixture(scope="session")
def tekken(tekken_file) -> Vocabulary:
    return Vocabulary.from_mistral(tekken_file)


@pytest.fixture(scope="session")
def pieces(pieces_file) -> Vocabulary:
    pytest.importorskip("sentencepiece", reason="reads the SentencePiece file")
    return Vocabulary.from_mistral(str(pieces_file))
