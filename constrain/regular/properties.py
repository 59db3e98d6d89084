r"""Named sets of characters: `\p{...}`, the classes of Python's `re`, and closure under case.

Problem: a pattern names sets (`\p{Lu}`, `\p{Script=Greek}`, `\w`) and may ignore case; the parser wants plain sets.

Worked example: `property_set("Nd")` has 650 characters in Unicode 14, `0` to `9` first; `fold({k}, "ecma")` is
`{k, K, U+212A}`, the last being the Kelvin sign.

What is known: the general categories by short and long name and their groups (`Lu`, `Uppercase_Letter`, `L`, ...), also
as `General_Category=` or `gc=`; `Any`, `Assigned`, `ASCII`; the binary properties and scripts listed in
`unicode_tables` (scripts as `Script=`, `sc=`; not `Script_Extensions`). Any other name gives None and the parser
refuses it.

Source: UTS 18; ECMA-262, table "Binary Unicode property aliases"; Python's `re`. Rejected: computing the sets at import
from `unicodedata`: they would change with the interpreter, and take 150 ms.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from constrain.core.charset import ALL, CharSet, complement, make, union

__all__ = ["ECMA_SPACE", "Folding", "fold", "property_set", "python_space", "python_word"]

Folding = Literal["ecma", "python"]

ECMA_SPACE: CharSet = make(
    (low, high)
    for low, high in (
        *((0x9, 0xD), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029)),
        *((0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)),
    )
)
r"""`\s` of ECMA-262: WhiteSpace and LineTerminator."""

_LONG = {
    "Cased_Letter": "LC", "Close_Punctuation": "Pe", "Connector_Punctuation": "Pc", "Control": "Cc", "cntrl": "Cc",
    "Currency_Symbol": "Sc", "Dash_Punctuation": "Pd", "Decimal_Number": "Nd", "digit": "Nd", "Enclosing_Mark": "Me",
    "Final_Punctuation": "Pf", "Format": "Cf", "Initial_Punctuation": "Pi", "Letter": "L", "Letter_Number": "Nl",
    "Line_Separator": "Zl", "Lowercase_Letter": "Ll", "Mark": "M", "Combining_Mark": "M", "Math_Symbol": "Sm",
    "Modifier_Letter": "Lm", "Modifier_Symbol": "Sk", "Nonspacing_Mark": "Mn", "Number": "N", "Open_Punctuation": "Ps",
    "Other": "C", "Other_Letter": "Lo", "Other_Number": "No", "Other_Punctuation": "Po", "Other_Symbol": "So",
    "Paragraph_Separator": "Zp", "Private_Use": "Co", "Punctuation": "P", "punct": "P", "Separator": "Z",
    "Space_Separator": "Zs", "Spacing_Mark": "Mc", "Symbol": "S", "Titlecase_Letter": "Lt", "Unassigned": "Cn",
    "Uppercase_Letter": "Lu",
}  # fmt: skip
_BINARY_SHORT = {
    "Alpha": "Alphabetic", "DI": "Default_Ignorable_Code_Point", "EPres": "Emoji_Presentation", "Hex": "Hex_Digit",
    "ExtPict": "Extended_Pictographic", "IDC": "ID_Continue", "IDS": "ID_Start", "Ideo": "Ideographic",
    "Lower": "Lowercase", "Upper": "Uppercase", "space": "White_Space", "XIDC": "XID_Continue", "XIDS": "XID_Start",
}  # fmt: skip


@lru_cache(maxsize=256)
def property_set(name: str) -> CharSet | None:
    r"""Return the set that `\p{name}` means, or None if the name is unknown."""
    from constrain.regular import unicode_tables as tables  # 150 kB that few patterns need

    key, equals, value = name.partition("=")
    if equals:
        if key in ("Script", "sc"):
            return _flat(tables.SCRIPTS.get(tables.SCRIPT_NAMES.get(value, value)))
        return _category(value) if key in ("General_Category", "gc") else None
    if name == "Any":
        return ALL
    if name == "ASCII":
        return ((0, 0x7F),)
    if name == "Assigned":
        return complement(_category("Cn") or ())
    binary = tables.BINARY.get(_BINARY_SHORT.get(name, name))
    return _category(name) if binary is None else _flat(binary)


def _category(name: str) -> CharSet | None:
    from constrain.regular import unicode_tables as tables

    name = _LONG.get(name, name)
    if name == "LC":
        return union(*(_flat(tables.CATEGORIES[part]) or () for part in ("Lu", "Ll", "Lt")))
    if name in ("C", "Cn"):
        unassigned = complement(union(*(_flat(ranges) or () for ranges in tables.CATEGORIES.values())))
        if name == "Cn":
            return unassigned
        return union(unassigned, *(_flat(tables.CATEGORIES[part]) or () for part in ("Cc", "Cf", "Co")))
    if len(name) == 1:
        parts = [_flat(ranges) or () for key, ranges in tables.CATEGORIES.items() if key[0] == name]
        return union(*parts) if parts else None
    return _flat(tables.CATEGORIES.get(name))


def _flat(text: str | None) -> CharSet | None:
    """Read a set as `unicode_tables` writes it."""
    if text is None:
        return None
    numbers = [int(number, 16) for number in text.split()]
    out = []
    position = 0
    for skipped, more in zip(numbers[::2], numbers[1::2], strict=True):
        low = position + skipped
        out.append((low, low + more))
        position = low + more + 1
    return tuple(out)


@lru_cache(maxsize=1)
def python_word() -> CharSet:
    r"""Return `\w` of Python's `re` on text: letters, everything numeric, and the underscore."""
    from constrain.regular import unicode_tables as tables

    return _flat(tables.PYTHON_WORD) or ()


@lru_cache(maxsize=1)
def python_space() -> CharSet:
    r"""Return `\s` of Python's `re` on text."""
    from constrain.regular import unicode_tables as tables

    return _flat(tables.PYTHON_SPACE) or ()


@lru_cache(maxsize=1024)
def fold(charset: CharSet, folding: Folding) -> CharSet:
    """Return the characters that equal one of `charset` without regard to case."""
    extra = [range_ for group in _orbits(folding) if _meets(charset, group) for range_ in _ranges(group)]
    return union(charset, make(extra)) if extra else charset


@lru_cache(maxsize=2)
def _orbits(folding: Folding) -> tuple[tuple[int, ...], ...]:
    from constrain.regular import unicode_tables as tables

    own = tables.PYTHON_ORBITS if folding == "python" else tables.ECMA_ORBITS
    return tuple(tuple(ord(char) for char in orbit) for orbit in (tables.COMMON_ORBITS + " " + own).split())


def _meets(charset: CharSet, group: tuple[int, ...]) -> bool:
    for low, high in charset:
        for code in group:
            if low <= code <= high:
                return True
    return False


def _ranges(group: tuple[int, ...]) -> list[tuple[int, int]]:
    return [(code, code) for code in group]
