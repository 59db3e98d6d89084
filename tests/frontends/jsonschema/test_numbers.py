"""Numerals of number formulas: the term against exact arithmetic, the witness against brute force."""

import itertools
import json
import re
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from constrain.errors import LimitExceeded
from constrain.frontends.jsonschema.numbers import number_holds, number_term, number_witness
from constrain.frontends.jsonschema.numbers.formula import pieces
from constrain.frontends.jsonschema.numbers.intervals import by_intervals
from constrain.frontends.jsonschema.numbers.listing import listed
from constrain.frontends.jsonschema.numbers.multiples import mantissa_places
from constrain.frontends.jsonschema.numbers.numerals import tabulated
from constrain.limits import Limits
from constrain.regular.derivative import derive, linear_form, matches
from constrain.regular.term import NOTHING, Kind, Term, check_table

F = Fraction
INTEGER = ("mult", F(1))
JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
SCIENTIFIC = re.compile(r"-?[1-9](?:\.([0-9]+))?[eE][+-]?[0-9]+")
ZERO = re.compile(r"-?0(?:\.0+)?[eE][+-]?[0-9]+")


def ge(c):
    return ("ge", F(c))


def le(c):
    return ("not", ("gt", F(c)))


def eq(c):
    return ("eq", F(c))


def in_universe(formula, numeral):
    """The universe as the docstring of `numerals` states it."""
    if not JSON_NUMBER.fullmatch(numeral):
        return False
    where = listed(pieces(formula))
    if not where.boundaries and not where.multiples:
        return True
    if "e" not in numeral.lower() or ZERO.fullmatch(numeral):
        return True
    found = SCIENTIFIC.fullmatch(numeral)
    if found is None:
        return False
    fraction = found[1]
    if not where.multiples or fraction is None:
        return True
    if len(fraction) > mantissa_places(where.multiples):
        return False
    return not fraction.endswith("0") or not fraction.strip("0")


def expected(formula, numeral):
    return in_universe(formula, numeral) and number_holds(formula, F(numeral))


def language(term, length):
    """All byte strings of the term up to this length, by derivatives."""
    out = set()
    pending = [(term, b"")]
    while pending:
        rest, read = pending.pop()
        if rest.nullable:
            out.add(read)
        if len(read) < length:
            for mask, after in linear_form(rest):
                pending.extend((after, read + bytes([b])) for b in range(256) if mask >> b & 1)
    return out


NUMERALS = {
    "".join(chars)
    for length in range(1, 6)
    for chars in itertools.product("-0157.eE+", repeat=length)
    if JSON_NUMBER.fullmatch("".join(chars))
}

SMALL = [
    ("true",),
    ("false",),
    INTEGER,
    ("not", INTEGER),
    ge(0),
    ("gt", F(0)),
    ("not", ge(0)),
    ("and", ge(F("0.5")), le(51)),
    ("and", INTEGER, ge(5), le(700)),
    ("and", INTEGER, ge(-7), ("not", ge(15))),
    eq(5),
    eq(F("-0.05")),
    ("or", eq(0), eq(50), eq(F("1.5"))),
    ("and", INTEGER, ("not", eq(5)), ("not", eq(10))),
    ("mult", F(5)),
    ("mult", F(7)),
    ("mult", F("0.01")),
    ("mult", F("0.5")),
    ("mult", F("2.5")),
    ("mult", F(50)),
    ("mult", F(1000)),
    ("and", ("mult", F(5)), ("not", ("mult", F(15)))),
    ("or", ("and", ("mult", F("0.5")), ge(1)), ("and", ("mult", F(7)), ("not", ge(1)))),
]


@pytest.mark.parametrize("formula", SMALL, ids=str)
def test_all_short_numerals(formula):
    term = number_term(formula)
    digits = set("-0157.eE+")
    found = {s.decode() for s in language(term, 4) if set(s.decode()) <= digits}
    assert found == {s for s in NUMERALS if len(s) <= 4 and expected(formula, s)}
    for numeral in NUMERALS:
        if len(numeral) == 5:
            assert matches(term, numeral.encode()) == expected(formula, numeral), numeral


