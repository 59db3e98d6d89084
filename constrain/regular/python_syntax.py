r"""Patterns as Python's `re` reads them.

Problem: `constrain.regex(pattern)` takes what `re` takes and means what `re.fullmatch` means.

Worked example: `(?i)caf\N{LATIN SMALL LETTER E WITH ACUTE}(?-i:X{,2})$` at the end of a text also allows one newline
after `$` in `re.search`, and none in `re.fullmatch`, because the newline would be left over.

Meaning: `\d`, `\w`, `\s` and `\b` are Unicode's unless `(?a)`; `.` is anything but a newline; `$` is the end or
before a newline at the end; `\B` does not hold in the empty text. Possessive quantifiers and atomic groups are read where
they make no difference (what they hold has one length); conditionals and back-references are refused.

Invariants: `re` itself compiles the pattern first, so what is no pattern there is none here, and the message is its own.

Source: Python's `re` documentation and `re/_parser.py` (3.11). Rejected: walking the tree of `re._parser`, which is private
and has no positions for messages.
"""

from __future__ import annotations

import re
import sys
import unicodedata
import warnings
from dataclasses import replace
from functools import lru_cache

from constrain.core.charset import ALL, CharSet, complement
from constrain.errors import LimitExceeded
from constrain.limits import DEFAULT, Limits
from constrain.regular import shape, tree
from constrain.regular.ecma import DIGIT, WORD, boundary
from constrain.regular.pattern import Dialect, Frame
from constrain.regular.properties import property_set, python_space, python_word
from constrain.regular.term import chars
from constrain.regular.tree import Edge, Look, Node, Plain, choice, sequence

__all__ = ["PythonSyntax"]

_NEWLINE: CharSet = ((0x0A, 0x0A),)
_NOT_NEWLINE = complement(_NEWLINE)
_ASCII_SPACE: CharSet = ((0x09, 0x0D), (0x20, 0x20))
_CONTROLS = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_FLAGS = {"a": "ascii", "i": "ignore_case", "m": "multiline", "s": "dot_all", "x": "verbose"}


