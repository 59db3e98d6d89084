"""Patterns made to be slow or large end within the limits: with a term, or with one clear error."""

import time

import pytest

from constrain.errors import LimitExceeded, PatternError
from constrain.limits import Limits
from constrain.regular.finite import finite_words
from constrain.regular.lower import lower_json
from constrain.regular.parse import parse_regex

FINE = {
    "groups": "(" * 1900 + "a" + ")" * 1900,
    "stars": "(a" * 1900 + ")*" * 1900,
    "a long word": "a" * 10**6,
    "many escapes": r"\-" * 10**5,
    "many words": "|".join(f"w{n}" for n in range(3 * 10**4)),
    "ambiguous": "(a|a)*" * 1000,
    "counted": "((a{1000}){1000}){1000}",
    "lookaheads in a row": "(?=a)" * 3000,
    "complements in a row": "^" + "".join(f"(?!w{n}$)" for n in range(1000)) + ".*$",
    "boundaries in rounds": r"(?:\b\w+\b\W*)*" * 5,
    "tempered in rounds": r"(?:(?!.*x)(?:(?!.*y)a)*b)*",
    "looking out of rounds": r"^(?:(?:a(?=b.*c)|[^b](?!d.{3}))*x)*$",
    "a class of thousands": "[" + "".join(chr(c) for c in range(0x100, 0x4000, 2)) + "]",
    "properties": r"\p{L}" * 1000,
    "a huge count": "a{4294967296}",
}
REFUSED = {
    "too many groups": ("(" * 10**5 + ")" * 10**5, LimitExceeded),
    "nested lookaheads": ("(?=a" * 1900 + ")" * 1900, LimitExceeded),
    "unrolled cubes": (r"(?:a(?:b(?:c(?!xy)){30}){30}){30}", LimitExceeded),
    "boundaries in a row": (r"\b" * 3000, LimitExceeded),
    "an anchor under many options": ("(?:" * 400 + "^a" + ")?" * 400, LimitExceeded),
    "a count of many digits": ("a{" + "9" * 10**5 + "}", PatternError),
    "2**12 pasts": (r"(?:x(?<=a.{12})y?)*z", PatternError),
}


CASES = [("ecma", name) for name in FINE] + [
    ("python", name)
    for name in ("ambiguous", "counted", "lookaheads in a row", "boundaries in rounds", "looking out of rounds")
]


@pytest.mark.parametrize(("syntax", "name"), CASES)
def test_ends_with_a_term(syntax: str, name: str) -> None:
    begun = time.perf_counter()
    term = parse_regex(FINE[name], syntax=syntax, search=True)  # type: ignore[arg-type]
    lower_json(term)
    finite_words(term, 100)
    assert time.perf_counter() - begun < 10


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("syntax", ["ecma", "python"])
def test_ends_with_an_error(name: str, syntax: str) -> None:
    pattern, error = REFUSED[name]
    begun = time.perf_counter()
    with pytest.raises((LimitExceeded, PatternError) if syntax == "python" else error) as caught:
        parse_regex(pattern, syntax=syntax, search=True)  # type: ignore[arg-type]
    assert len(str(caught.value)) < 400
    assert time.perf_counter() - begun < 12


def test_limits_are_used() -> None:
    with pytest.raises(LimitExceeded, match="groups"):
        parse_regex("((((a))))", limits=Limits(depth=3))
    with pytest.raises(LimitExceeded, match="characters"):
        parse_regex("abcd", limits=Limits(schema_bytes=3))
    with pytest.raises(LimitExceeded, match="seconds"):
        parse_regex(r"^(?=a)\b(?!bc)", limits=Limits(seconds=-1.0))
