"""The registry of sources: who is quoted, what is known of them, and how far people rely on them."""
