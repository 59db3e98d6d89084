"""Every error a user can meet, in one tree.

    ConstrainError(Exception)
    ├── ConstraintError(ValueError)      the constraint itself cannot be used
    │   ├── PatternError                 a regular expression; carries `pattern` and `span`
    │   ├── SchemaError                  malformed or unresolvable JSON Schema; carries `pointer`, `keyword`
    │   │   ├── UnsupportedKeyword       well-formed, but not enforceable by this version
    │   │   └── Unsatisfiable            no value at all satisfies it
    │   └── GrammarError                 rules that cannot be used (nothing derivable, left recursion on demand, ...)
    ├── VocabularyError(ValueError)      a tokenizer whose bytes cannot be determined, bad ids, ...
    └── LimitExceeded(RuntimeError)      a `Limits` budget ran out; carries `resource`, `given`, `limit`

An error says what is wrong, where (JSON pointer, or a span with a caret) and what to do about it, in one
line for `str(error)`. Nothing is ever "skipped with a warning": what cannot be enforced raises.
"""

from __future__ import annotations

__all__ = [
    "ConstrainError",
    "ConstraintError",
    "GrammarError",
    "LimitExceeded",
    "PatternError",
    "SchemaError",
    "Unsatisfiable",
    "UnsupportedKeyword",
    "VocabularyError",
]


class ConstrainError(Exception):
    """Root of all errors raised on purpose by this package."""


class ConstraintError(ConstrainError, ValueError):
    """A constraint (schema, pattern, grammar, choices) that cannot be used."""


class PatternError(ConstraintError):
    """A regular expression that is malformed or cannot be given an exact meaning.

    `span` is the half-open range of characters at fault; `caret()` shows it below the pattern.
    """

    def __init__(self, message: str, pattern: str, span: tuple[int, int]) -> None:
        super().__init__(f"{message} at character {span[0]} of pattern {_short(pattern)}")
        self.message = message
        self.pattern = pattern
        self.span = span

    def caret(self) -> str:
        """Return the pattern with a line of carets under the span."""
        start, end = self.span
        return f"{self.pattern}\n{' ' * start}{'^' * max(1, end - start)}"


class SchemaError(ConstraintError):
    """A JSON Schema that is malformed, or refers to something that is not there.

    `pointer` is the JSON pointer of the offending place (""  is the root), `keyword` the keyword.
    """

    def __init__(self, message: str, *, pointer: str, keyword: str | None = None) -> None:
        super().__init__(f"{message} (at {pointer or '#'})")
        self.message = message
        self.pointer = pointer
        self.keyword = keyword


class UnsupportedKeyword(SchemaError):
    """A keyword that JSON Schema defines and this version cannot enforce exactly."""


class Unsatisfiable(SchemaError):
    """A schema that no JSON value satisfies."""


class GrammarError(ConstraintError):
    """Rules that do not form a usable grammar."""


class VocabularyError(ConstrainError, ValueError):
    """A vocabulary that cannot be read, or a token id outside it."""


class LimitExceeded(ConstrainError, RuntimeError):
    """A budget of `Limits` ran out. The automaton stays usable for other requests."""

    def __init__(self, resource: str, limit: float, advice: str = "raise the limit or simplify the constraint") -> None:
        super().__init__(f"limit reached: {resource} > {limit:g}; {advice}")
        self.resource = resource
        self.limit = limit


def _short(text: str, width: int = 120) -> str:
    shown = repr(text)
    return shown if len(shown) <= width else shown[: width - 4] + "...'"
