"""MaskBench's layout is read as it is, and what is malformed is named."""

import gzip
import json

import pytest

from benchmarks.dataset import DatasetError, default_path, load, select

CASE = {"schema": {"type": "object"}, "tests": [{"description": "d", "valid": True, "data": {"b": [1, 2], "a": "é"}}]}


def folder(tmp_path, **files):
    for name, content in files.items():
        (tmp_path / f"{name}.json").write_text(content if isinstance(content, str) else json.dumps(content))
    return tmp_path


def test_a_folder_has_one_schema_a_file_named_by_its_id(tmp_path):
    cases = load(folder(tmp_path, two=CASE, one=CASE | {"meta": {"x": 1}}))
    assert [case.id for case in cases] == ["one", "two"]
    assert json.loads(cases[0].schema) == CASE["schema"]
    assert cases[0].instances[0].text == '{"b": [1, 2], "a": "é"}', "the spelling of MaskBench's runner"
    assert cases[0].instances[0].valid


def test_compact_spelling(tmp_path):
    assert load(folder(tmp_path, one=CASE), "compact")[0].instances[0].text == '{"b":[1,2],"a":"é"}'


@pytest.mark.parametrize("zipped", [False, True])
def test_json_lines_are_the_same_thing(tmp_path, zipped):
    text = "".join(json.dumps({"id": name, **CASE}) + "\n" for name in ("two", "one")).encode()
    file = tmp_path / ("cases.jsonl.gz" if zipped else "cases.jsonl")
    file.write_bytes(gzip.compress(text) if zipped else text)
    assert load(file) == load(folder(tmp_path, one=CASE, two=CASE))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "broken.json: not JSON"),
        ("[]", "broken.json: expected an object with 'schema'"),
        ({"schema": {}}, "broken.json: expected an object with 'schema' and a list 'tests'"),
        ({"schema": {}, "tests": [{"data": 1}]}, "broken.json: test 0 needs 'data' and a boolean 'valid'"),
        ({"schema": {}, "tests": [{"data": 1, "valid": 1}]}, "boolean 'valid'"),
        ({"schema": {}, "tests": [], "id": 3}, "expected a string 'id'"),
    ],
)
def test_a_malformed_file_is_named(tmp_path, content, message):
    with pytest.raises(DatasetError, match=message):
        load(folder(tmp_path, broken=content))


def test_an_id_may_not_occur_twice(tmp_path):
    file = tmp_path / "cases.jsonl"
    file.write_text(json.dumps({"id": "x", **CASE}) * 1 + "\n" + json.dumps({"id": "x", **CASE}))
    with pytest.raises(DatasetError, match="'x' occurs twice"):
        load(file)


def test_nothing_there(tmp_path):
    with pytest.raises(DatasetError, match="no schema found"):
        load(tmp_path)
    with pytest.raises(DatasetError, match="does not exist"):
        load(tmp_path / "absent.jsonl.gz")
    (tmp_path / "torn.jsonl.gz").write_bytes(b"\x1f\x8bnonsense")
    with pytest.raises(DatasetError, match="cannot be unpacked"):
        load(tmp_path / "torn.jsonl.gz")


def test_a_sample_depends_on_the_seed_alone(tmp_path):
    cases = load(folder(tmp_path, **{f"s{number:02}": CASE for number in range(40)}))
    chosen = select(cases, sample=10, seed=1)
    assert chosen == select(list(cases), sample=10, seed=1)
    assert chosen != select(cases, sample=10, seed=2)
    assert [case.id for case in chosen] == sorted(case.id for case in chosen)
    assert len({case.id for case in chosen}) == 10
    assert select(cases, sample=100) == cases


def test_ids_are_chosen_by_name_and_must_exist(tmp_path):
    cases = load(folder(tmp_path, one=CASE, two=CASE, three=CASE))
    assert [case.id for case in select(cases, ["two", "one", "two"])] == ["one", "two"]
    with pytest.raises(DatasetError, match="no schema with id four"):
        select(cases, ["one", "four"])


def test_the_default_follows_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("CONSTRAIN_DATA", str(tmp_path))
    assert default_path() == tmp_path
    (tmp_path / "maskbench_dev.jsonl.gz").write_bytes(b"")
    assert default_path() == tmp_path / "maskbench_dev.jsonl.gz"
