"""Exercise and actual: what a network admits, and what a dispatch inherits (PROTOCOL 5, 6)."""

from __future__ import annotations

from typing import Final, cast, get_args

from schemas.claims import Status
from schemas.errors import Code, SeraiError

KNOWN: Final = get_args(Status)
"""What a dispatch may be; a reader that meets another word does not know whether it is real."""


def may_be_real(status: str) -> bool:
    """Whether a dispatch has to be taken for real: it is actual, or that is not known here."""
    return status not in ("exercise", "test")


def is_status_known(status: str) -> bool:
    """Whether it is known here whether a dispatch is real."""
    return status in KNOWN


def status_to_answer(status: str) -> Status:
    """The status that an answer to a dispatch, or its correction, has: the same.

    Raises:
        SeraiError: ``status_not_allowed`` if it is not known here whether the dispatch is real: nothing answers it.
    """
    if not is_status_known(status):
        raise SeraiError(Code.STATUS_NOT_ALLOWED, "not known whether it is real")
    return cast("Status", status)


def check_status(status: str, network: Status) -> None:
    """A network of exercises admits nothing actual.

    Args:
        status: of the dispatch.
        network: status in the network document.

    Raises:
        SeraiError: ``status_not_allowed``.
    """
    if status == "actual" and network == "exercise":
        raise SeraiError(Code.STATUS_NOT_ALLOWED, "actual in a network of exercises")


def check_inherited(rel: str, before: str | None, status: str) -> None:
    """A dispatch has the status of what it refers to; only what is real interrupts an exercise.

    What has a status that is not known here changes nothing.

    Args:
        rel: how it refers.
        before: status of what it refers to.
        status: its own.

    Raises:
        SeraiError: ``status_mismatch``.
    """
    interrupts = rel == "interrupts" and before == "exercise" and status == "actual"
    if (before != status and not interrupts) or not is_status_known(status):
        raise SeraiError(Code.STATUS_MISMATCH, f"{before} before, {status} now")
