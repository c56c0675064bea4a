"""``serai operation account``: a result of each country from the facts, and whether another's is one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from clients.cli.base import Command, client_options
from clients.cli.ui import show

_DIFFERS: Final = 1
_NOT_WHOLE: Final = 3


@click.command(
    cls=Command,
    examples=("serai operation account TJ-CD-7 --out account.json", "serai operation account --check account.json"),
)
@click.argument("words", nargs=-1, metavar="[OPERATION]")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it for others, who can check it.")
@click.option("--check", type=click.Path(path_type=Path), help="Compare this account with what the steps say.")
@client_options
def account(
    words: tuple[str, ...],
    *,
    out: Path | None,
    check: Path | None,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Account for an operation: decisions, route, hands, exhibits, quantities, losses, by country.

    It cites every step by digest and number, so that a forged one is seen: --check computes it again. Exit status with
    --check: 0 if it is what all steps here say, 1 if it is not, 3 if it leaves out steps or what they say, ends before
    some, or cites some that are not here.
    """
    from clients.actions.operations.accounting import read_account
    from clients.actions.operations.known import read_operation
    from clients.cli.client import open_client
    from clients.cli.officer.operation.choosing import choose_operation
    from clients.documents.operations.account_text import account_lines, judged_lines
    from clients.documents.outfile import check_free, open_private
    from schemas.encoding import encode_json
    from schemas.operations.account import account_of, judge_account
    from schemas.operations.encode import state_json

    with open_client(home, passphrase_fd) as client:
        known = read_operation(client, choose_operation(client, words))
        if check is not None:
            judged = judge_account(read_account(check), known.held)
            show(state_json(judged), judged_lines(judged, known.state.status), as_json=as_json)
            sys.exit(0 if judged.is_whole else _NOT_WHOLE if judged.not_here or not judged.differs else _DIFFERS)
        found = account_of(known.held)
        value = state_json(found)
        if out is not None:
            check_free(out, force=False)
            with open_private(out) as file:
                file.write(encode_json(value).encode())
        show({"account": value}, account_lines(found), as_json=as_json)
