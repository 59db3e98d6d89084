# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Mask rows, stored once per content.

A row is `words` packed int32: bit t % 32 of word t // 32 is 1 iff token t is allowed; padding bits are 0. Many states
share a mask (every string interior, every comma between items), so rows are content-addressed: a caller builds a row
in a scratch buffer and `store` returns the id of the stored copy.

Example: for a vocabulary of 40 tokens (2 words), the row `[5, 0]` allows tokens 0 and 2; storing it twice gives the
same id.

Invariants: ids are dense and never change meaning; a stored row never moves and is never written again (numpy views of
it are read-only). Rejected: one array that doubles (it would move rows under the views handed out).
"""

from libc.string cimport memcmp, memcpy

import numpy as np

from constrain.errors import LimitExceeded


cdef extern from *:
    int __builtin_popcount(unsigned int) noexcept nogil
    int __builtin_ctz(unsigned int) noexcept nogil


cdef uint64_t hash_row(const int32_t* row, int32_t words) noexcept nogil:
    """Four independent lanes of 64 bits, so that the multiplications overlap."""
    cdef uint64_t a = 0x9E3779B97F4A7C15ULL, b = 0xBF58476D1CE4E5B9ULL, c = 0x94D049BB133111EBULL, d = words
    cdef uint64_t w[4]
    cdef int32_t i = 0
    while i + 8 <= words:
        memcpy(w, row + i, 32)
        a = (a ^ w[0]) * 0xFF51AFD7ED558CCDULL
        b = (b ^ w[1]) * 0xC4CEB9FE1A85EC53ULL
        c = (c ^ w[2]) * 0x9FB21C651E98DF25ULL
        d = (d ^ w[3]) * 0xD6E8FEB86659FD93ULL
        a ^= a >> 32
        b ^= b >> 32
        c ^= c >> 32
        d ^= d >> 32
        i += 8
    while i < words:
        a = (a ^ <uint32_t>row[i]) * 0xFF51AFD7ED558CCDULL
        a ^= a >> 32
        i += 1
    a = (a ^ b * 3) * 0xFF51AFD7ED558CCDULL
    c = (c ^ d * 5) * 0xC4CEB9FE1A85EC53ULL
    a ^= c ^ (a >> 29) ^ (c >> 33)
    return a


cdef class Rows:
    def __cinit__(self, int32_t words, uint64_t limit=4 << 30):
        self.words = words
        self.limit = limit
        self.per_chunk = max(1, (1 << 18) // max(1, words))
        self.chunks = []
        self.table.assign(256, -1)

    def __len__(self):
        return self.count()

    def view(self, int32_t i):
        """Return row `i` as a read-only numpy array, int32 [words]."""
        return self.chunks[i // self.per_chunk][i % self.per_chunk]

    cdef int32_t count(self) noexcept:
        return <int32_t>self.hashes.size()

    cdef int32_t* row(self, int32_t i) noexcept:
        return self.pointers[i // self.per_chunk] + <int64_t>(i % self.per_chunk) * self.words

    cdef int32_t store(self, const int32_t* row) except -1:
        """Return the id of a row with this content, copying it if it is new."""
        cdef uint64_t h = hash_row(row, self.words)
        cdef uint32_t mask = <uint32_t>self.table.size() - 1
        cdef uint32_t slot = <uint32_t>h & mask
        cdef int32_t i, k, population = 0, first = -1
        cdef int32_t[:, ::1] view
        while True:
            i = self.table[slot]
            if i < 0:
                break
            if self.hashes[i] == h and memcmp(self.row(i), row, self.words * sizeof(int32_t)) == 0:
                return i
            slot = (slot + 1) & mask
        i = self.count()
        if <uint64_t>(i + 1) * self.words * 4 > self.limit:
            raise LimitExceeded("bytes of mask rows of one vocabulary", self.limit)
        if i % self.per_chunk == 0:
            chunk = np.zeros((self.per_chunk, self.words), dtype=np.int32)
            view = chunk
            self.pointers.push_back(&view[0, 0])
            chunk.flags.writeable = False
            self.chunks.append(chunk)
        memcpy(self.row(i), row, self.words * sizeof(int32_t))
        for k in range(self.words):
            if row[k]:
                if first < 0:
                    first = 32 * k + __builtin_ctz(<unsigned int>row[k])
                population += __builtin_popcount(<unsigned int>row[k])
        self.hashes.push_back(h)
        self.populations.push_back(population)
        self.firsts.push_back(first)
        self.table[slot] = i
        if 2 * self.hashes.size() > self.table.size():
            self.grow()
        return i

    cdef int grow(self) except -1:
        cdef uint32_t size = <uint32_t>self.table.size() * 2
        cdef uint32_t slot
        cdef int32_t i
        self.table.assign(size, -1)
        for i in range(self.count()):
            slot = <uint32_t>self.hashes[i] & (size - 1)
            while self.table[slot] >= 0:
                slot = (slot + 1) & (size - 1)
            self.table[slot] = i
        return 0
