"""`python -m webapp` is `claimtag`."""

from webapp.cli import main

main(prog_name="claimtag")
