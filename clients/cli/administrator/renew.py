"""``serai renew``: other keys for the member, while the old ones still hold."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import click

from clients.cli.frame import Command, client_options, yes_option
from clients.cli.texts import _
from clients.cli.ui import ask, field, note, show, utc, wrap


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
    from clients.cli.administrator.certifying import own_credential
    from clients.cli.administrator.enrolment import write_papers
    from clients.cli.desk import open_desk
    from clients.enrol import newest_key
    from schemas.keys import DecryptionKey, SigningKey

    with open_desk(home, passphrase_fd) as desk:
        member = desk.store.keys.member
        newest_key(desk.store.keys, member)
        current = own_credential(desk)
        claims = current.statement.claims
        waiting = desk.store.keys.signing[0].kid != current.key.kid
        lines = [
            *field(_("Member"), f"{member} ({claims.name})"),
            *field(_("Valid until"), utc(claims.exp * 1000)),
        ]
        if waiting and not anew:
            note(wrap(_("New keys are there already and wait to be certified; their request is written again.")))
        else:
            ask(lines, _("Make new keys?"), yes=yes)
            pair = SigningKey.from_seed(secrets.token_bytes(32)), DecryptionKey.from_seed(secrets.token_bytes(32))
            desk.store.change_keys(lambda keys: keys.with_new_pair(*pair))
        papers = write_papers(desk.home, desk.store.keys, member, claims.name, claims.roles)
        value: dict[str, Any] = {**papers.to_json(), "exp": claims.exp}
        show(value, papers.lines(), as_json=as_json)
