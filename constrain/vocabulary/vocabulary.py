r"""Token ids and the exact bytes each adds to a text.

Problem: automata read bytes, models write token ids, and tokenizers hide the bytes behind a display form: `Ġthe`,
`▁the` and `<0x0A>` are the bytes ` the`, ` the` and a line feed. A vocabulary is what is left when that is undone.

Worked example: `Vocabulary([b"a", b"ab", None, b"\xc3"], eos=[2], size=64)` has

    id      0      1       2            3                4..63
    bytes   a      ab      end of text  half a character  padding of the logits, never allowed
    words = 2 (64 bits of mask), decode([1, 0]) = b"aba", encode(b"aba") = [1, 0]

Invariants: `tokens[t]` is bytes, not empty, iff t can be text; None marks special tokens, ends of text, and tokens of
no bytes (which could be repeated for ever), and none of these is ever text. `len(v) <= v.size`. Objects are immutable;
equal content means equal `digest`, in every process; the digest leaves out only the name.

The bytes of a token are those it adds *in the middle of a text*: SentencePiece's `▁the` is ` the`, although the decoder
drops that space at the very start of a text.

Rejected: asking `tokenizer.decode([t])` for each id (it repairs half characters to U+FFFD and drops leading spaces);
telling tokenizer families apart by class or model name (see `huggingface.py`).
"""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np

from constrain.errors import VocabularyError
from constrain.vocabulary.cache import default_cache
from constrain.vocabulary.lexemes import Lexemes, lexemes
from constrain.vocabulary.trie import Trie, build

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Vocabulary"]

_TABLES_VERSION = 1  # of what is derived; raise it when trie or tables change meaning
_WORTH_CACHING = 200_000  # bytes of all tokens; below, building is faster than reading a file
_MAX_SIZE = 1 << 24  # tables take tens of bytes for each id, padding too; real models stay below 2^19


