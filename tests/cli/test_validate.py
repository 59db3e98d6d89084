"""`constrain validate`: verdicts, places, statuses, and every way in which input can be unusable."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from constrain import Limits
from constrain.cli import source

ROOT = Path(__file__).resolve().parents[2]

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"name": {"type": "string", "minLength": 1}, "age": {"type": "integer", "minimum": 0}},
        "required": ["name"],
        "additionalProperties": False,
    }
)


@pytest.fixture
def schema(write):
    return write("person.schema.json", SCHEMA)


# ----------------------------------------------------------------------------------------------------- verdicts


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "Ada"}',
        '{"age": 3, "name": "Ada"}',
        ' \n{\t"name" :\r\n"Ada" }\n',
        '{"name": "Ada"}' + " " * 1_000 + "\n",
        '{"n\\u0061me": "\\ud83d\\ude00"}',
    ],
)
def test_valid(command, write, schema, text):
    path = write("a.json", text)

    done = command("validate", "--schema", schema, path)

    assert (done.status, done.out, done.err) == (0, f"{path}: valid\n", "")


@pytest.mark.parametrize(
    ("text", "line", "column", "offset"),
    [
        ('{"name": 3}', 1, 10, 9),
        ('{"name": "Ada", "age": -1}', 1, 25, 24),
        ('{\n  "name": "Ada",\n  "nick": "A"\n}', 3, 4, 22),
        ('{"name": "é", "name": "b"}', 1, 16, 16),
        ('{"name": ""}', 1, 11, 10),
        ("[]", 1, 1, 0),
        ('{"name": "Ada"} x', 1, 17, 16),
        ('{"name": "\\ud800"}', 1, 17, 16),
    ],
)
def test_invalid_with_its_place(command, write, schema, text, line, column, offset):
    path = write("a.json", text)

    done = command("validate", "--schema", schema, path)

    assert done.status == 1
    head, excerpt, caret, *_ = done.out.splitlines()
    assert head == f"{path}: invalid at line {line}, column {column} (byte {offset})"
    assert excerpt.strip() == text.split("\n")[line - 1].strip()
    assert caret == " " * (1 + column) + "^"
    assert done.err == ""


def test_what_was_allowed_is_said(command, write):
    done = command("validate", "--regex", "ab[0-9]", write("a.txt", "abc"))

    assert done.status == 1
    assert done.out.splitlines()[-1] == "  found 'c', expected a digit"


def test_an_unfinished_text_is_invalid_unless_partial(command, write, schema):
    path = write("a.json", '{"name": "A')

    assert command("validate", "--schema", schema, path).status == 1
    assert command("validate", "--schema", schema, "--partial", path).status == 0


def test_partial_still_refuses_what_cannot_be_finished(command, write, schema):
    done = command("validate", "--schema", schema, "--partial", write("a.json", '{"nome'))

    assert done.status == 1
    assert "byte 3" in done.out


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ((), 0),
        (("--property-order", "any"), 0),
        (("--property-order", "schema"), 1),
        (("--whitespace", "compact"), 1),
        (("--whitespace", "flexible"), 0),
        (("--whitespace", "2"), 1),
    ],
)
def test_order_and_whitespace_are_free_unless_asked_for(command, write, schema, options, status):
    path = write("a.json", '{"age": 3, "name": "Ada"}')

    assert command("validate", "--schema", schema, *options, path).status == status


@pytest.mark.parametrize(
    ("text", "status"), [("abc", 0), ("abc\n", 0), ("abc\r\n", 0), ("abc\n\n", 1), ("ab1", 1), ("", 1)]
)
def test_a_regex_judges_the_whole_text_without_its_last_line_end(command, write, text, status):
    assert command("validate", "--regex", "[a-z]+", write("a.txt", text)).status == status


def test_a_shipped_schema_by_name(command, write):
    path = write("a.json", '{"name": "Ada Lovelace", "email": "ada@example.com", "age": 36}')

    assert command("validate", "--schema", "contact", path).status == 0


# --------------------------------------------------------------------------------------------- many documents


def test_json_lines(command, write, schema):
    path = write("a.jsonl", '{"name": "a"}\n\n{"name": 1}\r\n  {"name": "c"}  \n{"name":')

    done = command("validate", "--schema", schema, path)

    assert done.status == 1
    assert [line for line in done.out.splitlines() if line.startswith(str(path))] == [
        line
        for line in done.out.splitlines()
        if ": invalid at line 3, column 10" in line
        or ": invalid at line 5, column 9" in line
        or "4 documents, 2 i" in line
    ]
    assert done.out.splitlines()[-1] == f"{path}: 4 documents, 2 invalid"


def test_lines_and_whole_say_how_a_file_is_read(command, write, schema):
    lines = write("a.txt", '{"name": "a"}\n{"name": "b"}\n')
    whole = write("b.jsonl", '{"name":\n "a"}\n')

    assert command("validate", "--schema", schema, lines).status == 1
    assert command("validate", "--schema", schema, "--lines", lines).status == 0
    assert command("validate", "--schema", schema, whole).status == 1
    assert command("validate", "--schema", schema, "--whole", whole).status == 0


def test_one_unusable_file_does_not_hide_the_others(command, write, schema):
    good, bad = write("good.json", '{"name": "a"}'), write("bad.json", "{}")

    done = command("validate", "--schema", schema, good, "missing.json", bad)

    assert done.status == 2
    assert f"{good}: valid" in done.out
    assert f"{bad}: invalid at" in done.out
    assert done.err == "constrain: error: missing.json: no such file\n"


def test_quiet_prints_only_what_is_invalid(command, write, schema):
    done = command("validate", "--schema", schema, "--quiet", write("a.json", '{"name": "a"}'), write("b.json", "{}"))

    assert done.status == 1
    assert "valid at" in done.out
    assert "a.json" not in done.out


def test_a_report_for_programs(command, write, schema):
    good, bad = write("good.json", '{"name": "a"}'), write("bad.jsonl", '{"name": "a"}\n{"name": []}\n')

    done = command("validate", "--schema", schema, "--report", "json", good, bad, "missing.json")

    report = json.loads(done.out)
    assert done.status == 2
    assert (report["valid"], report["invalid"], report["unusable"]) == (2, 1, 1)
    assert [result.get("valid") for result in report["results"]] == [True, True, False, None]
    wrong = report["results"][2]
    assert (wrong["file"], wrong["line"], wrong["column"], wrong["offset"]) == (str(bad), 2, 10, 9)
    assert '"' in "".join(wrong["expected"])
    assert wrong["message"]
    assert "no such file" in report["results"][3]["error"]


def test_an_empty_report_is_json_too(command, write, schema):
    done = command("validate", "--schema", schema, "--report", "json", write("a.jsonl", ""))

    assert done.status == 0
    assert json.loads(done.out) == {"results": [], "valid": 0, "invalid": 0, "unusable": 0}


# ---------------------------------------------------------------------------------------------- standard input


def test_standard_input(process, schema):
    assert process("validate", "--schema", schema, stdin=b'{"name": "a"}\n').status == 0
    assert process("validate", "--schema", schema, "-", stdin=b'{"name": 1}\n').status == 1
    assert process("validate", "--schema", schema, "--lines", "-", stdin=b'{"name": "a"}\n{"name": "b"}').status == 0
    assert process("validate", "--schema", "-", __file__, stdin=SCHEMA.encode()).status == 1


def test_the_schema_and_a_document_cannot_both_be_standard_input(command):
    done = command("validate", "--schema", "-", "-")

    assert (done.status, done.out) == (2, "")
    assert "standard input cannot be both" in done.err


# --------------------------------------------------------------------------------------------- unusable input


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", b"\xef\xbb\xbf{}", "byte order mark"),
        ("a.json", '{"name": "a"}'.encode("utf-16"), "UTF-16"),
        ("a.jsonl", b"\xef\xbb\xbf{}\n", "byte order mark"),
    ],
)
def test_other_encodings(command, write, schema, name, content, said):
    done = command("validate", "--schema", schema, write(name, content))

    assert done.status == 2
    assert said in done.err


def test_bytes_that_are_no_text_are_invalid_where_they_stand(command, write, schema):
    done = command("validate", "--schema", schema, write("a.json", b'{"name": "\xff"}'))

    assert done.status == 1
    assert "(byte 10)" in done.out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "line 1, column 2: not JSON"),
        ('{"type":\n "objec}', "line 2, column 2: not JSON"),
        ("", "line 1, column 1: not JSON"),
        (b"\xff", "not UTF-8"),
        ('{"type": "nonsense"}', "type"),
        ('{"properties": {"a": {"minimum": "x"}}}', "/properties/a"),
        ('{"$ref": "#/nowhere"}', "#/nowhere"),
        ("[" * 100_000, "nested too deeply"),
        ('{"not":' * 5_000 + "true" + "}" * 5_000, ""),
        ("3", ""),
        ("false", ""),
    ],
)
def test_an_unusable_schema(command, write, content, said):
    path = write("s.json", content)

    done = command("validate", "--schema", path, write("a.json", "{}"))

    assert (done.status, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert done.err.startswith("constrain: error: ")
    assert str(path) in done.err
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("pattern", ["(", "a{3,1}", "[z-a]", "*", r"(a)\1", r"\p{Nonsense}"])
def test_an_unusable_pattern(command, write, pattern):
    done = command("validate", "--regex", pattern, write("a.txt", "a"))

    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("constrain: error: --regex: ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("validate",),
        ("validate", "--schema", "missing.json", "-"),
        ("validate", "--schema", "."),
        ("validate", "--schema", "a\nb\x1b[31m.json", "-"),
        ("validate", "--schema", "contact", "."),
        ("validate", "--schema", "contact", "a\0b"),
        ("validate", "--schema", "contact", "x" * 5_000),
        ("validate", "--schema", "contact", "--regex", "a", "-"),
        ("validate", "--schema", "contact", "--whitespace", "(", "-"),
        ("validate", "--schema", "contact", "--report", "xml", "-"),
        ("nonsense",),
        ("validate", "--nonsense"),
    ],
)
def test_one_line_and_status_2_for_whatever_cannot_be_used(command, arguments):
    done = command(*arguments)

    assert done.status == 2
    assert done.err.startswith("constrain: error: ")
    assert done.err.count("\n") == 1
    assert "\x1b" not in done.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission(command, write, schema):
    path = write("a.json", "{}")
    path.chmod(0)

    done = command("validate", "--schema", schema, path)

    assert done.status == 2
    assert "cannot be read: Permission denied" in done.err


# ------------------------------------------------------------------------------------------- large and hostile


def test_a_deep_document_is_judged(command, write):
    depth = 50_000
    good, bad = "[" * depth + "]" * depth, "[" * depth + "}" + "]" * depth
    anything = write("any.json", "true")

    assert command("validate", "--schema", anything, write("good.json", good)).status == 0
    done = command("validate", "--schema", anything, write("bad.json", bad))
    assert done.status == 1
    assert f"(byte {depth})" in done.out


def test_a_long_document_is_judged(command, write, schema):
    path = write("a.json", '{"name": "' + "é" * 500_000 + '"}')

    assert command("validate", "--schema", schema, path).status == 0


def test_a_slice_may_end_anywhere(command, write, schema):
    """Texts longer than a slice are fed piece by piece: the place of an error must not shift."""
    text = '{"name": "' + "é" * 100_000 + '", "age": 1}'

    assert command("validate", "--schema", schema, write("a.json", text)).status == 0
    assert command("validate", "--schema", schema, "--partial", write("a.json", text[:-5])).status == 0
    assert command("validate", "--schema", schema, write("a.json", text[:-5])).status == 1
    done = command("validate", "--schema", schema, write("a.json", text.replace("1}", "x}")))
    assert done.status == 1
    assert f"(byte {len(text.encode()) - 2})" in done.out


def test_an_automaton_that_has_grown_too_large_is_replaced(command, write, monkeypatch):
    """Each line brings names never seen before; together they are more than one automaton may remember."""
    monkeypatch.setattr(source, "LIMITS", Limits(states=20_000))
    lines = [json.dumps({f"{n:05}-{m}": 0 for m in range(3)}) for n in range(3_000)]
    path = write("a.jsonl", "\n".join(lines))

    done = command("validate", "--schema", write("any.json", "true"), path)

    assert (done.status, done.out, done.err) == (0, f"{path}: 3000 documents, 0 invalid\n", "")


def test_a_document_that_is_too_much_by_itself_is_an_error(command, write, monkeypatch):
    monkeypatch.setattr(source, "LIMITS", Limits(states=1_000))
    path = write("a.json", json.dumps([{f"{n:05}": 0} for n in range(3_000)]))

    done = command("validate", "--schema", write("any.json", "true"), path)

    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"constrain: error: {path}: line 1: limit reached: ")


def test_a_reader_that_goes_away_is_no_error(write, schema):
    path = write("a.jsonl", '{"name": 1}\n' * 20_000)
    command = f'"{sys.executable}" -m constrain validate --schema "{schema}" "{path}" | head -n 1'

    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)

    assert "invalid at line 1" in done.stdout
    assert done.stderr == ""


def test_a_progress_bar_where_somebody_watches(write, schema):
    pty = pytest.importorskip("pty")
    path = write("a.jsonl", '{"name": "somebody"}\n' * 60_000)
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "constrain", "validate", "--schema", str(schema), str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=follower,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "80"},
    ) as running:
        os.close(follower)
        shown = b""
        try:
            while part := os.read(leader, 65_536):
                shown += part
        except OSError:  # the other end was closed
            pass
        out = running.stdout.read().decode()
    os.close(leader)

    assert running.returncode == 0
    assert out == f"{path}: 60000 documents, 0 invalid\n"
    assert b"judged" in shown
