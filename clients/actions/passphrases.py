"""Other passphrases: of an officer's key, and of the store."""

from __future__ import annotations

from clients.actions.certifying import check_own_passphrase
from clients.actions.client import Client
from schemas.addresses import Address


def check_new_passphrase(client: Client, officer: Address | None, passphrase: str) -> None:
    """What is wrong with a new passphrase, beside its length.

    Args:
        client: whose.
        officer: whose it will be; that of the store if ``None``.
        passphrase: what was typed.

    Raises:
        ClientError: ``same_passphrase`` if an officer's would be the store's.
    """
    if officer is not None:
        check_own_passphrase(client, officer, passphrase)


def change_officer_passphrase(client: Client, officer: Address, passphrase: str) -> None:
    """Put the key of an officer under another passphrase; whole or not at all, also if the power fails.

    Raises:
        ClientError: ``officer_locked`` if the officer has not typed the old one, ``same_passphrase``.
    """
    check_own_passphrase(client, officer, passphrase)
    client.store.change_officer_passphrase(officer, passphrase)


def change_store_passphrase(client: Client, passphrase: str) -> None:
    """Put the store under another passphrase; at an officer's own seat his key comes with it.

    Raises:
        ClientError: ``passphrase_changed`` if somebody else has changed it meanwhile.
    """
    client.store.change_passphrase(passphrase)
