"""The names of one object: declared names get labels, all others fall into finitely many classes.

Problem: keywords of many subschemas speak of names, exactly or by pattern. What matters of a name is which of them
speak of it. So names that are listed somewhere (or belong to a finite pattern) get a *label* each, in schema order,
and all other names are split into *classes*: two names of one class satisfy the same patterns.

Worked example: `{"properties": {"a": A}, "patternProperties": {"^x": X, "^(b|c)$": Y}, "required": ["d"]}` declares
a, b, c, d (labels 0 to 3) and has two free classes: names that start with x (label 4) and names that do not (label
5).

Schema order is the order in which names are first written, subschemas of the same object included; where several list the
same names, their orders are merged as far as they agree. Names that are only required come last.

Invariants: one shape serves an object and all its residuals, so labels, masks and the name table are shared by them;
classes are disjoint and each has more than FEW names (those with fewer are declared instead).
"""

from __future__ import annotations

from collections.abc import Iterable

from constrain.frontends.jsonschema.atoms import Entry, Members, Names, Required, RequiredMask
from constrain.frontends.jsonschema.formula import Algebra, Formula, Op
from constrain.frontends.jsonschema.strings import Strings
from constrain.grammar.symbols import NameTable
from constrain.regular.alphabet import text_is_empty
from constrain.regular.derivative import matches
from constrain.regular.finite import finite_words
from constrain.regular.lower import lower_json, lower_utf8
from constrain.regular.term import ANY_TEXT, NOTHING, Term, both, negate

__all__ = ["FEW", "Shape"]

FEW = 64
"""A language with at most this many words counts as a list of names."""


class Shape:
    """Labels for the names of one object formula.

    size: number of declared names; full: mask of their labels; free: mask of the labels of the classes (from `size` on);
    classes: per class its JSON-spelled byte term, or None for "any name that is not declared".
    start: the object formula, with masks in place of names.
    """

    __slots__ = (
        "_entries",
        "_facts",
        "_strings",
        "_touched",
        "cache",
        "classes",
        "free",
        "full",
        "labels",
        "size",
        "start",
        "table",
    )

    def __init__(self, formula: Formula, algebra: Algebra, strings: Strings) -> None:
        self._strings = strings
        atoms = list(dict.fromkeys(_atoms(formula)))
        names: dict[str, None] = {}
        languages: dict[Term, None] = {}
        for atom in atoms:
            if isinstance(atom, Members):
                names = _merged(names, list(atom.names))
                languages.update(dict.fromkeys(term for term, _ in atom.patterns))
            elif isinstance(atom, Names):
                languages[strings.term(atom.string)] = None
        for atom in atoms:
            if isinstance(atom, Required):
                names.update(dict.fromkeys(atom.names))
        classes: list[tuple[Term | None, dict[Term, bool]]] = [(None, {})]
        if languages:
            classes = _classes(languages, names)
        self.table = NameTable(tuple(names))
        self.size = len(names)
        self.full = (1 << self.size) - 1
        self.free = ((1 << len(classes)) - 1) << self.size
        self.labels = self.full | self.free
        self._facts = [facts for _, facts in classes]
        self.classes = [None if term is None else lower_json(term) for term, _ in classes]
        self._entries: dict[Members, dict[int, tuple[Entry, ...]]] = {}
        self._touched: dict[Members, int] = {}
        self.cache: dict[object, object] = {}
        index = self.table.index

        def bind(atom: object) -> Formula:
            if isinstance(atom, Required):
                return algebra.atom(RequiredMask(self, sum(1 << index[name] for name in atom.names)))
            return algebra.atom(atom)

        self.start = algebra.map(formula, bind)

    def entries(self, members: Members, label: int) -> tuple[Entry, ...]:
        """Return what `members` demands of the value of a name with this label."""
        known = self._entries.get(members)
        if known is None:
            known = self._entries[members] = {}
        found = known.get(label)
        if found is None:
            found = known[label] = self._entries_of(members, label)
        return found

    def _entries_of(self, members: Members, label: int) -> tuple[Entry, ...]:
        out: list[Entry] = []
        if label < self.size:
            name = self.table.names[label]
            own = members.names.get(name)
            if own is not None:
                out.append(own)
            if members.patterns:
                data = name.encode()
                out += [entry for term, entry in members.patterns if matches(lower_utf8(term), data)]
        else:
            facts = self._facts[label - self.size]
            out += [entry for term, entry in members.patterns if facts[term]]
        if not out and members.rest is not None:
            out.append(members.rest)
        return tuple(out)

    def touched(self, members: Members) -> int:
        """Return the labels whose values `members` demands something of."""
        found = self._touched.get(members)
        if found is None:
            if members.patterns or members.rest is not None:
                labels = range(self.size + len(self.classes))
                found = sum(1 << label for label in labels if self.entries(members, label))
            else:
                index = self.table.index
                found = sum(1 << index[name] for name in members.names)
            self._touched[members] = found
        return found

    def named(self, names: Names, label: int) -> bool:
        """Tell whether names with this label satisfy `propertyNames`."""
        if label < self.size:
            return self._strings.holds(names.string, self.table.names[label])
        return self._facts[label - self.size][self._strings.term(names.string)]

    def proper(self, names: Names) -> int:
        """Return the labels whose names satisfy `propertyNames`."""
        found = self.cache.get(names)
        if found is None:
            labels = range(self.size + len(self.classes))
            found = self.cache[names] = sum(1 << label for label in labels if self.named(names, label))
        assert isinstance(found, int)
        return found

    def label(self, name: str) -> int | None:
        """Return the label of any name, or None if it cannot be written."""
        declared = self.table.index.get(name)
        if declared is not None:
            return declared
        try:
            data = name.encode()
        except UnicodeEncodeError:
            return None
        for number, facts in enumerate(self._facts):
            if all(matches(lower_utf8(term), data) == fact for term, fact in facts.items()):
                return self.size + number
        return None


