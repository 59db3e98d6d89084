"""What one compilation, or one rule that is produced, may cost; and which keyword is to blame when it costs more.

Worked example: `{"properties": {"n": {"multipleOf": 0.123456789}}}` needs a table of 123,456,789 remainders. The numbers
say that there are too many states; the algebra knows which keyword brought the formula in, and the error adds "for
multipleOf at /properties/n/multipleOf".

Invariants: the clock is read every 64 ticks, so work of short steps ends soon after `Limits.seconds`. A place is the innermost
keyword whose formula was at work.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from constrain.errors import LimitExceeded
from constrain.limits import DEFAULT, Limits

__all__ = ["Budget", "LimitAtPlace", "deeply"]

_SELDOM = 63
_DEEPEST = 2_000
"""Nesting for which that stack is known to suffice, eight times over."""
_STACK = 32 << 20
_FRAMES = 12
"""Frames of the interpreter for one level of nesting, at most."""

Made = TypeVar("Made")


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


def deeply(compute: Callable[[], Made], limits: Limits) -> Made:
    """Return `compute()`, which recurses as deep as a schema is nested. Raises LimitExceeded beyond about `limits.depth`.

    The interpreter's own limit is met by schemas nested some hundred deep. It is raised for a second attempt only, in a thread
    with a stack of its own that is large enough; so what `compute` keeps must be right after a RecursionError.
    """
    try:
        return compute()
    except RecursionError:
        return _with_a_large_stack(compute, limits)


def _with_a_large_stack(compute: Callable[[], Made], limits: Limits) -> Made:
    made: list[Made] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            made.append(compute())
        except RecursionError:
            raised.append(LimitExceeded("nesting of the schema", limits.depth))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            raised.append(error)

    frames, stack = sys.getrecursionlimit(), threading.stack_size(_STACK)
    try:
        sys.setrecursionlimit(max(frames, _FRAMES * min(limits.depth, _DEEPEST) + 1_000))
        worker = threading.Thread(target=run)
        worker.start()
        worker.join()
    finally:
        threading.stack_size(stack)
        sys.setrecursionlimit(frames)
    if raised:
        raise raised[0]
    return made[0]