class Vocabulary:
    """The bytes of every token, the ends of text, and what follows from them alone.

    tokens: for each id its bytes, or None for a special token, which is never text.
    eos: the ids that end a text, at least one, each below `len(tokens)`; whatever their bytes, they are never text.
    size: number of logits of the model (default `len(tokens)`); ids from `len(tokens)` up are padding, never allowed.
    name: for messages only.

    Raises VocabularyError if types are wrong, ids are out of range, `size` is too small, or no token is text.
    Tables are built when first asked for, and those of large vocabularies are kept on disk (see `cache.py`).
    """

    tokens: tuple[bytes | None, ...]
    eos: tuple[int, ...]
    size: int
    words: int
    digest: str
    name: str

    def __init__(
        self, tokens: Sequence[bytes | None], eos: Sequence[int], *, size: int | None = None, name: str = ""
    ) -> None:
        checked = _check_tokens(tokens)
        self.size = _check_size(size, len(checked))
        self.eos = _check_eos(eos, len(checked))
        for t in self.eos:
            checked[t] = None
        self.tokens = tuple(checked)
        self.name = name
        self.words = (self.size + 31) // 32
        # The bytes of all tokens, one after the other: token t is data[offset[t]:offset[t + 1]], empty if not text.
        self.data: bytes = b"".join([token for token in checked if token is not None])
        self.offset: NDArray[np.int64] = np.zeros(len(checked) + 1, dtype=np.int64)
        np.cumsum([0 if token is None else len(token) for token in checked], out=self.offset[1:])
        self.offset.flags.writeable = False
        if not self.data:
            raise VocabularyError("no token is text: all are special (None), ends of text, or empty")
        self.digest = self._digest()

    @classmethod
    def from_transformers(
        cls, tokenizer: Any, *, size: int | None = None, eos: Sequence[int] | None = None, generation_config: Any = None
    ) -> Vocabulary:
        """Return the vocabulary of a transformers fast tokenizer, or of a `tokenizers.Tokenizer`.

        size: the model's number of logits (`model.config.vocab_size`). eos: default is `eos_token_id` of
        `generation_config` where given (one id or several), else of the tokenizer.
        Raises VocabularyError for slow tokenizers, and where bytes do not follow exactly from the decoder (WordPiece).
        """
        from constrain.vocabulary.huggingface import load

        tokens, ends, name = load(tokenizer, eos=eos, generation_config=generation_config)
        return cls(tokens, ends, size=size, name=name)

    @classmethod
    def from_tiktoken(cls, encoding: Any, *, size: int | None = None, eos: Sequence[int] | None = None) -> Vocabulary:
        """Return the vocabulary of a `tiktoken.Encoding`. eos: default is its `<|endoftext|>`."""
        from constrain.vocabulary.tiktoken_encoding import load

        tokens, ends, name = load(encoding, eos=eos)
        return cls(tokens, ends, size=size, name=name)

    @classmethod
    def from_mistral(
        cls, tokenizer_or_path: Any, *, size: int | None = None, eos: Sequence[int] | None = None
    ) -> Vocabulary:
        """Return the vocabulary of a mistral-common tokenizer, or of its file: tekken (.json) or SentencePiece.

        eos: default is the tokenizer's own end of sequence.
        """
        from constrain.vocabulary.mistral import load

        tokens, ends, name = load(tokenizer_or_path, eos=eos)
        return cls(tokens, ends, size=size, name=name)

    @cached_property
    def trie(self) -> Trie:
        """The trie of all text tokens; `same` has length `size`."""
        return self._tables[0]

    @cached_property
    def lexemes(self) -> Lexemes:
        """The tables for JSON strings and white space; all have length `size`."""
        return self._tables[1]

    @property
    def string_chars(self) -> NDArray[np.int32]:
        """int32[size]: characters of a token that is wholly raw JSON string text, -1 for others."""
        return self.lexemes.string_chars

    @property
    def string_rest(self) -> Trie:
        """The trie of all text tokens that `string_chars` leaves out."""
        return self.lexemes.string_rest

    @property
    def space_run(self) -> NDArray[np.int32]:
        """int32[size]: length of the leading run of JSON white space."""
        return self.lexemes.space_run

    @property
    def space_only(self) -> NDArray[np.uint8]:
        """uint8[size]: 1 for tokens of nothing but JSON white space."""
        return self.lexemes.space_only

    def __len__(self) -> int:
        """Return the number of tokens, special ones counted, padding not."""
        return len(self.tokens)

    def __repr__(self) -> str:
        name = f" {self.name!r}" if self.name else ""
        return f"<Vocabulary{name}: {len(self)} tokens, size {self.size}, eos {list(self.eos)}>"

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Vocabulary) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self.tokens, self.eos, self.size, self.name)

    def decode(self, ids: Iterable[SupportsIndex]) -> bytes:
        """Return the bytes of the tokens, one after the other; tokens that are not text add nothing.

        Raises VocabularyError for an id that is not a token.
        """
        out = []
        for given in ids:
            t = operator.index(given)
            if not 0 <= t < len(self.tokens):
                raise VocabularyError(f"token id {t} is out of range: ids are 0 to {len(self.tokens) - 1}")
            out.append(self.tokens[t] or b"")
        return b"".join(out)

    def encode(self, text: bytes) -> list[int]:
        """Return tokens that spell `text`, the longest possible at each place: for tests and examples.

        This is *a* tokenisation, not the one that a tokenizer's merge rules choose.
        Raises VocabularyError at a byte where no token fits.
        """
        out: list[int] = []
        position = 0
        while position < len(text):
            token, length = self.trie.longest(text, position)
            if token < 0:
                raise VocabularyError(f"no token spells {text[position : position + 8]!r} at byte {position}")
            out.append(token)
            position += length
        return out

    @cached_property
    def _tables(self) -> tuple[Trie, Lexemes]:
        cache = default_cache() if len(self.data) >= _WORTH_CACHING else None
        key = f"vocabulary-{_TABLES_VERSION}-{self.digest}"
        if cache is not None:
            stored = cache.get(key)
            if stored is not None:
                return _tables_of(stored)
        trie = build(self.data, self.offset, self.size)
        tables = lexemes(self.data, self.offset, self.size)
        if cache is not None:
            cache.put(key, _arrays_of(trie, tables))
        return trie, tables

    def _digest(self) -> str:
        digest = hashlib.blake2b(digest_size=20, person=b"constrain-vocab")
        head = [self.size, len(self.tokens), len(self.eos), *self.eos]
        digest.update(np.array(head, dtype="<i8").tobytes())
        digest.update(self.offset.astype("<i8").tobytes())
        digest.update(self.data)
        return digest.hexdigest()


