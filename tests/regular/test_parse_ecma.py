"""Patterns as ECMA-262 reads them: tables, and an ECMAScript engine where one is installed."""

import itertools
import json
import random
import shutil
import subprocess

import pytest

from constrain.errors import PatternError
from constrain.regular.parse import parse_regex
from tests.regular.membership import member

TABLE = [
    # pattern, strings in which it matches somewhere, strings in which it does not
    (r"^(?!.*\.\.)[a-z.]+$", ["a.b", "abc"], ["a..b", "", "A"]),
    (r"^(?=.*[A-Z])(?=.*\d).{8,}$", ["Abcdefg1", "1234567A"], ["abcdefg1", "A1", "Abcdefgh"]),
    (r"^$|^foo", ["", "foo", "foobar"], ["xfoo", "fo"]),
    (r"(^a|b$)", ["a", "ax", "b", "xb", "ab"], ["", "xa", "bx"]),
    (r"^((?!foo).)*$", ["", "fo", "barfo"], ["foo", "xfoox", "\n"]),
    (r"^<((?!>).)*>$", ["<>", "<a>"], ["<a>>", "<"]),
    (r"^<!--((?!-->)[^])*-->", ["<!---->", "<!-- a --> b", "<!-- - -->"], ["<!-- a"]),
    (r"^(\/?((\.{2})|([a-z0-9\-]*))($|\/))*$", ["", "/", "a/b", "../x", "a", "//"], ["a/B", "..a"]),
    (r"\bfoo\b", ["foo", "a foo.", "-foo-"], ["foobar", "xfoo", "foo_", "food foo1"]),
    (r"^\S+@\S+$", ["a@b", "@@@"], ["a@", "a @b", "@"]),
    (r"a^b", [], ["ab", "a\nb", ""]),
    (r"^(https?|ftp)://", ["http://", "https://x", "ftp://"], ["xhttp://", "http:/"]),
    (r"^[\w-.]+$", ["a-.b"], ["a b", ""]),
    (r"^[a-\d]+$", ["a-1"], ["b"]),
    (r"^\-\_\@\/\ \"\'\<\#$", ["-_@/ \"'<#"], [""]),
    (r"^{$", ["{"], [""]),
    (r"^a{,3}}]$", ["a{,3}}]"], ["aaa"]),
    (r"^\d$", ["0", "9"], ["٣", "a"]),
    (r"^\w$", ["a", "Z", "_", "0"], ["é", "-"]),
    (r"^\s$", [" ", "\ufeff", "\u2028", "\xa0", "\n"], ["\x1c", "\x85", "\u200b", "\u180e"]),
    (r"^.$", ["a", "\x85", "😀"], ["\n", "\r", "\u2028", "\u2029", ""]),
    (r"^[^]$", ["\n", "😀"], [""]),
    (r"[]", [], ["", "a", "[]"]),
    (r"^\u0061\x62\cJ\0[\b]\u{1F600}\ud83d\ude00$", ["ab\n\0\b😀😀"], ["ab"]),
    (r"^[\u{1F600}-\u{1F602}\ud83d\ude09]$", ["😁", "😉"], ["😃"]),
    (r"^[\uD800-\uDFFF]$", [], ["a", "😀"]),
    (r"^\p{Lu}\p{L}*\P{L}$", ["Éa1", "Ab-"], ["éa1", "Ab"]),
    (r"^[\p{Script=Greek}\p{Nd}]+$", ["αβ٣", "Ω1"], ["a"]),
    (r"^\p{Uppercase_Letter}\p{gc=Ll}\p{General_Category=Number}$", ["Aa1", "Éé²"], ["aA1"]),
    (r"^\p{ASCII}\p{Any}\p{Alphabetic}\p{White_Space}$", ["a😀é\x85", "--ⅷ "], ["éaaa"]),
    (r"^(?<year>\d{4})-(?<month>\d\d)$", ["2024-01"], ["2024"]),
    (r"^(?i:straße)k$", ["STRAẞEk", "ſtraßek"], ["straßeK"]),
    (r"^a*?b+?c??$", ["aabb", "bc"], ["a"]),
    (r"(?<=^|,)b(?=,|$)", ["b", "a,b", "b,c"], ["ab", "a;b", "bb"]),
    (r"^.*(?<!foo)$", ["fo", "", "foox"], ["foo", "xfoo"]),
    (r"(?<=\$)\d+(?!\d|\.)", ["$12", "a$3 "], ["12", "$1."]),
    (r"(?=a)*b", ["b"], ["a"]),
    (r"^(?:(?=a)a|b)+$", ["ab", "bb"], ["", "c"]),
    (r"^(?:a(?=b|$)|b)*$", ["", "a", "ab", "babab", "ba"], ["aa", "aab"]),
    (r"^(?:\b\w+\b\W*)+$", ["foo bar", "a-b-"], ["-a", ""]),
    (r"^(?:(?!--)[a-z-])*[a-z]$", ["a", "a-b"], ["a--b", "-", ""]),
    (r"^(?![0-9]+$)(?!.*-$)[a-z0-9-]{1,63}$", ["a1", "1a"], ["11", "a-", ""]),
    (r"(?m:^b$)", ["b", "a\nb\nc", "a\u2028b"], ["ab"]),
    (r"(?s:^.$)", ["\n"], ["ab"]),
    (r"^(?:)$|^[^\s]{3}$", ["", "abc"], ["ab", "a c"]),
]


