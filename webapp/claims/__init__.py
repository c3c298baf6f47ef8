"""Notes say who else tells the same, and how a claim stands."""
