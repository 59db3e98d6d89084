"""The excerpt: the caret stands under the byte that is wrong, whatever stands around it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constrain.cli.excerpt import excerpt, printable


def _columns(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        (b'{"age": -1}', 8, '{"age": -1}', 8),
        (b"", 0, "", 0),
        (b"ab", 2, "ab", 2),
        (b"one\ntwo\nthree", 5, "two", 1),
        (b"one\ntwo", 3, "one", 3),
        (b"\ttab", 1, " tab", 1),
        ("日本x".encode(), 6, "日本x", 4),
        ("e\u0301x".encode(), 3, "e\u0301x", 1),
        (b"a\x1b[31mb", 1, "a\u241b[31mb", 1),
        (b"a\xffb", 2, "a\ufffdb", 2),
    ],
)
def test_line_and_caret(text, offset, line, column):
    assert excerpt(text, offset, indent="") == f"{line}\n{' ' * column}^"


def test_a_long_line_is_cut_around_the_place():
    shown, caret = excerpt(b"a" * 1_000 + b"X" + b"b" * 1_000, 1_000, indent="").split("\n")

    assert shown.startswith("…a")
    assert shown.endswith("b…")
    assert shown[len(caret) - 1] == "X"
    assert len(shown) < 120


def test_a_megabyte_on_one_line_is_cut_too():
    shown, caret = excerpt(b'"' + "é".encode() * 500_000 + b"\x00" + b"z" * 500_000, 1_000_001, indent="").split("\n")

    assert shown[len(caret) - 1] == "\u2400"
    assert len(shown) < 120


@given(st.binary(max_size=600), st.data())
def test_there_are_two_lines_and_nothing_a_terminal_acts_on(text, data):
    offset = data.draw(st.integers(0, len(text)))

    line, caret = excerpt(text, offset).split("\n")

    assert line.isprintable()
    assert caret.strip(" ") == "^"


@given(st.text(st.characters(categories=["L", "N", "P", "Lo"]), max_size=300), st.data())
def test_the_caret_stands_under_the_character(text, data):
    place = data.draw(st.integers(0, len(text)))
    before, after = text[:place], text[place:]

    line, caret = excerpt(f"{before}{after}".encode(), len(before.encode()), indent="").split("\n")

    width = len(caret) - 1
    head = next(line[:n] for n in range(len(line) + 1) if _columns(line[:n]) == width and _ends(line[n:], after))
    assert head.removeprefix("…") == before[len(before) - len(head.removeprefix("…")) :]


def _ends(tail, after):
    return tail == after or (tail.endswith("…") and after.startswith(tail[:-1]))


def test_printable_keeps_text():
    assert printable('{"ä": "日"}') == '{"ä": "日"}'
    assert printable("\r\n\x7f\u202e") == "\u240d\u240a\u2421\ufffd"
