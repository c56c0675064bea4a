"""Sealing content to several recipients, and opening one's own entry (PROTOCOL 7).

The general part is a JWE (RFC 7516) whose recipients' keys are wrapped by HPKE-9-KE
(draft-ietf-jose-hpke-encrypt-22); the profile around it is strict: one spelling of every
header, nothing optional. Who may be sealed to is the directory's business, what the
content says the reports'.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from schemas import limits
from schemas.addresses import Address
from schemas.encoding import Digest, check_base64url, decode_base64url, encode_base64url, encode_json, sha256
from schemas.errors import Code, SeraiError
from schemas.keykinds import SEALING_ALGS
from schemas.keys import ENCRYPTION_ALG, DecryptionKey, EncryptionKey, Kid
from schemas.merkle import hash_leaf, root_of
from schemas.padding import is_padded, padded_size

PROTECTED = "eyJlbmMiOiJBMjU2R0NNIn0"
"""The protected header, the only one: `{"enc":"A256GCM"}`."""

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.SHAKE256, AEAD.AES_256_GCM)
_EK_BYTES = 1120
_WRAPPED_BYTES = 48
_ALG = re.compile("[A-Za-z0-9-]{1,32}")
_UNKNOWN_TEXT = 8_192
_COMMITMENT_LABEL = b"serai content key v1\x00"


class Envelope(NamedTuple):
    """What of a cover is bound into the seal: the parts of the JWE ``aad``."""

    network: str
    status: str
    jti: str
    iss: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The content key, wrapped for one recipient; all but ``alg`` as base64url text.

    An entry of an ``alg`` that is not known here is another's, and is handed on as it is.
    """

    kid: Kid
    ek: str
    encrypted_key: str
    alg: str = ENCRYPTION_ALG

    def to_bytes(self) -> bytes:
        """Leaf data of the entries' tree: ASCII ``alg.kid.ek.encrypted_key``."""
        return f"{self.alg}.{self.kid}.{self.ek}.{self.encrypted_key}".encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> Entry:
        """From what `to_bytes` gave."""
        alg, kid, ek, encrypted_key = data.decode("ascii").split(".")
        return cls(Kid(kid), ek, encrypted_key, alg)

    def to_json(self) -> dict[str, Any]:
        """The member of a JWE's ``recipients``."""
        header = {"alg": self.alg, "kid": self.kid, "ek": self.ek}
        return {"header": header, "encrypted_key": self.encrypted_key}


@dataclass(frozen=True, slots=True)
class Body:
    """What all recipients share: the members of the JWE outside the entries, as text."""

    iv: str
    ciphertext: str
    tag: str
    aad: str

    def to_bytes(self) -> bytes:
        """ASCII ``protected.iv.ciphertext.tag.aad``, the preimage of the cover's digest."""
        return f"{PROTECTED}.{self.iv}.{self.ciphertext}.{self.tag}.{self.aad}".encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> Body:
        """From what `to_bytes` gave."""
        _, iv, ciphertext, tag, aad = data.decode("ascii").split(".")
        return cls(iv, ciphertext, tag, aad)

    @property
    def size_bytes(self) -> int:
        """Length of the padded content."""
        return len(self.ciphertext) * 3 // 4

    def to_json(self) -> dict[str, Any]:
        """Members of a JWE, without recipients."""
        return {"protected": PROTECTED, "iv": self.iv, "ciphertext": self.ciphertext, "tag": self.tag, "aad": self.aad}


@dataclass(frozen=True, slots=True)
class UnverifiedSealed:
    """Sealed content as submitted: its form is checked, not that it fits a cover."""

    body: Body
    entries: tuple[Entry, ...]

    def to_json(self) -> dict[str, Any]:
        """The JWE in general JSON serialization."""
        return {**self.body.to_json(), "recipients": [entry.to_json() for entry in self.entries]}


@dataclass(frozen=True, slots=True)
class UnverifiedCopy:
    """One recipient's copy of sealed content: a flattened JWE, its form checked."""

    body: Body
    entry: Entry

    def to_json(self) -> dict[str, Any]:
        """The JWE in flattened JSON serialization."""
        return {**self.body.to_json(), **self.entry.to_json()}


class ContentClaim(NamedTuple):
    """What a cover says of its content; digests as bytes."""

    digest: Digest
    commitment: Digest
    entries: Digest
    size: int


def pad_content(content: bytes) -> bytes:
    """Content followed by spaces up to the Padmé size, at least 2,048 bytes.

    Raises:
        SeraiError: ``malformed_sealed`` if the padded content would be too large.
    """
    size_bytes = padded_size(len(content))
    if size_bytes > limits.CONTENT_BYTES:
        raise SeraiError(Code.MALFORMED_SEALED, f"content over {limits.CONTENT_BYTES} bytes")
    return content.ljust(size_bytes, b" ")


