"""outlines-core: schema to one regular expression to a table of all states by all tokens.

Everything happens at compile time. Its default whitespace is at most one space between two tokens of JSON.
`advance(token, return_tokens=False)` raises ValueError for a token that is not allowed, hence the one wrapper.
A panic of its Rust code reaches Python as `PanicException`, which is not a refusal.
"""

from __future__ import annotations

from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import outlines_core  # type: ignore[import-untyped]
from outlines_core.json_schema import build_regex_from_schema  # type: ignore[import-untyped]

from benchmarks.peers import Refused, Request

if TYPE_CHECKING:
    from benchmarks.vocabulary import TestVocabulary

__all__ = ["OutlinesCore"]


class _Compiled:
    def __init__(self, index: Any, row: Any) -> None:
        self._index = index
        self._row = row

    def start(self) -> Request:
        guide = outlines_core.Guide(self._index)
        fill = partial(guide.write_mask_into, self._row.ctypes.data, self._row.size, self._row.itemsize)
        advance = guide.advance

        def accept(token: int) -> bool:
            try:
                advance(token, False)
            except ValueError:
                return False
            return True

        return Request(self._row, fill, accept, guide.is_finished)


class OutlinesCore:
    """The engine; see the module."""

    name = "outlines-core"
    settings = "defaults (at most one space)"

    def version(self) -> str:
        return version("outlines_core")

    def build(self, vocabulary: TestVocabulary, whitespace: str) -> None:
        ids: dict[bytes, list[int]] = {}
        for token, piece in enumerate(vocabulary.tokens):
            if piece:
                ids.setdefault(piece, []).append(token)
        self._vocabulary = outlines_core.Vocabulary(vocabulary.eos, ids)
        self._row = np.zeros((len(vocabulary.tokens) + 31) // 32, dtype=np.int32)
        self._whitespace = "" if whitespace == "compact" else None

    def compile(self, schema: str) -> _Compiled:
        try:
            index = outlines_core.Index(build_regex_from_schema(schema, self._whitespace), self._vocabulary)
        except ValueError as error:
            raise Refused(str(error)) from error
        return _Compiled(index, self._row)
