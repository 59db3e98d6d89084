"""Regular expressions against interegular, which works with explicit finite automata: another algorithm, another author.

Membership is compared on every text up to a length; intersection, difference and emptiness too, which `re` cannot check.
"""

import itertools

import interegular
from hypothesis import assume, given
from hypothesis import strategies as st

import constrain
from constrain.automaton import Constraint
from constrain.grammar.symbols import Grammar
from constrain.regular.emptiness import is_empty
from constrain.regular.lower import lower_utf8
from constrain.regular.parse import parse_regex
from constrain.regular.term import both, negate

TEXTS = ["".join(chars) for length in range(6) for chars in itertools.product("ab", repeat=length)]
TEXTS += ["c", "ac", "\n", "a\nb", "é", "aéb", "😀", "cb😀"]

LEAF = st.sampled_from(["a", "b", "ab", "[ab]", "[^a]", ".", "[a-c]", "é", "(?:)"])


def _larger(inner):
    group = inner.map(lambda pattern: f"(?:{pattern})")
    counted = st.tuples(group, st.integers(0, 2), st.integers(0, 2)).map(lambda t: f"{t[0]}{{{t[1]},{t[1] + t[2]}}}")
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(group, st.sampled_from(["*", "+", "?", "{2}", "{1,}"])).map("".join),
        counted,
    )


PATTERN = st.recursive(LEAF, _larger, max_leaves=6)


def _automaton(pattern):
    return interegular.parse_pattern(pattern).to_fsm()


def _term(pattern):
    return parse_regex(pattern, syntax="python")


def _accepts(term):
    constraint = Constraint(Grammar((lower_utf8(term),)))
    return [constraint.matches(text.encode()) for text in TEXTS]


@given(PATTERN)
def test_membership(pattern):
    oracle, ours = _automaton(pattern), constrain.regex(pattern)

    assert [ours.matches(text.encode()) for text in TEXTS] == [oracle.accepts(text) for text in TEXTS]


@given(PATTERN, PATTERN)
def test_intersection(first, second):
    oracle, ours = _automaton(first) & _automaton(second), both(_term(first), _term(second))

    assert is_empty(lower_utf8(ours)) == oracle.empty()
    assume(not oracle.empty())
    assert _accepts(ours) == [oracle.accepts(text) for text in TEXTS]


@given(PATTERN, PATTERN)
def test_difference(first, second):
    oracle, ours = _automaton(first).difference(_automaton(second)), both(_term(first), negate(_term(second)))

    assert is_empty(lower_utf8(ours)) == oracle.empty()
    assume(not oracle.empty())
    assert _accepts(ours) == [oracle.accepts(text) for text in TEXTS]
