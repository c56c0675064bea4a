"""The root's folder, on a machine without a network: keys, what was signed, the network so far.

Every statement is written into the log, on disk, before it is handed out, with the words in which a person saw it
before it was signed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from clients.errors import ClientError, LocalCode
from clients.keys.root import load_root_key, network_id, save_root_key
from clients.keys.wrapping import STANDARD, Cost, write_private
from clients.system import System
from schemas.encoding import encode_base64url, sha256
from schemas.keys import Kid, SigningKey


@dataclass(frozen=True, slots=True)
class RootState:
    """What the root knows of its network.

    Attributes:
        name: of the network.
        network: network id.
        next_root: thumbprint of the key that will follow.
    """

    name: str
    network: str
    next_root: Kid


@dataclass(frozen=True, slots=True)
class LoggedSignature:
    """An entry of the log.

    Attributes:
        at_ms: when it was signed, milliseconds since 1970 UTC.
        digest: of the statement.
        said: the lines in which a person saw it.
        statement: what was signed.
    """

    at_ms: int
    digest: str
    said: list[str]
    statement: str


class RootFolder:
    """Paths in the root's folder, and what lies there.

    Args:
        path: the folder.
        system: clock and entropy of this machine.
    """

    def __init__(self, path: Path, system: System) -> None:
        self.path = path
        self.system = system
        self.key = path / "root.key"
        self.next_key = path / "next-root.key"
        self.state = path / "root.json"
        self.log = path / "signed.jsonl"
        self.network = path / "network.jws"
        self.name = path / "network.txt"

    def refuse_existing(self) -> None:
        """Nothing is made over a root that is there.

        Raises:
            ClientError: ``file_exists`` if there is one.
        """
        if self.state.exists() or self.key.exists():
            raise ClientError(LocalCode.FILE_EXISTS, path=self.path)

    def make(self, name: str, passphrase: str, cost: Cost = STANDARD) -> tuple[SigningKey, SigningKey]:
        """Make the root of a network and the one that follows it.

        Args:
            name: of the network.
            passphrase: wraps both keys.
            cost: of one guess at it.

        Raises:
            ClientError: ``file_exists`` if there is a root.
        """
        self.refuse_existing()
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = self.make_key(), self.make_key()
        for path, key in zip((self.key, self.next_key), keys, strict=True):
            save_root_key(path, key, passphrase, self.system.entropy, cost)
        network = network_id(name, keys[0].public)
        self.write_state(RootState(name, network, keys[1].public.kid))
        self.name.write_text(network + "\n")  # for serai-hub init
        return keys

    def make_key(self) -> SigningKey:
        """A fresh key."""
        return SigningKey.from_seed(self.system.entropy(32))

    def read_state(self) -> RootState:
        """What is known of the network.

        Raises:
            ClientError: ``no_root`` if there is none here, ``root_file_damaged``.
        """
        try:
            value: dict[str, Any] = json.loads(self.state.read_text())
            return RootState(value["name"], value["network"], Kid(value["next_root"]))
        except (ValueError, KeyError, TypeError):
            raise ClientError(LocalCode.ROOT_FILE_DAMAGED, path=self.state) from None
        except FileNotFoundError:
            raise ClientError(LocalCode.NO_ROOT, path=self.path) from None

    def write_state(self, state: RootState) -> None:
        """Put a state in place of the one that is there."""
        _replace(self.state, json.dumps(asdict(state)))

    def unlock(self, passphrase: str, path: Path) -> SigningKey:
        """A key of the root: the present one, or the next.

        Raises:
            SeraiError: another passphrase; the file is missing (``no_root_key``), damaged or open to others.
        """
        try:
            return load_root_key(path, passphrase)
        except FileNotFoundError as error:
            raise ClientError(LocalCode.NO_ROOT_KEY, path=error.filename) from None

    def succeed(self, following: SigningKey, passphrase: str) -> None:
        """The next root is the root from now on, and another follows it; the old key is kept aside.

        Args:
            following: the key that will follow.
            passphrase: wraps it.
        """
        fresh = self.next_key.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        save_root_key(fresh, following, passphrase, self.system.entropy)
        if self.key.exists():
            self.key.replace(self.path / f"old-root-{self.system.clock.time_ms()}.key")
        self.next_key.replace(self.key)
        fresh.replace(self.next_key)

    def record(self, statement: str, shown: Sequence[str]) -> str:
        """Write into the log what was signed; gives its digest. It is on disk when this returns."""
        digest = encode_base64url(sha256(statement.encode()))
        entry = LoggedSignature(self.system.clock.time_ms(), digest, list(shown), statement)
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, json.dumps(asdict(entry), ensure_ascii=False).encode() + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return digest

    def signed(self) -> list[LoggedSignature]:
        """Everything that was signed, oldest first.

        Raises:
            ClientError: ``root_file_damaged`` if the log cannot be read to its end.
        """
        if not self.log.exists():
            return []
        try:
            return [LoggedSignature(**json.loads(line)) for line in self.log.read_text().splitlines() if line]
        except (ValueError, TypeError):
            raise ClientError(LocalCode.ROOT_FILE_DAMAGED, path=self.log) from None

    def epochs(self) -> list[str]:
        """The epoch statements so far, oldest first."""
        return self.network.read_text().split() if self.network.exists() else []

    def add_epoch(self, statement: str) -> None:
        """Add an epoch statement to the network file."""
        _replace(self.network, "".join(f"{each}\n" for each in [*self.epochs(), statement]))


def _replace(path: Path, text: str) -> None:
    """Put a text in place of the file that is there, whole or not at all."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    write_private(new, text.encode())
    new.replace(path)
