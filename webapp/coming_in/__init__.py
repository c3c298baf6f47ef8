"""What comes in from elsewhere: packages, and tags that were made in other programs."""
