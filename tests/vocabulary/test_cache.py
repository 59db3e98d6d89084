"""The cache never gives wrong data and never fails, whatever happens to its files."""

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constrain.vocabulary import Vocabulary
from constrain.vocabulary import vocabulary as module
from constrain.vocabulary.cache import Cache, default_cache

ARRAYS = {
    "bytes": np.arange(200, dtype=np.uint8),
    "ids": np.array([[1, -2, 3], [4, 5, 6]], dtype=np.int32),
    "none": np.zeros(0, dtype=np.int32),
    "long": np.array([2**40], dtype=np.int64),
    "last": np.zeros(0, dtype=np.uint8),
}


def same(found):
    return (
        found is not None
        and list(found) == list(ARRAYS)
        and all(found[k].dtype == a.dtype and np.array_equal(found[k], a) for k, a in ARRAYS.items())
    )


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "made" / "on demand")


def test_what_was_put_is_there(cache):
    assert cache.get("key") is None
    cache.put("key", ARRAYS)
    found = cache.get("key")
    assert same(found)
    assert all(a.flags.aligned and not a.flags.writeable for a in found.values())
    assert sorted(p.name for p in cache.directory.iterdir()) == ["key.arrays"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damage_is_noticed(cache, data):
    cache.put("key", ARRAYS)
    path = cache.path("key")
    content = bytearray(path.read_bytes())
    damage = data.draw(st.sampled_from(["flip", "cut", "more", "zeros"]))
    place = data.draw(st.integers(0, len(content) - 1))
    if damage == "flip":
        content[place] ^= 1 << data.draw(st.integers(0, 7))
    elif damage == "cut":
        del content[place:]
    elif damage == "more":
        content += b"\0"
    else:
        content[place:] = bytes(len(content) - place + 1)
    path.write_bytes(content)
    assert cache.get("key") is None
    cache.put("key", ARRAYS)
    assert same(cache.get("key"))


@pytest.mark.parametrize("content", [b"", b"x", b"constrain\0arrays", b"constrain\0arrays" + bytes(48), b"\0" * 4096])
def test_foreign_files(cache, content):
    cache.directory.mkdir(parents=True)
    cache.path("key").write_bytes(content)
    assert cache.get("key") is None


def test_a_file_under_another_name_is_not_trusted(cache):
    cache.put("one", ARRAYS)
    cache.path("one").rename(cache.path("two"))
    assert cache.get("two") is None


def test_a_directory_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "below")
    cache.put("key", ARRAYS)
    assert cache.get("key") is None


def test_a_directory_in_place_of_the_file(cache):
    cache.path("key").mkdir(parents=True)
    cache.put("key", ARRAYS)
    assert cache.get("key") is None
    assert not list(cache.directory.glob(".writing-*"))


@pytest.mark.parametrize("key", ["", "../up", "a/b", "a\0b", "x" * 201])
def test_keys_are_file_names(cache, key):
    with pytest.raises(ValueError, match="not a cache key"):
        cache.get(key)


def test_only_plain_numbers_are_stored(cache):
    with pytest.raises(ValueError, match="cannot be cached"):
        cache.put("key", {"objects": np.array([object()])})


def test_the_least_recently_used_goes_first(tmp_path):
    cache = Cache(tmp_path)
    cache.put("0", ARRAYS)
    each = cache.path("0").stat().st_size
    cache.limit = 3 * each
    for number in range(1, 3):
        cache.put(str(number), ARRAYS)
    for number in range(3):
        os.utime(cache.path(str(number)), (1000 + number, 1000 + number))
    assert same(cache.get("0"))  # the oldest is now the latest used
    cache.put("3", ARRAYS)
    assert sorted(p.stem for p in tmp_path.iterdir()) == ["0", "2", "3"]
    cache.limit = each - 1
    cache.put("4", ARRAYS)  # larger than everything together may be
    assert not cache.path("4").exists()


def test_files_of_others_are_left_alone_and_abandoned_writes_are_not(tmp_path):
    (tmp_path / "notes.txt").write_text("mine" * 10_000)
    (tmp_path / ".writing-dead").write_bytes(b"half")
    os.utime(tmp_path / ".writing-dead", (1000, 1000))
    (tmp_path / ".writing-alive").write_bytes(b"half")
    Cache(tmp_path, limit=20_000).put("key", ARRAYS)
    assert sorted(p.name for p in tmp_path.iterdir()) == [".writing-alive", "key.arrays", "notes.txt"]


def test_where_the_cache_is(monkeypatch, tmp_path):
    for off in ("", "0", " "):
        monkeypatch.setenv("CONSTRAIN_CACHE", off)
        assert default_cache() is None
    monkeypatch.setenv("CONSTRAIN_CACHE", str(tmp_path / "here"))
    assert default_cache().directory == tmp_path / "here"
    monkeypatch.delenv("CONSTRAIN_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert default_cache().directory == tmp_path / "xdg" / "constrain"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.platform", "linux")
    assert default_cache().directory == tmp_path / "home" / ".cache" / "constrain"


TOKENS = [*(bytes([b]) for b in range(256)), b"ab", b'a"', b"ab", b" \n", None]


@pytest.fixture
def cached(monkeypatch, tmp_path):
    """A directory in which vocabularies of any size are cached."""
    monkeypatch.setenv("CONSTRAIN_CACHE", str(tmp_path))
    monkeypatch.setattr(module, "_WORTH_CACHING", 0)
    return tmp_path


def tables(vocabulary):
    return [a.tolist() for a in module._arrays_of(vocabulary.trie, vocabulary.lexemes).values()]


def test_tables_come_back_from_disk(cached, monkeypatch):
    first = tables(Vocabulary(TOKENS, [260]))
    assert len(list(cached.iterdir())) == 1

    def never(*_):
        raise AssertionError("built again")

    monkeypatch.setattr(module, "build", never)
    monkeypatch.setattr(module, "lexemes", never)
    assert tables(Vocabulary(TOKENS, [260])) == first


def test_a_damaged_file_is_built_again_and_mended(cached):
    first = tables(Vocabulary(TOKENS, [260]))
    (path,) = cached.iterdir()
    good = path.read_bytes()
    path.write_bytes(good[:-100] + bytes(100))
    assert path.read_bytes() != good
    assert tables(Vocabulary(TOKENS, [260])) == first
    assert path.read_bytes() == good


def test_other_content_is_another_file(cached):
    for vocabulary in (Vocabulary(TOKENS, [260]), Vocabulary(TOKENS, [260], size=300), Vocabulary(TOKENS, [259])):
        assert len(vocabulary.trie.same) == vocabulary.size
    assert len(list(cached.iterdir())) == 3


def test_small_vocabularies_leave_no_files(monkeypatch, tmp_path):
    monkeypatch.setenv("CONSTRAIN_CACHE", str(tmp_path))
    assert len(Vocabulary(TOKENS, [260]).trie) == 259
    assert not list(tmp_path.iterdir())


def test_a_real_vocabulary_is_kept(monkeypatch, tmp_path, tekken):
    monkeypatch.setenv("CONSTRAIN_CACHE", str(tmp_path))
    first = Vocabulary(tekken.tokens, tekken.eos)
    assert first.trie.equals(tekken.trie)
    again = Vocabulary(tekken.tokens, tekken.eos)
    assert again.trie.equals(tekken.trie)
    assert again.string_rest.equals(tekken.string_rest)
    assert len(list(tmp_path.iterdir())) == 1
