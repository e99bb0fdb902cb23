"""How unlikely numbers are by chance, in bits (the negative logarithm of base 2); standard library only."""

from __future__ import annotations

from math import exp, lgamma, log, log2

_NATS = log(2)


def jump_bits(number: float, usual: float, size: float) -> float:
    """Return how unlikely a number so much larger than the usual one is, if it is negative binomial.

    Chernoff's bound, which never says too much: the tail is at most exp(-I) with I = y ln(y/m) - (y+r) ln((y+r)/(m+r)).

    Args:
        number: the number y, or an amount; 0 bits where it is not larger.
        usual: the mean m, above 0.
        size: the size r: the smaller, the more the numbers scatter.

    >>> round(jump_bits(1000, 100, 1.75), 1), round(jump_bits(300, 100, 1.75), 1), jump_bits(9, 10, 1.75)
    (16.7, 2.1, 0.0)
    """
    if number <= usual:
        return 0.0
    least = number * log(number / usual) - (number + size) * log((number + size) / (usual + size))
    return max(0.0, least / _NATS)


def ratio_bits(part: int, whole: int, mean: float, worth: float) -> float:
    """Return how unlikely a part of a whole is that lies so far from the mean, or farther, if it is beta-binomial.

    Args:
        part: cases of a kind.
        whole: all cases, at least 1.
        mean: the usual share, between 0 and 1.
        worth: how many cases the usual share is worth (the sum of the parameters of the beta distribution).

    >>> round(ratio_bits(1, 1, 0.05, 10), 1), round(ratio_bits(40, 40, 0.05, 10), 1), round(ratio_bits(0, 9, 0.05, 10), 1)
    (4.3, 22.9, 0.5)
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
