"""The inbox: what happened to a person's work, told in the app."""
