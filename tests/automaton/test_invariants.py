"""The five invariants of a token automaton in random small worlds, against the oracle."""

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from constrain.errors import LimitExceeded, VocabularyError
from constrain.grammar.symbols import Grammar
from constrain.regular.emptiness import is_empty
from tests.automaton import invariants
from tests.automaton.engines import ENGINES
from tests.automaton.oracle import derives, term_matches, texts, tokenisations
from tests.automaton.worlds import ALPHABET, grammar_of, grammars, terms, vocabularies

TEXTS = list(texts(ALPHABET, 5))


def tokenisations_of(text, vocabulary):
    usable = [None if token in vocabulary.eos else data for token, data in enumerate(vocabulary.tokens)]
    return list(tokenisations(text, usable, most=1))


def check_everything(engine, grammar_maker, vocabulary, belongs) -> None:
    try:
        check_world(engine, grammar_maker, vocabulary, belongs)
    except LimitExceeded:  # a missing byte, and infinitely many states to look through
        reject()


def check_world(engine, grammar_maker, vocabulary, belongs) -> None:
    try:
        automaton = engine(grammar_maker(), vocabulary)
    except VocabularyError:
        assert not any(tokenisations_of(text, vocabulary) for text in TEXTS if belongs(text))
        return
    tokens, eos = vocabulary.tokens, vocabulary.eos
    invariants.check_sound(automaton, tokens, eos, most=25)
    invariants.check_eos(automaton, eos, most=25)
    invariants.check_forced(automaton, eos, most=15)
    invariants.check_ids_stable(automaton, engine(grammar_maker(), vocabulary), eos, most=25)
    members = [text for text in TEXTS if belongs(text)]
    invariants.check_complete(automaton, tokens, members, eos)
    invariants.check_language(automaton, tokens, belongs, TEXTS, eos)
    invariants.check_cut_independent(automaton, tokens, TEXTS[:31], eos)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
class TestRandomWorlds:
    @given(term=terms, vocabulary=vocabularies())
    def test_terms(self, engine, term, vocabulary):
        if not is_empty(term):
            check_everything(engine, lambda: Grammar((term,)), vocabulary, lambda text: term_matches(term, text))

    @given(rules=grammars(), vocabulary=vocabularies())
    def test_grammars(self, engine, rules, vocabulary):
        grammar = grammar_of(rules)
        check_everything(engine, lambda: grammar_of(rules), vocabulary, lambda text: derives(grammar, text))

    @pytest.mark.slow
    @settings(max_examples=2_000)  # pairs that are compared: empty terms and searches without end are not counted
    @given(term=terms.filter(lambda t: not is_empty(t)), vocabulary=vocabularies())
    def test_many_terms(self, engine, term, vocabulary):
        check_everything(engine, lambda: Grammar((term,)), vocabulary, lambda text: term_matches(term, text))

    @pytest.mark.slow
    @settings(max_examples=1_000)
    @given(rules=grammars(terminals=st.one_of(terms.filter(lambda t: not is_empty(t)))), vocabulary=vocabularies())
    def test_many_grammars(self, engine, rules, vocabulary):
        grammar = grammar_of(rules)
        check_everything(engine, lambda: grammar_of(rules), vocabulary, lambda text: derives(grammar, text))
