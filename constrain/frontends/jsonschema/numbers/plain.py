"""Plain decimals of an interval, composed of small terms.

Worked example: from 1.5 to 20 are `1` followed by a fraction of at least .5, the integers 2 to 19 followed by any fraction,
and `20` followed by zeros. Multiples of 5 from 5 to 125 are `5`, the integers 1 to 11 followed by `0` or `5`, and `12`
followed by `0` or `5`, each with .000 if it likes.

Numbers here are positive. A bound is its integer part and its fraction digits without zeros at the end.

Invariants: no piece contains dead states; the parts whose bounds are behind (`any fraction`, `zeros`) are the same terms in
all formulas, so what the automaton knows about them serves them all. Rejected: one table for integer part and fraction,
whose construction alone took most of the time of a first visit.
"""

from __future__ import annotations

from functools import lru_cache

from constrain.frontends.jsonschema.numbers.rows import DEAD_DIGITS, Rows
from constrain.regular.term import EPSILON, NOTHING, Term, alt, byteset, concat, literal, repeat, words

__all__ = ["POINT_ZEROS", "Bound", "integers", "multiples_between", "reals_between"]

Bound = tuple[int, str, bool]
"""(integer part, fraction digits without zeros at the end, whether the bound itself belongs)."""

DIGIT = byteset(sum(1 << b for b in b"0123456789"))
DIGITS = repeat(DIGIT)
NONZERO = byteset(sum(1 << b for b in b"123456789"))
ZEROS = repeat(literal(b"0"))
DOT = literal(b".")
POINT_ZEROS = alt(EPSILON, concat(DOT, literal(b"0"), ZEROS))
POSITIVE = concat(ZEROS, NONZERO, DIGITS)


# ---- integers


@lru_cache(maxsize=4_096)
def integers(low: int, high: int | None, limit: int) -> Term:
    """Return the integers from `low` > 0 to `high` (None: no end), without leading zeros. Raises LimitExceeded."""
    if low == 1 and high is None:
        return concat(NONZERO, DIGITS)
    if low == high:
        return literal(str(low).encode())
    return _Integers(str(low), None if high is None else str(high), limit).term()


class _Integers:
    """The table of the integers between two digit strings."""

    def __init__(self, low: str, high: str | None, limit: int) -> None:
        self.low = [ord(char) - 48 for char in low]
        self.high = [] if high is None else [ord(char) - 48 for char in high]
        self.least, self.most = len(low), len(self.high)
        self.zeros_from = len(low.rstrip("0"))  # from here on, equal so far means at least `low`
        self.nines_from = self.most if high is None else len(high.rstrip("9"))
        self.rows = Rows(limit)
        self.memo: dict[tuple[int, int, int], int] = {}

    def term(self) -> Term:
        row = self.row(0, 0, -1 if self.nines_from == 0 else 0)
        row[0] = -1
        return self.rows.term(self.rows.add(False, row))

    def node(self, length: int, low: int, high: int) -> int:
        """Return the state after `length` digits that compare to the first ones of the bounds as `low` and `high` say."""
        if length > self.least or (low == 0 and length >= self.zeros_from):
            low = 1
        if high == 0 and length >= self.nines_from:
            high = -1
        key = (length, low, high)
        found = self.memo.get(key)
        if found is None:
            if not self.most and length >= self.least and low > 0:
                found = self.rows.any()
            else:
                last = length == self.most
                accepts = length >= self.least and low >= 0 and not (last and high > 0)
                found = self.rows.add(accepts, DEAD_DIGITS if last else self.row(length, low, high))
            self.memo[key] = found
        return found

    def row(self, length: int, low: int, high: int) -> list[int]:
        """Return the states after one more digit."""
        after = length + 1
        tight_low, tight_high = low == 0, bool(self.most) and high == 0
        if not tight_low and not tight_high:
            return [self.node(after, low, high)] * 10
        if not tight_high:
            d = self.low[length]
            return [
                *[self.node(after, -1, high) if d else -1] * d,
                self.node(after, 0, high),
                *[self.node(after, 1, high) if d < 9 else -1] * (9 - d),
            ]
        if not tight_low:
            d = self.high[length]
            return [
                *[self.node(after, low, -1) if d else -1] * d,
                self.node(after, low, 0),
                *[self.node(after, low, 1) if d < 9 else -1] * (9 - d),
            ]
        a, b = self.low[length], self.high[length]
        return [self.node(after, (d > a) - (d < a), (d > b) - (d < b)) for d in range(10)]


