"""Words of finite languages, against membership on all short strings."""

import itertools
import time

import pytest
from hypothesis import given, settings

from constrain.regular.finite import contains_word, finite_words
from constrain.regular.parse import parse_regex
from constrain.regular.term import ANY_TEXT, EPSILON, NOTHING, Term, both, chars, concat, negate, repeat, text, words
from tests.regular.character_terms import TERMS
from tests.regular.membership import member

STRINGS = ["".join(t) for n in range(6) for t in itertools.product("abc", repeat=n)]


@settings(max_examples=80)
@given(TERMS)
def test_words_are_the_members(term: Term) -> None:
    found = finite_words(term, 40)
    members = {string for string in STRINGS if member(term, string)}
    assert members == {string for string in STRINGS if contains_word(term, string)}
    if found is None:
        return
    assert found == sorted(set(found))
    assert len(found) <= 40
    assert members == {word for word in found if len(word) <= 5 and set(word) <= set("abc")}
    assert all(member(term, word) for word in found)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^(yes|no)$", ["no", "yes"]),
        (r"^a[bc]?$", ["a", "ab", "ac"]),
        (r"^[01]{2}$", ["00", "01", "10", "11"]),
        (r"^(?!pattern$)(pattern|x)$", ["x"]),
        (r"^(a|ab)(c|bc)$", ["abbc", "abc", "ac"]),
        (r"^((a|b){2}){0,1}$", ["", "aa", "ab", "ba", "bb"]),
        (r"^$", [""]),
        (r"a^b", []),
        (r"abc", None),
        (r"^a+$", None),
        (r"^[^a]$", None),
        (r"^(a|b){40}$", None),
        (r"^(a{1000}){1000}$", None),
        (r"^((a|b){0,30}){0,30}$", None),
    ],
)
def test_table(pattern: str, expected: list[str] | None) -> None:
    begun = time.perf_counter()
    assert finite_words(parse_regex(pattern, syntax="ecma", search=True), 16) == expected
    assert time.perf_counter() - begun < 1


def test_bounds() -> None:
    assert finite_words(words(["a", "b"], "text"), 1) is None
    assert finite_words(words(["a", "b"], "text"), 2) == ["a", "b"]
    assert finite_words(NOTHING, 0) == []
    assert finite_words(EPSILON, 1) == [""]
    assert finite_words(ANY_TEXT, 10**4) is None
    assert finite_words(negate(text("a")), 10**9) is None
    assert finite_words(both(repeat(chars(((97, 97),)), 0, 9), negate(text("aa"))), 9) == [
        "a" * n for n in range(10) if n != 2
    ]
    assert finite_words(concat(ANY_TEXT, text("a")), 9) is None
