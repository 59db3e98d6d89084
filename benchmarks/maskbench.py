"""How fast and how right are constrained-decoding engines on real JSON Schemas, on the same instances?

    python -m benchmarks.maskbench --sample 600 --seed 1          (also: constrain bench --sample 600 --seed 1)

For every schema in turn, every engine in turn (the first place rotates, so noise and heat hit all alike) gets the
same schema text and the same token ids in a process of its own with the same limits; `judge` says what one such
turn is, `worker` what the limits are, `results` what is counted. One engine runs at a time unless --jobs is raised,
which is for judging, not for timing.

There is a result only when every engine has answered every schema: otherwise (a library missing, an interrupt, a
process that cannot be started again) the table is marked INCOMPLETE, nothing is written, and the exit status is 1.
A crash or a timeout of an engine on a schema is an answer, counted as such and never as right or refused; when it
is this project's engine that crashed, the exit status is 3 although the result is written. 2 is unusable input.
"""

from __future__ import annotations

import argparse
import queue
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

if __package__ in {None, ""}:  # run as a file: the folder above is where `benchmarks` lies
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks import environment, report, vocabulary
from benchmarks.dataset import Case, DatasetError, default_path, load, select
from benchmarks.judge import Job, Judged
from benchmarks.peers import DEFAULT, ENGINES
from benchmarks.results import Run, head_to_head, summary, write
from benchmarks.worker import EngineUnavailable, Settings, Worker

__all__ = ["main", "measure"]

COMPLETE, INCOMPLETE, UNUSABLE, CRASHED = 0, 1, 2, 3
OWN = "constrain"
QUICK = 30


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark as the command line says; return the exit status."""
    options = _parser().parse_args(arguments)
    if options.quick:
        options.sample, options.no_result = options.sample or QUICK, True
    try:
        cases = select(load(options.data, options.whitespace), _ids(options.ids), options.sample, options.seed)
        words = vocabulary.load(options.vocabulary)
    except (DatasetError, ImportError, OSError) as error:
        print(f"maskbench: {error}", file=sys.stderr)
        return UNUSABLE
    settings = Settings(options.vocabulary, options.whitespace, options.timeout, options.memory, options.batch)
    header = {
        **environment.describe(),
        "data": options.data.name,
        "sample": options.sample,
        "seed": options.seed,
        "schemas": len(cases),
        "instances": sum(len(case.instances) for case in cases),
        "vocabulary": f"{words.name}, {len(words.tokens)} tokens",
        "whitespace": options.whitespace,
        "timeout_seconds": options.timeout,
        "memory_gib": options.memory,
        "batch": options.batch,
        "jobs": options.jobs,
        "engines": options.engines,
    }
    run = Run(options.engines, cases)
    jobs = {
        case.id: Job(case.schema, tuple((words.tokenize(one.text), one.valid) for one in case.instances))
        for case in cases
    }
    progress = _Progress(len(cases) * len(options.engines), quiet=options.quiet)
    try:
        measure(run, jobs, settings, options.jobs, progress)
    except KeyboardInterrupt:
        print("maskbench: interrupted", file=sys.stderr)
    progress.end()
    if options.explain:
        _explain(run, words, jobs)
    return _conclude(run, header, options)


def measure(
    run: Run, jobs: dict[str, Job], settings: Settings, threads: int = 1, progress: Callable[[], None] = lambda: None
) -> None:
    """Put every job to every engine and record the answers in `run`.

    An engine that cannot be started is entered in `run.unavailable` and not asked again.
    """
    waiting: queue.SimpleQueue[tuple[int, Case]] = queue.SimpleQueue()
    for item in enumerate(run.cases):
        waiting.put(item)
    stopping = threading.Event()

    def work() -> None:
        workers = {engine: Worker(engine, settings) for engine in run.engines}
        try:
            while not stopping.is_set():
                try:
                    number, case = waiting.get_nowait()
                except queue.Empty:
                    return
                shift = number % len(run.engines)
                for engine in [*run.engines[shift:], *run.engines[:shift]]:
                    if not stopping.is_set():
                        _ask(run, workers[engine], case.id, jobs[case.id])
                        progress()
        finally:
            for worker in workers.values():
                worker.stop()

    if threads == 1:
        work()
        return
    pool = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
    for thread in pool:
        thread.start()
    try:
        for thread in pool:
            thread.join()
    finally:
        stopping.set()


def _ask(run: Run, worker: Worker, identity: str, job: Job) -> None:
    engine = worker.engine
    if engine in run.unavailable:
        return
    try:
        run.record(engine, identity, worker.judge(job))
    except EngineUnavailable as error:
        run.unavailable[engine] = str(error)
    else:
        run.facts[engine] = worker.facts


def _conclude(run: Run, header: dict[str, Any], options: argparse.Namespace) -> int:
    """Print the tables; write the result if it is one; return the exit status."""
    summaries = [summary(run, engine) for engine in run.engines]
    pairs = [head_to_head(run, run.engines[0], other) for other in run.engines[1:]]
    missing = run.missing()
    if missing:
        print(f"INCOMPLETE: {len(missing)} of {len(run.engines) * len(run.cases)} answers are missing. Not a result.\n")
    report.show(summaries, pairs)
    if missing:
        for engine in run.engines:
            absent = [identity for name, identity in missing if name == engine]
            if absent:
                why = run.unavailable.get(engine, "not asked")
                print(
                    f"maskbench: {engine}: {len(absent)} schemas without an answer, from {absent[0]}: {why}",
                    file=sys.stderr,
                )
        return INCOMPLETE
    if not options.no_result:
        stem = (
            f"maskbench-{header['time'][:19].replace(':', '').replace('-', '')}-{header['commit'][:8]}-{len(run.cases)}"
        )
        file = options.out / f"{stem}.jsonl"
        write(run, header, file)
        file.with_suffix(".md").write_text(
            f"{_caption(header)}\n\n{report.table(summaries, pairs)}\n", encoding="utf-8"
        )
        if not options.no_plot and (why := report.plot(summaries, file.with_suffix(".png"), _caption(header))):
            print(f"maskbench: {why}", file=sys.stderr)
        print(f"maskbench: written {file}", file=sys.stderr)
    crashed = run.crashed(OWN) if OWN in run.engines else []
    if crashed:
        print(f"maskbench: {OWN} crashed on {len(crashed)} schemas: {', '.join(crashed[:10])}", file=sys.stderr)
        return CRASHED
    return COMPLETE


def _explain(run: Run, words: vocabulary.TestVocabulary, jobs: dict[str, Job]) -> None:
    """Print every schema that is not right, with the engine's message or the place where a walk ended."""
    for engine in run.engines:
        for case, answer in run.answers(engine):
            if answer.outcome != "right":
                print(f"{engine}\t{answer.outcome}\t{case.id}\t{answer.message[:300]}")
            for item in answer.misjudged if isinstance(answer, Judged) else ():
                tokens = jobs[case.id].instances[item.instance][0]
                read = b"".join(words.tokens[token] or b"" for token in tokens[: item.position])[-60:]
                following = b"".join(words.tokens[token] or b"" for token in tokens[item.position : item.position + 8])
                said = "rejects a valid" if item.valid else "accepts an invalid"
                print(f"\t{said} instance {item.instance} ({case.instances[item.instance].description[:80]})", end="")
                print(f" after {read.decode(errors='replace')!r} at {following.decode(errors='replace')!r}")