CONSTANTS = [
    F(s) for s in ["0", "1", "-1", "2", "5", "10", "-10", "12", "100", "99.5", "-0.5", "0.05", "1.25", "1000", "1e20"]
]
DIVISORS = [F(s) for s in ["1", "2", "3", "7", "10", "0.5", "0.25", "0.01", "2.5", "1000", "8"]]
ATOMS = st.one_of(
    st.tuples(st.sampled_from(["ge", "gt", "eq"]), st.sampled_from(CONSTANTS)),
    st.tuples(st.just("mult"), st.sampled_from(DIVISORS)),
    st.sampled_from([("true",), ("false",)]),
)
FORMULAS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner, inner),
    ),
    max_leaves=5,
)


def decimal(c, places=8):
    return json.dumps(int(c)) if c.denominator == 1 else f"{float(c):.{places}f}".rstrip("0")


@st.composite
def numerals(draw):
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return decimal(draw(st.sampled_from(CONSTANTS))) + draw(st.sampled_from(["", "e0", "E+00", "e1", "e-2"]))
    if kind == 1:
        return json.dumps(draw(st.integers(-(10**6), 10**6)))
    if kind == 2:
        return json.dumps(draw(st.floats(allow_nan=False, allow_infinity=False)))
    if kind == 3:
        near = draw(st.sampled_from(CONSTANTS)) + draw(st.integers(-400, 400)) * F(1, 400)
        return decimal(near)
    return draw(st.from_regex(re.compile(JSON_NUMBER.pattern), fullmatch=True).filter(lambda s: len(s) < 12))


@settings(max_examples=60)
@given(FORMULAS, st.lists(numerals(), min_size=10, max_size=20))
@example(("and", INTEGER, ge(0)), ["1e+16", "1.5e3", "1.5e0", "-0", "-0.0e5", "1e-7", "12.0", "12.5"])
def test_membership_is_exact_on_the_universe(formula, texts):
    term, opposite = number_term(formula), number_term(("not", formula))
    for text in texts:
        e = re.search(r"[eE]([+-]?[0-9]+)", text)
        if e and abs(int(e[1])) > 5000:
            continue
        data = text.encode()
        assert matches(term, data) == expected(formula, text), text
        if JSON_NUMBER.fullmatch(text) and pieces(formula).boundaries:
            assert (matches(term, data) != matches(opposite, data)) == in_universe(formula, text), text


@given(st.integers(-(10**19), 10**19), st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**19), 10**19))
def test_what_python_writes_is_judged_exactly(whole, real, bound):
    for formula in [INTEGER, ge(bound), ("and", INTEGER, le(bound)), ("mult", F("0.5")), ("not", INTEGER)]:
        term = number_term(formula)
        for value in (whole, real, -real, real * 1e300, float(whole)):
            text = json.dumps(value)
            if text not in {"Infinity", "-Infinity"}:
                assert matches(term, text.encode()) == number_holds(formula, F(text)), text


@settings(max_examples=100)
@given(FORMULAS)
def test_random_formulas_composed_are_the_tables(formula):
    check_against_table(formula)


GRID = [F(k, 40) for k in range(-520, 521)]
GRID += [F(sign * k) for k in range(0, 1400, 7) for sign in (1, -1)]
GRID += [F(10) ** 21 + k for k in range(1, 60)]


@settings(max_examples=100)
@given(FORMULAS)
def test_witness_against_brute_force(formula):
    found = number_witness(formula)
    if found is None:
        assert not any(number_holds(formula, v) for v in GRID)
        assert number_term(formula) is NOTHING
    else:
        assert number_holds(formula, found)
        assert number_term(formula) is not NOTHING


