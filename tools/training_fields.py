"""Property names that schemas commonly use, each with a maker of plausible values.

Problem: outside the shipped schemas the model sees only a title and the property names the engine makes it write;
it should still put a price under "price". So training mixes in records of randomly chosen fields from this table.

Example: `FIELDS["email"](r, record(r))` gives "maria.lopez@example.com" where the same record's name is "Maria Lopez".

Invariant: makers draw only from the given `random.Random`, so the training text is a function of the seed.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from typing import Any

import training_words as w

Field = Callable[[random.Random, dict[str, Any]], Any]

__all__ = ["FIELDS", "NOUNS", "article", "record"]

NOUNS = """order task project customer employee student course movie song album hotel flight car pet game team player
match payment account device sensor reading message note article post review photo file folder job report survey answer
question trip ticket room building store shop supplier shipment package city country animal plant meal drink lesson exam
experiment measurement sample vehicle license contract member group license""".split()


def record(r: random.Random) -> dict[str, Any]:
    """Return one consistent person with address, contact data and dates."""
    first, last = r.choice(w.FIRST), r.choice(w.LAST)
    city, country, prefix, *_, postal = r.choice(w.CITIES)
    digits = {"9": "0123456789", "A": "ABCDEFGHJKLMNPRSTUVWXYZ"}
    code = postal[0] + "".join(r.choice(digits[c]) if c in digits else c for c in postal[1:])
    code = (r.choice("123456789") if code[0] == "9" else code[0]) + code[1:]
    low = first.lower(), last.lower()
    local = r.choice([f"{low[0]}.{low[1]}", f"{low[0]}.{low[1]}", low[0]])
    date = f"{r.randint(2019, 2026)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}"
    return {
        "name": f"{first} {last}",
        "email": f"{local}@{r.choice(w.DOMAINS)}",
        "username": r.choice([f"{low[0]}_{low[1][0]}", f"{low[0]}{r.randint(10, 99)}", f"{low[0]}_{low[1]}"])[:16],
        "phone": f"{prefix} {r.randint(100, 999)} {r.randint(100000, 999999)}",
        "age": r.randint(18, 79),
        "city": city,
        "country": country,
        "street": f"{r.randint(1, 120)} {r.choice(w.STREETS)}",
        "postalCode": code,
        "company": r.choice(w.COMPANIES),
        "date": date,
        "datetime": f"{date}T{r.randint(0, 23):02}:{r.choice([0, 5, 10, 12, 15, 20, 30, 40, 45]):02}:00Z",
        "website": f"https://{r.choice(['www', low[0], 'blog'])}.{low[1]}.example/",
        "uuid": str(uuid.UUID(int=r.getrandbits(128), version=4)),
    }


def article(r: random.Random) -> tuple[str, str, list[str]]:
    """Return the category, the name and the tags of something for sale."""
    category = r.choice(list(w.GOODS))
    noun = r.choice(w.GOODS[category].split("|"))
    words = [r.choice(pool) for pool in (w.ADJECTIVES, w.COLOURS, w.MATERIALS) if r.random() < 0.45]
    return category, " ".join([*words, noun]).capitalize(), [*words, category]


def _of(key: str) -> Field:
    return lambda _, p: p[key]


def _any(*values: Any) -> Field:
    return lambda r, _: r.choice(values)


def _int(low: int, high: int) -> Field:
    return lambda r, _: r.randint(low, high)


def _real(low: float, high: float, digits: int = 1) -> Field:
    return lambda r, _: round(r.uniform(low, high), digits)


def _flag(r: random.Random, _: dict[str, Any]) -> bool:
    return r.random() < 0.5


def _many(one: Field, most: int = 3) -> Field:
    return lambda r, p: [one(r, record(r) if k else p) for k in range(r.randint(1, most))]


def _goods(r: random.Random, _: dict[str, Any]) -> str:
    noun = r.choice(r.choice(list(w.GOODS.values())).split("|"))
    return f"{r.choice(w.ADJECTIVES + w.COLOURS)} {noun}"


_sentence = _any(*w.SUMMARIES, *w.COMMENTS, *w.REPLIES, *(t.split("|")[1] for t in w.TICKETS))
_title = _any(*w.MEETINGS, *(t.split("|")[0] for t in w.TICKETS), *(b[0] for b in w.BUGS), *w.ROUTES)
_first: Field = lambda _, p: p["name"].split()[0]  # noqa: E731  (a table of makers reads best in one style)
_last: Field = lambda _, p: p["name"].split()[1]  # noqa: E731
_word = _any(*"new sale home work fun food music travel sport art nature science health school family news".split())
_money = _real(1, 500, 2)

_BY_MAKER: list[tuple[str, Field]] = [
    (
        "name fullName full_name customer customerName author owner contact manager user person assignee employee",
        _of("name"),
    ),
    ("firstName first_name givenName nickname", _first),
    ("lastName last_name surname familyName", _last),
    ("email mail emailAddress contactEmail", _of("email")),
    ("phone phoneNumber telephone mobile", _of("phone")),
    ("age", _of("age")),
    ("city town location place destination origin", _of("city")),
    ("country countryCode", _of("country")),
    ("street address streetAddress", _of("street")),
    ("zip zipCode postalCode", _of("postalCode")),
    ("company organization employer supplier vendor publisher", _of("company")),
    ("date startDate endDate birthday dueDate dueOn day birthDate", _of("date")),
    ("createdAt updatedAt timestamp created updated time start end", _of("datetime")),
    ("url website link homepage image avatar", _of("website")),
    ("uuid", _of("uuid")),
    ("username login handle", _of("username")),
    ("id number orderId userId index", _int(1, 9999)),
    (
        "code reference sku key token",
        lambda r, _: f"{r.choice('ABCDEFKMPRT')}{r.choice('ABCDEFKMPRT')}-{r.randint(100, 9999)}",
    ),
    ("description text content message summary comment note notes body bio", _sentence),
    ("title subject headline label task topic", _title),
    ("product item productName model", _goods),
    ("products items", _many(_goods)),
    ("tags keywords labels categories", _many(_word)),
    ("emails members recipients", _many(_of("email"))),
    ("names authors players guests friends", _many(_of("name"))),
    ("tag category kind group section", _word),
    ("type", _any("basic", "standard", "premium", "private", "public")),
    ("status state", _any("active", "pending", "done", "open", "closed", "failed")),
    ("priority level severity", _any("low", "medium", "high")),
    ("colour color", _any(*w.COLOURS)),
    ("material", _any(*w.MATERIALS)),
    ("size", _any("S", "M", "L", "XL", "small", "large")),
    ("language lang locale", _any("en", "de", "fr", "es", "ja", "pt")),
    ("currency", _any("EUR", "USD", "GBP", "JPY", "CHF")),
    ("gender", _any("female", "male", "other")),
    ("genre", _any("novel", "drama", "comedy", "history", "jazz", "rock")),
    ("price amount total cost balance salary fee unitPrice", _money),
    ("quantity count stock pages seats servings", _int(1, 60)),
    ("year", _int(1950, 2026)),
    ("month", _int(1, 12)),
    ("hours minutes duration", _int(1, 120)),
    ("rating score stars", _real(1, 5)),
    ("temperature value", _real(-10, 35)),
    ("percentage humidity progress discount", _int(0, 100)),
    ("latitude lat", _real(-60, 65, 4)),
    ("longitude lng lon", _real(-120, 140, 4)),
    ("x y width height length depth", _int(0, 400)),
    ("weight distance speed", _real(0.5, 90)),
    ("active enabled verified paid inStock available completed isActive published admin", _flag),
    ("version", lambda r, _: f"{r.randint(0, 5)}.{r.randint(0, 20)}.{r.randint(0, 9)}"),
    ("ip", lambda r, _: f"192.168.{r.randint(0, 9)}.{r.randint(1, 254)}"),
    ("parent error", _any(None)),
]

FIELDS: dict[str, Field] = {name: maker for names, maker in _BY_MAKER for name in names.split()}
