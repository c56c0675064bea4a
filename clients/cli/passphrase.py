"""Where a passphrase comes from: a person, a file descriptor, or a credential of systemd.

Never from an argument or an environment variable, which other programs can see. A person is told whose is wanted, and
may mistype it twice; a machine has one try.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import click

from clients.actions.client import TRIES
from clients.cli.base import officer_descriptor
from clients.cli.ui import note
from clients.documents.faults import remedy_of, title_of
from clients.documents.texts import _
from clients.errors import ClientError, LocalCode
from schemas.addresses import Address
from schemas.errors import Code, SeraiError

T = TypeVar("T")

SHORTEST: Final = 12
"""Fewest characters of a new passphrase."""

_MOST_BYTES: Final = 4_096
_ROOT: Final = "serai-root-passphrase"


def _nothing(_passphrase: str) -> None:
    """Any passphrase will do."""


@dataclass(frozen=True, slots=True)
class PassphraseSource:
    """From where one passphrase comes.

    Attributes:
        credential: name of the systemd credential (``LoadCredential=``).
        option: name of the option that names a descriptor.
        descriptor: number of an open file that has it in its first line.
        officer: whose it is; that of the store or the root if ``None``.
    """

    credential: str
    option: str = "--passphrase-fd"
    descriptor: int | None = None
    officer: Address | None = None

    def open(self, use: Callable[[str], T]) -> T:
        """Open something; a person who mistypes is asked three times.

        Args:
            use: opens it with a passphrase.

        Raises:
            click.UsageError: it can be had from nowhere.
            SeraiError: what ``use`` raises; that the passphrase is wrong only after the last try.
        """
        found = self._from_machine()
        if found is not None:
            return use(found)
        for _tried in range(TRIES - 1):
            try:
                return use(self._from_person(self._prompt))
            except SeraiError as error:
                if error.code is not Code.DECRYPTION_FAILED:
                    raise
                note(_("Wrong passphrase. Please try again."))
        return use(self._from_person(self._prompt))

    def ask(self, wrong: int) -> str:
        """The passphrase, for a caller who tries it.

        Args:
            wrong: how many wrong ones came before.

        Raises:
            ClientError: ``wrong_passphrase`` if a machine gave it: it has no other.
            click.UsageError: it can be had from nowhere.
        """
        if wrong and self._is_machine:
            raise ClientError(LocalCode.WRONG_PASSPHRASE, whose=self.officer)
        if wrong:
            note(_("Wrong passphrase. Please try again."))
        found = self._from_machine()
        return self._from_person(self._prompt) if found is None else found

    def new(self, check: Callable[[str], None] = _nothing) -> str:
        """A passphrase for something that is being made: a person types it twice, and it must not be short.

        Args:
            check: raises what else is wrong with it.

        Raises:
            click.UsageError: it can be had from nowhere, or is too short.
            SeraiError: what ``check`` raises.
        """
        found = self._from_machine()
        if found is not None:
            if len(found) < SHORTEST:
                raise click.UsageError(_too_short())
            check(found)
            return found
        while True:
            found = self._from_person(self._new_prompt, twice=True)
            try:
                check(found)
            except ClientError as error:
                note(f"{title_of(error)}. {remedy_of(error)}")
                continue
            if len(found) >= SHORTEST:
                return found
            note(_too_short())

    @property
    def _prompt(self) -> str:
        if self.officer is not None:
            return _("Passphrase of {officer}").format(officer=self.officer)
        return _("Passphrase of the root") if self.credential == _ROOT else _("Passphrase of this store")

    @property
    def _new_prompt(self) -> str:
        if self.officer is not None:
            return _("New passphrase of {officer}").format(officer=self.officer)
        return _("New passphrase of the root") if self.credential == _ROOT else _("New passphrase of this store")

    @property
    def _path(self) -> Path | None:
        """The credential, if there is one."""
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        path = Path(folder) / self.credential if folder and self.credential else None
        return path if path is not None and path.is_file() else None

    @property
    def _is_machine(self) -> bool:
        return self.descriptor is not None or self._path is not None

    def _from_machine(self) -> str | None:
        if self.descriptor is not None:
            return self._from_descriptor(self.descriptor)
        return None if self._path is None else _text(self._path.read_bytes(), self.credential)

    def _from_descriptor(self, descriptor: int) -> str:
        where = f"{self.option} {descriptor}"
        try:
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                data = file.readline(_MOST_BYTES)
        except OSError as error:
            raise click.UsageError(f"{where}: {error.strerror}") from None
        return _text(data, where)

    def _from_person(self, prompt: str, *, twice: bool = False) -> str:
        if not sys.stdin.isatty():
            text = _("no terminal to ask for a passphrase ({prompt}): use {option} or a systemd credential")
            raise click.UsageError(text.format(prompt=prompt, option=self.option))
        answer: str = click.prompt(prompt, hide_input=True, confirmation_prompt=twice, err=True)
        return answer


def of_store(descriptor: int | None) -> PassphraseSource:
    """The passphrase of a client's store.

    Args:
        descriptor: what ``--passphrase-fd`` said.
    """
    return PassphraseSource("serai-passphrase", descriptor=descriptor)


def of_root(descriptor: int | None) -> PassphraseSource:
    """The passphrase of the root's keys; ``descriptor`` as for `of_store`."""
    return PassphraseSource(_ROOT, descriptor=descriptor)


def of_officer(officer: Address) -> PassphraseSource:
    """An officer's own passphrase; its descriptor is what ``--officer-passphrase-fd`` of this command said."""
    return PassphraseSource("serai-officer-passphrase", "--officer-passphrase-fd", officer_descriptor(), officer)


def of_new(descriptor: int | None, officer: Address | None) -> PassphraseSource:
    """The passphrase that follows one; no credential has it.

    Args:
        descriptor: what ``--new-passphrase-fd`` said.
        officer: whose it will be; that of the store if ``None``.
    """
    return PassphraseSource("", "--new-passphrase-fd", descriptor, officer)


def ask_officer(officer: Address, wrong: int) -> str:
    """The passphrase of the officer who acts, as `clients.actions.client.Client` asks for it."""
    return of_officer(officer).ask(wrong)


def _text(data: bytes, where: str) -> str:
    try:
        return data.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise click.UsageError(_("{where}: the passphrase is not UTF-8").format(where=where)) from None


def _too_short() -> str:
    return _("the passphrase is too short: at least {count} characters").format(count=SHORTEST)
