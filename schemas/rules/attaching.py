"""Attachments: what a cover may name, and whether its report names the same (PROTOCOL 6)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from schemas import limits
from schemas.claims import Dispatch
from schemas.errors import Code, SeraiError
from schemas.padding import is_padded, padded_size
from schemas.reports.attachments import Attachment
from schemas.reports.models import ReportModel


class Fit(Enum):
    """Whether the cover names an attachment of its report."""

    SAME = "same"
    DIFFERENT_SIZE = "different_size"
    NOT_IN_COVER = "not_in_cover"


class Compared(NamedTuple):
    """Cover and report, side by side.

    Attributes:
        fits: for each attachment of the report, in its order.
        unnamed: how many the cover names that the report does not: nobody can open them.
    """

    fits: tuple[Fit, ...]
    unnamed: int

    @property
    def is_same(self) -> bool:
        """Whether they name the same."""
        return not self.unnamed and all(fit is Fit.SAME for fit in self.fits)


def check_attached(cover: Dispatch, most_bytes: int = limits.BLOB_CONTENT_BYTES) -> None:
    """Check what a cover names, as composer and hub do.

    Args:
        cover: of a dispatch.
        most_bytes: largest padded file that the hub allows (`limits.blob` of its welcome).

    Raises:
        SeraiError: ``malformed_statement``: more than 32, one twice, or a size that no padded file has;
            ``attachment_too_large``: one of them, or all together.
    """
    named = cover.attachments or []
    if len(named) > limits.ATTACHMENTS:
        raise SeraiError(Code.MALFORMED_STATEMENT, f"attachments: {limits.ATTACHMENTS} at most")
    if len({each.digest for each in named}) != len(named):
        raise SeraiError(Code.MALFORMED_STATEMENT, "attachments: one is named twice")
    if not all(is_padded(each.size) for each in named):
        raise SeraiError(Code.MALFORMED_STATEMENT, "attachments: a size that no padded file has")
    if any(each.size > min(most_bytes, limits.BLOB_CONTENT_BYTES) for each in named):
        raise SeraiError(Code.ATTACHMENT_TOO_LARGE, "one attachment")
    if sum(each.size for each in named) > limits.ATTACHED_BYTES:
        raise SeraiError(Code.ATTACHMENT_TOO_LARGE, "all attachments together")


def compare_attached(cover: Dispatch, report: Sequence[Attachment]) -> Compared:
    """Compare what a cover names with what its report names: a reader marks what differs, and shows the report.

    Both name them in the same order, each once; where the report has one that cannot be read, the others still fit.

    Args:
        cover: of the dispatch.
        report: attachments of its report, as far as they could be read.
    """
    named, fits, at, same = cover.attachments or [], [], 0, 0
    for each in report:
        found = next((place for place in range(at, len(named)) if named[place].digest == each.blob), None)
        if found is None:
            fits.append(Fit.NOT_IN_COVER)
            continue
        at, same = found + 1, same + 1
        fits.append(Fit.SAME if named[found].size == padded_size(each.size) else Fit.DIFFERENT_SIZE)
    return Compared(tuple(fits), len(named) - same)


def is_same_with_files(before: ReportModel, after: ReportModel) -> bool:
    """Whether a report says what the one before it said, and brings the attachments that were to follow.

    Nobody has to be called for it who has acknowledged the one before (PROTOCOL 7).

    Args:
        before: the report that went at once.
        after: the report of its update.
    """
    if not before.attachments_follow or before.attachments or not after.attachments:
        return False
    said = after.model_copy(update={"attachments": (), "attachments_follow": before.attachments_follow})
    return said == before


def check_same(cover: Dispatch, report: Sequence[Attachment]) -> None:
    """Check, before signing, that cover and report name the same.

    Raises:
        SeraiError: ``malformed_report``.
    """
    if not compare_attached(cover, report).is_same:
        raise SeraiError(Code.MALFORMED_REPORT, "attachments: cover and report name different ones")
