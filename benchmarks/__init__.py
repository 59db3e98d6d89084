"""Measurements, one question a file; `maskbench` is the comparison with other engines.

Nothing here is imported by the package. Results that the README cites lie in `results/` as JSON lines.
"""
