"""The reference machine and automaton: rules on demand, errors that stay where they belong, limits, messages."""

import itertools

import numpy as np
import pytest

from constrain.automaton.reference import ReferenceAutomaton, ReferenceMachine
from constrain.errors import GrammarError, LimitExceeded, VocabularyError
from constrain.grammar.symbols import Grammar, Nonterminal
from constrain.limits import Limits
from constrain.regular.lower import UTF8_TEXT
from constrain.regular.term import EVERYTHING, alt, both, byteset, concat, literal, negate, repeat
from tests.automaton import invariants
from tests.automaton.engines import ENGINES, reference
from tests.automaton.test_nasty_grammars import NASTY
from tests.automaton.worlds import Vocabulary

A, B = literal(b"a"), literal(b"b")


def run(machine, data: bytes) -> int:
    state = machine.start
    for byte in data:
        state = machine.step(state, byte)
    return state


# ---- rules on demand


def test_a_nonterminal_behind_a_terminal_is_produced_when_the_terminal_was_read():
    asked = []

    def rules(name, *alternatives):
        def produce():
            asked.append(name)
            return alternatives

        return Nonterminal(name, produce)

    late = rules("late", (B,))
    middle = rules("middle", (A, late), (B,))
    start = rules("start", (A, middle, late))
    machine = ReferenceMachine(Grammar((start,)))
    assert asked == ["start"]
    state = machine.step(machine.start, ord("a"))
    assert asked == ["start", "middle"]
    machine.step(state, ord("a"))
    assert asked == ["start", "middle", "late"]
    assert machine.is_accepting(run(machine, b"aabb"))
    assert asked == ["start", "middle", "late"]


def test_what_may_be_empty_is_looked_through():
    asked = []

    def rules(name, *alternatives):
        def produce():
            asked.append(name)
            return alternatives

        return Nonterminal(name, produce)

    behind = rules("behind", (B,))
    empty = rules("empty", ())
    sometimes = rules("sometimes", (A, behind), (empty, empty))
    machine = ReferenceMachine(Grammar((sometimes, empty, repeat(A), rules("last", (B, behind)))))
    assert sorted(asked) == ["empty", "last", "sometimes"]
    assert machine.is_accepting(run(machine, b"aabb"))


def test_an_infinite_family_of_nonterminals_is_no_problem_while_each_is_guarded():
    def counter(n: int) -> Nonterminal:
        return Nonterminal(f"after {n}", lambda: [(A, counter(n + 1)), (literal(b";"),)])

    machine = ReferenceMachine(Grammar((counter(0),)))
    assert machine.is_accepting(run(machine, b"a" * 50 + b";"))


def test_an_unguarded_infinite_family_ends_at_a_limit():
    def family(n: int) -> Nonterminal:
        return Nonterminal(f"family {n}", lambda: [(family(n + 1), A), (B,)])

    with pytest.raises(LimitExceeded, match="nonterminals"):
        ReferenceMachine(Grammar((family(0),)), Limits(states=300))


# ---- errors


class Broken(RuntimeError):
    pass


def grammar_with_a_broken_rule() -> Grammar:
    def breaks():
        raise Broken("no such definition")

    broken = Nonterminal("broken", breaks)
    return Grammar((Nonterminal("S", lambda: [(A, broken), (B, B), (literal(b"c"), A, broken)]),))


def test_an_error_of_a_rule_is_raised_again_for_that_step_only():
    machine = ReferenceMachine(grammar_with_a_broken_rule())
    for _ in range(3):
        with pytest.raises(Broken, match="no such definition"):
            machine.step(machine.start, ord("a"))
        assert machine.is_accepting(run(machine, b"bb"))
        state = machine.step(machine.start, ord("c"))
        with pytest.raises(Broken):
            machine.allowed(state)
        assert machine.step(state, ord("b")) == -1


def test_an_error_in_the_middle_of_left_recursion_leaves_the_tables_whole():
    fails = [True]

    def sometimes():
        if fails[0]:
            raise Broken("not now")
        return [(start, B), (B,)]

    late = Nonterminal("late", sometimes)
    start = Nonterminal("S", lambda: [(late, A), (A,)])
    with pytest.raises(Broken):
        ReferenceMachine(Grammar((start,)))
    guarded = ReferenceMachine(Grammar((A, start)))
    with pytest.raises(Broken):
        guarded.step(guarded.start, ord("a"))
    fails[0] = False
    with pytest.raises(Broken):  # the step remembers its error
        guarded.step(guarded.start, ord("a"))
    fresh = ReferenceMachine(Grammar((A, start)))
    assert fresh.is_accepting(run(fresh, b"abaaba")) == fresh.is_accepting(run(fresh, b"abaaba"))
    assert fresh.is_accepting(run(fresh, b"aba"))


def test_a_grammar_without_any_text_is_refused():
    loop = Nonterminal("loop", lambda: [(loop, A)])
    for start in [(both(A, B),), (A, both(A, B)), (loop,)]:
        with pytest.raises(GrammarError, match="nothing"):
            ReferenceMachine(Grammar(start))


def test_the_empty_text_alone_is_a_language():
    machine = ReferenceMachine(Grammar(()))
    assert machine.is_accepting(machine.start)
    assert machine.allowed(machine.start) == 0
    automaton = ReferenceAutomaton(Grammar(()), [b"a", None], [1])
    assert invariants.allowed_tokens(automaton, automaton.start) == [1]


