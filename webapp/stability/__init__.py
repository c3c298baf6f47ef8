"""Articles that analysts do once more without being told, and how far they agree with themselves."""
