"""A toy vocabulary (one token a byte) and an engine that does what the schema tells it to, well or badly."""

import json
import os
import time

import numpy as np

from benchmarks.peers import Refused, Request
from benchmarks.vocabulary import TestVocabulary

EOS = 0


def vocabulary():
    tokens = [None, *(bytes([byte]) for byte in range(256))]
    return TestVocabulary("toy", tokens, EOS, lambda text: [byte + 1 for byte in text.encode()])


class Fake:
    """Accepts the texts in the schema's "enum"; "fake" names a way to go wrong."""

    name = "fake"
    settings = "none"

    def version(self):
        return "1.0"

    def build(self, words, whitespace):
        self._words = len(words.tokens)

    def compile(self, schema):
        content = json.loads(schema)
        behaviour = content.get("fake", "")
        if behaviour == "refuse":
            raise Refused("not this one")
        if behaviour == "raise":
            raise KeyError("lost")
        if behaviour == "abort":
            os.write(2, b"assertion failed: all is lost\n")
            os.abort()
        if behaviour == "hang":
            time.sleep(3600)
        if behaviour == "memory":
            bytearray(1 << 40)
        return FakeCompiled([json.dumps(value).encode() for value in content.get("enum", [])], self._words, behaviour)


class Unavailable(Fake):
    def build(self, words, whitespace):
        raise RuntimeError("no licence")


class FakeCompiled:
    def __init__(self, texts, words, behaviour):
        self.texts, self.words, self.behaviour = texts, words, behaviour

    def start(self):
        row = np.zeros((self.words + 31) // 32, dtype=np.int32)
        read = bytearray()

        def allowed():
            if self.behaviour == "anything":
                return set(range(self.words))
            if self.behaviour == "empty mask" and read:
                return set()
            live = [text for text in self.texts if text.startswith(read)]
            return {text[len(read)] + 1 if len(text) > len(read) else EOS for text in live}

        def fill():
            row[:] = 0
            for token in allowed():
                row.view(np.uint32)[token >> 5] |= np.uint32(1 << (token & 31))

        def accept(token):
            good = token in allowed()
            if self.behaviour == "mask too wide":
                return False
            if self.behaviour == "mask too narrow":
                return True
            if good:
                read.append(token - 1)
            return good

        def accepting():
            return (EOS in allowed()) != (self.behaviour == "wrong end")

        def fault():
            return "out of fuel" if self.behaviour == "fault" else ""

        return Request(row, fill, accept, accepting, fault)
