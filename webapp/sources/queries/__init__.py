"""Reads about sources: the list, and what one source's page tells, each as far as the reader may know it."""
