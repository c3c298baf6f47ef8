"""The rules, pure: what a sentence, an answer and a corroboration note may be, without Flask or a database."""
