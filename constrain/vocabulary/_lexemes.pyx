# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
# distutils: language = c++
"""Compiled classification of tokens: one pass over their bytes. Same result as `lexemes.classify_reference`."""

from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport int32_t, int64_t, uint8_t

import numpy as np


cdef inline bint trails(uint8_t byte) noexcept nogil:
    return 0x80 <= byte <= 0xBF


cdef int32_t characters(const uint8_t* text, int64_t length) noexcept nogil:
    """Return the number of characters if all may stand raw inside a JSON string (RFC 3629, RFC 8259), or -1."""
    cdef int64_t i = 0
    cdef int32_t count = 0
    cdef uint8_t first, low, high
    while i < length:
        first = text[i]
        if first < 0x80:
            if first < 0x20 or first == 0x22 or first == 0x5C:
                return -1
            i += 1
        elif 0xC2 <= first <= 0xDF:
            if i + 1 >= length or not trails(text[i + 1]):
                return -1
            i += 2
        elif 0xE0 <= first <= 0xEF:
            low = 0xA0 if first == 0xE0 else 0x80
            high = 0x9F if first == 0xED else 0xBF
            if i + 2 >= length or not low <= text[i + 1] <= high or not trails(text[i + 2]):
                return -1
            i += 3
        elif 0xF0 <= first <= 0xF4:
            low = 0x90 if first == 0xF0 else 0x80
            high = 0x8F if first == 0xF4 else 0xBF
            if i + 3 >= length or not low <= text[i + 1] <= high or not trails(text[i + 2]) or not trails(text[i + 3]):
                return -1
            i += 4
        else:
            return -1
        count += 1
    return count


def classify(bytes data, const int64_t[::1] offset, int32_t size):
    """Return (string_chars, space_run, space_only); see `lexemes.Lexemes`."""
    cdef const uint8_t* base = <const uint8_t*>PyBytes_AS_STRING(data)
    cdef Py_ssize_t count = offset.shape[0] - 1, t
    cdef int64_t length, run
    cdef const uint8_t* text
    chars_array = np.full(size, -1, dtype=np.int32)
    run_array = np.zeros(size, dtype=np.int32)
    only_array = np.zeros(size, dtype=np.uint8)
    cdef int32_t[::1] chars = chars_array
    cdef int32_t[::1] runs = run_array
    cdef uint8_t[::1] only = only_array
    with nogil:
        for t in range(count):
            length = offset[t + 1] - offset[t]
            if length == 0:
                continue
            text = base + offset[t]
            chars[t] = characters(text, length)
            run = 0
            while run < length and (text[run] == 0x20 or text[run] == 0x09 or text[run] == 0x0A or text[run] == 0x0D):
                run += 1
            runs[t] = <int32_t>run
            only[t] = run == length
    return chars_array, run_array, only_array
