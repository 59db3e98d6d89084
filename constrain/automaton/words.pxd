# cython: language_level=3
from libc.stdint cimport int32_t, uint8_t, uint32_t
from libcpp.vector cimport vector

# What the field `sub` of a state says, packed into an int: kind | digits << 3 | value << 5 | high << 17
cdef enum:
    PLAIN = 0
    ESCAPE = 1  # after a backslash
    HEX = 2  # after \\u and `digits` hexadecimal digits of `value`
    LOW_BACKSLASH = 3  # after a high surrogate escape (`high` = its low ten bits)
    LOW_U = 4
    LOW_HEX = 5

cdef inline int32_t pack(int32_t kind, int32_t digits, int32_t value, int32_t high) noexcept:
    return kind | digits << 3 | value << 5 | high << 17

cdef struct WordStep:
    int32_t byte_a
    int32_t byte_b  # second byte with the same effect (the other case of a hexadecimal digit), or -1
    int32_t lo
    int32_t hi
    int32_t offset
    int32_t sub


cdef class Words:
    cdef vector[uint8_t] pool
    cdef vector[uint32_t] off

    cdef int32_t add(self, list words) except -1
    cdef int32_t length(self, int32_t i) noexcept
    cdef int32_t code(self, int32_t i, int32_t offset) noexcept
    cdef int32_t past(self, int32_t lo, int32_t hi, int32_t offset, int32_t byte) noexcept
    cdef int32_t reach(self, int32_t lo, int32_t hi, int32_t offset, int32_t code) noexcept
    cdef int expand(
        self, int32_t lo, int32_t hi, int32_t offset, int32_t sub, bint json, vector[WordStep]& out
    ) except -1
    cdef int spellable(self, int32_t lo, int32_t hi, int32_t offset, int32_t sub, int32_t* out) noexcept
    cdef int32_t lookup(self, int32_t lo, int32_t hi, const uint8_t* text, int32_t n) noexcept
    cdef bint extends(self, int32_t lo, int32_t hi, const uint8_t* text, int32_t n) noexcept