def _atoms(formula: Formula) -> Iterable[object]:
    """Yield the atoms of a formula in the order in which they were written."""
    stack = [formula]
    while stack:
        f = stack.pop()
        if f.op is Op.ATOM:
            yield f.args[0]
        else:
            stack += reversed(f.args)


def _merged(known: dict[str, None], more: list[str]) -> dict[str, None]:
    """Return the known names with `more` put among them, keeping both orders where they agree.

    A new name goes before the next name of `more` that is known: [id, type] and [id, size, type] make [id, size, type].
    """
    if not known:
        return dict.fromkeys(more)
    new = [name for name in more if name not in known]
    if len(new) == len(more) or not new:
        return known | dict.fromkeys(new)
    before: dict[str, list[str]] = {}
    waiting: list[str] = []
    for name in more:
        if name not in known:
            waiting.append(name)
        elif waiting:
            before[name], waiting = waiting, []
    out: dict[str, None] = {}
    for name in known:
        out.update(dict.fromkeys(before.get(name, ())))
        out[name] = None
    return out | dict.fromkeys(waiting)


def _classes(languages: Iterable[Term], names: dict[str, None]) -> list[tuple[Term | None, dict[Term, bool]]]:
    """Split the names that are not declared by the languages; declares the words of finite languages on the way."""
    infinite: list[Term] = []
    finite: dict[Term, bool] = {}
    constant: dict[Term, bool] = {}
    for term in languages:
        if term is ANY_TEXT or term is NOTHING:
            constant[term] = term is ANY_TEXT
            continue
        few = finite_words(term, FEW)
        if few is None:
            infinite.append(term)
        else:
            names.update(dict.fromkeys(few))
            finite[term] = False
    classes: list[tuple[Term | None, dict[Term, bool]]] = [(None, {**constant, **finite})]
    for term in infinite:
        split: list[tuple[Term | None, dict[Term, bool]]] = []
        for known, facts in classes:
            for part, fact in ((term, True), (negate(term), False)):
                joined = part if known is None else both(known, part)
                if joined.boolean:
                    if text_is_empty(joined):
                        continue
                    few = finite_words(joined, FEW)
                    if few is not None:
                        names.update(dict.fromkeys(few))
                        continue
                split.append((joined, {**facts, term: fact}))
        classes = split
    return classes
