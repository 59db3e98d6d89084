# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Linear forms: all derivatives of a term at once, as disjoint byte sets with what is left after each.

Example: the linear form of `a{2,3}b|ac` is `{a}: a{1,2}b|c`. Source: Antimirov, "Partial derivatives of regular
expressions and finite automaton constructions" (1996), made deterministic by splitting overlapping byte sets.

Counters. Unrolling `C{0,10000}` creates a term per repetition. So a term `K = C{m,n} rest` whose next step is never
ambiguous is *counted*: its own form (`counted`) leads back to K itself, or to WITHIN(C', K) inside a repetition, and
each arc says what it does to a count that the state carries beside the term (ENTER, STAY, LEAVE; forms.pxd).
Conditions: C is free of prefixes and of booleans, and the first bytes of C and of `rest` are disjoint, so that no
string of bytes is in two counts at once; `rest` is not nullable (or absent, with m = 0). Everywhere else - under
booleans, in ambiguous places - the exact form (`exact`) unrolls. Both denote the same language.

Liveness: an arc of `exact` or `counted` never leads to an empty language. Only booleans can make one; for those
`is_live` searches the unfiltered forms (`raw`), greedily towards short members, and remembers every answer.

Rejected: derivatives byte by byte (Brzozowski): 256 constructions where a handful of classes do.
"""

from libcpp.unordered_map cimport unordered_map

from constrain.automaton.interning cimport Interner
from constrain.automaton.terms cimport (
    ALT,
    AND,
    BYTES,
    CONCAT,
    DECLARED,
    DFA,
    EPSILON,
    FREE,
    LITERAL,
    NAMED,
    NOT,
    NOTHING,
    REPEAT,
    UNBOUNDED,
    WITHIN,
    WORDS,
    Table,
    has,
)
from constrain.automaton.words cimport PLAIN, WordStep

from constrain.errors import LimitExceeded

cdef inline ByteSet intersection(const ByteSet* a, const ByteSet* b) noexcept:
    cdef ByteSet r
    r.w[0], r.w[1], r.w[2], r.w[3] = a.w[0] & b.w[0], a.w[1] & b.w[1], a.w[2] & b.w[2], a.w[3] & b.w[3]
    return r

cdef inline ByteSet difference(const ByteSet* a, const ByteSet* b) noexcept:
    cdef ByteSet r
    r.w[0], r.w[1], r.w[2], r.w[3] = a.w[0] & ~b.w[0], a.w[1] & ~b.w[1], a.w[2] & ~b.w[2], a.w[3] & ~b.w[3]
    return r

cdef inline void merge(ByteSet* a, const ByteSet* b) noexcept:
    a.w[0] |= b.w[0]
    a.w[1] |= b.w[1]
    a.w[2] |= b.w[2]
    a.w[3] |= b.w[3]

cdef inline bint is_none(const ByteSet* a) noexcept:
    return not (a.w[0] | a.w[1] | a.w[2] | a.w[3])

cdef inline ByteSet only(int32_t byte) noexcept:
    cdef ByteSet r
    r.w[0] = r.w[1] = r.w[2] = r.w[3] = 0
    r.w[byte >> 6] = <uint64_t>1 << (byte & 63)
    return r


cdef class Forms:
    def __cinit__(self, Terms terms, Names names, int32_t search_limit=200_000):
        self.terms = terms
        self.names = names
        self.search_limit = search_limit

    cdef int reserve(self, int32_t t) except -1:
        cdef size_t size
        if <size_t>t >= self.exact_start.size():
            size = max(<size_t>(t + 1), 2 * self.exact_start.size(), <size_t>1024)
            self.raw_start.resize(size, -1)
            self.raw_count.resize(size, 0)
            self.exact_start.resize(size, -1)
            self.exact_count.resize(size, 0)
            self.counted_start.resize(size, -1)
            self.counted_count.resize(size, 0)
            self.counters.resize(size, -1)
            self.lives.resize(size, 0)
            self.prefix_free.resize(size, 0)
        return 0

    # ---- counted terms -------------------------------------------------------------------------------------

    cdef int32_t counter(self, int32_t t) except -2:
        """Return the REPEAT that counts at the head of `t`, or 0."""
        cdef int32_t found = 0, body, rest = -1, head = t
        cdef ByteSet a, b
        self.reserve(t)
        if self.counters[t] >= 0:
            return self.counters[t]
        if self.terms.kind(t) == WITHIN:
            found = self.counter(self.terms.arg(t, 1))
        else:
            if self.terms.kind(t) == CONCAT:
                head, rest = self.terms.arg(t, 0), self.terms.arg(t, 1)
            if self.terms.kind(head) == REPEAT and (
                self.terms.arg(head, 1) > 1 or 1 < self.terms.arg(head, 2) < UNBOUNDED
            ):
                body = self.terms.arg(head, 0)
                if rest < 0:
                    if self.terms.arg(head, 1) == 0 and self.is_prefix_free(body):
                        found = head
                elif not self.terms.nullables[rest] and self.is_prefix_free(body):
                    self.first(body, &a)
                    self.first(rest, &b)
                    a = intersection(&a, &b)
                    if is_none(&a):
                        found = head
        self.counters[t] = found
        return found

    cdef bint is_prefix_free(self, int32_t body) except -1:
        """Tell whether no member of `body` continues another; gives up (False) after 64 residuals."""
        cdef vector[int32_t] agenda
        cdef int32_t t, u, k, start
        cdef size_t i = 0, j
        cdef bint seen, free = not self.terms.nullables[body]
        cdef int8_t verdict
        self.reserve(body)
        if self.prefix_free[body]:
            return self.prefix_free[body] == 1
        if self.terms.booleans[body]:
            free = False
        agenda.push_back(body)
        while free and i < agenda.size():
            t = agenda[i]
            i += 1
            start = self.exact(t)
            for k in range(self.exact_count[t]):
                u = self.pool[start + k].target
                if u == EPSILON:
                    continue
                if self.terms.nullables[u] or agenda.size() > 64:
                    free = False
                    break
                seen = False
                for j in range(agenda.size()):
                    seen |= agenda[j] == u
                if not seen:
                    agenda.push_back(u)
        self.reserve(body)
        verdict = 2 - free  # not a conditional expression: Cython 3 would keep a reference to its temporary
        self.prefix_free[body] = verdict
        return free

    cdef int first(self, int32_t t, ByteSet* out) except -1:
        cdef int32_t k, start = self.exact(t)
        out.w[0] = out.w[1] = out.w[2] = out.w[3] = 0
        for k in range(self.exact_count[t]):
            merge(out, &self.pool[start + k].set)
        return 0

    cdef int32_t uncounted(self, int32_t t, int32_t count) except -1:
        """Return `t` with `count` repetitions of its counter used up, as a plain term."""
        cdef int32_t kept = t, head, rest, least, most
        if self.terms.kind(t) == WITHIN:
            return self.terms.concat(self.terms.arg(t, 0), self.uncounted(self.terms.arg(t, 1), count))
        head = self.terms.arg(t, 0) if self.terms.kind(t) == CONCAT else t
        rest = self.terms.arg(t, 1) if self.terms.kind(t) == CONCAT else EPSILON
        least, most = self.terms.arg(head, 1), self.terms.arg(head, 2)
        if count == 0:
            return kept
        head = self.terms.repeat(
            self.terms.arg(head, 0), max(0, least - count), UNBOUNDED if most == UNBOUNDED else most - count
        )
        return self.terms.concat(head, rest)

    cdef int32_t counted(self, int32_t t) except -1:
        """Return where the counted form of `t` starts in the pool (`counted_count[t]` arcs, with actions)."""
        cdef int32_t k, n, start, source, whole, rest = -1, least
        cdef Arc arc
        cdef vector[Arc] out
        cdef vector[uint8_t] acts
        cdef int32_t key[3]
        self.reserve(t)
        if self.counted_start[t] >= 0:
            return self.counted_start[t]
        whole = t
        source = self.terms.arg(t, 0)
        least = 0
        if self.terms.kind(t) == WITHIN:
            whole = self.terms.arg(t, 1)
        elif self.terms.kind(t) == CONCAT:
            rest = self.terms.arg(t, 1)
            least = self.terms.arg(source, 1)
            source = self.terms.arg(source, 0)
        start = self.exact(source)
        n = self.exact_count[source]
        for k in range(n):
            arc = self.pool[start + k]
            if arc.target == EPSILON:
                arc.target = whole
            else:
                key[0], key[1], key[2] = WITHIN, arc.target, whole
                arc.target = self.terms.make(
                    key, 3, False, self.terms.booleans[whole], self.terms.least_bytes[whole]
                )
            out.push_back(arc)
            acts.push_back(STAY if self.terms.kind(t) == WITHIN else ENTER)
        if rest >= 0:
            start = self.exact(rest)
            n = self.exact_count[rest]
            for k in range(n):
                out.push_back(self.pool[start + k])
                acts.push_back(LEAVE if least else NEUTRAL)
        start = <int32_t>self.pool.size()
        for k in range(<int32_t>out.size()):
            self.pool.push_back(out[k])
            self.actions.push_back(acts[k])
        self.reserve(t)
        self.counted_start[t] = start
        self.counted_count[t] = <int32_t>out.size()
        return start

    # ---- exact forms ---------------------------------------------------------------------------------------

    cdef int32_t raw(self, int32_t t) except -1:
        """Return where the form of `t` starts in the pool, arcs to empty languages included (`raw_count[t]` arcs)."""
        cdef vector[Arc] found, out
        cdef size_t i, j
        cdef int32_t start
        self.reserve(t)
        if self.raw_start[t] >= 0:
            return self.raw_start[t]
        self.compute(t, found)
        for i in range(found.size()):
            if found[i].target == NOTHING:
                continue
            for j in range(out.size()):
                if out[j].target == found[i].target:
                    merge(&out[j].set, &found[i].set)
                    break
            else:
                out.push_back(found[i])
        start = self.store(out)
        self.reserve(t)
        self.raw_start[t] = start
        self.raw_count[t] = <int32_t>out.size()
        return start

    cdef int32_t exact(self, int32_t t) except -1:
        """Return where the form of `t` starts in the pool (`exact_count[t]` arcs, each to a language that has a member)."""
        cdef vector[Arc] out
        cdef int32_t start, k, n
        self.reserve(t)
        if self.exact_start[t] >= 0:
            return self.exact_start[t]
        start = self.raw(t)
        n = self.raw_count[t]
        if self.terms.booleans[t]:
            for k in range(n):
                if self.is_live(self.pool[start + k].target):
                    out.push_back(self.pool[start + k])
            start = self.store(out)
            n = <int32_t>out.size()
        self.reserve(t)
        self.exact_start[t] = start
        self.exact_count[t] = n
        return start

    cdef int32_t store(self, vector[Arc]& arcs) except -1:
        cdef int32_t start = <int32_t>self.pool.size()
        cdef size_t i
        for i in range(arcs.size()):
            self.pool.push_back(arcs[i])
            self.actions.push_back(NEUTRAL)
        return start

    cdef int compute(self, int32_t t, vector[Arc]& out) except -1:
        cdef Terms terms = self.terms
        cdef int32_t kind = terms.kind(t), a, b, n, k, start, least, most, index
        cdef uint32_t i
        cdef Arc arc
        cdef ByteSet left, cut
        cdef vector[WordStep] steps
        cdef vector[Arc] previous
        cdef vector[int32_t] items
        cdef Table table
        if kind == BYTES:
            arc.set = terms.byte_sets[terms.arg(t, 0)]
            arc.target = EPSILON
            out.push_back(arc)
        elif kind == LITERAL:
            index, k = terms.arg(t, 0), terms.arg(t, 1)
            arc.set = only(terms.literal_pool[terms.literal_start[index] + k])
            arc.target = terms.literal(index, k + 1)
            out.push_back(arc)
        elif kind == CONCAT:
            a, b = terms.arg(t, 0), terms.arg(t, 1)
            start = self.raw(a)
            n = self.raw_count[a]
            for k in range(n):
                arc = self.pool[start + k]
                arc.target = terms.concat(arc.target, b)
                out.push_back(arc)
            if terms.nullables[a]:
                start = self.raw(b)
                n = self.raw_count[b]
                for k in range(n):
                    arc = self.pool[start + k]
                    self.unite(out, &arc.set, arc.target)
        elif kind == ALT:
            for i in range(terms.interner.length(t) - 1):
                items.push_back(terms.arg(t, i))
            self.unite_many(items.data(), <uint32_t>items.size(), out)
        elif kind == REPEAT:
            a, least, most = terms.arg(t, 0), terms.arg(t, 1), terms.arg(t, 2)
            b = terms.repeat(a, max(0, least - 1), UNBOUNDED if most == UNBOUNDED else most - 1)
            start = self.raw(a)
            n = self.raw_count[a]
            for k in range(n):
                arc = self.pool[start + k]
                arc.target = terms.concat(arc.target, b)
                out.push_back(arc)
        elif kind == AND:
            for i in range(terms.interner.length(t) - 1):
                items.push_back(terms.arg(t, i))
            a = items[0]
            start = self.raw(a)
            for k in range(self.raw_count[a]):
                out.push_back(self.pool[start + k])
            for i in range(1, <uint32_t>items.size()):
                a = items[i]
                previous.swap(out)
                out.clear()
                start = self.raw(a)
                for k in range(self.raw_count[a]):
                    for n in range(<int32_t>previous.size()):
                        arc.set = intersection(&self.pool[start + k].set, &previous[n].set)
                        if is_none(&arc.set):
                            continue
                        arc.target = self.pair(previous[n].target, self.pool[start + k].target)
                        if arc.target != NOTHING:
                            out.push_back(arc)
        elif kind == NOT:
            a = terms.arg(t, 0)
            left.w[0] = left.w[1] = left.w[2] = left.w[3] = 0xFFFFFFFFFFFFFFFFULL
            start = self.raw(a)
            n = self.raw_count[a]
            for k in range(n):
                arc = self.pool[start + k]
                left = difference(&left, &arc.set)
                arc.target = terms.negate(arc.target)
                out.push_back(arc)
            if not is_none(&left):
                arc.set = left
                arc.target = terms.everything
                out.push_back(arc)
        elif kind == WORDS:
            terms.words.expand(terms.arg(t, 1), terms.arg(t, 2), terms.arg(t, 3), terms.arg(t, 4), terms.arg(t, 0), steps)
            b = terms.arg(t, 0)
            for i in range(<uint32_t>steps.size()):
                arc.set = only(steps[i].byte_a)
                if steps[i].byte_b >= 0:
                    cut = only(steps[i].byte_b)
                    merge(&arc.set, &cut)
                arc.target = terms.word_state(b, steps[i].lo, steps[i].hi, steps[i].offset, steps[i].sub)
                out.push_back(arc)
        elif kind == DECLARED:
            self.compute_declared(t, out)
        elif kind == DFA:
            index, k = terms.arg(t, 0), terms.arg(t, 1)
            table = terms.tables[index]
            for n in range(256):
                a = terms.table_next[table.base + k * table.width + table.classes[n]]
                if a < 0:
                    continue
                cut = only(n)
                b = terms.dfa_state(index, a)
                for i in range(<uint32_t>out.size()):
                    if out[i].target == b:
                        merge(&out[i].set, &cut)
                        break
                else:
                    arc.set, arc.target = cut, b
                    out.push_back(arc)
        elif kind == WITHIN:  # exact only in the sense of uncounted; never asked for by the machine
            raise AssertionError("a counted residual met the exact form")
        return 0

    cdef int32_t pair(self, int32_t a, int32_t b) except -1:
        cdef vector[int32_t] items
        items.push_back(a)
        items.push_back(b)
        return self.terms.both(items)

    cdef int unite(self, vector[Arc]& out, const ByteSet* s, int32_t target) except -1:
        """Add the arc (s, target) to disjoint arcs, splitting where it overlaps."""
        cdef ByteSet left = s[0], shared
        cdef Arc arc
        cdef size_t i, n = out.size()
        for i in range(n):
            shared = intersection(&out[i].set, &left)
            if is_none(&shared):
                continue
            left = difference(&left, &shared)
            arc.set = shared
            arc.target = self.terms.alt2(out[i].target, target)
            if arc.target != out[i].target:
                out[i].set = difference(&out[i].set, &shared)
                if is_none(&out[i].set):
                    out[i] = arc
                else:
                    out.push_back(arc)
            if is_none(&left):
                return 0
        arc.set, arc.target = left, target
        out.push_back(arc)
        return 0

    cdef int unite_many(self, const int32_t* items, uint32_t n, vector[Arc]& out) except -1:
        """Unite the forms of many terms byte by byte: linear where repeated `unite` would be quadratic."""
        cdef vector[vector[int32_t]] buckets
        cdef vector[int32_t] members
        cdef Interner groups
        cdef vector[ByteSet] sets
        cdef ByteSet cut
        cdef Arc arc
        cdef int32_t start, k, byte, g
        cdef uint32_t i
        if n <= 6:
            for i in range(n):
                start = self.raw(items[i])
                for k in range(self.raw_count[items[i]]):
                    arc = self.pool[start + k]
                    self.unite(out, &arc.set, arc.target)
            return 0
        buckets.resize(256)
        for i in range(n):
            start = self.raw(items[i])
            for k in range(self.raw_count[items[i]]):
                for byte in range(256):
                    if has(&self.pool[start + k].set, byte):
                        buckets[byte].push_back(self.pool[start + k].target)
        groups = Interner()
        for byte in range(256):
            if buckets[byte].empty():
                continue
            g = groups.intern(buckets[byte].data(), <uint32_t>buckets[byte].size())
            cut = only(byte)
            if <size_t>g == sets.size():
                sets.push_back(cut)
            else:
                merge(&sets[g], &cut)
        for g in range(groups.count()):
            members.assign(groups.key(g), groups.key(g) + groups.length(g))
            arc.set = sets[g]
            arc.target = self.terms.alt(members)
            out.push_back(arc)
        return 0

    # ---- names ---------------------------------------------------------------------------------------------

    cdef int32_t declared_state(
        self, int32_t keys, int32_t used, int32_t lo, int32_t hi, int32_t offset, int32_t sub
    ) except -1:
        cdef int32_t key[7]
        key[0], key[1], key[2], key[3], key[4], key[5], key[6] = DECLARED, keys, used, lo, hi, offset, sub
        return self.terms.make(key, 7, False, False, 1)

    cdef int compute_declared(self, int32_t t, vector[Arc]& out) except -1:
        cdef int32_t keys = self.terms.arg(t, 0), used = self.terms.arg(t, 1), lo = self.terms.arg(t, 2)
        cdef int32_t hi = self.terms.arg(t, 3), offset = self.terms.arg(t, 4), sub = self.terms.arg(t, 5)
        cdef int32_t base = self.names.keys[keys].lo
        cdef int32_t key[4]
        cdef int32_t left[4]
        cdef vector[WordStep] steps
        cdef size_t i
        cdef Arc arc
        cdef ByteSet other
        if sub == PLAIN and self.terms.words.length(lo) == offset and self.names.any_allowed(keys, lo, lo + 1):
            key[0], key[1], key[3] = NAMED, keys, used
            key[2] = self.names.labels[self.names.keys[keys].labels + lo - base]
            arc.set = only(0x22)
            arc.target = self.terms.make(key, 4, True, False, 0)
            out.push_back(arc)
        self.terms.words.expand(lo, hi, offset, sub, True, steps)
        for i in range(steps.size()):
            self.terms.words.spellable(steps[i].lo, steps[i].hi, steps[i].offset, steps[i].sub, left)
            if not self.names.any_allowed(keys, left[0], left[1]) and not self.names.any_allowed(keys, left[2], left[3]):
                continue
            arc.set = only(steps[i].byte_a)
            if steps[i].byte_b >= 0:
                other = only(steps[i].byte_b)
                merge(&arc.set, &other)
            arc.target = self.declared_state(keys, used, steps[i].lo, steps[i].hi, steps[i].offset, steps[i].sub)
            out.push_back(arc)
        return 0

    cdef int32_t free_state(
        self, int32_t keys, int32_t cls, int32_t inner, int32_t used, int32_t text, int32_t sub
    ) except -1:
        """Return the term of a free name in this state, or NOTHING if no allowed name is left."""
        cdef int32_t key[7]
        if inner == NOTHING or not self.is_free_live(keys, inner, used, text, sub):
            return NOTHING
        key[0], key[1], key[2], key[3], key[4], key[5], key[6] = FREE, keys, cls, inner, used, text, sub
        return self.terms.make(key, 7, False, False, 1)

    cdef bint is_free_live(
        self, int32_t keys, int32_t inner, int32_t used, int32_t text, int32_t sub
    ) except -1:
        """Tell whether some member of `inner` completes the name to one that is not taken."""
        cdef vector[int32_t] agenda, visited
        cdef int32_t t, x, s, k, start, byte, n
        cdef size_t i
        cdef bint seen
        cdef int32_t steps = 0
        if sub == PLAIN and not self.names.is_near(keys, used, text):
            return True
        agenda.push_back(inner)
        agenda.push_back(text)
        agenda.push_back(sub)
        while not agenda.empty():
            s = agenda.back()
            agenda.pop_back()
            x = agenda.back()
            agenda.pop_back()
            t = agenda.back()
            agenda.pop_back()
            if s == PLAIN and self.terms.nullables[t] and not self.names.is_taken(keys, used, x):
                return True
            seen = False
            for i in range(0, visited.size(), 3):
                seen |= visited[i] == t and visited[i + 1] == x and visited[i + 2] == s
            if seen:
                continue
            visited.push_back(t)
            visited.push_back(x)
            visited.push_back(s)
            steps += 1
            if steps > self.search_limit:
                raise LimitExceeded("steps of a search for an unused name", self.search_limit)
            start = self.exact(t)
            n = self.exact_count[t]
            for k in range(n):
                for byte in range(256):
                    if has(&self.pool[start + k].set, byte):
                        inner, text, sub = self.pool[start + k].target, x, s
                        self.names.decode(byte, &text, &sub)
                        if sub == PLAIN and not self.names.is_near(keys, used, text):
                            return True
                        agenda.push_back(inner)
                        agenda.push_back(text)
                        agenda.push_back(sub)
        return False

    cdef int32_t derive_free(self, int32_t t, int32_t byte) except -1:
        cdef int32_t keys = self.terms.arg(t, 0), cls = self.terms.arg(t, 1), inner = self.terms.arg(t, 2)
        cdef int32_t used = self.terms.arg(t, 3), text = self.terms.arg(t, 4), sub = self.terms.arg(t, 5)
        cdef int32_t key[4]
        if byte == 0x22 and sub == PLAIN:
            if not self.terms.nullables[inner] or self.names.is_taken(keys, used, text):
                return NOTHING
            key[0], key[1], key[2] = NAMED, keys, self.names.keys[keys].hi - self.names.keys[keys].lo + cls
            key[3] = self.names.use(used, text)
            return self.terms.make(key, 4, True, False, 0)
        inner = self.derive(inner, byte)
        if inner == NOTHING:
            return NOTHING
        self.names.decode(byte, &text, &sub)
        return self.free_state(keys, cls, inner, used, text, sub)

    cdef int32_t derive(self, int32_t t, int32_t byte) except -1:
        cdef int32_t k, start
        if self.terms.kind(t) == FREE:
            return self.derive_free(t, byte)
        start = self.exact(t)
        for k in range(self.exact_count[t]):
            if has(&self.pool[start + k].set, byte):
                return self.pool[start + k].target
        return NOTHING

    # ---- emptiness -----------------------------------------------------------------------------------------

    cdef bint is_live(self, int32_t t) except -1:
        """Tell whether the language of `t` has a member."""
        cdef vector[int32_t] order, parent, agenda
        cdef unordered_map[int32_t, int32_t] place
        cdef vector[Arc] arcs
        cdef int32_t u, at, best
        cdef size_t i, j
        cdef bint found = False
        if not self.terms.booleans[t]:
            return t != NOTHING
        self.reserve(t)
        if self.lives[t]:
            return self.lives[t] == 1
        place[t] = 0
        order.push_back(t)
        parent.push_back(-1)
        agenda.push_back(0)
        while not agenda.empty() and not found:
            at = agenda.back()
            agenda.pop_back()
            if self.terms.nullables[order[at]]:
                found = True
                break
            if <int32_t>order.size() > self.search_limit:
                raise LimitExceeded("steps of one emptiness search", self.search_limit)
            arcs.clear()
            best = self.raw(order[at])
            for i in range(<size_t>self.raw_count[order[at]]):
                arcs.push_back(self.pool[best + <int32_t>i])
            for i in range(1, arcs.size()):  # longest first, so that the shortest is taken up next
                j = i
                while j > 0 and self.terms.least_bytes[arcs[j - 1].target] < self.terms.least_bytes[arcs[j].target]:
                    arcs[j - 1], arcs[j] = arcs[j], arcs[j - 1]
                    j -= 1
            for i in range(arcs.size()):
                u = arcs[i].target
                if u == NOTHING or place.count(u):
                    continue
                self.reserve(u)
                if self.lives[u] == 2:
                    continue
                if not self.terms.booleans[u] or self.lives[u] == 1 or self.terms.nullables[u]:
                    if self.terms.booleans[u]:
                        self.lives[u] = 1
                    found = True
                    break
                place[u] = <int32_t>order.size()
                order.push_back(u)
                parent.push_back(at)
                agenda.push_back(place[u])
        if found:
            while at >= 0:
                self.lives[order[at]] = 1
                at = parent[at]
            return True
        for i in range(order.size()):
            self.lives[order[i]] = 2
        return False
