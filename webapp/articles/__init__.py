"""An article comes in as pasted text or as a file, is previewed, and is split into sentences."""