class PythonSyntax(Dialect):
    """Reads one pattern of `re`."""

    folding = "python"
    closing_bracket_first = True

    def __init__(self, pattern: str, limits: Limits = DEFAULT) -> None:
        super().__init__(pattern, limits)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                re.compile(pattern)
        except re.error as error:
            position = error.pos or 0
            self.fail(error.msg, position, position + 1)
        except RecursionError:
            raise LimitExceeded("levels of groups in a pattern", sys.getrecursionlimit() // 8) from None
        except (OverflowError, ValueError) as error:
            self.fail(str(error), 0, len(pattern))

    def dot(self) -> CharSet:
        """Return all characters but line ends, or all of them."""
        return ALL if self.flags.dot_all else _NOT_NEWLINE

    def caret(self, span: tuple[int, int]) -> Node:
        """Return the start of the text, or of a line."""
        return Edge(_NEWLINE, True, ALL, True, span) if self.flags.multiline else tree.start(span)

    def dollar(self, span: tuple[int, int]) -> Node:
        """Return the end of the text, or of a line."""
        if self.flags.multiline:
            return Edge(ALL, True, _NEWLINE, True, span)
        last_newline = Look(sequence([Plain(chars(_NEWLINE)), tree.end(span)]), False, False, span)
        return choice([tree.end(span), last_newline])

    def counted(self) -> tuple[int, int | None] | None:
        """Read `{m,n}` and its short forms."""
        start = self.at
        self.at += 1
        if self.pattern.startswith("}", self.at):
            self.at = start
            return None
        least = self.digits()
        most = least
        if self.pattern.startswith(",", self.at):
            self.at += 1
            most = self.digits()
        if not self.pattern.startswith("}", self.at):
            self.at = start
            return None
        self.at += 1
        return least or 0, most

    # ---- possessive and atomic -----------------------------------------------------------------------------------

    def possessive(self) -> bool:
        """Tell whether a plus sign makes the quantifier possessive."""
        return self.pattern.startswith("+", self.at)

    def check_possessive(self, node: Node, least: int, most: int | None, start: int) -> None:
        """Allow a fixed number of rounds of one length: there is nothing to give back."""
        if not (isinstance(node, Plain) and least == most and _one_length(node)):
            self.fail("a possessive quantifier is only supported where it makes no difference", start)

    def closed(self, frame: Frame, body: Node) -> Node:
        """Allow an atomic group of one length: there is nothing to give back."""
        if frame.kind != "atomic":
            return super().closed(frame, body)
        if not (isinstance(body, Plain) and _one_length(body)):
            self.fail("an atomic group is only supported where it makes no difference", frame.opened)
        return body

    # ---- groups ----------------------------------------------------------------------------------------------------

    def open_group(self) -> str:
        """Read what follows the parenthesis: the kind of group, a name, flags."""
        pattern, start = self.pattern, self.at - 1
        if not pattern.startswith("?", self.at):
            return "group"
        openings = (
            ("?:", "group"),
            ("?=", "ahead"),
            ("?!", "ahead!"),
            ("?<=", "behind"),
            ("?<!", "behind!"),
            ("?>", "atomic"),
        )
        for opening, kind in openings:
            if pattern.startswith(opening, self.at):
                self.at += len(opening)
                return kind
        if pattern.startswith("?P<", self.at):
            self.at = pattern.index(">", self.at) + 1
            return "group"
        if pattern.startswith("?#", self.at):
            self.at = pattern.index(")", self.at) + 1
            return ""
        if pattern.startswith("?P=", self.at):
            self.fail("back-references are not regular and not supported", start, pattern.find(")", self.at) + 1)
        if pattern.startswith("?(", self.at):
            self.fail("conditionals on a group are not supported", start, pattern.find(")", self.at) + 1)
        return self.inline_flags()

    def inline_flags(self) -> str:
        """Read `?i)`, `?i:` or `?s-i:`; `re` has checked them."""
        end = self.at + 1
        while self.pattern[end] not in ":)":
            end += 1
        on, _, off = self.pattern[self.at + 1 : end].partition("-")
        changes = {_FLAGS[c]: True for c in on if c in _FLAGS} | {_FLAGS[c]: False for c in off}
        if "u" in on:
            changes["ascii"] = False
        self.flags = replace(self.flags, **changes)
        self.at = end + 1
        return "group" if self.pattern[end] == ":" else ""

    # ---- escapes ---------------------------------------------------------------------------------------------------

    def word(self) -> CharSet:
        r"""Return `\w`."""
        return WORD if self.flags.ascii else python_word()

    def escape(self) -> Node | str:
        """Read an escape outside a class."""
        start = self.at - 1
        char = self.pattern[self.at]
        if char in "bBAZ":
            self.at += 1
            span = (start, self.at)
            if char in "AZ":
                return self.anchor(tree.start(span) if char == "A" else tree.end(span))
            return self.anchor(boundary(self.word(), negative=char == "B", span=span, empty=False))
        if char in "123456789" and not self.is_octal():
            self.at += 1
            self.fail("back-references are not regular and not supported", start)
        charset = self.character_escape()
        return self.one_or_class(charset)

    def class_escape(self) -> CharSet:
        """Read an escape in a class."""
        if self.pattern[self.at] == "b":
            self.at += 1
            return ((8, 8),)
        return self.character_escape()

    def is_octal(self) -> bool:
        """Tell whether three octal digits come, which is a character and not a back-reference."""
        digits = self.pattern[self.at : self.at + 3]
        return len(digits) == 3 and all(d in "01234567" for d in digits)

    def character_escape(self) -> CharSet:
        """Read an escape that stands for characters."""
        pattern = self.pattern
        char = pattern[self.at]
        self.at += 1
        if char in "dDwWsS":
            return self.named_class(char)
        if char in _CONTROLS:
            return _one(_CONTROLS[char])
        if char in "xuU":
            count = {"x": 2, "u": 4, "U": 8}[char]
            self.at += count
            return _one(int(pattern[self.at - count : self.at], 16))
        if char == "N":
            end = pattern.index("}", self.at)
            name = pattern[self.at + 1 : end]
            self.at = end + 1
            return _one(ord(unicodedata.lookup(name)))
        if char in "01234567":
            end = self.at
            while end < len(pattern) and end < self.at + 2 and pattern[end] in "01234567":
                end += 1
            value = int(pattern[self.at - 1 : end], 8)
            self.at = end
            return _one(value)
        return _one(ord(char))

    def named_class(self, char: str) -> CharSet:
        r"""Return `\d`, `\w`, `\s` or a complement of one."""
        return _named_class(char, self.flags.ascii)


@lru_cache(maxsize=12)
def _named_class(char: str, only_ascii: bool) -> CharSet:
    lower = char.lower()
    if lower == "w":
        charset = WORD if only_ascii else python_word()
    elif lower == "d":
        charset = DIGIT if only_ascii else property_set("Nd") or ()
    else:
        charset = _ASCII_SPACE if only_ascii else python_space()
    return charset if char == lower else complement(charset)


def _one_length(node: Plain) -> bool:
    least, most = shape.lengths(node.term)
    return least == most


def _one(code: int) -> CharSet:
    return ((code, code),)
