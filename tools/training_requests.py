"""Requests: what a user may have asked for, so that a given document is the answer.

Problem: a small model ignores its prompt unless the prompt tells it something. So half of the requests state values of
the document in order, and some texts are lists, in which every word is told.

Example: `request(r, "Contact", "someone from Madrid", {"name": "Maria Lopez", "age": 37})` gives one of "someone from
Madrid", "A contact for someone from Madrid", "name Maria Lopez, age 37", "Maria Lopez" and more, or None.

Invariant: all choices are drawn from the given `random.Random`.
"""

from __future__ import annotations

import random
from typing import Any

import training_words as w
from training_fields import article, record

__all__ = ["copying", "facts", "request"]


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


def facts(r: random.Random, value: Any) -> str:
    """Return a request that states some of the document's values: this is what teaches the model to copy."""
    leaves = _leaves(value)
    chosen = sorted(r.sample(range(len(leaves)), min(len(leaves), r.choice([1, 2, 3, 4, 5]))))
    style = r.random()
    words = [f"{leaves[i][0]} {leaves[i][1]}" if style < 0.4 else leaves[i][1] for i in chosen]
    return (", " if style < 0.8 else " ").join(words)


def request(r: random.Random, title: str, subject: str, value: Any) -> str | None:
    """Return what a user asks for to get `value`, or None."""
    kind = r.random()
    if kind < 0.15:
        return None
    if kind < 0.5:
        return facts(r, value)
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


def copying(r: random.Random) -> tuple[str, list[Any]]:
    """Return a request that is a list of words, and the list: nothing but copying, invented words included."""
    items: list[Any] = []
    for _ in range(r.randint(2, 8)):
        p, kind = record(r), r.random()
        if kind < 0.4:
            items.append(r.choice([p["name"], p["city"], p["company"], p["street"], p["email"], r.choice(w.MEETINGS)]))
        elif kind < 0.6:
            items.append(r.choice(article(r)[1].split()).lower())
        elif kind < 0.8:
            word = "".join(r.choice("bcdfghklmnprstvz") + r.choice("aeiou") for _ in range(r.randint(1, 3)))
            items.append(word.capitalize() if r.random() < 0.5 else word)
        else:
            items.append(r.choice([r.randint(0, 9999), p["date"]]))
    return r.choice([", ", ", ", " ", "; "]).join(map(str, items)), items
