"""An independent recogniser, straight from the definitions: which byte strings belong to a term or a grammar.

Nothing here takes a derivative or keeps a stack. A term is a set of strings and `term_ends` says which substrings belong to
it; a grammar is a least fixpoint over (symbol, start, end), found by applying all rules until nothing changes. JSON
spellings are decoded by the standard library. Slow, and short enough to be believed.
"""

import itertools
import json
from collections.abc import Iterator
from functools import lru_cache

from constrain.grammar.symbols import Grammar, Keys, Nonterminal
from constrain.regular.term import Kind, Term


def term_matches(term: Term, data: bytes) -> bool:
    return len(data) in term_ends(term, data, 0)


@lru_cache(maxsize=1 << 18)
def term_ends(term: Term, data: bytes, start: int) -> frozenset[int]:
    """All `end` such that data[start:end] belongs to the term."""
    kind, args = term.kind, term.args
    everywhere = range(start, len(data) + 1)
    if kind is Kind.NOTHING:
        return frozenset()
    if kind is Kind.EPSILON:
        return frozenset([start])
    if kind is Kind.BYTES:
        return frozenset([start + 1] if start < len(data) and args[0] >> data[start] & 1 else [])
    if kind is Kind.LITERAL:
        return frozenset([start + len(args[0])] if data.startswith(args[0], start) else [])
    if kind is Kind.CONCAT:
        ends = frozenset([start])
        for part in args:
            ends = frozenset(e for middle in ends for e in term_ends(part, data, middle))
        return ends
    if kind is Kind.ALT:
        return frozenset().union(*(term_ends(part, data, start) for part in args))
    if kind is Kind.AND:
        return frozenset(everywhere).intersection(*(term_ends(part, data, start) for part in args))
    if kind is Kind.NOT:
        return frozenset(everywhere) - term_ends(args[0], data, start)
    if kind is Kind.REPEAT:
        return _repeat_ends(args[0], args[1], args[2], data, start)
    if kind is Kind.WORDS:
        decode = _decode_json if args[0] == "json" else _decode_utf8
        return frozenset(end for end in everywhere if decode(data[start:end]) in args[1])
    raise AssertionError(f"no definition for {kind!r}")


def _repeat_ends(inner: Term, least: int, most: int | None, data: bytes, start: int) -> frozenset[int]:
    reached = frozenset([start])
    out = set(reached) if least == 0 else set()
    for count in itertools.count(1):
        if most is not None and count > most:
            break
        following = frozenset(e for middle in reached for e in term_ends(inner, data, middle))
        if count >= least:
            if following <= out:
                break
            out |= following
        if not following:
            break
        if count > least + len(data) + 1:  # more copies than bytes only add copies of the empty string
            break
        reached = following
    return frozenset(out)


def _decode_utf8(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _decode_json(data: bytes) -> str | None:
    """The string that a JSON string body spells, None if it spells none (or has a lone surrogate)."""
    try:
        name = json.loads(b'"' + data + b'"')
        name.encode()
    except ValueError:
        return None
    return name if isinstance(name, str) else None


def derives(grammar: Grammar, data: bytes) -> bool:
    """Tell whether the grammar derives exactly `data`."""
    ends: dict[tuple[Nonterminal, frozenset[str], int], frozenset[int]] = {}
    changed = True

    def of_symbols(symbols, start: int, used: frozenset[str], *, is_after: bool = False) -> frozenset[int]:
        reached = frozenset([start])
        for symbol in symbols:
            reached = frozenset(end for middle in reached for end in of_symbol(symbol, middle, used, is_after=is_after))
        return reached

    def of_symbol(symbol, start: int, used: frozenset[str], *, is_after: bool) -> frozenset[int]:
        nonlocal changed
        if isinstance(symbol, Term):
            return term_ends(symbol, data, start)
        if isinstance(symbol, Keys):
            return of_keys(symbol, start, frozenset() if is_after else used)
        key = (symbol, used if symbol.collects else frozenset(), start)
        if key not in ends:
            ends[key] = frozenset()
            changed = True
        return ends[key]

    def of_keys(keys: Keys, start: int, used: frozenset[str]) -> frozenset[int]:
        out: set[int] = set()
        for quote in range(start, len(data)):
            name = _decode_json(data[start:quote]) if data[quote] == 0x22 else None
            if name is None:
                continue
            label = keys.table.index.get(name)
            if label is not None:
                options = [(label, used)] if keys.allowed >> label & 1 else []
            elif name in used:
                options = []
            else:
                options = [
                    (len(keys.table.names) + i, used | {name})
                    for i, free in enumerate(keys.free)
                    if free is None or term_matches(free, data[start:quote])
                ]
            for label, taken in options:
                for colon in term_ends(keys.colon, data, quote + 1):
                    out |= of_symbols(keys.after(label), colon, taken, is_after=True)
        return frozenset(out)

    while changed:
        changed = False
        whole = of_symbols(grammar.start, 0, frozenset())
        for nonterminal, used, start in list(ends):
            key = (nonterminal, used, start)
            found = frozenset().union(*(of_symbols(rule, start, used) for rule in nonterminal.rules()))
            if found != ends[key]:
                ends[key] = found
                changed = True
    return len(data) in whole


def texts(alphabet: bytes, longest: int) -> Iterator[bytes]:
    """All byte strings over the alphabet, shortest first."""
    for length in range(longest + 1):
        for symbols in itertools.product(alphabet, repeat=length):
            yield bytes(symbols)


def tokenisations(text: bytes, tokens, most: int = 200) -> Iterator[tuple[int, ...]]:
    """Up to `most` ways to cut `text` into tokens, as tuples of ids; duplicates of a token count as different."""
    by_bytes: dict[bytes, list[int]] = {}
    for token, data in enumerate(tokens):
        if data:
            by_bytes.setdefault(data, []).append(token)
    longest = max(map(len, by_bytes), default=0)

    def cut(position: int) -> Iterator[tuple[int, ...]]:
        if position == len(text):
            yield ()
            return
        for end in range(position + 1, min(len(text), position + longest) + 1):
            for token in by_bytes.get(text[position:end], ()):
                for rest in cut(end):
                    yield (token, *rest)

    return itertools.islice(cut(0), most)
