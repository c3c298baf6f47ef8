"""Finding: by words, and where else a sentence was said."""
