"""Attachments of a dispatch, and how far each has got."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clients.actions.attachments import mismatch_of, state_of
from clients.documents.named import NamedText, strong
from clients.documents.plain import clean
from clients.documents.texts import _, label
from clients.mail.attached import AttachedFile
from clients.store import BlobState
from schemas.errors import PROBLEMS, Code

_UNITS = ("B", "KiB", "MiB")


def size_text(size: int) -> str:
    """A size as people say it: ``812 B``, ``3.4 MiB``."""
    amount, unit = float(size), 0
    while amount >= 1024 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    return f"{amount:.1f} {_UNITS[unit]}" if unit else f"{size} B"


def attached_texts(files: Sequence[AttachedFile], index: int, follow: int | None) -> list[NamedText]:
    """The attachments of a dispatch, and how far each has got.

    Args:
        files: those that its report names.
        index: number of the dispatch.
        follow: how many are to follow.
    """
    texts: list[NamedText] = []
    for each in files:
        text = f"{clean(each.attachment.name)}: {state_text(each)}"
        if each.is_here or each.blob is None:
            text += f"; serai attachment save {index} {each.number}"
        texts.append(NamedText(_("Attachment {number}").format(number=each.number), text))
        if mismatch := mismatch_of(each):
            texts.append(strong("", _("MARKED: {why}").format(why=label(mismatch))))
    if follow and not files:
        texts.append(NamedText(_("Attachments"), _("{count} to follow").format(count=follow)))
    return texts


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
