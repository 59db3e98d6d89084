"""Random small terms over characters."""

from hypothesis import strategies as st

from constrain.regular.term import ANY_TEXT, EPSILON, NOTHING, alt, both, chars, concat, negate, repeat, text, words

LEAVES = st.sampled_from(
    [text("a"), text("ab"), words(["", "b"], "text"), chars(((97, 98),)), ANY_TEXT, EPSILON, NOTHING]
)
TERMS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: concat(*p)),
        st.tuples(inner, inner).map(lambda p: alt(*p)),
        st.tuples(inner, inner).map(lambda p: both(*p)),
        inner.map(negate),
        inner.map(lambda t: repeat(t, 1, 2)),
        inner.map(repeat),
    ),
    max_leaves=6,
)