def check_padded(size_bytes: int) -> None:
    """Refuse content that its sender has not padded: its size would tell what it is.

    For who admits; a reader shows what came.

    Raises:
        SeraiError: ``malformed_sealed`` if the size is not one of Padmé's.
    """
    if not is_padded(size_bytes):
        raise SeraiError(Code.MALFORMED_SEALED, f"{size_bytes} bytes are no padded size")


def _aad(envelope: Envelope) -> str:
    return encode_base64url(encode_json(list(envelope)).encode())


def _info(envelope: Envelope, recipient: Address) -> bytes:
    extra = encode_json([*envelope, recipient]).encode()
    return b"JOSE-HPKE rcpt\xffA256GCM\xff" + extra


def _commit(envelope: Envelope, content_key: bytes) -> Digest:
    return sha256(_COMMITMENT_LABEL + envelope.jti.encode("ascii") + content_key)


def seal(
    content: bytes,
    envelope: Envelope,
    recipients: Sequence[tuple[Address, EncryptionKey]],
    content_key: bytes,
    iv: bytes,
) -> tuple[UnverifiedSealed, ContentClaim]:
    """Seal content to recipients in the order of the cover.

    Args:
        content: the report, not padded.
        envelope: what is bound into the seal.
        recipients: each address of ``to``, then the sender's member unless among them.
        content_key: 32 random bytes, used for this content only.
        iv: 12 random bytes.

    Raises:
        SeraiError: ``malformed_sealed`` if the content is too large.
    """
    padded = pad_content(content)
    aad = _aad(envelope)
    sealed = AESGCM(content_key).encrypt(iv, padded, f"{PROTECTED}.{aad}".encode("ascii"))
    body = Body(encode_base64url(iv), encode_base64url(sealed[:-16]), encode_base64url(sealed[-16:]), aad)
    entries = tuple(_wrap(content_key, key, _info(envelope, address)) for address, key in recipients)
    claim = ContentClaim(sha256(body.to_bytes()), _commit(envelope, content_key), entries_root(entries), len(padded))
    return UnverifiedSealed(body, entries), claim


def _wrap(content_key: bytes, key: EncryptionKey, info: bytes) -> Entry:
    wrapped = _SUITE.encrypt(content_key, key.public_key, info)
    return Entry(key.kid, encode_base64url(wrapped[:_EK_BYTES]), encode_base64url(wrapped[_EK_BYTES:]))


def entries_root(entries: Sequence[Entry]) -> Digest:
    """RFC 9162 root over the entries in order."""
    return root_of([hash_leaf(entry.to_bytes()) for entry in entries])


def _text(value: Any, length: int | None = None) -> str:
    if not isinstance(value, str) or (length is not None and len(value) != length):
        raise SeraiError(Code.MALFORMED_SEALED, "a member has the wrong type or length")
    try:
        check_base64url(value)
    except SeraiError as error:
        raise SeraiError(Code.MALFORMED_SEALED, error.detail) from error
    return value


