r"""What each token is inside a JSON lexeme, whatever the constraint: computed once per vocabulary.

Problem: inside a JSON string nearly every token of a real vocabulary is allowed (126,478 of 131,072 for tekken). A walk
over all of them, once per state, is the largest cost there is; yet what they do there does not depend on the schema.

Worked example, for these tokens:

    token           string_chars   in string_rest   space_run   space_only
    b"name"              4               no             0           0
    "né".encode()        2               no             0           0      characters, not bytes
    b'a"'               -1              yes             0           0      ends the string
    b"\\n"              -1              yes             0           0      (backslash, n) starts an escape
    b"\xc3"             -1              yes             0           0      half a character
    b" \n x"            -1              yes             3           0      has a raw line feed
    b"  "                2               no             2           1

So the mask of "any string of at most n more characters" is: the tokens with 0 <= string_chars <= n, and what a walk
over the small trie `string_rest` adds. `space_run` is the same idea for white space between tokens of JSON text.

Invariants: a text token has `string_chars >= 1` or is in `string_rest`, never both; tokens that are not text have -1,
0, 0 and are in neither. A character is one Unicode scalar value in its shortest UTF-8 form (RFC 3629): surrogates and
overlong forms are not characters. U+007F is legal raw in a JSON string (RFC 8259, section 7), U+0000 to U+001F are not.

Rejected: one boolean row "inside a string": lengths are needed for `maxLength`, and a row per length is one comparison.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from constrain.vocabulary.trie import Trie, build

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Lexemes", "classify_reference", "lexemes"]


def _compiled() -> Any:
    try:
        from constrain.vocabulary import _lexemes
    except ImportError:  # installed without a compiler
        return None
    return _lexemes


_NATIVE = _compiled()
_RAW = re.compile(r'[^\x00-\x1f"\\]+')
_SPACE = re.compile(rb"[ \t\n\r]*")


@dataclass(frozen=True, eq=False, repr=False)
class Lexemes:
    """Tables of one vocabulary that no constraint changes (read-only).

    string_chars: int32[size]  characters, for a token that is wholly raw JSON string text; -1 for others
    string_rest:               trie of all other text tokens, with the same token ids
    space_run:    int32[size]  length of the leading run of JSON white space (space, tab, LF, CR)
    space_only:   uint8[size]  1 if the token is nothing but JSON white space
    """

    string_chars: NDArray[np.int32]
    string_rest: Trie
    space_run: NDArray[np.int32]
    space_only: NDArray[np.uint8]

    def __post_init__(self) -> None:
        for array in (self.string_chars, self.space_run, self.space_only):
            array.flags.writeable = False


def lexemes(data: bytes, offset: NDArray[np.int64], size: int) -> Lexemes:
    """Return the tables for the tokens `data[offset[t] : offset[t + 1]]` (none where a token is not text)."""
    chars, run, only = (
        classify_reference(data, offset, size) if _NATIVE is None else _NATIVE.classify(data, offset, size)
    )
    count = len(offset) - 1
    rest = np.flatnonzero((chars[:count] < 0) & (offset[1:] > offset[:-1])).astype(np.int32)
    return Lexemes(chars, build(data, offset, size, rest), run, only)


def classify_reference(
    data: bytes, offset: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8]]:
    """Return (string_chars, space_run, space_only) in plain Python: the oracle of the compiled pass."""
    chars = np.full(size, -1, dtype=np.int32)
    run = np.zeros(size, dtype=np.int32)
    only = np.zeros(size, dtype=np.uint8)
    bounds = offset.tolist()
    for t, (start, stop) in enumerate(pairwise(bounds)):
        if start == stop:
            continue
        token = data[start:stop]
        try:
            text = token.decode("utf-8")
        except UnicodeDecodeError:
            text = ""
        if _RAW.fullmatch(text):
            chars[t] = len(text)
        match = _SPACE.match(token)
        run[t] = match.end() if match else 0
        only[t] = run[t] == len(token)
    return chars, run, only
