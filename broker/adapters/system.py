"""Clock, identifiers and the hub's own keys: where time, chance and secrets enter."""

from __future__ import annotations

import json
import os
import secrets
import stat
import time
from pathlib import Path

from schemas.checkpoint import Checkpoint, sign_note
from schemas.claims import Claims, Event
from schemas.encoding import decode_base64url, encode_base64url
from schemas.errors import Code, SeraiError
from schemas.ids import make_uuid7
from schemas.keys import SigningKey
from schemas.statements import VerifiedStatement, parse_statement, sign_statement, verify_statement

MAX_DRIFT_MS = 2_000
"""How far the wall clock may be from where the monotonic one says it should be."""


class SystemClock:
    """The machine's clock, watched by its monotonic one (port `broker.ports.Clock`)."""

    def __init__(self) -> None:
        self._offset_ms = self._offset()

    @staticmethod
    def _offset() -> int:
        return time.time_ns() // 1_000_000 - time.monotonic_ns() // 1_000_000

    def now_ms(self) -> int:
        """Milliseconds since 1970 UTC.

        Raises:
            SeraiError: ``hub_not_ready`` if the wall clock was moved by more than two seconds.
        """
        if abs(self._offset() - self._offset_ms) > MAX_DRIFT_MS:
            raise SeraiError(Code.HUB_NOT_READY, "the clock was moved; check it and start the hub again")
        return time.time_ns() // 1_000_000

    def new_jti(self) -> str:
        """A fresh UUIDv7."""
        return make_uuid7(time.time_ns() // 1_000_000, secrets.token_bytes(10))


class FileSigner:
    """The hub's ledger key and event key, read from files (port `broker.ports.Signer`).

    Args:
        folder: holds ``ledger.json`` and ``event.json``, readable by the owner only.

    Raises:
        SeraiError: ``malformed_key`` if a file is missing, damaged or open to others.
    """

    def __init__(self, folder: Path) -> None:
        self.ledger = _read_key(folder / "ledger.json")
        self.event = _read_key(folder / "event.json")

    @property
    def ledger_kid(self) -> str:
        """Thumbprint of the ledger key."""
        return self.ledger.kid

    @property
    def event_kid(self) -> str:
        """Thumbprint of the event key."""
        return self.event.kid

    def sign_checkpoint(self, checkpoint: Checkpoint) -> str:
        """The signed note of a checkpoint."""
        return sign_note(checkpoint, self.ledger.private_key)

    def sign_event(self, claims: Event) -> VerifiedStatement[Claims]:
        """A signed event."""
        return verify_statement(parse_statement(sign_statement(claims, self.event)), self.event.public)


def make_hub_keys(folder: Path) -> None:
    """Make the hub's two keys in an empty folder."""
    folder.mkdir(mode=0o700, parents=True)
    for name in ("ledger.json", "event.json"):
        fd = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w") as file:
            json.dump({"seed": encode_base64url(secrets.token_bytes(32))}, file)
            file.flush()
            os.fsync(file.fileno())


def _read_key(path: Path) -> SigningKey:
    try:
        open_to_others = stat.S_IMODE(path.stat().st_mode) & 0o077
        seed = decode_base64url(str(json.loads(path.read_text())["seed"]), 32)
    except (OSError, ValueError, LookupError, TypeError, SeraiError) as error:
        raise SeraiError(Code.MALFORMED_KEY, f"{path.name} cannot be read") from error
    if open_to_others:
        raise SeraiError(Code.MALFORMED_KEY, f"{path.name} is open to others; chmod 600 it")
    return SigningKey.from_seed(seed)
