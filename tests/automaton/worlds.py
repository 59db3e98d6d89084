"""Small worlds: random terms, grammars, vocabularies and texts, small enough for the oracle.

A grammar is drawn as a `Rules` (plain data, so that a failure prints and shrinks well) and built by `grammar_of`. What
the contract of grammars forbids, alternatives that derive nothing, is removed; left recursion, ambiguity, cycles, empty
rules and rules never reached are all in.
"""

from dataclasses import dataclass

from hypothesis import strategies as st

from constrain.grammar.symbols import Grammar, Nonterminal
from constrain.regular.emptiness import is_empty
from constrain.regular.term import EPSILON, Term, alt, both, byteset, concat, literal, negate, repeat, words

ALPHABET = b"ab"


def bytes_of(*chars: bytes) -> Term:
    return byteset(sum(1 << c for c in b"".join(chars)))


SIGMA_STAR = repeat(bytes_of(ALPHABET))
"""Complement is taken in this set, so that a vocabulary over the alphabet can spell its members."""

leaves = st.one_of(
    st.sampled_from([literal(b"a"), literal(b"b"), literal(b"ab"), bytes_of(b"ab"), EPSILON]),
    st.sets(st.text("ab", max_size=3), min_size=1, max_size=3).map(lambda ws: words(ws, "utf8")),
)


def _grow(inner):
    counts = st.tuples(st.integers(0, 2), st.one_of(st.none(), st.integers(0, 2)))
    return st.one_of(
        st.tuples(inner, inner).map(lambda p: concat(*p)),
        st.tuples(inner, inner).map(lambda p: alt(*p)),
        st.tuples(inner, counts).map(lambda p: repeat(p[0], p[1][0], None if p[1][1] is None else p[1][0] + p[1][1])),
        st.tuples(inner, inner).map(lambda p: both(*p)),
        inner.map(lambda t: both(SIGMA_STAR, negate(t))),
    )


terms = st.recursive(leaves, _grow, max_leaves=6)
"""Regular terms over the alphabet, And and Not included; they may be empty."""

raw_complement_terms = st.recursive(leaves, lambda inner: st.one_of(_grow(inner), inner.map(negate)), max_leaves=6)
"""As `terms`, with complements in the set of all byte strings."""


@dataclass(frozen=True)
class Rules:
    """rules[n] are the alternatives of nonterminal n; a symbol is an int (nonterminal) or a term. The start is 0."""

    rules: tuple[tuple[tuple[int | Term, ...], ...], ...]


def pruned(rules: Rules) -> Rules | None:
    """Remove alternatives that derive nothing; None if that leaves nothing."""
    productive: set[int] = set()

    def fine(symbol) -> bool:
        return symbol in productive if isinstance(symbol, int) else not is_empty(symbol)

    size = -1
    while size != len(productive):
        size = len(productive)
        productive |= {n for n, options in enumerate(rules.rules) if any(all(map(fine, rule)) for rule in options)}
    if 0 not in productive:
        return None
    return Rules(tuple(tuple(rule for rule in options if all(map(fine, rule))) for options in rules.rules))


def grammar_of(rules: Rules) -> Grammar:
    """Build fresh nonterminals (a `Nonterminal` remembers its rules)."""
    nonterminals: list[Nonterminal] = []

    def producer(number: int):
        return lambda: [
            tuple(nonterminals[s] if isinstance(s, int) else s for s in rule) for rule in rules.rules[number]
        ]

    nonterminals += [Nonterminal(f"N{n}", producer(n)) for n in range(len(rules.rules))]
    return Grammar((nonterminals[0],))


@st.composite
def grammars(draw, terminals=None, most_nonterminals: int = 3) -> Rules:
    count = draw(st.integers(1, most_nonterminals))
    simple = st.sampled_from([literal(b"a"), literal(b"b")])
    terminal = st.one_of(simple, simple, leaves) if terminals is None else terminals
    symbol = st.one_of(terminal, st.integers(0, count - 1), st.integers(0, count - 1))
    rule = st.lists(symbol, max_size=3).map(tuple)
    options = st.lists(rule, min_size=1, max_size=3).map(tuple)
    rules = pruned(Rules(tuple(draw(st.lists(options, min_size=count, max_size=count)))))
    if rules is None:
        return Rules((((literal(b"a"),),),))
    return rules


@dataclass(frozen=True)
class Vocabulary:
    """tokens by id, the EOS ids, and the padded size."""

    tokens: tuple[bytes | None, ...]
    eos: tuple[int, ...]
    size: int


@st.composite
def vocabularies(draw, alphabet: bytes = ALPHABET) -> Vocabulary:
    """Several EOS ids, padding, duplicates, special and empty tokens, long tokens; single bytes may be missing."""
    text = st.lists(st.sampled_from(list(alphabet)), min_size=1, max_size=3).map(bytes)
    tokens: list[bytes | None] = list(draw(st.lists(text, max_size=8)))
    if draw(st.booleans()):
        tokens += [bytes([byte]) for byte in alphabet]
    tokens += draw(st.lists(st.sampled_from([None, b"", *tokens[:2]]), max_size=3))
    tokens = draw(st.permutations(tokens))
    eos_count = draw(st.integers(1, 2))
    tokens += [draw(st.sampled_from([None, b"", b"a"])) for _ in range(eos_count)]
    eos = tuple(range(len(tokens) - eos_count, len(tokens)))
    return Vocabulary(tuple(tokens), eos, len(tokens) + draw(st.sampled_from([0, 0, 1, 40])))
