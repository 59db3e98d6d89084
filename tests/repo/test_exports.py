"""`__all__` is sorted, true, and complete: the names a module shows are the names it means to show."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import constrain

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "constrain").rglob("*.py"))


def _sorted_as_ruff_does(names):
    """SCREAMING_CASE first, then CamelCase, then the rest, numbers by their value (RUF022)."""

    def key(name):
        kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
        return kind, [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]

    return sorted(names, key=key)


def _declared(tree):
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            return ast.literal_eval(node.value)
    return None


def _defined(tree):
    """The public functions and classes that a module defines at its top level."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_all_is_sorted_and_complete(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    declared = _declared(tree)
    if declared is None:
        assert _defined(tree) == set()
        return

    assert declared == _sorted_as_ruff_does(declared)
    assert _defined(tree) <= set(declared)


@pytest.mark.parametrize("name", constrain.__all__)
def test_every_public_name_is_there(name):
    assert getattr(constrain, name) is not None


def test_the_lazy_table_is_the_public_list():
    assert sorted(constrain._HOME) == sorted(constrain.__all__)
    assert set(constrain.__all__) <= set(dir(constrain))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'jsonschema_'"):
        constrain.jsonschema_  # noqa: B018


def test_names_live_where_the_table_says():
    for name, home in constrain._HOME.items():
        assert getattr(importlib.import_module(home), name) is getattr(constrain, name)


def test_import_is_light():
    """No tensor library, no numpy, and well under a tenth of a second."""
    code = (
        "import sys, time\nstart = time.perf_counter()\nimport constrain\nspent = time.perf_counter() - start\n"
        "heavy = {'torch', 'transformers', 'triton', 'numpy', 'lark', 'rich'} & set(sys.modules)\n"
        "print(sorted(heavy), spent < 0.1)"
    )
    run = [sys.executable, "-c", code]
    seen = [subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout for _ in range(3)]

    assert "[] True\n" in seen
