"""Show a result: a Markdown table, and a plot of the latency distributions.

    python -m benchmarks.report benchmarks/results/maskbench-....jsonl     the table of a result, again
    table(summaries, pairs)                                                the same from the JSON objects

Columns are engines, rows are counts and times. Times of different engines come from different schemas where one of
them refuses what another takes, so the second table compares pairs on the schemas both judged right.
The plot needs matplotlib and says so where it is absent; it is drawn from the histograms in the result alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.percentiles import RANKS, cumulative

__all__ = ["main", "plot", "read", "show", "table"]

_COLUMNS = (*RANKS, "max", "mean")
_COUNTS = (
    ("schemas", "schemas"),
    ("fully right (every instance judged right)", "right"),
    ("refused", "refused"),
    ("accepting an invalid instance", "accepting_invalid"),
    ("rejecting a valid instance", "rejecting_valid"),
    ("crashed, or broke down in a request", "crashed"),
    ("timed out", "timeout"),
)
_TIMES = (
    ("mask + commit, us", "step_us"),
    ("mask alone, us", "mask_us"),
    ("commit alone, us", "commit_us"),
    ("compile, ms", "compile_ms"),
    ("first mask, us", "first_mask_us"),
    ("compile + first mask, ms", "to_first_mask_ms"),
    ("start of a request, us", "start_us"),
)
_COLOURS = {"right": "#3a7d44", "refused": "#c9c9c9", "wrong": "#c0392b", "crashed": "#222222", "timeout": "#8e6bbf"}


def show(summaries: Sequence[dict[str, Any]], pairs: Sequence[dict[str, Any]]) -> None:
    """Print the tables: as Markdown, or drawn by rich where standard output is a terminal and rich is there."""
    if sys.stdout.isatty():
        try:
            from rich.console import Console
            from rich.table import Table
        except ImportError:
            pass
        else:
            for rows in _tables(summaries, pairs):
                drawn = Table(*rows[0])
                for row in rows[1:]:
                    drawn.add_row(*row)
                Console().print(drawn)
            return
    print(table(summaries, pairs))


def table(summaries: Sequence[dict[str, Any]], pairs: Sequence[dict[str, Any]] = ()) -> str:
    """Return the Markdown tables of a result."""
    first, *rest = _tables(summaries, pairs)
    return "\n\nMask + commit in us on the same tokens:\n\n".join(_markdown(rows) for rows in (first, *rest))


def plot(summaries: Sequence[dict[str, Any]], file: Path, title: str) -> str:
    """Draw the distributions into `file` (format by its suffix). Returns "" or why there is no plot."""
    try:
        import matplotlib as mpl
    except ImportError:
        return "no plot: matplotlib is not installed (pip install matplotlib)"
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (steps, compiles, outcomes) = plt.subplots(1, 3, figsize=(16, 4.5), width_ratios=(2, 2, 1.6))
    for summary in summaries:
        for axes, key, scale in ((steps, "step_ns_histogram", 1e3), (compiles, "compile_ns_histogram", 1e6)):
            if summary[key]:
                edges, shares = cumulative(summary[key])
                axes.step([edge / scale for edge in edges], shares, where="post", label=summary["engine"])
    for axes, label in ((steps, "mask + commit per token, us"), (compiles, "compile, ms")):
        axes.set(xscale="log", xlabel=label, ylabel="share of at most", ylim=(0, 1.01))
        axes.grid(visible=True, alpha=0.3)
        axes.legend()
    names = [summary["engine"] for summary in summaries]
    left = [0.0] * len(names)
    for outcome, colour in _COLOURS.items():
        shares = [100.0 * summary[outcome] / max(1, summary["schemas"]) for summary in summaries]
        outcomes.barh(names, shares, left=left, color=colour, label=outcome)
        left = [start + share for start, share in zip(left, shares, strict=True)]
    outcomes.set(xlabel="share of schemas, %", xlim=(0, 100))
    outcomes.invert_yaxis()
    outcomes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=5, fontsize="small", columnspacing=0.8)
    figure.suptitle(title)
    figure.tight_layout()
    figure.savefig(file, dpi=120)
    plt.close(figure)
    return ""


def read(file: Path) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """Return (header, summaries, pairs) of a result file."""
    content = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    kinds: dict[str, list[dict[str, Any]]] = {"run": [], "schema": [], "summary": [], "head_to_head": []}
    for line in content:
        kinds[line["kind"]].append(line)
    return kinds["run"][0], kinds["summary"], kinds["head_to_head"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables of the result files named; 2 if one cannot be read."""
    files = list(sys.argv[1:] if arguments is None else arguments)
    if not files:
        print("usage: python -m benchmarks.report RESULT.jsonl ...", file=sys.stderr)
        return 2
    for name in files:
        try:
            _, summaries, pairs = read(Path(name))
        except (OSError, ValueError, KeyError, IndexError) as error:
            print(f"{name} is not a result of maskbench: {error}", file=sys.stderr)
            return 2
        show(summaries, pairs)
    return 0


def _tables(summaries: Sequence[dict[str, Any]], pairs: Sequence[dict[str, Any]]) -> list[list[list[str]]]:
    names = [f"{summary.get('name', summary['engine'])} {summary.get('version', '')}".strip() for summary in summaries]
    rows = [["", *names]]
    for label, key in _COUNTS:
        rows.append([label, *(_count(summary, key) for summary in summaries)])
    rows.append(["tokens timed", *(f"{summary['step_us']['count']:,}" for summary in summaries)])
    rows.append(["times the system took the core away", *(f"{summary['preemptions']:,}" for summary in summaries)])
    for label, key in _TIMES:
        rows.append([f"{label}: {' / '.join(_COLUMNS)}", *(_times(summary[key]) for summary in summaries)])
    if not pairs:
        return [rows]
    head = ["schemas both judged right", "schemas", "tokens", "engine", *_COLUMNS, "compile ms p50", "mean"]
    return [rows, [head, *(line for pair in pairs for line in _pair(pair))]]


def _count(summary: dict[str, Any], key: str) -> str:
    if key != "right":
        return str(summary[key])
    text = f"{summary['right']} ({summary['right_percent']:.1f} %)"
    vacuous = summary["right_without_instances"]
    return f"{text}, {vacuous} without instances" if vacuous else text


def _times(values: dict[str, float]) -> str:
    return " / ".join(_short(values[column]) for column in _COLUMNS) if values["count"] else "-"


def _pair(pair: dict[str, Any]) -> list[list[str]]:
    one, other = pair["engines"]
    rows = []
    for name in (one, other):
        steps, compiles = pair[name]["step_us"], pair[name]["compile_ms"]
        shown = [_short(steps[column]) if steps["count"] else "-" for column in _COLUMNS]
        built = [_short(compiles[column]) if compiles["count"] else "-" for column in ("p50", "mean")]
        first = [f"{one} and {other}", str(pair["schemas"]), f"{steps['count']:,}"] if name == one else ["", "", ""]
        rows.append([*first, name, *shown, *built])
    return rows


def _short(value: float) -> str:
    for limit, digits in ((10.0, 2), (100.0, 1)):
        if value < limit:
            return f"{value:.{digits}f}"
    return f"{value:,.0f}"


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    rule = "|".join(["", "-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:]), ""])
    return "\n".join([lines[0], rule, *lines[1:]])


if __name__ == "__main__":
    sys.exit(main())
