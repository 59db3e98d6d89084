"""Grammars that break parsers: each against the oracle on all short texts, and its state count on long ones."""

from collections.abc import Callable

import pytest

from constrain.automaton.reference import ReferenceMachine
from constrain.grammar.symbols import Grammar, Nonterminal
from constrain.regular.term import EPSILON, alt, byteset, literal, repeat
from tests.automaton.oracle import derives, texts

A, B, C = literal(b"a"), literal(b"b"), literal(b"c")
A_STAR = repeat(A)


def rules(**alternatives: str) -> Callable[[], Grammar]:
    """S="S S|a|": nonterminals are upper-case letters, terminals lower-case; `*a` is a*, `?ab` is a|ab; S is the start."""

    def build() -> Grammar:
        nonterminals: dict[str, Nonterminal] = {}

        def symbol(name: str):
            if name.isupper():
                return nonterminals[name]
            if name.startswith("*"):
                return repeat(literal(name[1:].encode()))
            if name.startswith("?"):
                return alt(literal(name[1:2].encode()), literal(name[1:].encode()))
            return literal(name.encode())

        def producer(text: str):
            return lambda: [tuple(map(symbol, rule.split())) for rule in text.split("|")]

        nonterminals.update({name: Nonterminal(name, producer(text)) for name, text in alternatives.items()})
        return Grammar((nonterminals["S"],))

    return build


NASTY = {
    "left recursion": rules(S="S a|b"),
    "right recursion": rules(S="a S|b"),
    "left and right": rules(S="a S|S b|c"),
    "middle recursion": rules(S="a S b|"),
    "indirect left recursion": rules(S="A a|b", A="S b|a"),
    "three in a ring": rules(S="A a|c", A="B b|b", B="S c|a"),
    "hidden left recursion": rules(S="A S b|a", A="a|"),
    "doubly hidden left recursion": rules(S="A A S b|b", A="a|"),
    "hidden by a nullable terminal": rules(S="*a S b|c"),
    "nullable start of a ring": rules(S="A B|a", A="|b", B="S a|c"),
    "cyclic": rules(S="S|a"),
    "cyclic through another": rules(S="A|a", A="S|b"),
    "cyclic with nullable": rules(S="S S|a|"),
    "cyclic with rest that is always empty": rules(S="S E|a", E="|E E"),
    "everything empty": rules(S="A A", A="B|", B="A"),
    "ambiguous sequence": rules(S="S S|a"),
    "ambiguous three": rules(S="S S S|S S|b"),
    "ambiguous expression": rules(S="S a S|S b S|c"),
    "dangling else": rules(S="a S b S|a S|c"),
    "palindromes": rules(S="a S a|b S b|a|b|"),
    "even palindromes": rules(S="a S a|b S b|"),
    "balanced": rules(S="S a S b|"),
    "exponential pairs": rules(S="a S b|a S c|b"),
    "same prefix, different stacks": rules(S="A a|B b", A="a A|a", B="a B|a"),
    "not LR: a^i a^m b^m": rules(S="A B", A="a A|", B="a B b|"),
    "overlapping terminals": rules(S="?ab S|b S|"),
    "nullable terminals": rules(S="*a *b S c|*a"),
    "a terminal inside another": rules(S="A B", A="a|ab|aba", B="bac|c|ac"),
    "left recursion with nullable tail": rules(S="S A|b", A="a|"),
    "two components": rules(S="S A|A", A="A a|b"),
    "component below a component": rules(S="S A b|c", A="S a|A a|a"),
    "unit chain": rules(S="A", A="B", B="C", C="S a|b"),
    "a^n b^n c*": rules(S="A C", A="a A b|", C="c C|"),
    "union of counts": rules(S="A|B", A="a A b|", B="a B b b|"),
    "Gamma 2 of Nederhof": rules(S="A S a|b", A="S b|"),
}

LONGEST = {1: 8, 2: 7, 3: 5}


