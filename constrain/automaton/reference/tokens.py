"""The token automaton by definition: tokens are byte strings, and a state after a token is the byte state after its bytes.

Example: for the constraint `yes|no` and the tokens [b"y", b"yes", b"n", b"es", b"o", eos], the mask of the start is {0, 1, 2};
after `y` it is {3}; after `yes` it is {eos}. A vocabulary without b"es" would never offer b"y": a token is allowed
iff an accepting state can be reached after it *by tokens of this vocabulary*.

That question is a forward search, skipped for vocabularies that have every byte as a token (bytes that never occur
in UTF-8 may be missing, since terms are lowered to well-spelled UTF-8): there the byte machine's own liveness is the answer.

Rules: a special token (None) and an empty token are never allowed; an EOS id is allowed iff the state accepts, whatever bytes
it has, and leads to the finished state, where only EOS ids are allowed.

Invariants: token states are byte states, one space of ids; masks never change.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from constrain.automaton.reference.machine import ReferenceMachine
from constrain.core.ids import DEAD, StateId
from constrain.errors import LimitExceeded, VocabularyError
from constrain.grammar.symbols import Grammar
from constrain.limits import DEFAULT, Limits

__all__ = ["ReferenceAutomaton"]

Row = NDArray[np.int32]

_WEIGHT = 4  # of a byte still needed, against a token taken
_NEVER_IN_UTF8 = {0xC0, 0xC1, *range(0xF5, 0x100)}


class ReferenceAutomaton:
    """A grammar over the tokens of a vocabulary.

    tokens: the bytes of each token id, None for a special token. eos: ids that end the text. size: the number of ids a row
    has room for, at least len(tokens); the ids beyond len(tokens) are padding and never allowed (unless they are in `eos`).

    Raises GrammarError if nothing can be derived, VocabularyError if the tokens can spell nothing of it.
    """

    def __init__(
        self,
        grammar: Grammar,
        tokens: Sequence[bytes | None],
        eos: Sequence[int],
        limits: Limits = DEFAULT,
        size: int | None = None,
    ) -> None:
        self.size = len(tokens) if size is None else size
        if self.size < len(tokens):
            raise VocabularyError(f"{len(tokens)} tokens do not fit in a vocabulary of size {self.size}")
        wrong = [token for token in eos if not 0 <= token < self.size]
        if wrong:
            raise VocabularyError(f"EOS id {wrong[0]} is outside the vocabulary of size {self.size}")
        self.words = (self.size + 31) // 32
        self.machine = ReferenceMachine(grammar, limits)
        self.start: int = self.machine.start
        self._limits = limits
        self._eos = tuple(sorted(set(eos)))
        by_bytes: dict[bytes, list[int]] = {}
        self._bytes: dict[int, bytes] = {}
        for token, data in enumerate(tokens):
            if data and token not in self._eos:
                by_bytes.setdefault(data, []).append(token)
                self._bytes[token] = data
        self._sorted = sorted(by_bytes)
        self._ids = [by_bytes[data] for data in self._sorted]
        self._has_all_bytes = all(bytes([b]) in by_bytes for b in range(256) if b not in _NEVER_IN_UTF8)
        self._targets: dict[int, dict[bytes, StateId]] = {}
        self._live: dict[int, bool] = {}
        self._rows: dict[int, Row] = {}
        self._row_store: dict[bytes, Row] = {}
        self._stored_bytes = 0
        if not self._is_live(self.start):
            raise VocabularyError("the tokens of this vocabulary cannot spell any text of the constraint")

    def step(self, state: int, token: int) -> StateId:
        """Return the state after a token, DEAD if it is not allowed. Raises VocabularyError for an id outside."""
        if not 0 <= token < self.size:
            raise VocabularyError(f"token {token} is outside the vocabulary of size {self.size}")
        if token in self._eos:
            return self.machine.finished() if self.machine.is_accepting(state) else DEAD
        data = self._bytes.get(token)
        if data is None:
            return DEAD
        target = StateId(state)
        for byte in data:
            target = self.machine.step(target, byte)
        return target if self._is_live(target) else DEAD

    def mask(self, state: int) -> Row:
        """Return the read-only row of a state: bit t%32 of int32 word t//32 is set iff token t is allowed."""
        found = self._rows.get(state)
        if found is None:
            bits = np.zeros(self.words * 32, dtype=np.uint8)
            for data, target in self._byte_live_targets(state).items():
                if self._is_live(target):
                    bits[self._ids[bisect_left(self._sorted, data)]] = 1
            if self.machine.is_accepting(state):
                bits[list(self._eos)] = 1
            row = np.packbits(bits, bitorder="little").view("<i4").astype(np.int32, copy=False)
            found = self._rows[state] = self._stored(row)
        return found

    def is_accepting(self, state: int) -> bool:
        """Tell whether the text may end in this state."""
        return self.machine.is_accepting(state)

    def forced(self, state: int) -> list[int]:
        """Return the run of tokens that are each the only choice. It ends where the text may end, or where there is a choice."""
        run: list[int] = []
        while state != DEAD and not self.is_accepting(state):
            allowed = np.flatnonzero(np.unpackbits(self.mask(state).view(np.uint8), bitorder="little"))
            if len(allowed) != 1:
                break
            token = int(allowed[0])
            run.append(token)
            state = self.step(state, token)
        return run

    def _stored(self, row: Row) -> Row:
        """Keep one copy of equal rows."""
        key = row.tobytes()
        found = self._row_store.get(key)
        if found is None:
            self._stored_bytes += len(key)
            if self._stored_bytes > self._limits.rows_bytes:
                raise LimitExceeded("bytes of mask rows", self._limits.rows_bytes)
            row.flags.writeable = False
            found = self._row_store[key] = row
        return found

    def _byte_live_targets(self, state: int) -> dict[bytes, StateId]:
        """Return the byte state after each token's bytes, for those not dead there: a walk in sorted order."""
        found = self._targets.get(state)
        if found is not None:
            return found
        found = {}
        path = [StateId(state)]  # the states after the prefixes of `previous`
        previous = b""
        i = 0
        while i < len(self._sorted) and state != DEAD:
            data = self._sorted[i]
            shared = 0
            while shared < len(path) - 1 and shared < len(data) and previous[shared] == data[shared]:
                shared += 1
            del path[shared + 1 :]
            previous = data
            for byte in data[shared:]:
                target = self.machine.step(path[-1], byte)
                if target == DEAD:
                    break
                path.append(target)
            if len(path) == len(data) + 1:
                found[data] = path[-1]
                i += 1
            else:
                i = self._after_prefix(data[: len(path)], i)
        if not self._has_all_bytes:  # a search comes back to it; a mask alone does not
            self._targets[state] = found
        return found

    def _after_prefix(self, prefix: bytes, start: int) -> int:
        """Return the index of the first token after all those that begin with `prefix`."""
        stem = prefix.rstrip(b"\xff")
        if not stem:
            return len(self._sorted)
        return bisect_left(self._sorted, stem[:-1] + bytes([stem[-1] + 1]), start)

    def _is_live(self, state: int) -> bool:
        """Tell whether an accepting state can be reached by tokens."""
        if state == DEAD or self._has_all_bytes:
            return state != DEAD
        if state not in self._live:
            self._search(state)
        return self._live[state]

    def _search(self, state: int) -> None:
        """Search forwards for an accepting state; settle the states on the way to one, or, without one, all that were met.

        Best first by tokens taken and, weighted, by the bytes the terminals being read still need: that finds the way
        out of a long string where taking states in order would try all strings first.
        """
        came_from: dict[int, int | None] = {state: None}
        queue = [(0, 0, 0, state)]
        steps = 0
        while queue:
            _, taken, _, reached = heappop(queue)
            if self.machine.is_accepting(reached) or self._live.get(reached):
                on_the_way: int | None = reached
                while on_the_way is not None:
                    self._live[on_the_way] = True
                    on_the_way = came_from[on_the_way]
                return
            steps += 1
            if steps > self._limits.search:
                raise LimitExceeded("states of one search for a completion", self._limits.search)
            for target in self._byte_live_targets(reached).values():
                if target not in came_from and self._live.get(target, True):
                    came_from[target] = reached
                    needed = self.machine.bytes_needed(target)
                    heappush(queue, (taken + 1 + _WEIGHT * needed, taken + 1, len(came_from), target))
        self._live.update(dict.fromkeys(came_from, False))
