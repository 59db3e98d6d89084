# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The token automaton, compiled: states, steps and mask rows for one grammar over one vocabulary.

A state id stands for a machine state (base, count); token states and byte states share the id space. `step` runs a
token's bytes through the machine. A mask is found, in this order:

1. the row memoised for the state, or (counted states) for the base at this distance from the counter's bounds;
2. the union over the state's heavy terms of: the ready row of the tokens that stay inside, and a walk over the tails
of those that
   leave (tables.pyx); plus
3. a walk of the rest of the state over the whole trie, skipping dead branches.

Example: after `{"name": "Jo`, the state is (string interior, n) where n is what follows; its row is the ready row of
string tokens plus some 300 tail nodes walked from n.

Free names (names.pyx) are computed as ordinary strings first, then corrected: tokens that close a declared or used
name are cleared, and tokens that complete a second name after the first are stepped one by one.

Where the vocabulary lacks some bytes (`Store.complete` is False), a token is allowed only if a memoised forward search
finds an accepting state behind it.

`FINISHED` is the state after an end-of-sequence token: it allows only those, and counts as accepting.
"""

from libc.string cimport memcpy, memset
from libcpp.algorithm cimport pop_heap, push_heap, sort

from time import monotonic

import numpy as np

from constrain.automaton.machine cimport AFTER, DEAD, MIXED, ROOT, TERMINAL, UNKNOWN, Machine, State, Template
from constrain.automaton.names cimport Names
from constrain.automaton.tables cimport Tail, TrieNode
from constrain.automaton.terms cimport DECLARED, FREE, NOTHING, UNBOUNDED
from constrain.automaton.words cimport PLAIN

from constrain.errors import LimitExceeded, VocabularyError


cdef enum:
    SHORT = 1000  # steps of a search by single bytes
    WEIGHT = 4  # of a byte still needed, against a token taken


cdef class Core:
    def __cinit__(self, Store store, tuple start, limits):
        self.store = store
        store.terms.work = 0  # what other automata did is not charged to this one
        self.limit = <uint32_t>min(limits.states, 0x7FFFFFF0)
        self.search_limit = <int32_t>min(limits.search, 0x7FFFFFF0)
        self.machine = Machine(store.shapes, start, self.limit)
        self.scratch.assign(max(1, store.words), 0)
        self.finished = self.full(-7, 0)
        if self.machine.start == DEAD:
            self.start = DEAD
        else:
            self.start = self.full(self.machine.start, 0)
        self.finished_row = -1

    # ---- states --------------------------------------------------------------------------------------------

    cdef int32_t full(self, int32_t base, int32_t count) except -1:
        """Return the id of the state (base, count)."""
        cdef uint64_t key
        cdef Full entry
        cdef int32_t found
        if count == 0 and base >= 0:
            if <size_t>base < self.plain.size() and self.plain[base] >= 0:
                return self.plain[base]
        else:
            key = <uint64_t><uint32_t>base << 32 | <uint32_t>count
            if self.counted.count(key):
                return self.counted[key]
        if self.fulls.size() >= self.limit:
            raise LimitExceeded("states of one automaton", self.limit)
        found = <int32_t>self.fulls.size()
        entry.base, entry.count, entry.row, entry.alive = base, count, -1, 0
        self.fulls.push_back(entry)
        if count == 0 and base >= 0:
            if <size_t>base >= self.plain.size():
                self.plain.resize(max(<size_t>(base + 1), 2 * self.plain.size()), -1)
            self.plain[base] = found
        else:
            self.counted[key] = found
        return found

    cdef int32_t check(self, state) except -1:
        cdef long long s = state
        self.store.terms.work = 0
        if s < 0 or s >= <long long>self.fulls.size():
            raise VocabularyError(f"{state} is not a state of this automaton (DEAD states have no masks or steps)")
        return <int32_t>s

    cdef int32_t raw_step(self, int32_t state, int32_t token) except -9:
        """Step over the bytes of a text token."""
        cdef int32_t q = self.fulls[state].base, count = self.fulls[state].count
        cdef int32_t i, last
        if q < 0 or <size_t>token + 1 >= self.store.token_start.size():
            return DEAD
        i, last = self.store.token_start[token], self.store.token_start[token + 1]
        if i == last:
            return DEAD
        while i < last:
            q = self.machine.advance(q, &count, self.store.token_bytes[i])
            if q < 0:
                return DEAD
            i += 1
        return self.full(q, count)

    cdef int32_t next(self, int32_t state, int32_t token) except -9:
        cdef int32_t target
        cdef size_t k
        if token < 0 or token >= self.store.size:
            raise VocabularyError(f"{token} is not a token id: the vocabulary has {self.store.size}")
        target = self.raw_step(state, token)
        if target == DEAD:
            for k in range(self.store.eos.size()):
                if self.store.eos[k] == token:
                    if self.fulls[state].base < 0 or self.machine.states[self.fulls[state].base].accepting:
                        return self.finished
            return DEAD
        if not self.store.complete and not self.alive(target):
            return DEAD
        return target

    cdef bint alive(self, int32_t state) except -1:
        """Tell whether tokens lead from `state` to an accepting state (vocabularies that lack bytes)."""
        if self.fulls[state].alive:
            return self.fulls[state].alive == 1
        if self.machine.states[self.fulls[state].base].accepting:
            self.fulls[state].alive = 1
            return True
        if not self.filtering:
            self.began = monotonic()
        if self.misses < 16:
            if self.search(state, True):
                return True
            self.misses += 1
        return self.search(state, False)

    cdef bint search(self, int32_t state, bint singles) except -1:
        """Search forwards for an accepting state; remember the answer for the states on the way, or, without one, for all met.

        singles: by tokens of one byte alone, depth first, to what needs least, and not far; that leads out nearly always, and
        where it does not, False means nothing. Else best first by tokens taken and, weighted, what is still needed.
        Taking states in order would try all texts of a string, and all members before the ones that are required.
        """
        cdef vector[int32_t] order, parent, taken, moves
        cdef vector[uint64_t] queue, children
        cdef vector[uint8_t] seen
        cdef size_t k
        cdef int32_t s, t, row, w, i, at = -1, token, steps = 0
        cdef unsigned int bits
        if singles:
            moves = self.store.singles
        order.push_back(state)
        parent.push_back(-1)
        taken.push_back(0)
        if singles:
            queue.push_back(0)
        else:
            queue.push_back(~<uint64_t>0)
        seen.resize(self.fulls.size(), 0)
        seen[state] = 1
        while not queue.empty() and at < 0:
            if singles:
                i = <int32_t>(queue.back() & 0xFFFFFFFF)
            else:
                i = <int32_t>(~queue.front() & 0xFFFFFFFF)
                pop_heap(queue.begin(), queue.end())
            queue.pop_back()
            s = order[i]
            steps += 1
            if singles and steps > SHORT:
                return False
            if steps > self.search_limit:
                raise LimitExceeded("steps of one liveness search", self.search_limit)
            if monotonic() - self.began > self.store.terms.seconds:
                raise LimitExceeded("seconds of work for one step or mask", self.store.terms.seconds)
            if not singles:
                moves.clear()
                row = self.raw_row(self.fulls[s].base, self.fulls[s].count)
                for w in range(self.store.words):
                    bits = <unsigned int>self.store.rows.row(row)[w]
                    token = 32 * w
                    while bits:
                        if bits & 1:
                            moves.push_back(token)
                        bits >>= 1
                        token += 1
            children.clear()
            for k in range(moves.size()):
                t = self.raw_step(s, moves[k])
                if t == DEAD:
                    continue
                if <size_t>t >= seen.size():
                    seen.resize(2 * t + 1, 0)
                if seen[t] or self.fulls[t].alive == 2:
                    continue
                seen[t] = 1
                w = <int32_t>order.size()
                order.push_back(t)
                parent.push_back(i)
                taken.push_back(taken[i] + 1)
                if self.fulls[t].alive == 1 or self.machine.states[self.fulls[t].base].accepting:
                    at = w
                    break
                if singles:
                    children.push_back(<uint64_t>self.needed(t) << 32 | <uint64_t>w)
                else:
                    queue.push_back(~(<uint64_t>(taken[w] + WEIGHT * self.needed(t)) << 32 | <uint64_t>w))
                    push_heap(queue.begin(), queue.end())
            sort(children.begin(), children.end())
            for k in range(children.size()):
                queue.push_back(children[children.size() - 1 - k])
        if at < 0:
            if singles:
                return False
            for k in range(order.size()):
                self.fulls[order[k]].alive = 2
            return False
        while at >= 0:
            self.fulls[order[at]].alive = 1
            at = parent[at]
        return True

    cdef int32_t needed(self, int32_t state) except -1:
        """Return about how far the end of the text is: bytes of the terminal being read, symbols on the stack below it."""
        cdef int32_t base = self.fulls[state].base, count = self.fulls[state].count, t, k, least, best = UNBOUNDED
        cdef uint32_t i
        for i in range(1, self.machine.bases.length(base), 2):
            t = self.machine.bases.key(base)[i]
            least = self.store.terms.least_bytes[t]
            k = self.store.forms.counter(t) if count else 0
            if k:
                least -= min(count, self.store.terms.arg(k, 1)) * self.store.terms.least_bytes[self.store.terms.arg(k, 0)]
            if self.store.terms.kind(t) == FREE:
                least = 12  # worse than any declared name, of which each can come but once
            elif self.store.terms.kind(t) == DECLARED:
                least = 12
                for k in range(self.store.terms.arg(t, 2), min(self.store.terms.arg(t, 3), self.store.terms.arg(t, 2) + 16)):
                    if self.store.names.any_allowed(self.store.terms.arg(t, 0), k, k + 1):
                        least = min(least, 4 + self.store.terms.words.length(k) - self.store.terms.arg(t, 4))
            best = min(best, max(1, least) + self.height(self.machine.bases.key(base)[i + 1]))
        return min(best, 0xFFFFFF)

    cdef int32_t height(self, int32_t node) noexcept:
        """Return the number of symbols on one of the stacks of `node`, at most some hundred."""
        cdef int32_t symbols = 0, sequence
        while node != ROOT and self.machine.nodes.length(node) and symbols < 200:
            sequence = self.machine.nodes.key(node)[0]
            while sequence:
                symbols += 1
                sequence = self.machine.sequences.key(sequence)[1]
            node = self.machine.nodes.key(node)[1]
        return symbols

    # ---- rows ----------------------------------------------------------------------------------------------

    cdef int32_t row_of(self, int32_t state) except -1:
        """Return the id of the mask row of a state."""
        cdef int32_t row, w, token
        cdef unsigned int bits, kept
        cdef size_t k
        cdef vector[int32_t] filtered
        if self.fulls[state].row >= 0:
            return self.fulls[state].row
        if self.fulls[state].base < 0:
            filtered.assign(self.store.words, 0)
            for k in range(self.store.eos.size()):
                filtered[self.store.eos[k] >> 5] |= <int32_t>1 << (self.store.eos[k] & 31)
            row = self.store.rows.store(filtered.data())
        else:
            row = self.raw_row(self.fulls[state].base, self.fulls[state].count)
            if not self.store.complete:
                filtered.assign(self.store.rows.row(row), self.store.rows.row(row) + self.store.words)
                self.filtering = True
                self.began = monotonic()
                try:
                    for w in range(self.store.words):
                        bits = kept = <unsigned int>filtered[w]
                        while bits:
                            token = 32 * w
                            while not (bits >> (token & 31)) & 1:
                                token += 1
                            bits &= bits - 1
                            if not self.is_end(token) and self.next(state, token) == DEAD:
                                kept &= ~(<unsigned int>1 << (token & 31))
                        filtered[w] = <int32_t>kept
                finally:
                    self.filtering = False
                row = self.store.rows.store(filtered.data())
        self.fulls[state].row = row
        return row

    cdef bint is_end(self, int32_t token) noexcept:
        cdef size_t k
        for k in range(self.store.eos.size()):
            if self.store.eos[k] == token:
                return True
        return False

    cdef int32_t raw_row(self, int32_t base, int32_t count) except -1:
        """Return the row of (base, count) by bytes alone, memoised by distance from the counter's bounds."""
        cdef Template* template = &self.machine.shapes.templates[self.machine.states[base].shape]
        cdef uint64_t key = 0
        cdef int32_t row, far = self.store.depth + 1, above, below
        cdef vector[int32_t] words
        cdef bint counting = template.counter != 0
        if counting:
            if self.store.spaces < far and self.is_space(template.counter):
                far = self.store.spaces + 1
            above = far if template.most == UNBOUNDED else min(template.most - count, far)
            below = min(max(template.least - count, 0), far)
            key = <uint64_t>base << 32 | <uint64_t>above << 16 | <uint64_t>below
            if self.near_rows.count(key):
                return self.near_rows[key]
        elif <size_t>base < self.base_rows.size() and self.base_rows[base] >= 0:
            return self.base_rows[base]
        words.assign(self.store.words, 0)
        self.compute(base, count, words.data())
        row = self.store.rows.store(words.data())
        if counting:
            self.near_rows[key] = row
        else:
            if <size_t>base >= self.base_rows.size():
                self.base_rows.resize(max(<size_t>(base + 1), 2 * self.base_rows.size()), -1)
            self.base_rows[base] = row
        return row

    cdef bint is_space(self, int32_t repeat) except -1:
        """Tell whether a REPEAT counts white space, of which a token holds at most `Store.spaces` bytes."""
        cdef int32_t body = self.store.terms.arg(repeat, 0), k, b, start = self.store.forms.exact(body)
        cdef uint64_t spaces = <uint64_t>1 << 32 | <uint64_t>1 << 9 | <uint64_t>1 << 10 | <uint64_t>1 << 13
        for k in range(self.store.forms.exact_count[body]):
            for b in range(1, 4):
                if self.store.forms.pool[start + k].set.w[b]:
                    return False
            if self.store.forms.pool[start + k].set.w[0] & ~spaces:
                return False
        return True

    cdef int compute(self, int32_t base, int32_t count, int32_t* row) except -1:
        """Set the bits of every token that (base, count) survives, and of the ends if it accepts."""
        cdef vector[int32_t] own, light
        cdef const int32_t* other
        cdef size_t i, k
        cdef int32_t w, part
        cdef bint heavy = False
        if self.machine.states[base].accepting:
            for k in range(self.store.eos.size()):
                row[self.store.eos[k] >> 5] |= <int32_t>1 << (self.store.eos[k] & 31)
        own.assign(self.machine.bases.key(base) + 1, self.machine.bases.key(base) + self.machine.bases.length(base))
        for i in range(0, own.size(), 2):
            if self.store.is_heavy(own[i]):
                heavy = True
            else:
                light.push_back(own[i])
                light.push_back(own[i + 1])
        if not heavy:
            self.walks = 0
            self.walk(base, count, 0, self.store.trie.size, row)
            if self.walks > 8000 and own.size() == 2 and not self.machine.states[base].named:
                self.store.note_wide(own[0])
            return 0
        for i in range(0, own.size(), 2):
            if not self.store.is_heavy(own[i]):
                continue
            if self.store.terms.kind(own[i]) == FREE:
                self.add_free(own[i], own[i + 1], row)
            elif self.store.open_body(own[i]) > 0:
                self.walk_open(own[i], own[i + 1], row)
            else:
                self.walk_table(self.store.table(own[i]), own[i], own[i + 1], count, row)
        if not light.empty():
            part = self.machine.base(False, light)
            if self.machine.states[part].counting:
                self.walk(part, count, 0, self.store.trie.size, row)
            else:
                part = self.raw_row(part, 0)
                other = self.store.rows.row(part)
                for w in range(self.store.words):
                    row[w] |= other[w]
        return 0

    cdef int walk(self, int32_t q, int32_t count, int32_t first, int32_t n, int32_t* row) except -1:
        """Walk nodes first..n (whole subtrees) of the vocabulary's trie from (q, count), skipping dead branches."""
        cdef int32_t b, i, c
        cdef State* state
        if self.machine.states[q].named:
            return self.walk_names(q, first, n, row)
        if first or n < self.store.trie.size:
            return self.walk_trie(&self.store.trie, q, count, first, n, row)
        for b in range(256):  # the nodes of the first bytes lie far apart: look only at those that live
            i = self.store.root[b]
            state = &self.machine.states[q]
            if i >= 0 and state.targets[state.classes[b]] != DEAD:
                self.walk_trie(&self.store.trie, q, count, i, self.store.trie.node[i].end, row)
        return 0

    cdef int walk_trie(
        self, const FlatTrie* trie, int32_t q, int32_t count, int32_t first, int32_t n, int32_t* row
    ) except -1:
        """Walk nodes first..n of `trie` from (q, count); names only if it is the vocabulary's whole trie."""
        cdef vector[int32_t] frames
        cdef const TrieNode* nodes = trie.node
        cdef bint whole = trie.node == self.store.trie.node
        cdef int32_t i = first, k, token
        cdef int32_t* top
        cdef int32_t base
        frames.assign(4 * (self.store.depth + 2), 0)
        while i < n:
            top = frames.data()
            if self.enter(trie, whole, i, nodes[i].byte, q, count, top, row):
                while top >= frames.data():
                    if top[0] == top[1]:
                        top -= 4
                        continue
                    k = trie.child[top[0]]
                    top[0] += 1
                    if self.enter(trie, whole, k >> 8, k & 0xFF, top[2], top[3], top + 4, row):
                        top += 4
            i = nodes[i].end
        return 0

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
    ) except -1:
        """Step from (q, count) into node `i`; tell whether its children are to be walked, from the state put in `frame`."""
        cdef State* state = &self.machine.states[q]
        cdef int32_t target = state.targets[state.classes[byte]], token
        if target == DEAD:
            return False
        if target < 0 or state.counting:
            target = self.machine.advance(q, &count, byte)
            if target < 0:
                return False
        else:
            count = 0
        self.walks += 1
        token = trie.node[i].token
        while token >= 0:
            row[token >> 5] |= <int32_t>1 << (token & 31)
            token = self.store.same[token]
        if trie.node[i].end == i + 1:
            return False
        if whole and self.machine.states[target].named:
            self.walk_names(target, i + 1, trie.node[i].end, row)
            return False
        frame[0], frame[1], frame[2], frame[3] = trie.node[i].child, trie.node[i + 1].child, target, count
        return True

    cdef int walk_names(self, int32_t q, int32_t first, int32_t n, int32_t* row) except -1:
        """Walk the trie nodes first..n from a state in which a member's name is being written.

        States of names are as many as there are beginnings of names, so a walk must not make them: declared names are
        matched against the trie directly, a free name is walked as a plain string. Only behind a quote or a backslash
        does the exact machine take over.
        """
        cdef vector[int32_t] own, light, pair
        cdef size_t i
        cdef int32_t t
        own.assign(self.machine.bases.key(q) + 1, self.machine.bases.key(q) + self.machine.bases.length(q))
        for i in range(0, own.size(), 2):
            t = own[i]
            pair.clear()
            pair.push_back(t)
            pair.push_back(own[i + 1])
            if self.store.terms.kind(t) == DECLARED and self.store.terms.arg(t, 5) == PLAIN:
                self.walk_declared(t, self.machine.base(False, pair), first, n, row)
            elif self.store.terms.kind(t) == FREE and self.store.terms.arg(t, 5) == PLAIN and (
                self.store.terms.arg(t, 2) == self.store.shapes.any_text
            ):
                self.walk_free(self.machine.base(False, pair), first, n, row)
            elif self.store.terms.kind(t) == FREE or self.store.terms.kind(t) == DECLARED:
                self.walk_exact(self.machine.base(False, pair), first, n, row)
            else:
                light.push_back(t)
                light.push_back(own[i + 1])
        if not light.empty():
            self.walk(self.machine.base(False, light), 0, first, n, row)
        return 0

    cdef int set_tokens(self, int32_t i, int32_t* row) noexcept:
        """Set the bits of the tokens that end at trie node `i`."""
        cdef int32_t token = self.store.trie.node[i].token
        while token >= 0:
            row[token >> 5] |= <int32_t>1 << (token & 31)
            token = self.store.same[token]
        return 0

    cdef int walk_exact(self, int32_t q, int32_t first, int32_t n, int32_t* row) except -1:
        """Walk with interned states, one trie level at a time, even inside a name."""
        cdef int32_t i = first, c, target
        while i < n:
            c = 0
            target = self.machine.advance(q, &c, self.store.trie.node[i].byte)
            if target >= 0:
                self.set_tokens(i, row)
                if self.store.trie.node[i].end > i + 1:
                    if self.machine.states[target].named:
                        self.walk_exact(target, i + 1, self.store.trie.node[i].end, row)
                    else:
                        self.walk(target, c, i + 1, self.store.trie.node[i].end, row)
            i = self.store.trie.node[i].end
        return 0

    cdef int32_t follow(self, int32_t q, const uint8_t* path, int32_t length) except -9:
        """Return the state after the bytes of `path` from q (a state with no count)."""
        cdef int32_t k, c = 0
        for k in range(length):
            q = self.machine.advance(q, &c, path[k])
            if q < 0:
                return DEAD
        return q

    cdef int walk_declared(self, int32_t t, int32_t q, int32_t first, int32_t n, int32_t* row) except -1:
        """Match the declared names that may come in state `t` against the trie nodes first..n."""
        cdef Names names = self.store.names
        cdef int32_t keys = self.store.terms.arg(t, 0), offset = self.store.terms.arg(t, 4)
        cdef vector[int32_t] frames
        cdef vector[uint8_t] path
        cdef int32_t i = first, depth = 0, lo, hi, target, b
        cdef const TrieNode* nodes = self.store.trie.node
        if first == 0 and n == self.store.trie.size and nodes[0].end < n:  # only the nodes of the bytes that names go on with
            lo, hi = self.store.terms.arg(t, 2), self.store.terms.arg(t, 3)
            for b in (0x22, 0x5C):
                i = self.store.root[b]
                if i >= 0:
                    self.walk_declared(t, q, i, nodes[i].end, row)
            if names.words.length(lo) == offset:
                lo += 1
            while lo < hi:
                b = names.words.pool[names.words.off[lo] + offset]
                lo = names.words.past(lo, hi, offset, b)
                i = self.store.root[b]
                if i >= 0 and b != 0x22 and b != 0x5C:
                    self.walk_declared(t, q, i, nodes[i].end, row)
            return 0
        path.assign(self.store.depth + 2, 0)
        frames.assign(3 * (self.store.depth + 2), 0)
        frames[0], frames[1], frames[2] = n, self.store.terms.arg(t, 2), self.store.terms.arg(t, 3)
        while i < n:
            while i >= frames[3 * depth]:
                depth -= 1
            b = nodes[i].byte
            lo, hi = frames[3 * depth + 1], frames[3 * depth + 2]
            if b == 0x22 or b == 0x5C:
                path[depth] = b
                if b == 0x5C or (names.words.length(lo) == offset + depth and names.any_allowed(keys, lo, lo + 1)):
                    target = self.follow(q, path.data(), depth + 1)
                    if target >= 0:
                        self.set_tokens(i, row)
                        if nodes[i].end > i + 1:
                            if self.machine.states[target].named:
                                self.walk_exact(target, i + 1, nodes[i].end, row)
                            else:
                                self.walk(target, 0, i + 1, nodes[i].end, row)
                i = nodes[i].end
                continue
            lo = names.words.past(lo, hi, offset + depth, b - 1)
            if lo < hi:
                hi = names.words.past(lo, hi, offset + depth, b)
            if lo >= hi or b < 0x20 or not names.any_allowed(keys, lo, hi):
                i = nodes[i].end
                continue
            self.set_tokens(i, row)
            if nodes[i].end > i + 1:
                path[depth] = b
                depth += 1
                frames[3 * depth], frames[3 * depth + 1], frames[3 * depth + 2] = nodes[i].end, lo, hi
            i += 1
        return 0

    cdef int walk_free(self, int32_t q, int32_t first, int32_t n, int32_t* row) except -1:
        """Walk a free name of any text over the trie nodes first..n."""
        cdef vector[int32_t] frames, pairs
        cdef vector[uint8_t] path
        cdef int32_t i = first, depth = 0, target, b, state
        cdef const TrieNode* nodes = self.store.trie.node
        cdef Machine lexer = self.store.lexer
        path.assign(self.store.depth + 2, 0)
        frames.assign(2 * (self.store.depth + 2), 0)
        pairs.push_back(self.store.shapes.any_text)
        pairs.push_back(ROOT)
        frames[0], frames[1] = n, lexer.base(False, pairs)
        while i < n:
            while i >= frames[2 * depth]:
                depth -= 1
            b = nodes[i].byte
            path[depth] = b
            if b == 0x22 or b == 0x5C:
                target = self.follow(q, path.data(), depth + 1)
                if target >= 0:
                    self.set_tokens(i, row)
                    if nodes[i].end > i + 1:
                        if self.machine.states[target].named:
                            self.walk_exact(target, i + 1, nodes[i].end, row)
                        else:
                            self.walk(target, 0, i + 1, nodes[i].end, row)
                i = nodes[i].end
                continue
            state = frames[2 * depth + 1]
            target = lexer.states[state].targets[lexer.states[state].classes[b]]
            if target == UNKNOWN:
                target = lexer.miss(state, lexer.states[state].classes[b], b)
            if target < 0:
                i = nodes[i].end
                continue
            self.set_tokens(i, row)
            if nodes[i].end > i + 1:
                depth += 1
                frames[2 * depth], frames[2 * depth + 1] = nodes[i].end, target
            i += 1
        return 0

    cdef int walk_table(self, LexemeTable table, int32_t t, int32_t node, int32_t count, int32_t* row) except -1:
        """Add the tokens of the heavy pair (t, node) at `count`."""
        cdef int32_t counter = self.store.forms.counter(t), lo = 0, hi = UNBOUNDED, w, i, n, target, q, c, k
        cdef int32_t head
        cdef const int32_t* ready
        cdef vector[int32_t] ends, bases, counts
        cdef State* state
        cdef Tail tail
        cdef bint limited = self.store.canonical(t) != t
        if counter:
            lo = max(0, self.store.terms.arg(counter, 1) - count)
            if self.store.terms.arg(counter, 2) != UNBOUNDED:
                hi = self.store.terms.arg(counter, 2) - count
        elif limited:  # C+ and the like: a bound that needs no count
            head = self.store.terms.arg(t, 0)
            lo = self.store.terms.arg(head, 1)
        ready = table.bucket(hi)
        for w in range(self.store.words):
            row[w] |= ready[w]
        for tail in table.leaving:
            if lo <= tail.count <= hi:
                row[tail.token >> 5] |= <int32_t>1 << (tail.token & 31)
        n = <int32_t>table.byte.size()
        if n == 0:
            return 0
        q = self.machine.closed(node)
        if q == DEAD or self.machine.bases.length(q) <= 1:
            return 0
        ends.push_back(n)
        bases.push_back(q)
        counts.push_back(0)
        i = 0
        while i < n:
            while i >= ends.back():
                ends.pop_back()
                bases.pop_back()
                counts.pop_back()
            c = counts.back()
            target = self.machine.advance(bases.back(), &c, table.byte[i])
            if target < 0:
                i = table.end[i]
                continue
            for k in range(table.first[i], table.first[i + 1]):
                tail = table.tails[k]
                if lo <= tail.count <= hi:
                    row[tail.token >> 5] |= <int32_t>1 << (tail.token & 31)
            if table.end[i] > i + 1:
                ends.push_back(table.end[i])
                bases.push_back(target)
                counts.push_back(c)
            i += 1
        return 0

    cdef int walk_open(self, int32_t t, int32_t node, int32_t* row) except -1:
        """Add the tokens of the open pair (t, node)."""
        cdef int32_t body = self.store.open_body(t), limit = self.store.open_limits[t], w, q
        cdef LexemeTable table = self.store.table(self.store.closed_text(body))
        cdef const int32_t* ready = table.bucket(limit)
        cdef vector[int32_t] pair
        for w in range(self.store.words):
            row[w] |= ready[w]
        pair.push_back(t)
        pair.push_back(node)
        q = self.machine.base(False, pair)
        self.walk_trie(self.store.rest_of(body), q, 0, 0, self.store.rest_of(body).size, row)
        if limit < table.most:  # the longer ones may still fit, if their own completions are shorter
            self.walk_long(table, limit, q, row)
        return 0

    cdef int walk_long(self, LexemeTable table, int32_t limit, int32_t q, int32_t* row) except -1:
        """Step one by one over the tokens that stay inside but have more than `limit` characters."""
        cdef size_t i
        cdef int32_t state = self.full(q, 0), token
        for i in range(table.staying.size() - 1, -1, -1):
            if table.staying[i].count <= limit:
                break
            token = table.staying[i].token
            if self.raw_step(state, token) != DEAD:
                row[token >> 5] |= <int32_t>1 << (token & 31)
        return 0

    # ---- free names ----------------------------------------------------------------------------------------

    cdef int add_free(self, int32_t t, int32_t node, int32_t* row) except -1:
        """Add the tokens of a free name in state `t`, followed by `node`."""
        cdef Names names = self.store.names
        cdef int32_t keys = self.store.terms.arg(t, 0), cls = self.store.terms.arg(t, 1)
        cdef int32_t inner = self.store.terms.arg(t, 2), used = self.store.terms.arg(t, 3)
        cdef int32_t text = self.store.terms.arg(t, 4), sub = self.store.terms.arg(t, 5)
        cdef int32_t key[4]
        cdef int32_t symbol, q, w, own, token, other
        cdef vector[int32_t] pairs, checked
        cdef const int32_t* plain
        cdef size_t i
        cdef bint near, exact = False
        # as a string that is followed by the colon and what an unused, undeclared name is followed by
        key[0], key[1] = TERMINAL, names.keys[keys].colon
        symbol = self.machine.symbols.intern(key, 2)
        key[0], key[1], key[2], key[3] = AFTER, keys, names.keys[keys].hi - names.keys[keys].lo + cls, 0
        own = self.machine.cons(symbol, self.machine.cons(self.machine.symbols.intern(key, 4), 0))
        pairs.push_back(self.store.terms.concat(inner, self.store.terms.literal(self.store.terms.literal_index(b'"'), 0)))
        pairs.push_back(self.machine.put(own, node))
        q = self.raw_row(self.machine.base(False, pairs), 0)
        plain = self.store.rows.row(q)
        # the tokens to judge one by one: those that may close a taken name, or a second name
        near = sub != PLAIN or names.is_near(keys, used, text)
        if near:
            if sub == PLAIN:
                self.closers(keys, used, text, inner != self.store.shapes.any_text, checked)
            else:
                for token in range(self.store.size):
                    if plain[token >> 5] >> (token & 31) & 1:
                        checked.push_back(token)
        for token in self.store.many_quotes:
            if plain[token >> 5] >> (token & 31) & 1:
                checked.push_back(token)
        for w in range(names.keys[keys].classes):
            if names.free[names.keys[keys].free + w] != self.store.shapes.any_text:
                # not every beginning of the next name can become a name other than this one
                for token in self.store.two_quotes:
                    if plain[token >> 5] >> (token & 31) & 1:
                        checked.push_back(token)
                break
        if checked.empty():
            for w in range(self.store.words):
                row[w] |= plain[w]
            return 0
        pairs.clear()
        pairs.push_back(t)
        pairs.push_back(node)
        own = self.machine.base(False, pairs)
        pairs.assign(plain, plain + self.store.words)
        for i in range(checked.size()):
            token = checked[i]
            if plain[token >> 5] >> (token & 31) & 1 == 0:
                continue
            if self.raw_step(self.full(own, 0), token) == DEAD:
                pairs[token >> 5] &= ~(<int32_t>1 << (token & 31))
        for w in range(self.store.words):
            row[w] |= pairs[w]
        return 0

    cdef int closers(self, int32_t keys, int32_t used, int32_t text, bint partly, vector[int32_t]& out) except -1:
        """List the tokens that close a declared or used name of which `text` is the beginning.

        `partly`: also those that only continue such a name, or write escapes; in a class of names that is not all of
        them, nothing but a taken name may be left after these.
        """
        cdef Names names = self.store.names
        cdef vector[uint8_t] head, whole
        cdef int32_t i, lo = names.keys[keys].lo, hi = names.keys[keys].hi, n, k
        cdef bytes rest
        names.spell(text, head)
        n = <int32_t>head.size()
        for k in range(n):
            if lo < hi:
                lo = names.words.past(lo, hi, k, <int32_t>head[k] - 1)
            if lo < hi:
                hi = names.words.past(lo, hi, k, head[k])
        for i in range(lo, hi):
            if names.words.length(i) - n <= self.store.longest_closing:
                rest = names.words.pool.data()[names.words.off[i] + n : names.words.off[i + 1]]
                for token in self.store.closings.get(rest, ()):
                    out.push_back(token)
        if partly:
            for i in range(lo, hi):
                self.along(names.words.pool.data() + names.words.off[i] + n, names.words.length(i) - n, out)
            for token in self.store.escapes:
                out.push_back(token)
        for i in range(<int32_t>names.sets.length(used)):
            names.spell(names.sets.key(used)[i], whole)
            if <int32_t>whole.size() < n or <int32_t>whole.size() - n > self.store.longest_closing:
                continue
            for k in range(n):
                if whole[k] != head[k]:
                    break
            else:
                rest = whole.data()[n : whole.size()]
                for token in self.store.closings.get(rest, ()):
                    out.push_back(token)
                if partly:
                    self.along(whole.data() + n, <int32_t>whole.size() - n, out)
        return 0

    cdef int along(self, const uint8_t* text, int32_t length, vector[int32_t]& out) except -1:
        """List the tokens that are beginnings of `text`."""
        cdef int32_t i = 0, n = self.store.trie.size, k = 0, token
        while i < n and k < length:
            if self.store.trie.node[i].byte != text[k]:
                i = self.store.trie.node[i].end
                continue
            token = self.store.trie.node[i].token
            while token >= 0:
                out.push_back(token)
                token = self.store.same[token]
            n = self.store.trie.node[i].end
            i += 1
            k += 1
        return 0

    # ---- what Python sees ----------------------------------------------------------------------------------

    def step(self, state, token):
        """Return the state after `token`, or -1 if it is not allowed."""
        if state == DEAD:
            return DEAD
        return self.next(self.check(state), token)

    def mask(self, state):
        """Return the row of allowed tokens: read-only int32 [words]."""
        return self.store.rows.view(self.row_of(self.check(state)))

    def row_id(self, state):
        """Return the id of the state's mask row; equal ids are equal masks."""
        return self.row_of(self.check(state))

    def fill(self, states, out):
        """Copy the rows of `states` (int32 [batch]) into `out` (int32 [batch, words])."""
        cdef const int32_t[::1] ids = np.ascontiguousarray(states, dtype=np.int32)
        cdef int32_t[:, :] rows
        cdef Py_ssize_t i
        cdef int32_t row
        try:
            rows = out
        except (TypeError, ValueError, BufferError):
            rows = viewed(out)
        if rows.shape[0] != ids.shape[0] or rows.shape[1] != self.store.words or rows.strides[1] != 4:
            raise VocabularyError(f"out must be int32 [{ids.shape[0]}, {self.store.words}] with contiguous rows")
        for i in range(ids.shape[0]):
            row = self.row_of(self.check(ids[i]))
            memcpy(&rows[i, 0], self.store.rows.row(row), self.store.words * sizeof(int32_t))

    def is_accepting(self, state):
        """Tell whether the text may end here."""
        if state == DEAD:
            return False
        cdef int32_t base = self.fulls[self.check(state)].base
        return base < 0 or bool(self.machine.states[base].accepting)

    def forced(self, state):
        """Return the longest run of text tokens of which each is the only one allowed."""
        cdef int32_t s, row, token
        cdef list out = []
        if state == DEAD:
            return out
        s = self.check(state)
        while s != self.finished and <int32_t>len(out) < self.search_limit:
            row = self.row_of(s)
            if self.store.rows.populations[row] != 1 or self.machine.states[self.fulls[s].base].accepting:
                break
            token = self.store.rows.firsts[row]
            out.append(token)
            s = self.next(s, token)
        return out

    def step_byte(self, state, byte):
        """Return the state after one byte, or -1."""
        cdef int32_t s, q, count
        if state == DEAD:
            return DEAD
        s = self.check(state)
        q, count = self.fulls[s].base, self.fulls[s].count
        if q < 0:
            return DEAD
        q = self.machine.advance(q, &count, byte)
        return DEAD if q < 0 else self.full(q, count)

    def run_bytes(self, state, const uint8_t[::1] data, Py_ssize_t start=0):
        """Step over `data[start:]`; return (state, offset): offset of the first byte not allowed, or the length."""
        cdef int32_t s = self.check(state)
        cdef int32_t q = self.fulls[s].base, count = self.fulls[s].count, before = q, kept = count
        cdef Py_ssize_t i
        for i in range(start, data.shape[0]):
            before, kept = q, count
            if q >= 0:
                q = self.machine.advance(q, &count, data[i])
            if q < 0:
                return self.full(before, kept), i
        return self.full(q, count), data.shape[0]

    def allowed_bytes(self, state):
        """Return the bytes that may come next, as a 256-bit mask."""
        return sum(1 << b for b in range(256) if self.step_byte(state, b) != DEAD)

    @property
    def size(self):
        """The number of token ids, padding included."""
        return self.store.size

    def matcher(self, automaton):
        """Return a compiled matcher over this core."""
        return Run(automaton)

    def alive_by_tokens(self):
        """Tell whether the start can reach an accepting state with this vocabulary."""
        self.store.terms.work = 0
        return self.start != DEAD and (self.store.complete or self.alive(self.start))

    def statistics(self):
        """Return sizes of the tables, for inspection and benchmarks."""
        return {
            "states": self.fulls.size(),
            "base_states": self.machine.states.size(),
            "terms": len(self.store.terms),
            "nodes": self.machine.nodes.count(),
            "rows": len(self.store.rows) if self.store.rows is not None else 0,
        }


