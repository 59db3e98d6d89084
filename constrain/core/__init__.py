"""Bytes, code points, identifiers and source spans: what every later stage counts in."""