def test_a_limit_of_states_leaves_the_others_usable():
    brackets = Nonterminal("S", lambda: [(literal(b"("), brackets, literal(b")")), ()])
    machine = ReferenceMachine(Grammar((brackets,)), Limits(states=60))
    with pytest.raises(LimitExceeded):
        run(machine, b"(" * 100)
    assert machine.is_accepting(run(machine, b"(((())))"))


def test_dead_stays_dead():
    machine = ReferenceMachine(Grammar((A,)))
    assert machine.step(-1, 97) == -1
    assert machine.allowed(-1) == 0
    assert not machine.is_accepting(-1)
    assert machine.describe(-1) == []


def test_what_is_expected_is_told_in_words():
    machine = ReferenceMachine(Grammar((alt(A, repeat(B, 1)),)))
    assert machine.describe(machine.start) == ["('a' | ('b')+)"]
    assert machine.describe(run(machine, b"b")) == ["('b')*", "end of text"]


# ---- tokens


def test_a_token_is_offered_only_if_the_vocabulary_can_finish():
    grammar = Grammar((alt(literal(b"yes"), literal(b"no")),))
    automaton = ReferenceAutomaton(grammar, [b"y", b"yes", b"n", b"x", b"o", None], [5])
    assert invariants.allowed_tokens(automaton, automaton.start) == [1, 2]
    assert automaton.step(automaton.start, 0) == -1
    assert automaton.forced(automaton.step(automaton.start, 2)) == [4]


def test_a_vocabulary_that_cannot_write_anything_is_refused():
    with pytest.raises(VocabularyError, match="spell"):
        ReferenceAutomaton(Grammar((literal(b"yes"),)), [b"y", b"e", None], [2])


@pytest.mark.parametrize(("eos", "size"), [([3], None), ([-1], None), ([0], 2)])
def test_ids_outside_the_vocabulary_are_refused(eos, size):
    with pytest.raises(VocabularyError):
        ReferenceAutomaton(Grammar((A,)), [b"a", b"b", None], eos, size=size)


def test_a_token_outside_the_vocabulary_is_an_error_and_no_dead_end():
    automaton = ReferenceAutomaton(Grammar((A,)), [b"a", None], [1])
    for token in (-1, 2, 1000):
        with pytest.raises(VocabularyError, match="outside"):
            automaton.step(automaton.start, token)


def test_rows_are_packed_and_padded():
    tokens = [b"b"] * 31 + [b"a"] * 3 + [None]
    automaton = ReferenceAutomaton(Grammar((A,)), tokens, [34], size=100)
    row = automaton.mask(automaton.start)
    assert row.tolist() == [-(1 << 31), 3, 0, 0]
    assert (row.dtype, row.flags.writeable) == (np.int32, False)
    assert automaton.mask(automaton.step(automaton.start, 33)).tolist() == [0, 1 << 2, 0, 0]


def test_an_eos_id_is_never_text_even_if_it_has_bytes():
    automaton = ReferenceAutomaton(Grammar((repeat(A, 1),)), [b"a", b"a"], [1])
    assert invariants.allowed_tokens(automaton, automaton.start) == [0]
    state = automaton.step(automaton.start, 0)
    assert invariants.allowed_tokens(automaton, state) == [0, 1]
    finished = automaton.step(state, 1)
    assert invariants.allowed_tokens(automaton, finished) == [1]
    assert automaton.forced(finished) == []


def test_tokens_that_end_inside_a_character():
    tokens = [b"\xc3", b"\xa9", b"a", b"\xe4\xb8", b"\xad", b"\xc3\xa9a", b"\xa9\xc3", None]
    automaton = ReferenceAutomaton(Grammar((UTF8_TEXT,)), tokens, [7])
    assert invariants.allowed_tokens(automaton, automaton.start) == [0, 2, 3, 5, 7]
    inside = automaton.step(automaton.start, 0)
    assert invariants.allowed_tokens(automaton, inside) == [1, 4, 6]
    assert not automaton.is_accepting(inside)
    assert automaton.step(inside, 1) == automaton.start
    assert automaton.step(inside, 6) == inside


def test_ff_bytes_end_a_subtree_of_the_vocabulary():
    tokens = [b"\xff", b"\xff\xff", b"\xff\xffa", b"\xfe\xff", b"\xfe\xffb", b"a", None]
    automaton = ReferenceAutomaton(
        Grammar((both(EVERYTHING, negate(concat(byteset(1 << 255), EVERYTHING))),)), tokens, [6]
    )
    assert invariants.allowed_tokens(automaton, automaton.start) == [3, 4, 5, 6]


# ---- other engines, where left recursion and other terrors are


EVERY_BYTE = tuple(bytes([b]) for b in range(256))
NASTY_VOCABULARY = Vocabulary((b"ab", b"ba", b"aa", b"cb", b"a", b"abc", *EVERY_BYTE, None), (262,), 270)


OTHERS = {name: engine for name, engine in ENGINES.items() if engine is not reference}


@pytest.mark.parametrize("engine", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("name", NASTY)
def test_an_engine_offers_the_tokens_of_the_definition(engine, name):
    build = NASTY[name]
    automaton, definition = engine(build(), NASTY_VOCABULARY), reference(build(), NASTY_VOCABULARY)
    pairs = {(automaton.start, definition.start): None}
    for one, other in itertools.islice(invariants.seen_in_order(pairs, 40), 40):
        allowed = invariants.allowed_tokens(definition, other)
        assert invariants.allowed_tokens(automaton, one) == allowed
        assert automaton.is_accepting(one) == definition.is_accepting(other)
        for token in allowed:
            if len(pairs) < 40:
                pairs.setdefault((automaton.step(one, token), definition.step(other, token)))
