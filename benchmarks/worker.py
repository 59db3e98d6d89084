"""One engine in one process of its own, with a memory limit, a time limit per schema, and a clean death.

    worker = Worker("llguidance", Settings(timeout=10.0))
    worker.judge(job)      # Judged, or Lost("timeout", "compile"), Lost("crashed", "signal 6 in instance 3: ...")

The first job starts the process and waits until the engine has taken its vocabulary; that is not charged to the
job. A job that runs out of time, out of memory, dies or raises loses the process: the loss belongs to that job and
the next one gets a fresh process, so no engine carries the damage of one schema into another. A process is also
replaced after `batch` jobs, which bounds what it hoards.

The process leads its own group, and what it prints on standard error goes into a file whose tail explains a
crash. The limits are the same for all: address space (RLIMIT_AS) and wall-clock seconds for everything about
one schema. Rejected: threads and signals for the limits, because native code answers to neither.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import resource
import signal
import tempfile
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any

from benchmarks import peers, vocabulary
from benchmarks.judge import Job, Judged, judge

__all__ = ["EngineUnavailable", "Lost", "Settings", "Worker"]

_START_SECONDS = 300.0
_TAIL = 600


class EngineUnavailable(Exception):
    """The engine could not be started: its library is missing, or it failed to take the vocabulary."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What every engine gets alike."""

    vocabulary: str = "tekken"
    whitespace: str = "flexible"
    timeout: float = 10.0
    memory_gib: float = 8.0
    batch: int = 200


@dataclass(frozen=True, slots=True)
class Lost:
    """A job without a verdict. `outcome`: "timeout" or "crashed"."""

    outcome: str
    message: str


class Worker:
    """Runs jobs of one engine, one at a time, in a child process that it replaces when it must."""

    def __init__(self, engine: str, settings: Settings) -> None:
        self.engine = engine
        self.settings = settings
        self.facts: dict[str, Any] = {}
        self._process: Any = None
        self._connection: Connection | None = None
        self._errors: Any = None
        self._jobs = 0

    def start(self) -> None:
        """Start the process if there is none, and wait until the engine is ready. Raises EngineUnavailable."""
        if self._process is not None:
            return
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._errors = tempfile.NamedTemporaryFile(prefix="benchmark-worker-", suffix=".err")  # noqa: SIM115 - closed in stop
        arguments = (theirs, self.engine, self.settings, self._errors.name)
        self._process = context.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        theirs.close()
        self._connection, self._jobs = ours, 0
        kind, value = self._receive(monotonic() + _START_SECONDS)
        if kind != "ready":
            self.stop()
            raise EngineUnavailable(f"{self.engine}: {value}")
        self.facts = value

    def judge(self, job: Job) -> Judged | Lost:
        """Run one job to its verdict or its loss. Raises EngineUnavailable if no process can be had."""
        if self._jobs >= self.settings.batch:
            self.stop()
        self.start()
        assert self._connection is not None
        self._jobs += 1
        deadline = monotonic() + self.settings.timeout
        stage = "start"
        kind: str
        value: Any
        try:
            self._connection.send(job)
        except OSError:
            kind, value = self._death()
        else:
            while True:
                kind, value = self._receive(deadline)
                if kind != "stage":
                    break
                stage = value
        if kind == "judged":
            assert isinstance(value, Judged)
            return value
        self.stop()
        if kind == "timeout":
            return Lost("timeout", f"no end after {self.settings.timeout:g} s; last begun: {stage}")
        return Lost("crashed", f"{stage}: {value}")

    def stop(self) -> None:
        """End the process and everything in its group; harmless if there is none."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.join()
        if self._connection is not None:
            self._connection.close()
        self._errors.close()

    def _receive(self, deadline: float) -> tuple[str, Any]:
        assert self._connection is not None
        try:
            if not self._connection.poll(max(0.0, deadline - monotonic())):
                return "timeout", "no answer in time"
            kind, value = self._connection.recv()
        except (EOFError, OSError):
            return self._death()
        return str(kind), value

    def _death(self) -> tuple[str, str]:
        self._process.join(5.0)
        code = self._process.exitcode
        if code is not None and code < 0:
            how = f"killed by {signal.Signals(-code).name}"
            if -code == signal.SIGKILL:
                how += " (out of memory?)"
        else:
            how = f"ended with exit status {code}"
        said = Path(self._errors.name).read_bytes()[-_TAIL:].decode(errors="replace").strip()
        return "died", f"{how}: {said}" if said else how


def _serve(connection: Connection, name: str, settings: Settings, errors: str) -> None:
    """The child: build the engine once, then answer jobs until killed or the parent is gone."""
    os.setsid()
    descriptor = os.open(errors, os.O_WRONLY | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    limit = int(settings.memory_gib * (1 << 30))
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        engine = peers.load(name)
        words = vocabulary.load(settings.vocabulary)
        begin = monotonic()
        engine.build(words, settings.whitespace)
        gc.collect()
        gc.freeze()  # as a server does: what was loaded at start is not garbage, for any engine
        facts = {
            "name": engine.name,
            "version": engine.version(),
            "settings": engine.settings,
            "vocabulary_seconds": round(monotonic() - begin, 3),
        }
    except Exception as error:  # whatever it is, the parent must hear of it
        connection.send(("unavailable", _described(error)))
        return
    connection.send(("ready", facts))
    while True:
        try:
            job = connection.recv()
        except EOFError:
            return
        try:
            connection.send(("judged", judge(engine, job, words.eos, lambda stage: connection.send(("stage", stage)))))
        except BaseException as error:  # Rust panics derive from BaseException alone
            connection.send(("raised", _described(error)))
            return


def _described(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    text = str(error).strip().replace("\n", " ")
    return f"{type(error).__name__}{where}: {text[:_TAIL]}"
