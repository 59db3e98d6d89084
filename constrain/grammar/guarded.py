"""Which grammars need nothing but the plain machine: no left recursion, nothing that derives no text.

Problem: the native core expands a nonterminal when it is reached and trusts every rule to be completable. That is
right for grammars whose front end promises it (`Grammar.guarded`: JSON's nonterminals each begin with a terminal and
are made only if they are inhabited). For any other grammar the promise is checked here, once, by looking at all rules;
a grammar that fails runs on the reference machine.

Example: `S -> S "a" | "b"` is left-recursive; `S -> "a" T | "b"`, `T -> T "c"` has an unproductive T; both are not
guarded.

Left recursion: nonterminal A reaches itself through left corners, the symbols that may come first because all before
them derive the empty text. Productive: some alternative has only productive symbols (least fixpoint). Source: any
textbook (Hopcroft, Motwani, Ullman, ch. 7).
"""

from __future__ import annotations

from collections.abc import Callable

from constrain.errors import ConstrainError, LimitExceeded
from constrain.grammar.symbols import Grammar, Keys, Nonterminal, Rule, Symbol
from constrain.limits import DEFAULT, Limits
from constrain.regular.emptiness import is_empty
from constrain.regular.term import Term

__all__ = ["is_guarded"]


def is_guarded(grammar: Grammar, limits: Limits = DEFAULT) -> bool:
    """Tell whether the native core can run `grammar`. A production that raises makes it False: the reference isolates it."""
    if grammar.guarded:
        return True
    start = Nonterminal("start", lambda: (grammar.start,))
    try:
        rules = _explore(start, limits)
    except ConstrainError as error:
        if isinstance(error, LimitExceeded):
            raise
        return False
    productive = _fixpoint(rules, lambda term: not is_empty(term, limits))
    if len(productive) < len(rules):
        return False
    nullable = _fixpoint(
        {s: options for s, options in rules.items() if isinstance(s, Nonterminal)}, lambda term: term.nullable
    )
    return not _is_left_recursive(rules, nullable)


def _explore(start: Nonterminal, limits: Limits) -> dict[Symbol, tuple[Rule, ...]]:
    """Return every reachable nonterminal and `Keys` with its rules (for a `Keys`: what follows each of its names)."""
    rules: dict[Symbol, tuple[Rule, ...]] = {}
    agenda: list[Symbol] = [start]
    while agenda:
        symbol = agenda.pop()
        if symbol in rules or isinstance(symbol, Term):
            continue
        if len(rules) > limits.search:
            raise LimitExceeded("nonterminals of one grammar", limits.search)
        if isinstance(symbol, Nonterminal):
            rules[symbol] = symbol.rules()
        else:
            count = len(symbol.table.names)
            labels = [label for label in range(count) if symbol.allowed >> label & 1]
            rules[symbol] = tuple(
                (symbol.colon, *symbol.after(label)) for label in (*labels, *range(count, count + len(symbol.free)))
            )
        agenda.extend(item for rule in rules[symbol] for item in rule)
    return rules


def _fixpoint(rules: dict[Symbol, tuple[Rule, ...]], holds: Callable[[Term], bool]) -> set[Symbol]:
    """Return the symbols one of whose rules consists of terms that hold and of such symbols."""
    terms = {
        item: holds(item) for options in rules.values() for rule in options for item in rule if isinstance(item, Term)
    }
    found: set[Symbol] = set()
    while True:
        size = len(found)
        for symbol, options in rules.items():
            if symbol not in found and any(
                all(terms[item] if isinstance(item, Term) else item in found for item in rule) for rule in options
            ):
                found.add(symbol)
        if len(found) == size:
            return found


def _is_left_recursive(rules: dict[Symbol, tuple[Rule, ...]], nullable: set[Symbol]) -> bool:
    """Tell whether some nonterminal is its own left corner."""
    corners: dict[Symbol, list[Symbol]] = {}
    for symbol, options in rules.items():
        corners[symbol] = []
        if isinstance(symbol, Keys):
            continue
        for rule in options:
            for item in rule:
                if not isinstance(item, Term):
                    corners[symbol].append(item)
                if not (item.nullable if isinstance(item, Term) else item in nullable):
                    break
    state: dict[Symbol, int] = {}
    for root, first in corners.items():
        stack = [(root, iter(first))] if root not in state else []
        state.setdefault(root, 1)
        while stack:
            symbol, rest = stack[-1]
            for item in rest:
                if state.get(item) == 1:
                    return True
                if item not in state:
                    state[item] = 1
                    stack.append((item, iter(corners[item])))
                    break
            else:
                state[symbol] = 2
                stack.pop()
    return False
