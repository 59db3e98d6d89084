"""Compared walks: the native core against the reference, and against its own steps, along one random text.

Two automata of one grammar over one vocabulary start together and take the same tokens. At every state that is looked at:

    the native row is the reference's row, bit for bit                    (`masks_agree`)
    bit t of the row is set iff step(state, t) is not DEAD, for every t   (`row_is_steps`)
    accepting states are the same, and the state is the one that the bytes written so far lead to, whatever tokens wrote them

Uniform walks never close a name or use up a bound, so a walk follows *intents*: texts (a name in some spelling with its quotes, a
whole instance, a run of spaces) that it tries to write with whichever tokens fit, until a token of them is not allowed.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import pytest

from constrain.automaton.engine import token_engine
from constrain.automaton.reference import ReferenceAutomaton
from constrain.errors import LimitExceeded
from constrain.grammar.symbols import Grammar
from constrain.limits import DEFAULT, Limits
from constrain.vocabulary import Vocabulary

DEAD = -1


def bits(row) -> "np.ndarray":
    """One bool for each id the row has room for."""
    return np.unpackbits(np.ascontiguousarray(row).view(np.uint8), bitorder="little").astype(bool)


def _named(vocabulary: Vocabulary, tokens: Sequence[int]) -> str:
    return ", ".join(f"{t} {vocabulary.tokens[t] if t < len(vocabulary) else 'padding'!r}" for t in tokens[:8])


def row_is_steps(core: Any, vocabulary: Vocabulary, state: int, text: bytes) -> None:
    """Raise unless bit t says whether token t can be stepped over, for every id, padding included."""
    row = bits(core.mask(state))
    assert not row[vocabulary.size :].any(), f"after {text!r}: padding bits are set"
    stepped = np.array([core.step(state, t) != DEAD for t in range(vocabulary.size)])
    wrong = np.flatnonzero(stepped != row[: vocabulary.size]).tolist()
    assert not wrong, (
        f"after {text!r}: mask {row[wrong[:8]].tolist()}, step {stepped[wrong[:8]].tolist()} "
        f"for {_named(vocabulary, wrong)}"
    )


def masks_agree(core: Any, reference: Any, state: int, other: int, vocabulary: Vocabulary, text: bytes) -> None:
    """Raise unless both rows are the same bits and both states accept or both do not."""
    ours, theirs = bits(core.mask(state)), bits(reference.mask(other))
    wrong = np.flatnonzero(ours != theirs).tolist()
    assert not wrong, f"after {text!r}: native {ours[wrong[:8]].tolist()} for {_named(vocabulary, wrong)}"
    assert core.is_accepting(state) == reference.is_accepting(other), f"after {text!r}: accepting differs"


@dataclass
class Pair:
    """The two automata of one grammar over one vocabulary."""

    core: Any
    reference: ReferenceAutomaton | None
    vocabulary: Vocabulary
    by_start: dict[int, list[int]]
    looked_at: int = 0


def pair(grammar: Grammar, vocabulary: Vocabulary, limits: Limits = DEFAULT) -> Pair:
    """Make both. Raises what the native core raises, if the reference raises that, too."""
    try:
        core = token_engine(grammar, vocabulary, limits)
    except LimitExceeded:
        raise
    except Exception as error:
        with pytest.raises(type(error)):
            ReferenceAutomaton(grammar, vocabulary.tokens, vocabulary.eos, limits, size=vocabulary.size)
        raise
    reference: ReferenceAutomaton | None = None
    # Where the reference's search finds no way out in time, what is left to compare is the native core's own steps.
    with suppress(LimitExceeded):
        reference = ReferenceAutomaton(grammar, vocabulary.tokens, vocabulary.eos, limits, size=vocabulary.size)
    by_start: dict[int, list[int]] = {}
    for token, data in enumerate(vocabulary.tokens):
        if data:
            by_start.setdefault(data[0], []).append(token)
    return Pair(core, reference, vocabulary, by_start)


def walk(
    pair: Pair,
    random: Random,
    intents: Sequence[bytes],
    steps: int,
    every: int = 1,
    *,
    begin: bytes = b"",
    native_only: bool = False,
) -> None:
    """Take up to `steps` random tokens after the text `begin`, comparing everything at every `every`th state.

    native_only: without the reference, where that would take too long.
    """
    core, reference, vocabulary = pair.core, pair.reference, pair.vocabulary
    state, offset = core.run_bytes(core.start, begin)
    assert offset == len(begin), f"{begin[:offset]!r} cannot go on with {begin[offset : offset + 9]!r}"
    native_only = native_only or reference is None
    other, text = 0 if reference is None else reference.start, begin
    for byte in () if native_only else begin:
        other = reference.machine.step(other, byte)
    wanted = b""
    for n in range(steps):
        if n % every == 0 or n == steps - 1:
            if not native_only:
                masks_agree(core, reference, state, other, vocabulary, text)
            row_is_steps(core, vocabulary, state, text)
            by_bytes, offset = core.run_bytes(core.start, text)
            assert (by_bytes, offset) == (state, len(text)), f"{text!r} cut into tokens leads to another state"
            pair.looked_at += 1
        token, wanted = _next(pair, random, state, wanted, intents)
        if token is None:
            if not wanted:
                return
            continue
        data = vocabulary.tokens[token]
        assert data
        target = core.step(state, token)
        beyond = target if native_only else reference.step(other, token)
        assert (target == DEAD) == (beyond == DEAD), f"after {text!r}: only one steps over {token} {data!r}"
        if target != DEAD:
            state, other, text = target, beyond, text + data


def _next(pair: Pair, random: Random, state: int, wanted: bytes, intents: Sequence[bytes]) -> tuple[int | None, bytes]:
    """Return the next token and what is still to be written after it; (None, text) to begin a new intent."""
    tokens = pair.vocabulary.tokens
    if wanted:
        fitting = [t for t in pair.by_start.get(wanted[0], ()) if wanted.startswith(tokens[t] or b"-")]
        random.shuffle(fitting)
        if random.random() < 0.5:
            fitting.sort(key=lambda t: -len(tokens[t] or b""))
        for token in fitting[:6]:
            if pair.core.step(state, token) != DEAD:
                return token, wanted[len(tokens[token] or b"") :]
    if intents and random.random() < 0.6 and not wanted:
        return None, random.choice(intents)
    allowed = [t for t in np.flatnonzero(bits(pair.core.mask(state))).tolist() if t < len(tokens) and tokens[t]]
    if not allowed:
        return None, b""
    kind = random.random()
    if kind < 0.4:
        special = [t for t in allowed if set(tokens[t] or b"") & set(b'"\\{}[],:')]
        allowed = special or allowed
    elif kind < 0.6:
        special = [t for t in allowed if max(tokens[t] or b"\0") >= 0x80]
        allowed = special or allowed
    elif kind < 0.8:
        longest = sorted(allowed, key=lambda t: -len(tokens[t] or b""))
        allowed = longest[: max(1, len(longest) // 8)]
    return random.choice(allowed), b""
