r"""Vocabularies of transformers fast tokenizers, from the structure of their `tokenizers` backend.

Problem: a fast tokenizer stores display forms (`Ġthe`, `▁the`, `<0x0A>`); what text they stand for is decided by its
*decoder*, a small pipeline that is written in the tokenizer's own JSON. Reading that pipeline gives exact bytes, for
any model name or class.

Worked example, a decoder of `Sequence[Replace("▁" -> " "), ByteFallback, Fuse, Strip(" ", start=1)]` (Llama, Mistral):

    token        after Replace   after ByteFallback   bytes
    "▁the"       " the"          " the"               b" the"    (Strip acts on the start of a text, not on a token)
    "<0xE2>"     "<0xE2>"        byte E2              b"\xe2"
    "é"          "é"             "é"                  b"\xc3\xa9"

and of `ByteLevel` (GPT-2, Llama 3, Qwen): `Ġthe` is b" the", by the byte alphabet of GPT-2. A token with a character
outside of that alphabet stands for itself, as in the `tokenizers` library.

Invariants: the bytes are what the decoder gives *in the middle of a text*, without its repair of half characters.
Normalizer and pre-tokenizer say how a text is cut, not what a token spells, so they play no part. A decoder under which
a token's text depends on its neighbours (WordPiece, CTC, BPE suffixes, no decoder at all: tokens joined by spaces) has
no exact bytes and is refused.

Added tokens: special ones are never text. Others are text, and go through the decoder as all tokens do. Where that does
not give their own content, there are two cases. If the model's vocabulary has the token too (`▁▁` in Gemma), it is a
plain token and the decoder is right. If not (an added `café` under ByteLevel: the library decodes it to b"caf\xe9"),
text in and text out differ, no bytes are exact, and the token is never allowed. The model's unknown token is never
text.

Source: tokenizers/src/decoders/{byte_level,byte_fallback,fuse,strip}.rs, src/pre_tokenizers/metaspace.rs,
src/normalizers/replace.rs (Apache-2.0, huggingface/tokenizers).
Rejected: guessing the family from a class name or from `Ġ` in the vocabulary; `tokenizer.decode([t])` per id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from constrain.errors import VocabularyError

__all__ = ["load"]

_Step = Callable[["str | bytes"], "str | bytes"]  # text, or bytes once it is decided which
_BYTE = re.compile(r"<0x([0-9a-fA-F]{2}|\+[0-9a-fA-F])>")  # what Rust's u8::from_str_radix reads


def load(
    tokenizer: Any, *, eos: Sequence[int] | None = None, generation_config: Any = None
) -> tuple[list[bytes | None], Sequence[int], str]:
    """Return (tokens, eos ids, name) of a transformers fast tokenizer or a `tokenizers.Tokenizer`."""
    backend = getattr(tokenizer, "backend_tokenizer", tokenizer)
    if not hasattr(backend, "to_str"):
        raise VocabularyError(
            f"{type(tokenizer).__name__} is not a fast tokenizer, so its bytes cannot be read exactly; load it with "
            "AutoTokenizer.from_pretrained(..., use_fast=True), or pass a mistral-common tokenizer to "
            "Vocabulary.from_mistral"
        )
    document = json.loads(backend.to_str())
    name = str(getattr(tokenizer, "name_or_path", "") or "")
    return _tokens(document), _ends(tokenizer, eos, generation_config), name


def _ends(tokenizer: Any, eos: Sequence[int] | None, generation_config: Any) -> Sequence[int]:
    if eos is not None:
        return eos
    for holder in (generation_config, tokenizer):
        found = getattr(holder, "eos_token_id", None)
        if found is not None:
            return [found] if isinstance(found, int) else list(found)
    raise VocabularyError("the tokenizer names no end of text (eos_token_id is None): pass eos=[id]")


def _tokens(document: dict[str, Any]) -> list[bytes | None]:
    model = document["model"]
    vocab = model["vocab"]
    pieces: dict[int, str]
    if isinstance(vocab, dict):
        pieces = {t: piece for piece, t in vocab.items()}
        unknown = vocab.get(model.get("unk_token"))
    else:  # Unigram: [piece, score] in the order of ids
        pieces = {t: entry[0] for t, entry in enumerate(vocab)}
        unknown = model.get("unk_id")
    added = {entry["id"]: entry for entry in document.get("added_tokens") or ()}
    steps = _pipeline(document.get("decoder"), model.get("type") or "?")

    out: list[bytes | None] = [None] * (1 + max([*pieces, *added], default=-1))
    for t, piece in pieces.items():
        if t != unknown and t not in added:
            out[t] = _run(steps, piece)
    for t, entry in added.items():
        if entry["special"] or t == unknown:
            continue
        content = entry["content"]
        spelled = _run(steps, content)
        if spelled == content.encode() or pieces.get(t) == content:
            out[t] = spelled
    return out


def _run(steps: Sequence[_Step], piece: str) -> bytes:
    value: str | bytes = piece
    for step in steps:
        value = step(value)
    return value.encode() if isinstance(value, str) else value


def _pipeline(decoder: dict[str, Any] | None, model: str) -> list[_Step]:
    """Return the steps that a token in the middle of a text goes through; refuse what is not one token at a time."""
    if decoder is None:
        raise VocabularyError(
            f"this {model} tokenizer has no decoder, so its tokens are joined by spaces and have no exact bytes; "
            "set tokenizer.backend_tokenizer.decoder to the one that fits (for GPT-2's alphabet: decoders.ByteLevel())"
        )
    steps: list[_Step] = []
    opaque = ""  # the step after which a token is no text of its own any more
    for part in _flatten(decoder):
        kind = part["type"]
        if kind == "Fuse":
            opaque = "Fuse"
            continue
        if kind == "Strip" and opaque == "Fuse" and not part["stop"]:
            continue  # strips the start of the whole text only
        if opaque:
            raise VocabularyError(
                f"the decoder of this {model} tokenizer applies {kind} after {opaque}, "
                "where it can change text across tokens: no exact bytes"
            )
        steps.append(_step(part, model))
        if kind in {"ByteFallback", "ByteLevel"}:
            opaque = kind
    return steps


def _flatten(decoder: dict[str, Any]) -> list[dict[str, Any]]:
    if decoder["type"] != "Sequence":
        return [decoder]
    return [part for inner in decoder["decoders"] for part in _flatten(inner)]


def _step(part: dict[str, Any], model: str) -> _Step:
    kind = part["type"]
    if kind == "ByteLevel":
        return _byte_level
    if kind == "ByteFallback":
        return _byte_fallback
    if kind == "Metaspace":
        return _replacing(part["replacement"], " ")
    if kind == "Replace" and "String" in part["pattern"]:
        return _replacing(part["pattern"]["String"], part["content"])
    if kind == "Strip" and not part["stop"]:
        return _stripping(part["content"], part["start"])
    advice = {
        "WordPiece": "; WordPiece drops the spaces of a text, use a byte-level BPE or SentencePiece tokenizer",
        "Replace": " (with a regular expression)",
        "Strip": " (it strips ends of texts, or of tokens shorter than it strips)",
    }.get(kind, "")
    raise VocabularyError(f"the {kind} decoder of this {model} tokenizer gives tokens no exact bytes{advice}")


def _replacing(old: str, new: str) -> _Step:
    if not old:
        return lambda value: value
    return lambda value: value.replace(old, new) if isinstance(value, str) else value


def _stripping(content: str, start: int) -> _Step:
    """Remove at most `start` leading characters `content` of one token."""

    def strip(value: str | bytes) -> str | bytes:
        low = 0
        while low < min(start, len(value)) and value[low] == content:
            low += 1
        return value[low:]

    return strip


def _byte_fallback(value: str | bytes) -> str | bytes:
    match = _BYTE.fullmatch(value) if isinstance(value, str) else None
    return bytes([int(match[1], 16)]) if match else value


def _alphabet() -> dict[str, int]:
    """GPT-2's display form of bytes: printable Latin-1 stands for itself, the others follow from U+0100 on."""
    plain = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    shifted = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {chr(0x100 + i): byte for i, byte in enumerate(shifted)}


_ALPHABET = _alphabet()


def _byte_level(value: str | bytes) -> str | bytes:
    try:
        return bytes([_ALPHABET[char] for char in value]) if isinstance(value, str) else value
    except KeyError:
        return value
