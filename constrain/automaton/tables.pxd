# cython: language_level=3
from libc.stdint cimport int8_t, int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libcpp.vector cimport vector

from constrain.automaton.forms cimport Forms
from constrain.automaton.machine cimport Machine, Shapes
from constrain.automaton.names cimport Names
from constrain.automaton.rows cimport Rows
from constrain.automaton.terms cimport Terms

cdef struct TrieNode:
    int32_t end
    int32_t token
    int32_t byte
    int32_t child  # where its children begin in `FlatTrie.child`; they end where the next node's begin

cdef struct FlatTrie:
    const TrieNode* node
    const int32_t* child  # node << 8 | byte, children of one node side by side: dead ones cost no jump
    int32_t size

cdef struct Tail:
    int32_t token
    int32_t count


cdef class LexemeTable:
    cdef int32_t words
    cdef vector[Tail] staying  # sorted by count
    cdef vector[Tail] leaving  # end after the lexeme's counter was left, inside the lexeme or at its end
    cdef vector[int32_t] buckets  # rows of the tokens that stay, by largest count: `words` integers each
    cdef int32_t bucket_count
    cdef size_t filled
    cdef int32_t most
    cdef vector[uint8_t] byte  # the tails as a flat trie
    cdef vector[int32_t] end
    cdef vector[int32_t] first  # index in `tails` of the tokens that end at node i
    cdef vector[Tail] tails

    cdef const int32_t* bucket(self, int32_t count) except NULL


cdef class Part:
    cdef FlatTrie trie
    cdef vector[TrieNode] nodes
    cdef vector[int32_t] children

    cdef int copy(self, trie) except -1
    cdef int finish(self) except -1
    cdef int fill(self, const FlatTrie* whole, const vector[uint8_t]& without) except -1


cdef class Store:
    cdef Terms terms
    cdef Names names
    cdef Forms forms
    cdef Shapes shapes
    cdef Rows rows
    cdef Machine lexer
    cdef Part whole
    cdef Part text_rest
    cdef FlatTrie trie
    cdef FlatTrie rest
    cdef const int32_t* same
    cdef int32_t root[256]  # the trie node of each first byte, or -1
    cdef const int32_t* string_chars
    cdef int32_t size
    cdef int32_t words
    cdef int32_t json_char
    cdef int32_t depth
    cdef int32_t spaces
    cdef readonly bint complete
    cdef vector[uint8_t] token_bytes
    cdef vector[int32_t] token_start
    cdef vector[int32_t] eos
    cdef vector[int32_t] singles  # one token of each single byte
    cdef vector[int32_t] many_quotes  # tokens with three quotes or more
    cdef vector[int32_t] two_quotes  # with two or more
    cdef vector[int32_t] escapes
    cdef vector[int8_t] heavy_memo
    cdef vector[int8_t] wide  # 1: a walk through the term was long
    cdef vector[int32_t] open_bodies
    cdef vector[int32_t] open_limits
    cdef dict rests
    cdef dict tables
    cdef dict closings
    cdef int32_t longest_closing
    cdef object keep

    cdef int32_t open_body(self, int32_t t) except -2
    cdef int32_t opening(self, int32_t t, int32_t* body, bint* floating, int32_t* tail) except -1
    cdef bint spell_shortest(self, int32_t t, vector[uint8_t]& out) except -1
    cdef bint is_spelled_over(self, int32_t t, int32_t body) except -1
    cdef bint is_one_character(self, int32_t body) except -1
    cdef int32_t shortest(self, int32_t t) except -1
    cdef FlatTrie* rest_of(self, int32_t body) except NULL
    cdef int note_wide(self, int32_t t) except -1
    cdef bint is_heavy(self, int32_t t) except -1
    cdef LexemeTable table(self, int32_t t)
    cdef int32_t canonical(self, int32_t t) except -1
    cdef int32_t closed_text(self, int32_t body) except -1
    cdef int collect(self, LexemeTable table, FlatTrie* trie, int32_t q, bint own, list tails) except -1
    cdef int order(self, LexemeTable table) except -1
    cdef int below(self, FlatTrie* trie, int32_t top, int32_t count, list tails) except -1
