"""`constrain VERB ...`: find the verb, run it, and turn everything that can go wrong into one line and a status."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from constrain import __version__
from constrain.cli import bench, demo, generate, inspect, validate
from constrain.cli.failure import BROKEN_PIPE, DEFECT, INTERRUPTED, UNUSABLE, CommandError, warn
from constrain.errors import ConstrainError

__all__ = ["build_parser", "main", "run"]

_EPILOG = """\
examples:
  constrain generate --schema contact -n 3 --seed 1
  constrain validate --schema order.json orders.jsonl
  constrain validate --regex '[a-z]+' --partial answer.txt
  constrain inspect --schema contact --prefix '{"name": "A'
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line."""

    def error(self, message: str) -> NoReturn:
        warn(f"{message} (see {self.prog} --help)")
        self.exit(UNUSABLE)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = _Parser(
        prog="constrain",
        description="A schema in, only valid text out: generate, validate and inspect.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"constrain {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb in (generate, validate, inspect, bench, demo):
        verb.add(verbs)
    return parser


def main(argv: Sequence[str]) -> int:
    """Run one command; return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a character is no error
    try:
        arguments = build_parser().parse_args(argv)
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except (CommandError, ConstrainError) as error:
        warn(str(error))
        return UNUSABLE
    except BrokenPipeError:
        # Nobody reads any more. Python would complain once again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        warn("interrupted")
        return INTERRUPTED
    except (MemoryError, RecursionError) as error:
        warn(f"the input needs more {'memory' if isinstance(error, MemoryError) else 'nesting'} than there is")
        return UNUSABLE
    except Exception as error:
        if os.environ.get("CONSTRAIN_DEBUG"):
            raise
        warn(f"this is a defect of constrain: {type(error).__name__}: {error} (CONSTRAIN_DEBUG=1 shows where)")
        return DEFECT
    return status


def run() -> NoReturn:
    """Run the command line of this process."""
    sys.exit(main(sys.argv[1:]))
