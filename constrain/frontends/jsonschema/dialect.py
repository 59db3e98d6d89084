"""Which edition of JSON Schema a document is written in, and what that changes.

A schema says its dialect by `$schema`; without one it is 2020-12, like the reference validator decides. Real documents
spell the URI with http or https, with or without the empty fragment, and some name dialects nobody publishes: those are
read as 2020-12 too, because their authors mean "JSON Schema" and every keyword that is known is then enforced.

Worked example: in `{"$schema": "http://json-schema.org/draft-04/schema", "minimum": 0, "exclusiveMinimum": true}` the
dialect is draft 4, so `exclusiveMinimum` is a flag on `minimum`, `id` names resources and `1.0` is not an integer.

Source: the specifications at https://json-schema.org/specification-links. Rejected: one dialect mixed from all drafts
(siblings of `$ref` mean different things before and after 2019-09).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["DRAFT4", "DRAFT6", "DRAFT7", "DRAFT2019", "DRAFT2020", "Dialect", "dialect_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """One edition of JSON Schema. `year` orders them: 4, 6, 7, 2019, 2020.

    validation: False if its meta-schema leaves the validation vocabulary out, so that `type`, `minimum`, ... are annotations.
    """

    name: str
    year: int
    id_keyword: str
    validation: bool = True

    @property
    def key(self) -> int:
        """The key of its table of keywords."""
        return self.year if self.validation else -self.year

    @property
    def lone_ref(self) -> bool:
        """`$ref` hides every keyword beside it."""
        return self.year <= 7

    @property
    def boolean_schemas(self) -> bool:
        """`true` and `false` are schemas everywhere (draft 4 allows them in two keywords only)."""
        return self.year >= 6

    @property
    def written_integers(self) -> bool:
        """An integer is a numeral without fraction and exponent, not a number without a fractional part."""
        return self.year <= 4

    @property
    def list_items(self) -> bool:
        """`items` may be a list of schemas, continued by `additionalItems`."""
        return self.year <= 2019


DRAFT4 = Dialect("draft4", 4, "id")
DRAFT6 = Dialect("draft6", 6, "$id")
DRAFT7 = Dialect("draft7", 7, "$id")
DRAFT2019 = Dialect("draft2019-09", 2019, "$id")
DRAFT2020 = Dialect("draft2020-12", 2020, "$id")

_BY_URI = {
    "json-schema.org/draft-04/schema": DRAFT4,
    "json-schema.org/draft-06/schema": DRAFT6,
    "json-schema.org/draft-07/schema": DRAFT7,
    "json-schema.org/draft/2019-09/schema": DRAFT2019,
    "json-schema.org/draft/2020-12/schema": DRAFT2020,
}


def dialect_of(schema: Any, default: Dialect = DRAFT2020, remotes: Mapping[str, Any] | None = None) -> Dialect:
    """Return the dialect `schema` declares, or `default` if it declares none.

    A meta-schema among `remotes` may declare a dialect of its own, by its `$schema` and `$vocabulary`.
    """
    uri = schema.get("$schema") if isinstance(schema, dict) else None
    if not isinstance(uri, str):
        return default
    known = _BY_URI.get(uri.strip().rpartition("://")[2].rstrip("#/"))
    if known is not None:
        return known
    meta = (remotes or {}).get(uri)
    if not isinstance(meta, dict) or meta.get("$schema") == uri:
        return DRAFT2020
    base = dialect_of(meta)
    vocabulary = meta.get("$vocabulary")
    if (
        isinstance(vocabulary, dict)
        and base.year >= 2019
        and not any("/vocab/validation" in name for name in vocabulary)
    ):
        return replace(base, validation=False)
    return base
