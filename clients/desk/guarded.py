"""What asks for the passphrase once more: one guess at a time, and slower after wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from clients.actions.client import Client
from clients.desk.desk import Desk
from clients.errors import ClientError, LocalCode
from schemas.addresses import Address
from schemas.errors import SeraiError

T = TypeVar("T")


async def do_guarded(desk: Desk, passphrase: str | None, work: Callable[[Client], T]) -> T:
    """Let something be done that tries a passphrase, if one was typed.

    Args:
        desk: whose.
        passphrase: what was typed; ``None`` where nothing is tried.
        work: tries it; only ``wrong_passphrase`` counts as a wrong guess.

    Raises:
        ClientError: ``try_under_way``, ``tries_paused``; what ``work`` raises.
    """
    if passphrase is None:
        return await desk.do(work)

    def try_once(client: Client) -> T | SeraiError:
        try:
            return work(client)
        except SeraiError as error:
            if isinstance(error, ClientError) and error.code is LocalCode.WRONG_PASSPHRASE:
                raise
            return error

    with desk.tries.one():
        found = await desk.do(try_once)
    if isinstance(found, SeraiError):
        raise found
    return found


def confirm(client: Client, officer: Address, passphrase: str | None) -> None:
    """Let the officer at the screen type the passphrase once more.

    Args:
        client: whose.
        officer: who is at the screen.
        passphrase: what was typed.

    Raises:
        ClientError: ``passphrase_needed``; ``wrong_passphrase``, which was counted.
    """
    if not passphrase:
        raise ClientError(LocalCode.PASSPHRASE_NEEDED, officer=officer)
    _ = client.try_passphrase(officer, passphrase)
