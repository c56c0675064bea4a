"""What was said, and whoever waits until the hub has settled it."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from clients.errors import ClientError, LocalCode
from clients.store import Outgoing, OutState
from clients.store.outbox import Outbox
from schemas.errors import Code, SeraiError


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What was said stands in the ledger.

    Attributes:
        digest: identity of the statement, base64url.
        index: its place.
    """

    digest: str
    index: int


class Sent:
    """Something that was said; await it for its place in the ledger, however long that takes.

    Awaiting raises `SeraiError` with the hub's code if it was refused for good, and with
    ``replaced`` if this seat was replaced first (what was said stays in the outbox); and
    whatever ended the focal point before its time.

    Attributes:
        id: number in the outbox; it stays the same when the statement is signed anew.
    """

    def __init__(self, settling: Settling, row: int) -> None:
        self.id = row
        self._settling = settling

    @property
    def outgoing(self) -> Outgoing:
        """The row of the outbox as it is now."""
        return self._settling.outgoing(self.id)

    @property
    def digest(self) -> str | None:
        """Identity of the statement; ``None`` before it is signed."""
        return self.outgoing.digest

    def __await__(self) -> Generator[Any, None, Acceptance]:
        return self._settling.settled(self.id).__await__()


class Settling:
    """Rows of the outbox, and whoever waits until they are settled.

    Args:
        outbox: where they are.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._waiting: dict[int, asyncio.Future[Acceptance]] = {}
        self._ended: BaseException | None = None

    def outgoing(self, row: int) -> Outgoing:
        """A row of the outbox.

        Raises:
            ClientError: ``not_in_outbox``.
        """
        outgoing = self._outbox.get(row)
        if outgoing is None:
            raise ClientError(LocalCode.NOT_IN_OUTBOX, row=row)
        return outgoing

    async def settled(self, row: int) -> Acceptance:
        """The place of what was said, once it is accepted; see `Sent`."""
        future = self._waiting.get(row)
        if future is None:
            future = self._waiting[row] = asyncio.get_running_loop().create_future()
            self.settle(row)
            self._fail(future)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            if self._ended is None:
                raise
        raise self._ended  # the block is cancelled because of that, and it says more

    def settle(self, row: int) -> None:
        """Let whoever waits for a row know how it stands, if the hub has settled it."""
        future = self._waiting.get(row)
        if future is None or future.done():
            return
        outgoing = self.outgoing(row)
        if outgoing.state is OutState.ACCEPTED and outgoing.digest is not None and outgoing.index is not None:
            future.set_result(Acceptance(outgoing.digest, outgoing.index))
        elif outgoing.state in (OutState.REFUSED, OutState.DROPPED):
            future.set_exception(refusal_of(outgoing))
            future.exception()  # whoever awaits is told; if nobody does, the alarm has said it
        else:
            return
        del self._waiting[row]

    def look_again(self) -> None:
        """Another process may have withdrawn what somebody waits for."""
        for row in list(self._waiting):
            self.settle(row)

    def end(self, error: BaseException) -> None:
        """Nothing will be settled any more: whoever waits, now or later, gets the error. The first one counts."""
        self._ended = self._ended or error
        for future in self._waiting.values():
            self._fail(future)

    def _fail(self, future: asyncio.Future[Acceptance]) -> None:
        if self._ended is not None and not future.done():
            future.set_exception(self._ended)
            future.exception()  # whoever awaits is told; if nobody does, nothing is lost


def refusal_of(outgoing: Outgoing) -> SeraiError:
    """The error with which the hub refused a row of the outbox, or that it was withdrawn here."""
    for code in (LocalCode.WITHDRAWN, LocalCode.GOES_WITH_NEWER):
        if outgoing.code == code.value:
            return ClientError(code, row=outgoing.id)
    known = {code.value: code for code in Code}
    return SeraiError(known.get(outgoing.code or "", Code.INTERNAL), outgoing.detail)
