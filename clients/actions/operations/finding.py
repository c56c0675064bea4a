"""Which operation a person means."""

from __future__ import annotations

from clients.actions.client import Client
from clients.actions.numbers import SpokenNumber, parse_spoken, spell_number
from clients.actions.reading import check_status
from clients.errors import ClientError, LocalCode
from clients.mail.inbox import content_of
from clients.mail.state import cover_of
from schemas.claims import Dispatch
from schemas.reports.operations import OperationForm


def find_operation(client: Client, named: str) -> str:
    """The digest of the open of the operation that a person names.

    Args:
        client: whose.
        named: the number of any of its steps, its digest, or the lead's own reference.

    Raises:
        ClientError: ``no_operation``; ``operation_unclear`` if several have the reference; ``marked_otherwise`` if it
            is named as an exercise and is none, or the other way round.
    """
    text = named.strip()
    known = client.store.operations.all()
    if text in known:
        return text
    if (spoken := parse_spoken(text)) is not None and (found := _by_number(client, spoken)) is not None:
        return found
    by_reference = [each for each in known if _fold(reference_of(client, each)) == _fold(text)]
    if len(by_reference) > 1:
        raise ClientError(LocalCode.OPERATION_UNCLEAR, named=text, numbers=[number_of(client, e) for e in by_reference])
    if not by_reference:
        raise ClientError(LocalCode.NO_OPERATION, named=text)
    return by_reference[0]


def find_step(client: Client, operation: str, named: str) -> str:
    """The digest of the step of an operation that a person names, by its number or digest.

    Raises:
        ClientError: ``no_step``; ``marked_otherwise``.
    """
    text = named.strip()
    digest: str | None = text
    if (spoken := parse_spoken(text)) is not None:
        digest = _digest_at(client, spoken)
    if digest is None or client.store.operations.operation_of(digest) != operation:
        raise ClientError(LocalCode.NO_STEP, named=text, number=number_of(client, operation))
    return digest


def number_of(client: Client, digest: str) -> str:
    """The number of a dispatch as it is spoken; its digest in short where it is not here."""
    item = client.store.items.get(digest)
    cover = cover_of(item) if item is not None else None
    if item is None or item.index is None:
        return digest[:8]
    return spell_number(item.index, cover.status if cover else None)


def reference_of(client: Client, operation: str) -> str:
    """The lead's own reference of an operation; empty if its request is not here or cannot be read."""
    item = client.store.items.get(operation)
    cover = cover_of(item) if item is not None else None
    content = content_of(item, cover) if item is not None and cover is not None else None
    return content.form.our_reference if content and isinstance(content.form, OperationForm) else ""


def _by_number(client: Client, spoken: SpokenNumber) -> str | None:
    digest = _digest_at(client, spoken)
    return None if digest is None else client.store.operations.operation_of(digest)


def _digest_at(client: Client, spoken: SpokenNumber) -> str | None:
    item = client.store.items.at(spoken.index)
    if item is None:
        return None
    cover: Dispatch | None = cover_of(item)
    if cover is not None and spoken.status is not None:
        check_status(spoken.index, cover.status, spoken.status)
    return item.digest


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
