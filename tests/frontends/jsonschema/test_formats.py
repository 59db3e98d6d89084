"""Formats against hand-picked cases, against independent recognisers, and by sampling their members."""

import calendar
import datetime as dt
import ipaddress
import json
import random
import re
import shutil
import subprocess
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constrain.frontends.jsonschema.formats import DRAFTS, format_names, format_term
from constrain.regular.derivative import linear_form, matches
from constrain.regular.lower import lower_utf8
from constrain.regular.term import NOTHING

LATEST = DRAFTS[-1]
LABEL63 = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"


@lru_cache(maxsize=64)
def language(name, draft=LATEST):
    return lower_utf8(format_term(name, draft))


def holds(name, text, draft=LATEST):
    return matches(language(name, draft), text.encode())


# Strings without spaces, separated by spaces: what belongs, what does not.
CASES = {
    "date": (
        "1963-06-19 2020-02-29 2000-02-29 0400-02-29 0000-02-29 0001-01-01 2020-01-31 2020-12-31 9999-04-30",
        (
            "2021-02-29 1900-02-29 0100-02-29 2100-02-29 2020-02-30 2020-04-31 2020-13-01 2020-00-10 2020-01-00 2020-01-32"
            " 20200101 2013-350 2023-W01 1998-1-20 1998-01-1 06/19/1963 12020-01-01 +2020-01-01 1963-06-1৪ 2020-01-01Z"
        ),
    ),
    "time": (
        (
            "08:30:06Z 08:30:06z 23:59:60Z 23:59:60.5Z 23:59:60+00:00 23:59:60-00:00 01:29:60+01:30 23:29:60+23:30"
            " 15:59:60-08:00 00:29:60-23:30 05:44:60+05:45 23:20:50.52Z 08:30:06+00:20 12:34:56-00:00 00:00:00+23:59"
        ),
        (
            "22:59:60Z 23:58:60Z 22:59:60+00:00 23:59:60+01:00 23:59:60+00:30 23:59:60-01:00 23:59:60-00:30 24:00:00Z"
            " 00:60:00Z 00:00:61Z 12:00:00 12:00:00.52 12:00:00.Z 01:02:03+24:00 01:02:03+00:60 08:30:06+0130 08:30:06+01"
            " 8:3:6Z 008:30:06Z 01:02:03Z+00:30 1২:00:00Z 2020-11-28T23:55:45Z 01:01:01,1111"
        ),
    ),
    "date-time": (
        (
            "1963-06-19T08:30:06.283185Z 1937-01-01T12:00:27.87+00:20 1990-12-31T15:59:50.123-08:00 1998-12-31T23:59:60Z"
            " 1998-12-31T15:59:60.123-08:00 1999-01-01T00:59:60+01:00 2015-06-30t23:59:60z 2015-07-01T05:29:60+05:30"
            " 1985-04-12T00:59:59.999999999999999Z"
        ),
        (
            "1998-12-31T23:59:61Z 1998-12-31T23:58:60Z 1998-12-31T22:59:60Z 1998-12-30T23:59:60Z 1998-12-31T00:59:60+01:00"
            " 1999-01-01T15:59:60-08:00 1990-02-31T15:59:59.123-08:00 1990-12-31T15:59:59-24:00 1990-12-31T24:00:00Z"
            " 1963-06-19T08:30:06.28123+01:00Z 2013-350T01:01:01 1963-6-19T08:30:06Z 1963-06-19T08:30:06 2020-01-01"
        ),
    ),
    "duration": (
        "P4DT12H30M5S P4Y PT0S P0D P1M PT1M PT36H P1DT12H P2W P1Y2M3DT4H5M6S P1M2D PT1M2S P01D P" + "9" * 80 + "D",
        "PT1D 4DT12H P P1YT PT P2D1Y P1D2H P2S P1Y2W P২Y P1 P1Y2D PT1H2S PT0.5S PT0,5S P1WT1H P0Y1W -P1D P-1D P1e2D",
    ),
    "email": (
        (
            'joe.bloggs@example.com te~st@a.b ~t@a.b t~@a.b "joe..b"@a.b "joe@b"@a.b joe@[127.0.0.1] joe@[IPv6:::1]'
            ' a@[ipv6:1:2::3.4.5.6] t@255.255.255.255 ""@iana.org t@c--n.com t@io "\\a"@a.b "\\""@a.b'
        ),
        (
            '2962 .t@a.b t.@a.b te..st@a.b a@b=c.com a@[127.0.0.300] @a.b a@ aé@a.b a@é.org a＠a.b t"@a.b "t"t@a.b "t@a.b'
            " a@b@c.d [1.2.3.4]@a.b t@-a.b t@a-.b t@.a t@a. t@a..b t@[1.2.3.4 a@[] a@[1.2.3] a@[RFC-5322-literal] a,b@a.b"
            " a@[IPv6:1:2:3:4:5:6:7::]"
        ),
    ),
    "hostname": (
        f"www.example.com h0stn4me 1host hostnam3 a a-b a--b {LABEL63}.com {'.'.join([LABEL63] * 3)}.{LABEL63[:61]}",
        f"-a a- a.-b _h h_ h_h {LABEL63}l.com . a. .a a..b {'.'.join([LABEL63] * 3)}.{LABEL63[:62]} é.com xn--x ab--c",
    ),
    "ipv4": (
        "192.168.0.1 0.0.0.0 255.255.255.255 249.9.10.100",
        "256.1.1.1 127.0 127.0.0.0.1 127.1 0x7f000001 2130706433 1২7.0.0.1 1.2.3.0/24 192.168..1 .1.2.3.4 1.2.3.4. +1.2.3.4",
    ),
    "ipv6": (
        (
            "::1 ::abef :: ::42:ff:1 d6:: 1:d6::42 1::d6:192.168.0.1 1:2::192.168.0.1 ::ffff:192.168.0.1 1:2:3:4:5:6:7:8"
            " 1000:1000:1000:1000:1000:1000:255.255.255.255 1:2:3:4:5:6:7:: ::2:3:4:5:6:7:8"
        ),
        (
            "12345:: ::abcef 1:1:1:1:1:1:1:1:1 ::laptop :2:3:4:5:6:7:8 1:2:3:4:5:6:7: :2:3:4::8 1::d6::42 1::2:192.168.256.1"
            " 1::2:192.168.ff.1 1:2:3:4:5:::8 1:2:3:4:5:6:7 1 127.0.0.1 1:2:3:4:1.2.3 fe80::/64 fe80::a%eth1 [::1]"
            " 100:100:100:100:100:100:100:255.255.255.255 ::ffff:192.168.0.01"
        ),
    ),
    "uri": (
        (
            "http://foo.bar/?baz=qux#quux http://-.~_!$&'()*+,;=:%40:80%2f::::::@example.com http://223.255.255.254 a:"
            " ldap://[2001:db8::7]/c=GB?objectClass?one mailto:John.Doe@example.com tel:+1-816-555-1212 urn:a:b:4.1.2"
            " http://087.10.0.1/ http://a.com: http://:80 http://@a.com http://user@ http://!$&'()*+,;=.com file:///etc"
        ),
        (
            "//foo.bar/?baz=qux#quux /abc \\\\WINDOWS abc :// bar,baz:foo https://[@example.org/test.txt http://e/® http://e/\\"
            ' http://e/" http://e/<> http://e/{} http://e/^ http://e/` http://e/| http://e/%6G http://e/%A http://e/% 1http://e'
            " ht_tp://e http://e:abc/p http://a:8:0 http://a:: http://[::ffff:01.2.3.4] http://a@b@c/ http://e/#a#b"
        ),
    ),
    "uri-reference": (
        "http://foo.bar/?baz=qux#quux //foo.bar/?baz /abc abc #fragment ?query=1 // ./this:that //[V1.fe]/p /a//b a/b:c",
        "\\\\WINDOWS #frag\\ment /foobar®.txt 1:b //a@b@example.com/ /[::1] /%zz //example.com:abc/p //[::ffff:1.2.3.04]/p",
    ),
    "iri": (
        (
            "http://ƒøø.ßår/?∂éœ=πîx#πîüx http://ƒøø.com/blah_(wîkïpédiå)_blah#ßité-1 http://[2001:0db8::7334] urn:a:b"
            " http://ƒøø.ßår/𐌀 http://ƒøø.ßår/?q=\U000f0000 file:/etc/hosts"
        ),
        (
            "http://2001:0db8:85a3:0000:0000:8a2e:0370:7334 /abc \\\\WINDOWS\\é âππ http://[::ffff:192.168.0.01] http://a/\ue000"
            " http://a/\u200e http://a/\U0001fffe"
        ),
    ),
    "iri-reference": ("//ƒøø.ßår/?∂éœ=πîx#πîüx /âππ âππ #ƒrägmênt //[V1.fe]/p", "\\\\W #ƒräg\\mênt #\ue000"),
    "uuid": (
        "2EB8AA08-AA98-11EA-B4AA-73B441D16380 2eb8aa08-AA98-11ea-B4Aa-73B441D16380 00000000-0000-0000-0000-000000000000",
        (
            "2eb8aa08-aa98-11ea-b4aa-73b441d1638 2eb8aa08-aa98-11ea-73b441d16380 2eb8aa08-aa98-11ea-b4ga-73b441d16380"
            " 2eb8aa08aa9811eab4aa73b441d16380 urn:uuid:2eb8aa08-aa98-11ea-b4aa-73b441d16380"
        ),
    ),
    "uri-template": (
        (
            "http://example.com/dictionary/{term:1}/{term} dictionary/{t} a%41b a😀b a\ue000b {+var} {#var} {.var} {/var} {;v}"
            " {?v} {&v} {var*} {x,y} {a.b} {%41} {v:1000} a'b"
        ),
        (
            "http://example.com/{term {} {a,,b} {v:0} {v:10000} {v:01} foo}bar a% a%4 a%GG {a..b} {%} {%4} {a,} {var=def} {,+v}"
            ' {=x} a\x7fb a"b a<b'
        ),
    ),
    "json-pointer": (
        "/foo/bar~0/baz~1/%a /foo// / // /~01 /~1.1 /😀",
        "a foo /~ /~2 /foo/bar~ /~0~ # #/ #a 0 a/a",
    ),
    "relative-json-pointer": (
        "1 0/foo/bar 2/0/baz/1/zip 0# 0+1 0+1/foo 1-2/bar 0-0 0-1# 120/a 100 0//",
        "/foo 1foo -1/a +1/a 0+ 0-01 0++1 0+1a ١/a 0## 01/a 01# 0/~2 0/a~ 1#/a",
    ),
    "regex": (
        (
            r"([abc])+\s+$ a|b a{2,3} [^a-z] a+? [] [^] \cA (?<=a+)b (?<!a)b (?=a)(?!b) ^(a|[0-9]{2,3})+?$ \p{Lu} \P{L}"
            r" \u{1F600} [\x00-\x1f] [\u0000-\uFFFF] [\w-] [-a] [a-] [+\-*/] ^[A-Za-z_][\w.-]*$ ((((a)))) a{0,} a{7,10} x{5}"
            r" ^(?:[01]\d|2[0-3])$ \/ \. a\|b [[] [^^] | ()"
        ),
        (
            r"^(abc] *a [z-a] \ a) [abc \a (?P<n>x) (?#c)a (?i)abc a** a{3,2} a{20,10} ) } ] { a{ [\w-a] (?=a)* ^* \- \p{Xx}"
            r" [\uD83D\uDE00-\uD83D\uDE01] \u{110000} \1 a{1,2,3} (?a) [b-\x41]"
        ),
    ),
    "idn-hostname": (
        (
            "실례.테스트 ßς་〇 ۽۾ l·l α͵β א׳ב א״ב ・ぁ ・ァ ・丈 ب٠ب ۰0 क्\u200dष क्\u200cष بي\u200cبي hostname host-name"
            " h0stn4me 1host a.b a。b a．b a｡b münchen.de www.Example.com"
        ),
        (
            "〮실례.테스트 실〮례.테스트 -hello hello- -hello- \u0903hello \u0300hello \u0488hello ـߺ 〱〲〳〴〵〮〯〻 a·l ·l l·a l· α͵S"
            " α͵ A׳ב ׳ב A״ב ״ב def・abc ・ ب٠۰ क\u200dष \u200dष . 。 ． ｡ .example 。example example. example。 xn--X"
            " XN--aa---o47jg78q 1a.אב אa בé ab--é Ä"
        ),
    ),
    "idn-email": ('실례@실례.테스트 joe.bloggs@example.com é@é.org a@[127.0.0.1] "é"@a', "2962 a@ @b a@〮b .é@a a@é-"),
}
ALWAYS_EMPTY = {"uri-reference", "iri-reference", "uri-template", "json-pointer", "regex"}
ANY_CHARACTER = {"json-pointer", "relative-json-pointer", "regex"}


