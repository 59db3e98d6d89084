# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Finite sets of strings as sorted arrays, read byte by byte in any legal spelling.

Enumerations, constants, choices and the property names of objects are such sets, with up to millions of members. A
state inside one is four integers, never a tree of terms: the words `lo..hi` (sorted by UTF-8 bytes) that agree on the
first `offset` bytes, and `sub`, where we are inside an escape (0: nowhere).

Example, the words `ab`, `aé` spelled as JSON, after the bytes `a\\u00`: lo=0, hi=2, offset=1, sub=(HEX, 2 digits,
0x00); the byte `6` leads to (HEX, 3, 0x006), the byte `E` or `e` to (HEX, 3, 0x00e), every other byte is dead.

Invariants: a state always has at least one word that continues it; `hi - lo` never grows; spelling "utf8" has `sub ==
0`. Rejected: one interned term per byte of each word (it doubled compile time in a prototype), and a trie of the words
(memory).
"""


cdef class Words:
    def __cinit__(self):
        self.off.push_back(0)

    cdef int32_t add(self, list words) except -1:
        """Append sorted UTF-8 words; return the index of the first."""
        cdef int32_t first = <int32_t>self.off.size() - 1
        cdef bytes word
        cdef const uint8_t* data
        cdef Py_ssize_t k, n
        for word in words:
            data = word
            n = len(word)
            for k in range(n):
                self.pool.push_back(data[k])
            self.off.push_back(<uint32_t>self.pool.size())
        return first

    cdef int32_t length(self, int32_t i) noexcept:
        return <int32_t>(self.off[i + 1] - self.off[i])

    cdef int32_t code(self, int32_t i, int32_t offset) noexcept:
        """Return the code point of word `i` at byte `offset`, or -1 at its end."""
        if offset >= self.length(i):
            return -1
        cdef const uint8_t* p = self.pool.data() + self.off[i] + offset
        if p[0] < 0x80:
            return p[0]
        if p[0] < 0xE0:
            return (p[0] & 0x1F) << 6 | (p[1] & 0x3F)
        if p[0] < 0xF0:
            return (p[0] & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F)
        return (p[0] & 0x07) << 18 | (p[1] & 0x3F) << 12 | (p[2] & 0x3F) << 6 | (p[3] & 0x3F)

    cdef int32_t past(self, int32_t lo, int32_t hi, int32_t offset, int32_t byte) noexcept:
        """Return the first word of [lo, hi) whose byte at `offset` is greater than `byte`."""
        cdef int32_t mid, value, step = 1
        while lo + step < hi:  # gallop: groups are short beside the whole
            mid = lo + step
            value = self.pool[self.off[mid] + offset] if offset < self.length(mid) else -1
            if value > byte:
                hi = mid
                break
            lo = mid
            step *= 2
        while lo < hi:
            mid = (lo + hi) >> 1
            value = self.pool[self.off[mid] + offset] if offset < self.length(mid) else -1
            if value > byte:
                hi = mid
            else:
                lo = mid + 1
        return lo

    cdef int32_t reach(self, int32_t lo, int32_t hi, int32_t offset, int32_t code) noexcept:
        """Return the first word of [lo, hi) whose character at `offset` is at least `code`."""
        cdef int32_t mid
        while lo < hi:
            mid = (lo + hi) >> 1
            if self.code(mid, offset) < code:
                lo = mid + 1
            else:
                hi = mid
        return lo

    cdef int32_t lookup(self, int32_t lo, int32_t hi, const uint8_t* text, int32_t n) noexcept:
        """Return the index of the word equal to `text`, or -1."""
        cdef int32_t k, b = 0
        for k in range(n):
            b = text[k]
            lo = self.past(lo, hi, k, b - 1) if lo < hi else lo
            hi = self.past(lo, hi, k, b) if lo < hi else hi
            if lo >= hi:
                return -1
        return lo if lo < hi and self.length(lo) == n else -1

    cdef bint extends(self, int32_t lo, int32_t hi, const uint8_t* text, int32_t n) noexcept:
        """Tell whether some word begins with `text`."""
        cdef int32_t k
        for k in range(n):
            if lo >= hi:
                return False
            lo = self.past(lo, hi, k, <int32_t>text[k] - 1)
            if lo >= hi:
                return False
            hi = self.past(lo, hi, k, text[k])
        return lo < hi

    cdef int spellable(self, int32_t lo, int32_t hi, int32_t offset, int32_t sub, int32_t* out) noexcept:
        """Write the two ranges of words (four integers) that the digits of an unfinished escape leave of lo..hi."""
        cdef int32_t kind = sub & 7, digits = (sub >> 3) & 3, value = (sub >> 5) & 0xFFF, high = sub >> 17
        cdef int32_t shift = 4 * (4 - digits), first = value << shift, last = ((value + 1) << shift) - 1
        out[0], out[1], out[2], out[3] = lo, hi, hi, hi
        if digits == 0 or (kind != HEX and kind != LOW_HEX):
            return 0
        if kind == LOW_HEX:
            out[0] = self.reach(lo, hi, offset, 0x10000 + (high << 10) + max(first, 0xDC00) - 0xDC00)
            out[1] = self.reach(out[0], hi, offset, 0x10000 + (high << 10) + min(last, 0xDFFF) - 0xDC00 + 1)
            return 0
        out[0] = self.reach(lo, hi, offset, first)
        out[1] = self.reach(out[0], hi, offset, last + 1)
        if last >= 0xD800 and first <= 0xDBFF:
            out[2] = self.reach(lo, hi, offset, 0x10000 + ((max(first, 0xD800) - 0xD800) << 10))
            out[3] = self.reach(out[2], hi, offset, 0x10000 + ((min(last, 0xDBFF) - 0xD7FF) << 10))
        return 0

    cdef int expand(
        self, int32_t lo, int32_t hi, int32_t offset, int32_t sub, bint json, vector[WordStep]& out
    ) except -1:
        """Append every step from this state; the bytes of different steps are disjoint."""
        cdef int32_t kind = sub & 7, digits = (sub >> 3) & 3, value = (sub >> 5) & 0xFFF, high = sub >> 17
        cdef int32_t i, j, byte, x, unit, first, last, shift
        cdef bint boundary
        cdef WordStep step
        step.byte_b = -1
        if kind == PLAIN:
            if self.length(lo) == offset:
                lo += 1
            if lo >= hi:
                return 0
            i = lo
            boundary = (self.pool[self.off[lo] + offset] & 0xC0) != 0x80
            while i < hi:
                byte = self.pool[self.off[i] + offset]
                j = self.past(i, hi, offset, byte)
                if not json or (byte >= 0x20 and byte != 0x22 and byte != 0x5C):
                    step.byte_a, step.lo, step.hi, step.offset, step.sub = byte, i, j, offset + 1, PLAIN
                    out.push_back(step)
                i = j
            if json and boundary:
                step.byte_a, step.lo, step.hi, step.offset, step.sub = 0x5C, lo, hi, offset, pack(ESCAPE, 0, 0, 0)
                out.push_back(step)
            return 0
        if kind == ESCAPE:
            for x in range(8):
                byte = b'"\\/bfnrt'[x]
                unit = b'"\\/\x08\x0c\n\r\t'[x]
                i = self.past(lo, hi, offset, unit - 1)
                j = self.past(i, hi, offset, unit) if i < hi else i
                if i < j:
                    step.byte_a, step.lo, step.hi, step.offset, step.sub = byte, i, j, offset + 1, PLAIN
                    out.push_back(step)
            step.byte_a, step.lo, step.hi, step.offset, step.sub = 0x75, lo, hi, offset, pack(HEX, 0, 0, 0)
            out.push_back(step)
            return 0
        if kind == LOW_BACKSLASH or kind == LOW_U:
            step.lo, step.hi, step.offset = lo, hi, offset
            step.byte_a = 0x5C if kind == LOW_BACKSLASH else 0x75
            step.sub = pack(LOW_U, 0, 0, high) if kind == LOW_BACKSLASH else pack(LOW_HEX, 0, 0, high)
            out.push_back(step)
            return 0
        shift = 4 * (3 - digits)
        for x in range(16):
            unit = value << 4 | x
            first, last = unit << shift, ((unit + 1) << shift) - 1
            step.byte_a = 0x30 + x if x < 10 else 0x57 + x
            step.byte_b = -1 if x < 10 else 0x37 + x
            step.offset = offset
            if kind == HEX:
                i = self.reach(lo, hi, offset, first)
                j = self.reach(i, hi, offset, last + 1)
                if digits < 3:
                    if i >= j and last >= 0xD800 and first <= 0xDBFF:
                        i = self.reach(lo, hi, offset, 0x10000 + ((max(first, 0xD800) - 0xD800) << 10))
                        j = self.reach(i, hi, offset, 0x10000 + ((min(last, 0xDBFF) - 0xD7FF) << 10))
                    if i >= j:
                        continue
                    step.lo, step.hi, step.sub = lo, hi, pack(HEX, digits + 1, unit, 0)
                elif 0xD800 <= unit <= 0xDBFF:
                    i = self.reach(lo, hi, offset, 0x10000 + ((unit - 0xD800) << 10))
                    j = self.reach(i, hi, offset, 0x10000 + ((unit - 0xD7FF) << 10))
                    if i >= j:
                        continue
                    step.lo, step.hi, step.sub = i, j, pack(LOW_BACKSLASH, 0, 0, unit - 0xD800)
                else:
                    if i >= j:
                        continue
                    step.lo, step.hi, step.sub = i, j, PLAIN
                    step.offset = offset + (1 if unit < 0x80 else 2 if unit < 0x800 else 3)
            else:
                if last < 0xDC00 or first > 0xDFFF:
                    continue
                i = self.reach(lo, hi, offset, 0x10000 + (high << 10) + max(first, 0xDC00) - 0xDC00)
                j = self.reach(i, hi, offset, 0x10000 + (high << 10) + min(last, 0xDFFF) - 0xDC00 + 1)
                if i >= j:
                    continue
                if digits < 3:
                    step.lo, step.hi, step.sub = lo, hi, pack(LOW_HEX, digits + 1, unit, high)
                else:
                    step.lo, step.hi, step.sub, step.offset = i, j, PLAIN, offset + 4
            out.push_back(step)
        return 0
