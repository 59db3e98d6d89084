"""uri, uri-reference, iri, iri-reference and uri-template: RFC 3986, RFC 3987, RFC 6570.

Worked example: "http://[::1]:80/a%20b?q#f" is a URI, "//a@b@c" not even a reference.

An IRI differs from a URI in its characters alone, so both are one grammar with two alphabets. Literals of ABNF ignore
case, hence "[V1.fe]".

Narrower than the specification: no bidirectional formatting characters in an IRI (RFC 3987, 4.1, forbids them in the
presentation of an IRI, not in its grammar); no template operator that RFC 6570 reserves for the future ("{=x}").
"""

from __future__ import annotations

from constrain.core.charset import CharSet, complement, intersect, make, union
from constrain.frontends.jsonschema.formats.addresses import ipv6
from constrain.frontends.jsonschema.formats.notation import (
    ALPHA,
    DIGIT,
    HEX,
    charset,
    listed,
    many,
    one_of,
    optional,
    some,
)
from constrain.regular.term import EPSILON, Term, alt, chars, concat, repeat, text

__all__ = ["iri", "iri_reference", "uri", "uri_reference", "uri_template"]

UNRESERVED = charset("A-Za-z0-9._~-")
SUB_DELIMS = charset("!$&'()*+,;=")
FORMATTING = make([(0x200E, 0x200F), (0x202A, 0x202E)])
UCSCHAR = intersect(
    make(
        [
            (0xA0, 0xD7FF),
            (0xF900, 0xFDCF),
            (0xFDF0, 0xFFEF),
            *((plane << 16, (plane << 16) + 0xFFFD) for plane in range(1, 14)),
            (0xE1000, 0xEFFFD),
        ]
    ),
    complement(FORMATTING),
)
IPRIVATE = make([(0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD)])
PERCENT = concat(text("%"), HEX, HEX)


def uri() -> Term:
    """Return URI."""
    return _absolute((), ())


def uri_reference() -> Term:
    """Return URI-reference."""
    return alt(_absolute((), ()), _relative((), ()))


def iri() -> Term:
    """Return IRI."""
    return _absolute(UCSCHAR, IPRIVATE)


def iri_reference() -> Term:
    """Return IRI-reference."""
    return alt(_absolute(UCSCHAR, IPRIVATE), _relative(UCSCHAR, IPRIVATE))


def _absolute(more: CharSet, private: CharSet) -> Term:
    scheme = concat(ALPHA, many(one_of("A-Za-z0-9+.-")))
    rootless = concat(some(_pchar(more)), _path(more))
    return concat(
        scheme,
        text(":"),
        alt(_authority_path(more), _rooted(more), rootless, EPSILON),
        _query_and_fragment(more, private),
    )


def _relative(more: CharSet, private: CharSet) -> Term:
    without_colon = alt(chars(union(UNRESERVED, SUB_DELIMS, charset("@"), more)), PERCENT)
    no_scheme = concat(some(without_colon), _path(more))
    return concat(alt(_authority_path(more), _rooted(more), no_scheme, EPSILON), _query_and_fragment(more, private))


def _pchar(more: CharSet) -> Term:
    return alt(chars(union(UNRESERVED, SUB_DELIMS, charset(":@"), more)), PERCENT)


def _path(more: CharSet) -> Term:
    """Return `*( "/" segment )`; one alphabet, because segments may be empty."""
    return optional(concat(text("/"), many(alt(_pchar(more), text("/")))))


def _rooted(more: CharSet) -> Term:
    """Return path-absolute: it does not begin with two slashes."""
    return concat(text("/"), optional(concat(_pchar(more), many(alt(_pchar(more), text("/"))))))


def _authority_path(more: CharSet) -> Term:
    name = alt(chars(union(UNRESERVED, SUB_DELIMS, more)), PERCENT)
    user = many(alt(name, text(":")))
    future = concat(one_of("Vv"), some(HEX), text("."), some(chars(union(UNRESERVED, SUB_DELIMS, charset(":")))))
    host = alt(concat(text("["), alt(ipv6(), future), text("]")), many(name))
    port = optional(concat(text(":"), many(DIGIT)))
    return concat(text("//"), optional(concat(user, text("@"))), host, port, _path(more))


def _query_and_fragment(more: CharSet, private: CharSet) -> Term:
    tail = alt(_pchar(more), one_of("/?"))
    query = alt(tail, chars(private))
    return concat(optional(concat(text("?"), many(query))), optional(concat(text("#"), many(tail))))


def uri_template() -> Term:
    """Return URI-Template (literals as corrected by erratum 6937, which admits the apostrophe)."""
    literals = alt(chars(union(charset("!#$&'(-;=?-[]_a-z~"), UCSCHAR, IPRIVATE)), PERCENT)
    letter = alt(one_of("A-Za-z0-9_"), PERCENT)
    name = concat(letter, many(concat(optional(text(".")), letter)))
    modifier = alt(text("*"), concat(text(":"), one_of("1-9"), repeat(DIGIT, 0, 3)))
    variables = listed(concat(name, optional(modifier)), ",")
    return many(alt(literals, concat(text("{"), optional(one_of("+#./;?&")), variables, text("}"))))
