"""How far analysts differ on a sentence, as one of five degrees."""

from webapp.domain.adjudication import Votes

HOTTEST = 4


def heat_of(votes: Votes) -> int:
    """0 where all agree or fewer than two said anything, up to 4 where no two say the same.

    By the share of pairs of analysts who differ: any dispute is at least 1.
    """
    pairs = votes.n_coders * (votes.n_coders - 1)
    if not pairs:
        return 0
    apart = pairs - sum(count * (count - 1) for count in votes.counts)
    return -(-apart * HOTTEST // pairs)
