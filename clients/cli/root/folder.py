"""The root's folder, on a machine without a network: keys, what was signed, the network so far.

Every statement is written into the log, on disk, before it is handed out; a person has seen
it in plain words before it was signed.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from clients.cli.faults import Fault, already_there
from clients.cli.papers import now_ms
from clients.cli.passphrase import ROOT, read_passphrase
from clients.cli.texts import _
from clients.root import load_root_key, save_root_key
from clients.wrapping import write_private
from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code
from schemas.keys import SigningKey


class RootFolder:
    """Paths in the root's folder.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.key = path / "root.key"
        self.next_key = path / "next-root.key"
        self.state = path / "root.json"
        self.log = path / "signed.jsonl"
        self.network = path / "network.jws"
        self.name = path / "network.txt"

    def refuse_existing(self) -> None:
        """Nothing is made over a root that is there.

        Raises:
            SeraiError: ``not_permitted`` if there is one.
        """
        if self.state.exists() or self.key.exists():
            raise already_there(str(self.path))

    def make(self, name: str, passphrase: str) -> tuple[SigningKey, SigningKey]:
        """Make the root of a network and the one that follows it.

        Raises:
            SeraiError: ``not_permitted`` if there is one.
        """
        self.refuse_existing()
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = SigningKey.from_seed(secrets.token_bytes(32)), SigningKey.from_seed(secrets.token_bytes(32))
        for path, key in zip((self.key, self.next_key), keys, strict=True):
            save_root_key(path, key, passphrase, secrets.token_bytes)
        network = f"{name}/{keys[0].public.kid}"
        self.write_state({"name": name, "network": network, "next_root": keys[1].public.kid})
        self.name.write_text(network + "\n")  # for serai-hub init
        return keys

    def read_state(self) -> dict[str, Any]:
        """What is known of the network.

        Raises:
            SeraiError: ``not_found`` if there is no root here.
        """
        try:
            state: dict[str, Any] = json.loads(self.state.read_text())
        except ValueError:
            raise _unreadable(self.state) from None
        except FileNotFoundError:
            raise Fault(
                Code.NOT_FOUND,
                _("no root in {path}").format(path=self.path),
                _("Make one: serai root init; or use --home."),
            ) from None
        return state

    def write_state(self, state: dict[str, Any]) -> None:
        """Put a state in place of the one that is there."""
        new = self.state.with_suffix(".new")
        new.unlink(missing_ok=True)
        write_private(new, json.dumps(state).encode())
        new.replace(self.state)

    def open_key(self, passphrase_fd: int | None) -> SigningKey:
        """The root's key, with the passphrase from where it can be had.

        Raises:
            SeraiError: as `unlock`.
        """
        return self.unlock(read_passphrase(passphrase_fd, name=ROOT), self.key)

    def unlock(self, passphrase: str, path: Path) -> SigningKey:
        """A key of the root: the present one, or the next.

        Raises:
            SeraiError: another passphrase; the file is missing, damaged or open to others.
        """
        try:
            return load_root_key(path, passphrase)
        except FileNotFoundError as error:
            raise Fault(
                Code.NOT_FOUND, _("no key {path}").format(path=error.filename), _("Bring it back from the safe.")
            ) from None

    def succeed(self, following: SigningKey, passphrase: str) -> None:
        """The next root is the root from now on, and another follows it; the old key is kept aside.

        Args:
            following: the key that will follow.
            passphrase: wraps it.
        """
        fresh = self.next_key.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        save_root_key(fresh, following, passphrase, secrets.token_bytes)
        if self.key.exists():
            self.key.replace(self.path / f"old-root-{now_ms()}.key")
        self.next_key.replace(self.key)
        fresh.replace(self.next_key)

    def record(self, statement: str, lines: Sequence[str]) -> str:
        """Write into the log what was signed; gives its digest. It is on disk when this returns."""
        digest = encode_base64url(sha256(statement.encode()))
        entry = {"at_ms": now_ms(), "digest": digest, "said": list(lines), "statement": statement}
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, json.dumps(entry, ensure_ascii=False).encode() + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return digest

    def signed(self) -> list[dict[str, Any]]:
        """Everything that was signed, oldest first.

        Raises:
            SeraiError: ``damaged`` if the log cannot be read to its end.
        """
        if not self.log.exists():
            return []
        try:
            return [json.loads(line) for line in self.log.read_text().splitlines() if line]
        except ValueError:
            raise _unreadable(self.log) from None

    def epochs(self) -> list[str]:
        """The epoch statements so far, oldest first."""
        return self.network.read_text().split() if self.network.exists() else []

    def add_epoch(self, statement: str) -> None:
        """Add an epoch statement to the network file."""
        text = "".join(f"{each}\n" for each in [*self.epochs(), statement])
        new = self.network.with_suffix(".new")
        new.unlink(missing_ok=True)
        write_private(new, text.encode())
        new.replace(self.network)


def _unreadable(path: Path) -> Fault:
    return Fault(Code.DAMAGED, _("{path} cannot be read").format(path=path), _("Bring it back from the safe."))
