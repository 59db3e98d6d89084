"""Emptiness and witnesses: exact in small worlds, cheap where the questions of real schemas are asked, bounded everywhere."""

import time

import pytest
from hypothesis import given

from constrain.core.charset import make
from constrain.errors import LimitExceeded
from constrain.limits import Limits
from constrain.regular.alphabet import compressed, text_is_empty
from constrain.regular.derivative import derive, linear_form, matches
from constrain.regular.emptiness import bounds, is_empty, witness
from constrain.regular.lower import lower_json, lower_utf8
from constrain.regular.term import (
    ANY_CHAR,
    ANY_TEXT,
    EPSILON,
    EVERYTHING,
    NOTHING,
    alt,
    both,
    byteset,
    chars,
    concat,
    literal,
    negate,
    repeat,
    text,
    words,
)
from tests.automaton.oracle import term_matches, texts
from tests.automaton.worlds import raw_complement_terms, terms
from tests.regular.character_terms import TERMS

A, B = literal(b"a"), literal(b"b")
NOT_SPACE = chars(make([(0x21, 0x10FFFF)]))
EMAIL = concat(repeat(NOT_SPACE, 1), text("@"), repeat(NOT_SPACE, 1))


@given(term=terms)
def test_it_is_empty_iff_no_short_text_belongs(term):
    members = [data for data in texts(b"ab", 7) if matches(term, data)]
    found = witness(term)
    assert (found is None) == is_empty(term)
    if found is None:
        assert members == []
    else:
        assert term_matches(term, found)
        if members:
            assert len(found) <= len(members[0]) + 2
    if not members:  # no small term of this world has only members longer than that
        assert is_empty(term)


@given(term=raw_complement_terms)
def test_bounds_hold_for_every_member(term):
    limits = bounds(term)
    for data in texts(b"ab", 6):
        if term_matches(term, data):
            assert not limits.contradictory
            assert limits.bytes_least <= len(data)
            assert limits.bytes_most is None or len(data) <= limits.bytes_most
            assert limits.leads_least <= len(data)
            assert limits.leads_most is None or len(data) <= limits.leads_most


def test_bounds_count_characters_of_utf8():
    term = lower_utf8(repeat(ANY_CHAR, 2, 3))
    assert bounds(term) == (2, 12, 2, 3)
    assert bounds(byteset(1 << 0x80)) == (1, 1, 0, 0)
    assert bounds(byteset(1 << 0x80 | 1 << 0x41)) == (1, 1, 0, 1)


def test_the_obvious_ones():
    assert is_empty(NOTHING)
    assert not is_empty(EPSILON)
    assert not is_empty(EVERYTHING)
    assert witness(EPSILON) == b""
    assert witness(NOTHING) is None
    assert is_empty(concat(A, both(A, B)))
    assert is_empty(repeat(both(A, B), 2, 5))
    assert not is_empty(repeat(both(A, B)))
    assert witness(alt(both(A, B), literal(b"xyz"))) == b"xyz"
    assert is_empty(negate(alt(EPSILON, concat(byteset((1 << 256) - 1), EVERYTHING))))
    assert witness(negate(repeat(A))) is not None


def test_the_shortest_common_multiple():
    counts = [repeat(repeat(A, n, n)) for n in (2, 3, 5)]
    assert witness(both(*counts, negate(EPSILON))) == b"a" * 30
    assert witness(both(*counts, negate(EPSILON), negate(repeat(A, 30, 30)))) == b"a" * 60


def test_words_and_patterns():
    names = words(["alpha", "beta", "gamma"], "json")
    assert witness(both(names, lower_json(concat(ANY_TEXT, text("mm"), ANY_TEXT)))) == b"gamma"
    assert is_empty(both(names, lower_json(concat(ANY_TEXT, text("x"), ANY_TEXT))))
    assert witness(both(names, negate(words(["alpha", "beta"], "json")))) == b"gamma"
    assert is_empty(both(names, negate(words(["alpha", "beta", "gamma"], "json"))))


