"""``serai attachment``: the files that came with a dispatch."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from clients.actions.numbers import SpokenNumber
from clients.cli.base import Command, LazyGroup, client_options, wait_option
from clients.cli.types import SpokenArgument
from clients.cli.ui import note, show
from clients.documents.texts import _


@click.group(
    cls=LazyGroup,
    lazy={"list": f"{__name__}:list_attachments", "save": f"{__name__}:save"},
)
def attachment() -> None:
    """See and save the files that came with a dispatch.

    They are kept encrypted as they came. Nothing is opened by itself.
    """


@click.command("list", cls=Command, examples=("serai attachment list 10423",))
@click.argument("spoken", cls=SpokenArgument)
@client_options
def list_attachments(number: SpokenNumber, *, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show the attachments of dispatch N, and how far each has got."""
    from clients.actions.attachments import files_of
    from clients.actions.reading import find_original
    from clients.cli.client import open_client
    from clients.cli.ui import named_lines
    from clients.documents.attachments import attached_json, attached_texts, size_text
    from clients.documents.dispatches import spell_reference
    from clients.documents.plain import clean, field

    with open_client(home, passphrase_fd) as client:
        original = find_original(client, number)
        files = files_of(client, original.digest)
        lines = []
        for each in files:
            lines += named_lines(attached_texts([each], original.index, None))
            attached = each.attachment
            caption = f": {clean(attached.caption)}" if attached.caption else ""
            lines += field("", f"{attached.media_type}, {size_text(attached.size)}{caption}")
        if (full := original.amendments.completed_by) is not None:
            lines += field(_("Attachments"), _("with {number}").format(number=spell_reference(full)))
        follow = original.report.attachments_follow if original.report and full is None else None
        lines = lines or named_lines(attached_texts([], original.index, follow)) or [_("Nothing.")]
        value = {"number": original.index, "attachments": [attached_json(each) for each in files], "follow": follow}
        show(value, lines, as_json=as_json)


@click.command(
    cls=Command,
    examples=(
        "serai attachment save 10423 1",
        "serai attachment save EX 10 423 2 --to waybill.pdf",
    ),
)
@click.argument("words", nargs=-1, required=True, metavar="N FILE-NUMBER")
@click.option(
    "--to", type=click.Path(path_type=Path), help="The file, or the folder, that it goes to; here by default."
)
@wait_option
@client_options
def save(
    words: tuple[str, ...], *, to: Path | None, wait_s: float, home: Path, passphrase_fd: int | None, as_json: bool
) -> None:
    """Save one attachment of dispatch N as a file, which only you can read.

    It is fetched first if it is not here. It is saved only if it is the file that the report names. Nothing is
    replaced, and nothing is opened.
    """
    from clients.actions.attachments import bring, find_attachment, nature_of, pieces_of, place_for
    from clients.cli.client import open_client
    from clients.documents.outfile import open_private
    from clients.documents.plain import clean
    from clients.formats.media import HEAD_BYTES

    spoken, which = _numbers(words)
    with open_client(home, passphrase_fd) as client:
        original, file = find_attachment(client, spoken, which)
        path = place_for(original, file, to, Path.cwd())
        file = bring(client, original, file, wait_s)
        head = b""
        with open_private(path) as out:
            for piece in pieces_of(client, file):
                head = head if len(head) >= HEAD_BYTES else (head + piece)[:HEAD_BYTES]
                out.write(piece)
        nature = nature_of(file, head)
        value = {"path": str(path), "sha256": file.attachment.sha256, **asdict(nature)}
        text = _("Saved as {path}: it is the file that the report names.").format(path=clean(str(path)))
        show(value, [text], as_json=as_json)
        if nature.is_program:
            note(_("LOOK AGAIN: it is a program. Do not run it."))
        elif nature.is_lie:
            called = _("LOOK AGAIN: its sender calls it {called}; by its content it is {found}.")
            note(called.format(called=file.attachment.media_type, found=nature.media_type))


def _numbers(words: tuple[str, ...]) -> tuple[SpokenNumber, int]:
    """The number of the dispatch, which may have spaces, and that of the attachment, which comes last."""
    from clients.actions.numbers import parse_spoken

    spoken = parse_spoken(" ".join(words[:-1])) if len(words) > 1 else None
    if spoken is None or not words[-1].isdecimal() or len(words[-1]) > 3:
        raise click.UsageError(_("two numbers are needed: of the dispatch, and of its attachment"))
    return spoken, int(words[-1])
