r"""Patterns as ECMA-262 reads them with the u flag, which is what JSON Schema asks for.

Problem: patterns in the wild are written for many engines. What the u flag allows is read as it says; what it forbids but
older ECMAScript (Annex B) reads in one obvious way is read that way: `\-`, `\_`, `\/`, `\@`, a lone `{`, `}` or `]`, a class
as the end of a range. Escaped letters that mean nothing here (`\Z`, `\A`, `\h`) are errors: their authors meant something.

Worked example: `^\d{3}\-\u{1F600}$` is three ASCII digits, a hyphen and one character.

Meaning: `\d`, `\w` and `\b` are ASCII, `\s` is WhiteSpace and LineTerminator, `.` is no line terminator, `^` and `$` are the
ends of the text. Modifiers `(?i:...)`, `(?s:...)`, `(?m:...)` of ES2025 are read; back-references are refused.

Source: ECMA-262 (2025) sections 22.2.1 and B.1.2; JSON Schema 2020-12 core, section 6.4.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from constrain.core.charset import ALL, CharSet, complement
from constrain.errors import PatternError
from constrain.regular import tree
from constrain.regular.pattern import Dialect
from constrain.regular.properties import ECMA_SPACE, property_set
from constrain.regular.tree import Edge, Node, choice

__all__ = ["DIGIT", "WORD", "Ecma", "boundary"]

DIGIT: CharSet = ((0x30, 0x39),)
WORD: CharSet = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
LINE_ENDS: CharSet = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))
_NOT_LINE_ENDS = complement(LINE_ENDS)
_CLASSES = {
    "d": DIGIT,
    "D": complement(DIGIT),
    "w": WORD,
    "W": complement(WORD),
    "s": ECMA_SPACE,
    "S": complement(ECMA_SPACE),
}
_CONTROLS = {"f": 0x0C, "n": 0x0A, "r": 0x0D, "t": 0x09, "v": 0x0B}
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_MAX_CODE = 0x10FFFF


class Ecma(Dialect):
    """Reads one pattern of ECMA-262."""

    folding = "ecma"

    def dot(self) -> CharSet:
        """Return all characters but line ends, or all of them."""
        return ALL if self.flags.dot_all else _NOT_LINE_ENDS

    def caret(self, span: tuple[int, int]) -> Node:
        """Return the start of the text, or of a line."""
        return Edge(LINE_ENDS, True, ALL, True, span) if self.flags.multiline else tree.start(span)

    def dollar(self, span: tuple[int, int]) -> Node:
        """Return the end of the text, or of a line."""
        return Edge(ALL, True, LINE_ENDS, True, span) if self.flags.multiline else tree.end(span)

    def counted(self) -> tuple[int, int | None] | None:
        """Read `{m,n}` and its short forms."""
        start = self.at
        self.at += 1
        least = self.digits()
        most: int | None = least
        if least is not None and self.pattern.startswith(",", self.at):
            self.at += 1
            most = self.digits()
        if least is None or not self.pattern.startswith("}", self.at):
            self.at = start
            return None
        self.at += 1
        return least, most

    def loose_range(self, start: int) -> None:
        """Read the hyphen of `[\\w-.]` as itself, as Annex B does."""

    # ---- groups ----------------------------------------------------------------------------------------------------

    def open_group(self) -> str:
        """Read what follows the parenthesis: the kind of group, a name, flags."""
        pattern, start = self.pattern, self.at - 1
        if not pattern.startswith("?", self.at):
            return "group"
        for opening, kind in (
            ("?:", "group"),
            ("?=", "ahead"),
            ("?!", "ahead!"),
            ("?<=", "behind"),
            ("?<!", "behind!"),
        ):
            if pattern.startswith(opening, self.at):
                self.at += len(opening)
                return kind
        if pattern.startswith("?<", self.at):
            self.at += 2
            self.group_name(start, ">")
            return "group"
        if pattern.startswith("?P<", self.at):
            self.fail("named groups are written (?<name>...) in this syntax", start, start + 4)
        return self.modifiers(start)

    def group_name(self, start: int, closing: str) -> None:
        """Read a group's name and its closing character."""
        end = self.pattern.find(closing, self.at)
        name = self.pattern[self.at : end] if end >= 0 else ""
        if not name.replace("$", "_").isidentifier():
            self.fail("a group name must be an identifier", start, end + 1 if end >= 0 else None)
        if name in self.names:
            self.fail(f"two groups have the name {name!r}", start, end + 1)
        self.names.add(name)
        self.at = end + 1

    def modifiers(self, start: int) -> str:
        """Read `?i:`, `?s-m:` and the like."""
        end = self.at + 1
        while end < len(self.pattern) and self.pattern[end] in "ims-":
            end += 1
        if end == self.at + 1 or not self.pattern.startswith(":", end):
            if self.pattern.startswith(")", end):
                self.fail(
                    "flags for the rest of the pattern are not part of this syntax; write (?i:...)", start, end + 1
                )
            self.fail("unknown kind of group", start, min(len(self.pattern), self.at + 2))
        on, _, off = self.pattern[self.at + 1 : end].partition("-")
        if "-" in off or len(set(on + off)) != len(on + off):
            self.fail("a modifier is given twice", start, end + 1)
        names = {"i": "ignore_case", "m": "multiline", "s": "dot_all"}
        changes = {names[c]: True for c in on} | {names[c]: False for c in off}
        self.flags = replace(self.flags, **changes)
        self.at = end + 1
        return "group"

    # ---- escapes ---------------------------------------------------------------------------------------------------

    def escape(self) -> Node | str:
        """Read an escape outside a class."""
        start = self.at - 1
        char = self.pattern[self.at]
        if char in "bB":
            self.at += 1
            word = self.folded(WORD)
            return self.anchor(boundary(word, negative=char == "B", span=(start, self.at)))
        if char in "123456789":
            self.at += 1
            self.fail("back-references are not regular and not supported", start)
        if char == "k":
            self.at += 1
            self.fail("back-references are not regular and not supported", start)
        charset = self.character_escape(start)
        return self.one_or_class(charset)

    def class_escape(self) -> CharSet:
        """Read an escape in a class."""
        start = self.at - 1
        if self.pattern[self.at] == "b":
            self.at += 1
            return ((0x08, 0x08),)
        return self.character_escape(start)

    def character_escape(self, start: int) -> CharSet:
        """Read an escape that stands for characters; `start` is where the backslash is."""
        pattern = self.pattern
        char = pattern[self.at]
        self.at += 1
        if char in _CLASSES:
            return self.complementary(char)
        if char in _CONTROLS:
            return _one(_CONTROLS[char])
        if char in "pP":
            return self.property_escape(start, negative=char == "P")
        if char == "x":
            return _one(self.hexadecimal(2, start))
        if char == "u":
            return _one(self.unicode_escape(start))
        if char == "c":
            letter = pattern[self.at : self.at + 1]
            if not (letter.isascii() and letter.isalpha()):
                self.fail(r"\c must be followed by a letter", start, self.at + 1)
            self.at += 1
            return _one(ord(letter) & 0x1F)
        if char == "0" and not pattern[self.at : self.at + 1].isdecimal():
            return _one(0)
        if char.isascii() and char.isalnum():
            self.fail(f"unknown escape \\{char}", start)
        return _one(ord(char))

    def complementary(self, char: str) -> CharSet:
        """Return a class; the complement is taken after folding, so that it stays one where case is ignored."""
        if char == "W" and self.flags.ignore_case:
            return complement(self.folded(WORD))
        return _CLASSES[char]

    def hexadecimal(self, count: int, start: int) -> int:
        """Read exactly `count` hexadecimal digits."""
        digits = self.pattern[self.at : self.at + count]
        if len(digits) != count or not _HEX_DIGITS.issuperset(digits):
            self.fail(f"{count} hexadecimal digits must follow", start, self.at + len(digits))
        self.at += count
        return int(digits, 16)

    def unicode_escape(self, start: int) -> int:
        r"""Read what follows `\u`: four digits, two surrogates in sequence, or digits in braces."""
        if self.pattern.startswith("{", self.at):
            end = self.pattern.find("}", self.at)
            digits = self.pattern[self.at + 1 : end] if end >= 0 else ""
            if not digits or not _HEX_DIGITS.issuperset(digits) or int(digits[-8:], 16) > _MAX_CODE or len(digits) > 64:
                self.fail("a code point up to 10FFFF must stand in the braces", start, end + 1 if end >= 0 else None)
            self.at = end + 1
            return int(digits, 16)
        code = self.hexadecimal(4, start)
        if 0xD800 <= code <= 0xDBFF and self.pattern.startswith("\\u", self.at):
            here = self.at
            self.at += 2
            try:
                low = self.hexadecimal(4, here)
            except PatternError:
                low = 0
            if 0xDC00 <= low <= 0xDFFF:
                return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
            self.at = here
        return code

    def property_escape(self, start: int, *, negative: bool) -> CharSet:
        r"""Read the braces after `\p` or `\P`."""
        end = self.pattern.find("}", self.at)
        if not self.pattern.startswith("{", self.at) or end < 0:
            self.fail(r"\p must be followed by a property name in braces", start)
        name = self.pattern[self.at + 1 : end]
        self.at = end + 1
        charset = property_set(name)
        if charset is None:
            self.fail(f"unknown or unsupported Unicode property {name!r}", start)
        return complement(charset) if negative else charset


def boundary(word: CharSet, *, negative: bool, span: tuple[int, int], empty: bool = True) -> Node:
    r"""Return `\b`, or `\B` if `negative`; `empty`: `\B` holds in the empty text."""
    other = _outside(word)
    if not negative:
        return choice([Edge(word, False, other, True, span), Edge(other, True, word, False, span)])
    inside = Edge(word, False, word, False, span)
    if empty:
        return choice([inside, Edge(other, True, other, True, span)])
    return choice([inside, Edge(other, True, other, False, span), Edge(other, False, (), True, span)])


@lru_cache(maxsize=8)
def _outside(word: CharSet) -> CharSet:
    """Return the complement; one object for one set, so that the translation of anchors meets few sets."""
    return complement(word)


def _one(code: int) -> CharSet:
    return ((code, code),)
