# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Interning: equal sequences of 32-bit integers get the same small id, for ever.

Terms, symbol sequences, continuations, states and templates are all sequences of integers, so one structure serves
them: an append-only pool of keys and an open-addressed table of ids (linear probing, load at most one half).

Example: `intern([5, 3, 4])` -> 0, `intern([5, 3])` -> 1, `intern([5, 3, 4])` -> 0.

Invariants: ids are dense from 0; an id never changes its meaning; `key(i)` is valid until the next `intern` only
(the pool may move), so callers copy what they keep. Rejected: a Python dict of tuples (7 to 13 us a miss, measured
on a prototype, against well under 1 us here).
"""

from libc.string cimport memcmp

from constrain.errors import LimitExceeded

cdef inline uint32_t hash_key(const int32_t* key, uint32_t n) noexcept nogil:
    cdef uint64_t h = 0x9E3779B97F4A7C15ULL ^ n
    cdef uint32_t i
    for i in range(n):
        h = (h ^ <uint32_t>key[i]) * 0xBF58476D1CE4E5B9ULL
        h ^= h >> 29
    return <uint32_t>(h ^ (h >> 32))


cdef class Interner:
    def __cinit__(self, uint32_t limit=0x7FFFFFF0):
        self.limit = limit
        self.start.push_back(0)
        self.table.assign(256, -1)

    cdef int32_t count(self) noexcept:
        return <int32_t>self.hashes.size()

    cdef uint32_t length(self, int32_t i) noexcept:
        return self.start[i + 1] - self.start[i]

    cdef const int32_t* key(self, int32_t i) noexcept:
        return self.pool.data() + self.start[i]

    cdef int32_t find(self, const int32_t* key, uint32_t n) noexcept:
        cdef uint32_t h = hash_key(key, n)
        cdef uint32_t mask = <uint32_t>self.table.size() - 1
        cdef uint32_t slot = h & mask
        cdef int32_t i
        while True:
            i = self.table[slot]
            if i < 0:
                return -1
            if (
                self.hashes[i] == h
                and self.start[i + 1] - self.start[i] == n
                and memcmp(self.pool.data() + self.start[i], key, n * sizeof(int32_t)) == 0
            ):
                return i
            slot = (slot + 1) & mask

    cdef int32_t intern(self, const int32_t* key, uint32_t n) except -1:
        cdef uint32_t h = hash_key(key, n)
        cdef uint32_t mask = <uint32_t>self.table.size() - 1
        cdef uint32_t slot = h & mask
        cdef int32_t i
        cdef uint32_t k
        while True:
            i = self.table[slot]
            if i < 0:
                break
            if (
                self.hashes[i] == h
                and self.start[i + 1] - self.start[i] == n
                and memcmp(self.pool.data() + self.start[i], key, n * sizeof(int32_t)) == 0
            ):
                return i
            slot = (slot + 1) & mask
        i = <int32_t>self.hashes.size()
        if <uint32_t>i >= self.limit or self.pool.size() + n > 0xFFFFFFF0:
            raise LimitExceeded("interned objects of one automaton", self.limit)
        for k in range(n):
            self.pool.push_back(key[k])
        self.start.push_back(<uint32_t>self.pool.size())
        self.hashes.push_back(h)
        self.table[slot] = i
        if 2 * self.hashes.size() > self.table.size():
            self.grow()
        return i

    cdef int grow(self) except -1:
        cdef uint32_t size = <uint32_t>self.table.size() * 2
        cdef uint32_t mask = size - 1
        cdef uint32_t slot
        cdef int32_t i
        self.table.assign(size, -1)
        for i in range(<int32_t>self.hashes.size()):
            slot = self.hashes[i] & mask
            while self.table[slot] >= 0:
                slot = (slot + 1) & mask
            self.table[slot] = i
        return 0
