"""Which automaton runs: the native core where it was compiled, the plain-Python reference everywhere else.

Both offer the same two faces, so nothing above this file asks which one it has:

    byte face    start, step_byte(state, byte), run_bytes(state, data, start) -> (state, offset), is_accepting,
    allowed_bytes token face   start, step(state, token), mask(state), is_accepting(state), forced(state)

The native core trusts rules to be completable and free of left recursion; grammars that are not run on the reference
(`constrain.grammar.guarded` decides, once).

What is shared: one `Store` per vocabulary and limits holds terms, tables and mask rows for all automata over it. It
only grows, so when it has become large a new one is begun; automata made earlier keep the old one alive as long as
they live. Set CONSTRAIN_ENGINE=reference to run the reference although the core is there (tests, debugging).
"""

from __future__ import annotations

import os
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary

from constrain.automaton.reference import ReferenceAutomaton, ReferenceMachine
from constrain.core.ids import DEAD
from constrain.errors import GrammarError, VocabularyError
from constrain.grammar.guarded import is_guarded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from constrain.grammar.symbols import Grammar
    from constrain.limits import Limits
    from constrain.vocabulary import Vocabulary

__all__ = ["ByteEngine", "ReferenceBytes", "TokenEngine", "byte_engine", "is_native", "token_engine"]

_GENERATION = 1_500_000
"""Terms after which a shared store is no longer given to new automata."""


class ByteEngine(Protocol):
    """A grammar, one byte at a time."""

    start: int

    def step_byte(self, state: int, byte: int) -> int: ...
    def run_bytes(self, state: int, data: bytes, start: int = 0) -> tuple[int, int]: ...
    def is_accepting(self, state: int) -> bool: ...
    def allowed_bytes(self, state: int) -> int: ...


class TokenEngine(Protocol):
    """A grammar, one token at a time."""

    start: int

    def step(self, state: int, token: int) -> int: ...
    def mask(self, state: int) -> NDArray[np.int32]: ...
    def is_accepting(self, state: int) -> bool: ...
    def forced(self, state: int) -> list[int]: ...


def _native() -> Any:
    if os.environ.get("CONSTRAIN_ENGINE") == "reference":
        return None
    try:
        return import_module("constrain.automaton.tables"), import_module("constrain.automaton.tokens")
    except ImportError:
        warnings.warn(
            "the compiled core of constrain is missing (no compiler at installation?): running on the plain-Python "
            "reference, which gives the same results much more slowly",
            RuntimeWarning,
            stacklevel=2,
        )
        return None


_NATIVE = _native()
_stores: WeakKeyDictionary[Vocabulary, dict[Limits, Any]] = WeakKeyDictionary()
_byte_stores: dict[Limits, Any] = {}


def is_native() -> bool:
    """Tell whether the compiled core is in use."""
    return _NATIVE is not None


def byte_engine(grammar: Grammar, limits: Limits) -> ByteEngine:
    """Return the byte face of `grammar`."""
    if _NATIVE is not None and is_guarded(grammar, limits):
        tables, tokens = _NATIVE
        store = _byte_stores.get(limits)
        if store is None or len(store) > _GENERATION:
            store = _byte_stores[limits] = tables.Store(None, limits)
        core: ByteEngine = tokens.Core(store, grammar.start, limits)
        return core
    return ReferenceBytes(grammar, limits)


def token_engine(grammar: Grammar, vocabulary: Vocabulary, limits: Limits) -> TokenEngine:
    """Return the token face of `grammar`. Raises VocabularyError if the tokens can write no text of it."""
    if _NATIVE is not None and is_guarded(grammar, limits):
        tables, tokens = _NATIVE
        shared = _stores.setdefault(vocabulary, {})
        store = shared.get(limits)
        if store is None or len(store) > _GENERATION:
            store = shared[limits] = tables.Store(vocabulary, limits)
        core = tokens.Core(store, grammar.start, limits)
        if core.start == DEAD:
            raise GrammarError("nothing at all can be derived from the start of the grammar")
        if not core.alive_by_tokens():
            raise VocabularyError("the tokens of this vocabulary cannot spell any text of the constraint")
        engine: TokenEngine = core
        return engine
    return ReferenceAutomaton(grammar, vocabulary.tokens, vocabulary.eos, limits, size=vocabulary.size)


class ReferenceBytes:
    """The byte face of the reference machine."""

    def __init__(self, grammar: Grammar, limits: Limits) -> None:
        self._machine = ReferenceMachine(grammar, limits)
        self.start: int = self._machine.start

    def step_byte(self, state: int, byte: int) -> int:
        """Return the state after one byte, or DEAD."""
        return DEAD if state == DEAD else self._machine.step(state, byte)

    def run_bytes(self, state: int, data: bytes, start: int = 0) -> tuple[int, int]:
        """Step over `data[start:]`; return (state, offset of the first byte not allowed, or the length)."""
        for offset in range(start, len(data)):
            target = self._machine.step(state, data[offset])
            if target == DEAD:
                return state, offset
            state = target
        return state, len(data)

    def is_accepting(self, state: int) -> bool:
        """Tell whether the text may end here."""
        return self._machine.is_accepting(state)

    def allowed_bytes(self, state: int) -> int:
        """Return the bytes that may come next, as a 256-bit mask."""
        return self._machine.allowed(state)
