"""What leaves the system from here: printed, exported, proven, saved. The process writes it, for its owner alone.

Its provider's handling code decides, and who did it, when and why is in the log before it is on the disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from fastapi import APIRouter
from pydantic import Field

from clients.actions.attachments import bring, find_attachment, nature_of, pieces_of
from clients.actions.client import Client
from clients.actions.drafts.fields import spoken_of
from clients.actions.exporting import ExportOptions, choose
from clients.actions.handing import HandedWay, note_handed
from clients.actions.handling import WantedUse
from clients.actions.operations.printing import choose_operation_print, note_operation_printed
from clients.actions.printing import choose_print
from clients.actions.proving import EvidenceChoice, choose_evidence, choose_steps, make_evidence
from clients.actions.saving import saved_path
from clients.actions.signed_files import thumbprint_of
from clients.desk.api.asking import Answer, DeskOf, OfficerOf
from clients.desk.api.draft_models import Digest, Given, Line, Secret
from clients.desk.api.session import Asked, NothingAsked
from clients.desk.aside import do_aside
from clients.desk.desk import Desk
from clients.desk.guarded import confirm, do_guarded
from clients.documents.export_files import export_pieces, make_format
from clients.documents.export_format import ExportTally
from clients.documents.operations.paper import operation_paper
from clients.documents.operations.paper_words import PaperUse
from clients.documents.operations.view import OperationView
from clients.documents.outfile import open_private
from clients.documents.pdf.setting import set_paper
from clients.documents.plain import clean
from clients.documents.printing import printed_text
from clients.documents.texts import _
from clients.errors import ClientError, LocalCode
from clients.formats.media import HEAD_BYTES
from schemas.addresses import Address
from schemas.rules.handling import Use

router = APIRouter(prefix="/api")

_PROOF_S: Final = 60.0
_MOST: Final = 200
_ENDINGS: Final = {"json": "json", "ids-csv": "csv", "cap": "xml"}

Digests = Annotated[list[Digest], Field(max_length=_MOST)]


class PrintAsked(Asked):
    """Dispatches are to go on paper."""

    digests: Digests = Field(min_length=1)
    permission: Line = ""


class OperationPrintAsked(Asked):
    """An operation is to go on paper."""

    court: bool = False
    permission: Line = ""


class ExportAsked(Asked):
    """Dispatches are to go into a file; all that are marked so, if none is named."""

    digests: Digests = Field(default=[])
    format: Literal["json", "ids-csv", "cap"]
    status: Literal["actual", "exercise", "test"] | None = None
    use: Use = Use.OWN
    permission: Line = ""


class EvidenceAsked(Asked):
    """A file that convinces somebody who knows only the network's root."""

    digests: Digests = Field(default=[])
    operation: Digest = ""
    thread: bool = False
    disclose: bool = False
    permission: Line = ""
    passphrase: Secret | None = None


class FileWritten(Given):
    """A file that was written."""

    file: str
    words: str


def _numbers(client: Client, digests: Sequence[str]) -> tuple[int, ...]:
    return tuple(spoken_of(client, digest).index for digest in digests)


def _write(path: Path, text: bytes) -> Answer:
    with open_private(path) as file:
        file.write(text)
    return {"file": str(path), "words": _("Written to {file}.").format(file=clean(str(path)))}


@router.post("/print", response_model=FileWritten)
async def print_dispatches(asked: PrintAsked, desk: DeskOf, officer: OfficerOf) -> Answer:
    """Write sheets for a printer."""

    def work(client: Client) -> Answer:
        numbers = _numbers(client, asked.digests)
        chosen = choose_print(client, numbers, officer, asked.permission)
        text = printed_text(client, chosen)
        status = chosen.dispatches[0].cover.status
        path = saved_path(client, f"serai-{numbers[0]}.txt", status)
        digests = [each.delivery.digest for each in chosen.dispatches]
        note_handed(client, digests, chosen.by, HandedWay.PRINT, "paper", WantedUse(Use.OWN, chosen.permission))
        return {**_write(path, text.encode()), "sheets": text.count("\f")}

    return await desk.do(work)


@router.post("/operations/{operation}/print", response_model=FileWritten)
async def print_operation(operation: Digest, asked: OperationPrintAsked, desk: DeskOf, officer: OfficerOf) -> Answer:
    """Write an operation as a PDF in English and Russian: request, decisions, custody, every step."""

    def work(client: Client) -> Answer:
        wanted = WantedUse(Use.COURT if asked.court else Use.OWN, asked.permission)
        chosen = choose_operation_print(client, operation, officer, wanted)
        root, known = thumbprint_of(client.store.keys.network), chosen.known
        use = PaperUse(chosen.by, chosen.at_ms, wanted.use, wanted.permission, chosen.handling, root, None)
        data = set_paper(operation_paper(OperationView.of(Address(""), known), known.held, use))
        path = saved_path(client, f"serai-{known.number.replace(' ', '')}.pdf", known.state.status)
        note_operation_printed(client, chosen)
        return _write(path, data)

    return await do_aside(desk, work)


