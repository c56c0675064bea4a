"""A client's store: one file that holds its keys, what it has met and what it has to say.

`Store.create` makes it, `Store.open` unlocks it with the passphrase. Its parts share one
connection, so that what belongs together is written in one `Store.transaction`.

Many processes may have one store open at a time; `clients.line.lock` says which of them may move
what is believed of the ledger.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from clients.errors import ClientError, LocalCode
from clients.keys.keystore import STANDARD, Cost, Keys, unwrap_keys, wrap_keys
from clients.keys.officers import lock_key
from clients.keys.wrapping import cost_of, passphrase_bytes
from clients.store.alarms import Alarm, Alarms, Closing, KeptAlarm, Raised
from clients.store.attachments import Attachments, BlobState, StoredBlob
from clients.store.checking import check_store, make_good
from clients.store.database import Database, create_private
from clients.store.deletions import CopyMade, Deletion, Deletions
from clients.store.drafts import Drafts
from clients.store.handed import HandedLog, HandedOut
from clients.store.imports import Imports
from clients.store.items import Glance, Items, StoredItem
from clients.store.officers import OfficerLocks, WrongTries
from clients.store.operations import OperationCall, Operations, ShownStep
from clients.store.outbox import Outbox, Outgoing, OutState
from clients.store.outcomes import NOTED, Answer, Outcomes, Owed
from clients.store.references import References, StoredReference
from clients.store.rows import TableRows
from clients.store.schema import KEYSTORE, Foreign
from clients.store.screens import ScreenEntry, ScreenEvent, ScreenLog
from clients.store.seals import digest_nonce
from clients.store.spool import Spool, spool_folder
from clients.store.trust import Head, Trust
from clients.system import System
from schemas.addresses import Address
from schemas.errors import Code, SeraiError

__all__ = [
    "NOTED",
    "STORE_CHANGED",
    "Alarm",
    "Answer",
    "BlobState",
    "Closing",
    "CopyMade",
    "Deletion",
    "Glance",
    "HandedOut",
    "Head",
    "KeptAlarm",
    "OperationCall",
    "OutState",
    "Outgoing",
    "Owed",
    "Raised",
    "ScreenEntry",
    "ScreenEvent",
    "ShownStep",
    "Spool",
    "Store",
    "StoredBlob",
    "StoredItem",
    "StoredReference",
    "WrongTries",
]

log = logging.getLogger("serai.client")

STORE_CHANGED: Final = "store_changed"
"""Kind of the alarm about a store that was changed from outside."""


class Store:
    """An unlocked store; made by `create` or `open`.

    Args:
        database: the file.
        keys: what it holds, unwrapped.
        passphrase: what unwraps them again when another process has changed them.
        system: clock and chance.

    Attributes:
        items: every statement met, once.
        outbox: what is to be said.
        outcomes: what became of dispatches.
        trust: what is believed of the ledger.
        drafts: what a person has begun to write.
        imports: which lines of files were put into the outbox.
        references: which dispatches refer to which.
        operations: which dispatches belong to which operation.
        alarms: what a person must look at.
        officers: which of the member's officers can sign in this process.
        attachments: what has to be done with blobs.
        deletions: what was deleted here, by which rules that is done, and which backups were made.
        handed: what left the system from here.
        screens: who was at a screen of the desk.
        spool: the blobs that are here.
    """

    def __init__(self, database: Database, keys: Keys, passphrase: str, system: System) -> None:
        self._entropy = system.entropy
        database.unlock(keys.store_key, self._entropy)
        self._database = database
        self._keys = keys
        self._passphrase = passphrase
        self._seen = database.version()
        self._wrapped = b""
        self._is_behind = False
        self.officers = OfficerLocks(database, lambda: self.keys)
        self.items = Items(database)
        self.outbox = Outbox(database)
        self.outcomes = Outcomes(database)
        self.trust = Trust(database)
        self.drafts = Drafts(database)
        self.imports = Imports(database)
        self.references = References(database)
        self.operations = Operations(database)
        self.alarms = Alarms(database)
        self.attachments = Attachments(database)
        self.deletions = Deletions(database)
        self.handed = HandedLog(database)
        self.screens = ScreenLog(database)
        self.spool = Spool(spool_folder(database.path))
        self._clock = system.clock
        self._keystore = TableRows(database, KEYSTORE)
        database.on_foreign = self._tell_foreign

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
        create_private(Path(path))
        store = cls(Database(Path(path)), keys, passphrase, system or System())
        store.set_keys(keys, passphrase, cost=cost)
        return store

    @classmethod
    def open(cls, path: Path | str, passphrase: str, *, system: System | None = None, check: bool = True) -> Store:
        """Unlock a store. Officers stay locked, but at an officer's own seat, where one passphrase opens both.

        Args:
            path: of the file.
            passphrase: what opens it.
            system: where entropy comes from.
            check: whether the whole file is checked, as the connected process should; what lies in the clear is
                in any case (`check`).

        Raises:
            SeraiError: ``not_found`` if there is none, ``not_permitted`` if other users could
                read it, ``decryption_failed`` if the passphrase is another, ``damaged``.
        """
        if not Path(path).is_file():
            raise ClientError(LocalCode.NO_STORE, path=path)
        database = Database(Path(path), check=check)
        try:
            wrapped = _wrapped(database)
            store = cls(database, unwrap_keys(wrapped, passphrase), passphrase, system or System())
            store._wrapped = wrapped
            store.check(contents=check)
            if not store.keys.signing:
                store.officers.unlock_seat(passphrase)
        except BaseException:
            database.close()
            raise
        return store

    def opener(self) -> Callable[[], Store]:
        """Opens the same store once more, for another thread; its officers are locked there.

        Returns:
            Does it in the thread that calls it. Raises ``passphrase_changed`` as `change_keys` does.
        """
        path, passphrase, keys, system = self.path, self._passphrase, self._current(), System(entropy=self._entropy)

        def again() -> Store:
            store = Store(Database(path, check=False), keys, passphrase, system)
            store._wrapped = _wrapped(store._database)
            return store

        return again

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
        self._is_behind = True
        try:
            self._keys = unwrap_keys(wrapped, self._passphrase)
            self._is_behind = False
        except SeraiError as error:
            log.warning("the keys of the store were changed under another passphrase: %s", error.code.value)

    def set_keys(self, keys: Keys, passphrase: str, *, cost: Cost = STANDARD) -> None:
        """Keep other keys, or the same under another passphrase; the store key stays.

        Raises:
            SeraiError: ``not_permitted`` if the store key is another.
        """
        if keys.store_key != self._keys.store_key:
            raise ClientError(LocalCode.STORE_KEY_FIXED)
        wrapped = wrap_keys(keys, passphrase, cost, self._entropy)
        self._keystore.put_wrapped(1, digest_nonce(wrapped), wrapped)
        self._keys, self._passphrase, self._wrapped, self._is_behind = keys, passphrase, wrapped, False

    def change_keys(self, change: Callable[[Keys], Keys]) -> None:
        """Keep what ``change`` makes of the keys, under the same passphrase and cost.

        No change that another process makes at the same time is lost.

        Raises:
            ClientError: ``passphrase_changed`` if another process has changed it since the store was opened.
        """
        with self._keys_changed():
            keys = change(self._current())
            self.set_keys(keys, self._passphrase, cost=cost_of(_wrapped(self._database)))

    @contextmanager
    def _keys_changed(self) -> Iterator[None]:
        """A transaction; what did not come onto the disk is not believed here either."""
        before = self._keys, self._passphrase, self._wrapped, self._is_behind
        try:
            with self.transaction():
                yield
        except BaseException:
            self._keys, self._passphrase, self._wrapped, self._is_behind = before
            raise

    def _current(self) -> Keys:
        """The keys as the store has them, not as they were before another process changed the passphrase."""
        keys = self.keys
        if self._is_behind:
            raise ClientError(LocalCode.PASSPHRASE_CHANGED)
        return keys

    def is_passphrase(self, passphrase: str) -> bool:
        """Whether a passphrase is the store's own."""
        return hmac.compare_digest(passphrase_bytes(passphrase), passphrase_bytes(self._passphrase))

    def change_passphrase(self, passphrase: str) -> None:
        """Put the store under another passphrase: the old one opens it no more once this returns.

        At an officer's own seat the officer's key comes with it.

        Raises:
            ClientError: ``passphrase_changed`` as by `change_keys`.
        """
        with self._keys_changed():
            keys = self._current()
            for officer in keys.officers if not keys.signing else ():
                keys = self._relocked(keys, officer, passphrase)
            self.set_keys(keys, passphrase, cost=cost_of(_wrapped(self._database)))
        self._database.forget()

    def change_officer_passphrase(self, officer: Address, passphrase: str) -> None:
        """Put the open keys of an officer under another passphrase; one that is not open keeps its own.

        Raises:
            ClientError: ``officer_locked``, ``no_key_held``; ``passphrase_changed`` as by `change_keys`.
        """
        self.change_keys(lambda keys: self._relocked(keys, officer, passphrase))
        self._database.forget()

    def _relocked(self, keys: Keys, officer: Address, passphrase: str) -> Keys:
        opened = {key.kid: key for key in self.officers.keys_of(officer)}
        envelopes = tuple(
            lock_key(keys.network, officer, opened[each.kid], passphrase, cost_of(each.envelope), self._entropy)
            if each.kid in opened
            else each
            for each in keys.officers[officer]
        )
        return keys.with_envelopes(officer, envelopes)

    def check(self, *, contents: bool = False) -> Alarm | None:
        """Look whether anybody has changed the file from outside; what was changed is made good as far as it can be.

        Changed rows become again what they were sealed as, all mail is asked for again, and there is an alarm.

        Args:
            contents: whether every content is opened too, which reads the whole file.

        Returns:
            The alarm, which has been kept; ``None`` if nothing was changed.
        """
        self._database.drop_foreign()
        alarm = None
        if check_store(self._database, contents=contents):
            with self.transaction():
                faults = make_good(self._database, contents=contents)
                names = ", ".join(fault.table for fault in faults)
                if faults:
                    alarm = self._tell_changed(names, {fault.table: str(fault) for fault in faults})
        if contents:
            self._note_checked(alarm)
        return alarm

    def _note_checked(self, alarm: Alarm | None) -> None:
        """Keep when all was checked; a disk that is full keeps nobody from what is here."""
        try:
            self.trust.set_store_checked(self._clock.local_ms(), alarm.detail if alarm is not None else "")
        except SeraiError as error:
            if error.code is not Code.STORAGE_FAILED:
                raise
            log.warning("that the store was checked is not kept: %s", error.detail)

    def check_beside(self) -> Callable[[], str]:
        """A check of the whole file on a connection of its own, which may run in a thread: it reads everything.

        Returns:
            Does it, and gives what was found; empty if all is as it was written. `take_check` is to be called with it.
        """
        path, store_key, entropy = self.path, self._keys.store_key, self._entropy

        def look() -> str:
            try:
                with closing(Database(path)) as database:
                    database.unlock(store_key, entropy)
                    return ", ".join(fault.table for fault in check_store(database, contents=True))
            except SeraiError as error:
                if error.code is not Code.DAMAGED:
                    raise
                return error.detail

        return look

    def take_check(self, found: str) -> Alarm | None:
        """Keep what `check_beside` has found; what was changed is made good, as by `check`.

        Returns:
            The alarm; ``None`` if nothing was found.
        """
        if not found:
            self._note_checked(None)
            return None
        if (alarm := self.check(contents=True)) is None:  # no row: the file itself is damaged
            with self.transaction():
                alarm = self._tell_changed(found, {})
            self._note_checked(alarm)
        return alarm

    def _tell_foreign(self, foreign: Sequence[Foreign]) -> None:
        names = ", ".join(f"{each.kind} {each.name}" for each in foreign)
        self._tell_changed(names, {each.name: each.sql for each in foreign})

    def _tell_changed(self, what: str, evidence: Mapping[str, str]) -> Alarm:
        now_ms = self._clock.time_ms()
        # With the time in it: a change like one that was closed a short while ago is another.
        alarm = Alarm(STORE_CHANGED, what, now_ms, {**evidence, "found_ms": str(now_ms)})
        self.trust.ask_mail()
        self.alarms.add(alarm)
        return alarm

    def forget(self) -> None:
        """Overwrite what was deleted in the log beside the file too (`Database.forget`)."""
        self._database.forget()

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
    row = database.execute("SELECT blob FROM keystore").fetchone()
    if row is None:
        raise SeraiError(Code.DAMAGED, "a store without keys")
    return bytes(row[0])
