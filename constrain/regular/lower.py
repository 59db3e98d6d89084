"""From characters to bytes: every character becomes its UTF-8 bytes, or all its spellings inside a JSON string.

Problem: patterns, lengths, intersections and complements are meant over characters, and the automaton runs over
bytes. Lowering is a homomorphism: it replaces each `chars(set)` by the bytes of one character out of the set and
keeps every operator, so `repeat(chars(S), m, n)` stays one counted repeat of one character.

Worked example: `é` (U+00E9) is the bytes `C3 A9` in UTF-8. Inside a JSON string it is `C3 A9`, or a backslash, `u`,
`00`, then `E9` or `e9`: each hexadecimal digit in either case. U+1F600 is `F0 9F 98 80` or the twelve bytes of the
escaped surrogate pair `d83d`, `de00`. A quotation mark has no raw spelling; a solidus has three spellings.

Invariants:
- `lower(t)` contains well-spelled text only: no overlong or truncated UTF-8, no surrogate alone, no raw control
  character, quotation mark or backslash in a JSON string. Complement keeps this by intersecting with all such text.
- What one character becomes is prefix-free, so a well-spelled text decodes in one way and `lower` commutes with
  intersection and complement.
- Equal character sets lower to the same term object; `ANY_CHAR` becomes `UTF8_CHAR` or `JSON_CHAR`.

Source: RFC 3629 (UTF-8), RFC 8259 section 7 (JSON strings); Cox, "Regular Expression Matching in the Wild" (2010) for
splitting ranges into byte sequences. Rejected: one sequence per range, which repeats the tails; here the leading
bytes are grouped by equal tails, so a class with hundreds of ranges stays a small tree.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from constrain.core.charset import CharSet, intersect
from constrain.regular.term import (
    ANY_CHAR,
    Kind,
    Term,
    alt,
    both,
    byteset,
    concat,
    literal,
    negate,
    repeat,
    respelled,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["JSON_CHAR", "JSON_TEXT", "UTF8_CHAR", "UTF8_TEXT", "lower_json", "lower_utf8"]

_Form = Literal["utf8", "json"]
_ONE_BYTE: CharSet = ((0, 0x7F),)
_MANY_BYTES: CharSet = ((0x80, 0x10FFFF),)
_LENGTHS = ((0x80, 0x7FF, 11, 0xC0), (0x800, 0xFFFF, 16, 0xE0), (0x10000, 0x10FFFF, 21, 0xF0))
_SHORT = {0x22: '"', 0x5C: "\\", 0x2F: "/", 0x08: "b", 0x0C: "f", 0x0A: "n", 0x0D: "r", 0x09: "t"}
_RAW: CharSet = ((0x20, 0x21), (0x23, 0x5B), (0x5D, 0xD7FF), (0xE000, 0x10FFFF))
_BASIC: CharSet = ((0, 0xFFFF),)
_ASTRAL: CharSet = ((0x10000, 0x10FFFF),)
_HEX = tuple(1 << ord(f"{v:x}") | 1 << ord(f"{v:X}") for v in range(16))


def lower_utf8(term: Term) -> Term:
    """Return the UTF-8 bytes of a term over characters. Raises `ValueError` if it is already over bytes."""
    return term.utf8 or _lower(term, "utf8")


def lower_json(term: Term) -> Term:
    """Return all spellings of a term over characters inside a JSON string, without the quotation marks.

    Raises `ValueError` if the term is already over bytes.
    """
    return term.json or _lower(term, "json")


_NARY = frozenset({Kind.CONCAT, Kind.ALT, Kind.AND})
_UNARY = frozenset({Kind.REPEAT, Kind.NOT})


def _lower(term: Term, form: _Form) -> Term:
    """Lower bottom-up with a stack of its own: terms may be nested deeper than Python recurses."""
    json = form == "json"
    character = _json_character if json else _utf8_character
    stack = [term]
    while stack:
        top = stack[-1]
        lowered = top.json if json else top.utf8
        if lowered is None:
            kind = top.kind
            parts: tuple[Term, ...] = top.args if kind in _NARY else top.args[:1] if kind in _UNARY else ()
            children = [done for t in parts if (done := t.json if json else t.utf8) is not None]
            if len(children) < len(parts):
                stack.extend(t for t in parts if (t.json if json else t.utf8) is None)
                continue
            lowered = _lower_one(top, form, children, character)
            if json:
                top.json = lowered
            else:
                top.utf8 = lowered
        stack.pop()
    assert lowered is not None
    return lowered


def _lower_one(term: Term, form: _Form, children: list[Term], character: Callable[[CharSet], Term]) -> Term:
    kind, args = term.kind, term.args
    if kind is Kind.CHARS:
        return character(args[0])
    if kind is Kind.WORDS and args[0] == "text":
        return respelled(term, form)
    if kind is Kind.CONCAT:
        return concat(*children)
    if kind is Kind.ALT:
        return alt(*children)
    if kind is Kind.REPEAT:
        return repeat(children[0], args[1], args[2])
    if kind is Kind.NOT:
        return both(repeat(character(ANY_CHAR.args[0])), negate(children[0]))
    if kind is Kind.AND:
        # A conjunct that is not a complement is well spelled already, so complements beside it need no guard.
        if any(part.kind is not Kind.NOT for part in term.args):
            spelled = repeat(character(ANY_CHAR.args[0]))
            children = [
                lowered if part.kind is not Kind.NOT else _without(lowered, spelled)
                for part, lowered in zip(args, children, strict=True)
            ]
        return both(*children)
    if kind in (Kind.NOTHING, Kind.EPSILON):
        return term
    message = f"a term over characters was expected, this is already over bytes: {term!r}"
    raise ValueError(message)


def _without(conjunction: Term, part: Term) -> Term:
    """Return the conjunction without one of its conjuncts."""
    if conjunction.kind is Kind.AND:
        return both(*(t for t in conjunction.args if t is not part))
    return conjunction


# ---- UTF-8 -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=16384)
def _utf8_character(charset: CharSet) -> Term:
    """Return the UTF-8 bytes of one character of the set."""
    ascii_part = intersect(charset, _ONE_BYTE)
    return alt(byteset(_mask(ascii_part, 0)), _utf8_sequences(intersect(charset, _MANY_BYTES)))


@lru_cache(maxsize=4096)
def _utf8_sequences(charset: CharSet) -> Term:
    """Return the UTF-8 bytes of one character beyond ASCII: most classes differ in their ASCII part only."""
    options = []
    for low, high, bits, lead in _LENGTHS:
        part = intersect(charset, ((low, high),))
        if part:
            options.append(_digits(part, bits, 6, lead))
    return alt(*options)


def _mask(charset: CharSet, offset: int) -> int:
    mask = 0
    for low, high in charset:
        mask |= ((1 << (high - low + 1)) - 1) << (low + offset)
    return mask


@lru_cache(maxsize=16384)
def _digits(ranges: CharSet, bits: int, width: int, lead: int) -> Term:
    """Return numbers of `bits` bits written as digits of `width` bits, most significant first.

    `width` 6: UTF-8, the first digit as byte `lead` + digit and the others as 0x80 + digit. `width` 4: hexadecimal.
    """
    low_bits = (bits - 1) // width * width  # bits below the first digit
    if low_bits == 0:
        return byteset(_mask(ranges, lead) if width == 6 else _hex_mask(ranges))
    limit = (1 << low_bits) - 1
    tails: dict[int, list[tuple[int, int]]] = {}
    for low, high in ranges:
        first, last = low >> low_bits, high >> low_bits
        for digit in range(first, last + 1):
            part = (low & limit if digit == first else 0, high & limit if digit == last else limit)
            tails.setdefault(digit, []).append(part)
    groups: dict[CharSet, int] = {}
    for digit, parts in tails.items():
        key = tuple(parts)
        groups[key] = groups.get(key, 0) | (1 << (lead + digit) if width == 6 else _HEX[digit])
    rest = 0x80 if width == 6 else 0
    return alt(*(concat(byteset(mask), _digits(key, low_bits, width, rest)) for key, mask in groups.items()))


# ---- JSON strings --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=16384)
def _json_character(charset: CharSet) -> Term:
    """Return every spelling of one character of the set inside a JSON string."""
    short = byteset(sum(1 << ord(name) for code, name in _SHORT.items() if _has(charset, code)))
    numbers: list[Term] = []
    basic = intersect(charset, _BASIC)
    if basic:
        numbers.append(_digits(basic, 16, 4, 0))
    astral = intersect(charset, _ASTRAL)
    if astral:
        numbers.append(_pairs(astral))
    escapes = alt(short, concat(literal(b"u"), alt(*numbers)))
    return alt(_utf8_character(intersect(charset, _RAW)), concat(literal(b"\\"), escapes))


@lru_cache(maxsize=4096)
def _pairs(astral: CharSet) -> Term:
    """Return the surrogate pairs of characters beyond U+FFFF: four digits, backslash and u, four digits."""
    lows_by_high: dict[int, list[tuple[int, int]]] = {}
    for low, high in astral:
        first, last = (low - 0x10000) >> 10, (high - 0x10000) >> 10
        for unit in range(first, last + 1):
            part = (low & 0x3FF if unit == first else 0, high & 0x3FF if unit == last else 0x3FF)
            lows_by_high.setdefault(unit, []).append((part[0] + 0xDC00, part[1] + 0xDC00))
    highs: dict[CharSet, list[tuple[int, int]]] = {}
    for unit, parts in lows_by_high.items():
        runs = highs.setdefault(tuple(parts), [])
        if runs and runs[-1][1] == unit + 0xD7FF:
            runs[-1] = (runs[-1][0], unit + 0xD800)
        else:
            runs.append((unit + 0xD800, unit + 0xD800))
    return alt(
        *(
            concat(_digits(tuple(runs), 16, 4, 0), literal(b"\\u"), _digits(lows, 16, 4, 0))
            for lows, runs in highs.items()
        )
    )


def _has(charset: CharSet, code: int) -> bool:
    return any(low <= code <= high for low, high in charset)


def _hex_mask(ranges: CharSet) -> int:
    mask = 0
    for low, high in ranges:
        for digit in range(low, high + 1):
            mask |= _HEX[digit]
    return mask


UTF8_CHAR = lower_utf8(ANY_CHAR)
"""One character in UTF-8."""
JSON_CHAR = lower_json(ANY_CHAR)
"""One character of a JSON string in any legal spelling."""
UTF8_TEXT = repeat(UTF8_CHAR)
JSON_TEXT = repeat(JSON_CHAR)
"""Any text, spelled well: what complement is taken in."""
