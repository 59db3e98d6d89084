"""The part of pattern syntax that ECMA-262 and Python share: alternation, groups, quantifiers, classes.

Problem: the two syntaxes differ in escapes, flags and a few characters, and agree on the rest. One loop with a stack of
open groups reads the rest; the dialects fill in the differences.

Worked example: `(ab|c)+` opens a frame at `(`, closes the option `ab` at `|`, closes the frame at `)` into
`choice(ab, c)`, and `+` makes a loop of what the frame became.

Invariants: groups are kept on a list, not on the interpreter's stack, so nesting is limited by `limits.depth` and by
nothing else; every error carries the span of the characters at fault.

Source: ECMA-262, section 22.2.1; Python's `re` documentation. Rejected: a parser generator; the two grammars are small, and
errors here name what to write instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

from constrain.core.charset import CharSet, complement, make, single
from constrain.errors import LimitExceeded, PatternError
from constrain.limits import DEFAULT, Limits
from constrain.regular import tree
from constrain.regular.properties import Folding, fold
from constrain.regular.term import EPSILON, NOTHING, chars, text, words
from constrain.regular.tree import Node, Plain, choice, loop, sequence

__all__ = ["Dialect", "Flags", "Frame"]

_PLAIN = re.compile(r"[^\\.\[(){}*+?|^$\ud800-\udfff]+")
_MAX_REPEAT = 1 << 32


@dataclass(frozen=True, slots=True)
class Flags:
    """What is in force at a place of the pattern."""

    ignore_case: bool = False
    multiline: bool = False
    dot_all: bool = False
    ascii: bool = False
    verbose: bool = False


@dataclass(slots=True)
class Frame:
    """A group that is open: its finished options, the parts of the present one, and what to do at its end."""

    kind: str  # "root", "group", "atomic", "ahead", "ahead!", "behind" or "behind!"
    opened: int
    outer: Flags
    options: list[Node | str] = field(default_factory=list)
    parts: list[Node | str] = field(default_factory=list)


class Dialect:
    """Reads one pattern. Subclasses say what escapes, groups and anchors mean."""

    folding: Folding = "ecma"

    def __init__(self, pattern: str, limits: Limits = DEFAULT) -> None:
        self.pattern = pattern
        self.limits = limits
        self.at = 0
        self.flags = Flags()
        self.frames: list[Frame] = []
        self.names: set[str] = set()
        self.last_anchor: Node | None = None

    # ---- what the dialects fill in -----------------------------------------------------------------------------

    def escape(self) -> Node | str:
        """Read an escape outside a class; `at` is behind the backslash."""
        raise NotImplementedError

    def class_escape(self) -> CharSet:
        """Read an escape in a class; `at` is behind the backslash. A single character may begin a range."""
        raise NotImplementedError

    def open_group(self) -> str:
        """Read what follows `(`; return the kind of the frame, or "" if the parenthesis is complete already."""
        raise NotImplementedError

    def dot(self) -> CharSet:
        """Return what the dot means."""
        raise NotImplementedError

    def caret(self, span: tuple[int, int]) -> Node:
        """Return what `^` means."""
        raise NotImplementedError

    def dollar(self, span: tuple[int, int]) -> Node:
        """Return what `$` means."""
        raise NotImplementedError

    def counted(self) -> tuple[int, int | None] | None:
        """Read `{m,n}` with `at` on the brace; return None and stay there if it is no quantifier."""
        raise NotImplementedError

    def closed(self, frame: Frame, body: Node) -> Node:
        """Return what a finished group means."""
        span = (frame.opened, self.at)
        if frame.kind in ("root", "group"):
            return body
        return tree.look(body, behind="behind" in frame.kind, negative="!" in frame.kind, span=span)

    # ---- errors --------------------------------------------------------------------------------------------------

    def fail(self, message: str, start: int, end: int | None = None) -> NoReturn:
        """Raise a `PatternError` about the characters from `start` to `end` (default: to here)."""
        raise PatternError(message, self.pattern, (start, max(start + 1, self.at if end is None else end)))

    # ---- the loop --------------------------------------------------------------------------------------------------

    def parse(self) -> Node:
        """Read the whole pattern."""
        pattern, length = self.pattern, len(self.pattern)
        self.frames.append(Frame("root", 0, self.flags))
        while self.at < length:
            char = pattern[self.at]
            frame = self.frames[-1]
            start = self.at
            if self.plain_run(frame):
                pass
            elif char == "(":
                self.at += 1
                self.opened(start)
            elif char == ")":
                if frame.kind == "root":
                    self.fail("unbalanced parenthesis: no group is open", start, start + 1)
                self.at += 1
                self.frames.pop()
                body = self.finish(frame)
                self.flags = frame.outer
                self.frames[-1].parts.append(self.closed(frame, body))
                self.last_anchor = None  # in parentheses it may be repeated
            elif char == "|":
                self.at += 1
                frame.options.append(self.option(frame.parts))
                frame.parts = []
            elif char in "*+?" or char == "{":
                self.quantified(frame, char)
            else:
                self.at += 1
                self.atom(frame, char, start)
        if len(self.frames) > 1:
            opened = self.frames[-1].opened
            self.fail("this group is never closed", opened, opened + 1)
        return self.finish(self.frames.pop())

    def one_or_class(self, charset: CharSet) -> Node | str:
        """Return what an escape outside a class stands for: a character, or one out of a set."""
        if len(charset) == 1 and charset[0][0] == charset[0][1]:
            code = charset[0][0]
            return Plain(NOTHING) if 0xD800 <= code <= 0xDFFF else chr(code)
        return Plain(chars(self.folded(charset)))

    def plain_run(self, frame: Frame) -> bool:
        """Read characters that stand for themselves, as many as come."""
        flags = self.flags
        found = None if flags.verbose or flags.ignore_case else _PLAIN.match(self.pattern, self.at)
        if found is None:
            return False
        self.at = found.end()
        frame.parts.append(found[0])
        return True

    def atom(self, frame: Frame, char: str, start: int) -> None:
        """Read one item that begins with `char`; `at` is behind it."""
        if char == "\\":
            if self.at == len(self.pattern):
                self.fail("a backslash at the end escapes nothing", start)
            item = self.escape()
            if isinstance(item, str):
                self.literal(item, start)
            else:
                frame.parts.append(item)
        elif char == ".":
            frame.parts.append(Plain(chars(self.dot())))
        elif char == "[":
            frame.parts.append(Plain(chars(self.char_class(start))))
        elif char == "^":
            frame.parts.append(self.anchor(self.caret((start, self.at))))
        elif char == "$":
            frame.parts.append(self.anchor(self.dollar((start, self.at))))
        elif self.flags.verbose and char in " \t\n\r\f\v":
            pass
        elif self.flags.verbose and char == "#":
            newline = self.pattern.find("\n", self.at)
            self.at = len(self.pattern) if newline < 0 else newline + 1
        else:
            self.literal(char, start)

    def anchor(self, node: Node) -> Node:
        """Remember that this node is an anchor, which no quantifier may follow."""
        self.last_anchor = node
        return node

    def literal(self, char: str, start: int) -> None:
        """Add one character that stands for itself."""
        code = ord(char)
        if 0xD800 <= code <= 0xDFFF:
            self.fail("a lone surrogate is not a character", start)
        parts = self.frames[-1].parts
        if self.flags.ignore_case:
            parts.append(Plain(chars(self.folded(single(code)))))
        else:
            parts.append(char)

    def opened(self, start: int) -> None:
        """Open a group at the parenthesis just read."""
        outer = self.flags
        kind = self.open_group()
        if not kind:
            return
        if len(self.frames) > self.limits.depth:
            raise LimitExceeded("nested groups of a pattern", self.limits.depth)
        self.frames.append(Frame(kind, start, outer))

    def option(self, parts: list[Node | str]) -> Node | str:
        """Return the sequence of the parts, a word as text."""
        run = [part for part in parts if isinstance(part, str)]
        if len(run) == len(parts):
            return "".join(run)
        if len(parts) == 1:
            return parts[0]
        return sequence(_node(part) for part in parts)

    def finish(self, frame: Frame) -> Node:
        """Return the alternation of a frame."""
        last = self.option(frame.parts)
        if not frame.options:
            return _node(last)
        options = [*frame.options, last]
        found = [option for option in options if isinstance(option, str) and option]
        if len(found) < 2:
            return choice(_node(option) for option in options)
        # All words at once: a pattern may list thousands.
        together = Plain(words(found, "text") if any(len(w) > 1 for w in found) else chars(make(_codes(found))))
        return choice([together, *(_node(option) for option in options if not (isinstance(option, str) and option))])

    # ---- quantifiers -------------------------------------------------------------------------------------------------

    def quantified(self, frame: Frame, char: str) -> None:
        """Read a quantifier and apply it to the last part."""
        start = self.at
        if char == "{":
            bounds = self.counted()
            if bounds is None:
                self.at += 1
                self.literal(char, start)
                return
        else:
            self.at += 1
            bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        least, most = bounds
        if not frame.parts:
            self.fail("there is nothing to repeat here; escape the character to mean itself", start)
        if most is not None and least > most:
            self.fail("the bounds of this repetition are in the wrong order", start)
        if max(least, most or 0) > _MAX_REPEAT:
            self.fail(f"a repetition of more than {_MAX_REPEAT} is not supported", start)
        last = frame.parts.pop()
        if isinstance(last, str):
            if len(last) > 1:
                frame.parts.append(last[:-1])
            last = Plain(chars(single(last[-1])))
        self.check_repeatable(last, start)
        if self.at < len(self.pattern) and self.pattern[self.at] == "?":
            self.at += 1  # lazy: the same language
        elif self.possessive():
            self.at += 1
            self.check_possessive(last, least, most, start)
        if self.at < len(self.pattern) and (
            self.pattern[self.at] in "*+?" or (self.pattern[self.at] == "{" and self.is_counted())
        ):
            self.fail("this repeats a repetition; put a group around the first one", self.at, self.at + 1)
        frame.parts.append(loop(last, least, most))

    def is_counted(self) -> bool:
        """Tell whether a counted quantifier begins here."""
        here = self.at
        bounds = self.counted()
        self.at = here
        return bounds is not None

    def check_repeatable(self, node: Node, start: int) -> None:
        """Refuse to repeat what cannot be repeated."""
        if node is self.last_anchor:
            self.fail("an anchor cannot be repeated", start)

    def possessive(self) -> bool:
        """Tell whether a possessive quantifier's plus sign comes."""
        return False

    def check_possessive(self, node: Node, least: int, most: int | None, start: int) -> None:
        """Refuse a possessive quantifier that may matter."""

    def digits(self) -> int | None:
        """Read a decimal number."""
        start = self.at
        while self.at < len(self.pattern) and "0" <= self.pattern[self.at] <= "9":
            self.at += 1
        if self.at - start > 12:
            self.fail(f"a repetition of more than {_MAX_REPEAT} is not supported", start)
        return int(self.pattern[start : self.at]) if self.at > start else None

    # ---- classes -----------------------------------------------------------------------------------------------------

    closing_bracket_first = False
    """Whether `]` right after `[` or `[^` is a member (Python) or closes the class (ECMA-262)."""

    def char_class(self, start: int) -> CharSet:
        """Read a class up to its closing bracket; `at` is behind the opening one."""
        pattern, length = self.pattern, len(self.pattern)
        negative = self.at < length and pattern[self.at] == "^"
        self.at += negative
        ranges: list[tuple[int, int]] = []
        first = True
        while True:
            if self.at >= length:
                self.fail("this class is never closed", start, start + 1)
            if pattern[self.at] == "]" and not (first and self.closing_bracket_first):
                self.at += 1
                break
            first = False
            low_at = self.at
            low = self.class_atom()
            if self.at + 1 < length and pattern[self.at] == "-" and pattern[self.at + 1] != "]":
                self.at += 1
                high = self.class_atom()
                if _code(low) is None or _code(high) is None:
                    self.loose_range(low_at)
                    ranges += [*low, (0x2D, 0x2D), *high]
                    continue
                if low[0][0] > high[0][0]:
                    self.fail("this range is in the wrong order", low_at)
                ranges.append((low[0][0], high[0][0]))
            else:
                ranges += low
        charset = self.folded(make(ranges))
        return complement(charset) if negative else charset

    def class_atom(self) -> CharSet:
        """Read one member of a class."""
        char = self.pattern[self.at]
        self.at += 1
        if char == "\\":
            if self.at >= len(self.pattern):
                self.fail("a backslash at the end escapes nothing", self.at - 1)
            return self.class_escape()
        return ((ord(char), ord(char)),)

    def loose_range(self, start: int) -> None:
        """Refuse a range with a class as an end, unless the dialect reads the hyphen as itself."""
        self.fail("a class cannot be an end of a range; escape the hyphen to mean itself", start)

    def folded(self, charset: CharSet) -> CharSet:
        """Return the set, closed under case where case is ignored."""
        if not self.flags.ignore_case:
            return charset
        if self.flags.ascii:
            return _ascii_folded(charset)
        return fold(charset, self.folding)


def _node(part: Node | str) -> Node:
    if part == "":
        return Plain(EPSILON)
    if isinstance(part, str):
        return Plain(text(part) if len(part) > 1 else chars(single(part)))
    return part


def _codes(letters: list[str]) -> list[tuple[int, int]]:
    return [(ord(letter), ord(letter)) for letter in letters]


def _code(charset: CharSet) -> int | None:
    return charset[0][0] if len(charset) == 1 and charset[0][0] == charset[0][1] else None


def _ascii_folded(charset: CharSet) -> CharSet:
    letters = [c for c in range(0x41, 0x5B) if any(low <= c <= high or low <= c + 32 <= high for low, high in charset)]
    return make([*charset, *((c, c) for c in letters), *((c + 32, c + 32) for c in letters)])
