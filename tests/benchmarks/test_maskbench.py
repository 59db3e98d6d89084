"""The command: a complete run is written, a partial one is not, and the exit status says which."""

import json

import pytest

from benchmarks import maskbench, report

FAKE = "tests.benchmarks.fake_engines:Fake"
UNAVAILABLE = "tests.benchmarks.fake_engines:Unavailable"


def case(schema, *instances):
    return {"schema": schema, "tests": [{"valid": valid, "data": data} for data, valid in instances]}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    cases = {
        "a": case({"enum": [1, [2, 3]]}, (1, True), ([2, 3], True), (2, False)),
        "b": case({"fake": "anything"}, (1, False)),
        "c": case({"fake": "refuse"}, (1, True)),
        "d": case({"fake": "abort"}, (1, True)),
    }
    for name, content in cases.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


def bench(folder, out, *arguments):
    toy = ["--vocabulary", "tests.benchmarks.fake_engines:vocabulary"]
    return maskbench.main(["--data", str(folder), "--out", str(out), "--timeout", "60", *toy, *arguments])


def test_a_complete_run_is_a_result(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(maskbench, "OWN", FAKE)
    status = bench(folder, tmp_path / "out", "--engines", FAKE, "--no-plot", "--explain")
    assert status == 3, "our own engine crashed on d"
    shown = capsys.readouterr()
    assert "crashed on 1 schemas: d" in shown.err
    assert "accepts an invalid instance 0" in shown.out
    files = sorted(file.suffix for file in (tmp_path / "out").iterdir())
    assert files == [".jsonl", ".md"]
    header, summaries, _ = report.read(next((tmp_path / "out").glob("*.jsonl")))
    assert (header["schemas"], header["instances"], header["engines"]) == (4, 6, [FAKE])
    assert {"commit", "machine", "python", "time"} <= header.keys()
    (counted,) = summaries
    assert [counted[name] for name in ("right", "wrong", "refused", "crashed", "timeout")] == [1, 1, 1, 1, 0]
    assert counted["version"] == "1.0"


def test_a_missing_engine_makes_the_run_incomplete(folder, tmp_path, capsys):
    status = bench(folder, tmp_path / "out", "--engines", f"{FAKE},{UNAVAILABLE}", "--ids", "a,c")
    shown = capsys.readouterr()
    assert status == 1
    assert shown.out.startswith("INCOMPLETE: 2 of 4 answers are missing. Not a result.")
    assert "2 schemas without an answer, from a" in shown.err
    assert "no licence" in shown.err
    assert not (tmp_path / "out").exists()


def test_an_interrupt_makes_the_run_incomplete(folder, tmp_path, capsys, monkeypatch):
    class Interrupting(maskbench.Worker):
        def judge(self, job):
            if "refuse" in job.schema:
                raise KeyboardInterrupt
            return super().judge(job)

    monkeypatch.setattr(maskbench, "Worker", Interrupting)
    assert bench(folder, tmp_path / "out", "--engines", FAKE) == 1
    shown = capsys.readouterr()
    assert "INCOMPLETE: 2 of 4" in shown.out
    assert "interrupted" in shown.err
    assert not (tmp_path / "out").exists()


def test_several_schemas_at_a_time_give_the_same_verdicts(folder, tmp_path):
    assert bench(folder, tmp_path / "out", "--engines", FAKE, "--no-plot", "--jobs", "2") == 0
    _, (counted,), _ = report.read(next((tmp_path / "out").glob("*.jsonl")))
    assert [counted[name] for name in ("right", "wrong", "refused", "crashed", "timeout")] == [1, 1, 1, 1, 0]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--ids", "nope"],
        ["--ids", "@/no/such/file"],
        ["--vocabulary", "no_such_module:f"],
        ["--data", "/no/such/folder"],
    ],
)
def test_unusable_input_is_one_line_and_status_2(folder, tmp_path, capsys, arguments):
    assert bench(folder, tmp_path / "out", "--engines", FAKE, *arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--engines", "nobody"], ["--engines", ""], ["--sample", "0"], ["--jobs", "x"]])
def test_unusable_options_are_refused(folder, tmp_path, capsys, arguments):
    with pytest.raises(SystemExit) as stop:
        bench(folder, tmp_path / "out", *arguments)
    assert stop.value.code == 2
