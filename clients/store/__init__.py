"""A client's store: one file that holds its keys, what it has met and what it has to say.

`Store.create` makes it, `Store.open` unlocks it with the passphrase. Its parts share one
connection, so that what belongs together is written in one `Store.transaction`.

Many processes may have one store open at a time; `clients.holder` says which of them may move
what is believed of the ledger.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from clients.keystore import STANDARD, Cost, Keys, unwrap_keys, wrap_keys
from clients.store.database import Database, create_private
from clients.store.drafts import Drafts
from clients.store.imports import Imports
from clients.store.items import Glance, Items, StoredItem
from clients.store.outbox import Outbox, Outgoing, OutState
from clients.store.outcomes import Answer, Outcomes, Owed
from clients.store.references import References, StoredReference
from clients.store.trust import Alarm, Head, Trust
from clients.system import System
from clients.wrapping import cost_of
from schemas.errors import Code, SeraiError

__all__ = [
    "Alarm",
    "Answer",
    "Glance",
    "Head",
    "OutState",
    "Outgoing",
    "Owed",
    "Store",
    "StoredItem",
    "StoredReference",
]

log = logging.getLogger("serai.client")


class Store:
    """An unlocked store; made by `create` or `open`.

    Args:
        database: the file.
        keys: what it holds, unwrapped.
        passphrase: what unwraps them again when another process has changed them.
        entropy: source of random bytes.

    Attributes:
        items: every statement met, once.
        outbox: what is to be said.
        outcomes: what became of dispatches.
        trust: what is believed of the ledger.
        drafts: what a person has begun to write.
        imports: which lines of files were put into the outbox.
        references: which dispatches refer to which.
    """

    def __init__(self, database: Database, keys: Keys, passphrase: str, entropy: Callable[[int], bytes]) -> None:
        database.unlock(keys.store_key, entropy)
        self._database = database
        self._entropy = entropy
        self._keys = keys
        self._passphrase = passphrase
        self._seen = database.version()
        self._wrapped = b""
        self.items = Items(database)
        self.outbox = Outbox(database)
        self.outcomes = Outcomes(database)
        self.trust = Trust(database)
        self.drafts = Drafts(database)
        self.imports = Imports(database)
        self.references = References(database)
        self.references.fill(self.items.glances)

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
        store = cls(Database(Path(path)), keys, passphrase, entropy)
        store.set_keys(keys, passphrase, cost=cost)
        return store

    @classmethod
    def open(cls, path: Path | str, passphrase: str, *, system: System | None = None, check: bool = True) -> Store:
        """Unlock a store.

        Args:
            path: of the file.
            passphrase: what opens it.
            system: where entropy comes from.
            check: whether the whole file is checked, as whoever holds the line should.

        Raises:
            SeraiError: ``not_found`` if there is none, ``not_permitted`` if other users could
                read it, ``decryption_failed`` if the passphrase is another, ``damaged``.
        """
        if not Path(path).is_file():
            raise SeraiError(Code.NOT_FOUND, f"no store at {path}")
        database = Database(Path(path), check=check)
        try:
            wrapped = _wrapped(database)
            store = cls(database, unwrap_keys(wrapped, passphrase), passphrase, (system or System()).entropy)
        except BaseException:
            database.close()
            raise
        store._wrapped = wrapped
        return store

    @property
    def path(self) -> Path:
        """The file."""
        return self._database.path

    @property
    def version(self) -> int:
        """A number that is another after another process has changed the store."""
        return self._database.version()

    @property
    def keys(self) -> Keys:
        """The private keys as the store has them now; another process may have added an officer's.

        Keys whose passphrase was changed by another process stay as they were until the store is
        opened anew.
        """
        if self._seen != (seen := self._database.version()):
            self._seen = seen
            self._reread()
        return self._keys

    def _reread(self) -> None:
        wrapped = _wrapped(self._database)
        if wrapped == self._wrapped:
            return
        self._wrapped = wrapped
        try:
            self._keys = unwrap_keys(wrapped, self._passphrase)
        except SeraiError as error:
            log.warning("the keys of the store were changed under another passphrase: %s", error.code.value)

    def set_keys(self, keys: Keys, passphrase: str, *, cost: Cost = STANDARD) -> None:
        """Keep other keys, or the same under another passphrase; the store key stays.

        Raises:
            SeraiError: ``not_permitted`` if the store key is another.
        """
        if keys.store_key != self._keys.store_key:
            raise SeraiError(Code.NOT_PERMITTED, "the store key of a store cannot be changed")
        wrapped = wrap_keys(keys, passphrase, cost, self._entropy)
        self._database.execute("INSERT OR REPLACE INTO keystore (id, wrapped) VALUES (1, ?)", wrapped)
        self._keys, self._passphrase, self._wrapped = keys, passphrase, wrapped

    def change_keys(self, change: Callable[[Keys], Keys]) -> None:
        """Keep what ``change`` makes of the keys, under the same passphrase and cost.

        No change that another process makes at the same time is lost.
        """
        with self.transaction():
            keys = self.keys
            self.set_keys(change(keys), self._passphrase, cost=cost_of(_wrapped(self._database)))

    def copy_to(self, target: Path) -> None:
        """A consistent copy in a new private file, under the same passphrase; others may go on writing.

        Raises:
            SeraiError: ``not_permitted`` if the folder is open to other users, ``storage_failed``.
            FileExistsError: there is such a file.
        """
        create_private(target)
        self._database.copy_to(target)

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
