"""Lowering: every legal spelling of a character, no other byte, and commuting with the Boolean operators."""

import itertools
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constrain.core.charset import ALL, make
from constrain.regular.lower import JSON_CHAR, JSON_TEXT, UTF8_CHAR, UTF8_TEXT, lower_json, lower_utf8
from constrain.regular.term import (
    ANY_CHAR,
    ANY_TEXT,
    EPSILON,
    EVERYTHING,
    NOTHING,
    Kind,
    Term,
    alt,
    both,
    chars,
    concat,
    literal,
    negate,
    repeat,
    text,
    words,
)
from tests.regular.character_terms import TERMS
from tests.regular.membership import member

SHORT = {'"': '"', "\\": "\\", "/": "/", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t"}
CHARACTERS = st.characters(codec="utf-8") | st.sampled_from(
    '"\\/\b\f\n\r\t\0\x1f\x7f\x80\u07ff\u0800\ud7ff\ue000\uffff𐀀\U0010ffff'
)


def spellings(char: str) -> list[bytes]:
    """Return the spellings of one character in a JSON string, hexadecimal digits in lower, upper and mixed case."""
    units = char.encode("utf-16-be")
    codes = [units[i : i + 2].hex() for i in range(0, len(units), 2)]
    out = [
        "".join("\\u" + form(code) for code in codes).encode()
        for form in (str.lower, str.upper, lambda code: code[0].upper() + code[1:])
    ]
    if char in SHORT:
        out.append(b"\\" + SHORT[char].encode())
    if char >= " " and char not in '"\\':
        out.append(char.encode())
    return out


@given(CHARACTERS)
def test_every_spelling_of_a_character(char: str) -> None:
    term = lower_json(chars(make([(ord(char), ord(char))])))
    for spelling in spellings(char):
        assert json.loads(b'"' + spelling + b'"') == char
        assert member(term, spelling)
        assert member(JSON_CHAR, spelling)
        for cut in range(len(spelling)):
            assert not member(JSON_CHAR, spelling[:cut]), "prefix-free"
    assert member(UTF8_CHAR, char.encode())
    assert member(lower_utf8(chars(make([(ord(char), ord(char))]))), char.encode())


RANGES = st.lists(
    st.tuples(CHARACTERS, st.integers(0, 3000)).map(lambda p: (ord(p[0]), min(ord(p[0]) + p[1], 0x10FFFF)))
)


@given(RANGES, CHARACTERS)
def test_sets(ranges: list[tuple[int, int]], char: str) -> None:
    charset = make(ranges)
    edges = [chr(c) for low, high in ranges for c in (low, high, low - 1, high + 1) if 0 <= c <= 0x10FFFF]
    for probe in [char, *(c for c in edges if not 0xD800 <= ord(c) <= 0xDFFF)]:
        inside = any(low <= ord(probe) <= high for low, high in charset)
        assert member(lower_utf8(chars(charset)), probe.encode()) is inside
        for spelling in spellings(probe):
            assert member(lower_json(chars(charset)), spelling) is inside


@settings(max_examples=200)
@given(st.binary(max_size=6) | st.text(max_size=3).map(str.encode))
def test_utf8_is_what_python_decodes(data: bytes) -> None:
    try:
        data.decode()
        valid = True
    except UnicodeDecodeError:
        valid = False
    assert member(UTF8_TEXT, data) is valid


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            [b"\\", b'"', b"u", b"\\ud83d", b"\\uDE00", b"\\u00e9", b"\\n", b"\n", b"a", b"\xc3\xa9", b"\xff"]
        )
        | st.binary(min_size=1, max_size=2),
        max_size=4,
    ).map(b"".join)
)
def test_json_text_is_what_json_reads(data: bytes) -> None:
    """What `json.loads` reads into text without surrogates, and nothing else."""
    try:
        decoded = json.loads(b'"' + data + b'"')
        valid = isinstance(decoded, str) and not any(0xD800 <= ord(c) <= 0xDFFF for c in decoded)
    except ValueError:
        valid = False
    assert member(JSON_TEXT, data) is valid


