"""What `$ref` means: pointers, identifiers, anchors, embedded and remote resources, by dialect."""

import pytest

from constrain.errors import SchemaError
from constrain.frontends.jsonschema import compile_schema
from tests.frontends.jsonschema.machine import accepts_value

NULL = {"type": "null"}
DRAFT4 = "http://json-schema.org/draft-04/schema#"
DRAFT7 = "http://json-schema.org/draft-07/schema#"

TO_NULL = {
    "pointer": {"$ref": "#/$defs/x", "$defs": {"x": NULL}},
    "pointer escapes": {"$ref": "#/$defs/a~1b~0c%25", "$defs": {"a/b~c%": NULL}},
    "array index": {"$ref": "#/$defs/list/allOf/1", "$defs": {"list": {"allOf": [{}, NULL]}}},
    "unknown keyword": {"$ref": "#/components/x", "components": {"x": NULL}},
    "anchor": {"$ref": "#here", "$defs": {"x": {"$anchor": "here", **NULL}}},
    "dynamic anchor as anchor": {"$ref": "#here", "$defs": {"x": {"$dynamicAnchor": "here", **NULL}}},
    "absolute": {"$id": "http://x/a.json", "$ref": "http://x/a.json#/$defs/x", "$defs": {"x": NULL}},
    "relative": {"$id": "http://x/d/a.json", "$ref": "b.json", "$defs": {"x": {"$id": "b.json", **NULL}}},
    "root relative": {"$id": "http://x/d/a.json", "$ref": "/b.json", "$defs": {"x": {"$id": "/b.json", **NULL}}},
    "urn": {
        "$id": "urn:uuid:1",
        "$ref": "urn:uuid:2#x",
        "$defs": {"x": {"$id": "urn:uuid:2", "$defs": {"y": {"$anchor": "x", **NULL}}}},
    },
    "inner base": {
        "$id": "http://x/a.json",
        "$ref": "b.json",
        "$defs": {"x": {"$id": "b.json", "$ref": "#/$defs/y", "$defs": {"y": NULL}}, "y": {"type": "string"}},
    },
    "through an embedded resource": {
        "$id": "http://x/a.json",
        "$ref": "#/$defs/x/$defs/z",
        "$defs": {"x": {"$id": "b.json", "$defs": {"z": {"$ref": "#/$defs/y"}, "y": NULL}}, "y": {"type": "string"}},
    },
    "siblings count": {"$ref": "#/$defs/x", "$defs": {"x": {"type": ["null", "string"]}}, "type": ["null", "integer"]},
    "draft 7 siblings do not": {
        "$schema": DRAFT7,
        "type": "string",
        "$ref": "#/definitions/x",
        "definitions": {"x": NULL},
    },
    "draft 7 anchor": {"$schema": DRAFT7, "allOf": [{"$ref": "#here"}], "definitions": {"x": {"$id": "#here", **NULL}}},
    "draft 4 id": {
        "$schema": DRAFT4,
        "id": "http://x/a",
        "allOf": [{"$ref": "b"}],
        "definitions": {"x": {"id": "b", **NULL}},
    },
    "dynamic without choice": {"$dynamicRef": "#here", "$defs": {"x": {"$dynamicAnchor": "here", **NULL}}},
    "recursive without choice": {
        "$schema": "https://json-schema.org/draft/2019-09/schema",
        **NULL,
        "items": {"$recursiveRef": "#"},
    },
    "remote": {"$ref": "http://remote/x.json"},
    "remote fragment": {"$ref": "http://remote/y.json#/definitions/x"},
    "remote of remote": {"$ref": "http://remote/z.json"},
    "identifier in a remote": {"$ref": "http://other/inner.json"},
}
REMOTES = {
    "http://remote/x.json": NULL,
    "http://remote/y.json": {"definitions": {"x": NULL}},
    "http://remote/z.json": {"$ref": "x.json"},
    "http://remote/w.json": {"$defs": {"x": {"$id": "http://other/inner.json", **NULL}}},
}


@pytest.mark.parametrize("name", TO_NULL)
def test_the_reference_leads_to_null(name):
    compiled = compile_schema(TO_NULL[name], remotes=REMOTES)
    assert accepts_value(compiled, None)
    assert not accepts_value(compiled, "text")


@pytest.mark.parametrize(
    "reference", ["#/$defs/y", "#/$defs/x/0", "#there", "#/$defs/list/2", "#/$defs/list/-", "#/$defs/list/01"]
)
def test_it_leads_nowhere(reference):
    with pytest.raises(SchemaError) as caught:
        compile_schema({"properties": {"p": {"$ref": reference}}, "$defs": {"x": NULL, "list": [{}, {}]}})
    assert caught.value.pointer == "/properties/p"
    assert caught.value.keyword == "$ref"


def test_recursion():
    tree = {"type": "object", "properties": {"l": {"$ref": "#"}, "r": {"$ref": "#"}}, "additionalProperties": False}
    compiled = compile_schema(tree)
    assert accepts_value(compiled, {"l": {"l": {}, "r": {"r": {}}}})
    assert not accepts_value(compiled, {"l": {"l": {}, "r": {"x": {}}}})


def test_the_same_schema_object_in_two_resources_has_two_bases():
    shared = {"$ref": "#/$defs/x"}
    schema = {
        "$id": "http://x/a.json",
        "prefixItems": [shared, {"$id": "b.json", "allOf": [shared], "$defs": {"x": {"type": "string"}}}],
        "$defs": {"x": NULL},
    }
    compiled = compile_schema(schema)
    assert accepts_value(compiled, [None, "text"])
    assert not accepts_value(compiled, ["text", "text"])
    assert not accepts_value(compiled, [None, None])


def test_identifiers_inside_values_do_not_count():
    schema = {
        "$ref": "http://x/real",
        "$defs": {
            "real": {"$id": "http://x/real", **NULL},
            "fake": {"enum": [{"$id": "http://x/real", "type": "string"}]},
        },
    }
    assert accepts_value(compile_schema(schema), None)


def test_draft_4_integers_are_written_without_fraction():
    from constrain.automaton.reference import ReferenceMachine
    from tests.frontends.jsonschema.machine import accepts

    whole = ReferenceMachine(compile_schema({"$schema": DRAFT4, "type": "integer", "minimum": 2}).grammar)
    assert [accepts(whole, text) for text in ("2", "1", "2.0", "2e0", "2.5")] == [True, False, False, False, False]
    other = ReferenceMachine(compile_schema({"$schema": DRAFT4, "not": {"type": "integer", "minimum": 2}}).grammar)
    assert [accepts(other, text) for text in ("2", "1", "2.0", "2e0", "2.5")] == [False, True, True, True, True]
    later = ReferenceMachine(compile_schema({"type": "integer", "minimum": 2}).grammar)
    assert [accepts(later, text) for text in ("2", "1", "2.0", "2e0", "2.5")] == [True, False, True, True, False]
