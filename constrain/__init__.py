"""Structured output for language models: a schema in, only valid tokens out.

Names are loaded on first use, so that `import constrain` costs a few milliseconds and no optional dependency:

    >>> import constrain
    >>> constrain.json_schema({"type": "integer", "minimum": 7}).matches(b"12")
    True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from constrain.api import Constraint, Violation, choice, json_schema, regex
    from constrain.automaton import Matcher, TokenAutomaton
    from constrain.core.ids import DEAD
    from constrain.errors import (
        ConstrainError,
        ConstraintError,
        GrammarError,
        LimitExceeded,
        PatternError,
        SchemaError,
        Unsatisfiable,
        UnsupportedKeyword,
        VocabularyError,
    )
    from constrain.limits import Limits
    from constrain.vocabulary import Vocabulary

__all__ = [
    "DEAD",
    "ConstrainError",
    "Constraint",
    "ConstraintError",
    "GrammarError",
    "LimitExceeded",
    "Limits",
    "Matcher",
    "PatternError",
    "SchemaError",
    "TokenAutomaton",
    "Unsatisfiable",
    "UnsupportedKeyword",
    "Violation",
    "Vocabulary",
    "VocabularyError",
    "choice",
    "json_schema",
    "regex",
]

__version__ = "0.1.0"

_HOME = {
    "DEAD": "constrain.core.ids",
    "ConstrainError": "constrain.errors",
    "Constraint": "constrain.api",
    "ConstraintError": "constrain.errors",
    "GrammarError": "constrain.errors",
    "LimitExceeded": "constrain.errors",
    "Limits": "constrain.limits",
    "Matcher": "constrain.automaton",
    "PatternError": "constrain.errors",
    "SchemaError": "constrain.errors",
    "TokenAutomaton": "constrain.automaton",
    "Unsatisfiable": "constrain.errors",
    "UnsupportedKeyword": "constrain.errors",
    "Violation": "constrain.api",
    "Vocabulary": "constrain.vocabulary",
    "VocabularyError": "constrain.errors",
    "choice": "constrain.api",
    "json_schema": "constrain.api",
    "regex": "constrain.api",
}


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
