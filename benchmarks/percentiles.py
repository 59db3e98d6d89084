"""Exact percentiles, and a histogram small enough to keep: the numbers of a result, and its plot.

    summarize([1, 2, 3, 4])   -> {"count": 4, "p50": 2, "p90": 4, "p99": 4, "p99.9": 4, "max": 4, "mean": 2.5}
    histogram([1000, 1100])   -> {"80": 1, "81": 1}      8 buckets per doubling: bucket b is [2^(b/8), 2^((b+1)/8))

A percentile is nearest-rank: the smallest observed value that at least that share of the values do not exceed;
never an average of two neighbours, which for a tail of microseconds would name a value nobody saw.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

__all__ = ["RANKS", "cumulative", "histogram", "summarize"]

RANKS = {"p50": 50.0, "p90": 90.0, "p99": 99.0, "p99.9": 99.9}
_PER_DOUBLING = 8


def summarize(values: Sequence[int] | Any, scale: float = 1.0) -> dict[str, float]:
    """Return count, the percentiles of RANKS, max and mean of `values`, divided by `scale`; {"count": 0} for none."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    count = len(ordered)
    if count == 0:
        return {"count": 0}
    result: dict[str, float] = {"count": count}
    for name, rank in RANKS.items():
        # the rounding undoes the representation error of 99.9 % of a multiple of 1000
        index = max(0, math.ceil(round(rank * count / 100.0, 6)) - 1)
        result[name] = _rounded(ordered[index] / scale)
    result["max"] = _rounded(ordered[-1] / scale)
    result["mean"] = _rounded(float(ordered.mean()) / scale)
    return result


def histogram(values: Sequence[int] | Any) -> dict[str, int]:
    """Count positive values per logarithmic bucket; keys are bucket numbers as text (for JSON)."""
    array = np.maximum(np.asarray(values, dtype=np.float64), 1.0)
    buckets, counts = np.unique(np.floor(np.log2(array) * _PER_DOUBLING).astype(np.int64), return_counts=True)
    return {str(bucket): int(count) for bucket, count in zip(buckets, counts, strict=True)}


def cumulative(buckets: Mapping[str, int]) -> tuple[list[float], list[float]]:
    """Return (upper edges, share of values below them) of a histogram, for plotting."""
    numbers = sorted((int(bucket), count) for bucket, count in buckets.items())
    total = sum(count for _, count in numbers)
    edges, shares, seen = [], [], 0
    for bucket, count in numbers:
        seen += count
        edges.append(2.0 ** ((bucket + 1) / _PER_DOUBLING))
        shares.append(seen / total)
    return edges, shares


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")