@pytest.mark.parametrize("build", NASTY.values(), ids=NASTY)
def test_it_accepts_exactly_the_language_and_offers_only_live_bytes(build):
    grammar, machine = build(), ReferenceMachine(build())
    members = {text for text in texts(b"abc", 6) if derives(grammar, text)}
    states = {b"": machine.start}
    for text in texts(b"abc", 6):
        if text:
            states[text] = machine.step(states[text[:-1]], text[-1])
        assert machine.is_accepting(states[text]) == (text in members)
        if len(text) <= 2 and states[text] != -1:
            assert any(member.startswith(text) for member in members) or _some_completion(machine, states[text])
        if states[text] != -1:
            offered = machine.allowed(states[text])
            assert {b for b in range(256) if offered >> b & 1} == {
                b for b in range(256) if machine.step(states[text], b) != -1
            }


@pytest.mark.slow
@pytest.mark.parametrize("build", NASTY.values(), ids=NASTY)
def test_it_accepts_exactly_the_language_of_longer_texts(build):
    grammar, machine = build(), ReferenceMachine(build())
    for text in texts(b"abc", 7):
        state = machine.start
        for byte in text:
            state = machine.step(state, byte)
        assert machine.is_accepting(state) == derives(grammar, text)


@pytest.mark.parametrize("build", NASTY.values(), ids=NASTY)
def test_every_state_has_a_completion(build):
    machine = ReferenceMachine(build())
    seen = [machine.start]
    for state in seen:
        assert _some_completion(machine, state)
        for byte in b"abc":
            target = machine.step(state, byte)
            if target not in (-1, *seen) and len(seen) < 50:
                seen.append(target)


def _some_completion(machine, state, budget: int = 30_000) -> bool:
    seen = {state: None}
    queue = [state]
    for reached in queue:
        if machine.is_accepting(reached):
            return True
        for byte in b"abc":
            target = machine.step(reached, byte)
            if target != -1 and target not in seen and len(seen) < budget:
                seen[target] = None
                queue.append(target)
    return False


@pytest.mark.parametrize(
    ("name", "text", "most"),
    [
        ("left recursion", b"b" + b"a" * 2000, 4),
        ("right recursion", b"a" * 2000, 3),
        ("cyclic with nullable", b"a" * 2000, 4),
        ("ambiguous sequence", b"a" * 2000, 4),
        ("ambiguous expression", b"cacb" * 500, 6),
        ("two components", b"baba" * 500, 8),
        ("dangling else", b"a" * 500 + b"cb" * 300 + b"c", 1200),
        ("balanced", b"a" * 500 + b"b" * 500, 1100),
        ("balanced", b"ab" * 1000, 6),
        ("three in a ring", b"c" + b"cba" * 500, 12),
    ],
)
def test_the_states_of_an_lr_grammar_stay_few(name, text, most):
    machine = ReferenceMachine(NASTY[name]())
    state = machine.start
    for byte in text:
        state = machine.step(state, byte)
        assert state != -1
    assert len(machine) <= most


def test_arithmetic_comes_back_to_the_same_states():
    digits = repeat(byteset(sum(1 << b for b in b"0123456789")), 1)
    expression = Nonterminal(
        "e",
        lambda: [
            (expression, literal(b"+"), expression),
            (expression, literal(b"*"), expression),
            (literal(b"("), expression, literal(b")")),
            (digits,),
        ],
    )
    machine = ReferenceMachine(Grammar((expression,)))
    state = machine.start
    for byte in b"1+2*(3+4)*56+" * 200 + b"7":
        state = machine.step(state, byte)
    assert machine.is_accepting(state)
    assert len(machine) < 20
    assert machine.describe(state)[-1] == "end of text"


def test_the_empty_rule_and_epsilon_are_the_same():
    start = Nonterminal("S", lambda: [(EPSILON, start, A), (EPSILON,), ()])
    machine = ReferenceMachine(Grammar((start,)))
    assert machine.is_accepting(machine.start)
    assert machine.is_accepting(machine.step(machine.start, ord("a")))
    assert A_STAR.nullable
