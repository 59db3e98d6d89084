"""Member names: declared and free, in every spelling, never twice; against the oracle and example by example."""

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constrain.automaton.reference import ReferenceMachine
from constrain.errors import GrammarError
from constrain.grammar.symbols import Grammar, Keys, NameTable, Nonterminal
from constrain.regular.lower import lower_json
from constrain.regular.term import chars, concat, literal, repeat, text, words
from tests.automaton import invariants
from tests.automaton.engines import ENGINES, reference
from tests.automaton.oracle import derives
from tests.automaton.worlds import Vocabulary

ONE, COLON = literal(b"1"), literal(b":")


def members(names, allowed=None, free=(), *, value=(ONE,), again=True) -> Grammar:
    """An object whose members have these names; `again`: another member may follow a comma."""
    table = NameTable(names)
    bits = (1 << len(names)) - 1 if allowed is None else allowed
    symbols: list = []

    def after(_label):
        return (*value, rest)

    rest = Nonterminal(
        "REST",
        lambda: [(literal(b"}"),), *([(literal(b',"'), symbols[0])] if again else [])],
        collects=True,
    )
    symbols.append(Keys(table, bits, free, COLON, after))
    return Grammar((literal(b'{"'), symbols[0]))


def accepts(grammar: Grammar, data: bytes) -> bool:
    machine = ReferenceMachine(grammar)
    state = machine.start
    for byte in data:
        state = machine.step(state, byte)
    return machine.is_accepting(state)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b'{"a":1}', True),
        (b'{"\\u0061":1}', True),
        (b'{"x":1}', True),
        (b'{"":1}', True),
        (b'{"x":1,"y":1,"z":1}', True),
        (b'{"x":1,"x":1}', False),
        (b'{"x":1,"\\u0078":1}', False),
        (b'{"\\u0078":1,"x":1}', False),
        (b'{"xy":1,"x":1}', True),
        (b'{"x":1,"xy":1,"xyz":1}', True),
        (b'{"":1,"":1}', False),
        ('{"é":1,"\\u00E9":1}'.encode(), False),
        ('{"é":1,"e\\u0301":1}'.encode(), True),
        ('{"\U0001f600":1,"\\ud83D\\uDE00":1}'.encode(), False),
        (b'{"\\n":1,"\\u000a":1}', False),
        (b'{"\\/":1,"/":1}', False),
        (b'{"\\"":1}', True),
        (b'{"\\ud800":1}', False),
        (b'{"\\ud800x":1}', False),
        (b'{"\x01":1}', False),
        (b'{"\xff":1}', False),
        (b'{"x:1}', False),
    ],
)
def test_documents_with_free_names(document, expected):
    grammar = members(["a"], free=(None,))
    assert accepts(grammar, document) == expected
    assert derives(grammar, document) == expected


def test_a_declared_name_that_is_not_allowed_now_is_no_free_name():
    grammar = members(["a", "b"], allowed=1, free=(None,))
    assert accepts(grammar, b'{"a":1}')
    assert accepts(grammar, b'{"c":1}')
    assert not accepts(grammar, b'{"b":1}')
    assert not accepts(grammar, b'{"\\u0062":1}')
    assert accepts(grammar, b'{"bb":1}')


def test_names_of_declared_keys_are_not_used_up():
    """A schema counts its declared names itself, with `allowed`."""
    assert accepts(members(["a"]), b'{"a":1,"a":1}')


def test_a_prefix_is_live_only_if_an_allowed_name_goes_on_so():
    machine = ReferenceMachine(members(["apple", "avocado", "pear"], allowed=0b101))
    state = machine.start
    for byte in b'{"a':
        state = machine.step(state, byte)
    assert {b for b in range(256) if machine.allowed(state) >> b & 1} == {ord("p"), ord("\\")}
    assert machine.step(machine.step(state, ord("\\")), ord("n")) == -1


def test_the_names_of_a_finite_class_run_out():
    either = words(["x", "y"], "json")
    grammar = members(["a"], allowed=0, free=(either,))
    assert accepts(grammar, b'{"x":1,"y":1}')
    assert not accepts(grammar, b'{"x":1,"x":1}')
    machine = ReferenceMachine(grammar)
    state = machine.start
    for byte in b'{"y":1,"\\u0078":1':
        assert machine.step(state, byte) != -1
        state = machine.step(state, byte)
    assert machine.allowed(state) == 1 << ord("}")  # no comma: no name is left


