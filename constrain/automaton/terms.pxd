# cython: language_level=3
from libc.stdint cimport int8_t, int32_t, uint8_t, uint32_t, uint64_t
from libcpp.vector cimport vector

from constrain.automaton.interning cimport Interner
from constrain.automaton.words cimport Words

cdef enum:
    NOTHING = 0
    EPSILON = 1
    BYTES = 2  # [kind, byte set]
    LITERAL = 3  # [kind, literal, offset]
    CONCAT = 4  # [kind, head, tail]
    ALT = 5  # [kind, terms...]
    REPEAT = 6  # [kind, body, least, most]
    AND = 7  # [kind, terms...]
    NOT = 8  # [kind, term]
    WORDS = 9  # [kind, json, lo, hi, offset, sub]
    DFA = 11  # [kind, table, state]
    WITHIN = 12  # [kind, rest of a counted body, counted concatenation]
    DECLARED = 13  # [kind, keys, used, lo, hi, offset, sub]
    FREE = 14  # [kind, keys, class, inner, used, text, sub]
    NAMED = 15  # [kind, keys, label, used]: a name and its closing quote are complete

cdef enum:
    UNBOUNDED = 0x3FFFFFFF

cdef struct ByteSet:
    uint64_t w[4]

cdef struct Arc:
    ByteSet set
    int32_t target

cdef struct Table:
    const uint8_t* classes
    int32_t width
    int32_t base  # index of its first entry in Terms.table_next
    int32_t accept  # index of its first entry in Terms.table_accepting


cdef inline bint has(const ByteSet* s, int b) noexcept:
    return (s.w[b >> 6] >> (b & 63)) & 1


cdef class Terms:
    cdef Interner interner
    cdef Interner sets
    cdef Words words
    cdef vector[ByteSet] byte_sets
    cdef vector[uint8_t] nullables
    cdef vector[uint8_t] booleans
    cdef vector[int32_t] least_bytes
    cdef vector[uint8_t] literal_pool
    cdef vector[int32_t] literal_start
    cdef vector[Table] tables
    cdef vector[int32_t] table_next
    cdef vector[uint8_t] table_accepting
    cdef int32_t everything
    cdef uint32_t limit
    cdef double seconds
    cdef double began
    cdef int32_t work
    cdef dict imported
    cdef dict literals
    cdef dict dfas

    cdef int32_t kind(self, int32_t t) noexcept
    cdef int32_t arg(self, int32_t t, int i) noexcept
    cdef int32_t make(self, const int32_t* key, uint32_t n, bint nullable, bint boolean, int32_t least) except -1
    cdef int charge(self) except -1
    cdef int32_t byte_set(self, const ByteSet* s) except -1
    cdef int32_t literal(self, int32_t index, int32_t offset) except -1
    cdef int32_t concat(self, int32_t a, int32_t b) except -1
    cdef int32_t alt(self, vector[int32_t]& items) except -1
    cdef int32_t alt2(self, int32_t a, int32_t b) except -1
    cdef int32_t both(self, vector[int32_t]& items) except -1
    cdef int32_t negate(self, int32_t t) except -1
    cdef int32_t repeat(self, int32_t body, int32_t least, int32_t most) except -1
    cdef int32_t word_state(self, bint json, int32_t lo, int32_t hi, int32_t offset, int32_t sub) except -1
    cdef int32_t dfa_state(self, int32_t table, int32_t state) except -1
    cdef int32_t add(self, term) except -1
    cdef int32_t literal_index(self, data) except -1