@pytest.mark.parametrize(
    ("formula", "exists"),
    [
        (("and", INTEGER, ("gt", F(1)), ("not", ge(2))), False),
        (("and", ("mult", F(7)), ("not", INTEGER)), False),
        (("and", ("gt", F(6)), ("not", ge(14)), ("mult", F(4)), ("not", ("mult", F(8)))), True),
        (("and", ge(1), le(1), ("not", INTEGER)), False),
        (("and", ("gt", F(0)), ("not", ge(F(1, 10**300)))), True),
        (("and", ("mult", F(6)), ("mult", F(35)), ge(1), ("not", ge(210))), False),
        (("and", ("mult", F(6)), ("mult", F(35)), ge(1), le(210)), True),
        (
            ("and", INTEGER, ge(1), le(30), *(("not", ("mult", F(p))) for p in (2, 3, 5, 7)), ("not", eq(1)), le(10)),
            False,
        ),
    ],
)
def test_witness_of_narrow_formulas(formula, exists):
    found = number_witness(formula)
    assert (found is not None) == exists
    assert found is None or number_holds(formula, found)


@pytest.mark.parametrize("divisor", ["3", "11", "37", "6.75", "0.003", "64", "0.125", "300", "1e5", "4096"])
def test_multiples(divisor):
    m = F(divisor)
    term = number_term(("mult", m))
    for k in [0, 1, -1, 2, 3, 7, 10, 12, 99, -1000, 123456789]:
        for shift in (F(0), m / 2, F(1, 1000), F(1)):
            value = k * m + shift
            text = decimal(value, 12)
            assert matches(term, text.encode()) == number_holds(("mult", m), F(text)), text
            for exponent in range(-3, 8):
                text = f"{k % 10 or 1}e{exponent}"
                assert matches(term, text.encode()) == number_holds(("mult", m), F(text)), text


def test_long_period_in_a_bounded_range():
    formula = ("and", ("mult", F("0.123456789")), ge(0), le(1))
    term = number_term(formula)
    for k in range(10):
        for off in (-1, 0, 1):
            text = f"{float(F(k * 123456789 + off, 10**9)):.9f}"
            assert matches(term, text.encode()) == number_holds(formula, F(text)), text
    assert matches(term, b"1.23456789e-1")
    assert not matches(term, b"1.23456789e-0")
    assert matches(term, b"0.0")


def test_many_constants():
    values = [F(7 * k, 20) for k in range(-300, 700)]
    among = ("or", *(("eq", v) for v in values))
    others = ("and", INTEGER, *(("not", ("eq", v)) for v in values))
    inside, outside = number_term(among), number_term(others)
    texts = "0 -0.0 7 7e0 70.000 0.35 3.5e-1 3.5e-01 0.36 8 -105.0 244.65 245 2.45e2"
    for text in texts.split():
        assert matches(inside, text.encode()) == number_holds(among, F(text)), text
        assert matches(outside, text.encode()) == number_holds(others, F(text)), text
    gone = ("and", INTEGER, ge(0), le(99), *(("not", eq(k)) for k in range(100)))
    assert number_witness(gone) is None
    assert number_term(gone) is NOTHING


def test_huge_and_tiny_bounds():
    high, low = number_term(("gt", F(10) ** 400)), number_term(("not", ge(F(1, 10**300))))
    assert matches(high, b"1e401")
    assert matches(high, b"1" + b"0" * 399 + b"1.0")
    assert not matches(high, b"1" + b"0" * 400 + b".0")
    assert not matches(high, b"9" * 400)
    assert matches(high, b"1" + b"0" * 400 + b".01")
    assert not matches(high, b"1e400")
    assert matches(low, b"9.99e-301")
    assert not matches(low, b"1e-300")
    assert matches(low, b"0." + b"0" * 300 + b"9")
    assert not matches(low, b"0." + b"0" * 299 + b"1")


def tables(term):
    """The distinct tables inside a term."""
    if term.kind is Kind.DFA:
        return {term.args[0]}
    return set().union(*(tables(part) for part in term.args if isinstance(part, Term)))


def test_common_terms_are_small():
    assert len(number_term(("true",)).args[0].accepting) <= 9
    for formula in [INTEGER, ge(0), ("and", INTEGER, ge(0)), ("and", ge(0), le(1)), ("and", INTEGER, ge(1), le(65535))]:
        term = number_term(formula)
        assert not term.boolean
        assert sum(len(table.accepting) for table in tables(term)) <= 130


