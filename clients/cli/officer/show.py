"""``serai show N``: everything about one dispatch on one screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clients.cli.base import Command, client_options
from clients.cli.types import NumberArgument
from clients.cli.ui import show
from clients.documents.texts import _

if TYPE_CHECKING:
    from clients.actions.client import Client
    from clients.mail.inbox import Delivery


@click.command(
    cls=Command,
    examples=(
        "serai show 10423",
        "serai show EX 10 423",
    ),
    name="show",
)
@click.argument("number", cls=NumberArgument)
@client_options
def show_dispatch(number: int, *, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show dispatch N: content, thread, marking, and for each recipient arrived, acknowledged by whom, silent since.

    N is its number in the ledger, as it is spoken.
    """
    from clients.actions.attachments import files_of
    from clients.actions.reading import find_dispatch, thread_of
    from clients.cli.client import open_client
    from clients.cli.officer.dispatch_view import delivery_lines
    from clients.cli.ui import named_lines
    from clients.documents.attachments import attached_json, attached_texts
    from clients.documents.dispatches import delivery_json
    from clients.documents.threads import link_json, thread_text

    with open_client(home, passphrase_fd) as client:
        item = find_dispatch(client, number)
        delivery = client.delivery(item)
        if item.sent_by_us and not item.inbox:
            value, lines = _sent(client, delivery)
        else:
            value, lines = delivery_json(delivery), delivery_lines(delivery)
        lines += [*_answer_lines(client, delivery), *_number_lines(client, delivery)]
        files = files_of(client, item.digest)
        is_here = delivery.amendments.completed_by is not None
        follow = delivery.report.attachments_follow if delivery.report and not is_here else None
        lines += named_lines(attached_texts(files, number, follow))
        value = {**value, "attachments": [attached_json(each) for each in files]}
        thread = thread_of(client, delivery)
        words = [thread_text(number, delivery.cover, each) for each in thread]
        lines += [_("Thread:"), *(f"  {word}" for word in words)] if words else []
        show({**value, "thread": [link_json(each) for each in thread]}, lines, as_json=as_json)


def _answer_lines(client: Client, delivery: Delivery) -> list[str]:
    """Of an answer of deconfliction whom to call; or that it is not by the desk that was asked."""
    from clients.actions.profiles import stated_forms
    from clients.documents.operations.deconfliction import answer_lines
    from clients.mail.deconfliction import find_answered
    from schemas.reports.deconflict import DeconflictAnswer

    cover, report = delivery.cover, delivery.report
    if cover is None or not isinstance(report, DeconflictAnswer) or client.member not in cover.to:
        return []
    asked = find_answered(client.state, delivery.digest, cover)
    return answer_lines(asked, report.talk_to, stated_forms(client, cover.status))


def _number_lines(client: Client, delivery: Delivery) -> list[str]:
    """Of a stop or a refusal of another country whom to call there."""
    from clients.actions.profiles import stated_forms
    from clients.documents.operations.telephone import is_called_about
    from clients.documents.profiles import number_lines

    cover, sender = delivery.cover, delivery.sender
    if cover is None or sender is None or sender == client.member or not is_called_about(cover):
        return []
    return [_("TELEPHONE"), *number_lines([sender], stated_forms(client, cover.status))]


def _sent(client: Client, delivery: Delivery) -> tuple[dict[str, Any], list[str]]:
    """What we sent, for programs and for people, and as of when it is true."""
    from clients.actions.asof import read_as_of
    from clients.actions.lists import sent_report
    from clients.actions.returned import not_sent_to
    from clients.cli.officer.dispatch_view import banner, sent_lines
    from clients.cli.officer.item_view import not_sent_lines
    from clients.documents.items import item_json
    from clients.documents.lists import as_of_json, as_of_text
    from clients.documents.sent_rows import sent_report_json

    is_done = not client.store.outcomes.is_missing(delivery.digest, "done")
    report, parts = sent_report(client, delivery, is_done=is_done), not_sent_to(client, delivery.digest)
    lines, as_of = sent_lines(report), read_as_of(client)
    end = len(lines) - len(banner(report.status.cover.status))
    lines[end:end] = [*not_sent_lines(parts), as_of_text(as_of)]
    value = {**sent_report_json(report), "not_sent": [item_json(each) for each in parts]}
    return {**value, **as_of_json(as_of)}, lines
