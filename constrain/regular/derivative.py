"""Derivatives of byte terms, all byte classes at once.

The *linear form* of a term lists what can be read next: disjoint sets of bytes, each with what is left of the term after
any byte of the set. Example: `a(b|c)* | ad` has the linear form {a} -> (b|c)* | d, and (b|c)* | d has
{b, c} -> (b|c)*, {d} -> epsilon. A byte in none of the sets cannot come next. One pass over the term thus answers the
question for all 256 bytes; a derivative per byte would ask it 256 times.

Invariants: the masks of a form are disjoint and not 0; no residual is NOTHING (a residual with And or Not in it may still be
empty: `emptiness` decides that); no residual occurs twice. Residuals of a term are finite in number, because
`alt` and `both` are associative, commutative and idempotent on interned terms.

Source: Antimirov, "Partial derivatives of regular expressions" (1996), for linear forms; Brzozowski (1964) for complement and
intersection. Rejected: recursion over the term (a pattern nested 2,000 deep would overflow the stack); partial derivatives as
sets of terms, because complement needs one term.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from constrain.regular import wordset
from constrain.regular.term import (
    EPSILON,
    EVERYTHING,
    NOTHING,
    Dfa,
    Kind,
    Term,
    alt,
    both,
    concat,
    dfa,
    literal,
    negate,
    repeat,
)

__all__ = ["ALL_BYTES", "LinearForm", "derive", "linear_form", "matches"]

LinearForm = tuple[tuple[int, Term], ...]

ALL_BYTES = (1 << 256) - 1
"""The mask of all 256 bytes."""


def linear_form(term: Term) -> LinearForm:
    """Return ((mask, residual), ...): disjoint 256-bit byte masks and what is left of `term` after such a byte.

    Raises TypeError for a term over characters, which must be lowered first.
    """
    known = term.form
    return _build(term) if known is None else known


def derive(term: Term, byte: int) -> Term:
    """Return what is left of `term` after `byte` (0 to 255); NOTHING if no member starts with it."""
    for mask, residual in linear_form(term):
        if mask >> byte & 1:
            return residual
    return NOTHING


def matches(term: Term, data: bytes) -> bool:
    """Tell whether `data` belongs to the language of `term`."""
    for byte in data:
        term = derive(term, byte)
        if term is NOTHING:
            return False
    return term.nullable


def _build(term: Term) -> LinearForm:
    """Combine forms from the operands upwards, with a stack of its own."""
    form: LinearForm = ()
    stack = [term]
    while stack:
        top = stack[-1]
        waiting = [part for part in _operands(top) if part.form is None]
        if waiting:
            stack.extend(waiting)
        else:
            stack.pop()
            form = top.form = _combine(top)
    return form


def _operands(term: Term) -> Sequence[Term]:
    """Return the parts whose linear forms the one of `term` is made from."""
    if term.kind is Kind.CONCAT:
        solid = next((i for i, part in enumerate(term.args) if not part.nullable), len(term.args))
        return term.args[: solid + 1]
    if term.kind in (Kind.ALT, Kind.AND):
        return term.args
    if term.kind in (Kind.REPEAT, Kind.NOT):
        return term.args[:1]
    return ()


def _combine(term: Term) -> LinearForm:
    """Return the linear form of `term` from the memoised ones of its operands."""
    kind, args = term.kind, term.args
    if kind in (Kind.NOTHING, Kind.EPSILON):
        return ()
    if kind is Kind.BYTES:
        return ((args[0], EPSILON),)
    if kind is Kind.LITERAL:
        return ((1 << args[0][0], literal(args[0][1:])),)
    if kind in (Kind.WORDS, Kind.SUFFIXES):
        return tuple((mask, residual) for residual, mask in wordset.form(term).items())
    if kind is Kind.DFA:
        return _table_form(*args)
    if kind is Kind.CONCAT:
        parts: list[tuple[int, Term]] = []
        for i, part in enumerate(args):
            parts += [(mask, concat(residual, *args[i + 1 :])) for mask, residual in part.form]
            if not part.nullable:
                break
        return _union(parts)
    if kind is Kind.REPEAT:
        inner, least, most = args
        rest = repeat(inner, max(0, least - 1), None if most is None else most - 1)
        return _merged([(mask, concat(residual, rest)) for mask, residual in inner.form])
    if kind is Kind.ALT:
        return _union([pair for part in args for pair in part.form])
    if kind is Kind.AND:
        product: list[tuple[int, tuple[Term, ...]]] = [(ALL_BYTES, ())]
        for part in args:
            product = [
                (mask & other, (*residuals, residual))
                for mask, residuals in product
                for other, residual in part.form
                if mask & other
            ]
        return _merged([(mask, both(*residuals)) for mask, residuals in product])
    if kind is Kind.NOT:
        inside = args[0].form
        outside = ALL_BYTES & ~sum(mask for mask, _ in inside)
        return _merged([(mask, negate(residual)) for mask, residual in inside] + [(outside, EVERYTHING)])
    raise TypeError("a term over characters must be lowered before it meets a byte")


def _table_form(table: Dfa, state: int) -> LinearForm:
    masks = [0] * table.width
    for byte, klass in enumerate(table.classes):
        masks[klass] |= 1 << byte
    row = state * table.width
    return _merged([(mask, dfa(table, table.next[row + klass])) for klass, mask in enumerate(masks)])


def _union(parts: Iterable[tuple[int, Term]]) -> LinearForm:
    """Return the form of a union: split overlapping masks, and join the residuals where they overlap."""
    by_mask: dict[int, list[Term]] = {}
    for mask, residual in parts:
        by_mask.setdefault(mask, []).append(residual)
    classes: dict[int, list[Term]] = {}
    for mask, residuals in by_mask.items():
        left = mask
        for known in [known for known in classes if known & mask]:
            joined = classes.pop(known)
            if known & ~mask:
                classes[known & ~mask] = joined
            classes[known & mask] = joined + residuals
            left &= ~known
        if left:
            classes[left] = list(residuals)
    return _merged([(mask, alt(*residuals)) for mask, residuals in classes.items()])


def _merged(parts: Iterable[tuple[int, Term]]) -> LinearForm:
    """Join the masks of equal residuals; drop NOTHING and empty masks."""
    masks: dict[Term, int] = {}
    for mask, residual in parts:
        if mask and residual is not NOTHING:
            masks[residual] = masks.get(residual, 0) | mask
    return tuple((mask, residual) for residual, mask in masks.items())
