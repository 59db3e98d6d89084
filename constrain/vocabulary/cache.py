"""Numpy arrays on disk, by content hash: what was derived once from a vocabulary is not derived again.

Problem: a trie and its tables are pure functions of the vocabulary, and each process needs them at its start.

Worked example: `Cache(Path("/home/me/.cache/constrain")).put("trie-9f3c", {"byte": ...})` writes
`trie-9f3c.arrays` there; `get("trie-9f3c")` in the next process returns the same arrays, or None for whatever reason.

A file is: magic (16 bytes), BLAKE2b-256 of all that follows (32), length of the header (8, little-endian), a JSON
header with version, key and `[[name, dtype, shape, offset], ...]`, then the arrays, each at a multiple of 64 bytes.

Invariants: a wrong answer is impossible short of a hash collision: key and version are in the header, and the checksum
covers header and arrays. Everything else that goes wrong (no directory, no space, no permission, half a file, a
flipped bit) is the answer None from `get` and nothing at all from `put`: a cache is never a reason to fail. A reader
never sees half a file, because files are written beside and renamed. The total size is bounded: the least recently
used go first.

Rejected: `.npz` (as fast to read, but a CRC-32 per member and none over the whole); `pickle` (runs what it reads);
memory-mapped arrays (the checksum reads every byte anyway, and a file truncated by others would be a SIGBUS).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["Cache", "default_cache"]

_MAGIC = b"constrain\x00arrays"  # 16 bytes
_VERSION = 1
_SUFFIX = ".arrays"
_ALIGN = 64
_KEY = re.compile(r"[A-Za-z0-9._-]{1,200}")
_DTYPES = frozenset({"|u1", "<i4", "<i8", "<u4", "<u8"})


def default_cache() -> Cache | None:
    """Return the cache of this user, or None if there is none.

    The environment variable `CONSTRAIN_CACHE` names the directory; empty or "0" switches caching off. Otherwise it is
    `constrain` under `XDG_CACHE_HOME`, or under the platform's directory for caches.
    """
    named = os.environ.get("CONSTRAIN_CACHE")
    if named is not None:
        return None if named.strip() in {"", "0"} else Cache(Path(named).expanduser())
    given = os.environ.get("XDG_CACHE_HOME", "")
    try:
        if given and Path(given).is_absolute():  # the XDG specification: ignore relative paths
            base = Path(given)
        elif sys.platform == "win32":
            base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        elif sys.platform == "darwin":
            base = Path.home() / "Library" / "Caches"
        else:
            base = Path.home() / ".cache"
    except RuntimeError:  # no home directory
        return None
    return Cache(base / "constrain")


class Cache:
    """A directory of arrays by key.

    directory: made when first written to. limit: bytes of all files together, kept by removing the least recently used.
    """

    def __init__(self, directory: Path, *, limit: int = 1 << 30) -> None:
        self.directory = Path(directory)
        self.limit = limit

    def path(self, key: str) -> Path:
        """Return the file for `key` (letters, digits, `.`, `_`, `-`)."""
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a cache key: {key!r}")
        return self.directory / f"{key}{_SUFFIX}"

    def get(self, key: str) -> dict[str, NDArray[Any]] | None:
        """Return the arrays stored under `key` (read-only), or None if there are none that can be trusted."""
        path = self.path(key)
        try:
            arrays = _unpack(path.read_bytes(), key)
        except (OSError, ValueError, TypeError, KeyError, RecursionError, MemoryError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # last use, for eviction
        return arrays

    def put(self, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Store `arrays` under `key`. Failures are silent: the next process computes them again."""
        path = self.path(key)
        content = _pack(key, arrays)
        if len(content) > self.limit:
            return
        try:
            self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=self.directory)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                Path(temporary).replace(path)
            except BaseException:
                with contextlib.suppress(OSError):
                    Path(temporary).unlink()
                raise
            self._evict(path)
        except OSError:
            return

    def _evict(self, keep: Path) -> None:
        """Remove the least recently used files, and what dead writers left, until the limit holds."""
        found = []
        newest = 0.0
        for entry in os.scandir(self.directory):
            if entry.name.endswith(_SUFFIX) or entry.name.startswith(".writing-"):
                with contextlib.suppress(OSError):  # another process may be evicting too
                    status = entry.stat(follow_symlinks=False)
                    found.append((status.st_mtime, status.st_size, Path(entry.path)))
                    newest = max(newest, status.st_mtime)
        total = sum(size for _, size, _ in found)
        for used, size, path in sorted(found):
            abandoned = path.name.startswith(".writing-") and used < newest - 3600
            if (total > self.limit or abandoned) and path != keep:
                with contextlib.suppress(OSError):
                    path.unlink()
                    total -= size


def _pack(key: str, arrays: Mapping[str, NDArray[Any]]) -> bytes:
    table: list[list[object]] = []
    pieces: list[bytes] = []
    offset = 0
    for name, array in arrays.items():
        dtype = array.dtype.newbyteorder("<").str
        if dtype not in _DTYPES:
            raise ValueError(f"array {name!r} of type {array.dtype} cannot be cached")
        raw = np.ascontiguousarray(array, dtype=np.dtype(dtype)).tobytes()
        table.append([name, dtype, list(array.shape), offset])
        padding = -len(raw) % _ALIGN
        pieces.append(raw + bytes(padding))
        offset += len(raw) + padding
    header = json.dumps({"version": _VERSION, "key": key, "arrays": table}).encode()
    start = len(_MAGIC) + 32 + 8 + len(header)
    body = b"".join([len(header).to_bytes(8, "little"), header, bytes(-start % _ALIGN), *pieces])
    return _MAGIC + hashlib.blake2b(body, digest_size=32).digest() + body


def _unpack(content: bytes, key: str) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file; raise ValueError, KeyError or TypeError for what `_pack` did not write."""
    first = len(_MAGIC)
    if content[:first] != _MAGIC:
        raise ValueError("not a cache file")
    view = memoryview(content)
    if hashlib.blake2b(view[first + 32 :], digest_size=32).digest() != content[first : first + 32]:
        raise ValueError("checksum differs")
    start = first + 40
    stop = start + int.from_bytes(content[first + 32 : start], "little")
    header = json.loads(content[start:stop])
    if header["version"] != _VERSION or header["key"] != key:
        raise ValueError("another version, or another key")
    base = stop + -stop % _ALIGN
    out: dict[str, NDArray[Any]] = {}
    for name, dtype, shape, offset in header["arrays"]:
        if dtype not in _DTYPES:
            raise ValueError("unexpected type")
        count = 1
        for length in shape:
            count *= length
        array: NDArray[Any] = np.frombuffer(content, dtype=np.dtype(dtype), count=count, offset=base + offset)
        out[name] = array.reshape(shape)
    return out
