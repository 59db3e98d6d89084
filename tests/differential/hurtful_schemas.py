r"""Schemas that reach every special case of the native core, and the texts worth trying to write against them.

A drawn schema is a pair (schema, settings); `intents` lists texts: names and values in several spellings, with what closes them.

Example: for the property `a"b` the intents are `"a\"b":`, `"a\u0022b":`, `"\u0061\"b":`, each with and without its first
quotation mark.
"""

import json
from random import Random
from typing import Any

NAMES = [
    "",
    "a",
    "b",
    "ab",
    "abc",
    "aa",
    "é",
    "éa",
    "😀",
    "a😀",
    'a"b',
    "\\",
    "a\\",
    "a\nb",
    "/",
    "name",
    "names",
    "x y",
    "\x7f",
]

PATTERNS = [
    "^a", "a$", "a", "^[a-z]+$", "^[a-z]{2,5}$", "^[a-z]{2,}-[a-z]{3,5}$", "[0-9]", "^[^a]*$", "^.{3}$", "^.*a.*b.*$",
    "[0-9a-f]{8}", "^[A-Za-z0-9_]{1,64}$", "^(ab|a)*$", "^a?b?c?$", "é", "^[^\\x00-\\x7f]+$", "^\\S+$", "\\s", "^x-",
    "^(?!a).*$", "^(?=.*[0-9])(?=.*[a-z]).{4,10}$", "^[a-z]*[0-9]{2,3}[a-z]{2,}$", "^\\w{3,70}\\d{2}$", "(ab|cd){2,3}$",
    "^[a-zA-Z]{2,30}[0-9]{2,3}x$", "^([a-z]{2,30};){1,3}$", "^(\\w+, )*\\w+$", "^[\\w.]+@[\\w.]{2,}$", "^.*[0-9a-f]{4}.*$",
    "^.*(a|b).*$", "a.*b|c", "^😀{2,3}$", "^[a😀]{2,9}x$", '^[^"\\\\]*$', '["\\\\]', "^$", "^(.*[0-9]|[a-m]*)$", "^[a-m]*$",
]  # fmt: skip