def test_what_never_passes() -> None:
    refused = [rb"\ud800", rb"\udc00", rb"\ude00\ud83d", rb"\ud83d", rb"\ud83dx", b"\x1f", b"\n", b'"', b"\\", rb"\x41"]
    refused += [rb"\u12", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\x80", b""]
    for data in refused:
        assert not member(JSON_CHAR, data), data
    assert member(JSON_CHAR, b"\x7f")


def test_every_code_point_in_utf8() -> None:
    """All 1,112,064 characters, against the count and a walk over the byte classes."""
    assert _count(UTF8_CHAR) == 0x110000 - 0x800
    sample = random.Random(4).sample(range(0x110000), 400)
    for code in [*sample, 0xD7FF, 0xD800, 0xDFFF, 0xE000]:
        spelled = chr(code).encode("utf-8", "surrogatepass")
        assert member(UTF8_CHAR, spelled) is not (0xD800 <= code <= 0xDFFF)


def _count(term: Term) -> int:
    """Count the words of an unambiguous loop-free term."""
    if term.kind is Kind.BYTES:
        return int(term.args[0]).bit_count()
    if term.kind is Kind.ALT:
        return sum(map(_count, term.args))
    assert term.kind is Kind.CONCAT
    product = 1
    for part in term.args:
        product *= _count(part)
    return product


def test_shape() -> None:
    """One object for one class, counted repeats of one character, words left for the machine to spell."""
    digits = chars(((48, 57),))
    assert lower_json(ANY_CHAR) is JSON_CHAR
    assert lower_utf8(ANY_CHAR) is UTF8_CHAR
    assert lower_json(repeat(ANY_CHAR, 2, 70)) is repeat(JSON_CHAR, 2, 70)
    assert lower_json(repeat(digits, 3, None)) is repeat(lower_json(digits), 3, None)
    assert lower_json(text("ab")) is words(["ab"], "json")
    assert lower_utf8(words(["é", "a"], "text")) is words(["a", "é"], "utf8")
    assert lower_json(chars(ALL)) is JSON_CHAR
    assert lower_json(NOTHING) is NOTHING
    assert lower_json(EPSILON) is EPSILON
    assert lower_json(ANY_TEXT) is JSON_TEXT


def test_complement_stays_well_spelled_and_pays_once() -> None:
    word = text("a")
    assert lower_json(EVERYTHING) is JSON_TEXT
    assert lower_json(negate(word)) is both(JSON_TEXT, negate(lower_json(word)))
    digits = repeat(chars(((48, 57),)), 1, 4)
    assert lower_json(both(digits, negate(text("12")))) is both(lower_json(digits), negate(lower_json(text("12"))))
    assert lower_utf8(both(negate(word), negate(text("b")))) is both(
        UTF8_TEXT, negate(lower_utf8(word)), negate(lower_utf8(text("b")))
    )


def test_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="already over bytes"):
        lower_json(concat(text("ab"), literal(b"x")))


def test_deep_terms() -> None:
    term = text("ab")
    for index in range(2500):
        term = concat(text("cd"), repeat(alt(term, chars(((index + 200, index + 210),))), 0, 3))
    assert lower_json(term).nullable is False


@settings(max_examples=60)
@given(TERMS)
def test_lowering_commutes_with_all_operators(term: Term) -> None:
    for string in map("".join, (t for n in range(3) for t in itertools.product("abé", repeat=n))):
        expected = member(term, string)
        assert member(lower_utf8(term), string.encode()) is expected
        assert member(lower_json(term), string.encode().replace(b"a", rb"\u0061")) is expected
    assert not member(lower_utf8(term), b"\xff")
    assert not member(lower_json(term), b"\n")
