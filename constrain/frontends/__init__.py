"""Front ends: from a schema, a pattern or a list of choices to a grammar. They never import each other."""
