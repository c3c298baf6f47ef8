"""What happened, by whom and when, for admins to look up."""
