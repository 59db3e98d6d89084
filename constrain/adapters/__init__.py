"""Adapters to other software: one optional dependency per file, imported where it is used."""
