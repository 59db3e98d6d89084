r"""Is there any byte string in a term, and if so, which is a short one?

Only intersection and complement can hide that a language is empty; everything else shows it by its structure (a concatenation
is empty iff a part is, and so on). So the structure is followed down to the outermost And and Not, and only those are
searched: best first over derivatives, estimated by (bytes read + a lower bound on the bytes still needed). With bounds
this good the search walks nearly straight to a shortest member.

The need of an intersection is the largest need of its parts, so where the length is fixed all paths look alike, and parts that
need each other's room put it off until it is too late. A second queue therefore orders the same terms by bytes read + the
*sum* of the needs of all parts: reading what brings several parts forward comes first there. The two take turns while only
emptiness is asked.

Examples: `\S+@\S+` & `char{0,60}` needs at least 3 bytes, and the search reads `!`, `@`, `!`: three derivatives, although the
automaton of the term has hundreds of states. `\S+@\S+` & `char{0,2}`: a first byte may be read, then the remaining need
of 2 exceeds the remaining room of 1 character, and no further derivative is taken. `.*abc.*` & `.*xyz.*` & `.{40}`: by the sum
of the needs the search reads `abcxyz` and anything 34 times; by the largest it tries what else fits in the first 34.

Bounds are kept in two measures: bytes, and bytes that are not UTF-8 continuation bytes (0x80 to 0xBF). The second makes counted
characters exact for UTF-8 text. They follow from the counts in the term and never expand a counter.

Invariants: `is_empty(t)` is exact or raises LimitExceeded; an answer is kept on the term, and so are the answers of all terms
a search met (all those on the way to a member are not empty; if the search ends without one, all are empty).

Rejected: building the automaton first (exponential for intersections, and most questions are answered after three steps).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from constrain.errors import LimitExceeded
from constrain.limits import DEFAULT, Limits
from constrain.regular.derivative import linear_form
from constrain.regular.term import NOTHING, Kind, Term
from constrain.regular.wordset import spellings

__all__ = ["Bounds", "bounds", "is_empty", "witness"]

_CONTINUATION = ((1 << 64) - 1) << 0x80
_LETTERS = sum(1 << byte for byte in b"abcdefghijklmnopqrstuvwxyz0123456789")
_PRINTABLE = ((1 << 0x7F) - 1) & ~((1 << 0x20) - 1)


class Bounds(NamedTuple):
    """Least and most bytes, and least and most bytes outside 0x80..0xBF, of any member; most is None if unbounded.

    For a term with And or Not they are bounds, elsewhere they are attained.
    """

    bytes_least: int
    bytes_most: int | None
    leads_least: int
    leads_most: int | None

    @property
    def contradictory(self) -> bool:
        """No string can have such a length."""
        return (self.bytes_most is not None and self.bytes_least > self.bytes_most) or (
            self.leads_most is not None and self.leads_least > self.leads_most
        )


def is_empty(term: Term, limits: Limits = DEFAULT) -> bool:
    """Tell whether no byte string belongs to `term`. Raises LimitExceeded after `limits.search` derivatives."""
    if term.empty is None:
        _evaluate(term, lambda inner: inner.empty is not None, lambda inner: _decide(inner, limits))
    assert term.empty is not None
    return term.empty


def witness(term: Term, limits: Limits = DEFAULT) -> bytes | None:
    """Return a member of `term`, as a rule a shortest one, or None if there is none.

    Raises LimitExceeded after `limits.search` derivatives.
    """
    if is_empty(term, limits):
        return None
    found: dict[Term, bytes] = {}
    _evaluate(term, found.__contains__, lambda inner: found.__setitem__(inner, _member(inner, found, limits)))
    return found[term]


def bounds(term: Term) -> Bounds:
    """Return bounds on the length of the members of `term`."""
    if term not in _bounds:
        _evaluate(term, _bounds.__contains__, lambda inner: _bounds.__setitem__(inner, _bounds_of(inner)), through=True)
    return _bounds[term]


_bounds: WeakKeyDictionary[Term, Bounds] = WeakKeyDictionary()


def _evaluate(
    term: Term, known: Callable[[Term], bool], evaluate: Callable[[Term], None], *, through: bool = False
) -> None:
    """Evaluate operands before the terms made of them, without recursion; And and Not are leaves unless `through`."""
    stack = [term]
    while stack:
        top = stack[-1]
        waiting = [part for part in _operands(top, through=through) if not known(part)]
        if waiting:
            stack.extend(waiting)
        else:
            stack.pop()
            if not known(top):
                evaluate(top)


def _operands(term: Term, *, through: bool) -> Sequence[Term]:
    if term.kind in (Kind.CONCAT, Kind.ALT) or (through and term.kind is Kind.AND):
        return term.args
    if term.kind is Kind.REPEAT or (through and term.kind is Kind.NOT):
        return term.args[:1]
    return ()


def _decide(term: Term, limits: Limits) -> None:
    if term.nullable:
        term.empty = False
    elif term.kind is Kind.CONCAT:
        term.empty = any(part.empty for part in term.args)
    elif term.kind is Kind.ALT:
        term.empty = all(part.empty for part in term.args)
    elif term.kind is Kind.REPEAT:
        term.empty = term.args[0].empty  # not nullable: at least one copy
    elif bounds(term).contradictory:
        term.empty = True
    else:
        _search(term, limits, to_the_end=False)


def _search(term: Term, limits: Limits, *, to_the_end: bool) -> bytes | None:
    """Search best first and settle `empty` of what was met.

    Stop at a term known not to be empty, or, if `to_the_end`, at a nullable one, and return the bytes read until there.
    """
    came_from: dict[Term, tuple[Term, int] | None] = {term: None}
    depth = {term: 0}
    queue: list[tuple[int, int, int, Term]] = [(bounds(term).bytes_least, 0, 0, term)]
    eager: list[tuple[int, int, int, Term]] = []
    pushed = steps = 0
    closed: set[Term] = set()
    while queue:
        _, _, _, top = heapq.heappop(eager if eager and steps & 1 else queue)
        if top in closed:
            continue
        closed.add(top)
        if top.nullable or (top.empty is False and not to_the_end):
            path = bytearray()
            step: Term | None = top
            while step is not None:
                step.empty = False
                origin = came_from[step]
                step = None
                if origin is not None:
                    path.append(_byte_of(origin[1]))
                    step = origin[0]
            path.reverse()
            return bytes(path)
        steps += 1
        if steps > limits.search:
            raise LimitExceeded("search (derivatives of one emptiness test)", limits.search)
        for mask, residual in linear_form(top):
            read = depth[top] + 1
            if residual.empty or depth.get(residual, read + 1) <= read:
                continue
            if residual.empty is None and bounds(residual).contradictory:
                residual.empty = True
                continue
            depth[residual] = read
            came_from[residual] = (top, mask)
            pushed += 1
            plain = 0 if mask & _PRINTABLE else 1
            heapq.heappush(queue, (read + bounds(residual).bytes_least, plain, -pushed, residual))
            if not to_the_end:
                heapq.heappush(eager, (read + _need(residual), plain, -pushed, residual))
    for met in came_from:
        met.empty = True
    return None


def _need(term: Term, levels: int = 4) -> int:
    """Return a measure of what a term still needs: the sum over the parts of an intersection, the least over options."""
    if levels and term.kind in (Kind.AND, Kind.CONCAT):
        return sum(_need(part, levels - 1) for part in term.args)
    if levels and term.kind is Kind.ALT:
        return min(_need(part, levels - 1) for part in term.args)
    return bounds(term).bytes_least


def _member(term: Term, found: dict[Term, bytes], limits: Limits) -> bytes:
    """Return a member of a term; those of its operands are in `found` (of empty operands: anything)."""
    if term.nullable or term.empty or is_empty(term, limits):
        return b""
    kind, args = term.kind, term.args
    if kind is Kind.BYTES:
        return bytes([_byte_of(args[0])])
    if kind is Kind.LITERAL:
        return bytes(args[0])
    if kind is Kind.WORDS:
        spelling, sorted_words = args
        return b"".join(min(spellings(char, spelling), key=len) for char in min(sorted_words, key=len))
    if kind is Kind.CONCAT:
        return b"".join(found[part] for part in args)
    if kind is Kind.ALT:
        return min((found[part] for part in args if not is_empty(part, limits)), key=len)
    if kind is Kind.REPEAT:
        return found[args[0]] * int(args[1])
    member = _search(term, limits, to_the_end=True)
    assert member is not None
    return member


def _byte_of(mask: int) -> int:
    """Return a byte of the set, a readable one if there is one."""
    chosen = mask & _LETTERS or mask & _PRINTABLE or mask
    return (chosen & -chosen).bit_length() - 1


def _bounds_of(term: Term) -> Bounds:
    kind, args = term.kind, term.args
    if kind is Kind.BYTES:
        return Bounds(1, 1, int(args[0] & _CONTINUATION == 0), int(args[0] & ~_CONTINUATION != 0))
    if kind is Kind.LITERAL:
        leads = sum(1 for byte in args[0] if byte & 0xC0 != 0x80)
        return Bounds(len(args[0]), len(args[0]), leads, leads)
    if kind is Kind.CONCAT:
        return _sum([_bounds[part] for part in args])
    if kind is Kind.REPEAT:
        one = _bounds[args[0]]
        least, most = args[1], args[2]
        return Bounds(
            one.bytes_least * least, _times(one.bytes_most, most), one.leads_least * least, _times(one.leads_most, most)
        )
    if kind is Kind.ALT:
        options = [_bounds[part] for part in args]
        return Bounds(
            min(b.bytes_least for b in options),
            _largest([b.bytes_most for b in options]),
            min(b.leads_least for b in options),
            _largest([b.leads_most for b in options]),
        )
    if kind is Kind.AND:
        options = [_bounds[part] for part in args]
        return Bounds(
            max(b.bytes_least for b in options),
            _smallest([b.bytes_most for b in options]),
            max(b.leads_least for b in options),
            _smallest([b.leads_most for b in options]),
        )
    if term.nullable:
        return Bounds(0, 0 if kind is Kind.EPSILON else None, 0, 0 if kind is Kind.EPSILON else None)
    return Bounds(1, 0 if term is NOTHING else None, 0, None)  # words, tables, complements


def _sum(parts: Sequence[Bounds]) -> Bounds:
    bytes_most = leads_most = 0
    unbounded_bytes = unbounded_leads = False
    for part in parts:
        unbounded_bytes |= part.bytes_most is None
        unbounded_leads |= part.leads_most is None
        bytes_most += part.bytes_most or 0
        leads_most += part.leads_most or 0
    return Bounds(
        sum(part.bytes_least for part in parts),
        None if unbounded_bytes else bytes_most,
        sum(part.leads_least for part in parts),
        None if unbounded_leads else leads_most,
    )


def _times(length: int | None, count: int | None) -> int | None:
    if length == 0:
        return 0
    return None if length is None or count is None else length * count


def _largest(lengths: Sequence[int | None]) -> int | None:
    return None if None in lengths else max(length for length in lengths if length is not None)


def _smallest(lengths: Sequence[int | None]) -> int | None:
    return min((length for length in lengths if length is not None), default=None)
