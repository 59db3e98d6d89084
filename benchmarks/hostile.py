"""Does every hostile schema end, within the limits, as a verdict or a clear refusal?

    python -m benchmarks.hostile [--engines constrain] [--timeout 20] [--memory 8]

Each input goes through the worker of `maskbench`, with its limits of time and memory, and the instances beside it are
judged. An input passes if the engine judges them right or refuses with a message; a crash, a timeout or a wrong verdict
fails. Exit status 1 if anything failed for this project's engine.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

if __package__ in {None, ""}:  # run as a file: the folder above is where `benchmarks` lies
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks import vocabulary
from benchmarks.judge import Job, Judged
from benchmarks.worker import EngineUnavailable, Settings, Worker

__all__ = ["inputs", "main", "odd_vocabulary"]

Instances = list[tuple[str, bool]]


def inputs() -> Iterator[tuple[str, str, Instances]]:
    """Yield (name, schema text, [(instance text, valid)])."""
    yield "nested 100,000 deep, text", '{"items":' * 100_000 + "{}" + "}" * 100_000, []
    deep: Any = {"type": "integer"}
    for _ in range(300):
        deep = {"type": "array", "items": deep, "minItems": 1, "maxItems": 1}
    yield "arrays nested 300 deep", json.dumps(deep), [("[" * 300 + "1" + "]" * 300, True), ("[" * 300 + '"', False)]
    yield "an instance nested 20,000 deep", '{"items": {"$ref": "#"}}', [("[" * 20_000 + "]" * 20_000, True)]
    million = [f"value {number}" for number in range(1_000_000)]
    yield "enum of 10^6 strings", json.dumps({"enum": million}), [('"value 999999"', True), ('"value x"', False)]
    numbers = json.dumps({"enum": list(range(0, 2_000_000, 2))})
    yield "enum of 10^6 numbers", numbers, [("1999998", True), ("1999997", False)]
    for pattern in ("^(a|a)*$", "^(a*)*$", "^((a|aa)+)+b$", "^(a?){50}a{50}$", "^(.*a.*){20}$"):
        text = "a" * 200
        valid = pattern not in {"^((a|aa)+)+b$", "^(a?){50}a{50}$"}
        yield f"pattern {pattern}", json.dumps({"type": "string", "pattern": pattern}), [(f'"{text}"', valid)]
    counted = {"type": "string", "pattern": "^(a{1000}){1000}$"}
    yield "pattern ^(a{1000}){1000}$", json.dumps(counted), [('"' + "a" * 2_000, False)]
    yield "pattern ^.{0,1000000}$", json.dumps({"type": "string", "pattern": "^.{0,1000000}$"}), [('"abc"', True)]
    yield "pattern of 2^20 states", json.dumps({"type": "string", "pattern": "(a|b)*a(a|b){20}$"}), [('"bab"', False)]
    length = {"type": "string", "minLength": 10**9, "maxLength": 10**12}
    yield "minLength 10^9", json.dumps(length), [('"abc"', False)]
    yield "maxItems 10^9", json.dumps({"type": "array", "items": {}, "maxItems": 10**9}), [("[1, 2]", True)]
    yield "minItems 10^9", json.dumps({"type": "array", "minItems": 10**9}), [("[1, 2]", False)]
    yield "bounds of 10,000 digits", '{"type": "integer", "maximum": 1' + "0" * 10_000 + "}", [("12", True)]
    yield (
        "multipleOf of 30 digits",
        '{"type": "integer", "multipleOf": 1' + "0" * 28 + "7}",
        [("0", True), ("12", False)],
    )
    yield "multipleOf 1e-300", '{"type": "number", "multipleOf": 1e-300}', [("0", True)]
    yield "cyclic $ref", '{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}', []
    yield "$ref to itself", '{"$ref": "#"}', []
    endless = {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}
    yield "nothing finite satisfies it", json.dumps(endless), [('{"a": ', False)]
    doubling: dict[str, Any] = {f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(60)}
    doubling["d60"] = {"type": "null"}
    yield "2^60 paths of $ref", json.dumps({"$ref": "#/$defs/d0", "$defs": doubling}), [("null", True), ("1", False)]
    parts = [{"anyOf": [{"type": "string", "maxLength": n + 1}, {"type": "integer", "minimum": n}]} for n in range(40)]
    yield (
        "allOf of 40 anyOf",
        json.dumps({"allOf": parts}),
        [('"a"', True), ("39", True), ("38", False), ('"aa"', False)],
    )
    names = {f"property {number}": {"type": "integer"} for number in range(100_000)}
    big = {"type": "object", "properties": names, "additionalProperties": False}
    yield (
        "100,000 optional properties",
        json.dumps(big),
        [('{"property 7": 1, "property 99999": 2}', True), ('{"q', False)],
    )
    text = json.dumps({"description": "x" * (10 << 20), "type": "boolean"})
    yield "a schema of 10 MB", text, [("true", True), ("1", False)]
    patterns = {"type": "object", "patternProperties": {f"^a{'.' * n}": {"minimum": n} for n in range(20)}}
    yield "20 overlapping patternProperties", json.dumps(patterns), [('{"abcd": 3}', True), ('{"abcd": 2}', False)]
    yield "not JSON", '{"type": ', []
    yield "a lone surrogate", '{"const": "\\ud800"}', []


def odd_vocabulary() -> vocabulary.TestVocabulary:
    """Bytes, parts of characters, invalid UTF-8, tokens of 1,000 bytes and the same token several times."""
    odd = [
        b"\xff\xfe",
        b"\xc3",
        b"\xa9",
        b"\xf0\x9f",
        b"\x80" * 1_000,
        b'"' + b"a" * 998 + b'"',
        b"a" * 1_000,
        b"a",
        b"a",
    ]
    tokens = [None, *(bytes([byte]) for byte in range(256)), *odd]
    return vocabulary.TestVocabulary("odd", tokens, 0, lambda text: [byte + 1 for byte in text.encode()])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line per input and engine; 1 if this project's engine failed on one."""
    parser = argparse.ArgumentParser(prog="hostile", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--engines", default="constrain")
    parser.add_argument("--timeout", type=float, default=20.0)
    parser.add_argument("--memory", type=float, default=8.0)
    parser.add_argument("--only", default="", help="inputs whose name contains this")
    options = parser.parse_args(arguments)
    failures = 0
    for source in ("tekken", "benchmarks.hostile:odd_vocabulary"):
        words = vocabulary.load(source)
        settings = Settings(source, timeout=options.timeout, memory_gib=options.memory)
        for name in options.engines.split(","):
            worker = Worker(name, settings)
            try:
                for title, schema, instances in inputs():
                    if options.only in title:
                        passed = _try(worker, f"{name}, {words.name}: {title}", schema, instances, words)
                        failures += not passed and name == "constrain"
            except EngineUnavailable as error:
                print(f"hostile: {error}", file=sys.stderr)
                return 1
            finally:
                worker.stop()
    return 1 if failures else 0


def _try(worker: Worker, title: str, schema: str, instances: Instances, words: vocabulary.TestVocabulary) -> bool:
    job = Job(schema, [(words.tokenize(text), valid) for text, valid in instances])
    worker.start()
    begin = perf_counter()
    answer = worker.judge(job)
    seconds = perf_counter() - begin
    passed = isinstance(answer, Judged) and (
        answer.outcome == "right" or (answer.outcome == "refused" and bool(answer.message))
    )
    said = answer.message.replace("\n", " ")[:160]
    if isinstance(answer, Judged) and answer.misjudged:
        said = f"misjudged {[(item.instance, item.valid, item.position) for item in answer.misjudged]}"
    print(f"{'ok  ' if passed else 'FAIL'} {seconds:7.2f} s  {title}: {answer.outcome} {said}", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main())
