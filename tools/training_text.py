"""Text for the embedded model: requests with plausible documents.

Problem: the model shipped for demonstrations and tests must put a name into a name field and a date into a date
field, for the schemas in `schemas/` and, less well, for any schema with ordinary property names. No data set is
taken from anywhere: every document is made here from `training_words` (for the English see `training_english`).

Example of one training text (then the end token):

    Contact: A person in an address book.
    someone from Madrid
    JSON:
    {"name": "Maria Lopez", "email": "maria.lopez@example.com", "age": 37, "city": "Madrid"}

Invariants: `documents(seed)` is a function of its seed alone; each shipped-schema document is valid for its schema
(tests/schemas checks it); properties come in schema order; prompts are `constrain.models.embedded.embedded_prompt`.

Rejected: sampling the shipped schemas' automata for all documents. That teaches the syntax, which the engine
enforces anyway, and fills the fields with noise, which is what the model is there to avoid.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import training_words as w
from training_fields import FIELDS, NOUNS, article, record
from training_requests import request

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from constrain.models.embedded import embedded_prompt  # noqa: E402  (the repository root must be on the path first)

Maker = Callable[[random.Random], tuple[Any, str]]

__all__ = ["MAKERS", "documents", "spell"]


def _contact(r: random.Random) -> tuple[Any, str]:
    p = record(r)
    out: dict[str, Any] = {"name": p["name"], "email": p["email"]}
    if r.random() < 0.7:
        out["phone"] = p["phone"]
    out["age"] = p["age"]
    if r.random() < 0.8:
        out["city"] = p["city"]
    if r.random() < 0.4:
        out["company"] = p["company"]
    subject = r.choice(
        [p["name"], p["name"].split()[0]]
        + ([f"someone from {p['city']}"] if "city" in out else [])
        + ([f"someone who works at {p['company']}"] if "company" in out else [])
    )
    return out, subject


def _address(r: random.Random) -> tuple[Any, str]:
    p = record(r)
    keys = ("street", "city", "postalCode", "country")
    return {k: p[k] for k in keys}, r.choice([p["city"], f"a house in {p['city']}", f"{p['street']}, {p['city']}"])


def _price(r: random.Random) -> float | int:
    return r.choice([r.randint(2, 200), r.randint(1, 150) + r.choice([0.5, 0.95, 0.99, 0.25, 0.9])])


def _invoice(r: random.Random) -> tuple[Any, str]:
    p = record(r)
    items = []
    for _ in range(r.choice([1, 1, 2, 2, 3])):
        name = r.choice(w.SERVICES).capitalize() if r.random() < 0.4 else article(r)[1]
        items.append({"description": name, "quantity": r.choice([1, 1, 2, 3, 4, 5, 10, 12]), "unitPrice": _price(r)})
    total = round(sum(i["quantity"] * i["unitPrice"] for i in items), 2)
    customer = p["company"] if r.random() < 0.7 else p["name"]
    out = {
        "number": f"INV-{r.randint(10000, 99999)}",
        "date": p["date"],
        "customer": customer,
        "currency": r.choice(["EUR", "EUR", "USD", "GBP", "JPY"]),
        "items": items,
        "total": int(total) if total == int(total) else total,
        "paid": r.random() < 0.5,
    }
    return out, r.choice(
        [customer, items[0]["description"].lower(), f"{items[0]['description'].lower()} for {customer}"]
    )


def _event(r: random.Random) -> tuple[Any, str]:
    day = record(r)["date"]
    hour, minute = r.randint(8, 18), r.choice(["00", "15", "30", "45"])
    title = r.choice(w.MEETINGS)
    people = [record(r) for _ in range(r.choice([1, 2, 2, 3]))]
    zone = r.choice(["Z", "Z", "+01:00", "+02:00"])
    out: dict[str, Any] = {
        "title": title,
        "start": f"{day}T{hour:02}:{minute}:00{zone}",
        "end": f"{day}T{hour + r.choice([1, 1, 2]):02}:{minute}:00{zone}",
    }
    if r.random() < 0.8:
        out["location"] = r.choice(w.PLACES)
    out["attendees"] = [p["email"] for p in people]
    if r.random() < 0.6:
        out["reminderMinutes"] = r.choice([5, 10, 15, 30, 60, 120])
    low = title[0].lower() + title[1:]
    return out, r.choice([low, f"{low} with {people[0]['name'].split()[0]}", f"{low} at {hour}:{minute}"])


def _product(r: random.Random) -> tuple[Any, str]:
    category, name, tags = article(r)
    out: dict[str, Any] = {
        "sku": f"{category[:3].upper()}-{r.randint(1000, 9999)}",
        "name": name,
        "category": category,
        "price": _price(r),
        "currency": r.choice(["EUR", "EUR", "USD", "GBP"]),
        "inStock": r.random() < 0.7,
    }
    if r.random() < 0.6:
        out["rating"] = r.choice([3, 3.5, 3.8, 4, 4.2, 4.5, 4.7, 4.9, 5])
    if r.random() < 0.7:
        out["tags"] = tags[:4]
    return out, r.choice([name.lower(), name.split()[-1], f"something for the {category} shelf"])


def _ticket(r: random.Random) -> tuple[Any, str]:
    p = record(r)
    subject, message = r.choice(w.TICKETS).split("|")
    out = {
        "id": r.randint(1000, 99999),
        "subject": subject,
        "status": r.choice(["open", "open", "waiting", "solved", "closed"]),
        "priority": r.choice(["low", "normal", "normal", "high", "urgent"]),
        "requester": p["email"],
        "created": p["datetime"],
        "message": message,
    }
    return out, r.choice(
        [subject[0].lower() + subject[1:], f"{subject.lower()}, from {p['name']}", subject.split()[-1]]
    )


def _recipe(r: random.Random) -> tuple[Any, str]:
    name, difficulty, minutes, ingredients, steps = r.choice(w.DISHES)
    parts = []
    for item in ingredients.split(";"):
        what, amount, unit = item.rsplit(" ", 2)
        scale = r.choice([0.5, 1, 1, 1, 2]) if int(amount) >= 2 else 1
        parts.append({"name": what, "amount": int(int(amount) * scale) or 1, "unit": unit})
    out = {
        "name": r.choice(["", "", "", "", "Quick ", "Grandma's ", "Simple "]) + name,
        "servings": r.choice([2, 2, 3, 4, 4, 6]),
        "minutes": int(minutes),
        "difficulty": difficulty,
        "ingredients": parts,
        "steps": steps.split(";"),
    }
    return out, r.choice([name.lower(), name.lower(), f"a dish with {parts[0]['name']}", name.lower().split()[-1]])


def _book(r: random.Random) -> tuple[Any, str]:
    p = record(r)
    one, two = r.sample(w.BOOK_NOUNS, 2)
    adjective = r.choice("Silent Last Hidden Long Old Blue Broken Lost Golden Cold".split())
    title = r.choice([f"The {adjective} {one}", f"The {one} and the {two}", f"{adjective} {one}", f"A {one} in Winter"])
    genres = r.sample(["novel", "history", "science", "poetry", "travel", "mystery", "biography"], r.choice([1, 1, 2]))
    out: dict[str, Any] = {"title": title, "author": p["name"], "year": r.randint(1890, 2024)}
    if r.random() < 0.6:
        out["isbn"] = f"97{r.choice('89')}-{r.randint(0, 10**10 - 1):010}"
    if r.random() < 0.7:
        out["pages"] = r.randint(90, 640)
    out["genres"] = genres
    if r.random() < 0.7:
        out["summary"] = r.choice(w.SUMMARIES)
    return out, r.choice(
        [title, f"a {genres[0]} book", f"something by {p['name']}", f"a {genres[0]} from {out['year']}"]
    )


def _weather(r: random.Random) -> tuple[Any, str]:
    p = record(r)
    condition = r.choice(["clear", "cloudy", "rain", "snow", "fog", "storm"])
    temperature = round(r.uniform(-12, 2) if condition == "snow" else r.uniform(2, 33), 1)
    out = {
        "city": p["city"],
        "observed": p["datetime"],
        "condition": condition,
        "temperature": temperature,
        "humidity": r.randint(60, 98) if condition in ("rain", "fog", "snow") else r.randint(25, 80),
        "wind": {
            "speed": round(r.uniform(12, 30) if condition == "storm" else r.uniform(0.2, 12), 1),
            "direction": r.choice(["N", "NE", "E", "SE", "S", "SW", "W", "NW"]),
        },
    }
    return out, r.choice([p["city"], f"{condition} in {p['city']}", condition])


def _tool_call(r: random.Random) -> tuple[Any, str]:
    p = record(r)
    tool = r.choice(["search", "getWeather", "sendEmail", "setReminder", "calculate"])
    args: dict[str, Any]
    if tool == "search":
        query = f"{r.choice(w.TOPICS)} {p['city']}" if r.random() < 0.7 else article(r)[1].lower()
        args = {"query": query} | ({"limit": r.choice([3, 5, 10, 20])} if r.random() < 0.6 else {})
        request = r.choice([f"find {query}", f"search for {query}", query])
    elif tool == "getWeather":
        args = {"city": p["city"], "unit": r.choice(["celsius", "celsius", "fahrenheit"])}
        request = r.choice(
            [f"what is the weather in {p['city']}?", f"weather in {p['city']}", f"is it cold in {p['city']}?"]
        )
    elif tool == "sendEmail":
        topic = r.choice(w.MEETINGS)
        body = r.choice(
            ["Can we meet at {h}?", "See you at {h}.", "Please send me the notes.", "I will be late today."]
        )
        args = {"to": p["email"], "subject": topic, "body": body.format(h=f"{r.randint(8, 18)}:30")}
        request = r.choice([f"write to {p['name']} about the {topic.lower()}", f"send {p['email']} a mail"])
    elif tool == "setReminder":
        text = r.choice(["Call", "Write to", "Buy a gift for", "Pay", "Meet"]) + " " + p["name"].split()[0]
        args = {"text": text, "at": p["datetime"]}
        request = f"remind me to {text[0].lower() + text[1:]}"
    else:
        a, b, c = (r.randint(2, 99) for _ in range(3))
        expression = r.choice([f"{a} + {b}", f"{a} * {b}", f"({a} + {b}) * {c}", f"{a} / {b}", f"{a} - {b} - {c}"])
        args = {"expression": expression}
        request = r.choice([f"what is {expression}?", f"calculate {expression}"])
    return {"tool": tool, "arguments": args}, request


def _bug_report(r: random.Random) -> tuple[Any, str]:
    title, component, first, second, expected, actual = r.choice(w.BUGS)
    out = {
        "title": title,
        "severity": r.choice(["minor", "major", "major", "critical"]),
        "component": component,
        "version": f"{r.randint(0, 5)}.{r.randint(0, 12)}.{r.randint(0, 9)}",
        "steps": [first, second],
        "expected": expected,
        "actual": actual,
        "assignee": record(r)["name"] if r.random() < 0.5 else None,
    }
    return out, r.choice([title[0].lower() + title[1:], f"a problem in the {component}", title.lower().split()[-1]])


def _user_profile(r: random.Random) -> tuple[Any, str]:
    p = record(r)
    hobby = r.choice(w.HOBBIES)
    out: dict[str, Any] = {"id": p["uuid"], "username": p["username"], "displayName": p["name"]}
    if r.random() < 0.8:
        out["bio"] = r.choice(
            [f"Likes {hobby} and {r.choice(w.HOBBIES)}.", f"Writes about {hobby}.", f"{p['city']}. Fan of {hobby}."]
        )
    if r.random() < 0.6:
        out["website"] = p["website"]
    out["joined"] = p["date"]
    out["settings"] = {
        "theme": r.choice(["light", "dark", "system"]),
        "language": r.choice(["en", "en", "de", "es", "fr", "ja"]),
        "notifications": r.random() < 0.6,
    }
    return out, r.choice([p["name"], p["username"]] + ([f"a fan of {hobby}"] if hobby in out.get("bio", "") else []))


def _comment(r: random.Random, depth: int) -> dict[str, Any]:
    text = r.choice(w.COMMENTS if depth == 0 or r.random() < 0.2 else w.REPLIES)
    count = r.choice([(0, 1, 1, 2), (0, 0, 0, 1), (0,)][min(depth, 2)])
    author = r.choice(w.FIRST) + (" " + r.choice(w.LAST) if r.random() < 0.3 else "")
    likes = r.choice([0, 0, 1, 2, 3, r.randint(4, 90)])
    return {"author": author, "text": text, "likes": likes, "replies": [_comment(r, depth + 1) for _ in range(count)]}


def _comment_thread(r: random.Random) -> tuple[Any, str]:
    out = _comment(r, 0)
    return out, r.choice(
        [f"by {out['author']}", out["text"].lower().rstrip("?.!"), out["text"].split()[-1].rstrip("?.!")]
    )


def _route(r: random.Random) -> tuple[Any, str]:
    city = r.choice(w.CITIES)
    lat, lon = float(city[3]), float(city[4])
    points = [
        [round(lat + r.uniform(-0.1, 0.1), 4), round(lon + r.uniform(-0.1, 0.1), 4)]
        for _ in range(r.choice([2, 3, 3, 4]))
    ]
    activity = r.choice(["walk", "run", "bicycle"])
    name = r.choice(w.ROUTES) if r.random() < 0.5 else f"{r.choice(w.ROUTES)} {city[0]}"
    out = {
        "name": name,
        "activity": activity,
        "distanceKm": round(r.uniform(1.5, 60 if activity == "bicycle" else 18), 1),
        "points": points,
    }
    return out, r.choice([f"{activity} in {city[0]}", city[0], name.lower()])


MAKERS: dict[str, Maker] = {
    "address": _address,
    "book": _book,
    "bug_report": _bug_report,
    "comment_thread": _comment_thread,
    "contact": _contact,
    "event": _event,
    "invoice": _invoice,
    "product": _product,
    "recipe": _recipe,
    "route": _route,
    "support_ticket": _ticket,
    "tool_call": _tool_call,
    "user_profile": _user_profile,
    "weather": _weather,
}


def spell(r: random.Random, value: Any) -> str:
    """Return one JSON spelling of `value`: compact, Python's default, or indented by two."""
    kind = r.random()
    if kind < 0.3:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    if kind < 0.65:
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value, indent=2, ensure_ascii=False)