@pytest.mark.parametrize("lower", [lower_utf8, lower_json])
def test_a_pattern_with_a_maximal_length_costs_a_few_derivatives_at_each_step(lower):
    """What a string `\\S+@\\S+` of at most 60 characters asks while it is written, one character after the other."""
    few = Limits(search=60)
    term = lower(both(EMAIL, repeat(ANY_CHAR, 0, 60)))
    before = time.perf_counter()
    for _ in range(58):
        for _, rest in linear_form(term):
            is_empty(rest, few)
        term = derive(term, ord("a"))
        assert not is_empty(term, few)
    assert is_empty(derive(term, ord("a")), few)
    assert not is_empty(derive(term, ord("@")), few)
    assert time.perf_counter() - before < 3


def test_lengths_that_contradict_each_other_need_no_search():
    none = Limits(search=0)
    assert is_empty(lower_utf8(both(repeat(NOT_SPACE, 10**6), repeat(ANY_CHAR, 0, 10**6 - 1))), none)
    assert is_empty(both(repeat(A, 7), repeat(byteset(6 << 96), 0, 6)), none)


def test_a_long_member_is_found_by_structure():
    term = concat(repeat(A, 10**6, 10**6), alt(B, literal(b"cc")))
    found = witness(term, Limits(search=0))
    assert found == b"a" * 10**6 + b"b"


def test_a_hopeless_search_ends_and_leaves_nothing_behind():
    any_ab = repeat(byteset(6 << 96))
    term = both(
        concat(any_ab, A, repeat(byteset(6 << 96), 24, 24)),
        negate(concat(any_ab, alt(A, B), repeat(byteset(6 << 96), 24, 24))),
    )
    with pytest.raises(LimitExceeded, match="search"):
        is_empty(term, Limits(search=500))
    assert term.empty is None
    small = both(concat(any_ab, A, any_ab), negate(concat(any_ab, alt(A, B), any_ab)))
    assert is_empty(small)


def test_a_member_is_readable_where_it_can_be():
    assert witness(lower_json(both(EMAIL, repeat(ANY_CHAR, 5, 60)))).isascii()
    assert witness(repeat(byteset((1 << 256) - 1), 3, 3)) == b"000"


@given(term=TERMS)
def test_classes_of_characters_do_not_change_emptiness(term):
    lowered, small = lower_utf8(term), compressed(term)
    assert small is not None
    assert text_is_empty(term) == is_empty(small) == is_empty(lowered)
    found = witness(small)
    if found is not None:
        member = witness(lowered).decode()
        assert (len(member) == 0) == (len(found) == 0)


def test_parts_that_need_each_others_room_are_not_put_off_until_it_is_too_late():
    def within(*parts):
        return concat(ANY_TEXT, *parts, ANY_TEXT)

    blocks = repeat(concat(text("c1d3g3"), repeat(ANY_CHAR, 4, 8)), 6, 6)
    tail = concat(ANY_TEXT, repeat(chars(make([(0x38, 0x38), (0x74, 0x74)])), 10, 10), repeat(ANY_CHAR, 2, 2))
    pairs = repeat(concat(chars(make([(0x61, 0x7A)])), chars(make([(0x30, 0x39)]))), 1)
    frame = concat(text("z9"), repeat(ANY_CHAR, 100, 100), text("z9"))
    shifted = concat(repeat(ANY_CHAR, 2, 2), blocks, ANY_TEXT)
    term = both(pairs, within(blocks), tail, frame, negate(both(pairs, shifted, tail)))
    assert not text_is_empty(term, Limits(search=5_000))
    floaters = [within(text(word)) for word in ("abc", "xyz", "klm", "uvw")]
    assert not text_is_empty(both(*floaters, repeat(ANY_CHAR, 40, 40)), Limits(search=100))
    assert text_is_empty(both(*floaters[:2], repeat(ANY_CHAR, 0, 5)), Limits(search=100))
