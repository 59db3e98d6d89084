"""The punctuation of JSON text: which whitespace stands where.

Worked example: with `whitespace=2` the object {"a": [1]} is written as `json.dumps(..., indent=2)` writes it: `{`,
newline, two spaces, `"a": [`, newline, four spaces, `1`, newline, two spaces, `]`, newline, `}`. With "compact" it is
`{"a":[1]}`; with "flexible" any whitespace of at most 64 bytes may stand before each piece of punctuation and each
value.

Invariant: whitespace always leads. Each method returns one terminal (whitespace, punctuation, and for names the
opening quotation mark), so a state between pieces has one whitespace loop and not two. Only indentation depends on
the depth; the other layouts give the same terms at every depth (`nested` is False), so rules are shared across
depths.

Rejected: trailing whitespace (a value would end in two ways); an unbounded run by default (models loop on whitespace).
"""

from __future__ import annotations

from functools import lru_cache

from constrain.errors import ConstraintError, PatternError
from constrain.regular.emptiness import is_empty
from constrain.regular.lower import lower_utf8
from constrain.regular.parse import parse_regex
from constrain.regular.term import EPSILON, Term, both, byteset, concat, literal, negate, repeat

__all__ = ["MOST_WHITESPACE", "Layout", "layout"]

MOST_WHITESPACE = 64
"""Bytes of whitespace in one run of the flexible layout."""

_SPACE = byteset(sum(1 << b for b in b" \t\n\r"))


class Layout:
    """One way to write JSON. `depth` is how many containers are open outside the one that is written."""

    nested = False

    def __init__(self, space: Term) -> None:
        self.space = space
        self._empty = concat(space, literal(b"}")), concat(space, literal(b"]"))
        self.colon = concat(space, literal(b":"))
        self.object_open = concat(space, literal(b"{"))
        self.array_open = concat(space, literal(b"["))
        self._first = concat(space, literal(b'"'))
        self._next = concat(space, literal(b","), space, literal(b'"'))
        self._comma = concat(space, literal(b","))

    def value(self, term: Term) -> Term:
        """Return a scalar with what stands before it."""
        return concat(self.space, term)

    def object_empty(self, depth: int) -> Term:
        """Return the closing brace of an object without members."""
        return self._empty[0]

    def object_close(self, depth: int) -> Term:
        """Return the closing brace after a member."""
        return self._empty[0]

    def name_first(self, depth: int) -> Term:
        """Return the opening quotation mark of the first name."""
        return self._first

    def name_next(self, depth: int) -> Term:
        """Return the comma and the opening quotation mark of a later name."""
        return self._next

    def array_empty(self, depth: int) -> Term:
        """Return the closing bracket of an array without items."""
        return self._empty[1]

    def array_close(self, depth: int) -> Term:
        """Return the closing bracket after an item."""
        return self._empty[1]

    def item_first(self, depth: int) -> Term:
        """Return what stands before the first item, beside the whitespace that leads every value."""
        return EPSILON

    def item_next(self, depth: int) -> Term:
        """Return the comma before a later item."""
        return self._comma


class _Indented(Layout):
    """`json.dumps(indent=n)`."""

    nested = True

    def __init__(self, width: int) -> None:
        super().__init__(EPSILON)
        self._width = width
        self.colon = literal(b": ")

    def _line(self, depth: int) -> bytes:
        return b"\n" + b" " * (self._width * depth)

    def object_close(self, depth: int) -> Term:
        return literal(self._line(depth) + b"}")

    def name_first(self, depth: int) -> Term:
        return literal(self._line(depth + 1) + b'"')

    def name_next(self, depth: int) -> Term:
        return literal(b"," + self._line(depth + 1) + b'"')

    def array_close(self, depth: int) -> Term:
        return literal(self._line(depth) + b"]")

    def item_first(self, depth: int) -> Term:
        return literal(self._line(depth + 1))

    def item_next(self, depth: int) -> Term:
        return literal(b"," + self._line(depth + 1))


@lru_cache(maxsize=64)
def layout(whitespace: str | int) -> Layout:
    """Return the layout for "flexible", "any", "compact", an indentation, or a pattern for every place for whitespace.

    Raises ConstraintError if it is none of them, or a pattern that matches more than JSON whitespace.
    """
    if isinstance(whitespace, bool) or not isinstance(whitespace, (str, int)):
        raise ConstraintError(f"whitespace is 'flexible', 'any', 'compact', a number or a pattern, not {whitespace!r}")
    if isinstance(whitespace, int):
        if not 0 <= whitespace <= 64:
            raise ConstraintError(f"an indentation is 0 to 64 spaces, not {whitespace}")
        return _Indented(whitespace)
    if whitespace == "flexible":
        return Layout(repeat(_SPACE, 0, MOST_WHITESPACE))
    if whitespace == "any":
        return Layout(repeat(_SPACE))
    if whitespace == "compact":
        return Layout(EPSILON)
    try:
        space = lower_utf8(parse_regex(whitespace, syntax="python", search=False))
    except PatternError as error:
        raise ConstraintError(
            f"whitespace is 'flexible', 'any', 'compact', a number or a pattern; as a pattern: {error}"
        ) from error
    if is_empty(space):
        raise ConstraintError(f"the whitespace pattern {whitespace!r} matches nothing")
    if not is_empty(both(space, negate(repeat(_SPACE)))):
        raise ConstraintError(
            f"the whitespace pattern {whitespace!r} matches more than JSON whitespace (space, tab, newline, return)"
        )
    return Layout(space)