# ---- real numbers, and multiples of a power of ten up to 1


def reals_between(low: Bound, high: Bound | None, places: int | None, limit: int) -> Term:
    """Return the plain decimals from `low` to `high`, with at most `places` fraction digits but for zeros.

    If `places` is given, both bounds belong to the interval and have no more of them. Raises LimitExceeded.
    """
    whole, fraction, closed = low
    if high is not None and high[0] == whole:
        return concat(_number(whole), _fraction(fraction, closed, high[1], high[2], places))
    options: list[Term] = []
    first, last = whole, None
    if whole == 0 or fraction or not closed:
        options.append(concat(_number(whole), _fraction(fraction, closed, None, False, places)))
        first += 1
    if high is not None:
        last = high[0]
        if places != 0:
            options.append(concat(_number(last), _fraction("", True, high[1], high[2], places)))
            last -= 1
    if last is None or first <= last:
        options.append(concat(integers(first, last, limit), _fraction("", True, None, False, places)))
    return alt(*options)


def _number(value: int) -> Term:
    return literal(str(value).encode())


def _digits(first: int, last: int) -> Term:
    """Return one digit from `first` to `last`."""
    return byteset(sum(1 << 48 + d for d in range(first, last + 1)))


@lru_cache(maxsize=64)
def _free(places: int | None) -> Term:
    """Return any further fraction digits, at most `places` but for zeros."""
    if places is None:
        return DIGITS
    out = ZEROS
    for _ in range(places):
        out = alt(EPSILON, concat(DIGIT, out))
    return out


@lru_cache(maxsize=4_096)
def _fraction(low: str, low_closed: bool, high: str | None, high_closed: bool, places: int | None) -> Term:
    """Return what may follow an integer part so that the fraction lies between two digit strings."""
    chains = _Chains(low, low_closed, high, high_closed, places)
    zero = low == "" and low_closed and (high is None or bool(high) or high_closed)
    return alt(EPSILON if zero else NOTHING, concat(DOT, chains.first()))


class _Chains:
    """Digits behind the point, equal to those of one or both bounds so far."""

    def __init__(self, low: str, low_closed: bool, high: str | None, high_closed: bool, places: int | None) -> None:
        self.low, self.low_closed = low, low_closed
        self.high, self.high_closed = high, high_closed
        self.places = places

    def first(self) -> Term:
        """Return the digits behind the point, at least one."""
        low, high = self.low, self.high
        if high is None:
            return self.above(0) if low or not self.low_closed else self.some()
        if low == "" and self.low_closed:
            return self.below(0) if high else concat(literal(b"0"), ZEROS) if self.high_closed else NOTHING
        shared = 0
        padded = low.ljust(len(high), "0")
        while shared < len(high) and padded[shared] == high[shared]:
            shared += 1
        if shared == len(high):  # one point at most
            return (
                concat(literal(high.encode()), ZEROS)
                if low == high and self.low_closed and self.high_closed
                else NOTHING
            )
        a, b = int(padded[shared]), int(high[shared])
        if a > b:
            return NOTHING
        after = shared + 1
        out = alt(
            concat(_digits(a, a), self.above(after)),
            concat(_digits(a + 1, b - 1), self.free(after)),
            concat(_digits(b, b), self.below(after)),
        )
        for depth in range(shared, -1, -1):
            if depth >= max(len(low), 1) and self.low_closed:  # zeros follow, if anything: the lower bound itself
                out = alt(EPSILON, out)
            if depth:
                out = concat(literal(high[depth - 1].encode()), out)
        return out

    def free(self, depth: int) -> Term:
        return _free(None if self.places is None else self.places - depth)

    def some(self) -> Term:
        """Return any fraction digits, at least one."""
        return concat(literal(b"0"), ZEROS) if self.places == 0 else concat(DIGIT, self.free(1))

    def above(self, depth: int) -> Term:
        """Return what may follow the first `depth` digits of the lower bound."""
        end = max(depth, len(self.low))
        out = self.free(end) if self.low_closed else POSITIVE
        for i in range(len(self.low) - 1, depth - 1, -1):
            d = int(self.low[i])
            out = alt(concat(_digits(d + 1, 9), self.free(i + 1)), concat(_digits(d, d), out))
        return out

    def below(self, depth: int) -> Term:
        """Return what may follow the first `depth` digits of the upper bound."""
        high = self.high or ""
        out = ZEROS if self.high_closed else NOTHING
        for i in range(len(high) - 1, depth - 1, -1):
            d = int(high[i])
            out = alt(
                EPSILON if i else NOTHING, concat(_digits(0, d - 1), self.free(i + 1)), concat(_digits(d, d), out)
            )
        return out


