"""`FileLifeRecord`: the hub's last sign of life, in a file outside the database (port `broker.ports.LifeRecord`)."""

from __future__ import annotations

import json
import os
from pathlib import Path

from broker.core.timekeeping import SignOfLife
from schemas.errors import Code, SeraiError


class FileLifeRecord:
    """A small file, replaced as a whole, beside the register: a backup does not hold it, a restore does not bring it.

    Args:
        path: the file; it need not be there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> SignOfLife | None:
        """The last sign of life; ``None`` if there is none that can be read."""
        try:
            value = json.loads(self._path.read_bytes())
            at_ms, ledger_ms = value["at"], value["ledger"]
        except (OSError, ValueError, LookupError, TypeError):
            return None
        if not all(type(each) is int and 0 <= each < 1 << 53 for each in (at_ms, ledger_ms)):
            return None
        return SignOfLife(at_ms, ledger_ms)

    def write(self, sign: SignOfLife) -> None:
        """Replace it, durably.

        Raises:
            SeraiError: ``storage_failed``.
        """
        fresh = self._path.with_name(self._path.name + "-new")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                json.dump({"at": sign.at_ms, "ledger": sign.ledger_ms}, file)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise SeraiError(Code.STORAGE_FAILED, "sign of life") from error
