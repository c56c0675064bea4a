"""Padmé: the sizes that padded content has, so that a size tells little (PROTOCOL 7).

For a length L: E = floor(log2 L), S = floor(log2 E) + 1, and L is rounded up to a multiple of 2^(E-S). What is
added is 12 % at most, and a size gives away log log L bits.
"""

from __future__ import annotations

from schemas.limits import CONTENT_MIN_BYTES


def padded_size(length: int) -> int:
    """The size of content of ``length`` bytes when it is padded, at least `limits.CONTENT_MIN_BYTES`."""
    length = max(length, CONTENT_MIN_BYTES)
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


def is_padded(size_bytes: int) -> bool:
    """Whether a size in bytes is one that padded content has."""
    return padded_size(size_bytes) == size_bytes
