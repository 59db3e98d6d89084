"""JSON Schema, drafts 4 to 2020-12: from a schema to a grammar over JSON text."""

from constrain.frontends.jsonschema.compile import CompiledSchema, compile_schema

__all__ = ["CompiledSchema", "compile_schema"]
