# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The byte machine of a grammar, determinised on the way: continuations, closures, states, steps.

`constrain.automaton.reference` says the same in plain Python for every grammar and is the text to read first. In
short: an *entry* is (symbols still to match, node), a *node* an interned set of entries, ROOT the node of the end of
the text. A *base state* is an accept bit and an interned sorted set of pairs (terminal residual, node). `closure`
finds the terminals that a set of entries begins with. An empty rest is its parent, so tail calls cost nothing and the
items of a list come back to the same ids.

Example, `LIST -> "[" ITEMS`, `ITEMS -> "1" | "1" "," ITEMS`: after `[1,` the state is {("1", n), ("1", put(", ITEMS",
n))} with n the node after LIST, the same state after every comma.

What is faster than the reference, and never different in what it accepts:
- a step is looked up by byte *class*. The classes of a state depend on its terms only, so *templates* (`Shapes`) are
  shared by all states with the same terms, in every grammar over the same vocabulary;
- counted terms (forms.pyx) carry their count outside the base state: a machine state is (base, count). Where a step
  would mix counts that differ, the target depends on the count (MIXED) and is computed from unrolled terms;
- a nonterminal's rules are translated once per set of used names.

Left recursion is refused here (`GrammarError`): such grammars run on the reference. Productions are Python callbacks;
an exception in one leaves every table as it was, so only the state that needed it is affected.
"""

from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy
from libcpp.algorithm cimport sort

from constrain.automaton.forms cimport ENTER, LEAVE, NEUTRAL, STAY
from constrain.automaton.terms cimport DECLARED, EPSILON, FREE, NAMED, NOTHING, UNBOUNDED, has

from constrain.errors import GrammarError, LimitExceeded
from constrain.grammar.symbols import Keys, Nonterminal
from constrain.regular.term import Term

cdef enum:
    CHUNK = 1 << 14


cdef class Shapes:
    """Templates: what the classes of a state's bytes are and where they lead, shared by states with the same terms."""

    def __cinit__(self, Forms forms, int32_t any_text):
        self.forms = forms
        self.terms = forms.terms
        self.names = forms.names
        self.tuples = Interner()
        self.maps = Interner()
        self.any_text = any_text

    def __dealloc__(self):
        for block in self.blocks:
            free(block)

    cdef const uint8_t* class_map(self, uint8_t* classes) except NULL:
        """Return the stored copy of a 256-byte class map."""
        cdef int32_t index = self.maps.intern(<int32_t*>classes, 64)
        cdef uint8_t* copy
        if <size_t>index == self.blocks.size():
            copy = <uint8_t*>malloc(256)
            if copy == NULL:
                raise MemoryError
            memcpy(copy, classes, 256)
            self.blocks.push_back(copy)
        return self.blocks[index]

    cdef int32_t shape(self, const int32_t* items, uint32_t n) except -1:
        """Return the template of a state with these terms."""
        cdef int32_t index = self.tuples.find(items, n)
        cdef vector[int32_t] own, starts, counts
        cdef vector[vector[Move]] lists
        cdef vector[Move] empty
        cdef uint8_t classes[256]
        cdef int32_t classes_of[256]
        cdef int32_t chosen[256]
        cdef Template template
        cdef Move move
        cdef uint32_t i
        cdef int32_t k, b, c, t, counter = 0, width, combined, act
        cdef bint clash = False, by_byte = False
        cdef unordered_map[uint64_t, int32_t] renumber
        cdef uint64_t code
        if index >= 0:
            return index
        own.assign(items, items + n)
        for i in range(n):
            k = self.forms.counter(own[i])
            if k and counter and k != counter:
                clash = True
            if k:
                counter = k
            by_byte |= self.terms.kind(own[i]) == FREE
        if clash or by_byte:
            counter = 0
        template.counter = counter
        template.by_byte = by_byte
        template.least = self.terms.arg(counter, 1) if counter else 0
        template.most = self.terms.arg(counter, 2) if counter else UNBOUNDED
        template.moves = 0
        if by_byte:
            for b in range(256):
                classes[b] = <uint8_t>b
            template.width = 256
            template.classes = self.class_map(classes)
            index = self.tuples.intern(own.data(), n)
            self.templates.push_back(template)
            return index
        for i in range(n):
            t = own[i]
            if counter and self.forms.counter(t) == counter:
                k = self.forms.counted(t)
                c = self.forms.counted_count[t]
            else:
                k = self.forms.exact(t)
                c = self.forms.exact_count[t]
            starts.push_back(k)
            counts.push_back(c)
        for b in range(256):
            classes_of[b] = 0
        lists.push_back(empty)
        for i in range(n):
            for b in range(256):
                chosen[b] = 0
            for k in range(counts[i]):
                for b in range(256):
                    if has(&self.forms.pool[starts[i] + k].set, b):
                        chosen[b] = k + 1
            renumber.clear()
            for b in range(256):
                if chosen[b] == 0:
                    continue
                code = <uint64_t>classes_of[b] << 32 | <uint32_t>chosen[b]
                if renumber.count(code):
                    c = renumber[code]
                else:
                    c = <int32_t>lists.size()
                    renumber[code] = c
                    lists.push_back(lists[classes_of[b]])
                    move.pair = i
                    move.target = self.forms.pool[starts[i] + chosen[b] - 1].target
                    move.action = self.forms.actions[starts[i] + chosen[b] - 1]
                    lists[c].push_back(move)
                classes_of[b] = c
        # number the classes that are left from 0
        counts.assign(lists.size(), -1)
        width = 0
        for b in range(256):
            if counts[classes_of[b]] < 0:
                counts[classes_of[b]] = width
                width += 1
            classes[b] = <uint8_t>counts[classes_of[b]]
        starts.assign(width, 0)
        for k in range(<int32_t>lists.size()):
            if counts[k] >= 0:
                starts[counts[k]] = k
        template.width = width
        template.classes = self.class_map(classes)
        template.moves = <int32_t>self.offsets.size()
        for c in range(width):
            self.offsets.push_back(<int32_t>self.moves.size())
            combined = -1
            for k in range(<int32_t>lists[starts[c]].size()):
                act = lists[starts[c]][k].action
                combined = act if combined < 0 or combined == act else 9
                self.moves.push_back(lists[starts[c]][k])
            self.acts.push_back(<uint8_t>max(combined, 0))
        self.offsets.push_back(<int32_t>self.moves.size())
        self.acts.push_back(0)
        index = self.tuples.intern(own.data(), n)
        self.templates.push_back(template)
        return index


