"""The checks can fail: an automaton with one wrong bit, or one that lies consistently, is always caught."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constrain.errors import VocabularyError
from constrain.grammar.symbols import Grammar
from constrain.regular.emptiness import is_empty
from constrain.regular.term import both, byteset, concat, literal, negate, repeat
from tests.automaton import invariants
from tests.automaton.engines import reference
from tests.automaton.oracle import term_matches, texts
from tests.automaton.worlds import ALPHABET, Vocabulary, terms, vocabularies

AB = repeat(byteset(1 << ord("a") | 1 << ord("b")))
TERM = both(concat(AB, literal(b"a"), AB), negate(concat(AB, literal(b"bb"), AB)))
VOCABULARY = Vocabulary((b"a", b"b", b"ab", b"ba", None, b"bb", b"a", None, None), (7, 8), 40)


class Wrapped:
    """Passes everything on; subclasses lie."""

    def __init__(self, inner):
        self.inner = inner
        self.start = inner.start
        self.size = inner.size

    def step(self, state, token):
        return self.inner.step(state, token)

    def mask(self, state):
        return self.inner.mask(state)

    def is_accepting(self, state):
        return self.inner.is_accepting(state)

    def forced(self, state):
        return self.inner.forced(state)


class OneBitFlipped(Wrapped):
    def __init__(self, inner, state, token):
        super().__init__(inner)
        self.state, self.token = state, token

    def mask(self, state):
        row = super().mask(state)
        if state == self.state:
            row = row.copy()
            row.view(np.uint32)[self.token // 32] ^= np.uint32(1 << self.token % 32)
            row.flags.writeable = False
        return row


class HidesAToken(Wrapped):
    """Neither mask nor step allows the token in one state: consistent, but incomplete."""

    def __init__(self, inner, state, token):
        super().__init__(inner)
        self.state, self.token = state, token

    def mask(self, state):
        row = super().mask(state).copy()
        if state == self.state:
            row[self.token // 32] &= ~np.int32(1 << self.token % 32)
        row.flags.writeable = False
        return row

    def step(self, state, token):
        return -1 if (state, token) == (self.state, self.token) else super().step(state, token)


class AcceptsTooMuch(Wrapped):
    """One more state accepts, and its EOS bits say so."""

    def __init__(self, inner, state, eos):
        super().__init__(inner)
        self.state, self.eos = state, eos

    def is_accepting(self, state):
        return state == self.state or super().is_accepting(state)

    def mask(self, state):
        row = super().mask(state).copy()
        if state == self.state:
            for token in self.eos:
                row[token // 32] |= np.int32(1 << token % 32)
        row.flags.writeable = False
        return row


def all_checks(automaton, term, vocabulary, fresh):
    tokens, eos = vocabulary.tokens, vocabulary.eos
    members = [text for text in texts(ALPHABET, 5) if term_matches(term, text)]
    invariants.check_sound(automaton, tokens, eos)
    invariants.check_eos(automaton, eos)
    invariants.check_complete(automaton, tokens, members, eos)
    invariants.check_language(automaton, tokens, lambda text: term_matches(term, text), texts(ALPHABET, 5), eos)
    invariants.check_cut_independent(automaton, tokens, texts(ALPHABET, 4), eos)
    invariants.check_ids_stable(automaton, fresh, eos)


def test_the_honest_automaton_passes():
    automaton = reference(Grammar((TERM,)), VOCABULARY)

    all_checks(Wrapped(automaton), TERM, VOCABULARY, automaton)


def test_every_single_flipped_bit_is_caught():
    automaton = reference(Grammar((TERM,)), VOCABULARY)
    states = invariants.explore(automaton, eos=VOCABULARY.eos)
    assert len(states) > 2
    for state in states:
        for token in range(64):  # padding bits included
            with pytest.raises(AssertionError):
                all_checks(OneBitFlipped(automaton, state, token), TERM, VOCABULARY, automaton)


def test_every_hidden_token_is_caught():
    automaton = reference(Grammar((TERM,)), VOCABULARY)
    for state in invariants.explore(automaton, eos=VOCABULARY.eos):
        for token in invariants.allowed_tokens(automaton, state):
            with pytest.raises(AssertionError):
                all_checks(HidesAToken(automaton, state, token), TERM, VOCABULARY, automaton)


def test_every_wrongly_accepting_state_is_caught():
    automaton = reference(Grammar((TERM,)), VOCABULARY)
    wrong = [s for s in invariants.explore(automaton, eos=VOCABULARY.eos) if not automaton.is_accepting(s)]
    assert wrong
    for state in wrong:
        with pytest.raises(AssertionError):
            all_checks(AcceptsTooMuch(automaton, state, VOCABULARY.eos), TERM, VOCABULARY, automaton)


@settings(max_examples=30)
@given(term=terms, vocabulary=vocabularies(), data=st.data())
def test_a_flipped_bit_is_caught_by_the_soundness_check_alone(term, vocabulary, data):
    if is_empty(term):
        return
    try:
        automaton = reference(Grammar((term,)), vocabulary)
    except VocabularyError:
        return
    states = invariants.explore(automaton, 20, vocabulary.eos)
    state = data.draw(st.sampled_from(states))
    token = data.draw(st.integers(0, len(vocabulary.tokens) - 1))

    with pytest.raises(AssertionError):
        invariants.check_sound(OneBitFlipped(automaton, state, token), vocabulary.tokens, vocabulary.eos, most=20)
