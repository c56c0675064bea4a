"""``serai sign``: an officer signs again what came back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clients.cli.base import Command, as_option, client_options, wait_option, yes_option
from clients.cli.ui import ask, note, show
from clients.documents.plain import WIDTH, clean, field, utc
from clients.documents.texts import _, label_of
from schemas.addresses import Address
from schemas.labels import Outcome

if TYPE_CHECKING:
    from clients.actions.client import Client
    from clients.actions.signing import Unsigned


@click.command(cls=Command, examples=("serai sign", "serai sign --as KZ/NFP/DUTY-2"))
@as_option
@wait_option
@yes_option
@client_options
def sign(
    *, officer: Address | None, wait_s: float, yes: bool, home: Path, passphrase_fd: int | None, as_json: bool
) -> None:
    """Sign again what came back to you, and send it.

    What an officer has said is signed at once, with a key that only the officer can open. If the hub asks for another
    signature later, because the key was renewed or the clock was wrong, it waits until its officer signs it again.
    """
    from clients.actions.signing import sign_again, unsigned
    from clients.cli.client import open_client, show_sent

    with open_client(home, passphrase_fd) as client:
        everything = unsigned(client.store)
        if not everything:
            show({"signed": []}, [_("Nothing waits for a signature.")], as_json=as_json)
            return
        signer = client.officer(officer)
        waiting = [each for each in everything if each.officer == signer]
        for other in sorted({each.officer for each in everything} - {signer}):
            note(_("{officer} has to sign, too: serai sign --as {officer}").format(officer=other))
        if not waiting:
            show(
                {"signed": []},
                [_("Nothing waits for the signature of {officer}.").format(officer=signer)],
                as_json=as_json,
            )
            return
        lines = [line for each in waiting for line in ["-" * WIDTH, *_lines(client, each)]]
        ask([*lines, "-" * WIDTH], _("Sign and send all of this again?"), yes=yes)
        *before, last = sign_again(client, signer, waiting)
        done = _("Signed again and sent: {count}, the last as {place}.").format(count=len(waiting), place="{place}")
        value: dict[str, Any] = {"signed": [each.row for each in waiting], "by": signer}
        show_sent(client, last, wait_s, as_json=as_json, done=done, value=value, before=before)


def _lines(client: Client, each: Unsigned) -> list[str]:
    """What waits, as its officer sees it before he signs it."""
    from clients.actions.numbers import spell_number
    from clients.cli.officer.dispatch_view import banner, precedence_text
    from clients.documents.dispatches import status_text
    from clients.documents.report_text import report_lines
    from clients.mail.compose import DispatchDraft
    from schemas.reports import read_report
    from schemas.reports.kinds import KINDS

    draft = each.draft
    lines = field(_("Waits since"), f"{utc(each.made_ms)} ({_('item {row}').format(row=each.row)})")
    if not isinstance(draft, DispatchDraft):
        places = [client.store.items.place_of(digest) for digest in draft.digests]
        numbers = ", ".join(spell_number(place, client.network_status) for place in places if place is not None)
        return [*lines, *field(_("To"), draft.to), *field(label_of(Outcome, draft.outcome), numbers)]
    report, status = read_report(draft.content.encode(), draft.kind), draft.status or client.network_status
    lines = [*banner(status), *lines, *field(_("Status"), status_text(status))]
    lines += [*field(_("To"), ", ".join(draft.to)), *field(_("Kind"), label_of(KINDS.values(), draft.kind))]
    lines += field(_("Precedence"), precedence_text(draft.precedence))
    return [*lines, *(report_lines(report.form) if report.form else [clean(draft.content)])]
