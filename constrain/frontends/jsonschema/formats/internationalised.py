"""idn-hostname and idn-email: RFC 5890 to 5893 and RFC 6531.

Worked example: "l·l.example" is a host name in which the middle dot has an l on both sides; "a·l.example" is none.

A U-label holds characters that RFC 5892 derives as PVALID, computed here from the running Python's Unicode data, and
contextual ones where their rule is met; it begins with no combining mark, has no "--" in third and fourth place and
neither begins nor ends with a hyphen. If a label is written from right to left, all labels obey the rule of RFC 5893.

Narrower than the specification:
- a label with a non-ASCII character has at most 13 characters, and then the whole name at most 45: what counts is the
  size of its Punycode (63 and 253), which no regular term can measure (13 characters take up to 53);
- characters up to U+ABFF and Hangul syllables only; no Punycode labels (see `hosts`);
- the zero-width non-joiner between letters of Arabic and Persian without marks, or behind a virama;
- the katakana middle dot in labels of kana and Han alone;
- no mark that composes with a letter before it (the composed letter is the only normal form), and no two marks of
  nonzero combining class in a row (they would have to be in order).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from constrain.core.charset import CharSet, complement, intersect, make, union
from constrain.frontends.jsonschema.formats.hosts import (
    address_literal,
    internationalised_hostname,
    plain_label,
    quoted_pair,
)
from constrain.frontends.jsonschema.formats.notation import ALNUM, ALPHA, charset, listed, many, one_of, optional, some
from constrain.regular.term import ANY_CHAR, ANY_TEXT, Term, alt, both, chars, concat, repeat, text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["idn_email", "idn_hostname"]

LONGEST_LABEL = 13
LONGEST_NAME = 45
DOTS = ".\u3002\uff0e\uff61"
BLOCKS = ((0x80, 0x33FF), (0xA000, 0xABFF))
WHOLE = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3))  # Han and Hangul: all PVALID, all left to right
EXCEPTIONS = frozenset({0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007})
DISALLOWED = make(
    [
        (0x640, 0x640), (0x7FA, 0x7FA), (0x302E, 0x302F), (0x3031, 0x3035), (0x303B, 0x303B),
        # contextual characters, admitted below where their rule is met
        (0xB7, 0xB7), (0x375, 0x375), (0x5F3, 0x5F4), (0x30FB, 0x30FB), (0x200C, 0x200D),
        # default ignorable, combining marks for symbols, old Hangul
        (0x34F, 0x34F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x3164, 0x3164),
        (0x20D0, 0x20FF), (0x1100, 0x11FF), (0xA960, 0xA97F),
    ]
)  # fmt: skip
GREEK = make([(0x370, 0x373), (0x376, 0x377), (0x37B, 0x37D), (0x3AC, 0x3CE), (0x1F00, 0x1FBC)])
HEBREW = make([(0x5D0, 0x5EA)])
KANA_OR_HAN = make([(0x3041, 0x3096), (0x30A1, 0x30FA), (0x3400, 0x4DBF), (0x4E00, 0x9FFF)])
JOINING_BOTH = charset("\u0628\u062a-\u062e\u0633-\u063a\u0641-\u0647\u064a\u067e\u0686\u06a9\u06af\u06cc")
JOINING_RIGHT = charset("\u0627\u0629\u062f-\u0632\u0648")


@lru_cache(maxsize=1)
def _classes() -> dict[str, CharSet]:
    """Return the PVALID characters by bidirectional class, and four sets more.

    "valid" is all of them, "mark" the combining marks, "stacked" those of nonzero combining class, "virama" of class 9.
    """
    found: dict[str, list[tuple[int, int]]] = {"valid": list(WHOLE), "L": list(WHOLE)}
    found |= {"mark": [], "stacked": [], "virama": []}
    composing = _composing()
    for code in _candidates():
        if code in composing:
            continue
        char = chr(code)
        found["valid"].append((code, code))
        found.setdefault(unicodedata.bidirectional(char), []).append((code, code))
        if unicodedata.category(char) in {"Mn", "Mc"}:
            found["mark"].append((code, code))
        if unicodedata.combining(char):
            found["stacked"].append((code, code))
        if unicodedata.combining(char) == 9:
            found["virama"].append((code, code))
    return {name: intersect(make(ranges), complement(DISALLOWED)) for name, ranges in found.items()}


def _composing() -> frozenset[int]:
    """Return the characters that may merge with the one before them under normalisation."""
    second = set()
    for code in range(0x80, BLOCKS[0][1] + 1):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            second.add(int(parts[1], 16))
    return frozenset(second)


def _candidates() -> Iterator[int]:
    """Yield LetterDigits (RFC 5892, 2.1) that are stable (2.2), with the exceptions (2.6), and a-z, 0-9 and hyphen."""
    yield from b"abcdefghijklmnopqrstuvwxyz0123456789-"
    for low, high in BLOCKS:
        for code in range(low, high + 1):
            char = chr(code)
            if code in EXCEPTIONS:
                yield code
            elif unicodedata.category(char) in {"Ll", "Lu", "Lo", "Nd", "Lm", "Mn", "Mc"}:
                stable = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
                if stable == char:
                    yield code


def _of(*names: str) -> CharSet:
    return union(*(_classes().get(name, ()) for name in names))


def idn_hostname() -> Term:
    """Return internationalised host names, in the forms of all four dots."""
    return alt(internationalised_hostname(), both(_names(DOTS), repeat(ANY_CHAR, 1, LONGEST_NAME)))


def idn_email() -> Term:
    """Return Mailbox with the extensions of RFC 6531."""
    beyond = chars(complement(make([(0, 0x7F)])))
    atom = some(alt(one_of("A-Za-z0-9!#$%&'*+/=?^_`{|}~-"), beyond))
    quoted = concat(text('"'), many(alt(one_of(" !#-[]-~"), beyond, quoted_pair())), text('"'))
    sub_domain = concat(ALNUM, optional(concat(many(one_of("A-Za-z0-9-")), ALNUM)))
    names = both(_names("."), repeat(ANY_CHAR, 1, LONGEST_NAME))
    return concat(alt(listed(atom, "."), quoted), text("@"), alt(listed(sub_domain, "."), names, address_literal()))


def _names(dots: str) -> Term:
    """Return labels between `dots`: either all without right-to-left characters, or all by the rule of RFC 5893."""
    left = both(_left_to_right(), _shape(), _in_order())
    begins_left = concat(chars(intersect(_of("L"), complement(_of("mark")))), ANY_TEXT)
    ends_left = concat(ANY_TEXT, chars(_of("L", "EN")), many(chars(_of("NSM"))))
    strict = both(left, begins_left, ends_left)
    plain_strict = both(plain_label(), concat(ALPHA, ANY_TEXT))
    right = both(_right_to_left(), _shape(), _in_order())
    return alt(
        _between(alt(plain_label(), left, both(_kana(), _shape())), dots),
        _between(alt(plain_strict, strict, right), dots),
    )


def _between(label: Term, dots: str) -> Term:
    return concat(label, many(concat(one_of(dots), label)))


def _shape() -> Term:
    """Return what RFC 5891 (4.2.3.1) asks of hyphens, and the bound on the length."""
    solid = chars(complement(charset("-")))

    def rest(longest: int) -> Term:
        return optional(concat(repeat(ANY_CHAR, 0, longest - 1), solid))

    return alt(
        solid,
        concat(solid, solid),
        concat(solid, ANY_CHAR, solid, rest(LONGEST_LABEL - 3)),
        concat(solid, ANY_CHAR, text("-"), solid, rest(LONGEST_LABEL - 4)),
    )


def _in_order() -> Term:
    """Return what normal form C asks of marks, more strictly: each of nonzero class stands alone."""
    stacked = _of("stacked")
    other = chars(complement(stacked))
    return concat(many(alt(other, concat(chars(stacked), other))), optional(chars(stacked)))


def _left_to_right() -> Term:
    valid = intersect(_of("valid"), complement(_of("R", "AL", "AN")))
    unmarked = intersect(valid, complement(_of("mark")))
    catalan = concat(text("l"), some(text("\u00b7l")))
    keraia = concat(text("\u0375"), chars(intersect(GREEK, valid)))
    joined = concat(chars(intersect(_of("virama"), valid)), one_of("\u200c\u200d"))
    first = alt(chars(unmarked), catalan, keraia)
    return concat(first, many(alt(chars(valid), catalan, keraia, joined)))


def _right_to_left() -> Term:
    """Return labels by rules 1 to 4 of RFC 5893: European and Arabic digits do not meet."""
    letter = intersect(_of("R", "AL"), complement(_of("mark")))
    marks = many(chars(_of("NSM")))
    between = _of("R", "AL", "ES", "ON", "NSM")
    quoted = concat(chars(HEBREW), one_of("\u05f3\u05f4"))
    unjoined = concat(
        chars(JOINING_BOTH), many(concat(text("\u200c"), chars(JOINING_BOTH))), text("\u200c"),
        chars(union(JOINING_BOTH, JOINING_RIGHT)),
    )  # fmt: skip
    options = []
    for digits in (_of("EN"), _of("AN")):
        body = many(alt(chars(union(between, digits)), quoted, unjoined))
        last = alt(chars(union(letter, digits)), quoted, unjoined)
        options.append(concat(alt(chars(letter), quoted, unjoined), marks, optional(concat(body, last, marks))))
    return alt(*options)


def _kana() -> Term:
    dot_or_letter = many(chars(union(KANA_OR_HAN, charset("\u30fb"))))
    return concat(dot_or_letter, chars(KANA_OR_HAN), dot_or_letter)
