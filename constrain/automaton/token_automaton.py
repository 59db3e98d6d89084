"""A constraint over a vocabulary: states are integers, masks are rows of bits.

    >>> a = constrain.TokenAutomaton(constrain.choice(["yes", "no"]), vocabulary)
    >>> state = a.step(a.start, 17)            # an int, or constrain.DEAD
    >>> a.mask(state)                          # read-only int32 row: bit t % 32 of word t // 32 is token t

Everything is a function of the state and memoised, so a request's position *is* an int: rolling back is forgetting
one, forking is copying one, a batch is an array of them. Equal ids have equal futures.

Invariants (each is a property test, tests/automaton): a bit is set iff `step` is not DEAD, and then tokens of this
vocabulary lead on to the end; every tokenisation of every text of the language is allowed; an end-of-sequence token is
allowed iff the state accepts; ids never change their meaning; no live state has an empty mask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from constrain.automaton.engine import token_engine
from constrain.core.ids import DEAD
from constrain.errors import VocabularyError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from constrain.automaton.constraint import Constraint
    from constrain.limits import Limits
    from constrain.vocabulary import Vocabulary

__all__ = ["TokenAutomaton"]


class TokenAutomaton:
    """The lazily determinised token automaton of one constraint over one vocabulary.

    start: the first state. constraint, vocabulary: what it was made of. Raises VocabularyError if the tokens can write
    no text of the constraint, LimitExceeded when `limits` run out (now or at a later step; it stays usable).
    """

    __slots__ = ("constraint", "core", "forced", "is_accepting", "mask", "start", "step", "vocabulary")

    def __init__(self, constraint: Constraint, vocabulary: Vocabulary, limits: Limits | None = None) -> None:
        self.constraint = constraint
        self.vocabulary = vocabulary
        self.core = token_engine(constraint.grammar, vocabulary, limits or constraint.limits)
        self.start: int = self.core.start
        self.step = self.core.step
        """step(state, token) -> state, DEAD (-1) if the token is not allowed."""
        self.mask = self.core.mask
        """mask(state) -> read-only int32 [words]."""
        self.is_accepting = self.core.is_accepting
        """is_accepting(state) -> bool: the text may end here."""
        self.forced = self.core.forced
        """forced(state) -> list of tokens, each the only choice after the ones before."""

    def fill(self, states: NDArray[np.int32], out: NDArray[np.int32]) -> None:
        """Copy the masks of `states` (int32 [batch]) to `out` (int32 [batch, words])."""
        fill = getattr(self.core, "fill", None)
        if fill is not None:
            fill(states, out)
            return
        if out.dtype != np.int32 or out.shape != (len(states), self.vocabulary.words):
            raise VocabularyError(f"out must be int32 [{len(states)}, {self.vocabulary.words}]")
        for row, state in zip(out, states, strict=True):
            row[:] = self.mask(int(state))

    def walk(self, state: int, tokens: list[int]) -> int:
        """Return the state after all `tokens`, DEAD if one is not allowed."""
        for token in tokens:
            state = self.step(state, token)
            if state == DEAD:
                break
        return state

    def __repr__(self) -> str:
        return f"<TokenAutomaton of {self.constraint!r} over {self.vocabulary!r}>"
