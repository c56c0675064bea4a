"""Attachments on a screen: before they go, and as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from clients.actions.attachments import mismatch_of, state_of
from clients.actions.drafting import FileFate
from clients.cli.ui import paint
from clients.documents.plain import clean, field, wrap
from clients.documents.texts import _, label
from clients.formats.traces import Trace
from clients.mail.attached import AttachedFile
from clients.mail.attaching import MeasuredFile
from clients.mail.cover import Cover
from clients.store import BlobState
from schemas.claims import lane_of
from schemas.errors import PROBLEMS, Code
from schemas.reports import ReportModel

_UNITS = ("B", "KiB", "MiB")


def size_text(size: int) -> str:
    """A size as people say it: ``812 B``, ``3.4 MiB``."""
    amount, unit = float(size), 0
    while amount >= 1024 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    return f"{amount:.1f} {_UNITS[unit]}" if unit else f"{size} B"


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


def attached_lines(files: Sequence[AttachedFile], index: int, follow: int | None) -> list[str]:
    """The attachments of a dispatch, and how far each has got."""
    lines: list[str] = []
    for each in files:
        text = f"{clean(each.attachment.name)}: {state_text(each)}"
        if each.is_here or each.blob is None:
            text += f"; serai attachment save {index} {each.number}"
        lines += field(_("Attachment {number}").format(number=each.number), text)
        if mismatch := mismatch_of(each):
            lines += [paint(line, bold=True) for line in field("", _("MARKED: {why}").format(why=label(mismatch)))]
    if follow and not files:
        lines += field(_("Attachments"), _("{count} to follow").format(count=follow))
    return lines


def state_text(file: AttachedFile) -> str:
    """How far an attachment has got, and why it waits."""
    text, blob = label(state_of(file)), file.blob
    if blob is not None and blob.state in (BlobState.SENDING, BlobState.WANTED) and file.moved:
        text += " " + _("({done} of {total})").format(done=size_text(file.moved), total=size_text(file.size))
    if blob is not None and blob.code and blob.state is not BlobState.KEPT:
        problem = next((PROBLEMS[code] for code in Code if code.value == blob.code), None)
        text += ": " + (_(problem.title).rstrip(".") if problem else clean(blob.code))
    return text


def attached_json(file: AttachedFile) -> dict[str, Any]:
    """An attachment for programs; its key is nobody's business who can ask for the file."""
    value = file.attachment.model_dump(mode="json", exclude={"key"}, exclude_none=True)
    fit, state, code = file.fit.value, state_of(file).value, file.blob.code if file.blob else None
    return {"number": file.number, **value, "state": state, "moved": file.moved, "cover": fit, "code": code}
