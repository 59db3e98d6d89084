# cython: language_level=3
from libc.stdint cimport int8_t, int32_t, uint8_t, uint32_t, uint64_t
from libcpp.unordered_map cimport unordered_map
from libcpp.vector cimport vector

from constrain.automaton.machine cimport Machine
from constrain.automaton.tables cimport FlatTrie, LexemeTable, Store

cdef struct Full:
    int32_t base
    int32_t count
    int32_t row
    int8_t alive  # 0 unknown, 1 an accepting state is reachable by tokens, 2 it is not


cdef class Core:
    cdef readonly Store store
    cdef Machine machine
    cdef vector[Full] fulls
    cdef vector[int32_t] plain  # base -> state with count 0, or -1
    cdef unordered_map[uint64_t, int32_t] counted
    cdef vector[int32_t] base_rows
    cdef unordered_map[uint64_t, int32_t] near_rows
    cdef readonly int32_t start
    cdef readonly int32_t finished
    cdef int32_t finished_row
    cdef uint32_t limit
    cdef int32_t search_limit
    cdef double began  # when the work began that searches are charged to
    cdef int32_t misses  # searches by single bytes that found nothing
    cdef bint filtering  # a row is being filtered: all its searches are one piece of work
    cdef vector[int32_t] scratch
    cdef int32_t walks

    cdef int32_t full(self, int32_t base, int32_t count) except -1
    cdef int32_t raw_step(self, int32_t state, int32_t token) except -9
    cdef int32_t next(self, int32_t state, int32_t token) except -9
    cdef int32_t row_of(self, int32_t state) except -1
    cdef int32_t raw_row(self, int32_t base, int32_t count) except -1
    cdef int walk(self, int32_t q, int32_t count, int32_t first, int32_t n, int32_t* row) except -1
    cdef int walk_trie(
        self, const FlatTrie* trie, int32_t q, int32_t count, int32_t first, int32_t n, int32_t* row
    ) except -1
    cdef bint enter(
        self,
        const FlatTrie* trie,
        bint whole,
        int32_t i,
        int32_t byte,
        int32_t q,
        int32_t count,
        int32_t* frame,
        int32_t* row,
    ) except -1
    cdef int walk_open(self, int32_t t, int32_t node, int32_t* row) except -1
    cdef int walk_long(self, LexemeTable table, int32_t limit, int32_t q, int32_t* row) except -1
    cdef int walk_names(self, int32_t q, int32_t first, int32_t n, int32_t* row) except -1
    cdef int walk_exact(self, int32_t q, int32_t first, int32_t n, int32_t* row) except -1
    cdef int walk_declared(self, int32_t t, int32_t q, int32_t first, int32_t n, int32_t* row) except -1
    cdef int walk_free(self, int32_t q, int32_t first, int32_t n, int32_t* row) except -1
    cdef int set_tokens(self, int32_t i, int32_t* row) noexcept
    cdef int32_t follow(self, int32_t q, const uint8_t* path, int32_t length) except -9
    cdef int walk_table(self, LexemeTable table, int32_t t, int32_t node, int32_t count, int32_t* row) except -1
    cdef int add_free(self, int32_t t, int32_t node, int32_t* row) except -1
    cdef int compute(self, int32_t base, int32_t count, int32_t* row) except -1
    cdef bint alive(self, int32_t state) except -1
    cdef bint search(self, int32_t state, bint singles) except -1
    cdef int32_t needed(self, int32_t state) except -1
    cdef int32_t height(self, int32_t node) noexcept
    cdef int32_t check(self, state) except -1
    cdef bint is_end(self, int32_t token) noexcept
    cdef bint is_space(self, int32_t repeat) except -1
    cdef int closers(self, int32_t keys, int32_t used, int32_t text, bint partly, vector[int32_t]& out) except -1
    cdef int along(self, const uint8_t* text, int32_t length, vector[int32_t]& out) except -1


cdef class Run:
    cdef readonly object automaton
    cdef Core core
    cdef vector[int32_t] history
    cdef readonly int32_t state
