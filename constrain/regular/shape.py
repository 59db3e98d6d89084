"""Operations on terms over characters that keep their shape plain, for the translation of patterns.

Problem: what is said about a place between two characters (the text ends here, a word character comes next) can be
answered by an intersection, but an intersection costs at every byte. Most of them can be done once, on the structure:
the strings of `[a-z]+ b?` that end in a letter of `{b}` are `[a-z]* b`.

Worked examples: `concat([a, b, [0-9]])` is `text("ab") [0-9]`; `concat([[a-z], [0-9]{1,3}, ANY_TEXT])` is
`[a-z] [0-9] ANY_TEXT`; `starting(ANY_TEXT, S)` is `chars(S) ANY_TEXT`.

Invariants: each function returns exactly the language it names. `ending`, `starting` and `lengths` recurse as deep as the
term is nested; callers guard against `RecursionError`.

Rejected: doing the absorption of neighbours in `term.concat`, which is called for every derivative.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from constrain.core.charset import ALL, CharSet, contains, intersect, single, union
from constrain.regular import term as t
from constrain.regular.term import ANY_TEXT, EPSILON, NOTHING, Kind, Term, both, chars, repeat, words

__all__ = [
    "alt",
    "concat",
    "derivative",
    "ending",
    "first",
    "lengths",
    "letters",
    "meet",
    "restrict",
    "starting",
    "unit",
]


def unit(term: Term) -> Term:
    """Return the term, a word of one character as a character set."""
    if term.kind is Kind.WORDS and len(term.args[1]) == 1 and len(term.args[1][0]) == 1:
        return chars(single(term.args[1][0]))
    return term


def _word(term: Term) -> str | None:
    """Return the one word of the language where that is plain to see."""
    if term.kind is Kind.WORDS and len(term.args[1]) == 1:
        word: str = term.args[1][0]
        return word
    if term.kind is Kind.CHARS and len(term.args[0]) == 1 and term.args[0][0][0] == term.args[0][0][1]:
        return chr(term.args[0][0][0])
    return None


def concat(parts: Sequence[Term]) -> Term:
    """Return the parts one after the other: words joined, and what any text beside it absorbs left out."""
    out: list[Term] = []
    run: list[str] = []

    def close() -> None:
        if run:
            word = "".join(run)
            run.clear()
            out.append(t.text(word) if len(word) > 1 else chars(single(word)))

    for part in parts:
        for item in part.args if part.kind is Kind.CONCAT else (part,):
            word = _word(item)
            if word is not None:
                run.append(word)
                continue
            close()
            if item is ANY_TEXT:
                _absorb(out)
            elif out and out[-1] is ANY_TEXT:
                item = _less(item)
            if item is not EPSILON:
                out.append(item)
    close()
    return t.concat(*out)


def _absorb(out: list[Term]) -> None:
    """Take away from the end of `out` what `ANY_TEXT` after it makes no difference to."""
    while out:
        left = _less(out[-1])
        if left is out[-1]:
            return
        out.pop()
        if left is not EPSILON:
            out.append(left)
            return


def _less(item: Term) -> Term:
    """Return a smaller term with the same language beside `ANY_TEXT`."""
    if item.nullable:
        return EPSILON
    if item.kind is Kind.REPEAT and item.args[1] != item.args[2]:
        return repeat(item.args[0], item.args[1], item.args[1])
    return item


def alt(options: Iterable[Term]) -> Term:
    """Return the union: words joined into one set of words."""
    found: dict[str, None] = {}
    others: list[Term] = []
    longer = False
    for option in options:
        items: tuple[Term, ...] = option.args if option.kind is Kind.ALT else (option,)
        for item in items:
            if item is ANY_TEXT:
                return ANY_TEXT
            word = _word(item)
            if word is not None:
                found[word] = None
                longer = longer or len(word) > 1
            elif item.kind is Kind.WORDS:
                found.update(dict.fromkeys(item.args[1]))
                longer = True
            else:
                others.append(item)
    if found:
        others.append(words(found, "text") if longer else chars(union(*map(single, found))))
    return t.alt(*others)


def meet(left: Term, right: Term) -> Term:
    """Return the intersection; any text is no restriction."""
    if left is ANY_TEXT:
        return right
    if right is ANY_TEXT:
        return left
    if left.kind is Kind.CHARS and right.kind is Kind.CHARS:
        return chars(intersect(left.args[0], right.args[0]))
    return both(left, right)


def restrict(term: Term, after: CharSet, at_end: bool) -> Term:
    """Return the strings of `term` that start in `after`, and the empty one if `at_end`."""
    if after == ALL and at_end:
        return term
    return alt([starting(term, after), EPSILON if at_end and term.nullable else NOTHING])


@lru_cache(maxsize=8192)
def starting(term: Term, charset: CharSet) -> Term:
    """Return the strings of `term` whose first character is in `charset`; the empty string is none of them."""
    kind, args = term.kind, term.args
    if not charset or kind in (Kind.NOTHING, Kind.EPSILON):
        return NOTHING
    if charset == ALL and not term.nullable:
        return term
    if kind is Kind.CHARS:
        return chars(intersect(args[0], charset))
    if kind is Kind.WORDS:
        return words([word for word in args[1] if word and contains(charset, ord(word[0]))], "text")
    if kind is Kind.ALT:
        return alt(starting(option, charset) for option in args)
    if kind is Kind.REPEAT:
        body, least, most = args
        return concat([starting(body, charset), repeat(body, max(least - 1, 0), None if most is None else most - 1)])
    if kind is Kind.CONCAT:
        options = []
        for index, part in enumerate(args):
            options.append(concat([starting(part, charset), *args[index + 1 :]]))
            if not part.nullable:
                break
        return alt(options)
    if kind is Kind.AND:
        return both(starting(args[0], charset), *args[1:])
    return meet(term, concat([chars(charset), ANY_TEXT]))


@lru_cache(maxsize=8192)
def ending(term: Term, charset: CharSet) -> Term:
    """Return the strings of `term` whose last character is in `charset`; the empty string is none of them."""
    kind, args = term.kind, term.args
    if not charset or kind in (Kind.NOTHING, Kind.EPSILON):
        return NOTHING
    if charset == ALL and not term.nullable:
        return term
    if kind is Kind.CHARS:
        return chars(intersect(args[0], charset))
    if kind is Kind.WORDS:
        return words([word for word in args[1] if word and contains(charset, ord(word[-1]))], "text")
    if kind is Kind.ALT:
        return alt(ending(option, charset) for option in args)
    if kind is Kind.REPEAT:
        body, least, most = args
        return concat([repeat(body, max(least - 1, 0), None if most is None else most - 1), ending(body, charset)])
    if kind is Kind.CONCAT:
        options = []
        for index in range(len(args) - 1, -1, -1):
            options.append(concat([*args[:index], ending(args[index], charset)]))
            if not args[index].nullable:
                break
        return alt(options)
    if kind is Kind.AND:
        return both(ending(args[0], charset), *args[1:])
    return meet(term, concat([ANY_TEXT, chars(charset)]))


@lru_cache(maxsize=8192)
def lengths(term: Term) -> tuple[int, int | None]:
    """Return bounds on the number of characters: never fewer, never more (None: no bound is known)."""
    kind, args = term.kind, term.args
    if kind is Kind.CHARS:
        return 1, 1
    if kind is Kind.WORDS:
        sizes = [len(word) for word in args[1]]
        return min(sizes), max(sizes)
    if kind in (Kind.NOTHING, Kind.EPSILON):
        return 0, 0
    if kind is Kind.NOT:
        return (0 if term.nullable else 1), None
    parts = [lengths(part) for part in args if isinstance(part, Term)]
    least = [low for low, _ in parts]
    most = [high for _, high in parts if high is not None]
    bounded = len(most) == len(parts)
    if kind is Kind.CONCAT:
        return sum(least), sum(most) if bounded else None
    if kind is Kind.ALT:
        return min(least), max(most) if bounded else None
    if kind is Kind.AND:
        return max(least), min(most) if most else None
    rounds = args[2]
    return least[0] * args[1], most[0] * rounds if bounded and rounds is not None else 0 if most == [0] else None


@lru_cache(maxsize=8192)
def letters(term: Term) -> CharSet:
    """Return a set with every character that occurs in a string of `term`."""
    kind, args = term.kind, term.args
    if kind is Kind.CHARS:
        charset: CharSet = args[0]
        return charset
    if kind is Kind.WORDS:
        return union(*(single(char) for char in set("".join(args[1]))))
    if kind is Kind.NOT:
        return ALL
    parts = [letters(part) for part in args if isinstance(part, Term)]
    if kind is Kind.AND:
        smallest = parts[0]
        for part in parts[1:]:
            smallest = intersect(smallest, part)
        return smallest
    return union(*parts)


@lru_cache(maxsize=8192)
def first(term: Term) -> CharSet:
    """Return a set with the first character of every string of `term` that has one."""
    kind, args = term.kind, term.args
    if kind is Kind.CHARS:
        charset: CharSet = args[0]
        return charset
    if kind is Kind.WORDS:
        return union(*(single(char) for char in {word[0] for word in args[1] if word}))
    if kind is Kind.NOT:
        return ALL
    if kind is Kind.CONCAT:
        sets = []
        for part in args:
            sets.append(first(part))
            if not part.nullable:
                break
        return union(*sets)
    parts = [first(part) for part in args if isinstance(part, Term)]
    if kind is Kind.AND:
        smallest = parts[0]
        for part in parts[1:]:
            smallest = intersect(smallest, part)
        return smallest
    return union(*parts)


@lru_cache(maxsize=16384)
def derivative(term: Term, code: int) -> Term:
    """Return what may follow the character `code` in a term over characters."""
    kind, args = term.kind, term.args
    if kind is Kind.CHARS:
        return EPSILON if contains(args[0], code) else NOTHING
    if kind is Kind.WORDS:
        return words([word[1:] for word in args[1] if word and ord(word[0]) == code], "text")
    if kind is Kind.ALT:
        return t.alt(*(derivative(option, code) for option in args))
    if kind is Kind.CONCAT:
        options = []
        for index, part in enumerate(args):
            options.append(t.concat(derivative(part, code), *args[index + 1 :]))
            if not part.nullable:
                break
        return t.alt(*options)
    if kind is Kind.REPEAT:
        body, least, most = args
        return t.concat(derivative(body, code), repeat(body, max(least - 1, 0), None if most is None else most - 1))
    if kind is Kind.AND:
        return t.both(*(derivative(part, code) for part in args))
    if kind is Kind.NOT:
        return t.negate(derivative(args[0], code))
    return NOTHING
