"""What one compilation, or one rule that is produced, may cost; and which keyword is to blame when it costs more.

Worked example: `{"properties": {"n": {"multipleOf": 0.123456789}}}` needs a table of 123,456,789 remainders. The numbers
say that there are too many states; the algebra knows which keyword brought the formula in, and the error adds "for
multipleOf at /properties/n/multipleOf".

Invariants: the clock is read every 64 ticks, so work of short steps ends soon after `Limits.seconds`. A place is the innermost
keyword whose formula was at work.
"""

from __future__ import annotations

import time

from constrain.errors import LimitExceeded
from constrain.limits import DEFAULT, Limits

__all__ = ["Budget", "LimitAtPlace"]

_SELDOM = 63


class LimitAtPlace(LimitExceeded):
    """A limit that ran out because of one keyword; `pointer` leads to its value."""

    def __init__(self, error: LimitExceeded, pointer: str, keyword: str) -> None:
        super().__init__(error.resource, error.limit)
        self.args = (f"{error} (for {keyword} at {pointer})",)
        self.cause = error
        self.pointer = pointer
        self.keyword = keyword


class Budget:
    """Steps and seconds for one piece of work."""

    def __init__(self, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self.restart()

    def restart(self) -> None:
        """Begin another piece of work."""
        self._steps = self._ticks = 0
        self._deadline = time.monotonic() + self._limits.seconds

    def charge(self) -> None:
        """Count one step of a search. Raises LimitExceeded."""
        self._steps += 1
        if self._steps > self._limits.search:
            raise LimitExceeded("steps of one search for a completion", self._limits.search)
        self.tick()

    def tick(self) -> None:
        """Look at the clock now and then. Raises LimitExceeded."""
        self._ticks += 1
        if not self._ticks & _SELDOM and time.monotonic() > self._deadline:
            raise LimitExceeded("seconds to build one constraint", self._limits.seconds)
