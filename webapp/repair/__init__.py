"""A wrong split is repaired by hand, and nobody's work is lost by it."""
