r"""regex: a syntactically valid regular expression of ECMA-262.

Worked example: `^(a|[0-9]{2,3})+?$` and `\p{Lu}` are valid; `(a`, `[z-a]`, `a{3,2}` and `*a` are not.

Valid means valid with the u flag, under which every stray bracket and unknown escape is an error: such a pattern is
valid without the flag too, save for `\u{...}` and `\p{...}`.

Nesting is context-free, and some early errors compare what lies far apart, so this is a regular part of the language.
Narrower than the specification:
- groups nested at most four deep;
- no named groups and no references (`\1`, `\k<n>`), whose validity depends on the rest of the pattern; no `\0`;
- `{n,m}` with n shorter than m, or both with the same one or two digits and n <= m;
- ranges in classes start at an ASCII character, raw or escaped, or are `\xHH-\xHH` or `\uHHHH-\uHHHH` whose first
  digits (not counting equal leading zeros) increase; a hyphen that means itself comes first or last, or escaped;
- `\p{...}` with the short names of general categories and a few binary properties.
"""

from __future__ import annotations

from constrain.core.charset import complement, make
from constrain.frontends.jsonschema.formats.notation import DIGIT, HEX, charset, many, one_of, optional
from constrain.regular.term import EPSILON, Term, alt, chars, concat, repeat, text, words

__all__ = ["pattern"]

DEPTH = 4
SYNTAX = "^$\\.*+?()[]{}|/"
PROPERTIES = (
    "L", "LC", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf",
    "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs", "C", "Cc", "Cf", "Cn", "Co",
    "ASCII", "Alphabetic", "Any", "Lowercase", "Uppercase", "White_Space",
)  # fmt: skip


def pattern() -> Term:
    """Return Pattern with the u flag, as far as described above."""
    atom, repeated = _atom(), optional(_quantifier())
    disjunction: Term = EPSILON
    for depth in range(DEPTH + 1):
        piece = concat(atom, repeated)
        if depth:
            group = concat(text("("), optional(text("?:")), disjunction, text(")"))
            around = concat(words(["(?=", "(?!", "(?<=", "(?<!"], "text"), disjunction, text(")"))
            piece = alt(concat(alt(atom, group), repeated), around)
        disjunction = many(alt(piece, words(["^", "$", "|", "\\b", "\\B"], "text")))
    return disjunction


def _atom() -> Term:
    ordinary = chars(complement(charset("^$\\.*+?()[]{}|")))
    escaped = concat(text("\\"), chars(charset(SYNTAX)))
    return alt(ordinary, text("."), escaped, _set_escape(), _character_escape(), _class())


def _set_escape() -> Term:
    named = concat(one_of("pP"), text("{"), words(PROPERTIES, "text"), text("}"))
    return concat(text("\\"), alt(one_of("dDsSwW"), named))


def _character_escape() -> Term:
    code_point = concat(
        text("{"), many(text("0")), alt(repeat(HEX, 1, 5), concat(text("10"), repeat(HEX, 4, 4))), text("}")
    )
    return concat(
        text("\\"),
        alt(
            one_of("fnrtv"),
            concat(text("c"), one_of("A-Za-z")),
            concat(text("x"), HEX, HEX),
            concat(text("u"), alt(repeat(HEX, 4, 4), code_point)),
        ),
    )


def _quantifier() -> Term:
    number = alt(text("0"), concat(one_of("1-9"), many(DIGIT)))
    braces = concat(text("{"), alt(concat(number, optional(text(","))), _ordered_counts()), text("}"))
    return concat(alt(one_of("*+?"), braces), optional(text("?")))


def _ordered_counts() -> Term:
    """Return "n,m" with n <= m: n of one or two digits, or shorter than m (up to nine digits)."""
    options: list[Term] = []
    for shorter in range(1, 9):
        head = DIGIT if shorter == 1 else concat(one_of("1-9"), repeat(DIGIT, shorter - 1, shorter - 1))
        options.append(concat(head, text(","), one_of("1-9"), repeat(DIGIT, shorter, 9)))
    options.extend(concat(text(f"{n},"), one_of(f"{n}-9")) for n in range(10))
    for tens in range(1, 10):
        higher = concat(one_of(f"{tens + 1}-9"), DIGIT) if tens < 9 else None
        for ones in range(10):
            same = concat(text(str(tens)), one_of(f"{ones}-9"))
            options.append(concat(text(f"{tens}{ones},"), alt(same, higher) if higher else same))
    return alt(*options)


def _class() -> Term:
    atom = alt(chars(complement(charset("\\]-"))), concat(text("\\"), chars(charset(SYNTAX + "-"))))
    single = alt(atom, _set_escape(), _character_escape(), text("\\b"))
    hyphen = optional(text("-"))
    return concat(text("["), optional(text("^")), hyphen, many(alt(single, _range())), hyphen, text("]"))


def _range() -> Term:
    raw = {code: chars(make([(code, code)])) for code in range(0x20, 0x7F) if chr(code) not in "\\]-"}
    escaped = {ord(c): concat(text("\\"), text(c)) for c in SYNTAX + "-"}
    spelled = {c: alt(*(t[c] for t in (raw, escaped) if c in t)) for c in range(0x20, 0x7F)}
    above: Term = chars(make([(0x7F, 0x10FFFF)]))
    options: list[Term] = []
    for code in range(0x7E, 0x1F, -1):
        above = alt(spelled[code], above)
        options.append(concat(spelled[code], text("-"), above))
    options.append(_hexadecimal_range("\\x", 2))
    options.append(_hexadecimal_range("\\u", 4))
    return alt(*options)


def _hexadecimal_range(head: str, width: int) -> Term:
    """Return ranges whose first digits that are not both zero increase."""
    options: list[Term] = []
    for zeros in range(width):
        rest = repeat(HEX, width - zeros - 1, width - zeros - 1)
        for digit in range(15):
            if width == 4 and digit == 13 and not zeros:
                continue  # a low surrogate may belong to the character before it
            low, high = f"{digit:x}", "".join(f"{d:x}" for d in range(digit + 1, 16))
            options.append(
                concat(
                    text(head + "0" * zeros), chars(charset(low + low.upper())), rest,
                    text("-" + head + "0" * zeros), chars(charset(high + high.upper())), rest,
                )
            )  # fmt: skip
    return alt(*options)
