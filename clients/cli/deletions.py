"""What was deleted here, in words and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from clients.documents.plain import clean, field, utc, wrap
from clients.documents.texts import _, label_of, plural
from schemas.reports.kinds import KINDS

if TYPE_CHECKING:
    from clients.actions.retention import Deleted
    from clients.store import CopyMade, Deletion

ALL_KINDS: Final = "all"
"""The rule for every kind that has none of its own."""


def kind_text(kind: str | None) -> str:
    """A kind of reports, or of those that have none."""
    if kind == ALL_KINDS:
        return _("every other kind")
    return label_of(KINDS.values(), kind) if kind else _("not known")


def deleted_lines(deleted: Deleted) -> list[str]:
    """What was deleted, and which backups may still have it."""
    lines = field(_("Deleted"), plural("{count} dispatch", "{count} dispatches", len(deleted.entries)))
    if deleted.files:
        lines += field(_("Files"), plural("{count} attachment", "{count} attachments", deleted.files))
    if deleted.copies:
        lines.append(wrap(_("These backups were made before, and may hold it. Make a new one, and destroy them:")))
        lines += copy_lines(deleted.copies)
        lines.append(wrap(_("Tick off each one that is destroyed: serai retention destroyed FOLDER")))
    return lines


def deleted_json(deleted: Deleted) -> dict[str, Any]:
    """The same for programs."""
    return {
        "deleted": [entry_json(each) for each in deleted.entries],
        "attachments": deleted.files,
        "backups": copies_json(deleted.copies),
    }


def copies_json(copies: tuple[CopyMade, ...]) -> list[dict[str, Any]]:
    """Backups, for programs."""
    return [
        {
            "at_ms": each.at_ms,
            "path": each.name,
            "destroyed": {"at_ms": each.destroyed_ms, "by": each.destroyed_by} if each.destroyed_ms else None,
        }
        for each in copies
    ]


def copy_lines(copies: tuple[CopyMade, ...]) -> list[str]:
    """Backups, a line each, with who said that it is destroyed."""
    lines = []
    for each in copies:
        text = f"{utc(each.at_ms)}  {clean(each.name)}"
        if each.destroyed_ms:
            text += " - " + _("destroyed: {officer}, {time}").format(
                officer=each.destroyed_by, time=utc(each.destroyed_ms)
            )
        lines.append(wrap(text, "  "))
    return lines


def entry_json(entry: Deletion) -> dict[str, Any]:
    """An entry of the log, for programs."""
    return {
        "digest": entry.digest,
        "number": entry.number,
        "kind": entry.kind,
        "status": entry.status,
        "from": entry.sender,
        "sent_by_us": entry.sent_by_us,
        "at_ms": entry.at_ms,
        "by": entry.by,
        "reason": entry.reason,
        "days": entry.days,
        "rule": entry.rule,
    }
