"""What an engine must offer to be measured, and the list of those that do; one engine a file.

    engine = load("llguidance")
    engine.build(vocabulary, "flexible")      # once per process: the tokenizer, and nothing else, is warmed up
    compiled = engine.compile('{"type": "boolean"}')
    request = compiled.start()                # one request
    request.fill()                            # writes request.row: bit t%32 of word t//32 is token t
    request.accept(4417)                      # True, or False and nothing changes

`Request` holds plain callables, so that a peer hands out the bound method of its library (with the arguments
that never change already in it) and no Python wrapper of ours is timed. Every peer uses the fastest way its own
documentation gives to a per-request matcher, with its own defaults otherwise; each file says what it sets.

An engine is named by its key in `ENGINES` (`DEFAULT` are those of a comparison) or as "module:class". Refusing a
schema is raising `Refused`; any other exception is a crash.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from benchmarks.vocabulary import TestVocabulary

__all__ = ["DEFAULT", "ENGINES", "Compiled", "Engine", "Refused", "Request", "load"]

ENGINES = {
    "constrain": "benchmarks.peers.constrain:Constrain",
    "llguidance": "benchmarks.peers.llguidance:LLGuidance",
    "xgrammar": "benchmarks.peers.xgrammar:XGrammar",
    "outlines-core": "benchmarks.peers.outlines_core:OutlinesCore",
    "constrain-any-order": "benchmarks.peers.constrain:ConstrainAnyOrder",
}
DEFAULT = tuple(ENGINES)[:4]


class Refused(Exception):
    """The engine says that it cannot enforce this schema; the message is the engine's own."""


def _no_fault() -> str:
    return ""


class Request(NamedTuple):
    """One request, as callables.

    row:        int32 [words], the packed mask that `fill` writes
    fill:       compute the mask of the current state into `row`
    accept:     commit one token; False if it is not allowed
    accepting:  may the text end here
    fault:      the engine's own report that it broke down, or ""
    """

    row: Any
    fill: Callable[[], object]
    accept: Callable[[int], object]
    accepting: Callable[[], bool]
    fault: Callable[[], str] = _no_fault


class Compiled(Protocol):
    """A schema made ready; shared by requests."""

    def start(self) -> Request:
        """Begin one request."""
        ...


class Engine(Protocol):
    """One library under one configuration. `settings` says in words what differs from its defaults."""

    name: str
    settings: str

    def version(self) -> str:
        """Return the version of the library."""
        ...

    def build(self, vocabulary: TestVocabulary, whitespace: str) -> None:
        """Take the vocabulary; `whitespace` is "flexible" or "compact"."""
        ...

    def compile(self, schema: str) -> Compiled:
        """Turn a schema (JSON text) into something that starts requests. Raises Refused."""
        ...


def load(name: str) -> Engine:
    """Return a new engine by key of `ENGINES` or "module:class". Raises ImportError if its library is not there."""
    module, _, attribute = ENGINES.get(name, name).partition(":")
    if not attribute:
        raise ImportError(f"unknown engine {name!r}: one of {', '.join(ENGINES)}, or module:class")
    engine: Engine = getattr(importlib.import_module(module), attribute)()
    return engine
