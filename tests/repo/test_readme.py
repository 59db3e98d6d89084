"""The README's Python runs, its commands exist, and its links lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest

from constrain.cli.main import build_parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["README.md", "CONTRIBUTING.md", "tests/README.md"]


def _snippets(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("number", range(len(_snippets("README.md"))))
def test_a_snippet_runs(number, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    snippet = _snippets("README.md")[number]
    if "transformers" in snippet:
        pytest.importorskip("transformers", reason="the snippet needs transformers")

    exec(compile(snippet, f"README.md snippet {number + 1}", "exec"), {"__name__": "snippet"})


def test_there_are_snippets():
    assert len(_snippets("README.md")) >= 1


def test_every_command_shown_can_be_parsed():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    constrain (.*?)(?:  +#.*)?$", text, re.MULTILINE)
    parser = build_parser()

    parsed = [parser.parse_args(shlex.split(command)).verb for command in commands]

    assert {"generate", "validate", "inspect", "bench"} <= set(parsed)


def test_every_make_target_shown_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for target in re.findall(r"(?:`|^    )make ([a-z-]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page}: make {target}"


@pytest.mark.parametrize("page", PAGES)
def test_every_path_shown_exists(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    shown = set(re.findall(r"`((?:constrain|tests|benchmarks|tools|schemas|grammars)/[\w./-]*)`", text))

    assert [path for path in sorted(shown) if not (ROOT / path).exists()] == []
