# cython: language_level=3
from libc.stdint cimport int32_t, uint8_t, uint32_t
from libcpp.vector cimport vector

from constrain.automaton.interning cimport Interner
from constrain.automaton.terms cimport Terms
from constrain.automaton.words cimport Words

cdef struct KeySet:
    int32_t lo  # the names of its table: words lo..hi
    int32_t hi
    int32_t labels  # index in Names.labels of the label of word lo
    int32_t allowed  # index in Names.allowed of the bit of word lo
    int32_t free  # index in Names.free of its first free class
    int32_t classes
    int32_t colon


cdef class Names:
    cdef Terms terms
    cdef Words words
    cdef Interner texts
    cdef Interner sets
    cdef vector[KeySet] keys
    cdef vector[int32_t] labels
    cdef vector[uint8_t] allowed
    cdef vector[int32_t] free
    cdef dict tables
    cdef dict known

    cdef int32_t add(self, keys, int32_t any_text) except -1
    cdef bint any_allowed(self, int32_t keys, int32_t lo, int32_t hi) noexcept
    cdef int32_t append(self, int32_t text, int32_t byte) except -1
    cdef int32_t append_code(self, int32_t text, int32_t code) except -1
    cdef int32_t spell(self, int32_t text, vector[uint8_t]& out) except -1
    cdef int32_t find(self, int32_t keys, const uint8_t* text, int32_t n) noexcept
    cdef bint is_taken(self, int32_t keys, int32_t used, int32_t text) except -1
    cdef bint is_near(self, int32_t keys, int32_t used, int32_t text) except -1
    cdef int32_t use(self, int32_t used, int32_t text) except -1
    cdef int decode(self, int32_t byte, int32_t* text, int32_t* sub) except -1
