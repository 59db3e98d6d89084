# cython: language_level=3
from libc.stdint cimport int8_t, int32_t, uint8_t, uint32_t, uint64_t
from libcpp.unordered_map cimport unordered_map
from libcpp.vector cimport vector

from constrain.automaton.forms cimport Forms
from constrain.automaton.interning cimport Interner
from constrain.automaton.names cimport Names
from constrain.automaton.terms cimport Terms

cdef enum:
    DEAD = -1
    UNKNOWN = -2
    MIXED = -3  # a target that depends on the count

cdef enum:
    TERMINAL = 0  # [kind, term]
    CALL = 1  # [kind, nonterminal, used]
    NAME = 2  # [kind, keys, used]
    AFTER = 3  # [kind, keys, label, used]

cdef enum:
    NO_NODE = 0
    ROOT = 1

cdef struct Move:
    int32_t pair
    int32_t target
    int32_t action

cdef struct Template:
    const uint8_t* classes
    int32_t width
    int32_t moves  # index in Machines' move table of class 0: width + 1 offsets
    int32_t counter  # the REPEAT whose count the state carries, or 0
    int32_t least
    int32_t most
    bint by_byte  # contains a free name: every byte is its own class, derived when asked

cdef struct State:
    const uint8_t* classes
    int32_t* targets
    int32_t shape  # Template id
    bint accepting
    bint counting
    bint named  # some pair is the name of a member being written


cdef class Shapes:
    cdef Terms terms
    cdef Names names
    cdef Forms forms
    cdef Interner tuples
    cdef Interner maps
    cdef vector[Template] templates
    cdef vector[uint8_t*] blocks
    cdef vector[int32_t] offsets
    cdef vector[Move] moves
    cdef vector[uint8_t] acts
    cdef int32_t any_text
    cdef object lock

    cdef int32_t shape(self, const int32_t* terms, uint32_t n) except -1
    cdef const uint8_t* class_map(self, uint8_t* bytes) except NULL


cdef class Machine:
    cdef Shapes shapes
    cdef Terms terms
    cdef Names names
    cdef Forms forms
    cdef Interner symbols
    cdef Interner sequences
    cdef Interner nodes
    cdef Interner bases
    cdef vector[State] states
    cdef vector[int32_t*] chunks
    cdef size_t chunk_left
    cdef int32_t* chunk_next
    cdef vector[int32_t] closure_start
    cdef vector[int32_t] closure_count
    cdef vector[uint8_t] closure_accepts
    cdef vector[int32_t] closure_pairs
    cdef vector[int32_t] rule_start
    cdef vector[int32_t] rule_count
    cdef vector[int32_t] rule_pool
    cdef vector[int8_t] nullable_memo
    cdef unordered_map[uint64_t, int32_t] mixed
    cdef list nonterminals
    cdef dict nonterminal_ids
    cdef dict key_objects
    cdef uint32_t limit
    cdef readonly int32_t start

    cdef int32_t put(self, int32_t sequence, int32_t node) except -1
    cdef int32_t sequence(self, tuple rule, int32_t used) except -1
    cdef int32_t cons(self, int32_t symbol, int32_t rest) except -1
    cdef int expand(self, int32_t symbol) except -1
    cdef int closure(self, int32_t node) except -1
    cdef int keep_closure(self, int32_t node, bint accepting, vector[int32_t]& pairs) except -1
    cdef bint is_nullable(self, int32_t symbol) except -1
    cdef int order_calls(self, int32_t s, vector[int32_t]& order, vector[int32_t]& seen) except -1
    cdef int must_be_done(self, int32_t symbol, vector[int32_t]& order) except -1
    cdef int closure_together(self, int32_t node) except -1
    cdef int add_entry(self, vector[uint64_t]& entries, int32_t s, int32_t p) except -1
    cdef int begin(
        self,
        int32_t s,
        int32_t p,
        vector[int32_t]& order,
        vector[vector[uint64_t]]& calls,
        vector[int32_t]& pairs,
    ) except -1
    cdef int begin_name(self, int32_t keys, int32_t used, int32_t up, vector[int32_t]& pairs) except -1
    cdef int32_t base(self, bint accepting, vector[int32_t]& pairs) except -2
    cdef int32_t unite(self, vector[uint64_t]& entries) except -1
    cdef int32_t* room(self, int32_t n) except NULL
    cdef int32_t closed(self, int32_t node) except -2
    cdef int32_t miss(self, int32_t q, int32_t cls, int32_t byte) except -9
    cdef int32_t depend(self, int32_t q, int32_t count, int32_t cls) except -9
    cdef int32_t advance(self, int32_t q, int32_t* count, int32_t byte) except -9
    cdef int32_t successor(self, int32_t q, int32_t cls, int32_t byte, int32_t count, bint fixed) except -9
