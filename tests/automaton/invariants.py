"""What every token automaton must satisfy, as functions that raise AssertionError with the offending state and token.

`automaton` is anything with start, step(state, token), mask(state) and is_accepting(state): the reference, the native core, a
wrapper. `tokens` is its vocabulary (bytes, or None for a special token), `eos` its EOS ids. `explore` decides how
many states are looked at; small worlds have fewer.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from tests.automaton.oracle import tokenisations

DEAD = -1


def allowed_tokens(automaton, state: int) -> list[int]:
    """The ids whose bits are set, padding included."""
    row = np.ascontiguousarray(automaton.mask(state))
    assert row.dtype == np.int32, f"rows are int32, not {row.dtype}"
    allowed = [int(token) for token in np.flatnonzero(np.unpackbits(row.view(np.uint8), bitorder="little"))]
    size = getattr(automaton, "size", None)
    assert size is None or not allowed or allowed[-1] < size, f"bits beyond the vocabulary are set in state {state}"
    return allowed


def explore(automaton, most: int = 60, eos: Sequence[int] = ()) -> list[int]:
    """Up to `most` states reached by allowed tokens, breadth first (EOS steps are left out)."""
    seen = {automaton.start: None}
    for state in seen_in_order(seen, most):
        for token in allowed_tokens(automaton, state):
            if token not in eos and len(seen) < most:
                target = automaton.step(state, token)
                assert target != DEAD, f"mask and step disagree: state {state}, token {token}"
                seen.setdefault(target)
    return list(seen)


def seen_in_order(seen: dict, most: int) -> Iterable:
    """Up to `most` keys in the order of their insertion, those inserted on the way included."""
    order: list = []
    done = 0
    while done < most:
        if done == len(order):
            order = list(seen)
            if done == len(order):
                return
        yield order[done]
        done += 1


def check_sound(automaton, tokens, eos: Sequence[int], most: int = 60, budget: int = 3_000) -> None:
    """Invariant 1: a bit is set iff the step is not dead; then an accepting state is reachable; no row is all zero."""
    live: set[int] = set()
    for state in explore(automaton, most, eos):
        allowed = set(allowed_tokens(automaton, state))
        room = len(automaton.mask(state)) * 32
        assert room >= len(tokens), "the row is too short"
        assert room - 32 < max(len(tokens), *(e + 1 for e in eos), getattr(automaton, "size", 0)), "the row is too long"
        assert allowed or not eos, f"state {state} allows nothing"
        assert max(allowed, default=0) < max(len(tokens), *(e + 1 for e in eos)), f"padding is allowed in state {state}"
        for token, data in enumerate(tokens):
            target = automaton.step(state, token)
            assert (target != DEAD) == (token in allowed), (
                f"mask and step disagree: state {state}, token {token} {data!r}"
            )
            if not data and token not in eos:
                assert target == DEAD, f"special or empty token {token} is allowed in state {state}"
        assert _reaches_acceptance(automaton, state, eos, live, budget), f"state {state} is a dead end"


def _reaches_acceptance(automaton, state: int, eos: Sequence[int], live: set[int], budget: int) -> bool:
    came_from: dict[int, int | None] = {state: None}
    for reached in seen_in_order(came_from, budget):
        if automaton.is_accepting(reached) or reached in live:
            on_the_way: int | None = reached
            while on_the_way is not None:
                live.add(on_the_way)
                on_the_way = came_from[on_the_way]
            return True
        for token in allowed_tokens(automaton, reached):
            if token not in eos:
                came_from.setdefault(automaton.step(reached, token), reached)
    assert len(came_from) < budget, f"no accepting state within {budget} states of state {state}"
    return False


def check_complete(automaton, tokens, members: Iterable[bytes], eos: Sequence[int] = ()) -> int:
    """Invariant 2: every tokenisation of every member is allowed, token by token. Returns how many were walked."""
    walked = 0
    usable = [None if token in eos else data for token, data in enumerate(tokens)]
    for text in members:
        for cut in tokenisations(text, usable):
            state = automaton.start
            for i, token in enumerate(cut):
                assert token in allowed_tokens(automaton, state), f"{text!r} cut as {cut}: token {i} is not allowed"
                state = automaton.step(state, token)
                assert state != DEAD, f"{text!r} cut as {cut}: dead after token {i}"
            assert automaton.is_accepting(state), f"{text!r} cut as {cut} is not accepted"
            walked += 1
    return walked


def check_language(automaton, tokens, belongs: Callable[[bytes], bool], texts: Iterable[bytes], eos=()) -> int:
    """A walk that ends in an accepting state has written a member, and every writable member is written. Returns the walks."""
    walked = 0
    usable = [None if token in eos else data for token, data in enumerate(tokens)]
    for text in texts:
        expected = belongs(text)
        for cut in tokenisations(text, usable, most=20):
            assert automaton.is_accepting(walk(automaton, cut)) == expected, (
                f"{text!r} cut as {cut}: expected {expected}"
            )
            walked += 1
    return walked


def walk(automaton, tokens: Iterable[int]) -> int:
    """The state after the tokens, DEAD if one of them was not allowed."""
    state = automaton.start
    for token in tokens:
        if state == DEAD:
            return DEAD
        state = automaton.step(state, token)
    return state


def check_eos(automaton, eos: Sequence[int], most: int = 60) -> None:
    """Invariant 3: the EOS bits are set iff the state accepts; after EOS nothing but EOS follows, forever."""
    for state in explore(automaton, most, eos):
        allowed = allowed_tokens(automaton, state)
        accepting = automaton.is_accepting(state)
        for token in eos:
            assert (token in allowed) == accepting, f"EOS {token} in state {state}, accepting: {accepting}"
            finished = automaton.step(state, token)
            assert (finished != DEAD) == accepting
            if accepting:
                assert allowed_tokens(automaton, finished) == sorted(set(eos))
                assert automaton.is_accepting(finished)
                assert automaton.step(finished, token) == finished


def check_cut_independent(automaton, tokens, texts: Iterable[bytes], eos=(), byte_state=None) -> int:
    """Invariant 4: however a text is cut, the state is the same (and `byte_state(text)`, if given).

    Returns how many texts were cut in more than one way.
    """
    compared = 0
    usable = [None if token in eos else data for token, data in enumerate(tokens)]
    for text in texts:
        states = {cut: walk(automaton, cut) for cut in tokenisations(text, usable, most=50)}
        assert len(set(states.values())) <= 1, f"{text!r} leads to {states}"
        if byte_state is not None:
            expected = byte_state(text)
            for cut, state in states.items():
                assert state in (expected, DEAD), f"{text!r} cut as {cut}: {state}, byte by byte {expected}"
        compared += len(states) > 1
    return compared


def check_ids_stable(automaton, fresh, eos: Sequence[int] = (), most: int = 40) -> None:
    """Invariant 5: ids keep their meaning while tables grow; a fresh automaton says the same about the same walks."""
    states = explore(automaton, most // 2, eos)
    before = {s: (bytes(automaton.mask(s)), automaton.is_accepting(s), steps(automaton, s, eos)) for s in states}
    explore(automaton, most, eos)
    for state, (row, accepting, targets) in before.items():
        assert bytes(automaton.mask(state)) == row, f"the row of state {state} changed"
        assert automaton.is_accepting(state) == accepting
        assert steps(automaton, state, eos) == targets, f"the steps of state {state} changed"
        assert not np.asarray(automaton.mask(state)).flags.writeable, "a row can be written to"
    pairs = {automaton.start: fresh.start}
    for state in states:
        if state in pairs:
            other = pairs[state]
            assert bytes(fresh.mask(other)) == bytes(automaton.mask(state)), (
                f"state {state} differs in a fresh automaton"
            )
            for token, target in steps(automaton, state, eos).items():
                pairs.setdefault(target, fresh.step(other, token))


def steps(automaton, state: int, eos: Sequence[int]) -> dict[int, int]:
    """Token -> state after it, for the allowed ones."""
    return {token: automaton.step(state, token) for token in allowed_tokens(automaton, state) if token not in eos}


def check_forced(automaton, eos: Sequence[int], most: int = 60) -> None:
    """`forced` is the run of only choices: it ends at a choice or where the text may end."""
    for state in explore(automaton, most, eos):
        run = automaton.forced(state)
        for token in run:
            assert allowed_tokens(automaton, state) == [token], f"{token} is not the only choice in state {state}"
            assert not automaton.is_accepting(state)
            state = automaton.step(state, token)
        assert automaton.is_accepting(state) or len(allowed_tokens(automaton, state)) != 1, f"{run} stops early"
