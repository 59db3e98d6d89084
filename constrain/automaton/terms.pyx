# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Regular terms as integers: the compiled twin of `constrain.regular.term`.

A term is an id in one arena; its key is `[kind, arguments...]` (terms.pxd lists the layouts), its attributes are
arrays. `add` brings a Python term over, once; from then on derivatives create terms here and no Python object is
touched.

Example: `a{2,3}b` becomes LITERAL(b"a") = 3, REPEAT(3, 2, 3) = 4, LITERAL(b"b") = 5, CONCAT(4, 5) = 6.

The constructors simplify exactly like those of `constrain.regular.term`, except that Concat is binary and nests to the
right, so that the derivative of a long sequence shares its tail. Kinds beyond the Python ones: WITHIN (inside one
repetition of a counted body), DECLARED, FREE and NAMED (states of an object's next name, see names.pyx).

least_bytes is a lower bound on the length of a member, a guide for emptiness searches and never more than a bound.
"""

from libc.string cimport memcpy
from libcpp.algorithm cimport sort, unique

from time import monotonic

from constrain.errors import LimitExceeded
from constrain.regular.term import Kind


cdef class Terms:
    def __cinit__(self, uint32_t limit=4_000_000, double seconds=1e9):
        cdef int32_t key[2]
        self.interner = Interner()
        self.sets = Interner()
        self.words = Words()
        self.limit = limit
        self.seconds = seconds
        self.imported = {}
        self.literals = {}
        self.dfas = {}
        key[0] = NOTHING
        self.make(key, 1, False, False, UNBOUNDED)
        key[0] = EPSILON
        self.make(key, 1, True, False, 0)
        key[0], key[1] = NOT, 0
        self.everything = self.make(key, 2, True, True, 0)

    def __len__(self):
        return self.interner.count()

    cdef int32_t kind(self, int32_t t) noexcept:
        return self.interner.key(t)[0]

    cdef int32_t arg(self, int32_t t, int i) noexcept:
        return self.interner.key(t)[1 + i]

    cdef int32_t make(self, const int32_t* key, uint32_t n, bint nullable, bint boolean, int32_t least) except -1:
        cdef int32_t t = self.interner.intern(key, n)
        if <uint32_t>t == self.nullables.size():
            self.nullables.push_back(nullable)
            self.booleans.push_back(boolean)
            self.least_bytes.push_back(least if least < UNBOUNDED else UNBOUNDED)
            if <uint32_t>t > self.limit:
                raise LimitExceeded("terms of one vocabulary's automata", self.limit)
            self.work += 1
            if self.work & 0x3FF == 0:
                self.charge()
        return t

    cdef int charge(self) except -1:
        """Stop a step or mask that has created thousands of terms for longer than `seconds` (`work` is reset before each)."""
        if self.work == 0x400:
            self.began = monotonic()
        elif monotonic() - self.began > self.seconds:
            raise LimitExceeded("seconds of work for one step or mask", self.seconds)
        return 0

    cdef int32_t byte_set(self, const ByteSet* s) except -1:
        cdef int32_t key[8]
        cdef int32_t term[2]
        memcpy(key, s, 32)
        cdef int32_t index = self.sets.intern(key, 8)
        if <uint32_t>index == self.byte_sets.size():
            self.byte_sets.push_back(s[0])
        if not (s.w[0] | s.w[1] | s.w[2] | s.w[3]):
            return NOTHING
        term[0], term[1] = BYTES, index
        return self.make(term, 2, False, False, 1)

    cdef int32_t literal(self, int32_t index, int32_t offset) except -1:
        cdef int32_t key[3]
        cdef int32_t rest = self.literal_start[index + 1] - self.literal_start[index] - offset
        if rest == 0:
            return EPSILON
        key[0], key[1], key[2] = LITERAL, index, offset
        return self.make(key, 3, False, False, rest)

    cdef int32_t concat(self, int32_t a, int32_t b) except -1:
        cdef int32_t key[3]
        cdef vector[int32_t] heads
        cdef int i
        if a == NOTHING or b == NOTHING:
            return NOTHING
        if a == EPSILON:
            return b
        if b == EPSILON:
            return a
        while self.kind(a) == CONCAT:
            heads.push_back(self.arg(a, 0))
            a = self.arg(a, 1)
        heads.push_back(a)
        for i in range(<int>heads.size() - 1, -1, -1):
            a = heads[i]
            key[0], key[1], key[2] = CONCAT, a, b
            b = self.make(
                key,
                3,
                self.nullables[a] and self.nullables[b],
                self.booleans[a] or self.booleans[b],
                self.least_bytes[a] + self.least_bytes[b],
            )
        return b

    cdef int32_t alt2(self, int32_t a, int32_t b) except -1:
        cdef vector[int32_t] items
        if a == b or b == NOTHING:
            return a
        if a == NOTHING:
            return b
        items.push_back(a)
        items.push_back(b)
        return self.alt(items)

    cdef int32_t alt(self, vector[int32_t]& items) except -1:
        cdef vector[int32_t] flat
        cdef ByteSet merged
        cdef const ByteSet* s
        cdef int32_t t, n, i, least = UNBOUNDED, leaf = -1
        cdef int leaves = 0
        cdef bint nullable = False, boolean = False, epsilon = False
        merged.w[0] = merged.w[1] = merged.w[2] = merged.w[3] = 0
        flat.push_back(ALT)
        for t in items:
            n = 1
            if self.kind(t) == ALT:
                n = <int32_t>self.interner.length(t) - 1
            for i in range(n):
                leaf = self.arg(t, i) if self.kind(t) == ALT else t
                if leaf == self.everything:
                    return leaf
                if leaf == EPSILON:
                    epsilon = True
                elif self.kind(leaf) == BYTES:
                    s = &self.byte_sets[self.arg(leaf, 0)]
                    merged.w[0] |= s.w[0]
                    merged.w[1] |= s.w[1]
                    merged.w[2] |= s.w[2]
                    merged.w[3] |= s.w[3]
                    leaves += 1
                elif leaf != NOTHING:
                    flat.push_back(leaf)
        if leaves:
            flat.push_back(self.byte_set(&merged))
        sort(flat.begin() + 1, flat.end())
        flat.erase(unique(flat.begin() + 1, flat.end()), flat.end())
        for i in range(1, <int32_t>flat.size()):
            nullable |= self.nullables[flat[i]]
            boolean |= self.booleans[flat[i]]
            least = min(least, self.least_bytes[flat[i]])
        if epsilon and not nullable:
            flat.insert(flat.begin() + 1, EPSILON)
            nullable = True
            least = 0
        if flat.size() == 1:
            return NOTHING
        if flat.size() == 2:
            return flat[1]
        return self.make(flat.data(), <uint32_t>flat.size(), nullable, boolean, least)

    cdef int32_t both(self, vector[int32_t]& items) except -1:
        cdef vector[int32_t] flat
        cdef int32_t t, n, i, k, part, least = 0
        cdef bint nullable = True
        flat.push_back(AND)
        for t in items:
            n = <int32_t>self.interner.length(t) - 1 if self.kind(t) == AND else 1
            for i in range(n):
                part = self.arg(t, i) if self.kind(t) == AND else t
                if part == NOTHING:
                    return NOTHING
                if part != self.everything:
                    flat.push_back(part)
        sort(flat.begin() + 1, flat.end())
        flat.erase(unique(flat.begin() + 1, flat.end()), flat.end())
        for i in range(1, <int32_t>flat.size()):
            nullable &= self.nullables[flat[i]]
            least = max(least, self.least_bytes[flat[i]])
        if flat.size() > 1 and flat[1] == EPSILON:
            return EPSILON if nullable else NOTHING
        if flat.size() == 1:
            return self.everything
        if flat.size() == 2:
            return flat[1]
        for i in range(1, <int32_t>flat.size()):
            if self.kind(flat[i]) == NOT:
                for k in range(1, <int32_t>flat.size()):
                    if flat[k] == self.arg(flat[i], 0):
                        return NOTHING
        return self.make(flat.data(), <uint32_t>flat.size(), nullable, True, least)

    cdef int32_t negate(self, int32_t t) except -1:
        cdef int32_t key[2]
        if self.kind(t) == NOT:
            return self.arg(t, 0)
        key[0], key[1] = NOT, t
        return self.make(key, 2, not self.nullables[t], True, 1 if self.nullables[t] else 0)

    cdef int32_t repeat(self, int32_t body, int32_t least, int32_t most) except -1:
        cdef int32_t key[4]
        cdef long long total
        if least > most:
            return NOTHING
        if body == EPSILON or most == 0:
            return EPSILON
        if body == NOTHING:
            return EPSILON if least == 0 else NOTHING
        if least == 1 and most == 1:
            return body
        if self.nullables[body]:
            least = 0
        if self.kind(body) == REPEAT and self.arg(body, 1) == 0 and self.arg(body, 2) == UNBOUNDED:
            return body
        key[0], key[1], key[2], key[3] = REPEAT, body, least, most
        total = <long long>least * self.least_bytes[body]
        return self.make(
            key, 4, least == 0, self.booleans[body], <int32_t>min(total, <long long>UNBOUNDED)
        )

    cdef int32_t word_state(self, bint json, int32_t lo, int32_t hi, int32_t offset, int32_t sub) except -1:
        cdef int32_t key[6]
        cdef bint nullable = sub == 0 and self.words.length(lo) == offset
        if nullable and hi == lo + 1:
            return EPSILON
        key[0], key[1], key[2], key[3], key[4], key[5] = WORDS, json, lo, hi, offset, sub
        return self.make(key, 6, nullable, False, 0 if nullable else 1)

    cdef int32_t dfa_state(self, int32_t table, int32_t state) except -1:
        cdef int32_t key[3]
        cdef bint nullable
        if state < 0:
            return NOTHING
        key[0], key[1], key[2] = DFA, table, state
        nullable = self.table_accepting[self.tables[table].accept + state]
        return self.make(key, 3, nullable, False, 0 if nullable else 1)

    cdef int32_t add(self, term) except -1:
        """Return the id of a Python term over bytes."""
        found = self.imported.get(term)
        if found is None:
            found = self.translate(term)
            self.imported[term] = found
        return found

    def translate(self, term):
        cdef vector[int32_t] items
        cdef ByteSet s
        cdef int32_t rest, i
        cdef Table table
        kind, args = term.kind, term.args
        if kind == Kind.NOTHING or kind == Kind.EPSILON:
            return int(kind)
        if kind == Kind.BYTES:
            mask = args[0]
            for i in range(4):
                s.w[i] = (mask >> (64 * i)) & 0xFFFFFFFFFFFFFFFF
            return self.byte_set(&s)
        if kind == Kind.LITERAL:
            return self.literal(self.literal_index(args[0]), 0)
        if kind == Kind.CONCAT:
            rest = self.add(args[len(args) - 1])
            for i in range(len(args) - 2, -1, -1):
                rest = self.concat(self.add(args[i]), rest)
            return rest
        if kind == Kind.REPEAT:
            most = UNBOUNDED if args[2] is None else min(args[2], UNBOUNDED - 1)
            return self.repeat(self.add(args[0]), min(args[1], UNBOUNDED - 1), most)
        if kind == Kind.NOT:
            return self.negate(self.add(args[0]))
        if kind == Kind.ALT or kind == Kind.AND:
            for item in args:
                items.push_back(self.add(item))
            return self.alt(items) if kind == Kind.ALT else self.both(items)
        if kind == Kind.WORDS:
            words = [w.encode() for w in args[1]]
            i = self.words.add(words)
            return self.word_state(args[0] == "json", i, i + len(words), 0, 0)
        if kind == Kind.DFA:
            dfa = args[0]
            known = self.dfas.get(dfa)
            if known is None:
                table.classes = <const uint8_t*><bytes>dfa.classes
                table.width = dfa.width
                table.base = <int32_t>self.table_next.size()
                table.accept = <int32_t>self.table_accepting.size()
                for target in dfa.next:
                    self.table_next.push_back(target)
                for bit in dfa.accepting:
                    self.table_accepting.push_back(bit)
                known = self.dfas[dfa] = self.tables.size()
                self.tables.push_back(table)
            return self.dfa_state(known, args[1])
        raise ValueError(f"a term of kind {kind.name} must be lowered to bytes first")

    cdef int32_t literal_index(self, data) except -1:
        """Return the index of the literal `data`, storing it once."""
        found = self.literals.get(data)
        if found is None:
            if self.literal_start.empty():
                self.literal_start.push_back(0)
            for byte in data:
                self.literal_pool.push_back(byte)
            found = self.literals[data] = self.literal_start.size() - 1
            self.literal_start.push_back(<int32_t>self.literal_pool.size())
        return found