def _restore(tokens: Sequence[bytes | None], eos: Sequence[int], size: int, name: str) -> Vocabulary:
    return Vocabulary(tokens, eos, size=size, name=name)


def _check_tokens(tokens: object) -> list[bytes | None]:
    if isinstance(tokens, (str, bytes, bytearray, Path)) or not isinstance(tokens, Iterable):
        raise VocabularyError(f"tokens must be a sequence of bytes or None, not {type(tokens).__name__}")
    if isinstance(tokens, (dict, set, frozenset)):
        raise VocabularyError(f"tokens must be in the order of their ids, not a {type(tokens).__name__}")
    out = list(tokens)
    if len(out) > _MAX_SIZE:
        raise VocabularyError(f"{len(out)} tokens are more than the {_MAX_SIZE} that a vocabulary can hold")
    if not set(map(type, out)) <= {bytes, type(None)}:
        for t, token in enumerate(out):
            if type(token) is str:
                raise VocabularyError(f"token {t} is text ({token!r}); give its bytes, such as {token!r}.encode()")
            if token is not None and type(token) is not bytes:
                raise VocabularyError(f"token {t} is {type(token).__name__}; bytes or None expected")
    return [token or None for token in out]


def _check_size(size: object, count: int) -> int:
    if size is None:
        return count
    number = _integer(size, "size")
    if number < count:
        raise VocabularyError(f"size {number} is less than the number of tokens, {count}")
    if number > _MAX_SIZE:
        raise VocabularyError(f"size {number} is more than {_MAX_SIZE}")
    return number


def _check_eos(eos: object, count: int) -> tuple[int, ...]:
    if isinstance(eos, (str, bytes)) or not isinstance(eos, Iterable):
        raise VocabularyError(f"eos must be a sequence of token ids, such as [2], not {eos!r}")
    ids = tuple(dict.fromkeys(_integer(t, "an eos id") for t in eos))
    if not ids:
        raise VocabularyError("eos is empty: at least one token must end a text")
    for t in ids:
        if not 0 <= t < count:
            raise VocabularyError(f"eos id {t} is out of range: ids are 0 to {count - 1}")
    return ids


def _integer(value: Any, what: str) -> int:
    try:
        if not isinstance(value, (bool, np.bool_)):
            return operator.index(value)
    except TypeError:
        pass
    raise VocabularyError(f"{what} must be an integer, not {value!r}")


def _arrays_of(trie: Trie, tables: Lexemes) -> dict[str, NDArray[Any]]:
    rest = tables.string_rest
    return {
        "byte": trie.byte,
        "token": trie.token,
        "end": trie.end,
        "same": trie.same,
        "rest_byte": rest.byte,
        "rest_token": rest.token,
        "rest_end": rest.end,
        "rest_same": rest.same,
        "depths": np.array([trie.depth_max, rest.depth_max], dtype=np.int64),
        "string_chars": tables.string_chars,
        "space_run": tables.space_run,
        "space_only": tables.space_only,
    }


def _tables_of(arrays: dict[str, NDArray[Any]]) -> tuple[Trie, Lexemes]:
    depth, rest_depth = arrays["depths"].tolist()
    trie = Trie(arrays["byte"], arrays["token"], arrays["end"], arrays["same"], depth)
    rest = Trie(arrays["rest_byte"], arrays["rest_token"], arrays["rest_end"], arrays["rest_same"], rest_depth)
    return trie, Lexemes(arrays["string_chars"], rest, arrays["space_run"], arrays["space_only"])
