"""A constraint: a language of texts, knowing nothing of tokens.

`json_schema`, `regex` and `choice` make one; `TokenAutomaton(constraint, vocabulary)` runs it on tokens. By itself it
judges whole texts:

    >>> c = constrain.choice(["yes", "no"])
    >>> c.matches(b"yes"), c.check(b"yea").offset
    (True, 2)

Invariant: immutable to its users; the byte automaton inside is made when a text is first judged, and grows as texts
visit it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from constrain.automaton.engine import ByteEngine, byte_engine
from constrain.automaton.violation import Violation, expectations
from constrain.core.ids import DEAD
from constrain.errors import GrammarError
from constrain.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from constrain.grammar.symbols import Grammar

__all__ = ["Constraint"]


class Constraint:
    """A language of texts.

    grammar: its rules over bytes. unenforced: what the source of the constraint says and is not enforced, because its
    own specification calls it an annotation; empty when everything is. source: one line for messages. limits: its
    budgets.
    """

    __slots__ = ("_engine", "grammar", "limits", "source", "unenforced")

    def __init__(
        self, grammar: Grammar, *, source: str = "", unenforced: tuple[str, ...] = (), limits: Limits = DEFAULT
    ) -> None:
        self.grammar = grammar
        self.source = source
        self.unenforced = unenforced
        self.limits = limits
        self._engine: ByteEngine | None = None

    def matches(self, text: bytes | str) -> bool:
        """Tell whether the whole text belongs to the language."""
        engine = self._bytes()
        data = _encoded(text)
        state, offset = engine.run_bytes(engine.start, data)
        return offset == len(data) and engine.is_accepting(state)

    def check(self, text: bytes | str, *, partial: bool = False) -> Violation | None:
        """Return None if the text belongs to the language (`partial`: or can still become a member), else the violation."""
        engine = self._bytes()
        data = _encoded(text)
        state, offset = engine.run_bytes(engine.start, data)
        if offset == len(data) and (partial or engine.is_accepting(state)):
            return None
        return Violation.at(data, offset, expectations(engine, state))

    def _bytes(self) -> ByteEngine:
        if self._engine is None:
            engine = byte_engine(self.grammar, self.limits)
            if engine.start == DEAD:
                raise GrammarError("nothing at all can be derived from the start of the grammar")
            self._engine = engine
        return self._engine

    def __repr__(self) -> str:
        return f"<Constraint {self.source}>"


def _encoded(text: bytes | str) -> bytes:
    """UTF-8, where a lone surrogate becomes bytes that no constraint allows."""
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)
