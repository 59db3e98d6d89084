"""A term as readable text, for error messages, `repr` and `constrain inspect`. Not parsed back anywhere."""

from __future__ import annotations

from constrain.regular.term import Kind, Term

__all__ = ["show"]


def show(term: Term, width: int = 200) -> str:
    """Return a regex-like rendering of `term`, cut at `width` characters."""
    out = _show(term, 0)
    return out if len(out) <= width else out[: width - 3] + "..."


def _show(term: Term, depth: int) -> str:
    if depth > 12:
        return "..."
    kind, args = term.kind, term.args
    if kind is Kind.NOTHING:
        return "∅"
    if kind is Kind.EPSILON:
        return "ε"
    if kind is Kind.BYTES:
        return "[" + _ranges([b for b in range(256) if args[0] >> b & 1]) + "]"
    if kind is Kind.CHARS:
        return "[" + "".join(f"{_char(a)}-{_char(b)}" if a != b else _char(a) for a, b in args[0][:8]) + "]"
    if kind is Kind.LITERAL:
        return repr(args[0])[1:]
    if kind is Kind.WORDS:
        shown = "|".join(repr(w) for w in args[1][:6])
        return f"{args[0]}({shown}{'|...' if len(args[1]) > 6 else ''})"
    if kind is Kind.DFA:
        return f"dfa({len(args[0].accepting)} states, at {args[1]})"
    if kind is Kind.SUFFIXES:
        base, low, high, depth, pending = args
        rest = [word[depth:] for word in base.args[1][low : min(high, low + 6)]]
        shown = "|".join(repr(w) for w in rest) + ("|..." if high - low > 6 else "")
        return f"{base.args[0]}({shown})" + (f" after {pending!r}" if pending else "")
    inner = [_show(t, depth + 1) for t in args[:12] if isinstance(t, Term)]
    if kind is Kind.CONCAT:
        return " ".join(inner)
    if kind is Kind.ALT:
        return "(" + " | ".join(inner) + ")"
    if kind is Kind.AND:
        return "(" + " & ".join(inner) + ")"
    if kind is Kind.NOT:
        return f"~({inner[0]})"
    least, most = args[1], args[2]
    suffix = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get(
        (least, most), f"{{{least},{'' if most is None else most}}}"
    )
    return f"({inner[0]}){suffix}"


def _char(code: int) -> str:
    return chr(code) if 0x20 < code < 0x7F else f"\\u{{{code:x}}}"


def _ranges(members: list[int]) -> str:
    out: list[str] = []
    start = previous = members[0]
    for byte in [*members[1:], -1]:
        if byte != previous + 1:
            out.append(_char(start) if start == previous else f"{_char(start)}-{_char(previous)}")
            start = byte
        previous = byte
    return "".join(out)
