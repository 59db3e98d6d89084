"""Vocabularies of tiktoken: an `Encoding` knows the bytes of each of its ranks.

Worked example: in `cl100k_base`, id 0 is b"!", id 257 is b"    ", id 100257 is the special `<|endoftext|>`, and
100256 is no token at all (a hole, which the vocabulary treats as special: never text).

Invariants: only the public interface of `Encoding` is used; nothing is downloaded, for the caller made the encoding.
Rejected: `decode([id])` (replaces half characters), `_mergeable_ranks` (private, and gone after pickling).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constrain.errors import VocabularyError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["load"]


def load(encoding: Any, *, eos: Sequence[int] | None = None) -> tuple[list[bytes | None], Sequence[int], str]:
    """Return (tokens, eos ids, name) of a `tiktoken.Encoding`; holes and special tokens are None."""
    if not hasattr(encoding, "decode_single_token_bytes") or not hasattr(encoding, "special_tokens_set"):
        raise VocabularyError(
            f"{type(encoding).__name__} is not a tiktoken.Encoding; make one with tiktoken.get_encoding(name)"
        )
    special = {encoding.encode_single_token(text) for text in encoding.special_tokens_set}
    tokens: list[bytes | None] = []
    for t in range(encoding.max_token_value + 1):
        try:
            tokens.append(None if t in special else encoding.decode_single_token_bytes(t))
        except KeyError:
            tokens.append(None)
    if eos is None:
        try:
            eos = [encoding.eot_token]
        except KeyError:
            raise VocabularyError(f"encoding {encoding.name!r} has no <|endoftext|>: pass eos=[id]") from None
    return tokens, eos, encoding.name
