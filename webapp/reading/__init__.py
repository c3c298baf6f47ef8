"""One page per article for everybody: the text, and beside it what everybody said whom the reader may read."""
