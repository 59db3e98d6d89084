"""Walk one schema's instances through one engine, judge each, and time every step.

As a serving loop does: a mask before every token, then the commit of that token.

    schema {"type": "boolean"}, instance `true` (valid), tokens [4417]
        compile(schema)              timed: schema text -> ready for a request
        start()                      timed: one request
        fill()  bit 4417 is 1        timed                     } one step
        accept(4417) -> True         timed                     }
        fill()  bit of EOS is 1      not timed: the text is over, as in MaskBench
        judged: accepted, and it is valid: right

An instance is accepted iff every one of its tokens is allowed and the end of sequence is allowed after them.
A walk ends at the first token whose bit is 0; that step's time is the mask alone, because a server never commits
a token that the mask forbids.

Invariants, checked between the timed calls: bit 0 iff `accept` says False; a mask is never empty. An engine that
breaks one has failed on this schema, however its verdict would have come out. Each instance is walked once, first
visit included, so that no engine is shown the same request twice. Times are nanoseconds of `perf_counter_ns`,
the cost of the clock included (`environment.timer_overhead_ns`).

Rejected: judging by `accept` alone (MaskBench's runner for some engines), which never looks at the mask.
"""

from __future__ import annotations

import resource
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter_ns
from typing import Any

from benchmarks.peers import Compiled, Engine, Refused, Request

__all__ = ["EngineFault", "Job", "Judged", "Misjudged", "judge"]

Stage = Callable[[str], None]


class EngineFault(Exception):
    """An engine contradicted itself, or reported that it broke down in the middle of a request."""


@dataclass(frozen=True, slots=True)
class Job:
    """One schema as text, and its instances as (tokens, valid)."""

    schema: str
    instances: Sequence[tuple[Sequence[int], bool]]


@dataclass(frozen=True, slots=True)
class Misjudged:
    """Instance number, whether it is valid, and the number of tokens allowed before the walk ended."""

    instance: int
    valid: bool
    position: int


@dataclass(slots=True)
class Judged:
    """What one engine made of one schema. `outcome`: right, wrong or refused. Times in nanoseconds.

    `preemptions` counts how often the system took the core away meanwhile: each is milliseconds in some time's tail.
    """

    outcome: str = "right"
    message: str = ""
    compile_ns: int = 0
    first_mask_ns: int = 0
    start_ns: list[int] = field(default_factory=list)
    mask_ns: array[int] = field(default_factory=lambda: array("q"))
    commit_ns: array[int] = field(default_factory=lambda: array("q"))
    misjudged: list[Misjudged] = field(default_factory=list)
    preemptions: int = 0


def judge(engine: Engine, job: Job, eos: int, stage: Stage = lambda _: None) -> Judged:
    """Compile the schema and walk its instances; `stage` is told what is about to happen, outside timed parts.

    Raises EngineFault, or whatever the engine raises that is not a refusal: the caller counts it as a crash.
    """
    result = Judged()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw
    try:
        return _judge(engine, job, eos, stage, result)
    finally:
        result.preemptions = resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw - before


def _judge(engine: Engine, job: Job, eos: int, stage: Stage, result: Judged) -> Judged:
    stage("compile")
    begin = perf_counter_ns()
    try:
        compiled = engine.compile(job.schema)
    except Refused as refusal:
        result.compile_ns = perf_counter_ns() - begin
        result.outcome, result.message = "refused", str(refusal) or repr(refusal.__cause__)
        return result
    result.compile_ns = perf_counter_ns() - begin
    if not job.instances:
        stage("first mask")
        _first_mask(compiled, result)
    for number, (tokens, valid) in enumerate(job.instances):
        stage(f"instance {number}")
        begin = perf_counter_ns()
        request = compiled.start()
        result.start_ns.append(perf_counter_ns() - begin)
        allowed = _walk(request, tokens, result.mask_ns, result.commit_ns)
        if number == 0:
            result.first_mask_ns = result.mask_ns[0] if result.mask_ns else _fill_timed(request)
        accepted = allowed == len(tokens) and _end_allowed(request, eos)
        if accepted != valid:
            result.outcome = "wrong"
            result.misjudged.append(Misjudged(number, valid, allowed))
    return result


def _walk(request: Request, tokens: Sequence[int], mask_ns: array[int], commit_ns: array[int]) -> int:
    """Feed tokens until one is not allowed; append the times; return how many were allowed."""
    fill, accept, row, clock = request.fill, request.accept, request.row, perf_counter_ns
    for position, token in enumerate(tokens):
        t0 = clock()
        fill()
        t1 = clock()
        mask_ns.append(t1 - t0)
        if not _bit(row, token):
            _check_rejection(request, token, position)
            commit_ns.append(0)
            return position
        t2 = clock()
        accepted = accept(token)
        t3 = clock()
        commit_ns.append(t3 - t2)
        if not accepted:
            raise EngineFault(
                f"the mask allows token {token} at position {position}, the commit refuses it{_fault(request)}"
            )
    return len(tokens)


def _check_rejection(request: Request, token: int, position: int) -> None:
    if fault := request.fault():
        raise EngineFault(f"failed at position {position}: {fault}")
    if not request.row.any():
        raise EngineFault(f"the mask at position {position} is empty")
    if request.accept(token):
        raise EngineFault(f"the mask forbids token {token} at position {position}, the commit takes it")


def _end_allowed(request: Request, eos: int) -> bool:
    request.fill()
    if fault := request.fault():
        raise EngineFault(f"failed at the end of the text: {fault}")
    allowed = _bit(request.row, eos)
    if allowed != request.accepting():
        raise EngineFault(f"the bit of the end of sequence is {int(allowed)}, accepting() says {not allowed}")
    return allowed


def _first_mask(compiled: Compiled, result: Judged) -> None:
    begin = perf_counter_ns()
    request = compiled.start()
    result.start_ns.append(perf_counter_ns() - begin)
    result.first_mask_ns = _fill_timed(request)
    if fault := request.fault():
        raise EngineFault(f"failed at the first mask: {fault}")
    if not request.row.any():
        raise EngineFault("the first mask is empty")


def _fill_timed(request: Request) -> int:
    begin = perf_counter_ns()
    request.fill()
    return perf_counter_ns() - begin


def _bit(row: Any, token: int) -> bool:
    return bool(row[token >> 5] >> (token & 31) & 1)


def _fault(request: Request) -> str:
    fault = request.fault()
    return f" ({fault})" if fault else ""
