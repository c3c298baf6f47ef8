"""Finding: where else a sentence was said."""
