"""Studies bring people, roles and a codebook together; the first one exists from the start."""
