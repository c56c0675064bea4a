"""Signing and encryption keys as JWK, and their thumbprints (PROTOCOL 4).

Signing keys are Ed25519 (RFC 8037, RFC 9864), read by joserfc. Encryption keys are of
type AKP (RFC 9964) with algorithm HPKE-9-KE (draft-ietf-jose-hpke-pq-pqt-01), which no
Python JOSE library reads yet: ML-KEM-768 with X25519, both derived from one 32-byte seed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NewType

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey
from joserfc.jwk import thumbprint

from schemas.encoding import decode_base64url, encode_base64url
from schemas.errors import Code, SeraiError

Kid = NewType("Kid", str)
"""RFC 7638 thumbprint of a key: 43 characters of base64url."""

SIGNING_ALG = "Ed25519"
ENCRYPTION_ALG = "HPKE-9-KE"
_MLKEM_BYTES = 1184
_ENCRYPTION_BYTES = _MLKEM_BYTES + 32

_ED25519_PRIME = _X25519_PRIME = 2**255 - 19
_D = -121665 * pow(121666, -1, _ED25519_PRIME) % _ED25519_PRIME
# y of the eight points of small order, keys for which anybody can sign.
_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = frozenset({0, 1, _ED25519_PRIME - 1, _ORDER_8, _ED25519_PRIME - _ORDER_8})
# Any scalar shows a point of small order: X25519 with it gives zero, which the library refuses.
_PROBE = X25519PrivateKey.from_private_bytes(bytes(32))


def _members(jwk: Any, fixed: dict[str, str], *variable: str) -> dict[str, str]:
    if (
        not isinstance(jwk, dict)
        or set(jwk) != {*fixed, *variable}
        or not all(isinstance(v, str) for v in jwk.values())
    ):
        raise SeraiError(Code.MALFORMED_KEY, f"members of the JWK must be {', '.join([*fixed, *variable])}")
    if any(jwk[name] != value for name, value in fixed.items()):
        raise SeraiError(Code.MALFORMED_KEY, "a key of another kind")
    return jwk


def _bytes(text: str, size_bytes: int) -> bytes:
    try:
        return decode_base64url(text, size_bytes)
    except SeraiError as error:
        raise SeraiError(Code.MALFORMED_KEY, error.detail) from error


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """A public signing key.

    Attributes:
        raw: the 32 bytes of the Ed25519 public key.
        kid: its thumbprint.
    """

    raw: bytes
    kid: Kid
    _key: Ed25519PublicKey = field(repr=False, compare=False)

    @classmethod
    def from_raw(cls, raw: bytes) -> VerifyKey:
        """From the 32 bytes of the public key.

        Raises:
            SeraiError: ``malformed_key``, also for what `check_point` refuses.
        """
        return _verify_key(raw)

    @classmethod
    def from_jwk(cls, jwk: Any) -> VerifyKey:
        """From a JWK with exactly ``kty``, ``crv``, ``x``.

        Raises:
            SeraiError: ``malformed_key``.
        """
        return cls.from_raw(_bytes(_members(jwk, {"kty": "OKP", "crv": "Ed25519"}, "x")["x"], 32))

    def to_jwk(self) -> dict[str, str]:
        """The JWK of this key."""
        return _okp(self.raw)

    def verify(self, signature: bytes, data: bytes) -> None:
        """Check a signature over ``data`` by the rules of PROTOCOL 4.

        `check_point` has judged A. The rest is OpenSSL's: S < L; no cofactor; R compared by its
        bytes, so another spelling of R fails and R of small order does not matter. The vectors
        hold the library to it.

        Raises:
            SeraiError: ``bad_signature``.
        """
        try:
            self._key.verify(signature, data)
        except InvalidSignature as error:
            raise SeraiError(Code.BAD_SIGNATURE, f"key {self.kid}") from error


def check_point(raw: bytes) -> None:
    """Check that bytes are A, a key for Ed25519: a point, in its one spelling, not of small order (PROTOCOL 4).

    OpenSSL asks for none of this, and other libraries for some, so a directory would depend on the library.

    Raises:
        SeraiError: ``malformed_key``.
    """
    y = int.from_bytes(raw, "little") & ((1 << 255) - 1)
    if len(raw) != 32 or y >= _ED25519_PRIME:
        raise SeraiError(Code.MALFORMED_KEY, "not an Ed25519 public key in its one spelling")
    if y in _SMALL_ORDER:
        raise SeraiError(Code.MALFORMED_KEY, "a point of small order")
    # x^2 = (y^2 - 1) / (d y^2 + 1) has a root if numerator times denominator is a square.
    square = (y * y - 1) * (_D * y * y + 1)
    if pow(square, (_ED25519_PRIME - 1) // 2, _ED25519_PRIME) != 1:
        raise SeraiError(Code.MALFORMED_KEY, "not a point of the curve")


@lru_cache(maxsize=4096)
def _verify_key(raw: bytes) -> VerifyKey:
    # Each credential's key is read several times in a row; judging the point costs as much as a signature.
    check_point(raw)
    return VerifyKey(raw, Kid(thumbprint(_okp(raw))), Ed25519PublicKey.from_public_bytes(raw))


def _okp(raw: bytes) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(raw)}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private signing key, made from a 32-byte seed.

    Attributes:
        seed: the secret; kept out of ``repr``.
        public: the key others verify with.
    """

    seed: bytes = field(repr=False)
    public: VerifyKey
    _key: Ed25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """From 32 random bytes.

        Raises:
            SeraiError: ``malformed_key`` if there are not 32.
        """
        try:
            key = Ed25519PrivateKey.from_private_bytes(seed)
        except ValueError as error:
            raise SeraiError(Code.MALFORMED_KEY, "32 bytes of seed are due") from error
        return cls(seed, VerifyKey.from_raw(key.public_key().public_bytes_raw()), key)

    @property
    def kid(self) -> Kid:
        """Thumbprint of the public key."""
        return self.public.kid

    @property
    def private_key(self) -> Ed25519PrivateKey:
        """The key as the library has it."""
        return self._key

    def sign(self, data: bytes) -> bytes:
        """The 64-byte signature over ``data``."""
        return self._key.sign(data)


