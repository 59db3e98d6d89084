"""What is built from this repository works away from it: wheel and sdist carry every asset, and run."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from constrain import assets

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow

# Run with the unpacked wheel first on the path, from a folder that has no checkout beside it.
SCRIPT = """
import constrain, json, sys
from constrain import assets
assert "site" in constrain.__file__, constrain.__file__
for kind in ("schemas", "grammars"):
    for name in assets.names(kind):
        assert assets.read(kind, name)
print(json.dumps({kind: assets.names(kind) for kind in ("schemas", "grammars")}))
print(constrain.json_schema(assets.read("schemas", "contact")).matches(b'{"name":"Al","email":"a@b.cd","age":1}'))
"""


def _checkout(folder):
    """A copy of what git knows, so that the build leaves no trace here and takes no compiled file from here."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        source = ROOT / name
        if source.is_file() and not name.startswith(("tests/", "benchmarks/")):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    return folder


def _build(source, target, what, **environment):
    command = [sys.executable, "-m", "build", "--no-isolation", f"--{what}", "--outdir", str(target), str(source)]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-3_000:]
    (built,) = target.iterdir()
    return built


def _try(wheel, folder):
    site = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_wheel_from_an_sdist_without_a_compiler_finds_every_asset_and_runs(tmp_path):
    """The longest way: checkout -> sdist -> wheel, where compiling fails: the reference takes over, with one warning."""
    checkout = _checkout(tmp_path / "checkout")
    sdist = _build(checkout, tmp_path / "sdist", "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (source,) = (tmp_path / "unpacked").iterdir()
    wheel = _build(source, tmp_path / "wheel", "wheel", CC="false", CXX="false")
    names = zipfile.ZipFile(wheel).namelist()
    pyx = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "constrain").rglob("*.p[yx][xd]"))

    done = _try(wheel, tmp_path)

    assert done.returncode == 0, done.stderr
    found, verdict = done.stdout.splitlines()
    assert found == str({kind: list(assets.names(kind)) for kind in ("schemas", "grammars")}).replace("'", '"')
    assert verdict == "True"
    assert [name for name in pyx if name not in names] == []
    assert "constrain/py.typed" in names
    assert "constrain/models/embedded/config.json" in names
    assert [name for name in names if name.endswith((".so", ".cpp", ".c"))] == []
    assert done.stderr.count("Warning") == 1, done.stderr


def test_a_wheel_with_a_compiler_carries_the_compiled_core(tmp_path):
    wheel = _build(_checkout(tmp_path / "checkout"), tmp_path / "wheel", "wheel")
    names = zipfile.ZipFile(wheel).namelist()
    modules = sorted(path.relative_to(ROOT).with_suffix("").as_posix() for path in (ROOT / "constrain").rglob("*.pyx"))

    done = _try(wheel, tmp_path)

    compiled = sorted(name.split(".")[0] for name in names if name.endswith((".so", ".pyd")))
    assert compiled == modules
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
