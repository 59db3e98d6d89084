"""The official JSON Schema test suite, judged value by value, against a committed baseline that may only get better.

Each group (one schema with its tests) gets a grade: right < narrowed (a valid value is rejected) < refused (an error that names
the keyword) < unsound (an invalid value is accepted). Groups that are not in `schema_suite.json` must be right. To accept
improvements: CONSTRAIN_UPDATE=1 pytest tests/conformance/test_schema_suite.py
"""

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from constrain.errors import ConstrainError, Unsatisfiable
from constrain.frontends.jsonschema import compile_schema
from constrain.frontends.jsonschema.judge import Judge

BASELINE = Path(__file__).with_name("schema_suite.json")
GRADES = ["right", "narrowed", "refused", "unsound"]
DIALECTS = {
    "draft7": "http://json-schema.org/draft-07/schema#",
    "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
}


def read(path):
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def grade(group, dialect, remotes):
    schema = group["schema"]
    if isinstance(schema, dict) and "$schema" not in schema:
        schema = {"$schema": DIALECTS[dialect], **schema}
    try:
        compiled = compile_schema(schema, property_order="any", remotes=remotes, formats="ignore")
    except Unsatisfiable:
        return "narrowed" if any(test["valid"] for test in group["tests"]) else "right"
    except ConstrainError:
        return "refused"
    judge = Judge(compiled.emptiness)
    found = "right"
    for test in group["tests"]:
        accepted = judge.holds(compiled.root, test["data"])
        if accepted and not test["valid"]:
            return "unsound"
        if test["valid"] and not accepted:
            found = "narrowed"
    return found


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_group_got_worse(schema_suite, dialect):
    folder = schema_suite / "remotes"
    remotes = {f"http://localhost:1234/{p.relative_to(folder).as_posix()}": read(p) for p in folder.rglob("*.json")}
    baseline = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    found, total = {}, 0
    for path in sorted((schema_suite / "tests" / dialect).glob("*.json")):
        for group in read(path):
            total += 1
            verdict = grade(group, dialect, remotes)
            if verdict != "right":
                found[f"{path.stem}: {group['description']}"] = verdict
    assert total > 200
    known = baseline.get(dialect, {})
    worse = {
        name: verdict
        for name, verdict in found.items()
        if GRADES.index(verdict) > GRADES.index(known.get(name, "right"))
    }
    if os.environ.get("CONSTRAIN_UPDATE"):
        baseline[dialect] = found
        BASELINE.write_text(json.dumps(baseline, indent=1, sort_keys=True) + "\n")
        return
    assert not worse
    better = {name for name, verdict in known.items() if GRADES.index(found.get(name, "right")) < GRADES.index(verdict)}
    assert not better, "the baseline can be tightened: CONSTRAIN_UPDATE=1"