@pytest.mark.parametrize("name", sorted(CASES))
def test_cases(name):
    good, bad = (text.split(" ") for text in CASES[name])
    assert [s for s in good if not holds(name, s)] == []
    assert [s for s in bad if holds(name, s)] == []
    assert holds(name, "") == (name in ALWAYS_EMPTY)
    for text in good:
        assert not holds(name, " " + text) or name == "regex"
        if name not in ANY_CHARACTER:
            assert not holds(name, text + "\n"), text
            assert not holds(name, text + " "), text


def test_names_of_each_draft():
    assert format_names("draft4") == {"date-time", "email", "hostname", "ipv4", "ipv6", "uri"}
    assert format_names("draft6") - format_names("draft4") == {"uri-reference", "uri-template", "json-pointer"}
    assert format_names("draft2019-09") - format_names("draft7") == {"duration", "uuid"}
    assert format_names(LATEST) == set(CASES)
    for unknown in ("color", "phone", "style", "", "DATE", "int32"):
        assert format_term(unknown, LATEST) is None
    assert format_term("uuid", "draft7") is None
    with pytest.raises(ValueError, match="unknown draft"):
        format_term("date", "draft5")


def test_what_differs_between_drafts():
    assert holds("hostname", "xn--4gbwdl.xn--wgbh1c", "draft4")
    assert not holds("hostname", "ab--c", "draft7")
    assert not holds("relative-json-pointer", "0+1", "draft2019-09")
    assert holds("relative-json-pointer", "0#", "draft7")
    assert format_term("date", "draft7") is format_term("date", LATEST)