@router.post("/export", response_model=FileWritten)
async def export(asked: ExportAsked, desk: DeskOf, officer: OfficerOf) -> Answer:
    """Write dispatches to a file: exercise and actual never stand in one."""

    def work(client: Client) -> Answer:
        use = Use.OTHERS if asked.format == "cap" else asked.use
        wanted = WantedUse(use, asked.permission)
        numbers = _numbers(client, asked.digests)
        options = ExportOptions(numbers, status=None if numbers else asked.status, wanted=wanted)
        choice, tally = choose(client, options), ExportTally()
        name = f"serai-{'-'.join(map(str, numbers[:3])) or 'export'}.{_ENDINGS[asked.format]}"
        path = saved_path(client, name, choice.status if choice.status != "none" else client.network_status)
        writer = make_format(asked.format, client, wanted, single=len(numbers) == 1)
        with open_private(path) as file:
            file.writelines(export_pieces(client, choice, writer, tally))
            note_handed(client, tally.digests, officer, HandedWay.EXPORT, asked.format, wanted)
        words = _("Written to {file}.").format(file=clean(str(path)))
        left_out = {why.value: count for why, count in tally.left_out.items() if count}
        return {"file": str(path), "words": words, "count": tally.count, "left_out": left_out}

    return await do_aside(desk, work)


@router.post("/evidence", response_model=FileWritten)
async def evidence(asked: EvidenceAsked, desk: DeskOf, officer: OfficerOf) -> Answer:
    """Write an evidence file of dispatches, or of an operation; the passphrase is typed once more."""
    if bool(asked.operation) is bool(asked.digests):
        raise ClientError(LocalCode.REQUEST_UNFIT, where="digests, operation")
    await do_guarded(desk, asked.passphrase, lambda client: confirm(client, officer, asked.passphrase))
    return await _prove(desk, asked, officer)


async def _prove(desk: Desk, asked: EvidenceAsked, officer: Address) -> Answer:
    wanted = WantedUse(Use.COURT, asked.permission) if asked.disclose else None

    async def made(client: Client, choice: EvidenceChoice) -> bytes:
        async with asyncio.timeout(_PROOF_S):
            return await make_evidence(client, choice)

    def work(client: Client) -> Answer:
        if asked.operation:
            choice = choose_steps(client, asked.operation, wanted=wanted)
        else:
            choice = choose_evidence(client, _numbers(client, asked.digests), thread=asked.thread, wanted=wanted)
        try:
            data = asyncio.run(made(client, choice))
        except TimeoutError:
            raise ClientError(LocalCode.NO_LINE) from None
        first = choice.dispatches[0].number.replace(" ", "")
        path = saved_path(client, f"serai-{first}.evidence.json", choice.status)
        if wanted is not None:
            digests = [each.digest for each in choice.dispatches]
            note_handed(client, digests, officer, HandedWay.EXPORT, "evidence", wanted)
        counts = {"dispatches": len(choice.dispatches), "receipts": len(choice.receipts)}
        left = {"left_out": len(choice.left_out), "disclosed": choice.discloses}
        return {**_write(path, data), **counts, **left, "root": thumbprint_of(client.store.keys.network)}

    return await do_aside(desk, work)


# Attachments


@router.post("/attachments/{digest}/{number}/save", response_model=FileWritten)
async def save(digest: Digest, number: int, _asked: NothingAsked, desk: DeskOf, _officer: OfficerOf) -> Answer:
    """Save an attachment, if it is the file that the report names; nothing is opened, and nothing is replaced.

    One that is not here yet is fetched first: the answer says so, and it can be saved when it has come.
    """

    def work(client: Client) -> Answer:
        original, file = find_attachment(client, spoken_of(client, digest), number)
        file = bring(client, original, file, 0.0)
        path, head = saved_path(client, file.attachment.name, original.cover.status), b""
        with open_private(path) as out:
            for piece in pieces_of(client, file):
                head = head if len(head) >= HEAD_BYTES else (head + piece)[:HEAD_BYTES]
                out.write(piece)
        nature, alarming = nature_of(file, head), list[str]()
        if nature.is_program:
            alarming.append(_("LOOK AGAIN: it is a program. Do not run it."))
        elif nature.is_lie:
            called = _("LOOK AGAIN: its sender calls it {called}; by its content it is {found}.")
            alarming.append(called.format(called=file.attachment.media_type, found=nature.media_type))
        words = _("Saved as {path}: it is the file that the report names.").format(path=clean(str(path)))
        return {"file": str(path), "words": words, "alarming": alarming, "type": nature.media_type}

    return await desk.do(work)