@dataclass(frozen=True)
class EncryptionKey:
    """A public key to seal to.

    Attributes:
        raw: 1,216 bytes, ML-KEM-768 then X25519.
        kid: its thumbprint.
    """

    raw: bytes
    kid: Kid

    @classmethod
    def from_raw(cls, raw: bytes) -> EncryptionKey:
        """From its 1,216 bytes.

        Raises:
            SeraiError: ``malformed_key`` if the ML-KEM or X25519 part is not valid.
        """
        if len(raw) != _ENCRYPTION_BYTES:
            raise SeraiError(Code.MALFORMED_KEY, f"{_ENCRYPTION_BYTES} bytes are due")
        if int.from_bytes(raw[_MLKEM_BYTES:], "little") >= _X25519_PRIME:
            raise SeraiError(Code.MALFORMED_KEY, "an X25519 key spelt in another way")
        key = cls(raw, Kid(thumbprint(_akp(raw))))
        key.public_key  # noqa: B018 - the library judges the bytes
        return key

    @classmethod
    def from_jwk(cls, jwk: Any) -> EncryptionKey:
        """From a JWK with exactly ``kty``, ``alg``, ``pub``.

        Raises:
            SeraiError: ``malformed_key``.
        """
        pub = _members(jwk, {"kty": "AKP", "alg": ENCRYPTION_ALG}, "pub")["pub"]
        return cls.from_raw(_bytes(pub, _ENCRYPTION_BYTES))

    def to_jwk(self) -> dict[str, str]:
        """The JWK of this key."""
        return _akp(self.raw)

    @property
    def alg(self) -> str:
        """What it is for, as its JWK says."""
        return ENCRYPTION_ALG

    @cached_property
    def public_key(self) -> MLKEM768X25519PublicKey:
        """The key as the library has it."""
        try:
            x25519 = X25519PublicKey.from_public_bytes(self.raw[_MLKEM_BYTES:])
            _PROBE.exchange(x25519)
            return MLKEM768X25519PublicKey(MLKEM768PublicKey.from_public_bytes(self.raw[:_MLKEM_BYTES]), x25519)
        except ValueError as error:
            raise SeraiError(Code.MALFORMED_KEY, "not an ML-KEM-768 with X25519 key") from error


def _akp(raw: bytes) -> dict[str, str]:
    return {"kty": "AKP", "alg": ENCRYPTION_ALG, "pub": encode_base64url(raw)}


@dataclass(frozen=True, slots=True)
class DecryptionKey:
    """A private key that opens entries, made from a 32-byte seed.

    Attributes:
        seed: the secret; kept out of ``repr``.
        public: the key others seal to.
    """

    seed: bytes = field(repr=False)
    public: EncryptionKey
    _key: MLKEM768X25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> DecryptionKey:
        """From 32 random bytes: SHAKE-256 gives 64 of ML-KEM seed and 32 of X25519 scalar.

        Raises:
            SeraiError: ``malformed_key`` if there are not 32.
        """
        if len(seed) != 32:
            raise SeraiError(Code.MALFORMED_KEY, "32 bytes of seed are due")
        expanded = hashlib.shake_256(seed).digest(96)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
        raw = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        return cls(seed, EncryptionKey.from_raw(raw), MLKEM768X25519PrivateKey(mlkem, x25519))

    @property
    def kid(self) -> Kid:
        """Thumbprint of the public key."""
        return self.public.kid

    @property
    def private_key(self) -> MLKEM768X25519PrivateKey:
        """The key as the library has it."""
        return self._key
