"""One request's position in a token automaton: a stack of integers.

    >>> m = constrain.Matcher(automaton)
    >>> m.fill(row)            # int32 [words], to be written
    >>> m.accept(token)        # False, and nothing changes, if the token is not allowed
    >>> m.rollback(2)

For servers that think in matchers. Whoever can keep integers needs none: `TokenAutomaton.step` is all there is to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from constrain.core.ids import DEAD
from constrain.errors import VocabularyError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from constrain.automaton.token_automaton import TokenAutomaton

__all__ = ["Matcher"]


class Matcher:
    """A position in `automaton` with its history.

    state: the current state id. Raises VocabularyError when more tokens are taken back than were accepted.
    """

    __slots__ = ("_history", "automaton", "state")

    def __new__(cls, automaton: TokenAutomaton) -> Self:
        """Return a matcher; over the native core it is the compiled class with the same methods."""
        compiled = getattr(automaton.core, "matcher", None)
        if compiled is not None:
            matcher: Self = compiled(automaton)
            return matcher
        return super().__new__(cls)

    def __init__(self, automaton: TokenAutomaton) -> None:
        self.automaton = automaton
        self.state: int = automaton.start
        self._history: list[int] = []

    def fill(self, row: NDArray[np.int32]) -> None:
        """Copy the mask of the current state into `row` (int32 [words])."""
        mask = self.automaton.mask(self.state)
        if row.shape != mask.shape:
            raise VocabularyError(f"row must be int32 [{mask.shape[0]}], not {list(row.shape)}")
        row[:] = mask

    def accept(self, token: int) -> bool:
        """Move over `token` and return True; or return False and stay, if it is not allowed."""
        target = self.automaton.step(self.state, token)
        if target == DEAD:
            return False
        self._history.append(self.state)
        self.state = target
        return True

    def rollback(self, n: int = 1) -> None:
        """Take back the last `n` accepted tokens."""
        if not 0 <= n <= len(self._history):
            raise VocabularyError(f"cannot take back {n} tokens: {len(self._history)} were accepted")
        if n:
            self.state = self._history[-n]
            del self._history[-n:]

    def fork(self) -> Matcher:
        """Return an independent copy at the same position."""
        copy = object.__new__(Matcher)
        copy.automaton, copy.state, copy._history = self.automaton, self.state, self._history.copy()
        return copy

    def is_accepting(self) -> bool:
        """Tell whether the text may end here."""
        return self.automaton.is_accepting(self.state)

    def __len__(self) -> int:
        """Return the number of accepted tokens."""
        return len(self._history)
