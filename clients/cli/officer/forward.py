"""``serai forward N``: what came goes on to members that did not get it, if its provider permits that."""

from __future__ import annotations

from typing import Any

import click

from clients.actions.numbers import SpokenNumber
from clients.cli.base import Command, permission_option, reply_options
from clients.cli.officer.options import about_options, read_typed


@click.command(
    cls=Command,
    examples=(
        "serai forward 10423 --to KG/NFP",
        'serai forward 10423 --to KG/NFP --permission "UZ/NFP, letter 12 of 1 June"',
    ),
)
@click.option("--to", multiple=True, metavar="MEMBER", help="Recipient; may be repeated.")
@permission_option
@about_options
@reply_options
def forward(number: SpokenNumber, *, permission: str | None, **values: Any) -> None:
    """Pass on dispatch N, unchanged, to others.

    Its provider decides: under H0 and H1 it may go on, under H2 and H3, and where the Traffic Light Protocol keeps it,
    it needs the provider's permission. The new recipients see whose report it is, and where that was permitted; the
    handling code goes with it. Its attachments go with it, too.
    """
    from clients.actions.forwarding import begin_forward, forwarding_cover
    from clients.actions.writing import PassedOn, learn_members
    from clients.cli.client import open_client
    from clients.cli.officer.composing import ReadyDispatch, agree_and_send, decide_recipients
    from clients.cli.ui import note
    from clients.documents.texts import _

    typed = read_typed(values)
    with open_client(typed.home, typed.passphrase_fd) as client:
        forwarding = begin_forward(client, number, typed.cover.marking.status, permission or "")
        learn_members(client, typed.options.wait_s)
        to = decide_recipients(client, typed.to)
        if has_it := forwarding.has_it(to):
            note(
                _("{members}: got {number} already.").format(
                    members=", ".join(has_it), number=forwarding.original.number
                )
            )
        cover = forwarding_cover(client, forwarding, to, typed.cover)
        value = {"about": forwarding.original.index, "rel": "related", "provider": forwarding.provider}
        draft = f"forward {forwarding.original.digest}"
        passes_on = PassedOn(forwarding.original.digest, permission or "")
        ready = ReadyDispatch(forwarding.report, cover, draft, value=value, passes_on=passes_on)
        agree_and_send(client, ready, typed.options)
