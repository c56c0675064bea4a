"""What the keys of ``serai operation watch`` do."""

# ruff: noqa: RUF001 - Russian letters that look Latin

from __future__ import annotations

from typing import Final

import click

from clients.actions.client import Client
from clients.actions.operations.checking_in import prepare_check_in
from clients.actions.operations.commands import send_step
from clients.actions.operations.filling import STOP_KEYS
from clients.actions.operations.known import read_operation
from clients.actions.writing import CoverOptions
from clients.cli.officer.operation.filling import TypedStep
from clients.cli.officer.operation.stepping import take_step
from clients.cli.officer.options import SendOptions, TypedCommand
from clients.cli.officer.watch_line import ScreenLine, Tone
from clients.cli.ui import note
from clients.documents.faults import remedy_of, words_of
from clients.documents.plain import clean, utc
from clients.documents.texts import _
from clients.errors import ClientError
from schemas.addresses import Address
from schemas.errors import SeraiError

_PAGE: Final = 16
_ENDS: Final = ("q", "й", "\x03", "\x04")
_WAIT_S: Final = 20.0


class LiveKeys:
    """Keys in a row, and what they led to.

    Args:
        client: whose.
        operation: digest of the operation.

    Attributes:
        first: the first line of the picture that is shown.
        has_looked: whether the screen was drawn yet.
    """

    def __init__(self, client: Client, operation: str) -> None:
        self._client = client
        self._operation = operation
        self._note = ScreenLine("")
        self.first = 0
        self.has_looked = False

    def press(self, typed: str) -> bool | None:
        """What was typed: whether the screen ends, and then whether the operation is to be stopped."""
        self.has_looked = True
        for key in typed.lower():
            if key in _ENDS:
                return False
            if key in ("s", "ы"):
                return True
            if key in ("c", "с"):
                self._check_in()
            elif key in (" ", "j"):
                self.first += _PAGE
            elif key in ("b", "k"):
                self.first = max(0, self.first - _PAGE)
        return None

    def foot(self) -> list[ScreenLine]:
        """What the last key did, and which keys there are."""
        keys = _("c check in   s STOP   space, b: further down, up   q end")
        return [self._note, ScreenLine(keys, Tone.QUIET)]

    def stop(self, officer: Address | None) -> None:
        """Stop the operation, at the terminal as it was."""
        options = SendOptions(_WAIT_S)
        command = TypedCommand(self._client.home.path, None, CoverOptions(officer=officer), options, {})
        try:
            take_step(self._client, TypedStep("stop", command, only=STOP_KEYS), self._operation)
        except SeraiError as error:
            note(clean(words_of(error)))
            if isinstance(error, ClientError):
                note(clean(remedy_of(error)))
        except (click.Abort, SystemExit):
            note(_("Nothing more is done."))
        click.pause(_("Press a key to go on watching."), err=True)

    def _check_in(self) -> None:
        """The goods are where they were; signed by the member's own key, so that nothing is asked."""
        try:
            prepared = prepare_check_in(self._client, read_operation(self._client, self._operation))
            send_step(self._client, prepared)
        except SeraiError as error:
            self._note = ScreenLine(clean(words_of(error)), Tone.FAULT)
            return
        now = utc(self._client.state.system.clock.time_ms())
        text = _("Checked in {time}, to {to}; waiting to be sent.")
        self._note = ScreenLine(text.format(time=now, to=", ".join(prepared.cover.to)), Tone.OPEN)
