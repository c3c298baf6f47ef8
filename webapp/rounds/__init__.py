"""The rounds of a study: pilot, training, main, repeat; each with its codebook, its plan and its figures."""
