"""Each sentence is tagged at the desk: one key, saved at once, every revision kept."""
