"""`constrain demo`: the main job, offline: the embedded model writes documents for shipped schemas.

Each document is printed with the verdict of `jsonschema`, which knows nothing of this package. Status 0 only if every
document was finished and every verdict is good.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

from constrain import api, assets
from constrain.automaton import TokenAutomaton
from constrain.cli.excerpt import printable
from constrain.cli.failure import NO, YES
from constrain.cli.generate import load
from constrain.cli.verbs import Verbs
from constrain.models import embedded

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
    model, tokenizer = load(embedded.EMBEDDED)
    from constrain.adapters.transformers import generate_texts, vocabulary_of

    vocabulary = vocabulary_of(model, tokenizer)
    good = 0
    for number, name in enumerate(SCHEMAS):
        schema = assets.schema(name)
        start = time.perf_counter()
        automaton = TokenAutomaton(api.json_schema(schema), vocabulary)
        compiled = time.perf_counter()
        (made,) = generate_texts(
            model,
            tokenizer,
            automaton,
            embedded.prompt_for(schema, None, tokenizer),
            max_new_tokens=400,
            seed=arguments.seed + number,
            temperature=0.7,
        )
        written = time.perf_counter()
        verdict = _verdict(schema, made.text) if made.finished else "unfinished"
        good += verdict == "valid"
        print(f"{name}: {schema.get('description', '')}")
        print("\n".join(f"  {printable(line)}" for line in made.text.splitlines()))
        print(
            f"  jsonschema: {verdict}   (compiled in {1e3 * (compiled - start):.1f} ms, "
            f"{made.tokens} tokens in {written - compiled:.2f} s)\n"
        )
    print(f"{good} of {len(SCHEMAS)} documents valid, says jsonschema")
    return YES if good == len(SCHEMAS) else NO


def _verdict(schema: Any, text: str) -> str:
    """Return what jsonschema says of a document: "valid", or why not."""
    import jsonschema

    validator = jsonschema.validators.validator_for(schema)
    try:
        document = json.loads(text)
        validator(schema, format_checker=validator.FORMAT_CHECKER).validate(document)
    except (ValueError, jsonschema.ValidationError) as error:
        return f"NOT VALID: {str(error).splitlines()[0]}"
    return "valid"
