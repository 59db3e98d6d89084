"""Derivatives against the definition of membership, and the promises of a linear form."""

import itertools
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constrain.core.charset import make
from constrain.regular.derivative import ALL_BYTES, derive, linear_form, matches
from constrain.regular.lower import JSON_CHAR, lower_json, lower_utf8
from constrain.regular.term import (
    ANY_CHAR,
    EPSILON,
    EVERYTHING,
    NOTHING,
    Dfa,
    Kind,
    alt,
    both,
    byteset,
    chars,
    concat,
    dfa,
    literal,
    negate,
    repeat,
    text,
    words,
)
from tests.automaton.oracle import term_matches, texts
from tests.automaton.worlds import raw_complement_terms

NAMES = st.text(st.sampled_from('ab"\\/\n\x01\x7fé中\U0001f600\U0001f601'), max_size=3)


@given(term=raw_complement_terms)
def test_membership_is_that_of_the_definition(term):
    for data in texts(b"ab", 5):
        assert matches(term, data) == term_matches(term, data)
    for data in (b"c", b"ac", b"ca", b"\xff", b"abc"):
        assert matches(term, data) == term_matches(term, data)


@given(term=raw_complement_terms)
def test_a_linear_form_is_disjoint_merged_and_without_nothing(term):
    seen = set()
    for data in texts(b"ab", 3):
        rest = term
        for byte in data:
            rest = derive(rest, byte)
        form = linear_form(rest)
        for (mask, residual), (other, _) in itertools.combinations(form, 2):
            assert mask & other == 0
            assert residual is not NOTHING
        assert all(0 < mask <= ALL_BYTES for mask, _ in form)
        assert len({residual for _, residual in form}) == len(form)
        for byte in range(0, 256, 5):
            assert derive(rest, byte) in [*(r for mask, r in form if mask >> byte & 1), NOTHING]
        seen.add(rest)
    assert len(seen) <= 15


def spelled(name: str) -> list[bytes]:
    """Every spelling of a short name inside a JSON string, by trying what `json` reads back."""
    options = []
    for char in name:
        units = char.encode("utf-16-be").hex()
        escapes = ["".join("\\u" + units[i : i + 4] for i in range(0, len(units), 4))]
        escapes.append(escapes[0].upper().replace("\\U", "\\u"))
        escapes += [char, *("\\" + short for short in 'bfnrt"\\/')]
        options.append([e for e in dict.fromkeys(escapes) if reads_as(e, char)])
    return ["".join(parts).encode() for parts in itertools.product(*options)]


def reads_as(spelling: str, char: str) -> bool:
    try:
        return json.loads(f'"{spelling}"') == char
    except ValueError:
        return False


@given(names=st.sets(NAMES, min_size=1, max_size=5))
def test_every_json_spelling_of_a_word_matches(names):
    term = words(names, "json")
    for name in names:
        for data in spelled(name)[:200]:
            assert matches(term, data)


@given(names=st.sets(NAMES, min_size=1, max_size=5), data=st.data())
def test_a_text_near_a_word_matches_iff_it_spells_one(names, data):
    for spelling in ("json", "utf8"):
        term = words(names, spelling)
        near = bytearray(data.draw(st.sampled_from(spelled(min(names)))))
        for _ in range(data.draw(st.integers(0, 2))):
            near.insert(
                data.draw(st.integers(0, len(near))), data.draw(st.sampled_from(list(b'ab\\u0dDeE8"/\xc3\xa9')))
            )
        assert matches(term, bytes(near)) == term_matches(term, bytes(near))


@given(names=st.sets(NAMES, min_size=1, max_size=6), spelling=st.sampled_from(["json", "utf8"]))
def test_a_residual_of_words_always_has_a_completion(names, spelling):
    """Every residual reached by any bytes is live, so a beginning of an escape is offered only if some word goes on so."""
    members = [spelled(name) if spelling == "json" else [name.encode()] for name in names]
    beginnings = {data[:end].lower() for options in members for data in options for end in range(len(data) + 1)}
    waiting = [(words(names, spelling), b"")]
    while waiting:
        term, read = waiting.pop()
        if len(read) < 8:
            for mask, rest in linear_form(term):
                for byte in range(256):
                    if mask >> byte & 1:
                        assert (read + bytes([byte])).lower() in beginnings
                waiting.append((rest, read + bytes([(mask & -mask).bit_length() - 1])))


