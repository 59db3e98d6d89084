"""A regular expression in, its language over characters out.

Problem: patterns come in two syntaxes (ECMA-262 in JSON Schema, Python's `re` in `constrain.regex`) and mean either a whole text
or a search in it. Everything behind this function knows only the language.

Worked example: `parse_regex("^ab", syntax="ecma", search=True)` is `text("ab") ANY_TEXT`, `parse_regex("[a-z]+$", ...)` the
same way is `ANY_TEXT [a-z]`, and with `search=False` both are `text("ab")` and `[a-z]+`.

Passes: the dialect reads a tree (`ecma`, `python_syntax`), `anchors.language` works the assertions into a term; where an
assertion does not reduce, `determinise.language` decides the pattern as a whole, if it is small.

Invariants: the result contains exactly the strings that match; otherwise `PatternError` points at the characters at fault.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Literal

from constrain.errors import LimitExceeded, PatternError
from constrain.limits import DEFAULT, Limits
from constrain.regular import anchors, determinise
from constrain.regular.ecma import Ecma
from constrain.regular.python_syntax import PythonSyntax
from constrain.regular.term import Term

__all__ = ["Syntax", "parse_regex"]

Syntax = Literal["ecma", "python"]


@lru_cache(maxsize=4096)
def parse_regex(pattern: str, *, syntax: Syntax = "ecma", search: bool = False, limits: Limits = DEFAULT) -> Term:
    """Return the strings that match `pattern`, as a term over characters.

    `search`: the strings in which it matches somewhere (JSON Schema's `pattern`); otherwise those it matches as a whole.

    Raises `PatternError` (with the span) if the pattern is malformed or has an assertion that cannot be given an exact
    meaning, and `LimitExceeded` if it is nested too deeply or too large.
    """
    if syntax not in ("ecma", "python"):
        message = f"the syntax must be 'ecma' or 'python', not {syntax!r}"
        raise ValueError(message)
    if len(pattern) > limits.schema_bytes:
        raise LimitExceeded("characters of a pattern", limits.schema_bytes)
    dialect = PythonSyntax(pattern, limits) if syntax == "python" else Ecma(pattern, limits)
    node = dialect.parse()
    try:
        try:
            return anchors.language(node, search=search, limits=limits)
        except anchors.Irreducible as reason:
            found = determinise.language(node, search=search, limits=limits)
            if found is not None:
                return found
            raise PatternError(reason.message, pattern, reason.span) from None
    except RecursionError:
        raise LimitExceeded("levels of assertions in a pattern", sys.getrecursionlimit() // 8) from None
