"""Numbers of JSON Schema: formulas over values, and the numerals that spell their solutions."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from constrain.frontends.jsonschema.numbers.formula import Formula, number_holds, pieces
from constrain.frontends.jsonschema.numbers.listing import listed
from constrain.frontends.jsonschema.numbers.numerals import MAX_STATES, numerals
from constrain.frontends.jsonschema.numbers.witness import number_witness
from constrain.limits import DEFAULT

if TYPE_CHECKING:
    from constrain.limits import Limits
    from constrain.regular.term import Term

__all__ = ["Formula", "number_holds", "number_term", "number_witness"]


@lru_cache(maxsize=16_384)
def number_term(formula: Formula, limits: Limits = DEFAULT) -> Term:
    """Return the numerals whose value satisfies `formula`, as a term over bytes (NOTHING if there is none).

    Exact on the universe that `numerals` describes. Raises LimitExceeded, ValueError for a malformed formula.
    """
    return numerals(listed(pieces(formula)), min(limits.states, MAX_STATES))
