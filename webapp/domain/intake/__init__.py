"""From what comes in to an article's text and description: bytes, web pages, Word documents, tables."""
