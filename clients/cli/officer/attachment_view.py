"""Attachments on a screen, before they go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clients.actions.drafting import FileFate
from clients.cli.ui import named_lines, paint
from clients.documents.attachments import size_text
from clients.documents.cover_texts import note_texts, waiting_text
from clients.documents.plain import clean, field, wrap
from clients.documents.texts import _, label
from clients.mail.attaching import MeasuredFile
from clients.mail.cover import Cover
from schemas.reports import ReportModel


def file_lines(files: Sequence[MeasuredFile], report: ReportModel, cover: Cover) -> list[str]:
    """Files that are about to go: what each is, what was removed from it, and whether the text waits for them."""
    lines = [line for each in files for line in _file_lines(each)]
    if not files and not report.attachments:
        return lines
    return [*lines, wrap(waiting_text(cover))] if files else lines


def _file_lines(file: MeasuredFile) -> list[str]:
    what = f"{clean(file.name)} ({file.media_type}, {size_text(file.size)})"
    caption = f": {clean(file.file.caption)}" if file.file.caption else ""
    return [*field(_("Attachment"), what + caption), *named_lines(note_texts(file))]


def fate_lines(fates: Sequence[tuple[Path, FileFate]]) -> list[str]:
    """Files of a draft that are not what they were when they were typed."""
    lines = [line for path, fate in fates for line in field(_("LOOK AGAIN"), f"{clean(str(path))}: {label(fate)}")]
    return [paint(line, bold=True) for line in lines]