def test_a_prefix_in_a_finite_class_dies_with_its_last_name():
    grammar = members([], free=(words(["ab", "ac", "d"], "json"),))
    machine = ReferenceMachine(grammar)
    state = machine.start
    for byte in b'{"ab":1,"ac":1,"':
        state = machine.step(state, byte)
    assert machine.step(state, ord("a")) == -1
    assert machine.step(state, ord("d")) != -1


def test_a_class_minus_the_declared_names_may_be_empty_from_the_start():
    grammar = members(["x", "y"], allowed=0, free=(words(["x", "y"], "json"),))
    with pytest.raises(GrammarError):
        ReferenceMachine(grammar)


def test_free_classes_lead_to_their_own_symbols():
    table = NameTable(["n"])
    digit_names = lower_json(concat(text("i"), repeat(chars(((0x30, 0x39),)), 1)))
    other = words(["s"], "json")
    labels = []

    def after(label):
        labels.append(label)
        return ((literal(b"0"), literal(b"1"), literal(b'"s"'))[label], literal(b"}"))

    grammar = Grammar((literal(b'{"'), Keys(table, 1, (digit_names, other), COLON, after)))
    assert accepts(grammar, b'{"n":0}')
    assert accepts(grammar, b'{"i42":1}')
    assert accepts(grammar, b'{"s":"s"}')
    assert not accepts(grammar, b'{"i42":0}')
    assert not accepts(grammar, b'{"t":1}')
    assert sorted(labels) == [0, 1, 2]  # once each, over all five texts


def test_an_inner_object_has_its_own_used_names():
    value = Nonterminal("VALUE", lambda: [(ONE,), members([], free=(None,), value=(value,)).start])
    grammar = members([], free=(None,), value=(value,))
    assert accepts(grammar, b'{"x":{"x":1,"y":{"x":1}},"y":1}')
    assert not accepts(grammar, b'{"x":{"x":1,"x":1}}')
    assert not accepts(grammar, b'{"x":{"x":1},"x":1}')


def test_used_names_pass_through_collecting_nonterminals_only():
    table = NameTable([])
    keys: list = []
    through = Nonterminal("THROUGH", lambda: [(literal(b',"'), keys[0])], collects=True)
    stops = Nonterminal("STOPS", lambda: [(literal(b';"'), keys[0])])
    rest = Nonterminal("REST", lambda: [(literal(b"}"),), (through,), (stops,)], collects=True)
    keys.append(Keys(table, 0, (None,), COLON, lambda _: (ONE, rest)))
    grammar = Grammar((literal(b'{"'), keys[0]))
    for document, expected in [(b'{"x":1,"x":1}', False), (b'{"x":1;"x":1}', True), (b'{"x":1;"y":1,"y":1}', False)]:
        assert accepts(grammar, document) == derives(grammar, document) == expected


def test_after_is_asked_when_the_name_is_complete_and_not_before():
    asked = []

    def after(label):
        asked.append(label)
        return (ONE,)

    machine = ReferenceMachine(Grammar((Keys(NameTable(["ab", "cd"]), 3, (), COLON, after),)))
    state = machine.start
    for byte in b"ab":
        state = machine.step(state, byte)
        assert machine.allowed(state)
    assert asked == [0]  # `allowed` looked past the closing quotation mark, of this name only


def test_what_is_expected_is_told_in_words():
    machine = ReferenceMachine(members(["apple", "pear"], free=(None,)))
    state = machine.step(machine.step(machine.start, ord("{")), ord('"'))
    assert machine.describe(state) == ["member name: 'apple' or 'pear' or another name"]


SPELLINGS = {"a": [b"a", b"\\u0061"], "b": [b"b", b"\\u0062"], "ab": [b"ab", b"a\\u0062"], "": [b""]}