def test_every_day_of_four_centuries():
    for year in (*range(1896, 1905), *range(1996, 2005), 2100, 2399, 2400):
        for month in range(1, 13):
            days = calendar.monthrange(year, month)[1]
            for day in range(27, 33):
                assert holds("date", f"{year}-{month:02}-{day:02}") == (day <= days)


def test_every_quarter_hour_of_leap_seconds():
    end = dt.datetime(1998, 12, 31, 23, 59, tzinfo=dt.UTC)
    for quarter in range(-95, 96):
        local = end + dt.timedelta(minutes=15 * quarter)
        sign, (hours, minutes) = "-" if quarter < 0 else "+", divmod(15 * abs(quarter), 60)
        for text in (
            f"{local:%H:%M}:60{sign}{hours:02}:{minutes:02}",
            f"{local:%H:%M}:60.25{sign}{hours:02}:{minutes:02}",
        ):
            assert holds("time", text)
            assert holds("date-time", f"{local:%Y-%m-%d}T{text}")
            other = local + dt.timedelta(days=1)
            assert not holds("date-time", f"{other:%Y-%m-%d}T{text}")
        wrong = local + dt.timedelta(minutes=30)
        assert not holds("time", f"{wrong:%H:%M}:60{sign}{hours:02}:{minutes:02}")


