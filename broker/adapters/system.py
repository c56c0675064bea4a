"""Clock, identifiers and the hub's own keys: where time, chance and secrets enter."""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import stat
import struct
import time
from pathlib import Path
from typing import Final

from schemas.checkpoint import Checkpoint, sign_note
from schemas.claims import Claims, Event
from schemas.encoding import decode_base64url, encode_base64url
from schemas.errors import Code, SeraiError
from schemas.ids import make_uuid7
from schemas.keys import SigningKey
from schemas.statements import VerifiedStatement, parse_statement, sign_statement, verify_statement

_SYNCHRONISED_BELOW_US: Final = 16_000_000
"""The largest error that the kernel admits for its clock (NTP_PHASE_LIMIT); timedatectl has the same bound."""

_TIMEX_BYTES: Final = 512
_TIMEX_ERROR: Final = struct.Struct("@I3l")  # modes, offset, freq, maxerror
_AT_ONCE_NS: Final = 50_000_000


class SystemClock:
    """This machine's clock (port `broker.ports.MachineClock`)."""

    def offset_ms(self) -> int:
        """The wall clock less the monotonic one; looked at again if this process was stopped in between."""
        before_ns, wall_ns, after_ns = time.monotonic_ns(), time.time_ns(), time.monotonic_ns()
        while after_ns - before_ns > _AT_ONCE_NS:
            before_ns, wall_ns, after_ns = time.monotonic_ns(), time.time_ns(), time.monotonic_ns()
        return wall_ns // 1_000_000 - after_ns // 1_000_000

    def monotonic_ms(self) -> int:
        """Milliseconds that never go back."""
        return time.monotonic_ns() // 1_000_000

    def is_synchronised(self) -> bool:
        """Whether the kernel gives its clock a bound of error, as it does while a time service disciplines it.

        See adjtimex(2).
        """
        timex = ctypes.create_string_buffer(_TIMEX_BYTES)
        try:
            if ctypes.CDLL(None).adjtimex(timex) < 0:
                return False
        except (OSError, AttributeError):  # not Linux
            return False
        return int(_TIMEX_ERROR.unpack_from(timex)[3]) < _SYNCHRONISED_BELOW_US

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
