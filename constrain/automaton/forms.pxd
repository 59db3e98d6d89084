# cython: language_level=3
from libc.stdint cimport int8_t, int32_t, uint8_t, uint32_t, uint64_t
from libcpp.vector cimport vector

from constrain.automaton.names cimport Names
from constrain.automaton.terms cimport Arc, ByteSet, Terms

# What a step does to the counter of a counted term
cdef enum:
    NEUTRAL = 0  # the counter is not concerned: it starts anew
    ENTER = 1  # one more repetition begins; allowed while the count is below `most`
    STAY = 2  # inside a repetition: the count is kept
    LEAVE = 3  # the repetitions are over; allowed from `least` on


cdef class Forms:
    cdef Terms terms
    cdef Names names
    cdef vector[Arc] pool
    cdef vector[uint8_t] actions
    cdef vector[int32_t] raw_start
    cdef vector[int32_t] raw_count
    cdef vector[int32_t] exact_start
    cdef vector[int32_t] exact_count
    cdef vector[int32_t] counted_start
    cdef vector[int32_t] counted_count
    cdef vector[int32_t] counters
    cdef vector[int8_t] lives
    cdef vector[int8_t] prefix_free
    cdef int32_t search_limit

    cdef int reserve(self, int32_t t) except -1
    cdef int32_t counter(self, int32_t t) except -2
    cdef bint is_prefix_free(self, int32_t body) except -1
    cdef int first(self, int32_t t, ByteSet* out) except -1
    cdef int32_t raw(self, int32_t t) except -1
    cdef int32_t exact(self, int32_t t) except -1
    cdef int32_t store(self, vector[Arc]& arcs) except -1
    cdef int32_t counted(self, int32_t t) except -1
    cdef int compute(self, int32_t t, vector[Arc]& out) except -1
    cdef int compute_declared(self, int32_t t, vector[Arc]& out) except -1
    cdef int32_t pair(self, int32_t a, int32_t b) except -1
    cdef int unite(self, vector[Arc]& out, const ByteSet* s, int32_t target) except -1
    cdef int unite_many(self, const int32_t* items, uint32_t n, vector[Arc]& out) except -1
    cdef int32_t derive(self, int32_t t, int32_t byte) except -1
    cdef int32_t derive_free(self, int32_t t, int32_t byte) except -1
    cdef int32_t free_state(
        self, int32_t keys, int32_t cls, int32_t inner, int32_t used, int32_t text, int32_t sub
    ) except -1
    cdef int32_t declared_state(
        self, int32_t keys, int32_t used, int32_t lo, int32_t hi, int32_t offset, int32_t sub
    ) except -1
    cdef bint is_free_live(
        self, int32_t keys, int32_t inner, int32_t used, int32_t text, int32_t sub
    ) except -1
    cdef bint is_live(self, int32_t t) except -1
    cdef int32_t uncounted(self, int32_t t, int32_t count) except -1
