"""ipv4, ipv6 and uuid: RFC 2673 (3.2), RFC 4291 (2.2), RFC 4122.

Worked example: "::ffff:192.168.0.1" is an ipv6 address, seven groups at most beside "::", the dotted quad counting two.

Invariants: deterministic up to the four characters in which a group may be a group or the head of a dotted quad.

Narrower than the RFC: RFC 2673 lets an octet have leading zeros ("087"), which some readers take as octal; not here.
A zone ("fe80::1%eth0") is no part of an address.
"""

from __future__ import annotations

from constrain.frontends.jsonschema.formats.notation import DIGIT, HEX, number_below, one_of, optional
from constrain.regular.term import EPSILON, Term, alt, concat, repeat, text

__all__ = ["ipv4", "ipv6", "uuid"]


def ipv4() -> Term:
    """Return four octets, without leading zeros."""
    octet = alt(
        DIGIT,
        concat(one_of("1-9"), DIGIT),
        concat(text("1"), DIGIT, DIGIT),
        concat(text("2"), number_below(56, 2)),
    )
    return concat(octet, repeat(concat(text("."), octet), 3, 3))


def ipv6(elided: int = 1) -> Term:
    """Return eight groups; "::" stands for at least `elided` of them (RFC 4291: one; RFC 5321: two)."""
    group, quad, colon = repeat(HEX, 1, 4), ipv4(), text(":")

    def behind(most: int) -> Term:
        """Return up to `most` groups behind "::"."""
        rest: Term = EPSILON
        for left in range(1, most + 1):
            first = group if left == 1 else concat(group, optional(concat(colon, rest)))
            rest = alt(first, quad) if left >= 2 else first
        return optional(rest)

    after: Term = EPSILON  # what follows the groups read so far
    for read in range(7, 0, -1):
        options = [concat(group, after)]
        if read + elided <= 8:
            options.append(concat(colon, behind(8 - elided - read)))
        if read == 6:
            options.append(quad)
        after = concat(colon, alt(*options))
    return alt(concat(text("::"), behind(8 - elided)), concat(group, after))


def uuid() -> Term:
    """Return 8-4-4-4-12 hexadecimal digits, any version."""
    dash = text("-")
    four = repeat(HEX, 4, 4)
    return concat(repeat(HEX, 8, 8), dash, four, dash, four, dash, four, dash, repeat(HEX, 12, 12))