def is_address(text, kind):
    try:
        kind(text)
    except ValueError:
        return False
    return "%" not in text


@given(
    st.lists(st.sampled_from(["1", "ff", "0", ":", "::", ":", "1.2.3.4", "abcd", "12345"]), max_size=16).map("".join)
)
def test_ipv6_against_the_standard_library(text):
    assert holds("ipv6", text) == is_address(text, ipaddress.IPv6Address)


@given(st.lists(st.sampled_from(["0", "1", "25", "5", "6", ".", ".", "249", "00"]), max_size=9).map("".join))
def test_ipv4_against_the_standard_library(text):
    assert holds("ipv4", text) == is_address(text, ipaddress.IPv4Address)


DURATION = re.compile(
    r"P(?:[0-9]+W|(?=[0-9T])(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)?"
    r"(?:T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S))?)"
)


@given(
    st.lists(st.sampled_from(["1", "23", "Y", "M", "D", "T", "H", "M", "S", "W"]), max_size=9).map(
        lambda s: "P" + "".join(s)
    )
)
def test_duration_against_a_regex(text):
    assert holds("duration", text) == bool(DURATION.fullmatch(text))


# RFC 3986, appendix A, once more and differently: split as in appendix B, then each component by its own expression.
PARTS = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
PCHAR = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
NAME = r"(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"