def viewed(row):
    """Return a writable, contiguous int32 array over the memory of `row` (a torch tensor on the CPU, say)."""
    array = np.asarray(row)
    if array.dtype != np.int32 or not array.flags.c_contiguous or not array.flags.writeable:
        raise VocabularyError("masks are written to contiguous, writable int32 arrays")
    return array


cdef class Run:
    """One request's position: a stack of states over a shared automaton."""

    def __cinit__(self, automaton):
        cdef Core core = automaton.core
        self.automaton = automaton
        self.core = core
        self.state = core.start
        self.history.push_back(core.start)

    def fill(self, row):
        """Copy the mask of the current state into `row` (int32 [words]: a numpy array, or what numpy can view)."""
        cdef int32_t index
        cdef int32_t[::1] view
        self.core.store.terms.work = 0
        try:
            view = row
        except (TypeError, ValueError, BufferError):
            view = viewed(row)
        if view.shape[0] != self.core.store.words:
            raise VocabularyError(f"row must be int32 [{self.core.store.words}], not [{view.shape[0]}]")
        index = self.core.row_of(self.state)
        memcpy(&view[0], self.core.store.rows.row(index), self.core.store.words * sizeof(int32_t))

    def accept(self, token):
        """Move over `token` and return True; or return False and stay, if it is not allowed."""
        self.core.store.terms.work = 0
        cdef int32_t target = self.core.next(self.state, token)
        if target == DEAD:
            return False
        self.history.push_back(target)
        self.state = target
        return True

    def rollback(self, Py_ssize_t n=1):
        """Take back the last `n` accepted tokens."""
        if n < 0 or <size_t>n >= self.history.size():
            raise VocabularyError(f"cannot take back {n} tokens: {self.history.size() - 1} were accepted")
        self.history.resize(self.history.size() - n)
        self.state = self.history.back()

    def fork(self):
        """Return an independent copy at the same position."""
        cdef Run copy = Run(self.automaton)
        copy.history = self.history
        copy.state = self.state
        return copy

    def is_accepting(self):
        """Tell whether the text may end here."""
        return self.core.is_accepting(self.state)

    def __len__(self):
        return self.history.size() - 1
