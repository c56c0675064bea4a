"""Checkpoints: the signed heads of the ledger (PROTOCOL 8).

C2SP ``tlog-checkpoint`` in a C2SP ``signed-note``, narrowed to one spelling: at most 16 KiB and
64 signature lines, canonical numbers and base64, ASCII key names. Extension lines of the body, and
lines signed by other keys (witnesses, and kinds of keys of a later version), are kept and not judged.
A note is read by `parse_note`, believed after `verify_note`; `view_of` is what of it goes into statements.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas.encoding import MAX_SAFE_INTEGER, Digest, sha256
from schemas.errors import Code, SeraiError
from schemas.keys import VerifyKey
from schemas.merkle import EMPTY_ROOT

MAX_NOTE_BYTES: Final = 16_384
"""Largest note in UTF-8, all signature lines included."""

MAX_VIEW_BYTES: Final = 512
"""Largest note inside a statement: it has the ledger key's line only."""

MAX_SIGNATURES: Final = 64
"""Most signature lines of a note."""

MAX_EXTENSION_BYTES: Final = 128
"""Most bytes of all extension lines of a note, their line ends included."""

_KEY_ID_BYTES = 4
_ED25519_TYPE = b"\x01"
_ED25519_SIGNATURE_BYTES = 64
_ORIGIN = re.compile(r"serai/([a-z0-9][a-z0-9-]{0,30}[a-z0-9])/([A-Za-z0-9_-]{43})/(0|[1-9][0-9]{0,8})")
_BODY = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n((?:[^\x00-\x1f]+\n)*)")
# Names are printable ASCII without space and plus: what signed-note allows, less other scripts.
_SIGNATURE_LINE = re.compile("\N{EM DASH} ([!-*,-~]+) ([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True, slots=True)
class Origin:
    """Which ledger a checkpoint is of.

    Attributes:
        network: name of the network.
        root_thumbprint: RFC 7638 thumbprint of the network's first root key.
        epoch: number of the epoch, from 0.
    """

    network: str
    root_thumbprint: str
    epoch: int

    def __str__(self) -> str:
        return f"serai/{self.network}/{self.root_thumbprint}/{self.epoch}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Head of a ledger at one size.

    Attributes:
        origin: first line of the note, also the name of the ledger key.
        size: number of leaves.
        root: Merkle root over them.
    """

    origin: str
    size: int
    root: Digest


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line of a note.

    Attributes:
        name: name of the key.
        key_id: 4 bytes that tell keys of one name apart.
        signature: the bytes after the key id; what they mean depends on the key.
    """

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class UnverifiedNote:
    """A note whose form is right and whose signatures nobody has checked.

    Attributes:
        checkpoint: what the body says.
        body: the signed bytes, final newline included.
        signatures: every signature line, in order.
        text: the note as received.
    """

    checkpoint: Checkpoint
    body: bytes
    signatures: tuple[NoteSignature, ...]
    text: str


@dataclass(frozen=True, slots=True)
class VerifiedCheckpoint:
    """A checkpoint under the ledger key's signature; only `verify_note` makes one.

    Attributes:
        checkpoint: what was signed.
        note_text: the note as received, to keep and to show.
    """

    checkpoint: Checkpoint
    note_text: str


def parse_origin(text: str) -> Origin:
    """The parts of an origin.

    Raises:
        SeraiError: ``bad_checkpoint`` if it has another form.
    """
    match = _ORIGIN.fullmatch(text)
    if not match:
        raise SeraiError(Code.BAD_CHECKPOINT, "not the origin of a Serai ledger")
    return Origin(match[1], match[2], int(match[3]))


def key_id(name: str, public_key: bytes) -> bytes:
    """Key id of an Ed25519 key in signature lines (signed-note, "Signatures").

    Args:
        name: name of the key; for a ledger key, the origin.
        public_key: 32 bytes (RFC 8032).
    """
    return sha256(name.encode() + b"\n" + _ED25519_TYPE + public_key)[:_KEY_ID_BYTES]


def decode_base64(text: str, code: Code) -> bytes:
    """Bytes of a canonical base64 text with padding (RFC 4648 section 4), as C2SP formats use it.

    Args:
        text: the only accepted spelling: no white space, no spare bits.
        code: what to raise if it is another.

    Raises:
        SeraiError: ``code``.
    """
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:
        raise SeraiError(code, "not base64") from error
    if b64encode(data).decode() != text:
        raise SeraiError(code, "base64 with spare bits")
    return data


def encode_base64(data: bytes) -> str:
    """Base64 with padding (RFC 4648 section 4)."""
    return b64encode(data).decode()


def parse_note(text: str) -> UnverifiedNote:
    """Read a note without believing it.

    Raises:
        SeraiError: ``bad_checkpoint`` if it is larger than 16 KiB or not in the one accepted spelling.
    """
    _check_size(text)
    body, separator, tail = text.rpartition("\n\n")
    lines = tail.split("\n")
    if not separator or len(lines) < 2 or lines.pop() != "":
        raise SeraiError(Code.BAD_CHECKPOINT, "a note is a body, an empty line and signature lines")
    if len(lines) > MAX_SIGNATURES:
        raise SeraiError(Code.BAD_CHECKPOINT, f"a note of more than {MAX_SIGNATURES} signature lines")
    signatures = tuple(_parse_signature(line) for line in lines)
    body += "\n"
    return UnverifiedNote(_parse_body(body), body.encode(), signatures, text)


def _check_size(text: str) -> None:
    # Counted in characters first, so that a huge text is not encoded only to be measured.
    if len(text) > MAX_NOTE_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_NOTE_BYTES:
        raise SeraiError(Code.BAD_CHECKPOINT, f"a note of more than {MAX_NOTE_BYTES} bytes")


def _parse_signature(line: str) -> NoteSignature:
    match = _SIGNATURE_LINE.fullmatch(line)
    if not match:
        raise SeraiError(Code.BAD_CHECKPOINT, "not a signature line")
    payload = decode_base64(match[2], Code.BAD_CHECKPOINT)
    if len(payload) <= _KEY_ID_BYTES:
        raise SeraiError(Code.BAD_CHECKPOINT, "a signature line without signature")
    return NoteSignature(match[1], payload[:_KEY_ID_BYTES], payload[_KEY_ID_BYTES:])


def _parse_body(body: str) -> Checkpoint:
    match = _BODY.fullmatch(body)
    if not match:
        raise SeraiError(Code.BAD_CHECKPOINT, "a body is origin, size, root, and perhaps extension lines")
    if len(match[4].encode("utf-8", "surrogatepass")) > MAX_EXTENSION_BYTES:
        raise SeraiError(Code.BAD_CHECKPOINT, f"extension lines of more than {MAX_EXTENSION_BYTES} bytes")
    parse_origin(match[1])
    checkpoint = Checkpoint(match[1], int(match[2]), Digest(decode_base64(match[3], Code.BAD_CHECKPOINT)))
    if checkpoint.size > MAX_SAFE_INTEGER:
        raise SeraiError(Code.BAD_CHECKPOINT, "size out of range")
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise SeraiError(Code.BAD_CHECKPOINT, "not the root of an empty tree")
    return checkpoint


def verify_note(note: UnverifiedNote, origin: str, key: VerifyKey) -> VerifiedCheckpoint:
    """Check that a note is a checkpoint of the ledger that is expected.

    1. Its origin is ``origin``. 2. It has a line of that name and the key's id. 3. The signature of
    each such line holds over the body as received.

    Args:
        note: what `parse_note` read.
        origin: of the epoch that the caller is in.
        key: ledger key of that epoch.

    Raises:
        SeraiError: ``bad_checkpoint``.
    """
    if note.checkpoint.origin != origin:
        raise SeraiError(Code.BAD_CHECKPOINT, "a checkpoint of another ledger or epoch")
    lines = _lines_of(note, key)
    if not lines:
        raise SeraiError(Code.BAD_CHECKPOINT, "no signature by the ledger key")
    for line in lines:
        _verify_signature(key, line.signature, note.body)
    return VerifiedCheckpoint(note.checkpoint, note.text)


def view_of(note_text: str, key: VerifyKey) -> str:
    """What of a verified note goes into statements: its body, under the ledger key's line alone.

    Args:
        note_text: a note that `verify_note` has judged.
        key: the ledger key of its epoch.

    Raises:
        SeraiError: ``bad_checkpoint`` if the key did not sign it.
    """
    note = parse_note(note_text)
    line = next(iter(_lines_of(note, key)), None)
    if line is None:
        raise SeraiError(Code.BAD_CHECKPOINT, "no signature by the ledger key")
    return f"{note.body.decode()}\n{_encode_line(line)}"


def parse_view(text: str) -> UnverifiedNote:
    """Read the note that a statement carries, without believing it.

    Raises:
        SeraiError: ``bad_checkpoint`` if it is no note, is larger than 512 bytes, or has other lines than
            one under the name of the ledger key.
    """
    if len(text) > MAX_VIEW_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_VIEW_BYTES:
        raise SeraiError(Code.BAD_CHECKPOINT, f"a view of more than {MAX_VIEW_BYTES} bytes")
    note = parse_note(text)
    if [line.name for line in note.signatures] != [note.checkpoint.origin]:
        raise SeraiError(Code.BAD_CHECKPOINT, "a view has the ledger key's line only")
    return note


def _lines_of(note: UnverifiedNote, key: VerifyKey) -> list[NoteSignature]:
    """The lines under the name and id of the ledger key."""
    wanted = (note.checkpoint.origin, key_id(note.checkpoint.origin, key.raw))
    return [line for line in note.signatures if (line.name, line.key_id) == wanted]


def _verify_signature(key: VerifyKey, signature: bytes, body: bytes) -> None:
    if len(signature) != _ED25519_SIGNATURE_BYTES:
        raise SeraiError(Code.BAD_CHECKPOINT, "a signature of the wrong length")
    try:
        key.verify(signature, body)
    except SeraiError as error:
        raise SeraiError(Code.BAD_CHECKPOINT, "the ledger key's signature does not hold") from error


def encode_body(checkpoint: Checkpoint) -> bytes:
    """The bytes of a checkpoint that are signed: origin, size, root, a line each."""
    return f"{checkpoint.origin}\n{checkpoint.size}\n{encode_base64(checkpoint.root)}\n".encode()


def _encode_line(line: NoteSignature) -> str:
    return f"\N{EM DASH} {line.name} {encode_base64(line.key_id + line.signature)}\n"


def sign_note(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The note of a checkpoint, signed by the ledger key under the origin as its name.

    Raises:
        SeraiError: ``bad_checkpoint`` if the checkpoint could not be read back.
    """
    body = encode_body(checkpoint)
    payload = key_id(checkpoint.origin, key.public_key().public_bytes_raw()) + key.sign(body)
    line = NoteSignature(checkpoint.origin, payload[:_KEY_ID_BYTES], payload[_KEY_ID_BYTES:])
    text = f"{body.decode()}\n{_encode_line(line)}"
    parse_note(text)
    return text
