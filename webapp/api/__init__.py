"""The same actions as JSON, for the desk's own scripts and for programs."""
