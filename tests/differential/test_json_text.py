"""The schema `true` accepts exactly JSON text: compared with lark on the shipped grammar, and with the json module.

Where we are stricter than RFC 8259 the oracle is made stricter too, by looking at the parsed value: a name may not come
twice in an object, and a lone surrogate is no character.
"""

import json

import lark
import pytest
from hypothesis import given
from hypothesis import strategies as st

import constrain
from constrain import assets

ANY = constrain.json_schema(True, whitespace="any", property_order="any")
PARSER = lark.Lark(assets.read("grammars", "json"), parser="lalr")

SPACE = st.sampled_from(["", "", "", " ", "\n", "\t\r\n  "])
CHARACTER = st.one_of(
    st.characters(exclude_categories=["Cs"], exclude_characters='"\\', min_codepoint=0x20),
    st.sampled_from([r"\"", r"\\", r"\/", r"\b", r"\f", r"\n", r"\r", r"\t", r"\u0061", r"\uD83D\uDE00", r"\u00e9"]),
    st.sampled_from(["\\", "\x00", "\n", '"', r"\x", r"\u12", r"\ud800", r"\uDC00", "\x7f", "\u2028"]),
)
STRING = st.lists(CHARACTER, max_size=5).map(lambda parts: f'"{"".join(parts)}"')
NUMBER = st.from_regex(r"-?[0-9]{1,3}(\.[0-9]{0,2})?([eE][+-]?[0-9]{0,2})?", fullmatch=True, alphabet="0123456789.eE+-")
SCALAR = st.one_of(STRING, NUMBER, st.sampled_from(["true", "false", "null", "True", "nul", "NaN", ""]))


def _nested(inner):
    spaced = st.tuples(SPACE, inner, SPACE).map("".join)
    member = st.tuples(SPACE, st.one_of(STRING, st.sampled_from(['"a"', '"b"', r'"\u0061"'])), SPACE, spaced)
    return st.one_of(
        st.lists(spaced, max_size=3).map(lambda items: f"[{','.join(items)}]"),
        st.lists(member, max_size=3).map(lambda items: "{" + ",".join(f"{a}{b}{c}:{d}" for a, b, c, d in items) + "}"),
    )


TEXT = st.tuples(SPACE, st.recursive(SCALAR, _nested, max_leaves=8), SPACE).map("".join)


def _is_json(text):
    """RFC 8259, and no name twice in an object, and no lone surrogate."""
    try:
        PARSER.parse(text)
    except lark.exceptions.LarkError:
        return False
    twice = False

    def pairs(members):
        nonlocal twice
        names = [name for name, _ in members]
        twice = twice or len(set(names)) < len(names)
        return members

    value = json.loads(text, object_pairs_hook=pairs)
    return not twice and not any("\ud800" <= char <= "\udfff" for char in json.dumps(value, ensure_ascii=False))


@given(TEXT)
def test_what_we_accept_is_json_text(text):
    assert ANY.matches(text.encode()) == _is_json(text)


@given(TEXT, st.data())
def test_one_change_anywhere(text, data):
    place = data.draw(st.integers(0, len(text)))
    put = data.draw(st.sampled_from(["", *'{}[]",:\\ 0.eE-+tn\n\x00é']))
    changed = text[:place] + put + text[place + data.draw(st.integers(0, 1)) :]

    assert ANY.matches(changed.encode()) == _is_json(changed)


@given(TEXT, st.data())
def test_every_beginning_of_json_text_can_be_finished(text, data):
    beginning = text.encode()[: data.draw(st.integers(0, len(text.encode())))]

    if ANY.matches(text.encode()):
        assert ANY.check(beginning, partial=True) is None


@pytest.mark.parametrize(
    "text", ["", " ", "01", "-", "1.", ".5", "1e", "[1,]", "{,}", '{"a":1,}', "[1 2]", "'a'", "[", "1 1"]
)
def test_well_known_mistakes(text):
    assert not _is_json(text)
    assert not ANY.matches(text.encode())