def _caption(header: dict[str, Any]) -> str:
    machine = header["machine"]
    return (
        f"{header['schemas']} schemas, {header['instances']} instances, {header['vocabulary']}, "
        f"{header['timeout_seconds']:g} s and {header['memory_gib']:g} GiB per schema; "
        f"{machine['cpu']}, {machine['cores']} cores; "
        f"commit {header['commit'][:8]}{' (modified)' if header['modified'] else ''}, {header['time'][:10]}"
    )


def _ids(given: str | None) -> list[str]:
    if not given:
        return []
    if given.startswith("@"):
        return Path(given[1:]).read_text(encoding="utf-8").split()
    return [identity for identity in given.split(",") if identity]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="maskbench", description="Compare constrained-decoding engines on JSON Schemas."
    )
    parser.add_argument(
        "--data", type=Path, default=default_path(), help="folder in MaskBench's layout, or .jsonl(.gz)"
    )
    parser.add_argument(
        "--engines", type=_names, default=list(DEFAULT), help=f"comma-separated; of {', '.join(ENGINES)}"
    )
    parser.add_argument("--sample", type=_positive, help="number of random schemas (default: all)")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--ids", help="schema ids, comma-separated, or @FILE with one a line")
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds for everything about one schema")
    parser.add_argument("--memory", type=float, default=8.0, help="GiB of address space per process")
    parser.add_argument("--batch", type=_positive, default=200, help="schemas before a process is replaced")
    parser.add_argument("--jobs", type=_positive, default=1, help="schemas at a time; more than 1 spoils the times")
    parser.add_argument("--whitespace", choices=("flexible", "compact"), default="flexible", help="of JSON text")
    parser.add_argument("--vocabulary", default="tekken", help="tekken, or module:function")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).resolve().parent / "results", help="folder for the result"
    )
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} random schemas, no result written")
    parser.add_argument("--no-result", action="store_true", help="print the table only")
    parser.add_argument("--no-plot", action="store_true", help="write no picture")
    parser.add_argument("--explain", action="store_true", help="list every schema that is not fully right")
    parser.add_argument("--quiet", action="store_true", help="no progress line")
    return parser


def _names(text: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    for name in names:
        if name not in ENGINES and ":" not in name:
            raise argparse.ArgumentTypeError(f"unknown engine {name!r}: one of {', '.join(ENGINES)}, or module:class")
    if not names or len(set(names)) != len(names):
        raise argparse.ArgumentTypeError("give at least one engine, each once")
    return names


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive whole number")
    return int(text)


class _Progress:
    """A line on standard error that counts answers, on a terminal only."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        self._total, self._done, self._begin = total, 0, monotonic()
        self._shown = not quiet and sys.stderr.isatty()

    def __call__(self) -> None:
        self._done += 1
        if self._shown:
            left = (monotonic() - self._begin) / self._done * (self._total - self._done)
            print(
                f"\r{self._done}/{self._total} answers, about {left:.0f} s left   ", end="", file=sys.stderr, flush=True
            )

    def end(self) -> None:
        """Leave the line."""
        if self._shown:
            print(file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
