"""From verdicts to a result: what is counted, what is timed, and when there is a result at all.

    run = Run(engines=["constrain", "llguidance"], cases=cases)
    run.record("constrain", "Github_easy---o1", Judged(...))
    run.missing()          # [] only when every engine has an answer for every schema
    summary(run, "constrain")["right"]

Counted per engine, each schema in exactly one of: right (every instance judged right; a schema without instances
that compiles and gives a first mask is right vacuously, and their number is stated), wrong, refused, crashed,
timed out. A wrong schema accepts an invalid instance, rejects a valid one, or both. Timed: schemas that came to a
verdict, right or wrong; a refusal, a crash and a timeout contribute no times (so an engine does not look faster by
breaking down, and `head_to_head` compares two engines on identical tokens).

Results are JSON lines: a line "run", one "schema" line per engine and schema, one "summary" line per engine, one
"head_to_head" line per pair. `write` refuses a run with anything missing.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.dataset import Case
from benchmarks.judge import Judged
from benchmarks.percentiles import histogram, summarize
from benchmarks.worker import Lost

__all__ = ["IncompleteRun", "Run", "head_to_head", "lines", "summary", "write"]

OUTCOMES = ("right", "wrong", "refused", "crashed", "timeout")


class IncompleteRun(Exception):
    """Some engine has no answer for some schema: there is no result."""


class Run:
    """The answers of several engines for the same schemas, as they come in."""

    def __init__(self, engines: Sequence[str], cases: Sequence[Case]) -> None:
        self.engines = list(engines)
        self.cases = list(cases)
        self.facts: dict[str, dict[str, Any]] = {}
        self.unavailable: dict[str, str] = {}
        self._answers: dict[tuple[str, str], Judged | Lost] = {}

    def record(self, engine: str, identity: str, answer: Judged | Lost) -> None:
        """Keep one answer. Raises ValueError for a second answer to the same question."""
        key = engine, identity
        if key in self._answers:
            raise ValueError(f"{engine} answered {identity} twice")
        self._answers[key] = answer

    def answer(self, engine: str, identity: str) -> Judged | Lost | None:
        """Return the answer of an engine for a schema, None if there is none yet."""
        return self._answers.get((engine, identity))

    def answers(self, engine: str) -> list[tuple[Case, Judged | Lost]]:
        """Return the answers of one engine, in the order of the cases."""
        pairs = ((case, self._answers.get((engine, case.id))) for case in self.cases)
        return [(case, answer) for case, answer in pairs if answer is not None]

    def missing(self) -> list[tuple[str, str]]:
        """Return the (engine, schema id) pairs without an answer."""
        return [
            (engine, case.id)
            for engine in self.engines
            for case in self.cases
            if (engine, case.id) not in self._answers
        ]

    def crashed(self, engine: str) -> list[str]:
        """Return the ids of the schemas on which an engine crashed."""
        return [case.id for case, answer in self.answers(engine) if answer.outcome == "crashed"]


def summary(run: Run, engine: str) -> dict[str, Any]:
    """Return the numbers of one engine: counts, and times as percentiles with their histograms."""
    answers = run.answers(engine)
    counts = dict.fromkeys(OUTCOMES, 0)
    accepting_invalid = rejecting_valid = vacuous = 0
    timed = []
    for case, answer in answers:
        counts[answer.outcome] += 1
        if isinstance(answer, Judged) and answer.outcome != "refused":
            timed.append(answer)
            accepting_invalid += any(not item.valid for item in answer.misjudged)
            rejecting_valid += any(item.valid for item in answer.misjudged)
            vacuous += answer.outcome == "right" and not case.instances
    steps = _steps(timed)
    compile_ns = [answer.compile_ns for answer in timed]
    return {
        "engine": engine,
        **run.facts.get(engine, {}),
        "schemas": len(answers),
        **counts,
        "right_percent": round(100.0 * counts["right"] / len(answers), 2) if answers else 0.0,
        "right_without_instances": vacuous,
        "accepting_invalid": accepting_invalid,
        "rejecting_valid": rejecting_valid,
        "preemptions": sum(answer.preemptions for answer in timed),
        "step_us": summarize(steps, 1e3),
        "mask_us": summarize(_joined(answer.mask_ns for answer in timed), 1e3),
        "commit_us": summarize(_joined(answer.commit_ns for answer in timed), 1e3),
        "compile_ms": summarize(compile_ns, 1e6),
        "first_mask_us": summarize([answer.first_mask_ns for answer in timed], 1e3),
        "to_first_mask_ms": summarize([answer.compile_ns + answer.first_mask_ns for answer in timed], 1e6),
        "start_us": summarize([time for answer in timed for time in answer.start_ns], 1e3),
        "step_ns_histogram": histogram(steps),
        "compile_ns_histogram": histogram(compile_ns),
    }


def head_to_head(run: Run, one: str, other: str) -> dict[str, Any]:
    """Compare two engines on the schemas that both judged right: the same tokens, one by one."""
    pairs = []
    for case in run.cases:
        first, second = run.answer(one, case.id), run.answer(other, case.id)
        if isinstance(first, Judged) and isinstance(second, Judged) and first.outcome == second.outcome == "right":
            pairs.append((first, second))
    sides = {}
    for name, answers in ((one, [first for first, _ in pairs]), (other, [second for _, second in pairs])):
        sides[name] = {
            "step_us": summarize(_steps(answers), 1e3),
            "compile_ms": summarize([answer.compile_ns for answer in answers], 1e6),
        }
    return {"engines": [one, other], "schemas": len(pairs), **sides}


def lines(run: Run, header: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Yield the result as JSON objects, the header first. Raises IncompleteRun if anything is missing."""
    if missing := run.missing():
        raise IncompleteRun(f"{len(missing)} answers are missing, the first is {missing[0][0]} on {missing[0][1]}")
    yield {"kind": "run", **header}
    for engine in run.engines:
        for case, answer in run.answers(engine):
            yield {"kind": "schema", "engine": engine, "id": case.id, **_facts(answer)}
    for engine in run.engines:
        yield {"kind": "summary", **summary(run, engine)}
    for other in run.engines[1:]:
        yield {"kind": "head_to_head", **head_to_head(run, run.engines[0], other)}


def write(run: Run, header: dict[str, Any], file: Path) -> list[dict[str, Any]]:
    """Write the result as JSON lines and return it. Raises IncompleteRun, and then writes nothing."""
    content = list(lines(run, header))
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in content)
    file.write_text(text, encoding="utf-8")
    return content


def _facts(answer: Judged | Lost) -> dict[str, Any]:
    if isinstance(answer, Lost):
        return {"outcome": answer.outcome, "message": answer.message}
    facts: dict[str, Any] = {"outcome": answer.outcome, "compile_ns": answer.compile_ns}
    if answer.message:
        facts["message"] = answer.message[:400]
    if answer.outcome != "refused":
        steps = _steps([answer])
        facts |= {"first_mask_ns": answer.first_mask_ns, "tokens": len(steps), "step_ns_sum": sum(steps)}
        facts["step_ns_max"] = max(steps, default=0)
    if answer.misjudged:
        facts["misjudged"] = [[item.instance, item.valid, item.position] for item in answer.misjudged]
    return facts


def _steps(answers: Iterable[Judged]) -> list[int]:
    return [mask + commit for answer in answers for mask, commit in zip(answer.mask_ns, answer.commit_ns, strict=True)]


def _joined(arrays: Iterable[array[int]]) -> array[int]:
    joined = array("q")
    for part in arrays:
        joined.extend(part)
    return joined
