"""The token trie, flat: every token of a vocabulary as a path of bytes, in depth-first order.

Problem: a mask asks which of 131,072 tokens an automaton survives. Tokens share prefixes, so the walk goes down a
trie; and since a branch that dies must be skipped in one step, the trie is laid out in preorder with subtree ends.

Worked example: tokens `0: b"a"`, `1: b"ab"`, `2: b"b"`, `3: b"a"`.

    node   byte  token  end      (the root is not stored: its children are the nodes of depth one)
       0    'a'      0    2      node 0 is "a"; its subtree is nodes 0..1
       1    'b'      1    2      node 1 is "ab"
       2    'b'      2    3      node 2 is "b"
    same = [3, -1, -1, -1]       tokens 0 and 3 have the same bytes

A walk is `node = 0; while node < len: node = node + 1 if alive(byte[node]) else end[node]`.

Invariants: `node < end[node] <= len(trie)`; the children of a node are sorted by byte, without repeats; `token` is -1
where no token ends, and otherwise the *smallest* id with these bytes; `same` is a list that starts there and goes
through all further ids of the same bytes in increasing order, -1 at its end. Every leaf has a token.

Construction sorts the tokens and lays each on the path of the one before it: one linear pass after the sort. The
compiled builder (`_trie.pyx`) does it in about 20 ms for 131,072 tokens; `build_reference` here is the same pass for
reading, the oracle of the tests, and what runs where the package was installed without a compiler.

Rejected: a node table with child pointers (three times the memory, and a walk that jumps); double arrays (Aoe 1989:
fast for one lookup, but a mask walks whole subtrees, not one path); storing subtree *sizes* (one more addition a skip).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from constrain.errors import VocabularyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["COMPILED", "Trie", "build", "build_reference"]


def _compiled() -> Any:
    try:
        from constrain.vocabulary import _trie
    except ImportError:  # installed without a compiler
        return None
    return _trie


_NATIVE = _compiled()
COMPILED = _NATIVE is not None
_MAX_NODES = 2**31 - 2


@dataclass(frozen=True, eq=False, repr=False)
class Trie:
    """A set of byte strings with token ids, as flat preorder arrays (read-only, C-contiguous).

    byte:  uint8[n]     the byte on the edge into node i
    token: int32[n]     the smallest token id that ends at node i, or -1
    end:   int32[n]     the index just after the subtree of node i
    same:  int32[size]  the next token id with the same bytes, or -1
    depth_max:          the depth of the deepest node (bytes of the longest token), 0 for the empty trie
    """

    byte: NDArray[np.uint8]
    token: NDArray[np.int32]
    end: NDArray[np.int32]
    same: NDArray[np.int32]
    depth_max: int

    def __post_init__(self) -> None:
        for array in (self.byte, self.token, self.end, self.same):
            array.flags.writeable = False

    def __len__(self) -> int:
        """Return the number of nodes, the root not counted."""
        return len(self.byte)

    def __repr__(self) -> str:
        return f"<Trie: {len(self)} nodes, depth {self.depth_max}>"

    def equals(self, other: Trie) -> bool:
        """Tell whether both tries are the same, array by array."""
        return self.depth_max == other.depth_max and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in ("byte", "token", "end", "same")
        )

    def ids(self, node: int) -> list[int]:
        """Return all token ids that end at `node`, in increasing order."""
        out = []
        token = int(self.token[node])
        while token >= 0:
            out.append(token)
            token = int(self.same[token])
        return out

    def longest(self, text: bytes, start: int = 0) -> tuple[int, int]:
        """Return (token id, length in bytes) of the longest token that is a prefix of `text[start:]`, or (-1, 0)."""
        byte, token, end = self.byte.data, self.token.data, self.end.data
        best, length = -1, 0
        node, stop = 0, len(byte)
        for position in range(start, len(text)):
            wanted = text[position]
            while node < stop and byte[node] < wanted:
                node = end[node]
            if node >= stop or byte[node] != wanted:
                break
            if token[node] >= 0:
                best, length = token[node], position - start + 1
            node, stop = node + 1, end[node]
        return best, length


def build(data: bytes, offset: NDArray[np.int64], size: int, ids: NDArray[np.int32] | None = None) -> Trie:
    """Return the trie of the tokens `data[offset[t] : offset[t + 1]]`, for all t, or for those in `ids`.

    data: the bytes of all tokens, one after the other. offset: int64[count + 1], not decreasing, from 0 to
    `len(data)`. size: length of `same`. ids: int32[k], without repeats. Tokens of no bytes are left out.
    """
    count = len(offset) - 1
    if ids is None:
        ids = np.arange(count, dtype=np.int32)
    ids = ids[offset[ids + 1] > offset[ids]] if len(ids) else ids
    if int((offset[ids + 1] - offset[ids]).sum() if len(ids) else 0) > _MAX_NODES:
        raise VocabularyError("the tokens of a vocabulary have more than 2^31 bytes in all")
    if size < count:
        raise ValueError(f"size {size} is less than the number of tokens, {count}")
    maker = _build_plain if _NATIVE is None else _NATIVE.build
    byte, token, end, same, depth_max = maker(data, offset, np.ascontiguousarray(ids, dtype=np.int32), size)
    return Trie(byte, token, end, same, depth_max)


def build_reference(tokens: Sequence[bytes | None], size: int) -> Trie:
    """Return the trie of `tokens` by the plain-Python pass. None and empty tokens are left out."""
    items = sorted((text, index) for index, text in enumerate(tokens) if text)
    return Trie(*_lay(items, size))


def _build_plain(
    data: bytes, offset: NDArray[np.int64], ids: NDArray[np.int32], size: int
) -> tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], int]:
    return _lay(sorted((data[offset[t] : offset[t + 1]], t) for t in ids.tolist()), size)


def _lay(
    items: list[tuple[bytes, int]], size: int
) -> tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], int]:
    """Lay sorted (bytes, id) pairs one on the other."""
    byte = bytearray()
    token: list[int] = []
    end: list[int] = []
    same = np.full(size, -1, dtype=np.int32)
    path: list[int] = []  # the nodes from the root to the last one laid
    before, last = b"", -1
    deepest = 0
    for text, index in items:
        if text == before:
            same[last] = index
            last = index
            continue
        shared = 0
        while shared < len(before) and shared < len(text) and before[shared] == text[shared]:
            shared += 1
        for node in path[shared:]:
            end[node] = len(byte)
        del path[shared:]
        for value in text[shared:]:
            path.append(len(byte))
            byte.append(value)
            token.append(-1)
            end.append(0)
        token[path[-1]] = index
        before, last = text, index
        deepest = max(deepest, len(text))
    for node in path:
        end[node] = len(byte)
    return (
        np.frombuffer(bytes(byte), dtype=np.uint8),
        np.array(token, dtype=np.int32),
        np.array(end, dtype=np.int32),
        same,
        deepest,
    )
