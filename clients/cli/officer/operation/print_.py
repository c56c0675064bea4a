"""``serai operation print``: request, decisions and custody on paper, in both languages."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from clients.cli.base import Command, as_option, client_options, permission_option
from clients.cli.types import MomentType
from clients.cli.ui import show
from clients.documents.plain import field
from clients.documents.texts import _
from schemas.addresses import Address


@click.command(
    cls=Command,
    name="print",
    examples=(
        "serai operation print TJ-CD-7 --pdf TJ-CD-7.pdf",
        'serai operation print 10423 --pdf court.pdf --court --permission "letter 4"',
        "serai operation print TJ-CD-7 --pdf court.pdf --evidence court.evidence.json",
    ),
)
@click.argument("words", nargs=-1, metavar="[OPERATION]")
@click.option(
    "--pdf",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="Write to this file, which is yours alone.",
)
@click.option("--court", is_flag=True, help="For judicial proceedings; for the own agency's file by default.")
@permission_option
@click.option(
    "--evidence",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The evidence file that goes with it: its SHA-256 stands on every page.",
)
@click.option("--at", "moment_ms", type=MomentType(), help="As of this time, in UTC; now by default.")
@as_option
@client_options
def print_operation(
    words: tuple[str, ...],
    *,
    pdf: Path,
    court: bool,
    permission: str | None,
    evidence: Path | None,
    moment_ms: int | None,
    officer: Address | None,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Print an operation: its request, decisions, custody, stops, contradictions, what is withheld, every step.

    A PDF in English and Russian, one after the other, for a prosecutor. Each page says whether it is an exercise, what
    the providers permit, and how to verify it. With --court, what others provided under H1, H2 or H3 needs their
    permission; without it, H3 does.
    """
    from clients.actions.handling import WantedUse
    from clients.actions.operations.printing import choose_operation_print, evidence_digest, note_operation_printed
    from clients.actions.signed_files import thumbprint_of
    from clients.cli.client import open_client
    from clients.cli.officer.operation.choosing import choose_operation
    from clients.documents.operations.paper import operation_paper
    from clients.documents.operations.paper_words import GoesWith, PaperUse
    from clients.documents.operations.view import OperationView
    from clients.documents.outfile import check_free, open_private
    from clients.documents.pdf.setting import set_paper
    from schemas.rules.handling import Use

    with open_client(home, passphrase_fd) as client:
        check_free(pdf, force=False)
        wanted = WantedUse(Use.COURT if court else Use.OWN, permission or "")
        chosen = choose_operation_print(client, choose_operation(client, words), officer, wanted, moment_ms)
        root = thumbprint_of(client.store.keys.network)
        goes_with = None
        if evidence is not None:
            goes_with = GoesWith(evidence.name, evidence_digest(evidence, root, chosen.known.id))
        use = PaperUse(
            chosen.by, chosen.at_ms, wanted.use, wanted.permission, chosen.handling, root, goes_with
        )  # fmt: skip
        view = OperationView.of(Address(""), chosen.known)
        data = set_paper(operation_paper(view, chosen.known.held, use))
        note_operation_printed(client, chosen)
        with open_private(pdf) as file:
            file.write(data)
    sha256 = hashlib.sha256(data).hexdigest()
    value = {"file": str(pdf), "bytes": len(data), "sha256": sha256, "operation": chosen.known.id}
    lines = [_("Printed to {file}.").format(file=pdf), *field("SHA-256", sha256)]
    show(value, lines, as_json=as_json)
