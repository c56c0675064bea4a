"""Secrets at rest: wrapped under a passphrase, in files that only their owner can read.

Argon2id (RFC 9106) makes a key from the passphrase, AES-256-GCM wraps the secret. What the
secret is, the cost, salt and nonce stand beside it and are bound into the seal, so that one
file cannot pass for another. The cost is bounded: a doctored file cannot exhaust a machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from clients.errors import ClientError, LocalCode
from schemas.encoding import decode_base64url, decode_object, encode_base64url, encode_json
from schemas.errors import Code, SeraiError

Entropy = Callable[[int], bytes]
"""Source of so many random bytes."""

MAX_FILE_BYTES: Final = 1_048_576
"""Largest file of secrets that is read."""

_VERSION = 1
_NAMES = ("version", "what", "memory_kib", "iterations", "lanes", "salt", "nonce", "sealed")
_MAX_MEMORY_KIB, _MAX_ITERATIONS, _MAX_LANES = 4 * 1024 * 1024, 64, 64


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at a passphrase costs (RFC 9106 section 3.1).

    Attributes:
        memory_kib: memory in KiB.
        iterations: passes over it.
        lanes: threads.
    """

    memory_kib: int
    iterations: int
    lanes: int


STANDARD: Final = Cost(memory_kib=65_536, iterations=3, lanes=4)
"""The second recommendation of RFC 9106 section 4."""

CHEAP: Final = Cost(memory_kib=64, iterations=1, lanes=1)
"""Protects nothing: for tests and demonstrations with keys that are worth nothing."""


def wrap_secret(secret: bytes, what: str, passphrase: str, cost: Cost, entropy: Entropy) -> bytes:
    """A secret as it lies on disk.

    Args:
        secret: what to keep.
        what: kind of secret; needed again to unwrap.
        passphrase: what opens it again.
        cost: of one guess; `STANDARD` unless the secret is worth nothing.
        entropy: source of random bytes.
    """
    salt, nonce = entropy(16), entropy(12)
    random = {"salt": encode_base64url(salt), "nonce": encode_base64url(nonce)}
    head = {"version": _VERSION, "what": what, **asdict(cost), **random}
    sealed = AESGCM(_stretch(passphrase, cost, salt)).encrypt(nonce, secret, encode_json(head).encode())
    return encode_json({**head, "sealed": encode_base64url(sealed)}).encode()


def unwrap_secret(data: bytes, what: str, passphrase: str) -> bytes:
    """The secret that `wrap_secret` wrapped.

    Raises:
        SeraiError: ``decryption_failed`` if the passphrase is another or a byte was changed,
            ``damaged`` if this is no wrapped secret of that kind.
    """
    head, cost, sealed = _parse_wrapped(data, what)
    try:
        key = _stretch(passphrase, cost, decode_base64url(head["salt"], 16))
        return AESGCM(key).decrypt(decode_base64url(head["nonce"], 12), sealed, encode_json(head).encode())
    except (InvalidTag, SeraiError, TypeError, AttributeError):
        raise SeraiError(Code.DECRYPTION_FAILED, "wrong passphrase, or the file was changed") from None


def cost_of(data: bytes) -> Cost:
    """The cost with which a secret was wrapped.

    Raises:
        SeraiError: ``damaged`` if this is no wrapped secret.
    """
    try:
        return _parse_cost(decode_object(data, 64))
    except (SeraiError, KeyError):
        raise SeraiError(Code.DAMAGED, "not a wrapped secret") from None


def _parse_wrapped(data: bytes, what: str) -> tuple[dict[str, Any], Cost, bytes]:
    try:
        head = _parse_head(decode_object(data, 64), what)
        return head, _parse_cost(head), decode_base64url(head.pop("sealed"))
    except (SeraiError, TypeError, AttributeError):
        raise SeraiError(Code.DAMAGED, f"not a wrapped secret: {what}") from None


def _parse_head(head: dict[str, Any], what: str) -> dict[str, Any]:
    if tuple(head) != _NAMES or (head["version"], head["what"]) != (_VERSION, what):
        raise SeraiError(Code.DAMAGED, "another form")
    return head


def _parse_cost(head: dict[str, Any]) -> Cost:
    numbers = (head["memory_kib"], head["iterations"], head["lanes"])
    most = (_MAX_MEMORY_KIB, _MAX_ITERATIONS, _MAX_LANES)
    if not all(type(number) is int and 0 < number <= bound for number, bound in zip(numbers, most, strict=True)):
        raise SeraiError(Code.DAMAGED, "a cost out of bounds")
    return Cost(*numbers)


def _stretch(passphrase: str, cost: Cost, salt: bytes) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib)
    return kdf.derive(passphrase_bytes(passphrase))


def passphrase_bytes(passphrase: str) -> bytes:
    """What was typed, as bytes: also where the terminal's bytes were no text, so that no fault repeats them."""
    return passphrase.encode(errors="surrogateescape")


def write_private(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read; it is on disk when this returns.

    Raises:
        FileExistsError: what is there is never overwritten.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Put the names of a folder on disk: those of new files, and of files that were renamed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_private(path: Path) -> bytes:
    """The bytes of a file that only its owner can read.

    Raises:
        SeraiError: ``not_permitted`` if others may read or change it, ``damaged`` if it is
            too large to be one of ours.
    """
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise ClientError(LocalCode.OPEN_TO_OTHERS, path=path, mode="600")
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise SeraiError(Code.DAMAGED, f"{path.name} is larger than it can be")
    return data
