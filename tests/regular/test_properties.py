r"""Named character sets against the interpreter's own tables, on every code point."""

import re
import unicodedata

import pytest

from constrain.core.charset import ALL, complement, contains, size
from constrain.regular import unicode_tables
from constrain.regular.properties import fold, property_set, python_space, python_word

SAME_VERSION = pytest.mark.skipif(
    unicodedata.unidata_version != unicode_tables.VERSION,
    reason=f"the tables are of Unicode {unicode_tables.VERSION}, this interpreter's are not",
)
CODES = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
TEXT = "".join(map(chr, CODES))


def members(charset: tuple[tuple[int, int], ...]) -> set[int]:
    return {code for low, high in charset for code in range(low, high + 1)}


@SAME_VERSION
def test_general_categories() -> None:
    by_category: dict[str, set[int]] = {}
    for code in CODES:
        by_category.setdefault(unicodedata.category(chr(code)), set()).add(code)
    for name, codes in by_category.items():
        assert members(property_set(name) or ()) == codes, name
    for group in "CLMNPSZ":
        expected = set().union(*(codes for name, codes in by_category.items() if name[0] == group))
        assert members(property_set(group) or ()) == expected, group


@SAME_VERSION
@pytest.mark.parametrize(("pattern", "charset"), [(r"\w", python_word), (r"\s", python_space)])
def test_python_classes(pattern: str, charset: object) -> None:
    assert callable(charset)
    assert members(charset()) == {ord(char) for char in re.findall(pattern, TEXT)}


@SAME_VERSION
def test_digits_are_decimal_numbers() -> None:
    assert members(property_set("Nd") or ()) == {ord(char) for char in re.findall(r"\d", TEXT)}


def test_every_case_orbit_against_re() -> None:
    """Each character with a case partner, and its neighbours, match without regard to case what `re` says they do."""
    orbits = [*unicode_tables.COMMON_ORBITS.split(), *unicode_tables.PYTHON_ORBITS.split()]
    cased = {ord(char) for orbit in orbits for char in orbit}
    for orbit in orbits:
        closed = members(fold(((ord(orbit[0]), ord(orbit[0])),), "python"))
        assert closed == set(map(ord, orbit))
        pattern = re.compile(f"(?i:{re.escape(orbit[0])})")
        assert all(pattern.fullmatch(char) for char in orbit)
    lone = [code for code in CODES if code not in cased and chr(code).lower() != chr(code).upper()]
    for code in lone:
        assert len(chr(code).lower()) > 1 or len(chr(code).upper()) > 1 or chr(code).lower() == chr(code), hex(code)


def test_names() -> None:
    assert property_set("Lu") == property_set("Uppercase_Letter") == property_set("gc=Lu")
    assert property_set("General_Category=Uppercase_Letter") == property_set("Lu")
    assert property_set("Script=Latin") == property_set("sc=Latn") == property_set("Script=Latn")
    assert property_set("Any") == ALL
    assert property_set("ASCII") == ((0, 127),)
    assert property_set("Assigned") == complement(property_set("Cn") or ())
    assert property_set("LC") == property_set("Cased_Letter")
    for name in (
        "",
        "Nope",
        "lu",
        "Latin",
        "Script=Klingon",
        "Script_Extensions=Latn",
        "gc=",
        "=Lu",
        "InBasicLatin",
        "l",
    ):
        assert property_set(name) is None, name


def test_scripts_and_binary_properties() -> None:
    latin, greek, han = (property_set(f"Script={name}") or () for name in ("Latin", "Greek", "Han"))
    assert all(contains(latin, ord(char)) for char in "azAZéßªº\ufb01Ａ")
    assert not any(contains(latin, ord(char)) for char in "α1µ-\u0301")
    assert all(contains(greek, ord(char)) for char in "αΩϗἀ")
    assert all(contains(han, ord(char)) for char in "漢字々〇𠀀")
    assert not any(contains(han, ord(char)) for char in "かカ。")
    alphabetic = property_set("Alphabetic") or ()
    letters = members(property_set("L") or ()) | members(property_set("Nl") or ())
    assert letters <= members(alphabetic)
    assert size(property_set("White_Space") or ()) == 25
    assert members(property_set("Uppercase") or ()) >= members(property_set("Lu") or ())
