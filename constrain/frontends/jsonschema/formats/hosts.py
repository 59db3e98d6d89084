"""hostname and email: RFC 1123 (2.1), RFC 1034 (3.1), RFC 5890 (2.3), RFC 5321 (4.1.2).

Worked example: "www.example.com" is a host name; "a--b" and "ab-c" are labels, "ab--c" is one in drafts 4 and 6 only.

A label has at most 63 characters, a name 253. From draft 7 on, host names may be internationalised, and a label with
hyphens in third and fourth place is then either Punycode of a valid label ("xn--...") or invalid. To decode Punycode is
beyond a regular term.

Narrower than the specification: from draft 7 on, no label with "--" in third and fourth place, hence no Punycode.
email: octets of an address literal have no leading zeros; the only tag of an address literal is "IPv6", the only one
registered. The sizes of RFC 5321 (4.5.3.1) are limits of implementations, not syntax, and are not asserted.
"""

from __future__ import annotations

from constrain.frontends.jsonschema.formats.addresses import ipv4, ipv6
from constrain.frontends.jsonschema.formats.notation import ALNUM, listed, many, one_of, optional, some
from constrain.regular.term import ANY_CHAR, Term, alt, both, concat, repeat, text

__all__ = ["address_literal", "email", "hostname", "internationalised_hostname", "plain_label", "quoted_pair"]

LDH = one_of("A-Za-z0-9-")


def hostname() -> Term:
    """Return letters, digits and hyphens, as drafts 4 and 6 have it."""
    return both(listed(_label(63), "."), repeat(ANY_CHAR, 1, 253))


def internationalised_hostname() -> Term:
    """Return host names without reserved labels, as later drafts have it."""
    return both(listed(plain_label(), "."), repeat(ANY_CHAR, 1, 253))


def _label(longest: int) -> Term:
    """Return a label that neither begins nor ends with a hyphen."""
    return concat(ALNUM, optional(concat(repeat(LDH, 0, longest - 2), ALNUM)))


def plain_label() -> Term:
    """Return a label whose third and fourth characters are not both hyphens."""
    return alt(
        ALNUM,
        concat(ALNUM, ALNUM),
        concat(ALNUM, LDH, ALNUM, optional(concat(repeat(LDH, 0, 59), ALNUM))),
        concat(ALNUM, LDH, text("-"), ALNUM, optional(concat(repeat(LDH, 0, 58), ALNUM))),
    )


def email() -> Term:
    """Return Mailbox."""
    atom = some(one_of("A-Za-z0-9!#$%&'*+/=?^_`{|}~-"))
    quoted = concat(text('"'), many(alt(one_of(" !#-[]-~"), quoted_pair())), text('"'))
    sub_domain = concat(ALNUM, optional(concat(many(LDH), ALNUM)))
    return concat(alt(listed(atom, "."), quoted), text("@"), alt(listed(sub_domain, "."), address_literal()))


def quoted_pair() -> Term:
    """Return a backslash and a printable character."""
    return concat(text("\\"), one_of(" -~"))


def address_literal() -> Term:
    """Return an address in brackets."""
    tag = concat(one_of("Ii"), one_of("Pp"), one_of("Vv"), text("6:"))
    return concat(text("["), alt(ipv4(), concat(tag, ipv6(elided=2))), text("]"))
