"""Fixtures and settings of the whole suite.

Data sets that are too large for the repository lie in a folder beside it (`../shared/data`), or where the environment
variable CONSTRAIN_DATA says. A test that needs one asks for a fixture below, and is skipped, with the reason, where the
data set is absent.

Hypothesis runs under one of three profiles (HYPOTHESIS_PROFILE, default `dev`, or `ci` where CI is set): `dev` looks at
new examples every time, `ci` at the same ones, `nightly` at many.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a name that is nowhere on this machine fails at once
os.environ.setdefault("OMP_NUM_THREADS", "1")  # threads that wait for each other are no help to tiny tensors

settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("dev"), derandomize=True, print_blob=True)
settings.register_profile("nightly", parent=settings.get_profile("dev"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of large data sets."""
    folder = Path(os.environ.get("CONSTRAIN_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("no data folder: set CONSTRAIN_DATA to it")
    return folder


def _member(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.exists():
        pytest.skip(f"the data folder has no {name}")
    return path


@pytest.fixture(scope="session")
def maskbench(data: Path) -> Path:
    """Real schemas with valid and invalid instances, one JSON object a line, gzipped."""
    return _member(data, "maskbench_dev.jsonl.gz")


@pytest.fixture(scope="session")
def schema_suite(data: Path) -> Path:
    """The official JSON Schema test suite."""
    return _member(data, "json-schema-test-suite")
