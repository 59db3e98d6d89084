"""`constrain demo`: the main job, offline: the embedded model writes documents for shipped schemas.

Each document is printed with the verdict of `jsonschema`, which knows nothing of this package. Status 0 only if every
document was finished and every verdict is good.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

from constrain import api, assets, models
from constrain.cli.excerpt import printable
from constrain.cli.failure import NO, YES
from constrain.cli.generate import writer
from constrain.cli.verbs import Verbs

__all__ = ["SCHEMAS", "add", "run"]

SCHEMAS = ("contact", "event", "product", "support_ticket", "tool_call")


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser(
        "demo",
        help="documents for shipped schemas from the embedded model, checked by jsonschema; offline",
        description="Write a document for each of a few shipped schemas with the embedded model, and show what the "
        "jsonschema package says of it.",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the sampling (default: %(default)s)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write, print and judge; return the exit status."""
    model = writer(models.EMBEDDED)
    good = 0
    for number, name in enumerate(SCHEMAS):
        schema = assets.schema(name)
        start = time.perf_counter()
        constraint = api.json_schema(schema)
        compiled = time.perf_counter()
        prompt = models.prompt_for(schema, None, model.tokenizer)
        writing = model.write(constraint, prompt, seed=arguments.seed + number, temperature=0.7, max_tokens=400)
        written = time.perf_counter()
        verdict = _verdict(schema, writing.text) if writing.finished else "unfinished"
        good += verdict == "valid"
        print(f"{name}: {schema.get('description', '')}")
        print(f"  {printable(writing.text.decode('utf-8', errors='backslashreplace'))}")
        print(
            f"  jsonschema: {verdict}   (compiled in {1e3 * (compiled - start):.1f} ms, "
            f"{writing.tokens} tokens in {written - compiled:.2f} s)\n"
        )
    print(f"{good} of {len(SCHEMAS)} documents valid, says jsonschema")
    return YES if good == len(SCHEMAS) else NO


def _verdict(schema: Any, text: bytes) -> str:
    """Return what jsonschema says of a document: "valid", or why not."""
    import jsonschema

    validator = jsonschema.validators.validator_for(schema)
    try:
        document = json.loads(text)
        validator(schema, format_checker=validator.FORMAT_CHECKER).validate(document)
    except (ValueError, jsonschema.ValidationError) as error:
        return f"NOT VALID: {str(error).splitlines()[0]}"
    return "valid"
