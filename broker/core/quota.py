"""How much of attachments a member may have at the hub that no dispatch carries (PROTOCOL 10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schemas.errors import Code, SeraiError

FREE_LEAST: Final = 0.1
"""Share of the disk below which nothing is uploaded, so that statements go on."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What each member may have.

    Attributes:
        partial: uploads that are not whole.
        waiting_bytes: of blobs that are partial, or that no dispatch names.
        day_bytes: of blobs whose upload began on the same day.
    """

    partial: int = 64
    waiting_bytes: int = 4 << 30
    day_bytes: int = 16 << 30


@dataclass(frozen=True, slots=True)
class Usage:
    """What a member has, in the terms of `Quota`."""

    partial: int
    waiting_bytes: int
    day_bytes: int


def check_quota(usage: Usage, size_bytes: int, quota: Quota) -> None:
    """Whether an upload may begin: all of it is counted at once.

    Raises:
        SeraiError: ``quota_exceeded``.
    """
    if usage.partial >= quota.partial:
        raise SeraiError(Code.QUOTA_EXCEEDED, f"{usage.partial} uploads are not whole")
    if usage.waiting_bytes + size_bytes > quota.waiting_bytes:
        raise SeraiError(Code.QUOTA_EXCEEDED, "bytes that no dispatch names")
    if usage.day_bytes + size_bytes > quota.day_bytes:
        raise SeraiError(Code.QUOTA_EXCEEDED, "bytes of today")
