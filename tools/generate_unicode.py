"""Write constrain/regex/unicode_tables.py: character properties as ranges, and the orbits of case folding.

    python tools/generate_unicode.py > constrain/regex/unicode_tables.py

General categories, the classes behind Python's `\\w`, `\\d` and `\\s` and the case orbits come from the standard library
(`unicodedata`, `str` and `re`). Scripts and the other binary properties are not in the standard library; they are asked of an
ECMAScript engine (`node`), whose `\\p{...}` is what ECMA-262 means by them, and restricted to the characters that
`unicodedata` knows, so that the whole file speaks of one version of Unicode. The general categories of both are compared
and differences (characters whose category changed between versions) are reported.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import unicodedata

CODES = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
BINARY = (
    "Alphabetic",
    "Default_Ignorable_Code_Point",
    "Emoji",
    "Emoji_Presentation",
    "Extended_Pictographic",
    "Hex_Digit",
    "ID_Continue",
    "ID_Start",
    "Ideographic",
    "Lowercase",
    "Math",
    "Uppercase",
    "White_Space",
    "XID_Continue",
    "XID_Start",
)
SCRIPTS = {  # long name: short name, of the scripts in general use today and those of the classical languages
    "Arabic": "Arab", "Armenian": "Armn", "Bengali": "Beng", "Bopomofo": "Bopo", "Braille": "Brai", "Cherokee": "Cher",
    "Common": "Zyyy", "Coptic": "Copt", "Cyrillic": "Cyrl", "Devanagari": "Deva", "Ethiopic": "Ethi", "Georgian": "Geor",
    "Gothic": "Goth", "Greek": "Grek", "Gujarati": "Gujr", "Gurmukhi": "Guru", "Han": "Hani", "Hangul": "Hang",
    "Hebrew": "Hebr", "Hiragana": "Hira", "Inherited": "Zinh", "Kannada": "Knda", "Katakana": "Kana", "Khmer": "Khmr",
    "Lao": "Laoo", "Latin": "Latn", "Malayalam": "Mlym", "Mongolian": "Mong", "Myanmar": "Mymr", "Oriya": "Orya",
    "Runic": "Runr", "Sinhala": "Sinh", "Syriac": "Syrc", "Tamil": "Taml", "Telugu": "Telu", "Thaana": "Thaa",
    "Thai": "Thai", "Tibetan": "Tibt", "Yi": "Yiii",
}  # fmt: skip

ASK = """
const names = JSON.parse(require("fs").readFileSync(0, "utf8")), out = {};
for (const name of names) {
  const test = new RegExp("^\\\\p{" + name + "}$", "u"), runs = [];
  for (let c = 0; c < 0x110000; c++) {
    if (c >= 0xd800 && c <= 0xdfff || !test.test(String.fromCodePoint(c))) continue;
    if (runs.length && runs[runs.length - 1][1] === c - 1) runs[runs.length - 1][1] = c; else runs.push([c, c]);
  }
  out[name] = runs;
}
console.log(JSON.stringify(out));
"""


def flat_ranges(codes: list[int]) -> tuple[int, ...]:
    """Return the sorted codes as first, last, first, last, ..."""
    out: list[int] = []
    for code in codes:
        if out and out[-1] == code - 1:
            out[-1] = code
        else:
            out += [code, code]
    return tuple(out)


def categories() -> dict[str, list[int]]:
    """Return the characters of each general category."""
    out: dict[str, list[int]] = {}
    for code in CODES:
        out.setdefault(unicodedata.category(chr(code)), []).append(code)
    return out


def ask_ecmascript(names: list[str]) -> dict[str, list[tuple[int, int]]]:
    """Return the ranges an ECMAScript engine gives to each property."""
    node = shutil.which("node")
    if node is None:
        sys.exit("node is needed for the script and binary properties; it was not found")
    done = subprocess.run([node, "-e", ASK], input=json.dumps(names), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def orbits_of(key: dict[int, int]) -> tuple[str, ...]:
    """Return the groups of two or more characters with the same key."""
    groups: dict[int, list[str]] = {}
    for code, value in key.items():
        groups.setdefault(value, []).append(chr(code))
    return tuple("".join(group) for group in groups.values() if len(group) > 1)


def simple_folding() -> dict[int, int]:
    """Return Unicode's simple case folding (statuses C and S), which ECMA-262 uses with the u flag."""
    out = {}
    for code in CODES:
        char = chr(code)
        folded = char.casefold()
        if len(folded) > 1:  # full folding only: the simple one is the lower case, if that is one character
            folded = char.lower()
        out[code] = ord(folded) if len(folded) == 1 else code
    return out


def python_folding() -> dict[int, int]:
    """Return what Python's `re` compares with IGNORECASE: lower case, then one of those with equal upper case."""
    import _sre  # the same functions that `re` calls
    from re._casefix import _EXTRA_CASES

    out = {}
    for code in CODES:
        lower = _sre.unicode_tolower(code)
        out[code] = min((lower, *_EXTRA_CASES.get(lower, ())))
    return out


def main() -> None:
    """Print the module."""
    known = categories()
    assigned = set(CODES) - set(known["Cn"])
    asked = ask_ecmascript([*sorted(known), *BINARY, *(f"Script={name}" for name in SCRIPTS)])

    def restricted(name: str) -> list[int]:
        return [c for low, high in asked[name] for c in range(low, high + 1) if c in assigned]

    for name, codes in known.items():
        if name != "Cn" and (other := len(set(restricted(name)) ^ set(codes))):
            print(f"{name}: {other} characters differ between the two sources", file=sys.stderr)
    tables = {
        "CATEGORIES": {name: flat_ranges(codes) for name, codes in sorted(known.items()) if name != "Cn"},
        "BINARY": {name: flat_ranges(restricted(name)) for name in BINARY},
        "SCRIPTS": {name: flat_ranges(restricted(f"Script={name}")) for name in SCRIPTS},
    }
    word = flat_ranges([c for c in CODES if re.match(r"\w", chr(c))])
    space = flat_ranges([c for c in CODES if re.match(r"\s", chr(c))])
    ecma, python = orbits_of(simple_folding()), orbits_of(python_folding())
    out = [
        f'"""Character properties of Unicode {unicodedata.unidata_version}, generated by tools/generate_unicode.py.',
        "",
        "Ranges are flat: first, last, first, last, ... `CATEGORIES` has no Cn: what is in no category is unassigned.",
        "Orbits are groups of characters that are equal without regard to case: `COMMON_ORBITS` everywhere, and those that only",
        "Python's `re` or only ECMA-262 (simple case folding) has.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        f"VERSION = {unicodedata.unidata_version!r}",
        f"SCRIPT_NAMES = {({short: name for name, short in SCRIPTS.items()})!r}",
    ]
    for title, table in tables.items():
        out.append(f"{title}: dict[str, tuple[int, ...]] = {{")
        out += [f"    {name!r}: {ranges!r}," for name, ranges in table.items()]
        out.append("}")
    out.append(f"PYTHON_WORD: tuple[int, ...] = {word!r}")
    out.append(f"PYTHON_SPACE: tuple[int, ...] = {space!r}")
    both = set(python) & set(ecma)
    for title, orbits in (("COMMON", both), ("PYTHON", set(python) - both), ("ECMA", set(ecma) - both)):
        out.append(f"{title}_ORBITS: tuple[str, ...] = {tuple(sorted(orbits))!a}")
    print("\n".join(out))


if __name__ == "__main__":
    main()