@settings(max_examples=40)
@given(
    declared=st.sets(st.sampled_from(["a", "b", "ab", ""]), max_size=2),
    allowed=st.integers(0, 3),
    free=st.sampled_from(
        [(), (None,), (words(["a", "ab"], "json"),), (words(["b"], "json"), words(["a", ""], "json"))]
    ),
    data=st.data(),
)
def test_random_objects_are_accepted_iff_the_definition_accepts_them(declared, allowed, free, data):
    names = sorted(declared)
    allowed &= (1 << len(names)) - 1
    if not allowed and not free:
        return
    grammar = members(names, allowed, free)
    try:
        machine = ReferenceMachine(grammar)
    except GrammarError:
        machine = None
    spelled = [s for options in SPELLINGS.values() for s in options]
    for count in (1, 2, 3):
        for chosen in itertools.islice(itertools.product(data.draw(st.permutations(spelled)), repeat=count), 12):
            document = b"{" + b",".join(b'"' + name + b'":1' for name in chosen) + b"}"
            expected = derives(grammar, document)
            used = [json.loads(b'"' + name + b'"') for name in chosen if json.loads(b'"' + name + b'"') not in names]
            assert not expected or len(set(used)) == len(used)
            if machine is None:
                assert not expected
                continue
            state = machine.start
            for byte in document:
                state = machine.step(state, byte)
            assert machine.is_accepting(state) == expected


PIECES = (b'{"', b'":', b"1", b'1,"', b"}", b"a", b"b", b"x", b'a":1', b"\\u0061", b"1}", None)
PIECE_VOCABULARY = Vocabulary(PIECES, (len(PIECES) - 1,), 40)
BYTES = (*(bytes([b]) for b in range(256)), b'":1', b"\\u00", b"61", b'1,"', b'a":1,"b', "é".encode(), b"\xa9a", None)
BYTE_VOCABULARY = Vocabulary(BYTES, (len(BYTES) - 1,), 300)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize(
    "grammar",
    [
        lambda: members(["a", "b"], 3, ()),
        lambda: members(["a"], 1, (None,)),
        lambda: members(["b"], 0, (words(["a", "x", "ab"], "json"),)),
        lambda: members([], 0, (words(["a", "b"], "json"), words(["x"], "json"))),
    ],
)
def test_the_invariants_hold_for_objects(engine, grammar):
    automaton = engine(grammar(), PIECE_VOCABULARY)
    tokens, eos = PIECE_VOCABULARY.tokens, PIECE_VOCABULARY.eos
    invariants.check_sound(automaton, tokens, eos, most=40)
    invariants.check_eos(automaton, eos, most=40)
    invariants.check_forced(automaton, eos)
    invariants.check_ids_stable(automaton, engine(grammar(), PIECE_VOCABULARY), eos)
    documents = [
        b"{" + b",".join(b'"' + name + b'":1' for name in chosen) + b"}"
        for count in (1, 2, 3)
        for chosen in itertools.product([b"a", b"b", b"x", b"ab", b"\\u0061"], repeat=count)
    ]
    independent = grammar()
    expected = {document: derives(independent, document) for document in documents}
    assert any(expected.values())
    invariants.check_complete(automaton, tokens, [d for d, fine in expected.items() if fine], eos)
    invariants.check_language(automaton, tokens, expected.__getitem__, documents, eos)
    invariants.check_cut_independent(automaton, tokens, documents[:40], eos)


DOCUMENTS = [
    b'{"a":1,"ab":1,"ac":1}',
    b'{"\\u0061b":1,"\\n":1,"\\ud83d\\ude00":1}',
    '{"é":1,"😀":1,"\\u00E9x":1}'.encode(),
    b'{"b":1,"ax":1,"a":1}',
    b'{"":1,"axx":1}',
]


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize(
    "grammar",
    [
        lambda: members(["a", "ab"], 2, (None,)),
        lambda: members(["b"], 1, (words(["a", "b", "ax", "axx"], "json"),)),
        lambda: members(
            [], 0, (words(["", "a", "é"], "json"), lower_json(concat(text("b"), repeat(chars(((97, 98),))))))
        ),
    ],
)
def test_an_engine_offers_the_tokens_of_the_definition_inside_names(engine, grammar):
    if engine is reference:
        pytest.skip("the definition itself")
    automaton, definition = engine(grammar(), BYTE_VOCABULARY), reference(grammar(), BYTE_VOCABULARY)
    compared = 0
    for document in DOCUMENTS:
        one, other = automaton.start, definition.start
        for byte in document:
            assert invariants.allowed_tokens(automaton, one) == invariants.allowed_tokens(definition, other)
            compared += 1
            one, other = automaton.step(one, byte), definition.step(other, byte)
            assert (one == -1) == (other == -1)
            if one == -1:
                break
        else:
            assert automaton.is_accepting(one) == definition.is_accepting(other)
    assert compared > 20
