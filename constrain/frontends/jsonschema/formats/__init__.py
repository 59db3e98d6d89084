"""The formats of JSON Schema as regular terms over characters.

`format_term("date", "draft7")` is a term; a name that a draft does not define is an annotation there, and gives None.

Invariants: no term is wider than what the specification cites; the module of each family says where it is narrower
(in short: Punycode labels, reserved template operators, leap seconds at odd offsets, regular expressions nested deeper
than four groups or with references). Terms are built at the first request and shared from then on.

Rejected: asking a validation library, which can only judge a string that is already complete.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from constrain.frontends.jsonschema.formats import addresses, dates, hosts, internationalised, patterns, pointers, uris

if TYPE_CHECKING:
    from collections.abc import Callable

    from constrain.regular.term import Term

__all__ = ["DRAFTS", "format_names", "format_term"]

DRAFTS = ("draft4", "draft6", "draft7", "draft2019-09", "draft2020-12")

_TABLE: dict[str, tuple[tuple[str, Callable[[], Term]], ...]] = {
    # name: (first draft, builder), ... in the order of drafts; the last one that is not newer counts
    "date-time": (("draft4", dates.date_time),),
    "email": (("draft4", hosts.email),),
    "hostname": (("draft4", hosts.hostname), ("draft7", hosts.internationalised_hostname)),
    "ipv4": (("draft4", addresses.ipv4),),
    "ipv6": (("draft4", addresses.ipv6),),
    "uri": (("draft4", uris.uri),),
    "uri-reference": (("draft6", uris.uri_reference),),
    "uri-template": (("draft6", uris.uri_template),),
    "json-pointer": (("draft6", pointers.json_pointer),),
    "date": (("draft7", dates.date),),
    "time": (("draft7", dates.time),),
    "idn-email": (("draft7", internationalised.idn_email),),
    "idn-hostname": (("draft7", internationalised.idn_hostname),),
    "iri": (("draft7", uris.iri),),
    "iri-reference": (("draft7", uris.iri_reference),),
    "relative-json-pointer": (
        ("draft7", pointers.relative_json_pointer_without_shift),
        ("draft2020-12", pointers.relative_json_pointer),
    ),
    "regex": (("draft7", patterns.pattern),),
    "duration": (("draft2019-09", dates.duration),),
    "uuid": (("draft2019-09", addresses.uuid),),
}


def format_names(draft: str) -> frozenset[str]:
    """Return the formats that `draft` defines. Raises ValueError for an unknown draft."""
    return frozenset(name for name in _TABLE if _builder(name, draft) is not None)


def format_term(name: str, draft: str) -> Term | None:
    """Return the strings of format `name` in `draft`, over characters; None if the draft does not define it.

    Raises ValueError for an unknown draft.
    """
    builder = _builder(name, draft)
    return None if builder is None else _built(builder)


def _builder(name: str, draft: str) -> Callable[[], Term] | None:
    if draft not in DRAFTS:
        raise ValueError(f"unknown draft {draft!r}: one of {', '.join(DRAFTS)} is wanted")
    found = None
    for first, builder in _TABLE.get(name, ()):
        if DRAFTS.index(first) <= DRAFTS.index(draft):
            found = builder
    return found


@lru_cache(maxsize=64)
def _built(builder: Callable[[], Term]) -> Term:
    return builder()
