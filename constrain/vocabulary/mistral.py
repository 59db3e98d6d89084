"""Vocabularies of mistral-common: tekken files, SentencePiece files, and the tokenizers made of them.

Problem: both kinds are exact, but each hides its bytes elsewhere.

Tekken: a JSON file with `vocab: [{"rank": 0, "token_bytes": "AA==", ...}, ...]` (base64), of which the first
`default_vocab_size - default_num_special_tokens` count, after `default_num_special_tokens` special ids. So with 1,000
special tokens, rank 0 is token 1000. SentencePiece: pieces by id, each of a kind; `▁` (U+2581) is a space, a byte piece
`<0x0A>` is that byte, and control, unknown and unused pieces are not text.

Worked example: tekken id 1097 is b"a" (rank 97); in the 32k SentencePiece model `▁work` is b" work".

Invariant: tekken tokens are read from the file with the standard library alone; `sentencepiece` (a dependency of
mistral-common) is imported only for a SentencePiece file, and mistral-common itself never.

Source: mistral_common/tokens/tokenizers/{tekken,sentencepiece}.py; sentencepiece_model.proto.
Rejected: `Tekkenizer.id_to_piece` and `decode`, which replace half characters.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from constrain.errors import VocabularyError

__all__ = ["load"]

_Loaded = tuple[list[bytes | None], Sequence[int], str]
_TEKKEN_EOS = 2  # files before version 11 have no list of special tokens: unk, bos, eos, ... in this order


def load(source: Any, *, eos: Sequence[int] | None = None) -> _Loaded:
    """Return (tokens, eos ids, name) of a mistral-common tokenizer, or of a path to a tekken or SentencePiece file."""
    if isinstance(source, (str, Path)):
        return _from_file(Path(source), eos)
    # A MistralTokenizer (which transformers may wrap once more) holds an InstructTokenizer, which holds the Tekkenizer or
    # SentencePieceTokenizer.
    inner = source
    for _ in range(4):
        if hasattr(inner, "id_to_byte_piece"):
            return _from_tekkenizer(inner, eos)
        model = getattr(inner, "_model", inner)
        if hasattr(model, "IsByte"):
            return _from_pieces(model, eos, "sentencepiece")
        inner = getattr(inner, "instruct_tokenizer", None) or getattr(inner, "tokenizer", None)
    raise VocabularyError(
        f"{type(source).__name__} is not a mistral-common tokenizer, nor a path to a tekken or SentencePiece file"
    )


def _from_file(path: Path, eos: Sequence[int] | None) -> _Loaded:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise VocabularyError(f"cannot read {path}: {error.strerror or error}") from error
    if content[:64].lstrip()[:1] == b"{":
        return _from_tekken(content, path, eos)
    try:
        import sentencepiece
    except ImportError as error:
        raise VocabularyError(
            f"{path} is not a tekken file; if it is a SentencePiece model, install sentencepiece to read it"
        ) from error
    try:
        model = sentencepiece.SentencePieceProcessor(model_proto=content)
        count = model.get_piece_size()
    except Exception as error:  # the library raises RuntimeError, or whatever its binding does
        raise VocabularyError(f"{path} is neither a tekken file nor a SentencePiece model") from error
    if count == 0:
        raise VocabularyError(f"{path} is a SentencePiece model without pieces")
    return _from_pieces(model, eos, path.name)


def _from_tekken(content: bytes, path: Path, eos: Sequence[int] | None) -> _Loaded:
    try:
        document = json.loads(content)
        config = document["config"]
        special = int(config["default_num_special_tokens"])
        size = int(config["default_vocab_size"])
        entries = document["vocab"][: size - special]
        tokens: list[bytes | None] = [None] * special
        for rank, entry in enumerate(entries):
            if entry["rank"] != rank:
                raise VocabularyError(f"{path}: entry {rank} of the vocabulary has rank {entry['rank']}")
            tokens.append(base64.b64decode(entry["token_bytes"], validate=True))
        names = {entry["token_str"]: int(entry["rank"]) for entry in document.get("special_tokens") or ()}
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        if isinstance(error, VocabularyError):
            raise
        raise VocabularyError(f"{path} is JSON, but not a tekken file: {error!r}") from error
    if len(tokens) != size:
        raise VocabularyError(f"{path}: {size} tokens are promised, {len(tokens)} are there")
    return tokens, [names.get("</s>", _TEKKEN_EOS)] if eos is None else eos, path.name


def _from_tekkenizer(tekken: Any, eos: Sequence[int] | None) -> _Loaded:
    special = tekken.num_special_tokens
    tokens: list[bytes | None] = [None] * special
    tokens += [tekken.id_to_byte_piece(t) for t in range(special, tekken.n_words)]
    return tokens, [tekken.eos_id] if eos is None else eos, "tekken"


def _from_pieces(model: Any, eos: Sequence[int] | None, name: str) -> _Loaded:
    tokens: list[bytes | None] = []
    for t in range(model.GetPieceSize()):
        if model.IsControl(t) or model.IsUnknown(t) or model.IsUnused(t):
            tokens.append(None)
        elif model.IsByte(t):
            tokens.append(bytes([int(model.IdToPiece(t)[3:5], 16)]))  # <0x0A>
        else:
            tokens.append(model.IdToPiece(t).replace("\u2581", " ").encode())
    if eos is None:
        if model.eos_id() < 0:
            raise VocabularyError("this SentencePiece model names no end of sequence: pass eos=[id]")
        eos = [model.eos_id()]
    return tokens, eos, name
