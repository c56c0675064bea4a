"""One AES-GCM ciphertext that opens under two keys: what a sender needs to show two reports.

AES-GCM does not commit to its key. The tag is linear in the ciphertext for each key, so a sender
who may choose some blocks can make the tags of two keys meet. Here two blocks are chosen, and
under the first key they still read as lower-case letters: 48 bits of each are fixed, the other
160 solve the 128 equations.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

BLOCK = 16
_REDUCTION = 0xE1 << 120
_LETTERS = int.from_bytes(b"\x60" * BLOCK)
"""Top bits of sixteen bytes from 0x60 to 0x7F: letters, and never a quote or a backslash."""

_FREE = [bit for bit in range(128) if bit % 8 < 5]


def _encrypt(key: bytes, blocks: bytes) -> bytes:
    encryptor = Cipher(AES(key), ECB()).encryptor()  # noqa: S305 - GCM is made of single blocks
    return encryptor.update(blocks) + encryptor.finalize()


def _times(left: int, right: int) -> int:
    """Product in the field of GCM (NIST SP 800-38D, section 6.3)."""
    product = 0
    for bit in range(127, -1, -1):
        product ^= right if left >> bit & 1 else 0
        right = right >> 1 ^ (_REDUCTION if right & 1 else 0)
    return product


def _keystream(key: bytes, iv: bytes, size_bytes: int) -> bytes:
    count = -(-size_bytes // BLOCK)
    return _encrypt(key, b"".join(iv + number.to_bytes(4) for number in range(2, count + 2)))[:size_bytes]


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _split(data: bytes) -> list[int]:
    padded = data + bytes(-len(data) % BLOCK)
    return [int.from_bytes(padded[at : at + BLOCK]) for at in range(0, len(padded), BLOCK)]


def _weights(key: bytes, count: int) -> list[int]:
    """What each of so many blocks is multiplied with; the last block has the hash key itself."""
    hash_key = int.from_bytes(_encrypt(key, bytes(BLOCK)))
    powers = [hash_key]
    while len(powers) < count:
        powers.append(_times(powers[-1], hash_key))
    return powers[::-1]


def _solve(columns: Sequence[int], target: int) -> int:
    """A set of columns, as bits, that add up to the target (Gauss over one bit)."""
    basis: dict[int, tuple[int, int]] = {}
    for number, column in enumerate(columns):
        value, used = _reduce(basis, column, 1 << number)
        if value:
            basis[value.bit_length()] = (value, used)
    left, used = _reduce(basis, target, 0)
    assert not left, "the blocks do not span the equations"
    return used


def _reduce(basis: dict[int, tuple[int, int]], value: int, used: int) -> tuple[int, int]:
    while value and value.bit_length() in basis:
        row, row_used = basis[value.bit_length()]
        value, used = value ^ row, used ^ row_used
    return value, used


def seal_for_two(content: bytes, keys: tuple[bytes, bytes], iv: bytes, associated: bytes, free: int) -> bytes:
    """Ciphertext and tag that open under both keys, to ``content`` under the first but for two blocks.

    Args:
        content: whole blocks; those at ``free`` and after it become letters.
        keys: two keys of 32 bytes.
        iv: 12 bytes.
        associated: additional data.
        free: number of the first of two blocks that may be anything.
    """
    stream = _keystream(keys[0], iv, len(content))
    letters = _LETTERS.to_bytes(BLOCK) * 2
    at = free * BLOCK
    chosen = _xor(content[:at] + letters + content[at + 2 * BLOCK :], stream)
    lengths = (8 * len(associated)).to_bytes(8) + (8 * len(content)).to_bytes(8)
    head = _split(associated)
    blocks = [*head, *_split(chosen), int.from_bytes(lengths)]
    weights = [a ^ b for a, b in zip(*(_weights(key, len(blocks)) for key in keys), strict=True)]
    masks = [int.from_bytes(_encrypt(key, iv + (1).to_bytes(4))) for key in keys]
    gap = masks[0] ^ masks[1]
    for block, weight in zip(blocks, weights, strict=True):
        gap ^= _times(block, weight)
    places = [(len(head) + free + number, bit) for number in (0, 1) for bit in _FREE]
    used = _solve([_times(1 << bit, weights[place]) for place, bit in places], gap)
    for number, (place, bit) in enumerate(places):
        blocks[place] ^= (used >> number & 1) << bit
    tag = masks[0]
    for block, weight in zip(blocks, _weights(keys[0], len(blocks)), strict=True):
        tag ^= _times(block, weight)
    body = b"".join(block.to_bytes(BLOCK) for block in blocks[len(head) : -1])
    return body[: len(content)] + tag.to_bytes(BLOCK)
