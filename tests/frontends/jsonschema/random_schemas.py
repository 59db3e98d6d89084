"""Random schemas over a small world of names, strings and numbers, and random values of the same world."""

NAMES = ["a", "b", "c", "xa", ""]
DRAFT2020 = "https://json-schema.org/draft/2020-12/schema"


def value(random, depth=2):
    kind = random.randrange(9 if depth else 6)
    if kind == 0:
        return None
    if kind == 1:
        return random.random() < 0.5
    if kind == 2:
        return random.choice([0, 1, 2, 3, -1, 10])
    if kind == 3:
        return random.choice([0.5, 1.0, 2.5, -1.5])
    if kind in (4, 5):
        return random.choice(["", "a", "b", "aa", "ab", "abc", "xa"])
    if kind == 6:
        return [value(random, depth - 1) for _ in range(random.randrange(4))]
    return {name: value(random, depth - 1) for name in random.sample(NAMES, random.randrange(4))}


def _flat(random):
    """One keyword without subschemas."""
    names = lambda: random.sample(NAMES, random.randrange(1, 3))  # noqa: E731
    return random.choice(
        [
            lambda: {"type": random.choice(["object", "array", "string", "number", "integer", "null", "boolean"])},
            lambda: {"type": random.choice([["object", "array"], ["string", "integer", "null"]])},
            lambda: {"enum": [value(random, 1) for _ in range(random.randrange(1, 4))]},
            lambda: {"const": value(random)},
            lambda: {"required": names()},
            lambda: {"minItems": random.randrange(3)},
            lambda: {"maxItems": random.randrange(3)},
            lambda: {"minProperties": random.randrange(4)},
            lambda: {"maxProperties": random.randrange(3)},
            lambda: {"dependentRequired": {random.choice(NAMES): names()}},
            lambda: {random.choice(["minLength", "maxLength"]): random.randrange(3)},
            lambda: {"pattern": random.choice(["^a", "b$", "^a*$", "a"])},
            lambda: {
                random.choice(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]): random.choice(
                    [0, 1, 2.5, -1]
                )
            },
            lambda: {"multipleOf": random.choice([1, 2, 0.5])},
        ]
    )()


def _nested(random, depth):
    """One keyword with subschemas."""
    sub = lambda: subschema(random, depth - 1)  # noqa: E731
    some = lambda most: [sub() for _ in range(random.randrange(1, most))]  # noqa: E731
    names = [{"maxLength": 1}, {"pattern": "^[a-c]"}, {"enum": ["a", "b", "xa"]}, {"not": {"const": "a"}}]
    return random.choice(
        [
            lambda: {"properties": {name: sub() for name in random.sample(NAMES, random.randrange(1, 4))}},
            lambda: {"additionalProperties": random.choice([False, sub()])},
            lambda: {"patternProperties": {random.choice(["^x", "a$", "^[ab]$", "b|c", "^a*$"]): sub()}},
            lambda: {"propertyNames": random.choice(names)},
            lambda: {"items": sub()},
            lambda: {"prefixItems": some(3)},
            lambda: {"anyOf": some(4)},
            lambda: {"allOf": some(3)},
            lambda: {"oneOf": some(4)},
            lambda: {"not": sub()},
            lambda: {"if": sub(), "then": sub()},
            lambda: {"if": sub(), "then": sub(), "else": sub()},
            lambda: {"dependentSchemas": {random.choice(NAMES): sub()}},
        ]
    )()


def subschema(random, depth):
    if random.random() < 0.08:
        references = [{"$ref": "#/$defs/" + random.choice("pqr")}, {"$ref": "#"}]
        return random.choice([True, False, {}, *references])
    schema = {}
    for _ in range(random.randrange(1, 4)):
        schema |= _nested(random, depth) if depth and random.random() < 0.55 else _flat(random)
    return schema


def schema(random, depth=3):
    """Return a random schema with three definitions."""
    found = {}
    while not found or found is True:
        found = subschema(random, depth)
    return {"$schema": DRAFT2020, **found, "$defs": {name: subschema(random, 2) for name in "pqr"}}
