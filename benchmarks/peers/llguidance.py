"""llguidance: derivative lexer and Earley parser over a byte trie.

Per request the compiled matcher is copied (`deep_copy`, what MaskBench's runner does); measured against `reset`
on one matcher and against `json_slices`, neither is faster. The mask goes into a preallocated row through
`unsafe_compute_mask_ptr`, which is what `llguidance.numpy.fill_next_token_bitmask` calls after 1-2 us of checks.
Whitespace is flexible by default. The library never raises: a refusal and a breakdown are both `is_error()`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import llguidance
import numpy as np

from benchmarks.peers import Refused, Request

if TYPE_CHECKING:
    from benchmarks.vocabulary import TestVocabulary

__all__ = ["LLGuidance"]

_COMPACT: Any = {"whitespace_flexible": False, "item_separator": ",", "key_separator": ":"}


class _Tokenizer:
    """What `llguidance.TokenizerWrapper` wants of a tokenizer."""

    def __init__(self, vocabulary: TestVocabulary) -> None:
        self.eos_token_id = vocabulary.eos
        self.bos_token_id = None
        self.tokens = [piece or b"<SPECIAL_%d>" % token for token, piece in enumerate(vocabulary.tokens)]
        self.special_token_ids = [token for token, piece in enumerate(vocabulary.tokens) if not piece]
        self._encode = vocabulary.encode

    def __call__(self, text: str) -> list[int]:
        return self._encode(text)


class _Compiled:
    def __init__(self, matcher: Any, row: Any) -> None:
        self._matcher = matcher
        self._row = row
        self._pointer = row.ctypes.data

    def start(self) -> Request:
        matcher = self._matcher.deep_copy()
        fill = partial(matcher.unsafe_compute_mask_ptr, self._pointer, self._row.nbytes)
        return Request(self._row, fill, matcher.consume_token, matcher.is_accepting, matcher.get_error)


class LLGuidance:
    """The engine; see the module."""

    name = "llguidance"
    settings = "defaults"

    def version(self) -> str:
        return str(llguidance.__version__)

    def build(self, vocabulary: TestVocabulary, whitespace: str) -> None:
        self._tokenizer = llguidance.LLTokenizer(llguidance.TokenizerWrapper(_Tokenizer(vocabulary)))
        self._row = np.zeros((self._tokenizer.vocab_size + 31) // 32, dtype=np.int32)
        self._overrides = _COMPACT if whitespace == "compact" else None

    def compile(self, schema: str) -> _Compiled:
        try:
            grammar = llguidance.LLMatcher.grammar_from_json_schema(schema, overrides=self._overrides)
        except ValueError as error:
            raise Refused(str(error)) from error
        matcher = llguidance.LLMatcher(self._tokenizer, grammar, log_level=0)
        if matcher.is_error():
            raise Refused(matcher.get_error())
        return _Compiled(matcher, self._row)
