"""Every term of up to k operators over {a, b}, with every toy vocabulary: masks against brute force over sets of strings.

The expected language of a term is computed as a set of strings of at most LONGEST characters, by applying each operator
to sets: no derivative, no automaton. A token is expected after a text iff some member of the set goes on with it and can be
completed in whole tokens.
"""

import itertools
from functools import cache

import pytest

from constrain.errors import VocabularyError
from constrain.grammar.symbols import Grammar
from constrain.regular.term import EPSILON, NOTHING, Term, alt, both, byteset, concat, literal, negate, repeat
from tests.automaton import invariants
from tests.automaton.engines import ENGINES
from tests.automaton.oracle import texts
from tests.automaton.worlds import Vocabulary

LONGEST = 8
DEPTH = 3
UNIVERSE = frozenset(texts(b"ab", LONGEST))
AB = byteset(6 << 96)
LEAVES = {literal(b"a"): {b"a"}, literal(b"b"): {b"b"}, AB: {b"a", b"b"}, EPSILON: {b""}}
PIECES = (b"a", b"b", b"ab", b"ba", b"aab")
EOS = 7
VOCABULARIES = [
    Vocabulary((*(piece if chosen >> i & 1 else None for i, piece in enumerate(PIECES)), None, b"a", None), (EOS,), 33)
    if chosen & 1  # a duplicate of b"a", where b"a" is there
    else Vocabulary(
        (*(piece if chosen >> i & 1 else None for i, piece in enumerate(PIECES)), None, b"", None), (EOS,), 8
    )
    for chosen in range(1, 1 << len(PIECES))
]

Language = frozenset[bytes]


def joined(left: Language, right: Language) -> Language:
    return frozenset(x + y for x in left for y in right if len(x) + len(y) <= LONGEST)


def star(inner: Language) -> Language:
    out: Language = frozenset([b""])
    while (more := out | joined(out, inner)) != out:
        out = more
    return out


def terms_up_to(operators: int) -> dict[Term, Language]:
    """All terms with at most so many operators and their languages; NOTHING and terms without a short member are left out."""
    levels: list[dict[Term, Language]] = [{term: frozenset(language) for term, language in LEAVES.items()}]
    for k in range(1, operators + 1):
        made: dict[Term, Language] = {}
        for term, language in levels[k - 1].items():
            made[repeat(term)] = star(language)
            made[repeat(term, 1, 2)] = language | joined(language, language)
            made[repeat(term, 2, 2)] = joined(language, language)
            made[both(repeat(AB), negate(term))] = UNIVERSE - language
        for i in range(k):
            for (one, first), (two, second) in itertools.product(levels[i].items(), levels[k - 1 - i].items()):
                made[concat(one, two)] = joined(first, second)
                made[alt(one, two)] = first | second
                made[both(one, two)] = first & second
        known = set().union(*levels)
        levels.append({term: language for term, language in made.items() if term not in known and language})
    everything = {term: language for level in levels for term, language in level.items()}
    everything.pop(NOTHING, None)
    return everything


@cache
def completable_beginnings(vocabulary: Vocabulary) -> dict[bytes, tuple[bytes, ...]]:
    """For each string, its short beginnings whose rest can be spelled in tokens."""
    pieces = {data for token, data in enumerate(vocabulary.tokens) if data and token not in vocabulary.eos}
    spelled: dict[bytes, bool] = {}
    for text in sorted(UNIVERSE, key=len):
        spelled[text] = not text or any(text.startswith(p) and spelled[text[len(p) :]] for p in pieces)
    return {
        text: tuple(text[:i] for i in range(len(text) + 1) if i <= DEPTH + 3 and spelled[text[i:]]) for text in UNIVERSE
    }


def check_world(engine, term: Term, language: Language, vocabulary: Vocabulary) -> int:
    """Compare all masks within DEPTH characters of the start; return how many."""
    beginnings = completable_beginnings(vocabulary)
    completable = {beginning for text in language for beginning in beginnings[text]}
    try:
        automaton = engine(Grammar((term,)), vocabulary)
    except VocabularyError:
        assert b"" not in completable
        return 0
    assert b"" in completable, "no text can be written"
    reached = {b"": automaton.start}
    waiting = [b""]
    for text in waiting:
        state = reached[text]
        expected = [
            token
            for token, data in enumerate(vocabulary.tokens)
            if token not in vocabulary.eos and data and text + data in completable
        ]
        expected += list(vocabulary.eos) if text in language else []
        assert invariants.allowed_tokens(automaton, state) == expected, f"after {text!r}"
        assert automaton.is_accepting(state) == (text in language)
        for token in expected:
            data = vocabulary.tokens[token]
            if data and token not in vocabulary.eos and len(text) + len(data) <= DEPTH:
                target = automaton.step(state, token)
                assert reached.setdefault(text + data, target) == target
                if text + data not in waiting:
                    waiting.append(text + data)
    return len(waiting)


@pytest.mark.exhaustive
@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_all_terms_of_one_operator(engine):
    worlds = masks = 0
    for vocabulary in VOCABULARIES:
        for term, language in terms_up_to(1).items():
            masks += check_world(engine, term, language, vocabulary)
            worlds += 1
    assert worlds > 1_000
    assert masks > 2_000


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_all_terms_of_two_operators(engine):
    terms = terms_up_to(2)
    assert len(terms) > 400
    for vocabulary in VOCABULARIES:
        for term, language in terms.items():
            check_world(engine, term, language, vocabulary)


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_all_terms_of_three_operators(engine):
    """With the vocabularies that have both letters; without them some completions are longer than LONGEST."""
    terms = terms_up_to(3)
    assert len(terms) > 5_000
    for vocabulary in VOCABULARIES:
        if {b"a", b"b"} <= set(vocabulary.tokens):
            for term, language in terms.items():
                check_world(engine, term, language, vocabulary)