def test_hex_digits_come_in_either_case_and_lead_to_one_residual():
    term = words(["\u00ef", "\u00eb"], "json")
    for byte in b"\\u00":
        term = derive(term, byte)
    assert derive(term, ord("e")) is derive(term, ord("E"))
    assert matches(derive(term, ord("E")), b"F")
    assert not matches(derive(term, ord("E")), b"A")


def test_a_lone_surrogate_has_no_spelling():
    assert words(["\ud800"], "json") is NOTHING
    assert matches(words(["\ud800", "a"], "json"), b"a")
    assert not matches(words(["\ud800", "a"], "json"), b"\\ud800")
    assert matches(words(["\U00010000"], "json"), b"\\uD800\\udc00")


def test_equal_tails_of_words_meet_in_one_term():
    term = words(["ax", "ay", "bx", "by"], "utf8")
    assert derive(term, ord("a")) is derive(term, ord("b"))
    assert derive(words(["abc"], "utf8"), ord("a")) is literal(b"bc")


@pytest.mark.parametrize("spelling", ["utf8", "json"])
def test_a_hundred_thousand_words_cost_what_is_read_of_them(spelling):
    names = [f"{n * 7919 % 1_000_003:07d}-é{n}" for n in range(100_000)]
    term = words(names, spelling)
    before = time.perf_counter()
    for name in names[::5000]:
        assert matches(term, name.encode())
        assert not matches(term, name.encode() + b"x")
        assert not matches(term, b"9" + name.encode())
    assert time.perf_counter() - before < 2


def test_a_counter_is_not_unrolled():
    term = repeat(JSON_CHAR, 0, 10_000)
    assert derive(term, ord("a")) is repeat(JSON_CHAR, 0, 9_999)
    assert linear_form(repeat(byteset(2), 10**9, 10**9)) == ((2, repeat(byteset(2), 10**9 - 1, 10**9 - 1)),)


def test_deeply_nested_terms_do_not_exhaust_the_stack():
    term = literal(b"x")
    for _ in range(5_000):
        term = alt(concat(literal(b"("), term, literal(b")")), literal(b"y"))
    assert matches(term, b"(" * 9 + b"y" + b")" * 9)
    term = literal(b"x")
    for n in range(3_000):
        term = negate(concat(term, literal(bytes([n % 7]))))
    assert matches(term, b"q")


def test_a_table_is_read_by_its_classes():
    even = Dfa.of(bytes(1 if b == ord("a") else 0 for b in range(256)), (-1, 1, -1, 0), b"\x01\x00")
    term = dfa(even, 0)
    for n in range(6):
        assert matches(term, b"a" * n) == (n % 2 == 0)
    assert derive(term, ord("b")) is NOTHING
    assert derive(derive(term, ord("a")), ord("a")) is term


def test_the_simplest_terms():
    assert linear_form(NOTHING) == linear_form(EPSILON) == ()
    assert linear_form(EVERYTHING) == ((ALL_BYTES, EVERYTHING),)
    assert linear_form(literal(b"ab")) == ((1 << ord("a"), literal(b"b")),)
    assert linear_form(negate(literal(b"a"))) == (
        (1 << ord("a"), negate(EPSILON)),
        (ALL_BYTES ^ 1 << ord("a"), EVERYTHING),
    )


def test_a_term_over_characters_is_refused():
    for term in (ANY_CHAR, text("ab"), concat(literal(b"a"), ANY_CHAR)):
        with pytest.raises(TypeError, match="lowered"):
            matches(term, b"ab")
    assert ANY_CHAR.kind is Kind.CHARS


@given(low=st.integers(0, 0x10FFFF), size=st.integers(0, 3000), codes=st.lists(st.integers(0, 0x10FFFF), max_size=20))
def test_lowered_classes_match_their_characters(low, size, codes):
    inside = make([(low, min(low + size, 0x10FFFF))])
    term, escaped = lower_utf8(chars(inside)), lower_json(chars(inside))
    for code in [*codes, low, low + size]:
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            continue
        belongs = low <= code <= low + size
        assert matches(term, chr(code).encode()) == belongs
        assert matches(escaped, json.dumps(chr(code))[1:-1].encode()) == belongs


def test_intersections_with_counts():
    term = both(lower_json(concat(repeat(ANY_CHAR, 1), text("@"), repeat(ANY_CHAR, 1))), repeat(JSON_CHAR, 0, 5))
    assert matches(term, b"ab@cd")
    assert matches(term, b"\\u0061@\\u0040\\u0062")
    assert not matches(term, b"abc@cd")
    assert not matches(term, b"ab@")
