"""What does a token cost when nothing about it is new?

    python -m benchmarks.hit_path [--engines constrain,llguidance] [--sample 20] [--rounds 10]

The valid instances of some schemas are walked again and again, each walk a new request on the same compiled schema;
the first walks, which find things out, are not counted. Whole walks are timed and divided by their tokens, so that no
clock is read between two calls: nanoseconds per mask + commit, per commit alone, and for this project per
`TokenAutomaton.step` and `.mask`, which a server that keeps the states itself would call. Shown are the median over
all walks, weighted by nothing, and the mean per token.

Asserted first: every token is allowed by mask and commit (the judge's walk does that).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import Any

if __package__ in {None, ""}:  # run as a file: the folder above is where `benchmarks` lies
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks import peers, vocabulary
from benchmarks.dataset import DatasetError, default_path, load, select
from benchmarks.judge import Job, judge

__all__ = ["main", "measure"]

Walk = Callable[[Any, Sequence[int]], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a Markdown table; 2 if the data is not there."""
    parser = argparse.ArgumentParser(prog="hit_path", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--engines", default="constrain,llguidance,xgrammar")
    parser.add_argument("--data", type=Path, default=default_path())
    parser.add_argument("--sample", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args(arguments)
    try:
        cases = select(load(options.data), sample=options.sample, seed=options.seed)
    except DatasetError as error:
        print(f"hit_path: {error}", file=sys.stderr)
        return 2
    words = vocabulary.load("tekken")
    jobs = [
        Job(case.schema, [(words.tokenize(one.text), True) for one in case.instances if one.valid]) for case in cases
    ]
    print("| engine | what | schemas | tokens | ns per token: median of walks | mean |\n|---|---|---:|---:|---:|---:|")
    for name in options.engines.split(","):
        engine = peers.load(name)
        engine.build(words, "flexible")
        for what, (schemas, tokens, times) in measure(engine, jobs, words.eos, options.rounds).items():
            per_token = [time / count for time, count in times]
            mean = sum(time for time, _ in times) / max(1, sum(count for _, count in times))
            middle = median(per_token) if per_token else 0.0
            print(f"| {name} | {what} | {schemas} | {tokens} | {middle:.0f} | {mean:.0f} |", flush=True)
    return 0


def measure(
    engine: peers.Engine, jobs: Sequence[Job], eos: int, rounds: int
) -> dict[str, tuple[int, int, list[tuple[int, int]]]]:
    """Return, by kind of walk, (schemas walked, tokens in one round, [(ns, tokens) of every counted walk])."""
    found: dict[str, tuple[int, int, list[tuple[int, int]]]] = {}
    for job in jobs:
        if judge(engine, job, eos).outcome != "right":
            continue
        compiled = engine.compile(job.schema)
        for what, walk, begin in _walks(compiled):
            schemas, tokens, times = found.get(what, (0, 0, []))
            for ids, _ in job.instances:
                for number in range(rounds + 2):
                    subject = begin()
                    time = walk(subject, ids)
                    if number >= 2 and ids:
                        times.append((time, len(ids)))
                tokens += len(ids)
            found[what] = schemas + 1, tokens, times
    return found


def _walks(compiled: Any) -> list[tuple[str, Walk, Callable[[], Any]]]:
    walks: list[tuple[str, Walk, Callable[[], Any]]] = [
        ("mask + commit", _fill_accept, compiled.start),
        ("commit", _accept, compiled.start),
    ]
    automaton = getattr(compiled, "automaton", None)
    if automaton is not None:
        walks += [("step", _step, lambda: automaton), ("mask", _mask, lambda: automaton)]
    return walks


def _fill_accept(request: peers.Request, ids: Sequence[int]) -> int:
    fill, accept = request.fill, request.accept
    begin = perf_counter_ns()
    for token in ids:
        fill()
        accept(token)
    return perf_counter_ns() - begin


def _accept(request: peers.Request, ids: Sequence[int]) -> int:
    accept = request.accept
    begin = perf_counter_ns()
    for token in ids:
        accept(token)
    return perf_counter_ns() - begin


def _step(automaton: Any, ids: Sequence[int]) -> int:
    step, state = automaton.step, automaton.start
    begin = perf_counter_ns()
    for token in ids:
        state = step(state, token)
    return perf_counter_ns() - begin


def _mask(automaton: Any, ids: Sequence[int]) -> int:
    states = [automaton.start]
    for token in ids[:-1]:
        states.append(automaton.step(states[-1], token))
    mask = automaton.mask
    begin = perf_counter_ns()
    for state in states:
        mask(state)
    return perf_counter_ns() - begin


if __name__ == "__main__":
    sys.exit(main())
