"""People sign in: by a one-time link from the machine itself, or by name and password."""
