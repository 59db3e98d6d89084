"""Names for the integers the package trades in, so that a signature says which one it means."""

from __future__ import annotations

from typing import Final, NewType

__all__ = ["DEAD", "StateId", "TokenId"]

StateId = NewType("StateId", int)
TokenId = NewType("TokenId", int)

DEAD: Final = StateId(-1)
"""The state after a byte or token that is not allowed. Never an id of a real state."""