def is_reference(text):
    scheme, authority, path, query, fragment = PARTS.fullmatch(text).groups()
    if scheme is not None and not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme):
        return False
    if authority is not None:
        found = re.fullmatch(rf"(?:(?:{NAME}|:)*@)?({NAME}*|\[.*\])(?::[0-9]*)?", authority)
        if not found:
            return False
        host = found[1]
        if host.startswith("[") and not re.fullmatch(r"\[[vV][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+\]", host):
            return is_address(host[1:-1], ipaddress.IPv6Address)
        if path and not path.startswith("/"):
            return False
    elif path.startswith("//") or (scheme is None and ":" in path.split("/")[0]):
        return False
    if not re.fullmatch(rf"(?:{PCHAR}|/)*", path):
        return False
    return all(part is None or re.fullmatch(rf"(?:{PCHAR}|[/?])*", part) for part in (query, fragment))


@given(
    st.lists(st.sampled_from([*"a1:/?#@%[]. ", "//", "http:", "%41", "[::1]", "[v1.x]", "é"]), max_size=9).map("".join)
)
def test_references_against_a_split(text):
    assert holds("uri-reference", text) == is_reference(text)
    assert holds("uri", text) == (is_reference(text) and bool(PARTS.fullmatch(text)[1]))
    assert holds("iri-reference", text) == is_reference(text.replace("é", "~"))  # allowed everywhere but in a scheme


@given(st.lists(st.sampled_from([*"ab1-.", "--", LABEL63[:60]]), max_size=14).map("".join))
def test_hostname_against_its_rules(text):
    labels = text.split(".")
    plain = all(re.fullmatch(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)", label) for label in labels) and len(text) <= 253
    assert holds("hostname", text, "draft4") == plain
    assert holds("hostname", text) == (plain and all(label[2:4] != "--" for label in labels))


def members(name, count, seed, longest=60, draft=LATEST):
    """Random members, by random derivatives that are turned towards an end after a while."""
    random_ = random.Random(seed)
    out = []
    while len(out) < count:
        term, read = language(name, draft), bytearray()
        while True:
            if term.nullable and (random_.random() < 0.15 or not linear_form(term)):
                out.append(read.decode())
                break
            form = [(mask, after) for mask, after in linear_form(term) if after is not NOTHING]
            if not form or len(read) > longest:
                break
            mask, term = random_.choice(form)
            read.append(random_.choice([b for b in range(256) if mask >> b & 1]))
    return out


@pytest.mark.skipif(shutil.which("node") is None, reason="no JavaScript engine to ask")
def test_members_of_regex_are_valid_patterns():
    script = """
        const texts = JSON.parse(require('fs').readFileSync(0));
        const bad = texts.filter(t => { try { new RegExp(t, 'u'); return false } catch { return true } });
        console.log(JSON.stringify(bad));
    """
    texts = members("regex", 1500, 7, longest=40) + CASES["regex"][0].split(" ")
    found = subprocess.run(["node", "-e", script], input=json.dumps(texts), capture_output=True, text=True, check=True)
    assert json.loads(found.stdout) == []


def test_members_of_idn_hostname_are_valid_names():
    idna = pytest.importorskip("idna")
    newer = 0
    for text in members("idn-hostname", 400, 13, longest=40):
        lower = re.sub("[A-Z]+", lambda found: found[0].lower(), text)  # ASCII labels ignore case
        try:
            encoded = idna.encode(re.sub("[\u3002\uff0e\uff61]", ".", lower), strict=True)
        except idna.IDNAError as error:
            raise AssertionError(f"{text!a}: {error}") from error
        assert len(encoded) <= 253
        newer += not text.isascii()
    assert newer > 50


def test_punycode_of_the_longest_label_fits():
    random_ = random.Random(5)
    for _ in range(3000):
        size = random_.choice([0x3FF, 0x33FF, 0xD7A3])
        label = "".join(chr(random_.randrange(0x80, size)) for _ in range(13))
        assert len(label.encode("punycode")) <= 59
