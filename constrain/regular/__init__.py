"""Regular terms: the algebra, its derivatives, the parsers that produce it, and its lowering to bytes."""
