"""``serai operation compare``: what others have asked this member as a desk, compared and answered."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli.base import Command, client_options, wait_option
from clients.cli.ui import note, show


@click.command(
    cls=Command, examples=("serai operation compare", "serai operation compare --fetch", "serai run --compare")
)
@click.option("--fetch", is_flag=True, help="Connect first, until nothing more comes.")
@wait_option
@client_options
def compare(*, fetch: bool, wait_s: float, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Compare the questions that others have asked us, and answer them; serai run --compare does it by itself.

    An answer is a computation, signed with the member's own key, without an officer. It names whom to talk to and
    nothing of a case. A question is compared for 90 days; 256 different matters of a member in a day.
    """
    import asyncio

    from clients.actions.operations.comparing import STATUSES, ComparingDesk
    from clients.cli.client import open_client, queued_text
    from clients.documents.operations.deconfliction import desk_json, desk_lines
    from clients.mail.deconfliction import read_desk
    from schemas.operations.deconfliction import DeskView

    with open_client(home, passphrase_fd) as client:
        if fetch and client.holder is None:
            asyncio.run(client.fetch(wait_s))
            client.reread()
        given = ComparingDesk(client.state, client.point).look()
        views: dict[str, DeskView] = {status: read_desk(client.state, status) for status in STATUSES}
        outgoing = client.finish([each.sent for each in given], wait_s) if given else []
        show(desk_json(views, given), desk_lines(views, given), as_json=as_json)
        for each in outgoing:
            if each.is_open:
                note(queued_text(client, each))