# ---- multiples of a divisor of a power of ten


def multiples_between(first: int, last: int | None, step: tuple[int, int], width: int, limit: int) -> Term:
    """Return the plain decimals of the multiples number `first` > 0 to `last` of a divisor of 10^`width`, `width` >= 0.

    step: the divisor's digits and the power of ten behind them. Raises LimitExceeded.
    """
    ending = _Endings(step, width)
    count = ending.count
    whole, at = divmod(first, count)
    if last is None:
        end, stop = None, count - 1
    else:
        end, stop = divmod(last, count)
    if end == whole:
        return ending.behind(whole, at, stop)
    options: list[Term] = []
    if at or whole == 0:
        options.append(ending.behind(whole, at, count - 1))
        whole += 1
    if end is not None and stop < count - 1:
        options.append(ending.behind(end, 0, stop))
        end -= 1
    if end is None or whole <= end:
        options.append(concat(integers(whole, end, limit), ending.tail(0, count - 1)))
    return alt(*options)


class _Endings:
    """The multiples of a divisor below a power of ten, as what follows the digits before them."""

    def __init__(self, step: tuple[int, int], width: int) -> None:
        self.digits, self.power = step
        self.width = width
        self.count = 10 ** (width - self.power) // self.digits

    def behind(self, whole: int, first: int, last: int) -> Term:
        """Return `whole` followed by the endings `first` to `last`; nothing stands before them if `whole` is 0."""
        if whole == 0 and self.width:
            return self.spelled(max(first, 1), last, padded=False)
        return concat(_number(whole), self.tail(first, last))

    def tail(self, first: int, last: int) -> Term:
        """Return the endings `first` to `last` as they stand behind other digits."""
        if self.width:
            return self.spelled(first, last, padded=True)
        fractions = [str(i * self.digits).zfill(-self.power).rstrip("0") for i in range(max(first, 1), last + 1)]
        broken = concat(DOT, _choice(fractions), ZEROS)
        return broken if first else alt(POINT_ZEROS, broken)

    def spelled(self, first: int, last: int, *, padded: bool) -> Term:
        whole, broken = [], []
        for i in range(first, last + 1):
            text = str(i * self.digits * 10 ** max(self.power, 0))
            if self.power < 0:
                text = text.zfill(1 - self.power)
                text, fraction = text[: self.power], text[self.power :].rstrip("0")
            else:
                fraction = ""
            if padded:
                text = text.zfill(self.width)
            if fraction:
                broken.append(f"{text}.{fraction}")
            else:
                whole.append(text)
        return alt(concat(_choice(whole), POINT_ZEROS), concat(_choice(broken), ZEROS))


def _choice(texts: list[str]) -> Term:
    if len(texts) > 1 and all(len(t) == 1 for t in texts):
        return byteset(sum(1 << ord(t) for t in texts))
    return literal(texts[0].encode()) if len(texts) == 1 else words(texts, "utf8")
