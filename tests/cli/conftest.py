"""Running the command line: in this process where that is enough, in its own where streams and signals matter."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from constrain.cli.main import main

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


@pytest.fixture
def command(capsys):
    """Run a command in this process."""

    def run(*arguments):
        capsys.readouterr()
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # argparse: --help, --version, wrong arguments
            status = stop.code
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run


@pytest.fixture
def process():
    """Run a command in a process of its own; `stdin` is bytes."""

    def run(*arguments, stdin=b"", **options):
        command = [sys.executable, "-m", "constrain", *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, input=stdin, capture_output=True, check=False, timeout=120, **options)
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def write(tmp_path):
    """Write a file and return its path."""

    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write
