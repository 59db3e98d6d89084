"""The house rules that a machine can see: short files, named for one thing, each saying what it is for."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400

# File: why it is longer than LONGEST lines.
INLINED = "parts of one hot loop: the compiler inlines within one unit only"
LONGER = {
    "constrain/automaton/forms.pyx": INLINED,
    "constrain/automaton/machine.pyx": INLINED,
    "constrain/automaton/tables.pyx": INLINED,
    "constrain/automaton/tokens.pyx": INLINED,
}

VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "stuff"}
SOURCES = sorted(path for path in (ROOT / "constrain").rglob("*") if path.suffix in {".py", ".pyx", ".pxd"})
MODULES = [path for path in SOURCES if path.suffix == ".py"]
OTHERS = sorted(path for folder in ("tests", "benchmarks", "tools") for path in (ROOT / folder).rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_source_file_is_short(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())

    if _name(path) in LONGER:
        assert lines > LONGEST, f"{_name(path)} is short again: take it off the list"
    else:
        assert lines <= LONGEST


def test_every_exception_exists_and_has_a_reason():
    assert [name for name, reason in LONGER.items() if not reason or not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_source_file_is_named_for_one_thing(path):
    assert path.stem.lstrip("_") not in VAGUE


@pytest.mark.parametrize("path", MODULES + OTHERS, ids=_name)
def test_a_module_says_what_it_is_for(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert ast.get_docstring(tree) or not tree.body


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name]


def test_no_file_names_a_machine():
    """Paths of one machine, and names of hosts to install from, have no place in a file others read."""
    forbidden = re.compile(r"(?<![\w.}>-])/(?:(?:home|Users)/(?!me/)|root/|work/|opt/|mnt/|srv/)\w")
    tracked = _tracked()
    if not tracked:
        pytest.skip("not a git checkout")
    found = []
    for path in tracked:
        if path.suffix in {".safetensors", ".gz", ".png"} or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if forbidden.search(line) and "forbidden = " not in line:
                found.append(f"{_name(path)}:{number}: {line.strip()[:100]}")

    assert found == []


def test_nothing_built_is_tracked():
    assert [_name(path) for path in _tracked() if path.suffix in {".so", ".pyc", ".cpp", ".o"}] == []
