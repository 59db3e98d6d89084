"""Read schemas with their valid and invalid instances, in the layout of MaskBench.

A folder holds one JSON file per schema, named by its id; the shipped selection is the same thing as JSON
lines, gzipped, with the id inside:

    {"schema": {...}, "tests": [{"description": "...", "valid": true, "data": {"a": 1}}, ...], "meta": {...}}

    load(Path("maskbench/data"))            -> [Case(id="Github_easy---o1", ...), ...]   sorted by id
    load(Path("maskbench_dev.jsonl.gz"))    -> the same

Each instance becomes the text `json.dumps(data, indent=None, ensure_ascii=False)`, spaces after comma and
colon included: that is what MaskBench's own runner feeds to an engine. The schema reaches every engine as one
JSON text, so that parsing it belongs to its compile time. Keys keep the order of the file.

Invariants: ids are unique; a malformed file is an error that names it, never skipped.
Source: github.com/guidance-ai/jsonschemabench, folder maskbench. Rejected: re-ordering or re-spelling the
data to suit an engine.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

__all__ = ["DEFAULT_NAME", "Case", "DatasetError", "Instance", "default_path", "load", "select"]

DEFAULT_NAME = "maskbench_dev.jsonl.gz"
_SEPARATORS = {"flexible": (", ", ": "), "compact": (",", ":")}


class DatasetError(Exception):
    """The data cannot be used; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One JSON value and whether the schema allows it."""

    text: str
    valid: bool
    description: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One schema (as JSON text) and its instances."""

    id: str
    schema: str
    instances: tuple[Instance, ...]


def default_path() -> Path:
    """Return where the data is looked for: the variable CONSTRAIN_DATA, else `../shared/data` beside the checkout."""
    given = os.environ.get("CONSTRAIN_DATA")
    folder = Path(given) if given else Path(__file__).resolve().parents[2] / "shared" / "data"
    shipped = folder / DEFAULT_NAME
    return shipped if shipped.is_file() else folder


def load(path: Path, whitespace: str = "flexible") -> list[Case]:
    """Read every schema under `path`: a folder of JSON files, or one .jsonl / .jsonl.gz file.

    `whitespace` is "flexible" (instances spelled as MaskBench spells them) or "compact" (no spaces).
    Raises DatasetError with the file (and line) at fault.
    """
    separators = _SEPARATORS[whitespace]
    cases = [_case(identity, raw, where, separators) for identity, raw, where in _raw_cases(path)]
    if not cases:
        raise DatasetError(f"no schema found in {path}: expected JSON files with 'schema' and 'tests'")
    cases.sort(key=lambda case: case.id)
    for before, after in pairwise(cases):
        if before.id == after.id:
            raise DatasetError(f"the id {before.id!r} occurs twice in {path}")
    return cases


def select(cases: list[Case], ids: Iterable[str] = (), sample: int | None = None, seed: int = 0) -> list[Case]:
    """Return the cases with the given ids (all, if none are given), and of those a random sample, sorted by id.

    The sample depends on the ids present, `sample` and `seed` only. Raises DatasetError for an id that is not there.
    """
    wanted = list(dict.fromkeys(ids))
    if wanted:
        by_id = {case.id: case for case in cases}
        absent = [identity for identity in wanted if identity not in by_id]
        if absent:
            raise DatasetError(f"no schema with id {', '.join(absent[:5])}{' ...' if len(absent) > 5 else ''}")
        cases = sorted((by_id[identity] for identity in wanted), key=lambda case: case.id)
    if sample is None or sample >= len(cases):
        return cases
    return sorted(random.Random(seed).sample(cases, sample), key=lambda case: case.id)


def _raw_cases(path: Path) -> Iterator[tuple[str | None, Any, str]]:
    if path.is_dir():
        for file in sorted(path.rglob("*.json")):
            yield file.stem, _parse(file.read_bytes(), str(file)), str(file)
        return
    if not path.is_file():
        raise DatasetError(
            f"{path} does not exist; give --data, or set CONSTRAIN_DATA to the folder with {DEFAULT_NAME}"
        )
    if not path.name.endswith((".jsonl", ".jsonl.gz")):
        raise DatasetError(f"{path} is neither a folder nor a .jsonl or .jsonl.gz file")
    content = path.read_bytes()
    try:
        lines = (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines()
    except (OSError, EOFError) as error:
        raise DatasetError(f"{path} cannot be unpacked: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            where = f"{path}, line {number}"
            yield None, _parse(line, where), where


def _parse(content: bytes, where: str) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{where}: not JSON ({error})") from error


def _case(identity: str | None, raw: Any, where: str, separators: tuple[str, str]) -> Case:
    if not isinstance(raw, dict) or "schema" not in raw or not isinstance(raw.get("tests"), list):
        raise DatasetError(f"{where}: expected an object with 'schema' and a list 'tests'")
    name = raw.get("id", identity)
    if not isinstance(name, str):
        raise DatasetError(f"{where}: expected a string 'id'")
    instances = []
    for index, test in enumerate(raw["tests"]):
        if not isinstance(test, dict) or "data" not in test or not isinstance(test.get("valid"), bool):
            raise DatasetError(f"{where}: test {index} needs 'data' and a boolean 'valid'")
        text = json.dumps(test["data"], indent=None, ensure_ascii=False, separators=separators)
        instances.append(Instance(text, test["valid"], str(test.get("description", ""))))
    return Case(name, json.dumps(raw["schema"]), tuple(instances))
