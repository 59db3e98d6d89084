"""Membership by definition: does `data[start:end]` belong to a term? Independent of derivatives, and slow.

Works on text (terms over characters) and on bytes (lowered terms); words spelled "json" are compared after decoding.
"""

import json

from constrain.regular.term import Kind, Term


def member(term: Term, data: str | bytes) -> bool:
    """Tell whether the whole of `data` belongs to `term`."""
    return _Oracle(data).member(term, 0, len(data))


class _Oracle:
    def __init__(self, data: str | bytes) -> None:
        self.data = data
        self.memo: dict[tuple[object, ...], bool] = {}

    def member(self, term: Term, start: int, end: int) -> bool:
        key = (term, start, end)
        if key not in self.memo:
            self.memo[key] = self.decide(term, start, end)
        return self.memo[key]

    def decide(self, term: Term, start: int, end: int) -> bool:
        kind, args, data = term.kind, term.args, self.data
        if kind is Kind.NOTHING:
            return False
        if kind is Kind.EPSILON:
            return start == end
        if kind is Kind.BYTES:
            assert isinstance(data, bytes)
            return end == start + 1 and bool(args[0] >> data[start] & 1)
        if kind is Kind.LITERAL:
            return data[start:end] == args[0]
        if kind is Kind.CHARS:
            assert isinstance(data, str)
            return end == start + 1 and any(low <= ord(data[start]) <= high for low, high in args[0])
        if kind is Kind.WORDS:
            return self.decoded(args[0], data[start:end]) in args[1]
        if kind is Kind.ALT:
            return any(self.member(option, start, end) for option in args)
        if kind is Kind.AND:
            return all(self.member(part, start, end) for part in args)
        if kind is Kind.NOT:
            return not self.member(args[0], start, end)
        if kind is Kind.CONCAT:
            return self.chain(args, start, end)
        assert kind is Kind.REPEAT
        return self.rounds(args[0], args[1], args[2], start, end)

    def decoded(self, spelling: str, piece: str | bytes) -> str | None:
        if isinstance(piece, str):
            assert spelling == "text"
            return piece
        try:
            text = piece.decode()
            return text if spelling == "utf8" else json.loads(f'"{text}"')
        except ValueError:
            return None

    def chain(self, parts: tuple[Term, ...], start: int, end: int) -> bool:
        if len(parts) == 1:
            return self.member(parts[0], start, end)
        key = ("chain", parts, start, end)
        if key not in self.memo:
            self.memo[key] = any(
                self.member(parts[0], start, middle) and self.chain(parts[1:], middle, end)
                for middle in range(start, end + 1)
            )
        return self.memo[key]

    def rounds(self, body: Term, least: int, most: int | None, start: int, end: int) -> bool:
        key = ("rounds", body, least, most, start, end)
        if key not in self.memo:
            if start == end:
                found = least == 0 or body.nullable
            elif most == 0:
                found = False
            else:  # a round that takes nothing is only of use to reach `least`, which a nullable body always does
                found = any(
                    self.member(body, start, middle)
                    and self.rounds(
                        body, 0 if body.nullable else max(least - 1, 0), None if most is None else most - 1, middle, end
                    )
                    for middle in range(start + 1, end + 1)
                )
            self.memo[key] = found
        return self.memo[key]
