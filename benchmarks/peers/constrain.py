"""This project: one integer as the state, masks memoised per state, shared by the requests of one schema.

Compile time is `json_schema` and the automaton; everything else is done when a state is first reached, so it is
part of the mask times. A breakdown (a limit, say) is an exception and counts as a crash.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

import constrain
import constrain.frontends.jsonschema.compile  # the package loads it on first use; importing is not compiling
from benchmarks.peers import Refused, Request
from constrain import ConstrainError, Matcher, TokenAutomaton, Vocabulary, choice, json_schema

if TYPE_CHECKING:
    from benchmarks.vocabulary import TestVocabulary

__all__ = ["Constrain", "ConstrainAnyOrder"]


class _Compiled:
    def __init__(self, automaton: Any, row: Any) -> None:
        self.automaton = automaton
        self._row = row

    def start(self) -> Request:
        matcher = Matcher(self.automaton)
        return Request(self._row, partial(matcher.fill, self._row), matcher.accept, matcher.is_accepting)


class Constrain:
    """The engine; see the module."""

    name = "constrain"
    settings = "defaults (properties in schema order)"
    property_order: Literal["schema", "any"] = "schema"

    def version(self) -> str:
        return str(getattr(constrain, "__version__", "unknown"))

    def build(self, vocabulary: TestVocabulary, whitespace: str) -> None:
        self._vocabulary = Vocabulary(list(vocabulary.tokens), eos=[vocabulary.eos])
        TokenAutomaton(choice(["a"]), self._vocabulary)  # makes the tables of the vocabulary, which all schemas share
        self._row = np.zeros((len(vocabulary.tokens) + 31) // 32, dtype=np.int32)
        self._whitespace = whitespace

    def compile(self, schema: str) -> _Compiled:
        try:
            constraint = json_schema(schema, property_order=self.property_order, whitespace=self._whitespace)
            automaton = TokenAutomaton(constraint, self._vocabulary)
        except ConstrainError as error:
            raise Refused(f"{type(error).__name__}: {error}") from error
        return _Compiled(automaton, self._row)


class ConstrainAnyOrder(Constrain):
    """The same with properties in any order: what JSON Schema says, more states."""

    name = "constrain (any order)"
    settings = 'property_order="any"'
    property_order = "any"
