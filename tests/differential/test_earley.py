"""The reference machine against Lark's Earley parser with the dynamic-complete lexer, on random grammars."""

import re

import lark
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from constrain.automaton.reference import ReferenceMachine
from constrain.regular.term import EPSILON, Term, alt, byteset, concat, literal, repeat
from tests.automaton.oracle import derives, texts
from tests.automaton.worlds import Rules, grammar_of, grammars

A, B = literal(b"a"), literal(b"b")
TERMINALS: dict[Term, str] = {
    A: '"a"',
    B: '"b"',
    literal(b"ab"): '"ab"',
    byteset(6 << 96): "/[ab]/",
    repeat(A, 1): "/a+/",
    concat(A, repeat(B)): "/ab*/",
    alt(A, literal(b"ba")): "/a|ba/",
    EPSILON: "",
}
"""Terminals that both can say; Lark has none that match the empty string."""


def as_lark(rules: Rules) -> str:
    """The grammar in Lark's notation."""
    lines = []
    for number, options in enumerate(rules.rules):
        if options:
            bodies = [" ".join(f"n{s}" if isinstance(s, int) else TERMINALS[s] for s in rule) for rule in options]
            lines.append(f"n{number}: " + "\n  | ".join(dict.fromkeys(" ".join(body.split()) for body in bodies)))
    return "\n".join(lines)


def check_agreement(rules: Rules, longest: int) -> None:
    try:
        parser = lark.Lark(as_lark(rules), start="n0", parser="earley", lexer="dynamic_complete", ambiguity="explicit")
    except lark.exceptions.GrammarError:
        reject()
    grammar, machine = grammar_of(rules), ReferenceMachine(grammar_of(rules))
    for text in texts(b"ab", longest):
        state = machine.start
        for byte in text:
            state = machine.step(state, byte)
        try:
            parser.parse(text.decode())
            expected = True
        except lark.exceptions.LarkError:
            expected = False
        except RecursionError:  # Lark builds its forest recursively; cyclic grammars are too deep for it
            expected = derives(grammar, text)
        if expected != machine.is_accepting(state):
            # Lark's own slips on cyclic and nullable rules are settled by the definition
            assert machine.is_accepting(state) == derives(grammar, text), f"{text!r} in\n{as_lark(rules)}"


@settings(max_examples=10)
@given(rules=grammars(terminals=st.sampled_from(list(TERMINALS))))
def test_some_grammars(rules):
    check_agreement(rules, 4)


@pytest.mark.slow
@settings(max_examples=200)
@given(rules=grammars(terminals=st.sampled_from(list(TERMINALS))))
def test_many_grammars(rules):
    check_agreement(rules, 5)


def test_the_notation_is_lark():
    rules = Rules((((1, A, 0), ()), ((concat(A, repeat(B)),),)))
    assert re.sub(r"\s+", " ", as_lark(rules)) == 'n0: n1 "a" n0 | n1: /ab*/'
    check_agreement(rules, 4)
