"""xgrammar: byte-level Earley parser over masks computed at compile time.

`strict_mode=False` because strict mode closes objects and arrays that JSON Schema leaves open (MaskBench calls
this the compliant mode); `any_whitespace=True` is the default. The compiler keeps its default caches and its
default of 8 threads, so its compile time is wall-clock time on as many cores as there are.
"""

from __future__ import annotations

from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import xgrammar

from benchmarks.peers import Refused, Request

if TYPE_CHECKING:
    from benchmarks.vocabulary import TestVocabulary

__all__ = ["XGrammar"]


class _Compiled:
    def __init__(self, grammar: Any, rows: Any) -> None:
        self._grammar = grammar
        self._rows = rows

    def start(self) -> Request:
        matcher = xgrammar.GrammarMatcher(self._grammar)
        fill = partial(matcher.fill_next_token_bitmask, self._rows)
        return Request(self._rows[0], fill, matcher.accept_token, matcher.is_completed)


class XGrammar:
    """The engine; see the module."""

    name = "xgrammar"
    settings = "strict_mode=False, any_whitespace=True"

    def version(self) -> str:
        return version("xgrammar")

    def build(self, vocabulary: TestVocabulary, whitespace: str) -> None:
        tokens = [piece or b"" for piece in vocabulary.tokens]
        info = xgrammar.TokenizerInfo(tokens, vocab_type=xgrammar.VocabType.RAW, stop_token_ids=[vocabulary.eos])
        self._compiler = xgrammar.GrammarCompiler(info)
        self._rows = np.zeros((1, (len(tokens) + 31) // 32), dtype=np.int32)
        self._options: dict[str, Any] = {"any_whitespace": True}
        if whitespace == "compact":
            self._options = {"any_whitespace": False, "separators": (",", ":")}

    def compile(self, schema: str) -> _Compiled:
        try:
            grammar = self._compiler.compile_json_schema(schema, strict_mode=False, **self._options)
        except (RuntimeError, ValueError) as error:
            raise Refused(str(error)) from error
        return _Compiled(grammar, self._rows)
