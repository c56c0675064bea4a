"""A second opinion on sealing: opens a JWE of the profile without any code of Serai.

Written after the texts alone: RFC 7516 for the JWE, draft-ietf-hpke-hpke and -pq for the
one-stage key schedule with SHAKE256, draft-connolly-cfrg-xwing-kem for the hybrid. Only ML-KEM,
X25519, AES-GCM and the hashes come from libraries.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode
from typing import Any

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_SUITE_ID = b"HPKE" + bytes.fromhex("647a 0011 0002")
_XWING_LABEL = b"\\.//^\\"
_KEY, _NONCE, _EXPORTER = 32, 12, 64


def decode(text: str) -> bytes:
    """Bytes of base64url, leniently."""
    return urlsafe_b64decode(text + "==")


def _prefixed(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


def _decapsulate(enc: bytes, seed: bytes) -> bytes:
    expanded = hashlib.shake_256(seed).digest(96)
    x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
    first = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).decapsulate(enc[:1088])
    second = x25519.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    public = x25519.public_key().public_bytes_raw()
    return hashlib.sha3_256(first + second + enc[1088:] + public + _XWING_LABEL).digest()


def unwrap(enc: bytes, ciphertext: bytes, seed: bytes, info: bytes) -> bytes:
    """HPKE's single-shot Open: base mode, MLKEM768-X25519, SHAKE256, AES-256-GCM, no ``aad``."""
    secrets = _prefixed(b"") + _prefixed(_decapsulate(enc, seed))
    context = b"\x00" + _prefixed(b"") + _prefixed(info)
    size_bytes = _KEY + _NONCE + _EXPORTER
    labeled = secrets + b"HPKE-v1" + _SUITE_ID + _prefixed(b"secret") + size_bytes.to_bytes(2, "big") + context
    derived = hashlib.shake_256(labeled).digest(size_bytes)
    return AESGCM(derived[:_KEY]).decrypt(derived[_KEY : _KEY + _NONCE], ciphertext, None)


def open_jwe(jwe: dict[str, Any], entry: dict[str, Any], seed: bytes, extra_info: bytes) -> tuple[bytes, bytes]:
    """Content key and content of a JWE.

    Args:
        jwe: its shared members.
        entry: ``encrypted_key``, and ``header`` unless the protected header says all.
        seed: 32 bytes, the recipient's ``priv``.
        extra_info: the recipient's.
    """
    header = json.loads(decode(jwe["protected"])) | entry.get("header", {})
    info = b"JOSE-HPKE rcpt\xff" + header["enc"].encode() + b"\xff" + extra_info
    content_key = unwrap(decode(header["ek"]), decode(entry["encrypted_key"]), seed, info)
    associated = ".".join([jwe["protected"], *([jwe["aad"]] if "aad" in jwe else [])]).encode()
    sealed = decode(jwe["ciphertext"]) + decode(jwe["tag"])
    return content_key, AESGCM(content_key).decrypt(decode(jwe["iv"]), sealed, associated)