def _parse_entry(header: Any, encrypted_key: Any) -> Entry:
    if not isinstance(header, dict) or header.keys() != {"alg", "kid", "ek"}:
        raise SeraiError(Code.MALFORMED_SEALED, "a recipient's header must have exactly alg, kid, ek")
    alg, kid = header["alg"], _text(header["kid"], 43)
    if not isinstance(alg, str) or not _ALG.fullmatch(alg):
        raise SeraiError(Code.MALFORMED_SEALED, "an alg that is no word")
    if alg not in SEALING_ALGS:
        return _parse_unknown_entry(alg, Kid(kid), header["ek"], encrypted_key)
    return Entry(Kid(kid), _text(header["ek"], (_EK_BYTES * 4 + 2) // 3), _text(encrypted_key, _WRAPPED_BYTES * 4 // 3))


def _parse_unknown_entry(alg: str, kid: Kid, ek: Any, encrypted_key: Any) -> Entry:
    """An entry of a later version: its form is bounded, the rest is between its sender and its recipient."""
    parts = _text(ek), _text(encrypted_key)
    if max(map(len, parts)) > _UNKNOWN_TEXT:
        raise SeraiError(Code.MALFORMED_SEALED, "an entry too large")
    return Entry(kid, *parts, alg)


def _parse_body(jwe: dict[str, Any]) -> Body:
    if jwe["protected"] != PROTECTED:
        raise SeraiError(Code.MALFORMED_SEALED, "the protected header is not the one of the profile")
    body = Body(_text(jwe["iv"], 16), _text(jwe["ciphertext"]), _text(jwe["tag"], 22), _text(jwe["aad"]))
    if not limits.CONTENT_MIN_BYTES <= body.size_bytes <= limits.CONTENT_BYTES:
        raise SeraiError(Code.MALFORMED_SEALED, "content outside its size limits")
    return body


def parse_sealed(jwe: Any) -> UnverifiedSealed:
    """Sealed content from a general JWE.

    Raises:
        SeraiError: ``malformed_sealed`` if it is outside the profile.
    """
    members = {"protected", "iv", "ciphertext", "tag", "aad", "recipients"}
    if not isinstance(jwe, dict) or jwe.keys() != members or not isinstance(jwe["recipients"], list):
        raise SeraiError(Code.MALFORMED_SEALED, f"exactly {', '.join(sorted(members))} are due")
    if not 1 <= len(jwe["recipients"]) <= limits.RECIPIENTS + 1:
        raise SeraiError(Code.MALFORMED_SEALED, "number of entries")
    entries = []
    for item in jwe["recipients"]:
        if not isinstance(item, dict) or item.keys() != {"header", "encrypted_key"}:
            raise SeraiError(Code.MALFORMED_SEALED, "an entry must have exactly header, encrypted_key")
        entries.append(_parse_entry(item["header"], item["encrypted_key"]))
    return UnverifiedSealed(_parse_body(jwe), tuple(entries))


def parse_copy(jwe: Any) -> UnverifiedCopy:
    """One recipient's copy from a flattened JWE.

    Raises:
        SeraiError: ``malformed_sealed`` if it is outside the profile.
    """
    members = {"protected", "iv", "ciphertext", "tag", "aad", "header", "encrypted_key"}
    if not isinstance(jwe, dict) or jwe.keys() != members:
        raise SeraiError(Code.MALFORMED_SEALED, f"exactly {', '.join(sorted(members))} are due")
    return UnverifiedCopy(_parse_body(jwe), _parse_entry(jwe["header"], jwe["encrypted_key"]))


def verify_body(body: Body, claim: ContentClaim, envelope: Envelope) -> None:
    """Check that a body is the one a cover names (step 6), bound to that cover.

    Raises:
        SeraiError: ``content_mismatch``.
    """
    if sha256(body.to_bytes()) != claim.digest:
        raise SeraiError(Code.CONTENT_MISMATCH, "digest")
    if body.size_bytes != claim.size:
        raise SeraiError(Code.CONTENT_MISMATCH, "size")
    if body.aad != _aad(envelope):
        raise SeraiError(Code.CONTENT_MISMATCH, "aad")


def unwrap_key(entry: Entry, key: DecryptionKey, claim: ContentClaim, envelope: Envelope, recipient: Address) -> bytes:
    """The content key from one's own entry (steps 7 and 8).

    Raises:
        SeraiError: ``no_key`` for an ``alg`` of a later version, ``decryption_failed`` if the entry does not open,
            ``commitment_mismatch`` if it holds another key than the sender committed to.
    """
    if entry.alg not in SEALING_ALGS:
        raise SeraiError(Code.NO_KEY, entry.alg)
    wrapped = decode_base64url(entry.ek, _EK_BYTES) + decode_base64url(entry.encrypted_key, _WRAPPED_BYTES)
    try:
        content_key = _SUITE.decrypt(wrapped, key.private_key, _info(envelope, recipient))
    except (InvalidTag, ValueError) as error:
        raise SeraiError(Code.DECRYPTION_FAILED, "the entry does not open") from error
    verify_commitment(content_key, claim, envelope)
    return content_key


def verify_commitment(content_key: bytes, claim: ContentClaim, envelope: Envelope) -> None:
    """Check that a content key is the one a cover commits to.

    Raises:
        SeraiError: ``commitment_mismatch``.
    """
    if not hmac.compare_digest(_commit(envelope, content_key), claim.commitment):
        raise SeraiError(Code.COMMITMENT_MISMATCH, "the entry holds another content key")


def open_body(body: Body, content_key: bytes, envelope: Envelope) -> bytes:
    """The padded content (step 9); the ``aad`` is rebuilt from the cover.

    Raises:
        SeraiError: ``decryption_failed``.
    """
    sealed = decode_base64url(body.ciphertext) + decode_base64url(body.tag, 16)
    associated = f"{PROTECTED}.{_aad(envelope)}".encode("ascii")
    try:
        return AESGCM(content_key).decrypt(decode_base64url(body.iv, 12), sealed, associated)
    except (InvalidTag, ValueError) as error:
        raise SeraiError(Code.DECRYPTION_FAILED, "the content does not open") from error
