"""json-pointer and relative-json-pointer: RFC 6901 and draft-bhutton-relative-json-pointer-00.

Worked example: "/a~1b/0" points to member "a/b" and its first item; "1/foo" goes one level up first.

A relative pointer may move along an array ("0+1/foo") since the draft that JSON Schema 2020-12 cites, not earlier.
"""

from __future__ import annotations

from constrain.core.charset import complement
from constrain.frontends.jsonschema.formats.notation import DIGIT, charset, many, one_of, optional
from constrain.regular.term import Term, alt, chars, concat, text

__all__ = ["json_pointer", "relative_json_pointer", "relative_json_pointer_without_shift"]


def json_pointer() -> Term:
    """Return the string representation of a JSON pointer."""
    unescaped = chars(complement(charset("/~")))
    return many(concat(text("/"), many(alt(unescaped, concat(text("~"), one_of("01"))))))


def relative_json_pointer() -> Term:
    """Return a relative JSON pointer with an optional shift of the index."""
    shift = concat(one_of("+-"), _natural())
    return concat(_natural(), optional(shift), alt(text("#"), json_pointer()))


def relative_json_pointer_without_shift() -> Term:
    """Return a relative JSON pointer as drafts before 2020-12 have it."""
    return concat(_natural(), alt(text("#"), json_pointer()))


def _natural() -> Term:
    return alt(text("0"), concat(one_of("1-9"), many(DIGIT)))
