"""A token automaton by definition: the oracle of the tests of the adapters.

Its language is a finite set of byte strings, a state is a prefix of one, and a token is allowed iff some string still
starts with what is written. It shares no code with the engine, so what a processor does with it is right for the right
reason.
"""

import numpy as np


class Listed:
    """The automaton of a finite set of strings over a vocabulary that holds every single byte."""

    def __init__(self, language, vocabulary):
        self.language = frozenset(language)
        self.vocabulary = vocabulary
        self.prefixes = sorted({s[:i] for s in self.language for i in range(len(s) + 1)})
        self.ids = {prefix: i for i, prefix in enumerate(self.prefixes)}
        self.start = self.ids[b""]
        self.steps = 0
        self.known = {}

    def step(self, state, token):
        self.steps += 1
        text = self.vocabulary.tokens[token]
        return -1 if text is None else self.ids.get(self.prefixes[state] + text, -1)

    def is_accepting(self, state):
        return self.prefixes[state] in self.language

    def mask(self, state):
        bits = np.zeros(self.vocabulary.words * 32, dtype=np.uint8)
        for token in range(len(self.vocabulary)):
            if token in self.vocabulary.eos:
                bits[token] = self.is_accepting(state)
            else:
                bits[token] = self.step(state, token) >= 0
        return np.packbits(bits, bitorder="little").view(np.int32)

    def allowed(self, ids):
        """The set of allowed next ids after `ids`, from the definition; None where `ids` is no prefix; () if ended."""
        text = b""
        for token in ids:
            if token in self.vocabulary.eos:
                return () if text in self.language else None
            piece = self.vocabulary.tokens[token] if token < len(self.vocabulary) else None
            if piece is None or not self.leads_somewhere(text + piece):
                return None
            text += piece
        tokens = enumerate(self.vocabulary.tokens)
        go_on = {t for t, piece in tokens if piece is not None and self.leads_somewhere(text + piece)}
        return go_on | (set(self.vocabulary.eos) if text in self.language else set())

    def leads_somewhere(self, text):
        """Whether some string of the language starts with `text`."""
        if text not in self.known:
            self.known[text] = any(s.startswith(text) for s in self.language)
        return self.known[text]
