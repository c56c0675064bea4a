"""``serai evidence N``: a file that convinces somebody who knows only the network's root."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clients.actions.numbers import spell_number
from clients.cli.base import Command, as_option, client_options, permission_option, yes_option
from clients.cli.types import NumbersArgument
from clients.cli.ui import ask, note, show
from clients.documents.plain import field, wrap
from clients.documents.texts import _, label_of, plural
from schemas.addresses import Address
from schemas.labels import HandlingCode
from schemas.rules.handling import Use

if TYPE_CHECKING:
    from clients.actions.client import Client
    from clients.actions.handling import WantedUse
    from clients.actions.proving import EvidenceChoice

_MOST_NAMED = 20


@click.command(
    cls=Command,
    examples=(
        "serai evidence 10423 --out alert-10423.evidence.json",
        "serai evidence 10423 --thread --out case.evidence.json",
        "serai evidence 10423 10431 --disclose",
    ),
)
@click.argument("numbers", cls=NumbersArgument)
@click.option(
    "--thread", is_flag=True, help="With all that N refers to, all that refers to N, and what hangs together with that."
)
@click.option("--disclose", is_flag=True, help="With the content keys: whoever has the file can read the contents.")
@permission_option
@click.option("--mixed", is_flag=True, help="Exercise and actual may stand in one file.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it.")
@as_option
@yes_option
@client_options
def evidence(
    numbers: tuple[int, ...],
    *,
    thread: bool,
    disclose: bool,
    permission: str | None,
    mixed: bool,
    out: Path | None,
    officer: Address | None,
    yes: bool,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Make an evidence file about dispatch N, or about several, with the receipts for them.

    Anybody who knows the thumbprint of the network's root can check it with serai verify, without hub or network.
    Several numbers are written one after the other, or with a plus between them. To disclose what others provided
    under H1, H2 or H3 needs their permission: the file is for judicial proceedings.
    """
    from clients.actions.handling import WantedUse
    from clients.actions.proving import choose_evidence
    from clients.cli.client import open_client

    path = out or Path(f"serai-{'-'.join(str(number) for number in numbers[:3])}.evidence.json")
    with open_client(home, passphrase_fd) as client:
        wanted = WantedUse(Use.COURT, permission or "") if disclose else None
        choice = choose_evidence(client, numbers, thread=thread, mixed=mixed, wanted=wanted)
        hand_out(client, choice, HandedFile(path, officer, wanted), yes=yes, as_json=as_json)


@dataclass(frozen=True, slots=True)
class HandedFile:
    """An evidence file that is to be made.

    Attributes:
        path: where.
        officer: who discloses; the only one, if ``None``.
        wanted: for what its contents are disclosed; ``None`` if they are not.
    """

    path: Path
    officer: Address | None
    wanted: WantedUse | None


def hand_out(client: Client, choice: EvidenceChoice, file: HandedFile, *, yes: bool, as_json: bool) -> None:
    """Make an evidence file, after asking where contents are disclosed, and say what is in it."""
    import asyncio

    from clients.actions.handing import HandedWay, note_handed
    from clients.actions.proving import make_evidence
    from clients.actions.signed_files import thumbprint_of
    from clients.documents.outfile import check_free, open_private

    check_free(file.path, force=False)
    if choice.discloses:
        ask(_disclosed(choice), _("Disclose it?"), yes=yes)
    by = client.signer(file.officer) if choice.discloses else None
    data = asyncio.run(make_evidence(client, choice))
    if by is not None and file.wanted is not None:
        digests = [each.digest for each in choice.dispatches]
        note_handed(client, digests, by, HandedWay.EXPORT, "evidence", file.wanted)
    with open_private(file.path) as opened:
        opened.write(data)
    root = thumbprint_of(client.store.keys.network)
    value = {"file": str(file.path), "bytes": len(data), "disclosed": choice.discloses, "root": root, **_chosen(choice)}
    lines = [
        *field(_("Evidence"), str(file.path)),
        *field(_("Dispatches"), _few([each.number for each in choice.dispatches])),
        *field(_("Receipts"), str(len(choice.receipts))),
        _("To check it:"),
        f"  serai verify {file.path} --root {root}",
    ]
    for text in _warnings(choice):
        note(text)
    show(value, lines, as_json=as_json)


def _disclosed(choice: EvidenceChoice) -> list[str]:
    """What everybody who has the file will be able to read."""
    return [
        wrap(_("Whoever has this file will be able to read the content.")),
        *(f"  {each.number}  {label_of(HandlingCode, each.handling)}" for each in choice.dispatches[:_MOST_NAMED]),
        *_more(len(choice.dispatches) - _MOST_NAMED),
    ]


def _more(count: int) -> list[str]:
    return ["  " + _("and {count} more").format(count=spell_number(count, None))] if count > 0 else []


def _few(numbers: list[str]) -> str:
    shown = ", ".join(numbers[:_MOST_NAMED])
    return " ".join([shown, *(each.strip() for each in _more(len(numbers) - _MOST_NAMED))])


def _warnings(choice: EvidenceChoice) -> list[str]:
    """What a person must know who hands the file out."""
    found = []
    if choice.status == "mixed":
        found.append(_("The file has both: what is real, and what is not."))
    if choice.discloses and choice.unreadable:
        found.append(
            plural(
                "{count} dispatch cannot be opened here, and stands in the file closed.",
                "{count} dispatches cannot be opened here, and stand in the file closed.",
                len(choice.unreadable),
            )
        )
    if choice.left_out:
        found.append(
            plural(
                "{count} dispatch that belongs to it cannot be shown from here; serai verify names it as missing.",
                "{count} dispatches that belong to it cannot be shown from here; serai verify names them as missing.",
                len(choice.left_out),
            )
        )
    return found


def _chosen(choice: EvidenceChoice) -> dict[str, Any]:
    return {
        "dispatches": [each.digest for each in choice.dispatches],
        "status": choice.status,
        "receipts": len(choice.receipts),
        "left_out": list(choice.left_out),
    }
