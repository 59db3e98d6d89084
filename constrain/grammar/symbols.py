"""Grammar symbols: terminals, nonterminals produced on demand, and the keys of JSON objects.

A *symbol* is one of

- a `Term` over bytes (`constrain.regular.term`): a terminal;
- a `Nonterminal`: its rules are asked for the first time the parser reaches it, never before, so a large schema
  of which an instance touches one corner costs that corner;
- a `Keys`: the name of the next object member with its closing quote. It is a terminal whose *text* decides what
  follows (a data-dependent terminal: Jim, Mandelbaum, Walker, "Semantics and algorithms for data-dependent
  grammars", POPL 2010). That is how a schema's `properties` dispatch, and how a name is never used twice.

A *rule* is a tuple of symbols. Example, the object `{"a": 1}` of schema
`{"properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": false}`:

    VALUE -> literal(ws "{") OBJECT0
    OBJECT0 -> literal(ws '"') Keys({"a"})           after("a") = (INTEGER, OBJECT1)
    OBJECT1 -> literal(ws "}")

Matching `Keys` means: read a JSON string body (any legal spelling: `\\u0061` is `a`) and the closing quote, then match
the term `colon`, then the symbols `after(...)` returns.

Names already used by *free* keys travel as a parameter `used` (a frozenset of str), which the machine threads:
a nonterminal with `collects=True` receives it, hands it to the `Keys` and collecting nonterminals of its rules, and after a
free name `n` matched, the collecting nonterminals among the `after` symbols receive `used | {n}` (after a declared name:
`used` unchanged). Everything else starts with the empty set. The rules themselves never depend on `used`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import RLock
from typing import Union

from constrain.errors import GrammarError
from constrain.regular.term import Term

__all__ = ["Grammar", "Keys", "NameTable", "Nonterminal", "Rule", "Symbol"]

Symbol = Union[Term, "Nonterminal", "Keys"]
Rule = tuple[Symbol, ...]


_producing = RLock()
"""Held while a production is made: front ends keep memos that two threads must not fill at once."""


class Nonterminal:
    """A nonterminal. Two occurrences are the same symbol iff they are the same object: intern them.

    name: for messages only. produce: called at most once; returns the alternatives, each a tuple of symbols.
    An alternative that can derive nothing must not be returned. No alternatives at all is a `GrammarError`.
    """

    __slots__ = ("__weakref__", "_produce", "_rules", "collects", "name")

    def __init__(self, name: str, produce: Callable[[], Sequence[Rule]], *, collects: bool = False) -> None:
        self.name = name
        self.collects = collects
        self._produce: Callable[[], Sequence[Rule]] | None = produce
        self._rules: tuple[Rule, ...] | None = None

    def rules(self) -> tuple[Rule, ...]:
        """Return the alternatives, producing them on the first call."""
        if self._rules is None:
            with _producing:
                return self._produced()
        return self._rules

    def _produced(self) -> tuple[Rule, ...]:
        if self._rules is None:
            if self._produce is None:  # pragma: no cover - a produce() that asks for its own rules
                raise GrammarError(f"the rules of {self.name} depend on themselves")
            self._rules = tuple(tuple(rule) for rule in self._produce())
            self._produce = None
            if not self._rules:
                raise GrammarError(f"{self.name} has no alternatives")
        return self._rules

    def __repr__(self) -> str:
        return f"<{self.name}>"


class NameTable:
    """The declared names of one object schema, shared by all its `Keys`.

    names: in schema order (the index of a name is its *label*). Every name in the table is known: a free key never
    matches it, whether or not it is allowed at the moment.
    """

    __slots__ = ("__weakref__", "index", "names")

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.index = {name: label for label, name in enumerate(self.names)}
        if len(self.index) != len(self.names):
            raise GrammarError("a name table lists a name twice")


class Keys:
    """The next member's name (after its opening quote) up to and including the colon.

    table: the declared names.
    allowed: bit i set iff the declared name with label i may come now. Every allowed name must be live: some completion
        of `after(i)` exists.
    free: classes of undeclared names, pairwise disjoint terms over JSON-spelled *bytes* (`lower_json`), or None for "any
        string". Each matches only names that are not in `table` and not in `used`. A class must be infinite, or else the
        machine checks that a name remains.
    colon: term matched after the closing quote, usually ws ":".
    after: called at most once per label; labels of declared names are 0..len(table.names)-1, free class c has label
        len(table.names) + c. Returns the symbols that follow the colon.
    """

    __slots__ = ("__weakref__", "_after", "_cache", "allowed", "colon", "free", "table")

    def __init__(
        self,
        table: NameTable,
        allowed: int,
        free: Sequence[Term | None],
        colon: Term,
        after: Callable[[int], Rule],
    ) -> None:
        self.table = table
        self.allowed = allowed
        self.free = tuple(free)
        self.colon = colon
        self._after = after
        self._cache: dict[int, Rule] = {}
        if not allowed and not self.free:
            raise GrammarError("no name can come next")

    def after(self, label: int) -> Rule:
        """Return the symbols that follow the colon after a name with this label."""
        found = self._cache.get(label)
        if found is None:
            with _producing:
                found = self._cache.get(label)
                if found is None:
                    found = self._cache[label] = tuple(self._after(label))
        return found


class Grammar:
    """A start rule: the whole text must match these symbols in order.

    guarded: the maker promises that no nonterminal is left-recursive and that every rule can be completed, so that
    nothing need be looked at before it is reached (see `constrain.grammar.guarded`).
    """

    __slots__ = ("guarded", "start")

    def __init__(self, start: Rule, *, guarded: bool = False) -> None:
        self.start = tuple(start)
        self.guarded = guarded
