"""Requests: what a user may have asked for, so that a given document is the answer.

Problem: a small model ignores a prompt that it cannot learn from, so a request mostly names the subject of the document
("pancakes" for a recipe of them), in words that vary little; some requests state values of the document.

Example: `request(r, "Contact", "someone from Madrid", {"name": "Maria Lopez", "age": 37})` gives one of "someone from
Madrid", "A contact for someone from Madrid", "name Maria Lopez, age 37", "Maria Lopez" and more, or None.

Invariant: all choices are drawn from the given `random.Random`.
"""

from __future__ import annotations

import random
from typing import Any

__all__ = ["request"]


def _leaves(value: Any, key: str = "") -> list[tuple[str, str]]:
    """Return (property name, text) of the strings and numbers in a document, in order."""
    if isinstance(value, dict):
        return [leaf for k, v in value.items() for leaf in _leaves(v, k)]
    if isinstance(value, list):
        return [leaf for v in value for leaf in _leaves(v, key)]
    if isinstance(value, bool) or value is None:
        return []
    text = str(value)
    return [(key, text)] if len(text) <= 60 else []


def _facts(r: random.Random, value: Any) -> str:
    """Return a request that states some of the document's values."""
    leaves = _leaves(value)
    chosen = sorted(r.sample(range(len(leaves)), min(len(leaves), r.choice([1, 2, 3, 4, 5]))))
    style = r.random()
    words = [f"{leaves[i][0]} {leaves[i][1]}" if style < 0.4 else leaves[i][1] for i in chosen]
    return (", " if style < 0.8 else " ").join(words)


def request(r: random.Random, title: str, subject: str, value: Any) -> str | None:
    """Return what a user asks for to get `value`, or None."""
    kind = r.random()
    if kind < 0.25:
        return None
    if kind < 0.35:
        return _facts(r, value)
    title = title.lower()
    return r.choice(
        [
            subject,
            subject,
            subject,
            f"Write a {title}: {subject}",
            f"A {title} for {subject}",
            f"{subject}, please",
            f"{title} about {subject}",
        ]
    )
