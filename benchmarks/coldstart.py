"""How long from a fresh interpreter to the first mask of the first schema?

    python -m benchmarks.coldstart [--engines constrain,llguidance] [--rounds 5]

Four times in milliseconds, each round in an interpreter of its own: import of the library, taking the vocabulary,
compiling a schema, first mask. Reading the tokenizer's file is not counted: it is the same for all. This project keeps
the tables of a vocabulary on disk; its line "no cache" is the first start ever, the other every later one.

Shown is the median of the rounds. Asserted first: the mask allows the token that the schema demands.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter

if __package__ in {None, ""}:  # run as a file: the folder above is where `benchmarks` lies
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks import peers, vocabulary

__all__ = ["main", "once"]

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}},
        "required": ["name", "age"],
        "additionalProperties": False,
    }
)
STEPS = ("import", "vocabulary", "compile", "first mask")


def once(name: str) -> list[float]:
    """Do it in this interpreter, which must be fresh; return milliseconds per step of STEPS."""
    words = vocabulary.load("tekken")
    marks = [perf_counter()]
    engine = peers.load(name)
    marks.append(perf_counter())
    engine.build(words, "flexible")
    marks.append(perf_counter())
    compiled = engine.compile(SCHEMA)
    marks.append(perf_counter())
    request = compiled.start()
    request.fill()
    marks.append(perf_counter())
    token = words.tokenize('{"')[0]
    if not request.row[token >> 5] >> (token & 31) & 1:
        raise AssertionError(f"{name}: the first mask forbids what the schema demands")
    return [1e3 * (after - before) for before, after in pairwise(marks)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a Markdown table of medians; 1 if an engine failed."""
    parser = argparse.ArgumentParser(prog="coldstart", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--engines", default=",".join(peers.DEFAULT))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--once", metavar="ENGINE", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.once:
        print(json.dumps(once(options.once)))
        return 0
    status = 0
    print(f"| engine | {', ms | '.join(STEPS)}, ms | sum |\n|---|{'---:|' * (len(STEPS) + 1)}")
    with tempfile.TemporaryDirectory() as folder:
        for name in options.engines.split(","):
            rounds = [_fresh(name, folder) for _ in range(options.rounds + 1)]
            failures = [done for done in rounds if isinstance(done, str)]
            if failures:
                print(f"coldstart: {name}: {failures[0]}", file=sys.stderr)
                status = 1
                continue
            times = [done for done in rounds if not isinstance(done, str)]
            if name == "constrain":
                _print(f"{name}, no cache", times[:1])
            _print(name, times[1:] or times)
    return status


def _fresh(name: str, cache: str) -> list[float] | str:
    command = [sys.executable, "-m", "benchmarks.coldstart", "--once", name]
    environment = os.environ | {"CONSTRAIN_CACHE": cache}
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
    return list(map(float, json.loads(done.stdout.splitlines()[-1])))


def _print(label: str, rounds: Sequence[Sequence[float]]) -> None:
    middle = [median(column) for column in zip(*rounds, strict=True)]
    print(f"| {label} | {' | '.join(f'{value:.1f}' for value in [*middle, sum(middle)])} |")


if __name__ == "__main__":
    sys.exit(main())
