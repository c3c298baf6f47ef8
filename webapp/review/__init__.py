"""Supervisors and researchers see how far the analysts agree, and open the sentences behind each figure."""
