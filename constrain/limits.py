"""Budgets: one frozen object, handed down, charged by every loop that input can make long.

A limit that is hit raises `LimitExceeded`; what was built before stays valid, so one hostile request
does not spoil the automaton for the others.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds on what one constraint, or one automaton, may cost.

    schema_bytes:  size of a schema given as text
    depth:         nesting of schemas and patterns (parsers and compilers recurse)
    terms:         regular terms created by one automaton (derivatives included)
    states:        states of one automaton
    rows_bytes:    memory for mask rows of one vocabulary
    search:        steps of one emptiness or liveness search
    seconds:       wall-clock time for building one constraint
    step_seconds:  wall-clock time for one step or mask that visits new states
    """

    schema_bytes: int = 64 << 20
    depth: int = 2_000
    terms: int = 4_000_000
    states: int = 4_000_000
    rows_bytes: int = 4 << 30
    search: int = 200_000
    seconds: float = 10.0
    step_seconds: float = 2.0


DEFAULT = Limits()