@pytest.mark.parametrize(("pattern", "inside", "outside"), TABLE, ids=[row[0] for row in TABLE])
def test_table(pattern: str, inside: list[str], outside: list[str]) -> None:
    term = parse_regex(pattern, syntax="ecma", search=True)
    for string in inside:
        assert member(term, string), string
    for string in outside:
        assert not member(term, string), string


REFUSED = [
    # pattern, the span at fault, a part of the message
    (r"abc(", (3, 4), "never closed"),
    (r"ab)c", (2, 3), "unbalanced"),
    (r"a[bc", (1, 2), "never closed"),
    (r"a**", (2, 3), "repeats a repetition"),
    (r"a{2}{3}", (4, 5), "repeats a repetition"),
    (r"*a", (0, 1), "nothing to repeat"),
    (r"(|*)", (2, 3), "nothing to repeat"),
    (r"^*", (1, 2), "anchor"),
    (r"\b+", (2, 3), "anchor"),
    (r"x{3,2}", (1, 6), "wrong order"),
    (r"[z-a]", (1, 4), "wrong order"),
    (r"(a)\1", (3, 5), "back-references"),
    (r"(?<n>a)\k<n>", (7, 9), "back-references"),
    (r"a\Z", (1, 3), "unknown escape"),
    (r"\h", (0, 2), "unknown escape"),
    (r"a\u12", (1, 5), "hexadecimal"),
    (r"a\x1", (1, 4), "hexadecimal"),
    (r"\u{110000}", (0, 10), "code point"),
    (r"\c1", (0, 3), "letter"),
    (r"\p{Nope}", (0, 8), "'Nope'"),
    (r"\p{Script=Nope}", (0, 15), "Script=Nope"),
    (r"\pL", (0, 2), "braces"),
    (r"(?i)a", (0, 4), "(?i:"),
    (r"(?P<n>a)", (0, 4), "(?<name>"),
    (r"(?<1>a)", (0, 5), "identifier"),
    (r"(?<n>a)(?<n>b)", (7, 12), "two groups"),
    (r"(?@a)", (0, 3), "unknown kind of group"),
    ("a\\", (1, 2), "backslash"),
    ("[\\", (1, 2), "backslash"),
    ("a\ud800", (1, 2), "surrogate"),
    (r"a(?<=b$)c", (1, 8), "lookbehind"),
    (r"^(?:(?!.*x)(?:a|b){0,300}c)*d", (4, 11), "looks beyond"),
]


@pytest.mark.parametrize(("pattern", "span", "part"), REFUSED, ids=[ascii(row[0]) for row in REFUSED])
def test_refused(pattern: str, span: tuple[int, int], part: str) -> None:
    with pytest.raises(PatternError) as caught:
        parse_regex(pattern, syntax="ecma", search=True)
    assert part in caught.value.message
    assert caught.value.span == span
    assert caught.value.pattern == pattern


