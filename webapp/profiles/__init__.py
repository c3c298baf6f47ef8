"""Profiles: what an article, or many side by side, is made of."""
