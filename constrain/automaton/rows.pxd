# cython: language_level=3
from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t
from libcpp.vector cimport vector


cdef class Rows:
    cdef readonly int32_t words
    cdef list chunks
    cdef vector[int32_t*] pointers
    cdef vector[uint64_t] hashes
    cdef vector[int32_t] table
    cdef vector[int32_t] populations
    cdef vector[int32_t] firsts
    cdef int32_t per_chunk
    cdef uint64_t limit

    cdef int32_t count(self) noexcept
    cdef int32_t* row(self, int32_t i) noexcept
    cdef int32_t store(self, const int32_t* row) except -1
    cdef int grow(self) except -1
