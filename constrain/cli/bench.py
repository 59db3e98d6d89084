"""`constrain bench`: run the benchmark of the checkout that this package lies in.

The benchmark compares with other engines and reads data sets, so it is no part of an installed package; from a wheel
this verb says where to find it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from constrain.cli.failure import CommandError
from constrain.cli.verbs import Verbs

__all__ = ["add", "run"]

CHECKOUT = Path(__file__).resolve().parents[2]


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    parser = verbs.add_parser(
        "bench",
        help="compare this engine with others (from a checkout)",
        description="Run benchmarks/maskbench.py with the arguments that follow; `constrain bench -- --help` lists "
        "them.",
    )
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="passed on as they are")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmark in a process of its own; return its exit status."""
    if not (CHECKOUT / "benchmarks" / "maskbench.py").is_file():
        raise CommandError("the benchmark is not part of the installed package; run it from a checkout (make bench)")
    rest = arguments.arguments
    command = [sys.executable, "-m", "benchmarks.maskbench", *(rest[1:] if rest[:1] == ["--"] else rest)]
    path = os.pathsep.join(filter(None, [str(CHECKOUT), os.environ.get("PYTHONPATH")]))
    return subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, check=False).returncode  # noqa: S603
