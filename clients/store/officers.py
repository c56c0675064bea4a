"""Officers who can sign in this process, and how often their passphrases were typed wrongly.

A key is open in the memory of the process in which its officer has typed his passphrase, until that process locks it
or ends. An open key signs by itself only what its officer has said, or looked at, in that process: whoever can write
the store could else have other words signed beside it. Tries are one after another, whatever the number of processes:
each is judged in a transaction of the store. Wrong ones are counted there, without what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from clients.errors import ClientError, LocalCode
from clients.keys.keystore import Keys
from clients.keys.officers import UnlockedOfficer, unlock_officer
from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import TRIES
from schemas.addresses import Address, parse_address
from schemas.keys import SigningKey

_MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class WrongTries:
    """Wrong passphrases of an officer, one after another.

    Attributes:
        officer: whose passphrase was tried.
        count: how often.
        first_ms: the first, milliseconds since 1970 UTC.
        last_ms: the last.
        opened_ms: when the right one was typed after them; ``None`` if nobody has.
    """

    officer: Address
    count: int
    first_ms: int
    last_ms: int
    opened_ms: int | None = None


class OfficerLocks:
    """Which officers can sign here now.

    Args:
        database: where tries are counted.
        held: the keys as the store has them now.
    """

    def __init__(self, database: Database, held: Callable[[], Keys]) -> None:
        self._database = database
        self._tries = TableRows(database, TRIES)
        self._held = held
        self._unlocked: dict[Address, UnlockedOfficer] = {}
        self._said: dict[int, bytes] = {}
        self._is_own_seat = False

    def unlock(self, address: Address, passphrase: str, now_ms: int) -> WrongTries | None:
        """Open the keys of an officer.

        Args:
            address: of the officer.
            passphrase: what was typed.
            now_ms: milliseconds since 1970 UTC.

        Returns:
            The wrong tries before this one, of which the officer should know; ``None`` if there were none.

        Raises:
            ClientError: ``no_key_held``; ``wrong_passphrase``, which has been counted.
            SeraiError: ``damaged`` if an envelope is another officer's.
        """
        with self._database.transaction():
            row, before = self._newest(address)
            try:
                self._open(address, passphrase)
            except ClientError as error:
                if error.code is not LocalCode.WRONG_PASSPHRASE:
                    raise
                wrong = error
                self._count(row, before or WrongTries(address, 0, now_ms, now_ms), now_ms)
            else:
                if before is not None:
                    self._put(row, before, opened_ms=now_ms)
                return before
        raise wrong

    def unlock_seat(self, passphrase: str) -> None:
        """Open the officer of a seat that is his own: his passphrase is the store's there."""
        self._is_own_seat = True
        for address in self._held().officers:
            self._open(address, passphrase)

    def _open(self, address: Address, passphrase: str) -> None:
        keys = self._held()
        self._unlocked[address] = unlock_officer(keys.network, address, keys.officers.get(address, ()), passphrase)

    def lock(self, address: Address | None = None) -> None:
        """Forget the open keys of an officer, or of all; what they have said here stays known."""
        for each in tuple(self._unlocked) if address is None else (address,):
            self._unlocked.pop(each, None)

    def is_open(self, address: Address) -> bool:
        """Whether an officer can sign."""
        return address in self._unlocked

    def say(self, row: int, mark: bytes) -> None:
        """An officer has said this here, or has looked at it and signs it.

        Args:
            row: its number in the outbox.
            mark: a digest of what it says.
        """
        self._said[row] = mark

    def has_said(self, row: int, mark: bytes) -> bool:
        """Whether an officer has said just this here; at an officer's own seat nobody else can have."""
        return self._is_own_seat or self._said.get(row) == mark

    def keys_of(self, address: Address) -> tuple[SigningKey, ...]:
        """The open keys of an officer, newest first.

        Raises:
            ClientError: ``no_key_held`` if none of his is here, ``officer_locked`` if it is locked.
        """
        if address in self._unlocked:
            return self._unlocked[address].keys
        if not self._held().officers.get(address):
            raise ClientError(LocalCode.NO_KEY_HELD, address=address)
        raise ClientError(LocalCode.OFFICER_LOCKED, officer=address)

    # Wrong tries

    def wrong_tries(self) -> list[WrongTries]:
        """The wrong tries after which nobody has typed the right passphrase yet, oldest first."""
        return [tries for _row, tries in self._rows() if tries.opened_ms is None]

    def _newest(self, address: Address) -> tuple[int | None, WrongTries | None]:
        for row, tries in self._rows():
            if tries.officer == address and tries.opened_ms is None:
                return row, tries
        return None, None

    def _rows(self) -> list[tuple[int, WrongTries]]:
        return [(row["id"], _from_json(value)) for row, value in self._tries.read("1 ORDER BY id")]

    def _count(self, row: int | None, before: WrongTries, now_ms: int) -> None:
        self._put(row, WrongTries(before.officer, before.count + 1, before.first_ms, now_ms))

    def _put(self, row: int | None, tries: WrongTries, opened_ms: int | None = None) -> None:
        if row is None:
            row = self._tries.next_number("id")
            self._tries.drop_all("id <= ?", row - _MOST)
        value = {
            "officer": tries.officer,
            "count": tries.count,
            "first_ms": tries.first_ms,
            "last_ms": tries.last_ms,
            "opened_ms": opened_ms,
        }
        self._tries.put(row, value)


def _from_json(value: Any) -> WrongTries:
    return WrongTries(
        parse_address(value["officer"]), value["count"], value["first_ms"], value["last_ms"], value["opened_ms"]
    )
