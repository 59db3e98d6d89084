# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""What all automata over one vocabulary share: terms, templates, mask rows, and tables of heavy lexemes.

A term is *heavy* when most of the vocabulary survives inside it (the interior of a string, `[a-z]*`). A walk over the
trie for every state with such a term would cost a millisecond; but what tokens do inside the term does not depend on
what follows it. So a heavy term gets a table, once: the tokens that stay inside, with the number of repetitions each
adds to the term's counter, and the *tails* of the tokens that leave it (what is left of each after the place where the
term ends), as a small trie to be walked from whatever follows.

Example, the term `JSON_CHAR{0,40} "` and the tokens `name`, `a":`, `":"`, `x"`: `name` stays with count 4; `a":` has
the tail `:` with count 1, `":"` the tail `:"` with count 0; `x"` leaves with count 1 and an empty tail. With 3
characters left of the 40, `name` is not allowed; with none left, `":"` is, if what follows allows `:"`.

All strings share the table of `JSON_CHAR{0,inf} "` whatever their bounds: the table is keyed by the term without them.
The vocabulary's own string tables (`string_chars`, `string_rest`) spare the walk over the tokens that are plain text.

A term is *open* over a class D of characters if every short text over D can be continued to a member, as in
`.*[0-9a-f]{32}.*`, whose state changes with each character while nothing is ever forbidden. Its row is the ready row
of D, up to the number of characters that leaves room for the shortest completion, plus a walk over the few tokens that
are not texts over D (`rest_of`).

