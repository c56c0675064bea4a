"""``serai renew``: other keys for the member, while the old ones still hold."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli.base import Command, client_options, yes_option
from clients.cli.ui import ask, note, show
from clients.documents.plain import field, utc, wrap
from clients.documents.texts import _


@click.command(cls=Command, examples=("serai renew",))
@click.option("--anew", is_flag=True, help="Make further keys although others wait to be certified.")
@yes_option
@client_options
def renew(*, anew: bool, yes: bool, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Make new keys for this member, and the request to have them certified.

    The old keys sign and open until the new ones are certified, and for seven days after. Carry the request to
    whoever certifies you, as at the beginning; when the credential is in the ledger the new keys are used by
    themselves. An officer is renewed with serai officer add.
    """
    from clients.actions.renewal import make_new_keys, prepare_renewal, request_renewal
    from clients.cli.client import open_client
    from clients.cli.signed_files import enrolment_json, enrolment_lines

    with open_client(home, passphrase_fd) as client:
        renewal = prepare_renewal(client)
        lines = [
            *field(_("Member"), f"{renewal.member} ({renewal.name})"),
            *field(_("Valid until"), utc(renewal.exp * 1000)),
        ]
        if renewal.waiting and not anew:
            note(wrap(_("New keys are there already and wait to be certified; their request is written again.")))
        else:
            ask(lines, _("Make new keys?"), yes=yes)
            make_new_keys(client)
        files = request_renewal(client, renewal)
        show({**enrolment_json(files), "exp": renewal.exp}, enrolment_lines(files), as_json=as_json)
