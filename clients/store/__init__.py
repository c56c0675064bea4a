"""A client's store: one file that holds its keys, what it has met and what it has to say.

`Store.create` makes it, `Store.open` unlocks it with the passphrase. Its parts share one
connection, so that what belongs together is written in one `Store.transaction`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from clients.keystore import STANDARD, Cost, Keys, unwrap_keys, wrap_keys
from clients.store.database import Database, create_private
from clients.store.items import Items, StoredItem
from clients.store.outbox import Outbox, Outgoing, OutState
from clients.store.outcomes import Answer, Outcomes, Owed
from clients.store.trust import Alarm, Head, Trust
from clients.system import System
from schemas.errors import Code, SeraiError

__all__ = ["Alarm", "Answer", "Head", "OutState", "Outgoing", "Owed", "Store", "StoredItem"]


class Store:
    """An unlocked store; made by `create` or `open`.

    Args:
        database: the file.
        keys: what it holds, unwrapped.
        entropy: source of random bytes.

    Attributes:
        items: every statement met, once.
        outbox: what is to be said.
        outcomes: what became of dispatches.
        trust: what is believed of the ledger.
    """

    def __init__(self, database: Database, keys: Keys, entropy: Callable[[int], bytes]) -> None:
        database.unlock(keys.store_key, entropy)
        self._database = database
        self._entropy = entropy
        self._keys = keys
        self.items = Items(database)
        self.outbox = Outbox(database)
        self.outcomes = Outcomes(database)
        self.trust = Trust(database)

    @classmethod
    def create(
        cls, path: Path | str, keys: Keys, passphrase: str, *, cost: Cost = STANDARD, system: System | None = None
    ) -> Store:
        """Make a store; the file must not exist.

        Args:
            path: of the file; its folder is made 0700 if there is none.
            keys: what it will hold.
            passphrase: what opens it again.
            cost: of one guess at the passphrase.
            system: where entropy comes from.

        Raises:
            SeraiError: ``not_permitted`` if the folder is open to other users.
            FileExistsError: there is such a file.
        """
        entropy = (system or System()).entropy
        create_private(Path(path))
        store = cls(Database(Path(path)), keys, entropy)
        store.set_keys(keys, passphrase, cost=cost)
        return store

    @classmethod
    def open(cls, path: Path | str, passphrase: str, *, system: System | None = None) -> Store:
        """Unlock a store.

        Raises:
            SeraiError: ``not_found`` if there is none, ``not_permitted`` if other users could
                read it, ``decryption_failed`` if the passphrase is another, ``damaged``.
        """
        if not Path(path).is_file():
            raise SeraiError(Code.NOT_FOUND, f"no store at {path}")
        database = Database(Path(path))
        try:
            return cls(database, unwrap_keys(_wrapped(database), passphrase), (system or System()).entropy)
        except BaseException:
            database.close()
            raise

    @property
    def keys(self) -> Keys:
        """The private keys."""
        return self._keys

    def set_keys(self, keys: Keys, passphrase: str, *, cost: Cost = STANDARD) -> None:
        """Keep other keys, or the same under another passphrase; the store key stays.

        Raises:
            SeraiError: ``not_permitted`` if the store key is another.
        """
        if keys.store_key != self._keys.store_key:
            raise SeraiError(Code.NOT_PERMITTED, "the store key of a store cannot be changed")
        wrapped = wrap_keys(keys, passphrase, cost, self._entropy)
        self._database.execute("INSERT OR REPLACE INTO keystore (id, wrapped) VALUES (1, ?)", wrapped)
        self._keys = keys

    def transaction(self) -> AbstractContextManager[None]:
        """All that is written inside is on disk after, or nothing of it."""
        return self._database.transaction()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _wrapped(database: Database) -> bytes:
    row = database.execute("SELECT wrapped FROM keystore").fetchone()
    if row is None:
        raise SeraiError(Code.DAMAGED, "a store without keys")
    return bytes(row[0])
