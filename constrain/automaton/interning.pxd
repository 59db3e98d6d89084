# cython: language_level=3
from libc.stdint cimport int32_t, uint32_t, uint64_t
from libcpp.vector cimport vector


cdef class Interner:
    cdef vector[int32_t] pool
    cdef vector[uint32_t] start
    cdef vector[uint32_t] hashes
    cdef vector[int32_t] table
    cdef uint32_t limit

    cdef int32_t intern(self, const int32_t* key, uint32_t n) except -1
    cdef int32_t find(self, const int32_t* key, uint32_t n) noexcept
    cdef int32_t count(self) noexcept
    cdef uint32_t length(self, int32_t i) noexcept
    cdef const int32_t* key(self, int32_t i) noexcept
    cdef int grow(self) except -1
