"""The codebook of a study: read, searched, worded anew, and published as its next version."""
