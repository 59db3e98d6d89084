"""A nonterminal that several rules begin with at one place: its calls continue as one, nullable symbols in between or not."""

import itertools

import pytest

from constrain.automaton.engine import byte_engine
from constrain.grammar.symbols import Grammar, Nonterminal
from constrain.limits import DEFAULT
from constrain.regular.term import both, concat, literal, negate, repeat
from tests.automaton.oracle import derives

A, B, C = literal(b"a"), literal(b"b"), literal(b"c")


def nested() -> Grammar:
    """S -> a S b | a S c | b: every letter doubles the ways to go on, never the states."""
    start = Nonterminal("S", lambda: [(A, start, B), (A, start, C), (B,)])
    return Grammar((start,))


def repeated() -> Grammar:
    """S -> T gap T, where both T and the gap may be empty: the second T may come first without any left recursion."""
    gap = both(repeat(A), negate(concat(A, A)))
    inner = Nonterminal("T", lambda: [(), (B, inner), (C,)])
    start = Nonterminal("S", lambda: [(inner, gap, inner)])
    return Grammar((start,))


@pytest.mark.parametrize("grammar", [nested, repeated])
def test_exactly_the_derivable_texts_pass(grammar):
    engine, definition = byte_engine(grammar(), DEFAULT), grammar()
    for length in range(6):
        for text in map(bytes, itertools.product(b"abc", repeat=length)):
            state, offset = engine.run_bytes(engine.start, text)

            assert (offset == length and engine.is_accepting(state)) == derives(definition, text)


def test_two_ways_at_every_level_stay_small():
    depth = 300
    engine = byte_engine(nested(), DEFAULT)

    state, offset = engine.run_bytes(engine.start, b"a" * depth + b"b" + b"bc" * (depth // 2))

    assert offset == 2 * depth + 1
    assert engine.is_accepting(state)
