"""Disputed sentences are settled into gold tags, each with the rule that decides."""
