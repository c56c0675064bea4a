"""`FileRegister`: the newest checkpoint outside the database (port `broker.ports.Register`).

One file of two slots, written in turn, each with a sequence number and a hash. A torn
write spoils one slot only, and the other still holds the checkpoint before: the register
is then one step behind, which is legal. Overwriting in place and `fdatasync` cost a quarter
of writing a new file, renaming it and syncing the folder.

An exclusive lock on the file is held as long as it is open, so two hubs never share one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import struct
from pathlib import Path

from schemas.errors import Code, SeraiError

_SLOT_BYTES = 4096
_HEADER = struct.Struct(">QH32s")


class FileRegister:
    """The register in a file.

    Args:
        path: the file; made if it is not there.

    Raises:
        SeraiError: ``hub_not_ready`` if another process holds it.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._fd)
            raise SeraiError(Code.HUB_NOT_READY, "another hub holds this folder") from error
        try:
            if os.fstat(self._fd).st_size < 2 * _SLOT_BYTES:
                os.ftruncate(self._fd, 2 * _SLOT_BYTES)
                os.fsync(self._fd)
                self._sync_folder(path.parent)
            self._sequence, self._note = self._load()
        except BaseException:
            os.close(self._fd)
            raise

    @staticmethod
    def _sync_folder(folder: Path) -> None:
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def _load(self) -> tuple[int, str]:
        slots = [_parse_slot(os.pread(self._fd, _SLOT_BYTES, at * _SLOT_BYTES)) for at in (0, 1)]
        written = any(os.pread(self._fd, 2 * _SLOT_BYTES, 0))
        if written and slots == [None, None]:
            raise SeraiError(Code.DAMAGED, "both slots of the register are torn")
        return max((slot for slot in slots if slot), default=(0, ""))

    def close(self) -> None:
        """Give the file up."""
        os.close(self._fd)

    def read(self) -> str:
        """The newest note; ``""`` if there never was one."""
        return self._note

    def swap(self, before: str, after: str) -> None:
        """Replace ``before`` by ``after``, durably.

        Raises:
            SeraiError: ``inconsistent_ledger`` if the register does not hold ``before``;
                ``storage_failed``.
        """
        if self._note != before:
            raise SeraiError(Code.INCONSISTENT_LEDGER, "the register moved on without this hub")
        sequence = self._sequence + 1
        try:
            os.pwrite(self._fd, _encode_slot(sequence, after), sequence % 2 * _SLOT_BYTES)
            os.fdatasync(self._fd)
        except OSError as error:
            raise SeraiError(Code.STORAGE_FAILED, "register") from error
        self._sequence, self._note = sequence, after


def _encode_slot(sequence: int, note: str) -> bytes:
    data = note.encode()
    digest = hashlib.sha256(sequence.to_bytes(8, "big") + data).digest()
    return (_HEADER.pack(sequence, len(data), digest) + data).ljust(_SLOT_BYTES, b"\0")


def _parse_slot(slot: bytes) -> tuple[int, str] | None:
    """Sequence and note of a slot; ``None`` if it is torn or was never written."""
    sequence, length, digest = _HEADER.unpack_from(slot)
    data = slot[_HEADER.size : _HEADER.size + length]
    if not sequence or hashlib.sha256(sequence.to_bytes(8, "big") + data).digest() != digest:
        return None
    return sequence, data.decode()