PYTHON_REFUSED = [
    (r"(a)\1", (3, 5), "back-references"),
    (r"(?P<n>a)(?P=n)", (8, 14), "back-references"),
    (r"(a)?(?(1)b|c)", (4, 9), "conditionals"),
    (r"a*+b", (1, 3), "possessive"),
    (r"x(?>a|ab)c", (1, 9), "atomic"),
    (r"a(b", (1, 2), "missing )"),
    (r"a\q", (1, 2), "bad escape"),
]


@pytest.mark.parametrize(("pattern", "span", "part"), PYTHON_REFUSED, ids=[row[0] for row in PYTHON_REFUSED])
def test_refused_in_python_syntax(pattern: str, span: tuple[int, int], part: str) -> None:
    with pytest.raises(PatternError) as caught:
        parse_regex(pattern, syntax="python")
    assert part in caught.value.message
    assert caught.value.span == span


ENGINE = """
const {patterns, strings} = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(patterns.map(p => { const r = new RegExp(p, "u"); return strings.map(s => r.test(s)); })));
"""
LEAVES = [
    *("a", "b", "K", ".", "[ab]", "[^a]", "^", "$", r"\b", r"\B", "ab", r"\w", r"\W", r"\s", r"\S", r"\d", "", "[a-]"),
    *("é", r"\u{e9}", r"\x61", r"[\b]", r"\0", r"\cJ", r"\p{L}", r"\P{Lu}", r"\p{Script=Greek}", "[]", "[^]", r"\/"),
    *("😀", r"\ud83d\ude00", "[😀-😂]"),
]
STRINGS = ["".join(t) for n in range(4) for t in itertools.product("ab-", repeat=n)]
STRINGS += [
    "é",
    "\n",
    "a\n",
    "a\nb",
    "k",
    "K",
    "\u2028",
    "😀",
    "😀😂",
    "\ufeff",
    "\x85",
    "0",
    "\0",
    "λ",
    "Σς",
    "_",
    "Aa",
]


def random_pattern(source: random.Random, depth: int) -> str:
    kind = source.random()
    if depth <= 0 or kind < 0.25:
        return source.choice(LEAVES)
    inner = random_pattern(source, depth - 1)
    if kind < 0.5:
        return inner + random_pattern(source, depth - 1)
    if kind < 0.65:
        return f"({inner}|{random_pattern(source, depth - 1)})"
    if kind < 0.85:
        return f"(?:{inner})" + source.choice(["*", "+", "?", "{2}", "{1,2}", "{2,}", "*?"])
    if kind < 0.95:
        return source.choice(["(?=", "(?!"]) + inner + ")"
    return source.choice(["(?<=", "(?<!"]) + source.choice(["a", "ab", "^", "a|b", "^a", r"\W", "a*b"]) + ")"


@pytest.mark.skipif(shutil.which("node") is None, reason="no ECMAScript engine (node) is installed")
def test_against_an_ecmascript_engine() -> None:
    source = random.Random(20)
    patterns = [random_pattern(source, source.randint(1, 5)) for _ in range(250)]
    done = subprocess.run(
        [str(shutil.which("node")), "-e", ENGINE],
        input=json.dumps({"patterns": patterns, "strings": STRINGS}),
        capture_output=True,
        text=True,
        check=True,
    )
    refused = 0
    for pattern, row in zip(patterns, json.loads(done.stdout), strict=True):
        try:
            term = parse_regex(pattern, syntax="ecma", search=True)
        except PatternError:
            refused += 1
            continue
        for string, expected in zip(STRINGS, row, strict=True):
            assert member(term, string) is expected, (pattern, string)
    assert refused < 10


def test_patterns_of_real_schemas(maskbench: object) -> None:
    """Of the patterns people write, none is refused but those that are malformed or refer back."""
    import gzip

    patterns: set[str] = set()

    def walk(value: object) -> None:
        if isinstance(value, dict):
            patterns.update(p for p in [value.get("pattern")] if isinstance(p, str))
            if isinstance(value.get("patternProperties"), dict):
                patterns.update(value["patternProperties"])
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    with gzip.open(str(maskbench), "rt") as lines:
        for line in itertools.islice(lines, 0, None, 4):
            walk(json.loads(line)["schema"])
    refused = []
    for pattern in sorted(patterns):
        try:
            parse_regex(pattern, syntax="ecma", search=True)
        except PatternError as error:
            refused.append((pattern, error.message))
    assert len(patterns) > 200
    assert all("never closed" in message or "back-references" in message for _, message in refused), refused
