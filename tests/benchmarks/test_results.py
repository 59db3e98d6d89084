"""A schema is counted once, times come from verdicts alone, and a partial run is no result."""

import json
from array import array

import pytest

from benchmarks.dataset import Case, Instance
from benchmarks.judge import Judged, Misjudged
from benchmarks.report import main as report_main
from benchmarks.report import plot, read, table
from benchmarks.results import IncompleteRun, Run, head_to_head, summary, write
from benchmarks.worker import Lost

CASES = [Case(name, "{}", (Instance("1", True),)) for name in "abcdef"] + [Case("g", "{}", ())]


def judged(outcome, *steps, compile_ns=1_000_000, misjudged=()):
    masks, commits = array("q", steps), array("q", [0] * len(steps))
    return Judged(outcome, "", compile_ns, steps[0] if steps else 0, [10], masks, commits, list(misjudged))


@pytest.fixture
def run():
    run = Run(["one", "two"], CASES)
    both = [Misjudged(0, True, 0), Misjudged(1, False, 1)]
    answers = [
        judged("right", 1000, 3000),
        judged("wrong", 5000, misjudged=both),
        judged("wrong", 7000, misjudged=both[1:]),
        judged("refused", compile_ns=50_000_000),
        Lost("crashed", "SIGABRT"),
        Lost("timeout", "10 s"),
        judged("right"),
    ]
    for case, answer in zip(CASES, answers, strict=True):
        run.record("one", case.id, answer)
    for case in CASES:
        run.record("two", case.id, judged("right", 9000))
    return run


def test_every_schema_is_counted_once(run):
    counted = summary(run, "one")
    assert [counted[name] for name in ("right", "wrong", "refused", "crashed", "timeout")] == [2, 2, 1, 1, 1]
    assert (counted["accepting_invalid"], counted["rejecting_valid"]) == (2, 1)
    assert counted["right_without_instances"] == 1
    assert counted["right_percent"] == pytest.approx(100 * 2 / 7, abs=0.01)


def test_only_verdicts_are_timed(run):
    counted = summary(run, "one")
    assert counted["step_us"] == {"count": 4, "p50": 3.0, "p90": 7.0, "p99": 7.0, "p99.9": 7.0, "max": 7.0, "mean": 4.0}
    assert counted["compile_ms"]["count"] == 4
    assert counted["compile_ms"]["max"] == 1.0, "the refusal took 50 ms"


def test_two_engines_are_compared_where_both_are_right(run):
    pair = head_to_head(run, "one", "two")
    assert pair["schemas"] == 2
    assert pair["one"]["step_us"]["count"] == 2
    assert pair["two"]["step_us"]["count"] == 2


def test_an_answer_is_given_once(run):
    with pytest.raises(ValueError, match="answered a twice"):
        run.record("one", "a", judged("right"))


def test_a_result_is_written_and_read_back(run, tmp_path):
    file = tmp_path / "results" / "r.jsonl"
    write(run, {"commit": "0" * 40}, file)
    header, summaries, pairs = read(file)
    assert header["commit"] == "0" * 40
    assert summaries == [{"kind": "summary", **summary(run, name)} for name in ("one", "two")]
    assert [json.loads(line)["kind"] for line in file.read_text().splitlines()].count("schema") == 14
    shown = table(summaries, pairs)
    assert "| 2 (28.6 %), 1 without instances " in shown
    assert "| one and two " in shown
    assert len({line.count("|") for line in shown.split("\n\n")[0].splitlines()}) == 1


def test_the_report_of_a_file(run, tmp_path, capsys):
    write(run, {}, tmp_path / "r.jsonl")
    assert report_main([str(tmp_path / "r.jsonl")]) == 0
    assert "fully right" in capsys.readouterr().out
    (tmp_path / "no.jsonl").write_text("{}")
    assert report_main([str(tmp_path / "no.jsonl")]) == 2
    assert report_main([]) == 2


def test_a_partial_run_is_refused_and_writes_nothing(tmp_path):
    run = Run(["one", "two"], CASES)
    for case in CASES:
        run.record("one", case.id, judged("right"))
    for case in CASES[1:]:
        run.record("two", case.id, judged("right"))
    assert run.missing() == [("two", "a")]
    with pytest.raises(IncompleteRun, match="1 answers are missing, the first is two on a"):
        write(run, {}, tmp_path / "r.jsonl")
    assert not list(tmp_path.iterdir())


def test_the_plot(run, tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    assert plot([summary(run, "one"), summary(run, "two")], tmp_path / "r.png", "title") == ""
    assert (tmp_path / "r.png").stat().st_size > 1000
