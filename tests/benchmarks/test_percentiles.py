"""Percentiles are observed values, and the histogram keeps every one of them."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.percentiles import cumulative, histogram, summarize

SHARES = {"p50": Fraction(1, 2), "p90": Fraction(9, 10), "p99": Fraction(99, 100), "p99.9": Fraction(999, 1000)}
times = st.lists(st.integers(1, 999_999), min_size=1, max_size=300)


@given(times)
def test_a_percentile_is_the_smallest_value_that_enough_values_do_not_exceed(values):
    result = summarize(values)
    for name, share in SHARES.items():
        enough = [value for value in values if sum(other <= value for other in values) >= share * len(values)]
        assert result[name] == min(enough)
    assert result["max"] == max(values)
    assert result["count"] == len(values)
    assert result["mean"] == pytest.approx(math.fsum(values) / len(values), rel=1e-5)


@pytest.mark.parametrize("count", [1, 2, 10, 100, 999, 1000, 1001, 3000, 100_000])
def test_ranks_of_consecutive_numbers(count):
    result = summarize(range(1, count + 1))
    assert [result[name] for name in SHARES] == [math.ceil(share * count) for share in SHARES.values()]


def test_a_scale_divides_and_nothing_is_nothing():
    assert summarize([1500, 2500], 1e3)["max"] == 2.5
    assert summarize([]) == {"count": 0}


@given(times)
def test_the_histogram_counts_every_value_within_its_bucket(values):
    edges, shares = cumulative(histogram(values))
    assert shares[-1] == 1.0
    for edge, share in zip(edges, shares, strict=True):
        below = sum(value < edge * (1 - 1e-9) for value in values) / len(values)
        assert below <= share + 1e-9
        assert share <= sum(value <= edge * (1 + 1e-9) for value in values) / len(values) + 1e-9