def steps(term):
    """What each byte of a numeral leads to; a byte occurs once, because linear forms are deterministic."""
    out = {}
    for mask, after in linear_form(term):
        for byte in b"0123456789+-.eE ":
            if mask >> byte & 1:
                assert byte not in out
                out[byte] = after
    return out


def first_difference(left, right):
    """The shortest text that only one of two terms accepts, or b"...?" that only one can go on from; None: equal."""
    seen, pending = {(left, right)}, [(left, right, b"")]
    for one, other, read in pending:
        if one.nullable != other.nullable:
            return read
        one_steps, other_steps = steps(one), steps(other)
        for byte in {*one_steps, *other_steps}:
            pair = one_steps.get(byte, NOTHING), other_steps.get(byte, NOTHING)
            if (pair[0] is NOTHING) != (pair[1] is NOTHING):
                return read + bytes([byte]) + b"?"
            if pair not in seen:
                seen.add(pair)
                pending.append((*pair, read + bytes([byte])))
    return None


def check_against_table(formula):
    """The composed term and the table of the general construction are the same language, state by state."""
    where = listed(pieces(formula))
    term = by_intervals(where, 10_000)
    if term is None:
        return False
    for table in tables(term):
        check_table(table)
    if where.multiples or where.boundaries:  # else the universe is wider
        assert first_difference(tabulated(where, 100_000), term) is None, formula
    return True


COMPOSED = [
    INTEGER,
    ("not", ge(0)),
    ("not", eq(0)),
    ("and", INTEGER, ge(-(2**31)), le(2**31 - 1)),
    ("and", INTEGER, ge(1024), le(49151)),
    ("and", INTEGER, ("gt", F("12345678901234567890"))),
    ("and", ge("-90.5"), le("90.25")),
    ("and", ("gt", F("0.999")), ("not", ge("1.001"))),
    ("and", ("gt", F("0.1")), le("0.1005")),
    ("and", ge("0.1"), le("0.1005")),
    ("and", ge("0.12345678901234567"), ("not", ge("98765432.123456789"))),
    ("or", eq(1), eq("-0.25"), eq(1000), ("and", INTEGER, ("gt", F(99999)))),
    ("and", INTEGER, *(("not", eq(k)) for k in range(0, 50, 7))),
    ("mult", F("0.01")),
    ("and", ("mult", F("0.001")), ge("0.0155"), le("1.7")),
    ("and", ("mult", F("0.5")), ge("1.25"), le("10.5")),
    ("and", ("mult", F(10)), ge(-1000), le(1005)),
    ("and", ("mult", F(25)), ge(30), le(990)),
    ("and", ("mult", F("2.5")), ge(3), le(88)),
    ("and", ("mult", F(7)), ge(1), le(500)),
    ("and", ("mult", F(500)), ge(1)),
    ("and", ("mult", F("0.125")), ("not", ge("-3.3"))),
]


@pytest.mark.parametrize("formula", COMPOSED, ids=str)
def test_composed_terms_are_the_tables(formula):
    assert check_against_table(formula)
    assert number_term(("and", INTEGER, ge(0))) is number_term(("and", ge(0), INTEGER))


def test_derivatives_of_a_numeral():
    term = number_term(("and", INTEGER, ge(10)))
    assert derive(term, ord("-")) is NOTHING
    assert derive(derive(term, ord("0")), ord("1")) is NOTHING
    assert not derive(term, ord("9")).nullable
    assert derive(derive(term, ord("9")), ord("0")).nullable


def test_errors():
    with pytest.raises(LimitExceeded, match="automaton of a number"):
        number_term(("mult", F("0.123456789")))
    with pytest.raises(LimitExceeded, match="automaton of a number"):
        number_term(("mult", F(37)), Limits(states=20))
    with pytest.raises(LimitExceeded, match="multipleOf"):
        number_term(("or", *(("and", ge(p), ("mult", F(p))) for p in (2, 3, 5, 7, 11, 13, 17, 19, 23))))
    for bad in [("mult", F(0)), ("mult", F(-1)), ("odd", F(1)), ("ge", F(1, 3)), ("mult", F(1, 3))]:
        with pytest.raises(ValueError, match=r"has no meaning|unknown numeric atom|not a finite decimal"):
            number_term(bad)
