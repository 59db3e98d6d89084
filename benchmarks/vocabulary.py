"""The vocabulary every engine is given: mistral-common's tekken, 131,072 tokens, out of its wheel.

Token 0..999 are special (no text), 2 is the end of the sequence, the others are byte strings:

    vocabulary = load("tekken")
    vocabulary.encode('{"a": 1}')   -> [19227, 1097, 2811, 1032, 1049, 1125]
    vocabulary.tokens[19227]        -> b'{"'
    vocabulary.tokens[0]            -> None

`encode` is the tokenizer's own byte-pair encoding, without begin and end marks, so the walks are those of a
model that writes its usual tokens. All engines get the same ids. Checked on use: the bytes of the ids are the
bytes of the text.

A loader is named "tekken" or "module:function" (a function without arguments that returns a `TestVocabulary`).
Rejected: a vocabulary that must be fetched over the network, and greedy longest-match tokenisation.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["TestVocabulary", "load"]

_TEKKEN_FILE = "tekken_240911.json"


@dataclass(frozen=True)
class TestVocabulary:
    """Tokens by id (None for a special token), the end-of-sequence id, and the tokenizer's encoding of a text."""

    __test__ = False  # not a test class, whatever its name says to pytest

    name: str
    tokens: Sequence[bytes | None]
    eos: int
    encode: Callable[[str], list[int]]

    def tokenize(self, text: str) -> list[int]:
        """Encode `text` and check that the tokens spell it byte for byte."""
        ids = self.encode(text)
        if b"".join(self.tokens[token] or b"" for token in ids) != text.encode():
            raise ValueError(f"the tokens of {self.name} do not spell {text[:80]!r}")
        return ids


def load(name: str) -> TestVocabulary:
    """Return the vocabulary called "tekken", or what the function "module:function" makes."""
    if name == "tekken":
        return _tekken()
    module, _, function = name.partition(":")
    made = getattr(importlib.import_module(module), function)()
    if not isinstance(made, TestVocabulary):
        raise TypeError(f"{name} did not return a TestVocabulary")
    return made


def _tekken() -> TestVocabulary:
    import mistral_common
    from mistral_common.tokens.tokenizers.tekken import Tekkenizer

    file = Path(mistral_common.__file__).parent / "data" / _TEKKEN_FILE
    tokenizer = Tekkenizer.from_file(str(file))
    tokens = [tokenizer.id_to_byte_piece(token) or None for token in range(tokenizer.n_words)]
    return TestVocabulary("tekken", tokens, tokenizer.eos_id, lambda text: tokenizer.encode(text, bos=False, eos=False))
