"""How unlikely numbers are by chance, in bits (the negative logarithm of base 2); standard library only."""

from __future__ import annotations

from math import exp, lgamma, log, log2

_NATS, _EXACT = log(2), 1e-9


def jump_bits(number: float, earlier: float, years: int, steadiness: float) -> float:
    """Return how unlikely a number so far from those of earlier years is, or one farther away.

    The numbers of a unit are gamma around a mean that nobody knows, so that the part of this year's in the sum of all
    is beta, of the parameters r and r times the number of earlier years. Both directions are alike, and one earlier
    year says less than three.

    Args:
        number: this year's number, above 0.
        earlier: the sum of the earlier ones, above 0.
        years: how many they are.
        steadiness: the shape r: the larger, the less numbers change.

    >>> [round(jump_bits(number, 300, 3, 3), 1) for number in (1000, 300, 100, 10)]
    [13.9, 4.9, 1.1, 7.8]
    """
    share, rest = number / (number + earlier), earlier / (number + earlier)
    first, second = steadiness, steadiness * years
    if share < 1 / (1 + years):  # the lower tail is the upper one of the rest
        share, rest, first, second = rest, share, second, first
    # (1-z)^b z^a / (b B(a,b)) times a series of positive terms.
    term, tail, step = 1.0, 1.0, 0
    while term > tail * _EXACT:
        term *= (first + second + step) / (second + 1 + step) * rest
        tail, step = tail + term, step + 1
    nats = second * log(rest) + first * log(share) - log(second) - _log_beta(first, second) + log(tail)
    return max(0.0, -nats / _NATS)


def ratio_bits(part: int, whole: int, mean: float, worth: float) -> float:
    """Return how unlikely a part of a whole is that lies so far from the mean, or farther, if it is beta-binomial.

    Args:
        part: cases of a kind.
        whole: all cases, at least 1.
        mean: the usual share, between 0 and 1.
        worth: how many cases the usual share is worth (the sum of the parameters of the beta distribution).

    >>> [round(ratio_bits(part, whole, 0.05, 10), 1) for part, whole in ((1, 1), (40, 40), (0, 9))]
    [4.3, 34.4, 0.5]
    """
    if part < mean * whole:  # the lower tail is the upper one of the rest
        return ratio_bits(whole - part, whole, 1 - mean, worth)
    first, second = mean * worth, (1 - mean) * worth
    # From the end on, each term from that before it; all are positive, so nothing cancels.
    term = exp(_log_beta(whole + first, second) - _log_beta(first, second))
    tail = term
    for cases in range(whole, part, -1):
        term *= cases / (whole - cases + 1) * (whole - cases + second) / (cases - 1 + first)
        tail += term
    return -log2(min(1.0, max(tail, 5e-324)))


def _log_beta(first: float, second: float) -> float:
    return lgamma(first) + lgamma(second) - lgamma(first + second)
