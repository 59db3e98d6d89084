"""The grammars and schemas that are shipped with the package, found wherever it runs from.

They are edited in the repository's top-level folders `grammars/` and `schemas/`; a wheel carries copies inside the
package. The lookup has two steps, and the first that exists wins:

    site-packages/constrain/_assets/schemas/order.json     an installed wheel
    checkout/constrain/../schemas/order.json               an editable install, or a bare checkout

Assets are named by their file name without the ending: `schema("order")` is the parsed `order.json`.
Rejected: importing a package of data (a folder of JSON needs no `__init__.py`), and paths relative to the working
directory (they break as soon as somebody changes it).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from constrain.errors import ConstrainError

__all__ = ["Kind", "folder", "names", "read", "schema"]

Kind = Literal["grammars", "schemas"]

_HERE = Path(__file__).resolve().parent
_SUFFIXES: dict[Kind, tuple[str, ...]] = {"grammars": (".lark", ".gbnf"), "schemas": (".json",)}


def folder(kind: Kind) -> Path:
    """Return the folder that holds the assets of this kind."""
    candidates = (_HERE / "_assets" / kind, _HERE.parent / kind)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise ConstrainError(
        f"the shipped {kind} are missing: neither {candidates[0]} nor {candidates[1]} exists; reinstall the package"
    )


def names(kind: Kind) -> tuple[str, ...]:
    """Return the names of all assets of this kind, sorted."""
    return tuple(sorted(path.stem for path in folder(kind).iterdir() if path.suffix in _SUFFIXES[kind]))


def read(kind: Kind, name: str) -> str:
    """Return the text of one asset; `ConstrainError` lists the names there are if this is none of them."""
    if name in names(kind):
        for suffix in _SUFFIXES[kind]:
            path = folder(kind) / f"{name}{suffix}"
            if path.is_file():
                return path.read_text(encoding="utf-8")
    raise ConstrainError(f"no shipped asset {name!r} in {kind}; there are: {', '.join(names(kind)) or 'none'}")


def schema(name: str) -> Any:
    """Return one shipped JSON Schema, parsed."""
    return json.loads(read("schemas", name))