cdef class Machine:
    """The determinised machine of one grammar. States are pairs (base, count)."""

    def __cinit__(self, Shapes shapes, tuple start, uint32_t limit=4_000_000):
        cdef int32_t key[2]
        self.shapes = shapes
        self.terms = shapes.terms
        self.names = shapes.names
        self.forms = shapes.forms
        self.symbols = Interner()
        self.sequences = Interner()
        self.nodes = Interner()
        self.bases = Interner()
        self.nonterminals = []
        self.nonterminal_ids = {}
        self.key_objects = {}
        self.limit = limit
        key[0] = key[1] = 0
        self.sequences.intern(key, 0)
        self.nodes.intern(key, 0)
        self.nodes.intern(key, 2)
        self.start = self.closed(self.put(self.sequence(start, 0), ROOT))

    def __dealloc__(self):
        for chunk in self.chunks:
            free(chunk)

    # ---- symbols and continuations -------------------------------------------------------------------------

    cdef int32_t cons(self, int32_t symbol, int32_t rest) except -1:
        cdef int32_t key[2]
        key[0], key[1] = symbol, rest
        return self.sequences.intern(key, 2)

    cdef int32_t put(self, int32_t sequence, int32_t node) except -1:
        """Return the node of `sequence` before `node`; an empty sequence is the node itself."""
        cdef int32_t key[2]
        if sequence == 0:
            return node
        key[0], key[1] = sequence, node
        return self.nodes.intern(key, 2)

    cdef int32_t sequence(self, tuple rule, int32_t used) except -1:
        """Intern a Python rule; symbols that collect names receive `used`."""
        cdef int32_t key[3]
        cdef int32_t n, i, rest = 0
        for i in range(<int32_t>len(rule) - 1, -1, -1):
            symbol = rule[i]
            n = 2
            if isinstance(symbol, Term):
                key[0], key[1] = TERMINAL, self.terms.add(symbol)
                if key[1] == EPSILON:
                    continue
            elif isinstance(symbol, Nonterminal):
                found = self.nonterminal_ids.get(symbol)
                if found is None:
                    found = self.nonterminal_ids[symbol] = len(self.nonterminals)
                    self.nonterminals.append(symbol)
                key[0], key[1], key[2] = CALL, found, used if symbol.collects else 0
                n = 3
            elif isinstance(symbol, Keys):
                key[0], key[1], key[2] = NAME, self.names.add(symbol, self.shapes.any_text), used
                self.key_objects[key[1]] = symbol
                n = 3
            else:
                raise GrammarError(f"not a symbol: {symbol!r}")
            rest = self.cons(self.symbols.intern(key, n), rest)
        return rest

    cdef int expand(self, int32_t symbol) except -1:
        """Make the rules of a CALL or AFTER symbol known (`rule_start`, `rule_count`)."""
        cdef const int32_t* key = self.symbols.key(symbol)
        cdef int32_t kind = key[0], a = key[1], b = key[2], used
        cdef vector[int32_t] sequences
        cdef size_t k
        while self.rule_start.size() <= <size_t>symbol:
            self.rule_start.push_back(-1)
            self.rule_count.push_back(0)
        if self.rule_start[symbol] >= 0:
            return 0
        if kind == CALL:
            used = b
            for rule in self.nonterminals[a].rules():
                sequences.push_back(self.sequence(rule, used))
        else:
            used = key[3]
            sequences.push_back(self.sequence(self.key_objects[a].after(b), used))
        while self.rule_start.size() <= <size_t>symbol:
            self.rule_start.push_back(-1)
            self.rule_count.push_back(0)
        self.rule_start[symbol] = <int32_t>self.rule_pool.size()
        self.rule_count[symbol] = <int32_t>sequences.size()
        for k in range(sequences.size()):
            self.rule_pool.push_back(sequences[k])
        return 0

    cdef int closure(self, int32_t node) except -1:
        """Find the terminals that the entries of `node` begin with."""
        cdef vector[int32_t] sequence_of, node_of, pairs
        cdef int32_t s, p, symbol, kind, a, b, rest, up, k
        cdef const int32_t* key
        cdef size_t i, j
        cdef uint32_t e
        cdef bint accepting = False, known
        cdef vector[int32_t] called
        while self.closure_start.size() <= <size_t>node:
            self.closure_start.push_back(-1)
            self.closure_count.push_back(0)
            self.closure_accepts.push_back(0)
        if self.closure_start[node] >= 0:
            return 0
        for e in range(0, self.nodes.length(node), 2):
            sequence_of.push_back(self.nodes.key(node)[e])
            node_of.push_back(self.nodes.key(node)[e + 1])
        i = 0
        while i < sequence_of.size():
            s, p = sequence_of[i], node_of[i]
            i += 1
            known = False
            for j in range(i - 1):
                if sequence_of[j] == s and node_of[j] == p:
                    known = True
                    break
            if known:
                continue
            if s == 0:
                accepting = True
                continue
            symbol = self.sequences.key(s)[0]
            up = self.put(self.sequences.key(s)[1], p)
            key = self.symbols.key(symbol)
            kind, a = key[0], key[1]
            if kind == TERMINAL:
                if not self.terms.booleans[a] or self.forms.is_live(a):
                    pairs.push_back(a)
                    pairs.push_back(up)
                    if self.terms.nullables[a]:
                        for e in range(0, self.nodes.length(up), 2):
                            sequence_of.push_back(self.nodes.key(up)[e])
                            node_of.push_back(self.nodes.key(up)[e + 1])
            elif kind == NAME:
                b = key[2]
                self.begin_name(a, b, up, pairs)
            else:
                for k in called:
                    if k == symbol:  # called from several places here: their continuations must become one
                        return self.closure_together(node)
                called.push_back(symbol)
                self.expand(symbol)
                for k in range(self.rule_count[symbol]):
                    rest = self.rule_pool[self.rule_start[symbol] + k]
                    if rest:
                        sequence_of.push_back(rest)
                        node_of.push_back(up)
                    else:
                        for e in range(0, self.nodes.length(up), 2):
                            sequence_of.push_back(self.nodes.key(up)[e])
                            node_of.push_back(self.nodes.key(up)[e + 1])
        return self.keep_closure(node, accepting, pairs)

    cdef int keep_closure(self, int32_t node, bint accepting, vector[int32_t]& pairs) except -1:
        cdef size_t i
        while self.closure_start.size() <= <size_t>node:
            self.closure_start.push_back(-1)
            self.closure_count.push_back(0)
            self.closure_accepts.push_back(0)
        self.closure_start[node] = <int32_t>self.closure_pairs.size()
        self.closure_count[node] = <int32_t>pairs.size() // 2
        self.closure_accepts[node] = accepting
        for i in range(pairs.size()):
            self.closure_pairs.push_back(pairs[i])
        return 0

    cdef bint is_nullable(self, int32_t symbol) except -1:
        """Tell whether a symbol derives the empty text."""
        cdef int32_t kind = self.symbols.key(symbol)[0], k, s
        cdef int8_t found = 1
        if kind == TERMINAL:
            return self.terms.nullables[self.symbols.key(symbol)[1]]
        if kind == NAME:
            return False  # the closing quote at least
        while self.nullable_memo.size() <= <size_t>symbol:
            self.nullable_memo.push_back(0)
        if self.nullable_memo[symbol]:
            return self.nullable_memo[symbol] == 2
        self.nullable_memo[symbol] = 1
        self.expand(symbol)
        for k in range(self.rule_count[symbol]):
            s = self.rule_pool[self.rule_start[symbol] + k]
            while s and self.is_nullable(self.sequences.key(s)[0]):
                s = self.sequences.key(s)[1]
            if s == 0:
                found = 2
        self.nullable_memo[symbol] = found
        return found == 2

    cdef int order_calls(self, int32_t s, vector[int32_t]& order, vector[int32_t]& seen) except -1:
        """Append the nonterminals that may come first in sequence `s`, each after those that it may begin with."""
        cdef int32_t symbol, k
        while s:
            symbol = self.sequences.key(s)[0]
            k = self.symbols.key(symbol)[0]
            if k == CALL or k == AFTER:
                for k in seen:
                    if k == symbol:
                        self.must_be_done(symbol, order)
                        break
                else:
                    seen.push_back(symbol)
                    self.expand(symbol)
                    for k in range(self.rule_count[symbol]):
                        self.order_calls(self.rule_pool[self.rule_start[symbol] + k], order, seen)
                    order.push_back(symbol)
            if not self.is_nullable(symbol):
                return 0
            s = self.sequences.key(s)[1]
        return 0

    cdef int must_be_done(self, int32_t symbol, vector[int32_t]& order) except -1:
        cdef int32_t k
        for k in order:
            if k == symbol:
                return 0
        raise GrammarError(f"left recursion through {self.nonterminals[self.symbols.key(symbol)[1]]!r}")

    cdef int closure_together(self, int32_t node) except -1:
        """`closure` where a nonterminal is called from several places: callers first, one node for all calls of each.

        Without this, `S -> "a" S "b" | "a" S "c" | "b"` would have 2^n pairs after n letters.
        """
        cdef vector[int32_t] order, seen, pairs
        cdef vector[vector[uint64_t]] calls
        cdef vector[uint64_t] top
        cdef vector[uint64_t] empty
        cdef bint accepting = False
        cdef int32_t s, p, k, up
        cdef size_t i, j
        cdef uint32_t e
        for e in range(0, self.nodes.length(node), 2):
            top.push_back(<uint64_t>self.nodes.key(node)[e] << 32 | <uint32_t>self.nodes.key(node)[e + 1])
        i = 0
        while i < top.size():  # the entries, and those behind entries that derive the empty text
            s, p = <int32_t>(top[i] >> 32), <int32_t>(top[i] & 0xFFFFFFFF)
            i += 1
            accepting |= s == 0
            self.order_calls(s, order, seen)
            while s and self.is_nullable(self.sequences.key(s)[0]):
                s = self.sequences.key(s)[1]
            if s == 0 and p:
                for e in range(0, self.nodes.length(p), 2):
                    self.add_entry(top, self.nodes.key(p)[e], self.nodes.key(p)[e + 1])
        calls.assign(order.size(), empty)
        for i in range(top.size()):
            self.begin(<int32_t>(top[i] >> 32), <int32_t>(top[i] & 0xFFFFFFFF), order, calls, pairs)
        for j in range(order.size()):
            i = order.size() - 1 - j
            if calls[i].empty():
                continue
            up = self.unite(calls[i])
            for k in range(self.rule_count[order[i]]):
                self.begin(self.rule_pool[self.rule_start[order[i]] + k], up, order, calls, pairs)
        return self.keep_closure(node, accepting, pairs)

    cdef int add_entry(self, vector[uint64_t]& entries, int32_t s, int32_t p) except -1:
        cdef uint64_t entry = <uint64_t>s << 32 | <uint32_t>p
        cdef size_t i
        for i in range(entries.size()):
            if entries[i] == entry:
                return 0
        entries.push_back(entry)
        return 0

    cdef int begin(
        self,
        int32_t s,
        int32_t p,
        vector[int32_t]& order,
        vector[vector[uint64_t]]& calls,
        vector[int32_t]& pairs,
    ) except -1:
        """Take up every symbol that may come first in (s, p): terminals as pairs, the others as calls."""
        cdef int32_t symbol, kind, a, b, k, up, t
        cdef size_t i
        cdef uint32_t e
        while s:
            symbol = self.sequences.key(s)[0]
            s = self.sequences.key(s)[1]
            up = self.put(s, p)
            kind, a = self.symbols.key(symbol)[0], self.symbols.key(symbol)[1]
            if kind == TERMINAL:
                if not self.terms.booleans[a] or self.forms.is_live(a):
                    pairs.push_back(a)
                    pairs.push_back(up)
            elif kind == NAME:
                b = self.symbols.key(symbol)[2]
                self.begin_name(a, b, up, pairs)
            else:
                for i in range(order.size()):
                    if order[i] == symbol:
                        for e in range(0, self.nodes.length(up), 2):
                            self.add_entry(calls[i], self.nodes.key(up)[e], self.nodes.key(up)[e + 1])
            if not self.is_nullable(symbol):
                return 0
        return 0

    cdef int begin_name(self, int32_t keys, int32_t used, int32_t up, vector[int32_t]& pairs) except -1:
        cdef int32_t k, t
        if self.names.any_allowed(keys, self.names.keys[keys].lo, self.names.keys[keys].hi):
            t = self.forms.declared_state(keys, used, self.names.keys[keys].lo, self.names.keys[keys].hi, 0, 0)
            pairs.push_back(t)
            pairs.push_back(up)
        for k in range(self.names.keys[keys].classes):
            t = self.forms.free_state(keys, k, self.names.free[self.names.keys[keys].free + k], used, 0, 0)
            if t != NOTHING:
                pairs.push_back(t)
                pairs.push_back(up)
        return 0

    # ---- states --------------------------------------------------------------------------------------------

    cdef int32_t base(self, bint accepting, vector[int32_t]& pairs) except -2:
        """Intern a base state from unsorted pairs; DEAD if there is none and nothing is accepted."""
        cdef vector[uint64_t] order
        cdef vector[uint64_t] entries
        cdef vector[int32_t] key, items, node
        cdef State state
        cdef Template* template
        cdef size_t i, j
        cdef int32_t index, k, c, n
        cdef uint32_t e
        if pairs.empty() and not accepting:
            return DEAD
        for i in range(0, pairs.size(), 2):
            order.push_back(<uint64_t>pairs[i] << 32 | <uint32_t>pairs[i + 1])
        sort(order.begin(), order.end())
        key.push_back(accepting)
        i = 0
        while i < order.size():
            j = i + 1
            while j < order.size() and order[j] >> 32 == order[i] >> 32 and order[j] == order[i]:
                j += 1
            if j < order.size() and order[j] >> 32 == order[i] >> 32:  # one term, several nodes: unite their entries
                entries.clear()
                j = i
                while j < order.size() and order[j] >> 32 == order[i] >> 32:
                    n = <int32_t>(order[j] & 0xFFFFFFFF)
                    for e in range(0, self.nodes.length(n), 2):
                        entries.push_back(
                            <uint64_t>self.nodes.key(n)[e] << 32 | <uint32_t>self.nodes.key(n)[e + 1]
                        )
                    j += 1
                n = self.unite(entries)
            else:
                n = <int32_t>(order[i] & 0xFFFFFFFF)
            key.push_back(<int32_t>(order[i] >> 32))
            key.push_back(n)
            items.push_back(<int32_t>(order[i] >> 32))
            i = j
        index = self.bases.find(key.data(), <uint32_t>key.size())
        if index >= 0:
            return index
        if self.states.size() >= self.limit:
            raise LimitExceeded("states of one automaton", self.limit)
        state.shape = self.shapes.shape(items.data(), <uint32_t>items.size())
        template = &self.shapes.templates[state.shape]
        state.classes = template.classes
        state.accepting = accepting
        state.counting = template.counter != 0
        state.named = template.by_byte
        for i in range(items.size()):
            if self.terms.kind(items[i]) == DECLARED:
                state.named = True
        state.targets = self.room(template.width)
        for c in range(template.width):
            k = template.moves + c
            if template.by_byte or self.shapes.offsets[k] < self.shapes.offsets[k + 1]:
                state.targets[c] = UNKNOWN
            else:
                state.targets[c] = DEAD
        index = self.bases.intern(key.data(), <uint32_t>key.size())
        self.states.push_back(state)
        return index

    cdef int32_t unite(self, vector[uint64_t]& entries) except -1:
        """Intern the node of a set of entries (sequence << 32 | node), in any order and with repetitions."""
        cdef vector[int32_t] node
        cdef size_t i
        sort(entries.begin(), entries.end())
        for i in range(entries.size()):
            if i and entries[i] == entries[i - 1]:
                continue
            node.push_back(<int32_t>(entries[i] >> 32))
            node.push_back(<int32_t>(entries[i] & 0xFFFFFFFF))
        return self.nodes.intern(node.data(), <uint32_t>node.size())

    cdef int32_t* room(self, int32_t n) except NULL:
        """Return space for `n` targets that never moves."""
        cdef int32_t* place
        if <size_t>n > self.chunk_left:
            self.chunk_next = <int32_t*>malloc(CHUNK * sizeof(int32_t))
            if self.chunk_next == NULL:
                raise MemoryError
            self.chunks.push_back(self.chunk_next)
            self.chunk_left = CHUNK
        place = self.chunk_next
        self.chunk_next += n
        self.chunk_left -= n
        return place

    cdef int32_t closed(self, int32_t node) except -2:
        """Return the base state in which exactly the entries of `node` are to be matched."""
        cdef vector[int32_t] pairs
        cdef int32_t k
        self.closure(node)
        for k in range(2 * self.closure_count[node]):
            pairs.push_back(self.closure_pairs[self.closure_start[node] + k])
        return self.base(self.closure_accepts[node], pairs)

    cdef int32_t miss(self, int32_t q, int32_t cls, int32_t byte) except -9:
        """Compute, remember and return the target of a class seen for the first time in `q`."""
        cdef int32_t target
        if self.states[q].counting and self.shapes.acts[self.shapes.templates[self.states[q].shape].moves + cls] == 9:
            target = MIXED
        else:
            target = self.successor(q, cls, byte, 0, False)
        self.states[q].targets[cls] = target
        return target

    cdef int32_t depend(self, int32_t q, int32_t count, int32_t cls) except -9:
        """Return the target of a MIXED class at this count: a base state whose count is 0."""
        cdef uint64_t key = <uint64_t>q << 36 ^ <uint64_t>count << 8 ^ <uint64_t>cls
        cdef int32_t target
        if self.mixed.count(key):
            return self.mixed[key]
        target = self.successor(q, cls, -1, count, True)
        self.mixed[key] = target
        return target

    cdef int32_t successor(self, int32_t q, int32_t cls, int32_t byte, int32_t count, bint fixed) except -9:
        """Return the state after one byte of class `cls`, or MIXED.

        Without `fixed` the count stays outside; with it, counted residuals are unrolled at `count`.
        """
        cdef vector[int32_t] own, pairs
        cdef vector[uint64_t] entries
        cdef Template* template = &self.shapes.templates[self.states[q].shape]
        cdef int32_t i, k, first, last, r, n, act, node, counter = template.counter, found
        cdef int32_t least = template.least, most = template.most
        cdef int32_t key[4]
        cdef bint by_byte = template.by_byte, carries = False, accepting = False
        cdef uint32_t e
        own.assign(self.bases.key(q) + 1, self.bases.key(q) + self.bases.length(q))
        if by_byte:
            first, last = 0, <int32_t>own.size() // 2
        else:
            first = self.shapes.offsets[template.moves + cls]
            last = self.shapes.offsets[template.moves + cls + 1]
        for i in range(first, last):
            if by_byte:
                r, n, act = self.forms.derive(own[2 * i], byte), own[2 * i + 1], NEUTRAL
                if r == NOTHING:
                    continue
            else:
                r, act = self.shapes.moves[i].target, self.shapes.moves[i].action
                n = own[2 * self.shapes.moves[i].pair + 1]
            if fixed:
                if act == ENTER:
                    if count >= most:
                        continue
                    r = self.forms.uncounted(r, count + 1)
                elif act == STAY:
                    r = self.forms.uncounted(r, count)
                elif act == LEAVE and count < least:
                    continue
            elif act == ENTER or act == STAY:
                carries = True
            if self.terms.kind(r) == NAMED:
                key[0], key[1] = TERMINAL, self.names.keys[self.terms.arg(r, 0)].colon
                k = self.symbols.intern(key, 2)
                key[0], key[1], key[2], key[3] = AFTER, self.terms.arg(r, 0), self.terms.arg(r, 1), self.terms.arg(r, 2)
                k = self.cons(k, self.cons(self.symbols.intern(key, 4), 0))
                entries.push_back(<uint64_t>k << 32 | <uint32_t>n)
                continue
            if r != EPSILON:
                pairs.push_back(r)
                pairs.push_back(n)
            if self.terms.nullables[r]:
                for e in range(0, self.nodes.length(n), 2):
                    entries.push_back(<uint64_t>self.nodes.key(n)[e] << 32 | <uint32_t>self.nodes.key(n)[e + 1])
        if not entries.empty():
            node = self.unite(entries)
            self.closure(node)
            accepting = self.closure_accepts[node]
            for k in range(self.closure_count[node]):
                r = self.closure_pairs[self.closure_start[node] + 2 * k]
                if carries and (self.forms.counter(r) or self.terms.kind(r) == FREE):
                    return MIXED
                pairs.push_back(r)
                pairs.push_back(self.closure_pairs[self.closure_start[node] + 2 * k + 1])
        if carries:
            for k in range(0, <int32_t>pairs.size(), 2):
                found = self.forms.counter(pairs[k])
                if found and found != counter:
                    return MIXED
        return self.base(accepting, pairs)

    cdef int32_t advance(self, int32_t q, int32_t* count, int32_t byte) except -9:
        """Step (q, count) over one byte; return the new base state and write its count."""
        cdef State* state = &self.states[q]
        cdef int32_t cls = state.classes[byte]
        cdef int32_t target = state.targets[cls]
        cdef int32_t act
        cdef Template* template
        if target == DEAD:
            return DEAD
        if target == UNKNOWN:
            target = self.miss(q, cls, byte)
            if target == DEAD:
                return DEAD
            state = &self.states[q]
        if not state.counting:
            count[0] = 0
            return target
        if target == MIXED:
            target = self.depend(q, count[0], cls)
            count[0] = 0
            return target
        template = &self.shapes.templates[state.shape]
        act = self.shapes.acts[template.moves + cls]
        if act == ENTER:
            if count[0] >= template.most:
                return DEAD
            if template.most == UNBOUNDED:
                count[0] = min(count[0] + 1, template.least)
            else:
                count[0] += 1
        elif act == LEAVE:
            if count[0] < template.least:
                return DEAD
            count[0] = 0
        elif act != STAY:
            count[0] = 0
        return target
