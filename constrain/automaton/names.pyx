# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Names of object members: which are declared, which are used, and the text of the one being written.

`constrain.grammar.symbols.Keys` says what a name decides. Here live the integers behind it:

- a *key set* is one `Keys` object: the words of its name table, a byte per word whether it is allowed now, its free
  classes;
- a *text* is the decoded beginning of a name, interned as (shorter text, last byte); text 0 is empty;
- a *used set* is an interned sorted set of texts; set 0 is empty.

Example: in `{"b": 1, "c\\u0061` with no declared names, the used set is {"b"} and the text is "ca". The closing quote
is allowed as the text is not in the used set.

Invariant: texts are decoded UTF-8, so two spellings of one name are one text. A name is *near* while some declared or
used name begins with it; a name that is not near can be continued and closed freely.
"""

from constrain.automaton.words cimport ESCAPE, HEX, LOW_BACKSLASH, LOW_HEX, LOW_U, PLAIN, pack


cdef class Names:
    def __cinit__(self, Terms terms):
        cdef int32_t key[2]
        self.terms = terms
        self.words = terms.words
        self.texts = Interner()
        self.sets = Interner()
        self.tables = {}
        self.known = {}
        key[0] = key[1] = -1
        self.texts.intern(key, 2)
        self.sets.intern(key, 0)

    cdef int32_t add(self, keys, int32_t any_text) except -1:
        """Return the id of a `Keys`; `any_text` is the term of a free class given as None."""
        cdef KeySet entry
        cdef int32_t i
        cdef bytes bits
        cdef const uint8_t* data
        found = self.known.get(keys)
        if found is not None:
            return found
        table = keys.table
        place = self.tables.get(table)
        if place is None:
            order = sorted((name.encode(), label) for label, name in enumerate(table.names))
            place = (self.words.add([name for name, _ in order]), self.labels.size())
            for _, label in order:
                self.labels.push_back(label)
            self.tables[table] = place
        count = len(table.names)
        entry.lo, entry.labels = place
        entry.hi = entry.lo + count
        entry.allowed = <int32_t>self.allowed.size()
        bits = keys.allowed.to_bytes(count // 8 + 1, "little")
        data = bits
        for i in range(entry.hi - entry.lo):
            self.allowed.push_back((data[self.labels[entry.labels + i] >> 3] >> (self.labels[entry.labels + i] & 7)) & 1)
        entry.free = <int32_t>self.free.size()
        entry.classes = len(keys.free)
        for term in keys.free:
            self.free.push_back(any_text if term is None else self.terms.add(term))
        entry.colon = self.terms.add(keys.colon)
        found = self.known[keys] = self.keys.size()
        self.keys.push_back(entry)
        return found

    cdef bint any_allowed(self, int32_t keys, int32_t lo, int32_t hi) noexcept:
        """Tell whether one of the words lo..hi may come now."""
        cdef int32_t base = self.keys[keys].allowed - self.keys[keys].lo
        cdef int32_t i
        for i in range(lo, hi):
            if self.allowed[base + i]:
                return True
        return False

    cdef int32_t append(self, int32_t text, int32_t byte) except -1:
        cdef int32_t key[2]
        key[0], key[1] = text, byte
        return self.texts.intern(key, 2)

    cdef int32_t append_code(self, int32_t text, int32_t code) except -1:
        if code < 0x80:
            return self.append(text, code)
        if code < 0x800:
            text = self.append(text, 0xC0 | code >> 6)
        else:
            if code < 0x10000:
                text = self.append(text, 0xE0 | code >> 12)
            else:
                text = self.append(text, 0xF0 | code >> 18)
                text = self.append(text, 0x80 | (code >> 12 & 0x3F))
            text = self.append(text, 0x80 | (code >> 6 & 0x3F))
        return self.append(text, 0x80 | (code & 0x3F))

    cdef int32_t spell(self, int32_t text, vector[uint8_t]& out) except -1:
        """Write the bytes of a text to `out`; return their number."""
        cdef int32_t n = 0, k = text
        while k:
            n += 1
            k = self.texts.key(k)[0]
        out.resize(n)
        k = n
        while text:
            k -= 1
            out[k] = <uint8_t>self.texts.key(text)[1]
            text = self.texts.key(text)[0]
        return n

    cdef int32_t find(self, int32_t keys, const uint8_t* text, int32_t n) noexcept:
        """Return the declared word equal to `text`, or -1."""
        return self.words.lookup(self.keys[keys].lo, self.keys[keys].hi, text, n)

    cdef bint is_taken(self, int32_t keys, int32_t used, int32_t text) except -1:
        """Tell whether a free name may not be `text`: it is declared, or was used."""
        cdef vector[uint8_t] spelled
        cdef uint32_t i
        for i in range(self.sets.length(used)):
            if self.sets.key(used)[i] == text:
                return True
        if self.keys[keys].lo == self.keys[keys].hi:
            return False
        self.spell(text, spelled)
        return self.find(keys, spelled.data(), <int32_t>spelled.size()) >= 0

    cdef bint is_near(self, int32_t keys, int32_t used, int32_t text) except -1:
        """Tell whether some declared or used name begins with `text`."""
        cdef vector[uint8_t] spelled
        cdef int32_t k
        cdef uint32_t i
        if self.keys[keys].lo < self.keys[keys].hi:
            self.spell(text, spelled)
            if self.words.extends(self.keys[keys].lo, self.keys[keys].hi, spelled.data(), <int32_t>spelled.size()):
                return True
        for i in range(self.sets.length(used)):
            k = self.sets.key(used)[i]
            while k > text:  # a text is interned after its beginnings
                k = self.texts.key(k)[0]
            if k == text:
                return True
        return False

    cdef int32_t use(self, int32_t used, int32_t text) except -1:
        """Return the used set with `text` added."""
        cdef vector[int32_t] members
        cdef uint32_t i
        cdef bint placed = False
        for i in range(self.sets.length(used)):
            if not placed and self.sets.key(used)[i] > text:
                members.push_back(text)
                placed = True
            members.push_back(self.sets.key(used)[i])
        if not placed:
            members.push_back(text)
        return self.sets.intern(members.data(), <uint32_t>members.size())

    cdef int decode(self, int32_t byte, int32_t* text, int32_t* sub) except -1:
        """Advance (text, sub) over one byte of a JSON string body that is known to be well spelled."""
        cdef int32_t kind = sub[0] & 7, digits = (sub[0] >> 3) & 3, value = (sub[0] >> 5) & 0xFFF, high = sub[0] >> 17
        if kind == PLAIN:
            if byte == 0x5C:
                sub[0] = ESCAPE
            else:
                text[0] = self.append(text[0], byte)
        elif kind == ESCAPE:
            if byte == 0x75:
                sub[0] = pack(HEX, 0, 0, 0)
            else:
                for digits in range(8):
                    if byte == b'"\\/bfnrt'[digits]:
                        text[0] = self.append(text[0], b'"\\/\x08\x0c\n\r\t'[digits])
                sub[0] = PLAIN
        elif kind == LOW_BACKSLASH:
            sub[0] = pack(LOW_U, 0, 0, high)
        elif kind == LOW_U:
            sub[0] = pack(LOW_HEX, 0, 0, high)
        else:
            value = value << 4 | (byte - 0x30 if byte <= 0x39 else (byte | 0x20) - 0x57)
            if digits < 3:
                sub[0] = pack(kind, digits + 1, value, high)
            elif kind == LOW_HEX:
                text[0] = self.append_code(text[0], 0x10000 + (high << 10) + value - 0xDC00)
                sub[0] = PLAIN
            elif 0xD800 <= value <= 0xDBFF:
                sub[0] = pack(LOW_BACKSLASH, 0, 0, value - 0xD800)
            else:
                text[0] = self.append_code(text[0], value)
                sub[0] = PLAIN
        return 0
