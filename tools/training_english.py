"""Plain English for the embedded model: the documentation that comes with the Python distribution.

Problem: documents alone teach the model no sentence it was not given. `pydoc_data.topics` and the docstrings of the
standard library are on every machine that can train, and the licence of Python allows their use.

Example of a paragraph: "The 'archive' attribute of zipimporter objects contains the name of the zipfile targeted."

Invariants: the order is fixed for one Python version, whatever is imported; no paragraph comes twice; tables,
signatures and code are left out (nine tenths of a paragraph are letters, spaces, commas and full stops).

Rejected: importing the modules and asking `inspect.getdoc`, which depends on what else has been imported.
"""

from __future__ import annotations

import ast
import sys
import sysconfig
import textwrap
import warnings
from pathlib import Path

__all__ = ["english"]


def _docstrings(path: Path) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old modules hold invalid escapes
        tree = ast.parse(path.read_text(encoding="utf-8"))
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, owners)]


def english() -> list[str]:
    """Return paragraphs of the documentation, in a fixed order."""
    library = Path(sysconfig.get_path("stdlib"))
    source = ast.parse((library / "pydoc_data" / "topics.py").read_text(encoding="utf-8"))
    texts = [node.value for node in ast.walk(source) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for name in sorted(sys.stdlib_module_names):
        for path in (library / f"{name}.py", library / name / "__init__.py"):
            if path.is_file() and not name.startswith("_") and name not in {"antigravity", "this", "idlelib"}:
                texts += _docstrings(path)
    paragraphs = [" ".join(p.split()) for text in texts for p in textwrap.dedent(text).split("\n\n")]
    plain = [p for p in paragraphs if len(p) >= 60 and sum(c.isalpha() or c in " ,." for c in p) >= 0.9 * len(p)]
    return list(dict.fromkeys(plain))
