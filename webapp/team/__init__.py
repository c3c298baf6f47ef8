"""A team on one page: who is in it, who has come, and what they hold."""
