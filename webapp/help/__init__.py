"""Help inside the app, offline: the guides and reference pages of the documentation, and lines put away."""
