r"""Random regular expressions whose lexemes have tables, counters, and both: several counted wide classes, one after the other.

Example: `[a-z]{2,30}(?:[0-9]{2,3}|;)*x{0,3}`. A token that ends inside the second counter must not be charged to the first.
"""

from random import Random

_CLASSES = ["[a-z]", "[a-zA-Z]", "[^x]", ".", "[a-zé😀]", r"\w", "[0-9a-f]", "[^;]", r"[ -~]", r"[^\x00-\x7f]"]
_NARROW = ["a", "x", ";", "[0-9]", "é", "ab", "[ab]", "-", r"\d", "(?:ab|c)", "1"]
_COUNTS = ["", "", *"* + ? {2} {0,3} {1,5} {2,30} {3,5} {2,} {60,64} {0,1} {5} {0,300}".split()]


def pattern(random: Random, depth: int = 2) -> str:
    """A pattern in Python syntax over letters, digits and a few others."""
    return "".join(_piece(random, depth) for _ in range(random.randint(1, 4)))


def _piece(random: Random, depth: int) -> str:
    kind = random.random()
    if kind < 0.45:
        return random.choice(_CLASSES) + random.choice(_COUNTS if depth == 2 else _COUNTS[:11])
    if kind < 0.8 or not depth:
        return random.choice(_NARROW) + random.choice(_COUNTS[:9])
    inner = "|".join(pattern(random, depth - 1) for _ in range(random.choice([1, 1, 2, 3])))
    return f"(?:{inner})" + random.choice(["", "", "*", "?", "+", "{0,3}", "{2}"])


def intents(random: Random) -> list[bytes]:
    """Runs of characters of the classes, up to and beyond the counts."""
    runs = [random.choice(["a", "z", "x", "0", "7", "é", "😀", ";", "ab", "a1", "ax"]) for _ in range(8)]
    return [run.encode() * random.choice([1, 2, 3, 4, 5, 28, 31, 59, 64]) for run in runs]
