"""Attachments on a screen, before they go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clients.actions.drafting import FileFate
from clients.cli.ui import paint
from clients.documents.attachments import size_text
from clients.documents.plain import clean, field, wrap
from clients.documents.texts import _, label
from clients.formats.traces import Trace
from clients.mail.attaching import MeasuredFile
from clients.mail.cover import Cover
from schemas.claims import lane_of
from schemas.reports import ReportModel


def file_lines(files: Sequence[MeasuredFile], report: ReportModel, cover: Cover) -> list[str]:
    """Files that are about to go: what each is, what was removed from it, and whether the text waits for them."""
    lines = [line for each in files for line in _file_lines(each)]
    if not files and not report.attachments:
        return lines
    if files and lane_of(cover.precedence) == "urgent":
        lines.append(wrap(_("The text goes at once; the attachments follow when they are uploaded.")))
    elif files:
        lines.append(wrap(_("It waits until its attachments are uploaded.")))
    return lines


def _file_lines(file: MeasuredFile) -> list[str]:
    what = f"{clean(file.name)} ({file.media_type}, {size_text(file.size)})"
    caption = f": {clean(file.file.caption)}" if file.file.caption else ""
    lines = field(_("Attachment"), what + caption)
    said = ", ".join(label(each) for each in Trace if each in file.said)
    if file.is_cleaned:
        lines += field("", _("removed from it: {what}").format(what=said) if said else _("nothing to remove from it"))
    elif file.file.as_it_is and said:
        lines += [paint(line, bold=True) for line in field("", _("STAYS in it: {what}").format(what=said))]
    else:
        lines += field("", _("not cleaned: it may say who made it, where and when"))
    if file.is_program:
        lines += [paint(line, bold=True) for line in field("", _("LOOK AGAIN: it is a program"))]
    elif file.is_lie:
        text = _("LOOK AGAIN: its name says that it is something else")
        lines += [paint(line, bold=True) for line in field("", text)]
    return lines


def fate_lines(fates: Sequence[tuple[Path, FileFate]]) -> list[str]:
    """Files of a draft that are not what they were when they were typed."""
    lines = [line for path, fate in fates for line in field(_("LOOK AGAIN"), f"{clean(str(path))}: {label(fate)}")]
    return [paint(line, bold=True) for line in lines]
