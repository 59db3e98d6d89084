"""Vocabularies built to hurt: tokens that no tokenizer would make, around every seam of JSON text.

A token here spans several symbols of the grammar (`","`, `":1,"a":`), ends in the middle of a character or of an escape, closes
a name and opens the next, is longer than any bound, or says the same bytes as another. Vocabularies without some bytes cannot
write everything that bytes can; some have several ends of text and padding.
"""

from functools import lru_cache
from random import Random

from constrain.vocabulary import Vocabulary

SEAMS = [
    *rb'":" "," ":1,"a": "} a":"b","a": \u00 \u \\ \" \\" 61 0061 \u0061 \u006 \ud83d \ude00 \ud83d\ude00 \uD8'.split(),
    *rb'":{" "}, "}} "], ["a", a" b" ab" "a" "b" "a": "a":1 "a":1, ,"b":2} ":"", "":"" "":1, ":[1,2],"c":3}'.split(),
    *rb'{" {} [] [[ ]] }, ,{ }] :1 1, 10 100 00 -1 0. .5 e+ E-5 true false null tru ull "a":"a","b":"b","c" /" \/ \n'.split(),
    *rb'a"," b":1,"b ":1,"b":2,"c a\u0062":1 \u0062":1 \":1 x\"y \\":1, "\u0061": "" """ "","" ":"","":'.split(),
    b'": ',
    b'", "',
    b'": 1, "',
    b'{ "',
    b'"\n',
    b',\n  "',
    b" : ",
    b'", "a": "',
    b" \t",
    b"\r\n",
    b"-",
    b"@a.",
    b"2024-",
    b"-01-01",
    b"T00:00:00Z",
    b"12:30",
    b"://",
]
"""Tokens across the seams of JSON text, in names, escapes, and between values."""

WORDS = [
    *b"a b c ab ba abc aa aaa aaaa aaaaa aaaaaaaa name names value id x xy z zz Z A AB 0 1 5 12 123 1234 12345 99".split(),
    b"a" * 60,
    b"b" * 71,
    b"word " * 20,
    b"1" * 30,
    b"the quick",
    b"name\xc3",
    b"  ",
    b"x y",
]

CHARACTERS = [
    "é".encode(),
    "éé".encode(),
    "aé".encode(),
    "😀".encode(),
    "😀😀".encode(),
    "€".encode(),
    b"\xc3",
    b"\xa9",
    b"\xa9a",
    b"\xe2\x82",
    b"\xac",
    b'\xa9"',
    b'\xa9":',
    b"\xf0\x9f",
    b"\x98\x80",
    b"\xf0\x9f\x98",
    b'\x80"',
    b"\x80\xf0\x9f",
    b"\xed\xa0\x80",
    b"\xff\xfe",
    b"\xc0\xaf",
    b"\x00",
    b"a\x1f",
    b"\x7f",
    b"\\\xc3",
    b"\\u00e9",
    b"\\u00E",
    b"9\xc3",
]
"""Characters of two to four bytes, their parts, bytes that no text has, and their escapes."""

SPACES = [
    *(b" " * n for n in (2, 3, 4, 8, 16, 31, 63, 64, 65, 70)),
    *(b"\n" * n for n in (1, 2, 5, 64)),
    b"\n  ",
    b"\n    ",
    b"\n" + b" " * 63,
    b" \n\t\r " * 5,
    b",\n" + b" " * 8,
    b'"' + b" " * 40,
    b" " * 40 + b'"',
    b" " * 60 + b"}",
]

BYTES = [bytes([byte]) for byte in range(256)]


def _vocabulary(random: Random, tokens: list[bytes], *, ends: int = 1, padding: int = 0) -> Vocabulary:
    """Shuffle the tokens and set special and empty ones and the ends of text among them."""
    listed: list[bytes | None] = [*tokens, None, b""]
    random.shuffle(listed)
    eos = []
    for _ in range(ends):
        place = random.randrange(len(listed) + 1)
        listed.insert(place, random.choice([None, b"</s>", b"a"]))
        eos = [e + (e >= place) for e in eos] + [place]
    return Vocabulary(listed, eos, size=len(listed) + padding)


@lru_cache(maxsize=4)
def everything(seed: int = 0) -> Vocabulary:
    """All of the above over all bytes, with duplicates."""
    return _vocabulary(Random(seed), BYTES + SEAMS + WORDS + CHARACTERS + SPACES + SEAMS[:9] + BYTES[60:70])


def random_vocabulary(random: Random, tekken: list[bytes] | None = None, *, complete: bool | None = None) -> Vocabulary:
    """A random part of the above, over all bytes or most; several ends and padding now and then.

    tekken: tokens of a real vocabulary, of which 3,000 are drawn.
    """
    if complete is None:
        complete = random.random() < 0.75
    tokens = [t for t in SEAMS + WORDS + CHARACTERS + SPACES if random.random() < random.choice([0.2, 0.6])]
    tokens += random.choices(tokens, k=5)
    tokens += [_glued(random) for _ in range(random.choice([0, 10, 60]))]
    if tekken is not None:
        tokens += random.sample(tekken, 3_000)
    if complete:
        tokens += BYTES
    else:
        lost = set(random.choice(_LOSSES)) | set(random.choice(_LOSSES))
        tokens = [t for t in tokens + BYTES if len(t) > 1 or t[0] not in lost]
    return _vocabulary(random, tokens, ends=random.choice([1, 1, 2, 3]), padding=random.choice([0, 0, 1, 63, 500]))


_LOSSES = [b"\\", b'"', b"\\u", b"0123456789", bytes(range(0x80, 0x100)), b" \n", b"ab", b":", b",", b"}", b"\xc3", b""]


def _glued(random: Random) -> bytes:
    """Some of the tokens, one after the other, cut anywhere."""
    whole = b"".join(random.choices(SEAMS + WORDS[:12] + CHARACTERS, k=random.randint(2, 4)))
    start = random.randrange(len(whole))
    return whole[start : start + random.randint(1, 16)]
