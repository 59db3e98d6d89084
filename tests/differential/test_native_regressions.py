"""Disagreements once found between the native core and the reference, minimised: each is one grammar, one text, some tokens.

Example: the schema with the optional property `b` and the property `é` that may not come yet allowed the token `\\u00E`,
which only `é` continues: a dead end. A case is compared after every byte of its text, on all bytes and the tokens listed.
"""

from functools import lru_cache

import pytest

import constrain
from constrain.automaton.engine import is_native, token_engine
from constrain.limits import Limits
from constrain.vocabulary import Vocabulary
from tests.differential.walks import masks_agree, pair, row_is_steps

pytestmark = pytest.mark.skipif(not is_native(), reason="the native core was not compiled")


@lru_cache
def bytes_and(*tokens: bytes) -> Vocabulary:
    return Vocabulary([*(bytes([byte]) for byte in range(256)), *tokens, None], [256 + len(tokens)])


def check_after_every_byte(constraint: constrain.Constraint, text: bytes, *tokens: bytes) -> None:
    vocabulary = bytes_and(*tokens)
    both = pair(constraint.grammar, vocabulary)
    state, other = both.core.start, both.reference.start
    for n, byte in enumerate(text):
        masks_agree(both.core, both.reference, state, other, vocabulary, text[:n])
        row_is_steps(both.core, vocabulary, state, text[:n])
        state, other = both.core.step(state, byte), both.reference.step(other, byte)
        assert state != -1, f"the text of this case is wrong from byte {n} on"
    masks_agree(both.core, both.reference, state, other, vocabulary, text)
    row_is_steps(both.core, vocabulary, state, text)


@pytest.mark.parametrize(
    ("pattern", "tokens"),
    [
        (r"[a-zA-Z]{2,30}[0-9]{2,3}x", (b"aa12345x", b"12345", b"aa12x", b"a12x", b"x123456")),
        (r"[a-zA-Z]+-[a-z]{3,5}!", (b"aa-aaaaaaa!", b"-aaaaaaa!", b"-aaa!", b"a-aaa!")),
        (r"[a-zA-Z]{2,}-[a-z]{3,5}!", (b"aa-aaaaaaa!", b"aa-aaa!", b"aa-aa!", b"a-aaa")),
        (r"([a-z]{2,30};){1,3}", (b"aa;bb;", b"aa;b;", b"aa;bb;cc;", b"aa;bb;cc;dd;")),
    ],
)
def test_two_counters_in_one_lexeme(pattern, tokens):
    """What a token adds to the second counter was added to the first, and the second had no bounds."""
    check_after_every_byte(constrain.regex(pattern), b"", *tokens)


@pytest.mark.parametrize(
    ("later", "tokens"),
    [("é", (b"\\u00", b"\\u00E", b"\\u00e9")), ("😀", (b"\\uD8", b"\\ud83d", b"\\ud83d\\ude")), ("n", (b"\\u006",))],
)
def test_half_an_escape_of_a_name_that_may_not_come(later, tokens):
    """Digits of an escape belong to the names they can spell, not to all that begin here."""
    schema = {
        "properties": {"M": {}, later: {}},
        "required": [later],
        "minProperties": 2,
        "additionalProperties": False,
        "type": "object",
    }

    check_after_every_byte(constrain.json_schema(schema, whitespace="compact"), b'{"\\u00', *tokens)


@pytest.mark.parametrize(
    "bounds", [{"minLength": 60, "maxLength": 63}, {"minLength": 2, "maxLength": 4}, {"maxLength": 63}]
)
@pytest.mark.parametrize("pattern", [r"^(\w+, )*\w+$", r"^(a+,)*a+$", r"^(?:ab|a)*a$"])
def test_a_repeated_word_is_not_one_character(pattern, bounds):
    """`a+,` was counted once where a length counts each of its characters."""
    tokens = [b"a" * n for n in (3, 4, 5, 60, 61, 62, 63, 64)]
    schema = {"type": "string", "pattern": pattern, **bounds}

    check_after_every_byte(constrain.json_schema(schema), b'"a', *tokens)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"^[a-z]*[0-9]?$", r"[A-Z]|^[a-m]*$"),
        (r"^[a-z]*$", r"[0-9]|^[a-m]*$"),
        (r"^[a-z]*[0-9][a-z]*$", r"[5-9]|^[a-m]*[0-3]*$"),
        (r"^[a-z]*$", r"^([a-z]*[0-9]|[a-m]*)$"),
    ],
)
def test_what_completes_one_pattern_is_forbidden_by_another(one, other):
    """Each pattern for itself can be completed after any letter, both together cannot."""
    schema = {"type": "string", "allOf": [{"pattern": one}, {"pattern": other}]}

    check_after_every_byte(constrain.json_schema(schema), b'"a', b"z", b"az", b"zz", b"ab", b"a5")


@pytest.mark.parametrize("most", [1, 2, 3, 5, 64])
def test_long_tokens_that_complete_an_open_pattern_themselves(most):
    tokens = [b"x" * n + b"a" for n in (0, 1, 2, 3, 4, 5, 62, 63, 64)] + [b"x" * n for n in (2, 3, 4, 5, 63, 64)]
    schema = {"type": "string", "pattern": "a", "maxLength": most}

    check_after_every_byte(constrain.json_schema(schema), b'"', *tokens)


@pytest.mark.parametrize("order", ["schema", "any"])
@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "minProperties": 3, "additionalProperties": {"type": "integer"}},
        {"properties": {"a": {"type": "string"}, "b": {"type": "string", "minLength": 5}}, "required": ["a", "b"]},
        {"type": "array", "items": {"type": "object", "required": ["é"]}, "minItems": 2},
        True,
    ],
    ids=str,
)
def test_a_way_out_is_found_although_a_byte_is_missing(schema, order):
    """The search took states in order: all names, with all values, before the second member."""
    singles = [bytes([byte]) for byte in range(256) if byte != 0xC3]
    vocabulary = Vocabulary([*singles, b'":', b"name", b"[[[[", None], [len(singles) + 3])
    limits = Limits(search=3_000, step_seconds=60)
    core = token_engine(constrain.json_schema(schema, property_order=order).grammar, vocabulary, limits)
    for text in (b"", b"{", b'{"', b'{"x', b'{"x":', b"[", b'[{"'):
        state, offset = core.run_bytes(core.start, text)
        if offset == len(text):
            row_is_steps(core, vocabulary, state, text)


@pytest.mark.parametrize("used", ["a", "b1x", "bx"])
def test_classes_of_which_a_used_name_is_all_that_is_left(used):
    """An escape, or the beginning of a name, after which the class holds nothing but the name that was used."""
    schema = {"type": "object", "patternProperties": {"^(a|b[0-9]*x)$": {}}, "additionalProperties": False}
    tokens = (b"\\u0061", b"\\u006", b"\\u00", b"b1x", b"b1", b'a":', b'b1x":', b'":1,"', b'":1,"a', b"bx", b'bx"')

    for text in (f'{{"{used}":1,"', f'{{"{used}":1,"bx' if used != "bx" else '{"bx":1,"b1'):
        check_after_every_byte(constrain.json_schema(schema, whitespace="compact"), text.encode(), *tokens)
