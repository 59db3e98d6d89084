"""The Boolean algebra against truth tables."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from constrain.frontends.jsonschema.formula import FALSE, TRUE, Algebra

ATOMS = "pqr"

descriptions = st.recursive(
    st.sampled_from(["p", "q", "r", True, False]),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or", "one"]), st.lists(inner, max_size=4)),
    ),
    max_leaves=12,
)


def build(algebra, description):
    if description in (True, False):
        return TRUE if description else FALSE
    if isinstance(description, str):
        return algebra.atom(description)
    operator, operand = description
    if operator == "not":
        return algebra.neg(build(algebra, operand))
    parts = [build(algebra, part) for part in operand]
    return {"and": algebra.conj, "or": algebra.disj, "one": algebra.one}[operator](parts)


def truth(description, world):
    if description in (True, False):
        return description
    if isinstance(description, str):
        return description in world
    operator, operand = description
    if operator == "not":
        return not truth(operand, world)
    count = sum(truth(part, world) for part in operand)
    return {"and": count == len(operand), "or": count > 0, "one": count == 1}[operator]


WORLDS = [set(world) for n in range(4) for world in itertools.combinations(ATOMS, n)]


@given(descriptions)
def test_simplification_keeps_the_meaning(description):
    algebra = Algebra()
    formula = build(algebra, description)
    for world in WORLDS:
        assert algebra.evaluate(formula, world.__contains__) == truth(description, world)
        assert algebra.evaluate(algebra.neg(formula), world.__contains__) != truth(description, world)


@given(descriptions)
def test_deciding_the_atoms_gives_a_constant(description):
    algebra = Algebra()
    formula = build(algebra, description)
    for world in WORLDS:
        decided = algebra.map(formula, lambda atom, world=world: TRUE if atom in world else FALSE)
        assert decided is (TRUE if truth(description, world) else FALSE)


def test_equal_formulas_are_one_object():
    algebra = Algebra()
    p, q, r = map(algebra.atom, ATOMS)
    assert algebra.conj([p, algebra.conj([q, r])]) is algebra.conj([r, q, p, p])
    assert algebra.neg(algebra.neg(algebra.one([p, q, r]))) is algebra.one([r, q, p])
    assert algebra.conj([p, algebra.disj([algebra.neg(p), q])]) is algebra.conj([p, q])
    assert algebra.one([TRUE, p, q]) is algebra.conj([algebra.neg(q), algebra.neg(p)])
    assert algebra.one([p, algebra.neg(p), q]) is algebra.neg(q)
    assert algebra.disj([p, algebra.neg(p)]) is TRUE
