"""The command line as a whole: help, version, and how it ends when something goes wrong."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import constrain
from constrain.cli import main, validate
from constrain.cli.failure import CommandError

ROOT = Path(__file__).resolve().parents[2]
VERBS = ("generate", "validate", "inspect", "bench", "demo")


def test_version(command):
    done = command("--version")

    assert (done.status, done.out) == (0, f"constrain {constrain.__version__}\n")


def test_help_names_every_verb(command):
    done = command("--help")

    assert done.status == 0
    assert [verb for verb in VERBS if verb not in done.out] == []


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(command, verb):
    done = command(verb, "--help")

    assert done.status == 0
    assert done.out.startswith(f"usage: constrain {verb}")


@pytest.mark.parametrize("arguments", [("-n", "0"), ("-n", "x"), ("--temperature", "-1"), ("--temperature", "nan")])
def test_numbers_are_checked(command, arguments):
    done = command("generate", "--schema", "contact", *arguments)

    assert done.status == 2
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (CommandError("a\nb"), 2, "constrain: error: a\\nb\n"),
        (constrain.LimitExceeded("states", 10), 2, "constrain: error: limit reached: states > 10"),
        (RecursionError(), 2, "more nesting"),
        (MemoryError(), 2, "more memory"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (ZeroDivisionError("oops"), 70, "a defect of constrain: ZeroDivisionError: oops"),
    ],
)
def test_an_error_is_one_line_and_a_status(command, monkeypatch, error, status, said):
    def fail(*arguments):
        raise error

    monkeypatch.setattr(validate, "constraint", fail)
    monkeypatch.delenv("CONSTRAIN_DEBUG", raising=False)

    done = command("validate", "--schema", "contact", __file__)

    assert done.status == status
    assert said in done.err
    assert done.err.count("\n") == 1


def test_a_defect_can_be_looked_into(monkeypatch):
    def fail(*arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(validate, "constraint", fail)
    monkeypatch.setenv("CONSTRAIN_DEBUG", "1")

    with pytest.raises(ZeroDivisionError):
        main.main(["validate", "--schema", "contact", __file__])


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_interrupting_a_waiting_command_ends_it_without_a_traceback():
    with subprocess.Popen(
        [sys.executable, "-m", "constrain", "validate", "--schema", "contact"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as running:
        time.sleep(2.5)  # long enough to import and to wait for standard input
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)

    assert running.returncode == 130
    assert said == b"constrain: error: interrupted\n"


def test_the_module_and_the_script_are_the_same_program(process):
    assert process("--version").out == f"constrain {constrain.__version__}\n"
