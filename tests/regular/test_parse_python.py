"""Patterns in Python syntax against `re`: every small pattern on every short string, and random larger ones."""

import itertools
import re
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constrain.errors import PatternError
from constrain.regular.lower import lower_json, lower_utf8
from constrain.regular.parse import parse_regex
from constrain.regular.term import ANY_TEXT, Kind, chars, concat, repeat, text
from tests.regular.membership import member

WORLD = ["".join(t) for n in range(4) for t in itertools.product("ab", repeat=n)] + [
    "\n",
    "a\n",
    "\na",
    "a\nb",
    "-a",
    "a-b",
]


def agree(pattern: str, strings: list[str]) -> bool:
    """Compare both modes with `re` on each string; return False where the pattern is refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = re.compile(pattern)
    for search in (False, True):
        try:
            term = parse_regex(pattern, syntax="python", search=search)
        except PatternError as error:
            if "does not reduce" in error.message or "looks beyond" in error.message:
                return False
            raise
        for string in strings:
            expected = bool(compiled.search(string) if search else compiled.fullmatch(string))
            assert member(term, string) is expected, (pattern, search, string)
    return True


def small_patterns(operators: int) -> list[str]:
    """Return every pattern with at most that many operators over a few leaves, each in parentheses where needed."""
    levels = [["a", "b", "", "^", "$", r"\b", "."]]
    for count in range(1, operators + 1):
        level = []
        for body in levels[count - 1]:
            level += [f"(?:{body})*", f"(?:{body}){{2}}", f"(?:{body})?", f"(?={body})", f"(?!{body})"]
        for left in range(count):
            for one, two in itertools.product(levels[left], levels[count - 1 - left]):
                level += [f"{one}{two}", f"(?:{one}|{two})"] if one != two or one else []
        levels.append(level)
    return list(itertools.chain(*levels))


@pytest.mark.exhaustive
def test_every_pattern_with_one_operator() -> None:
    for pattern in small_patterns(1):
        if not re.search(r"(\^|\$|\\b)\*", pattern):
            assert agree(pattern, WORLD), pattern


@pytest.mark.exhaustive
def test_every_pattern_with_two_operators() -> None:
    """A sample step keeps this short; `test_every_pattern_with_two_operators_in_full` takes them all."""
    for pattern in small_patterns(2)[::17]:
        assert agree(pattern, WORLD), pattern


@pytest.mark.exhaustive
@pytest.mark.slow
def test_every_pattern_with_two_operators_in_full() -> None:
    for pattern in small_patterns(2):
        assert agree(pattern, WORLD), pattern


LEAVES = [
    "a",
    "b",
    "ab",
    ".",
    "[ab]",
    "[^a]",
    r"\w",
    r"\W",
    r"\n",
    "^",
    "$",
    r"\b",
    r"\B",
    r"\A",
    r"\Z",
    "",
    "(?<=a)",
    "(?<!ab)",
]


def _extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    quantifier = st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{,2}", "{2,}", "*?", "{0}"])
    opening = st.sampled_from(["(?=", "(?!", "(", "(?s:", "(?m:", "(?i:"])
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, quantifier).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
        st.tuples(opening, inner).map(lambda pair: f"{pair[0]}{pair[1]})"),
    )


PATTERNS = st.recursive(st.sampled_from(LEAVES), _extend, max_leaves=8)


@settings(max_examples=150)
@given(PATTERNS, st.lists(st.text("abA\n-", max_size=6), min_size=8, max_size=8))
def test_random_patterns(pattern: str, strings: list[str]) -> None:
    agree(pattern, strings)


@settings(max_examples=60)
@given(PATTERNS, st.text("ab\n-", max_size=4))
def test_lowering_keeps_membership(pattern: str, string: str) -> None:
    compiled = re.compile(pattern)
    try:
        term = parse_regex(pattern, syntax="python")
    except PatternError:
        return
    expected = bool(compiled.fullmatch(string))
    assert member(lower_utf8(term), string.encode()) is expected
    assert member(lower_json(term), string.replace("\n", "\\n").encode()) is expected
    assert member(lower_json(term), "".join(f"\\u{ord(c):04x}" for c in string).encode()) is expected


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        (r"(?i)straße", ["STRAßE", "straße", "ſtraße", "STRAẞE"], ["strasse", "STRASSE"]),
        (r"(?i:a)b", ["ab", "Ab"], ["aB"]),
        (r"(?i)a(?-i:b)", ["Ab"], ["aB"]),
        (r"(?ai)k", ["k", "K"], ["\u212a"]),
        (r"(?i)k", ["k", "K", "\u212a"], ["c"]),
        (r"(?i)[^k]", ["c"], ["k", "K", "\u212a"]),
        (r"\d+", ["12", "٣"], ["a", ""]),
        (r"(?a)\d+", ["12"], ["٣"]),
        (r"\w", ["a", "é", "_", "٣", "²"], ["-", " "]),
        (r"(?a:\w)", ["a", "_"], ["é"]),
        (r"\s", [" ", "\x1c", "\u3000"], ["\u200b", "\ufeff"]),
        (r"(?x) a b # c", ["ab"], ["a b"]),
        (r"(?x: a [ ] ) b", ["a  b"], ["a b", "ab"]),
        (r"a{,2}", ["", "aa"], ["aaa", "a{,2}"]),
        (r"a{,}", ["", "aaaa"], ["a{,}"]),
        (r"a{}", ["a{}"], ["a"]),
        (r"x{a}", ["x{a}"], ["x"]),
        (r"[]a]+", ["]a"], ["b"]),
        (r"[^]a]", ["b"], ["]", "a"]),
        (r"[\b]", ["\b"], ["b"]),
        (r"\x41\u00e9\U0001F600\101\0", ["Aé😀A\0"], ["A"]),
        (r"\N{GREEK SMALL LETTER ALPHA}", ["α"], ["a"]),
        (r"(?P<n>a)(?:b)(c)", ["abc"], ["ab"]),
        (r"a(?#comment)b", ["ab"], ["a"]),
        (r"(?>ab)c", ["abc"], ["ab"]),
        (r"a{2}+b", ["aab"], ["ab"]),
        (r"\Aab\Z", ["ab"], ["ab\n"]),
        (r".", ["a", "\r", "\u2028"], ["\n"]),
        (r"(?s).", ["\n"], [""]),
        (r"\B", [], [""]),
        (r"[\w.-]+@[\w-]+\.[a-z]{2,}", ["a.b@c-d.org"], ["a@b", "@b.cc"]),
        (r"(a{3}){0,9}", ["", "aaa", "a" * 27], ["a", "a" * 26, "a" * 30]),
    ],
)
def test_table(pattern: str, inside: list[str], outside: list[str]) -> None:
    term = parse_regex(pattern, syntax="python")
    compiled = re.compile(pattern)
    for string in inside:
        assert compiled.fullmatch(string)
        assert member(term, string), string
    for string in outside:
        assert not compiled.fullmatch(string)
        assert not member(term, string), string


def test_the_shape_of_common_patterns() -> None:
    """The engine treats counted characters, words and `ANY_TEXT` specially, so these are terms of exactly that shape."""
    lower = ((97, 122),)
    assert parse_regex("^[a-z]+$", search=True) is repeat(chars(lower), 1, None)
    assert parse_regex("^[a-z]{2,9}$", search=True) is repeat(chars(lower), 2, 9)
    assert parse_regex("^abc", search=True) is concat(text("abc"), ANY_TEXT)
    assert parse_regex("abc$", search=True) is concat(ANY_TEXT, text("abc"))
    assert parse_regex("abc", search=True) is concat(ANY_TEXT, text("abc"), ANY_TEXT)
    assert parse_regex("[a-z]+", search=True) is concat(ANY_TEXT, chars(lower), ANY_TEXT)
    assert parse_regex(".*", search=True) is ANY_TEXT
    assert parse_regex("", search=True) is ANY_TEXT
    assert parse_regex(".*a.*", search=True) is parse_regex("a", search=True)
    assert parse_regex("^(?:yes|no|y)$", search=True).args == ("text", ("no", "y", "yes"))
    assert parse_regex("^(?:a|b)$", search=True) is chars(((97, 98),))
    assert parse_regex("a^b", search=True).kind is Kind.NOTHING
    assert parse_regex("^$", search=True).kind is Kind.EPSILON
