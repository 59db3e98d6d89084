"""The native core against the plain-Python reference, and against its own steps, on schemas and vocabularies built to hurt.

A *pair* is one grammar over one vocabulary; each is walked a few times (`walks`), and at each state every bit of the mask
is compared with the step and with the reference's mask. Seeds make every case repeatable: a failure names its seed.

Example: seed 5 is some schema over some vocabulary, walked three times for 14 tokens; after `{"\\u00` both must allow the same of
the tokens `6`, `61` and `E9":`. Pairs for which a search runs out of its budget (vocabularies that lack bytes) do not count.
"""

import json
from random import Random

import pytest

import constrain
from constrain.automaton.engine import is_native
from constrain.errors import ConstraintError, LimitExceeded, VocabularyError
from constrain.limits import Limits
from constrain.vocabulary import Vocabulary
from tests.differential import hurtful_patterns, hurtful_schemas
from tests.differential.hurtful_vocabularies import BYTES, everything, random_vocabulary
from tests.differential.walks import Pair, pair, walk

pytestmark = pytest.mark.skipif(not is_native(), reason="the native core was not compiled")

LIMITS = Limits(search=600, step_seconds=2)
"""Short searches: whether a vocabulary without some byte has a way out is not the question here."""

PATIENT = Limits(step_seconds=600)


def compare(constraint, vocabulary, random, intents, *, walks: int = 3, steps: int = 14, every: int = 1) -> int:
    """Walk both automata; return how many states were compared, 0 if there is nothing to compare."""
    both: Pair | None = None
    try:
        both = pair(constraint.grammar, vocabulary, LIMITS)
        for _ in range(walks):
            walk(both, random, intents, steps, every)
    except (LimitExceeded, VocabularyError):
        return 0 if both is None else both.looked_at
    return both.looked_at


def compare_schema(seed: int, tekken: list[bytes] | None = None) -> int:
    random = Random(seed)
    schema = hurtful_schemas.members(random) if random.random() < 0.5 else hurtful_schemas.schema(random)
    settings = hurtful_schemas.settings_of(random)
    vocabulary = everything() if tekken is None and random.random() < 0.4 else random_vocabulary(random, tekken)
    try:
        constraint = constrain.json_schema(schema, **settings)
    except ConstraintError:  # unsatisfiable
        return 0
    try:
        few = {"walks": 1, "steps": 12, "every": 4} if tekken else {}
        return compare(constraint, vocabulary, random, hurtful_schemas.intents(random, schema), **few)
    except AssertionError as error:
        raise AssertionError(f"seed {seed}: {json.dumps(schema)} {settings}: {error}") from error


def compare_pattern(seed: int) -> int:
    random = Random(seed)
    text = hurtful_patterns.pattern(random)
    vocabulary = everything() if random.random() < 0.4 else random_vocabulary(random)
    try:
        constraint = constrain.regex(text)
    except ConstraintError:
        return 0
    try:
        return compare(constraint, vocabulary, random, hurtful_patterns.intents(random))
    except AssertionError as error:
        raise AssertionError(f"seed {seed}: {text!r}: {error}") from error


def compare_many(compare_one, seeds, **options) -> int:
    """Return how many pairs were compared in at least one state."""
    return sum(compare_one(seed, **options) > 0 for seed in seeds)


def test_schemas():
    assert compare_many(compare_schema, range(30)) > 18


def test_patterns():
    assert compare_many(compare_pattern, range(25)) > 18


@pytest.mark.slow
def test_many_schemas():
    assert compare_many(compare_schema, range(1_000, 1_300)) > 180


@pytest.mark.slow
def test_many_patterns():
    assert compare_many(compare_pattern, range(1_000, 1_300)) > 200


@pytest.fixture(scope="module")
def tekken() -> list[bytes]:
    """The texts of a real vocabulary."""
    path = pytest.importorskip("mistral_common").__path__[0] + "/data/tekken_240911.json"
    vocabulary = Vocabulary.from_mistral(path)
    return [token for token in vocabulary.tokens if token]


def test_schemas_over_a_part_of_a_real_vocabulary(tekken):
    assert compare_many(compare_schema, range(6), tekken=tekken) > 2


@pytest.mark.slow
def test_many_schemas_over_parts_of_a_real_vocabulary(tekken):
    assert compare_many(compare_schema, range(2_000, 2_040), tekken=tekken) > 20


@pytest.mark.parametrize(
    ("schema", "before", "unit", "count"),
    [
        ({"type": "string", "maxLength": 2_000}, b'"', b"a", 2_000),
        ({"type": "string", "minLength": 300, "maxLength": 330}, b'"', "é".encode(), 330),
        ({"type": "string", "minLength": 5}, b'"', b"a", 5),
        ({"type": "string", "minLength": 3, "maxLength": 5_000}, b'"', b"\\n", 4),
        ({"type": "string", "pattern": "^[a-z]{3,}-"}, b'"', b"a", 4),
        ({"type": "string", "pattern": "^[a-z]{200,300}$"}, b'"', b"z", 300),
        ({"type": "string", "pattern": "^x[a-z]{2,300}[0-9]{2}$"}, b'"x', b"z", 300),
        ({"type": "string", "pattern": "a", "maxLength": 151}, b'"', b"\\u0062", 150),
        ({"properties": {"a": {"type": "string", "maxLength": 99}}, "required": ["a"]}, b'{"a":"', "😀".encode(), 99),
        ({"type": "object", "propertyNames": {"maxLength": 90}}, b'{"', b"n", 90),
        ({"type": "object"}, b"{", b" ", 64),
        ({"type": "array", "items": {"type": "integer"}}, b"[1,", b"\n", 64),
        ({"type": "array", "items": {"enum": [1]}, "maxItems": 70}, b"[1", b",1", 69),
    ],
    ids=str,
)
def test_bounds_nearly_used_up(schema, before, unit, count):
    """The last units before a bound, where rows depend on the distance: compared at each of them, and around half-way."""
    constraint = constrain.json_schema(schema)
    both = pair(constraint.grammar, everything(), PATIENT)
    for left in (count // 2, 131, 72, 65, 17, 5, 4, 3, 2, 1, 0):
        if left <= count:
            text = before + unit * (count - left)
            walk(both, Random(left), [b"a" * left, b"a" * left + b'"', unit * 3], 3, begin=text)


def test_tokens_longer_than_any_row_key():
    """A token of 70,000 bytes, and bounds beyond it."""
    words = [b"a" * 70_000, b"a" * 65_535, b"a" * 65_536, b'"' + b"a" * 66_000 + b'"']
    vocabulary = Vocabulary([*BYTES, *words, None], [256 + len(words)])
    for most in (10, 65_534, 65_535, 65_536, 69_999, 70_000, 200_000):
        both = pair(constrain.json_schema({"type": "string", "maxLength": most}).grammar, vocabulary, PATIENT)
        walk(both, Random(most), [], 1, native_only=True)
        walk(both, Random(most), [], 2, begin=b'"', native_only=True)
        walk(both, Random(most), [], 2, begin=b'"aa', native_only=True)
