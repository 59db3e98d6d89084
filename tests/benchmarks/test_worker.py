"""An engine that crashes, hangs or eats memory loses one schema, not the run."""

import json
import os
import time

import pytest

from benchmarks.judge import Job, Judged
from benchmarks.worker import EngineUnavailable, Lost, Settings, Worker

FAKE = "tests.benchmarks.fake_engines:Fake"
SETTINGS = Settings("tests.benchmarks.fake_engines:vocabulary", timeout=60.0, memory_gib=4.0, batch=3)
GOOD = Job('{"enum": [7]}', [([ord("7") + 1], True)])


def bad(behaviour):
    return Job(json.dumps({"fake": behaviour}), [([ord("7") + 1], True)])


@pytest.fixture
def worker():
    worker = Worker(FAKE, SETTINGS)
    yield worker
    worker.stop()


def process_id(worker):
    return worker._process.pid


def test_losses_are_attributed_and_the_next_schema_is_judged_in_a_fresh_process(worker):
    assert worker.judge(GOOD).outcome == "right"
    first = process_id(worker)
    assert worker.judge(bad("refuse")).outcome == "refused"
    assert process_id(worker) == first, "a refusal costs no process"

    aborted = worker.judge(bad("abort"))
    assert isinstance(aborted, Lost)
    assert aborted.outcome == "crashed"
    assert "compile" in aborted.message
    assert "SIGABRT" in aborted.message
    assert "all is lost" in aborted.message
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)

    raised = worker.judge(bad("raise"))
    assert isinstance(raised, Lost)
    assert raised.outcome == "crashed"
    assert "KeyError" in raised.message

    greedy = worker.judge(bad("memory"))
    assert isinstance(greedy, Lost)
    assert greedy.outcome == "crashed"
    assert "MemoryError" in greedy.message

    assert worker.judge(GOOD).outcome == "right"


def test_a_hang_is_a_timeout_within_the_limit(worker):
    worker.settings = Settings(SETTINGS.vocabulary, timeout=0.5, batch=3)
    worker.start()
    begin = time.monotonic()
    lost = worker.judge(bad("hang"))
    assert time.monotonic() - begin < 5.0
    assert isinstance(lost, Lost)
    assert lost.outcome == "timeout"
    assert "compile" in lost.message


def test_a_process_is_replaced_after_a_batch(worker):
    seen = []
    for _ in range(4):
        assert isinstance(worker.judge(GOOD), Judged)
        seen.append(process_id(worker))
    assert seen[0] == seen[1] == seen[2] != seen[3]


@pytest.mark.parametrize(
    ("engine", "message"),
    [("tests.benchmarks.fake_engines:Unavailable", "no licence"), ("no_such_module:Engine", "no_such_module")],
)
def test_an_engine_that_cannot_start_says_why(engine, message):
    worker = Worker(engine, SETTINGS)
    with pytest.raises(EngineUnavailable, match=message):
        worker.judge(GOOD)
    worker.stop()