def _random_document(r: random.Random) -> tuple[dict[str, str], Any, str]:
    """Return (title and description, value, subject) for a made-up record of two to seven fields."""
    source = record(r)
    names = r.sample(list(FIELDS), r.randint(2, 7))
    value: dict[str, Any] = {name: FIELDS[name](r, source) for name in names}
    noun = r.choice(NOUNS)
    if r.random() < 0.2:
        inner = r.sample(list(FIELDS), r.randint(2, 3))
        value[r.choice(NOUNS)] = {name: FIELDS[name](r, source) for name in inner}
    texts = [str(v) for v in value.values() if isinstance(v, str) and len(v) < 40]
    subject = r.choice(texts) if texts and r.random() < 0.6 else f"{r.choice(w.ADJECTIVES)} {noun}"
    head: dict[str, str] = {}
    if r.random() < 0.8:
        head["title"] = noun.capitalize()
    if r.random() < 0.5:
        head["description"] = r.choice([f"One {noun}.", f"Data about a {noun}.", f"A {noun} with its {names[0]}."])
    if r.random() < 0.1:
        return head, [value, {n: FIELDS[n](r, record(r)) for n in value if n in FIELDS}], subject
    return head, value, subject


def documents(seed: int, *, shipped: float = 0.75) -> Iterator[tuple[str, str]]:
    """Yield (prompt, document) for ever; a fraction `shipped` of them for the schemas in `schemas/`."""
    r = random.Random(seed)
    heads = {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "schemas").glob("*.json"))
    }
    while True:
        if r.random() < shipped:
            key = r.choice(list(MAKERS))
            value, subject = MAKERS[key](r)
            head = heads[key]
        else:
            head, value, subject = _random_document(r)
        yield embedded_prompt(head, request(r, head.get("title", "document"), subject, value)), spell(r, value)
