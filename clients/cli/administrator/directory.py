"""``serai directory``: who is in the network, as this client computed it from the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clients.cli.frame import Command, client_options
from clients.cli.texts import _, label_of
from clients.cli.ui import clean, note, show
from schemas.labels import CodedValue


class Standing(CodedValue):
    """How an address stands."""

    CURRENT = "current", "in force", "действует"
    EXPIRED = "expired", "out of date", "срок истёк"
    SUSPENDED = "suspended", "suspended", "приостановлен"
    REVOKED = "revoked", "revoked", "отозван"


@click.command(cls=Command, name="directory", examples=("serai directory", "serai directory --officers --all"))
@click.option("--officers", is_flag=True, help="Officers too.")
@click.option("--all", "everybody", is_flag=True, help="Also who is no longer in force.")
@client_options
def directory(*, officers: bool, everybody: bool, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show the members of the network, and until when their keys are valid.

    Nobody is believed for it: it is computed from the signed public statements in this client's store.
    """
    from clients.cli.desk import open_desk
    from schemas.addresses import is_officer

    with open_desk(home, passphrase_fd) as desk:
        if not desk.state.directory.epochs:
            note(_("Nothing has come from the hub yet."))
        rows = [_row(desk, address) for address in sorted(desk.state.directory.addresses())]
        shown = [
            row
            for row in rows
            if (officers or not is_officer(row["address"]))
            and (everybody or row["standing"] in ("current", "suspended"))
        ]
        show({"size": desk.state.place.index, "members": shown}, [_line(row) for row in shown], as_json=as_json)


def _row(desk: Any, address: Any) -> dict[str, Any]:
    state = desk.state
    newest = state.directory.credentials(address)[-1]
    claims = newest.statement.claims
    return {
        "address": address,
        "name": claims.name,
        "roles": list(claims.roles),
        "kid": newest.key.kid,
        "nbf": claims.nbf,
        "exp": claims.exp,
        "standing": _standing(state, newest),
    }


def _standing(state: Any, newest: Any) -> str:
    chain = state.directory.chain(newest)
    if any(link.revoked(state.place.index) for link in chain):
        return "revoked"
    if state.directory.is_suspended(newest.address, state.place):
        return "suspended"
    return "current" if all(link.in_date(state.place.time_s) for link in chain) else "expired"


def _line(row: dict[str, Any]) -> str:
    from datetime import UTC, datetime

    until = datetime.fromtimestamp(row["exp"], UTC).strftime("%Y-%m-%d")
    return f"{row['address']:<20} {label_of(Standing, row['standing']):<13} {until}  {clean(row['name'])[:32]}"