`complete` says that every byte that UTF-8 can contain is a token, so that whatever bytes can complete, tokens can
complete.
"""

from constrain.automaton.forms cimport ENTER, LEAVE, STAY
from constrain.automaton.interning cimport Interner
from constrain.automaton.machine cimport DEAD, MIXED, ROOT, UNKNOWN, State, Template
from constrain.automaton.terms cimport (
    ALT,
    AND,
    BYTES,
    CONCAT,
    EPSILON,
    FREE,
    LITERAL,
    NOTHING,
    REPEAT,
    UNBOUNDED,
    WORDS,
    ByteSet,
    has,
)

from constrain.regular.lower import JSON_CHAR

cdef enum:
    WIDE = 24  # bytes: a loop over at least so many is heavy
    MANY_TAILS = 20000
    CANONICAL = 0x1FFFFFFF

cdef inline int population(const ByteSet* s) noexcept:
    cdef int i, n = 0
    cdef uint64_t w
    for i in range(4):
        w = s.w[i]
        while w:
            w &= w - 1
            n += 1
    return n


cdef class LexemeTable:
    cdef const int32_t* bucket(self, int32_t count) except NULL:
        """Return the row of the tokens that stay inside and add at most `count` repetitions."""
        cdef size_t i
        cdef int32_t k
        count = min(count, self.most)
        if self.buckets.empty():
            self.buckets.resize(<size_t>self.words * (self.most + 1))
            self.bucket_count = 0
            self.filled = 0
        while self.bucket_count <= count:
            k = self.bucket_count
            if k:
                for i in range(<size_t>self.words):
                    self.buckets[<size_t>self.words * k + i] = self.buckets[<size_t>self.words * (k - 1) + i]
            while self.filled < self.staying.size() and self.staying[self.filled].count == k:
                i = <size_t>self.staying[self.filled].token
                self.buckets[<size_t>self.words * k + (i >> 5)] |= <int32_t>1 << (i & 31)
                self.filled += 1
            self.bucket_count += 1
        return self.buckets.data() + <size_t>self.words * count


cdef class Part:
    """A trie of our own: all of a vocabulary's, or the part that leads to some of its tokens.

    A node's three fields lie side by side: a walk jumps, and each jump should cost one cache line.
    """

    cdef int copy(self, trie) except -1:
        """Take over a `constrain.vocabulary.Trie`."""
        cdef const uint8_t[::1] byte = trie.byte
        cdef const int32_t[::1] token = trie.token
        cdef const int32_t[::1] end = trie.end
        cdef TrieNode node
        cdef int32_t i
        for i in range(byte.shape[0]):
            node.end, node.token, node.byte = end[i], token[i], byte[i]
            self.nodes.push_back(node)
        return self.finish()

    cdef int fill(self, const FlatTrie* whole, const vector[uint8_t]& without) except -1:
        """Keep the tokens t with without[t] == 0: count them by prefix sums, then copy the nodes that have one below."""
        cdef vector[int32_t] before, place
        cdef int32_t i, n = whole.size, kept
        cdef TrieNode node
        before.assign(n + 1, 0)
        for i in range(n):
            kept = whole.node[i].token >= 0 and not without[whole.node[i].token]
            before[i + 1] = before[i] + kept
        place.assign(n + 1, 0)
        for i in range(n):
            place[i] = <int32_t>self.nodes.size()
            if before[whole.node[i].end] > before[i]:
                node = whole.node[i]
                if before[i + 1] == before[i]:
                    node.token = -1
                self.nodes.push_back(node)
        place[n] = <int32_t>self.nodes.size()
        for i in range(place[n]):
            kept = place[self.nodes[i].end]
            self.nodes[i].end = kept
        return self.finish()

    cdef int finish(self) except -1:
        """List the children of every node."""
        cdef int32_t i, k, n = <int32_t>self.nodes.size()
        cdef TrieNode last
        for i in range(n):
            self.nodes[i].child = <int32_t>self.children.size()
            k = i + 1
            while k < self.nodes[i].end:
                self.children.push_back(k << 8 | self.nodes[k].byte)
                k = self.nodes[k].end
        last.child, last.end, last.token, last.byte = <int32_t>self.children.size(), n, -1, 0
        self.nodes.push_back(last)
        self.trie.node, self.trie.child, self.trie.size = self.nodes.data(), self.children.data(), n
        return 0


def first_string(bytes token):
    """Return the decoded text of a token up to the first quote that closes a string, or None.

    `b'a\\\\u0062":'` gives "ab". None: no such quote, or what precedes it is no well-spelled string body.
    """
    import json

    at = 0
    while True:
        at = token.find(b'"', at)
        if at < 0:
            return None
        backslashes = 0
        while backslashes < at and token[at - backslashes - 1] == 0x5C:
            backslashes += 1
        if backslashes % 2 == 0:
            break
        at += 1
    try:
        text = json.loads(b'"' + token[:at] + b'"')
        text.encode()
    except ValueError:
        return None
    return text


cdef class Store:
    """Everything derived from one vocabulary (or from none: then only bytes can be stepped over)."""

    def __cinit__(self, vocabulary, limits):
        cdef const int32_t[::1] array
        cdef int32_t i
        cdef int32_t byte
        self.terms = Terms(min(limits.terms, 0x7FFFFFF0), limits.step_seconds)
        self.names = Names(self.terms)
        self.forms = Forms(self.terms, self.names, min(limits.search, 0x7FFFFFF0))
        self.json_char = self.terms.add(JSON_CHAR)
        self.shapes = Shapes(self.forms, self.terms.repeat(self.json_char, 0, UNBOUNDED))
        self.lexer = Machine(self.shapes, ())
        self.tables = {}
        self.closings = {}
        self.keep = []
        self.rests = {}
        self.token_start.push_back(0)
        if vocabulary is None:
            return
        self.size, self.words = vocabulary.size, vocabulary.words
        self.rows = Rows(self.words, limits.rows_bytes)
        self.whole, self.text_rest = Part(), Part()
        self.whole.copy(vocabulary.trie)
        self.text_rest.copy(vocabulary.string_rest)
        self.trie, self.rest = self.whole.trie, self.text_rest.trie
        for i in range(256):
            self.root[i] = -1
        i = 0
        while i < self.trie.size:
            self.root[self.trie.node[i].byte] = i
            i = self.trie.node[i].end
        self.depth = vocabulary.trie.depth_max
        array = vocabulary.trie.same
        self.same = &array[0]
        self.keep.append(vocabulary.trie.same)
        chars = vocabulary.string_chars
        array = chars
        self.string_chars = &array[0]
        self.keep.append(chars)
        cdef const uint8_t[::1] data = vocabulary.data
        cdef const int64_t[::1] offset = vocabulary.offset
        cdef int64_t place, last = 0
        cdef int32_t quotes, spaces, backslashes
        cdef vector[uint8_t] single
        single.assign(256, 0)
        for i in range(offset.shape[0] - 1):
            quotes = spaces = backslashes = 0
            for place in range(offset[i], offset[i + 1]):
                byte = data[place]
                self.token_bytes.push_back(byte)
                quotes += byte == 0x22
                backslashes += byte == 0x5C
                spaces += byte == 0x20 or byte == 0x09 or byte == 0x0A or byte == 0x0D
            last = offset[i + 1]
            self.token_start.push_back(<int32_t>last)
            self.spaces = max(self.spaces, spaces)
            if last == offset[i] + 1:
                if not single[data[last - 1]]:
                    self.singles.push_back(i)
                single[data[last - 1]] = 1
            if backslashes:
                self.escapes.push_back(i)
            if quotes > 1:
                self.two_quotes.push_back(i)
            if quotes > 2:
                self.many_quotes.push_back(i)
            if quotes:
                text = first_string(bytes(data[offset[i] : last]))
                if text is not None:
                    text = text.encode()
                    self.closings.setdefault(text, []).append(i)
                    self.longest_closing = max(self.longest_closing, <int32_t>len(text))
        for i in vocabulary.eos:
            self.eos.push_back(i)
        self.complete = True
        for i in range(0xF5):
            self.complete = self.complete and (single[i] or i == 0xC0 or i == 0xC1)

    def __len__(self):
        return len(self.terms)

    # ---- open terms ----------------------------------------------------------------------------------------

    cdef int32_t shortest(self, int32_t t) except -1:
        """Return an upper bound on the characters of some member of `t`, UNBOUNDED if none is known."""
        cdef int32_t kind = self.terms.kind(t), k, best
        cdef long long total
        cdef uint32_t i
        if kind == EPSILON:
            return 0
        if kind == BYTES:
            return 1
        if kind == LITERAL or kind == WORDS:
            return self.terms.least_bytes[t] if kind == LITERAL else self.terms.words.length(self.terms.arg(t, 1))
        if kind == CONCAT:
            total = <long long>self.shortest(self.terms.arg(t, 0)) + self.shortest(self.terms.arg(t, 1))
            return <int32_t>min(total, <long long>UNBOUNDED)
        if kind == ALT:
            best = UNBOUNDED
            for i in range(self.terms.interner.length(t) - 1):
                best = min(best, self.shortest(self.terms.arg(t, i)))
            return best
        if kind == REPEAT:
            k = self.terms.arg(t, 1)
            if k == 0:
                return 0
            total = <long long>self.shortest(self.terms.arg(t, 0)) * k
            return <int32_t>min(total, <long long>UNBOUNDED)
        return UNBOUNDED

    cdef bint spell_shortest(self, int32_t t, vector[uint8_t]& out) except -1:
        """Append the member that `shortest` measured; False where that would be long."""
        cdef int32_t kind = self.terms.kind(t), k, best = 0
        cdef uint32_t i
        if self.shortest(t) > 256:
            return False
        if kind == BYTES:
            for k in range(256):
                if has(&self.terms.byte_sets[self.terms.arg(t, 0)], k):
                    out.push_back(<uint8_t>k)
                    return True
            return False
        if kind == LITERAL:
            for k in range(self.terms.arg(t, 1), self.terms.least_bytes[t] + self.terms.arg(t, 1)):
                out.push_back(self.terms.literal_pool[self.terms.literal_start[self.terms.arg(t, 0)] + k])
            return True
        if kind == CONCAT:
            return self.spell_shortest(self.terms.arg(t, 0), out) and self.spell_shortest(self.terms.arg(t, 1), out)
        if kind == ALT:
            for i in range(self.terms.interner.length(t) - 1):
                if self.shortest(self.terms.arg(t, i)) < self.shortest(self.terms.arg(t, best)):
                    best = i
            return self.spell_shortest(self.terms.arg(t, best), out)
        if kind == REPEAT:
            for k in range(self.terms.arg(t, 1)):
                if not self.spell_shortest(self.terms.arg(t, 0), out):
                    return False
            return True
        return kind == EPSILON

    cdef bint is_spelled_over(self, int32_t t, int32_t body) except -1:
        """Tell whether the member of `t` that `shortest` measured is a text over `body`."""
        cdef vector[uint8_t] text
        cdef int32_t u = self.terms.repeat(body, 0, UNBOUNDED)
        cdef size_t i
        if not self.spell_shortest(t, text):
            return False
        for i in range(text.size()):
            u = self.forms.derive(u, text[i])
            if u == NOTHING:
                return False
        return self.terms.nullables[u]

    cdef bint is_one_character(self, int32_t body) except -1:
        """Tell whether every member of `body` is one character of JSON text; gives up (False) after 64 residuals."""
        cdef vector[int32_t] agenda
        cdef int32_t u, j, byte, next_u, next_j
        cdef size_t i = 0, k
        cdef bint seen
        agenda.push_back(body)
        agenda.push_back(self.json_char)
        while i < agenda.size():
            u, j = agenda[i], agenda[i + 1]
            i += 2
            for byte in range(256):
                next_u = self.forms.derive(u, byte)
                if next_u == NOTHING:
                    continue
                next_j = self.forms.derive(j, byte)
                if next_j == NOTHING or (self.terms.nullables[next_u] and next_j != EPSILON) or agenda.size() > 128:
                    return False
                seen = next_u == EPSILON
                for k in range(0, agenda.size(), 2):
                    seen = seen or (agenda[k] == next_u and agenda[k + 1] == next_j)
                if not seen:
                    agenda.push_back(next_u)
                    agenda.push_back(next_j)
        return True

    cdef int32_t opening(self, int32_t t, int32_t* body, bint* floating, int32_t* tail) except -1:
        """Return how many characters the shortest completion of `t` needs after any text over `body`, or UNBOUNDED if not open.

        `body` is chosen by the first loop found. floating: the member found may also be followed by any text. tail: what it
        is the shortest member of.
        """
        cdef int32_t kind = self.terms.kind(t), head = t, rest = EPSILON, part, need, best = UNBOUNDED, last, other
        cdef uint32_t i
        cdef bint free
        floating[0] = False
        if kind == ALT:
            for i in range(self.terms.interner.length(t) - 1):
                need = self.opening(self.terms.arg(t, i), body, &free, &other)
                if need < best:
                    best = need
                    floating[0] = free
                    tail[0] = other
            return best
        if kind == CONCAT:
            head, rest = self.terms.arg(t, 0), self.terms.arg(t, 1)
        if self.terms.kind(head) != REPEAT or self.terms.arg(head, 1) != 0 or self.terms.arg(head, 2) != UNBOUNDED:
            return UNBOUNDED
        part = self.terms.arg(head, 0)
        if body[0] == 0 and self.forms.is_prefix_free(part):
            body[0] = part
        if part != body[0] and part != self.json_char:
            return UNBOUNDED
        last = rest
        while self.terms.kind(last) == CONCAT:
            last = self.terms.arg(last, 1)
        floating[0] = rest == EPSILON or last == head
        tail[0] = rest
        return self.shortest(rest)

    cdef int32_t open_body(self, int32_t t) except -2:
        """Return the class over which `t` (a text and its end) is open, or -1; `open_limits[t]` is then up to how many characters."""
        cdef int32_t body = 0, need = 0, limit = UNBOUNDED, part, k, fixed = 0, head, tail = 0
        cdef vector[int32_t] tails
        cdef uint32_t i
        cdef bint floating = False, fine = False
        while self.open_bodies.size() <= <size_t>t:
            self.open_bodies.push_back(0)
            self.open_limits.push_back(0)
        if self.open_bodies[t]:
            return self.open_bodies[t]
        if self.terms.kind(t) == ALT and not self.terms.nullables[t]:
            fine = self.opening(t, &body, &floating, &tail) != UNBOUNDED and body > 0
        elif self.terms.kind(t) == CONCAT and not self.terms.booleans[self.terms.arg(t, 1)]:
            head = self.terms.arg(t, 0)
            if self.terms.kind(head) == AND:
                fine = True
                for i in range(self.terms.interner.length(head) - 1):
                    part = self.terms.arg(head, i)
                    if self.terms.kind(part) == REPEAT and self.terms.arg(part, 0) == self.json_char and (
                        self.terms.arg(part, 2) != UNBOUNDED or self.terms.arg(part, 1) > 0
                    ):
                        limit = min(limit, self.terms.arg(part, 2))
                        continue
                    k = self.opening(part, &body, &floating, &tail)
                    if k == UNBOUNDED:
                        fine = False
                        break
                    need += k
                    fixed += not floating
                    tails.push_back(tail)
                fine = fine and fixed <= 1 and body > 0
                if fine and body != self.json_char:
                    if tails.size() > 1:  # what completes one part must not break another
                        for i in range(<uint32_t>tails.size()):
                            fine = fine and self.is_spelled_over(tails[i], body)
                    fine = fine and (limit == UNBOUNDED or self.is_one_character(body))
            elif self.terms.kind(head) == ALT:
                need = self.opening(head, &body, &floating, &tail)
                fine = need != UNBOUNDED and body > 0
        if fine and limit != UNBOUNDED:
            limit -= need
        if not fine or limit <= 0:
            body = -1
        self.open_bodies[t] = body
        self.open_limits[t] = limit
        return body

    cdef FlatTrie* rest_of(self, int32_t body) except NULL:
        """Return the trie of the tokens that are not texts over `body`."""
        cdef LexemeTable table
        cdef vector[uint8_t] inside
        cdef size_t i
        cdef Part part
        if body == self.json_char:
            return &self.rest
        found = self.rests.get(body)
        if found is None:
            table = self.table(self.closed_text(body))
            inside.assign(self.size, 0)
            for i in range(table.staying.size()):
                inside[table.staying[i].token] = 1
            found = self.rests[body] = Part()
            part = found
            part.fill(&self.trie, inside)
        part = found
        return &part.trie

    cdef int32_t closed_text(self, int32_t body) except -1:
        """Return the term of any text over `body` and the quote after it."""
        return self.terms.concat(
            self.terms.repeat(body, 0, CANONICAL), self.terms.literal(self.terms.literal_index(b'"'), 0)
        )

    # ---- heavy terms ---------------------------------------------------------------------------------------

    cdef int note_wide(self, int32_t t) except -1:
        """Remember that most of the vocabulary survives in `t`, though no loop of its says so (`[^x].*`): a table serves it next."""
        while self.wide.size() <= <size_t>t:
            self.wide.push_back(0)
        if not self.wide[t] and not self.terms.nullables[t] and not self.forms.counter(t):
            self.wide[t] = 1
            self.heavy_memo[t] = 0
        return 0

    cdef bint is_heavy(self, int32_t t) except -1:
        """Tell whether `t` deserves a table: it loops over many bytes, and ends somewhere definite."""
        cdef ByteSet s
        cdef int32_t k, start, head
        cdef bint heavy = False
        cdef int8_t verdict
        while self.heavy_memo.size() <= <size_t>t:
            self.heavy_memo.push_back(0)
        if self.heavy_memo[t]:
            return self.heavy_memo[t] == 1
        if self.terms.kind(t) == FREE:
            heavy = True
        elif <size_t>t < self.wide.size() and self.wide[t]:
            heavy = self.table(t) is not None
        elif self.open_body(t) > 0:
            heavy = self.table(self.closed_text(self.open_body(t))) is not None
        elif not self.terms.nullables[t]:
            head = self.terms.arg(t, 0) if self.terms.kind(t) == CONCAT else t
            if self.terms.kind(head) == REPEAT and self.terms.arg(head, 2) > 1:
                self.forms.first(self.terms.arg(head, 0), &s)
                heavy = population(&s) >= WIDE
            elif self.terms.kind(t) != 12 and self.terms.kind(t) != 13:
                start = self.forms.exact(t)
                for k in range(self.forms.exact_count[t]):
                    if self.forms.pool[start + k].target == t:
                        heavy = heavy or population(&self.forms.pool[start + k].set) >= WIDE
            heavy = heavy and self.table(t) is not None
        verdict = 2 - heavy
        self.heavy_memo[t] = verdict
        return heavy

    cdef int32_t canonical(self, int32_t t) except -1:
        """Return the term whose table serves `t`: the same, its counter without bounds."""
        cdef int32_t head, most
        if self.terms.kind(t) != CONCAT:
            return t
        head = self.terms.arg(t, 0)
        if self.terms.kind(head) != REPEAT:
            return t
        most = self.terms.arg(head, 2)
        if self.forms.counter(t) == 0 and (self.terms.arg(head, 1) > 1 or most != UNBOUNDED):
            return t
        head = self.terms.repeat(self.terms.arg(head, 0), 0, CANONICAL)
        head = self.terms.concat(head, self.terms.arg(t, 1))
        return head if self.forms.counter(head) else t

    cdef LexemeTable table(self, int32_t t):
        """Return the table of a heavy term, or None if it has too many tails."""
        cdef LexemeTable table
        cdef int32_t canonical = self.canonical(t), q, k
        cdef vector[int32_t] pairs
        cdef Tail tail
        cdef bint text, own
        if canonical in self.tables:
            return self.tables[canonical]
        table = LexemeTable()
        table.words = self.words
        pairs.push_back(canonical)
        pairs.push_back(ROOT)
        q = self.lexer.base(False, pairs)
        text = self.terms.kind(canonical) == CONCAT and self.terms.kind(self.terms.arg(canonical, 0)) == REPEAT
        text = text and self.terms.arg(self.terms.arg(canonical, 0), 0) == self.json_char
        own = self.forms.counter(canonical) != 0
        tails = []
        if text:
            for k in range(self.size):
                if self.string_chars[k] > 0:
                    tail.token = k
                    tail.count = self.string_chars[k] if self.forms.counter(canonical) else 0
                    table.staying.push_back(tail)
            self.collect(table, &self.rest, q, own, tails)
        else:
            self.collect(table, &self.trie, q, own, tails)
        if len(tails) > MANY_TAILS:
            self.tables[canonical] = None
            return None
        self.order(table)
        plant(table, tails)
        self.tables[canonical] = table
        return table

    cdef int order(self, LexemeTable table) except -1:
        """Sort the staying tokens by count (a counting sort)."""
        cdef vector[Tail] sorted_tails
        cdef vector[int32_t] place
        cdef size_t i
        cdef int32_t k
        table.most = 0
        for i in range(table.staying.size()):
            table.most = max(table.most, table.staying[i].count)
        place.assign(table.most + 2, 0)
        for i in range(table.staying.size()):
            place[table.staying[i].count + 1] += 1
        for k in range(table.most + 1):
            place[k + 1] += place[k]
        sorted_tails.resize(table.staying.size())
        for i in range(table.staying.size()):
            k = table.staying[i].count
            sorted_tails[place[k]] = table.staying[i]
            place[k] += 1
        table.staying.swap(sorted_tails)
        return 0

    cdef int collect(self, LexemeTable table, FlatTrie* trie, int32_t q, bint own, list tails) except -1:
        """Walk `trie` from lexer state `q` without regard to the bounds of the lexeme's own counter; sort every token that survives.

        own: the lexeme begins with a counter. Only while it is not left are its bounds no matter; counters behind it
        keep theirs.
        """
        cdef vector[int32_t] frames
        cdef int32_t i = 0, n = trie.size, target, cls, act, count, left, token, base, inner
        cdef int32_t* top
        cdef State* state
        cdef Tail tail
        cdef Machine machine = self.lexer
        cdef const TrieNode* nodes = trie.node
        frames.assign(5 * (self.depth + 2), 0)
        top = frames.data()
        top[0], top[1], top[3] = n, q, not own
        while i < n:
            while i >= top[0]:
                top -= 5
            base, count, left, inner = top[1], top[2], top[3], top[4]
            state = &machine.states[base]
            cls = state.classes[nodes[i].byte]
            target = state.targets[cls]
            if target == DEAD:
                i = nodes[i].end
                continue
            if target == UNKNOWN:
                target = machine.miss(base, cls, nodes[i].byte)
                if target == DEAD:
                    i = nodes[i].end
                    continue
                state = &machine.states[base]
            if target == MIXED and not left:
                raise AssertionError("a lexeme table met an ambiguous counter")
            if left:
                target = machine.advance(base, &inner, nodes[i].byte)
                if target < 0:
                    i = nodes[i].end
                    continue
            else:
                act = machine.shapes.acts[machine.shapes.templates[state.shape].moves + cls]
                if act == ENTER:
                    count += 1
                elif act != STAY:
                    left = 1
            state = &machine.states[target]
            token = nodes[i].token
            while token >= 0:
                tail.token, tail.count = token, count
                if (left and own) or state.accepting:
                    table.leaving.push_back(tail)
                else:
                    table.staying.push_back(tail)
                token = self.same[token]
            if nodes[i].end == i + 1:
                i += 1
                continue
            if state.accepting:
                self.below(trie, i, count, tails)
                if len(tails) > MANY_TAILS:
                    return 0
            if machine.bases.length(target) > 1:
                top += 5
                top[0], top[1], top[2], top[3], top[4] = nodes[i].end, target, count, left, inner
                i += 1
            else:
                i = nodes[i].end
        return 0

    cdef int below(self, FlatTrie* trie, int32_t top, int32_t count, list tails) except -1:
        """List (bytes after node `top`, token, count) for every token below it."""
        cdef bytearray path = bytearray()
        cdef vector[int32_t] ends
        cdef int32_t i = top + 1, token
        while i < trie.node[top].end:
            while not ends.empty() and i >= ends.back():
                ends.pop_back()
                path.pop()
            path.append(trie.node[i].byte)
            ends.push_back(trie.node[i].end)
            token = trie.node[i].token
            while token >= 0:
                tails.append((bytes(path), token, count))
                token = self.same[token]
            i += 1
        return 0


cdef int plant(LexemeTable table, list tails) except -1:
    """Lay out the tails as a flat trie: nodes in preorder, the tokens of each."""
    cdef vector[int32_t] spine
    cdef bytes text, previous = b""
    cdef Py_ssize_t shared
    cdef Tail tail
    tails.sort()
    for text, token, count in tails:
        shared = 0
        while shared < len(previous) and shared < len(text) and previous[shared] == text[shared]:
            shared += 1
        while spine.size() > <size_t>shared:
            table.end[spine.back()] = <int32_t>table.byte.size()
            spine.pop_back()
        while spine.size() < <size_t>len(text):
            spine.push_back(<int32_t>table.byte.size())
            table.byte.push_back(text[spine.size() - 1])
            table.end.push_back(0)
            table.first.push_back(<int32_t>table.tails.size())
        tail.token, tail.count = token, count
        table.tails.push_back(tail)
        previous = text
    while not spine.empty():
        table.end[spine.back()] = <int32_t>table.byte.size()
        spine.pop_back()
    table.first.push_back(<int32_t>table.tails.size())
    return 0
