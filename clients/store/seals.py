"""What the store key does: it seals contents, tags rows, adds them up, and hides names. Pure but for its chance."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.encoding import decode_json, encode_json, sha256
from schemas.errors import Code, SeraiError

NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_MAX_MEMBERS: Final = 1 << 20

Key = str | bytes | int
"""What tells the rows of a table apart."""


class Seals:
    """The store key at work.

    Args:
        store_key: 32 bytes.
        entropy: source of random bytes.
    """

    def __init__(self, store_key: bytes, entropy: Callable[[int], bytes]) -> None:
        self._cipher = AESGCM(store_key)
        self._name_key, self._tag_key, self._sum_key = (
            hmac.digest(store_key, purpose, "sha256")
            for purpose in (b"serai names of rows", b"serai tags of rows", b"serai sums of rows")
        )
        self._entropy = entropy

    def name(self, *parts: str) -> bytes:
        """A keyed hash that stands for names in the key of a row."""
        return hmac.digest(self._name_key, "\0".join(parts).encode(), "sha256")

    def seal(self, table: str, key: Key, value: Any) -> tuple[bytes, bytes]:
        """Nonce and blob of a JSON value that belongs into one row of one table."""
        nonce = self._entropy(NONCE_BYTES)
        return nonce, self._cipher.encrypt(nonce, encode_json(value).encode(), _bound(table, key))

    def open(self, table: str, key: Key, nonce: bytes, blob: bytes) -> Any:
        """The value of a blob.

        Raises:
            SeraiError: ``damaged`` if it was changed or belongs elsewhere.
        """
        return decode_json(self._decrypt(table, key, nonce, blob), _MAX_MEMBERS)

    def open_own(self, table: str, key: Key, nonce: bytes, blob: bytes) -> Any:
        """The same, four times as quick, for looking through many: what was sealed here is not judged as JSON anew.

        Raises:
            SeraiError: ``damaged`` as by `open`.
        """
        return json.loads(self._decrypt(table, key, nonce, blob))

    def _decrypt(self, table: str, key: Key, nonce: bytes, blob: bytes) -> bytes:
        try:
            return self._cipher.decrypt(nonce, blob, _bound(table, key))
        except (InvalidTag, ValueError):
            raise damaged(table) from None

    def stamp(self, table: str, clear: Sequence[Any], nonce: bytes) -> bytes:
        """The stamp of a row.

        Args:
            table: its name.
            clear: its key and clear columns, in the order of `clients.store.schema.Table`, as the database gives
                them: text, bytes, whole numbers, None.
            nonce: of its blob, which it binds: no other blob was ever sealed under it.
        """
        return nonce + hmac.digest(self._tag_key, _canonical(table, clear, nonce), "sha256")[:_TAG_BYTES]

    def is_stamped(self, table: str, clear: Sequence[Any], stamp: bytes) -> bool:
        """Whether a row is as it was written here."""
        return hmac.compare_digest(self.stamp(table, clear, stamp[:NONCE_BYTES]), stamp)

    def element(self, table: str, stamp: bytes) -> bytes:
        """What a row adds to the sum of its table; its stamp binds the rest of it."""
        return hmac.digest(self._sum_key, table.encode() + stamp, "sha256")


def digest_nonce(blob: bytes) -> bytes:
    """What stands for the nonce of a blob that is not sealed under the store key: the keystore's, whose own it has."""
    return sha256(blob)[:NONCE_BYTES]


def damaged(table: str) -> SeraiError:
    """A row that is not as it was written."""
    return SeraiError(Code.DAMAGED, f"a row of {table} in the own store")


def _bound(table: str, key: Key) -> bytes:
    return f"serai store 1\0{table}\0".encode() + (key if isinstance(key, bytes) else str(key).encode())


def _canonical(table: str, clear: Sequence[Any], nonce: bytes) -> bytes:
    """One reading of a row: of text, bytes, whole numbers and None, `repr` spells each in its own way."""
    return repr((table, *clear, nonce)).encode(errors="surrogatepass")
