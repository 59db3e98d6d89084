"""A text against a compiled schema, byte by byte, on the plain-Python machine."""

import json

from constrain.automaton.reference import ReferenceMachine


def accepts(machine, text):
    """Tell whether the whole text is accepted."""
    state = machine.start
    for byte in text.encode() if isinstance(text, str) else text:
        state = machine.step(state, byte)
        if state < 0:
            return False
    return machine.is_accepting(state)


def accepts_value(compiled, value, **layout):
    return accepts(ReferenceMachine(compiled.grammar), json.dumps(value, **layout))


def walk(machine, random, steps=150):
    """Return a random accepted text, or None if the walk was cut off. Fails if it gets stuck."""
    state, out = machine.start, bytearray()
    for _ in range(steps):
        allowed = machine.allowed(state)
        accepting = machine.is_accepting(state)
        assert allowed or accepting, f"stuck after {bytes(out)!r}"
        if accepting and (not allowed or random.random() < 0.5):
            return bytes(out)
        choices = [byte for byte in range(256) if allowed >> byte & 1]
        closing = [byte for byte in choices if byte in b'"}],:abx0n{']
        byte = random.choice(closing if closing and random.random() < 0.9 else choices)
        state = machine.step(state, byte)
        assert state >= 0, f"{byte} was allowed after {bytes(out)!r} and is dead"
        out.append(byte)
    return None