FORMATS = ["date", "time", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uuid", "json-pointer"]

WHITESPACE: list[Any] = ["flexible", "flexible", "any", "compact", 0, 2, "[ \n]{0,3}", " ?"]


def settings_of(random: Random) -> dict[str, Any]:
    return {"whitespace": random.choice(WHITESPACE), "property_order": random.choice(["schema", "any"])}


def string(random: Random) -> dict[str, Any]:
    """A schema for strings: lengths, patterns, formats, words, and several of them at once."""
    kind = random.randrange(8)
    if kind == 0:
        return {"enum": random.sample(NAMES, random.randint(1, 9))}
    if kind == 1:
        return {"type": "string", "format": random.choice(FORMATS)}
    out: dict[str, Any] = {"type": "string"}
    if kind in (2, 3, 4):
        least = random.choice([0, 0, 0, 1, 2, 3, 60])
        out["maxLength"] = least + random.choice([0, 1, 1, 2, 3, 5, 20, 64, 9_999])
        if least:
            out["minLength"] = least
    elif kind == 5:
        out["minLength"] = random.choice([1, 2, 5, 66])
    if kind in (4, 6) or (kind == 5 and random.random() < 0.5):
        out["pattern"] = random.choice(PATTERNS)
    if kind == 7:
        out["allOf"] = [{"pattern": random.choice(PATTERNS)} for _ in range(random.randint(1, 2))]
        if random.random() < 0.5:
            out["maxLength"] = random.choice([3, 12, 64, 70])
    return out


def number(random: Random) -> dict[str, Any]:
    out: dict[str, Any] = {"type": random.choice(["integer", "number"])}
    if random.random() < 0.6:
        out["minimum"] = random.choice([-1000, -5, 0, 0.5, 10, 99])
    if random.random() < 0.5:
        out["exclusiveMaximum"] = random.choice([100, 123.25, 10**9])
    if random.random() < 0.2:
        out["multipleOf"] = random.choice([2, 5, 0.5])
    return out


def schema(random: Random, depth: int = 3) -> dict[str, Any]:
    """A schema of bounded depth; it may be unsatisfiable."""
    kind = random.randrange(10 if depth else 5)
    if kind < 3:
        return string(random)
    if kind == 3:
        return number(random) if random.random() < 0.7 else random.choice([{"type": "boolean"}, {"const": "a"}, {}])
    if kind == 4:
        return {"anyOf": [string(random) for _ in range(random.randint(2, 3))]}
    if kind == 5:
        items = {"type": "array", "items": schema(random, depth - 1), "minItems": random.choice([0, 1, 2])}
        if random.random() < 0.5:
            items["maxItems"] = random.choice([2, 3, 9])
        return items
    return members(random, depth)


def members(random: Random, depth: int = 2) -> dict[str, Any]:
    """A schema for objects: declared names, classes of names, the rest."""
    names = random.sample(NAMES, random.choice([0, 1, 2, 3, 5, 12]))
    if random.random() < 0.1:
        names += [f"p{n}" for n in range(40)]
    out: dict[str, Any] = {"type": "object"}
    small = {"type": "integer", "minimum": 0, "maximum": 9}
    if names:
        few = min(1, 2 / len(names))
        out["properties"] = {
            name: schema(random, max(0, depth - 1)) if random.random() < few else small for name in names
        }
    if random.random() < 0.6:
        out["required"] = random.sample(names, random.randint(0, min(3, len(names))))
        if random.random() < 0.2:
            out["required"].append("ab")
    rest = random.randrange(4)
    if rest == 1:
        out["additionalProperties"] = False
    elif rest == 2:
        out["additionalProperties"] = schema(random, 0)
    elif rest == 3:
        out["additionalProperties"] = random.choice([small, True])
    if random.random() < 0.35:
        classes = random.sample(
            ["^a", "b$", "^[ab]$", "^[a-c]{2}$", "^(a|b|ab)$", "é", "^.$", "^$", "^x-", "[0-9]$"], 2
        )
        out["patternProperties"] = {p: schema(random, 0) if random.random() < 0.5 else small for p in classes}
    if random.random() < 0.2:
        out["propertyNames"] = random.choice(
            [{"maxLength": 3}, {"pattern": "^[a-z]*$"}, {"pattern": "^[ab]{1,2}$"}, {"enum": ["a", "b", "ab", "zz"]}]
        )
    if random.random() < 0.2:
        out["minProperties"] = random.choice([1, 2, 3])
    if random.random() < 0.2:
        out["maxProperties"] = random.choice([1, 2, 3, 5])
    return out


def spellings(random: Random, name: str) -> list[bytes]:
    """The name as JSON between quotation marks: raw, and with some characters escaped, in upper and lower case."""
    raw = json.dumps(name, ensure_ascii=False)
    out = [raw, json.dumps(name)]
    units = json.dumps("".join(name))[1:-1]
    if units == name and name:
        at = random.randrange(len(name))
        out.append(f'"{name[:at]}\\u{ord(name[at]):04{random.choice("xX")}}{name[at + 1 :]}"')
    return [text.encode() for text in out]


def intents(random: Random, schema: Any) -> list[bytes]:
    """Texts to try: every name and enumerated string, punctuation around them, runs, and bounds nearly used up."""
    names: set[str] = set()
    numbers: set[int] = set()

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            names.update(node.get("properties", ()))
            names.update(v for v in node.get("enum", ()) if isinstance(v, str))
            numbers.update(v for k, v in node.items() if k in ("minLength", "maxLength") and isinstance(v, int))
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    collect(schema)
    chosen = [*random.sample(sorted(names), min(6, len(names))), random.choice(NAMES)]
    quoted = [spelled for name in chosen for spelled in spellings(random, name)]
    out = [q + random.choice([b"", b":", b":1", b":1,", b': "a",', b":3,\n"]) for q in quoted]
    out += [q[1:] + b":" for q in quoted] + [q[:-1] for q in quoted] + [b"," + q for q in quoted]
    out += [
        b"ab",
        b"x1",
        b"aa0",
        b"7f",
        b"]}",
        b"}",
        b"\\",
        b"\\u00",
        b"\\ud83d",
        b" " * random.choice([1, 30, 62, 64]),
    ]
    for bound in numbers:
        if bound < 400:
            out += [b'"' + b"a" * max(0, bound - random.randint(0, 6)), b"z" * max(1, bound - random.randint(0, 3))]
    return out
