"""What a measurement must say about where it was taken: code, machine, versions, and the cost of the clock.

    describe()  -> {"commit": "3f2c...", "modified": False, "machine": {"cpu": "...", "cores": 2, ...}, ...}

Nothing that identifies a person or a host: no host name, no user, no path.
"""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter_ns
from typing import Any

__all__ = ["describe", "timer_overhead_ns"]

_PACKAGES = ("numpy", "mistral-common", "tiktoken")


def describe() -> dict[str, Any]:
    """Return commit, whether the checkout differs from it, time, machine and versions, ready for JSON."""
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "HEAD") or "unknown",
        "modified": bool(_git("status", "--porcelain", "--untracked-files=no", "--", "constrain", "benchmarks")),
        "machine": {
            "cpu": _cpu(),
            "cores": os.cpu_count(),
            "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30), 1),
            "load": [round(load, 2) for load in os.getloadavg()],
            "system": f"{platform.system()} {platform.machine()}",
        },
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "timer_overhead_ns": timer_overhead_ns(),
    }


def timer_overhead_ns(rounds: int = 2_000) -> int:
    """Return the median time between two consecutive readings of the clock: in every measured interval, once."""
    pairs = sorted(-perf_counter_ns() + perf_counter_ns() for _ in range(rounds))
    return pairs[rounds // 2]


def _git(*arguments: str) -> str:
    root = Path(__file__).resolve().parents[1]
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
