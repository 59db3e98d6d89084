"""The automata under test, by name: each makes a token automaton of a grammar and a vocabulary.

The reference is always there. Whatever else implements the same interface is added here and runs through all the tests that are
parametrised with `ENGINES`.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from hypothesis import reject

from constrain.automaton.engine import is_native, token_engine
from constrain.automaton.reference import ReferenceAutomaton
from constrain.grammar.symbols import Grammar
from constrain.limits import DEFAULT
from constrain.vocabulary import Vocabulary as PublicVocabulary
from tests.automaton.worlds import Vocabulary

SMALL = replace(DEFAULT, search=1_000)
"""A vocabulary without some byte may need a search through infinitely many states; small worlds give up soon."""

Engine = Callable[[Grammar, Vocabulary], Any]


def reference(grammar: Grammar, vocabulary: Vocabulary) -> ReferenceAutomaton:
    return ReferenceAutomaton(grammar, vocabulary.tokens, vocabulary.eos, SMALL, size=vocabulary.size)


def native(grammar: Grammar, vocabulary: Vocabulary) -> Any:
    if not any(data and token not in vocabulary.eos for token, data in enumerate(vocabulary.tokens)):
        reject()  # a public vocabulary has some text
    return token_engine(grammar, _public(vocabulary), SMALL)


@lru_cache(maxsize=64)
def _public(vocabulary: Vocabulary) -> PublicVocabulary:
    """One object for equal vocabularies, so that automata of many grammars share what belongs to the vocabulary."""
    return PublicVocabulary(vocabulary.tokens, vocabulary.eos, size=vocabulary.size)


ENGINES: dict[str, Engine] = {"reference": reference}
if is_native():
    ENGINES["native"] = native
"""Engines for every grammar, left recursion included."""
