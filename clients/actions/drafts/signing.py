"""Signing what was shown of a draft, and nothing else."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace

from clients.actions.client import Client
from clients.actions.drafts.keeping import find_draft
from clients.actions.drafts.record import WrittenDraft
from clients.actions.drafts.review import Review, review_draft
from clients.actions.drafts.writing import WrittenDispatch
from clients.actions.operations.commands import send_step
from clients.actions.writing import send_report
from clients.errors import ClientError, LocalCode
from clients.mail.attaching import with_attachments
from clients.mail.sent import Sent
from schemas.addresses import Address
from schemas.reports import ReportModel


@dataclass(frozen=True, slots=True)
class SignedDraft:
    """What has become of a draft.

    Attributes:
        review: as it was signed.
        sent: what was put into the outbox: what goes at once, and what follows it.
    """

    review: Review
    sent: tuple[Sent, ...]


def sign_draft(
    client: Client, name: str, shown: str, officer: Address, passphrase: str | None = None
) -> SignedDraft | None:
    """Sign a draft that its officer was shown, and put it into the outbox; a crash leaves that or the draft.

    Args:
        client: whose; the officer's key is open.
        name: of the draft.
        shown: digest of what the officer was shown, hexadecimal.
        officer: who signs.
        passphrase: the officer's, typed once more; ``None`` where it was not asked for.

    Returns:
        What was sent; ``None`` if what would be signed is not what this officer was shown last: it is to be shown
        again.

    Raises:
        ClientError: ``no_draft``; ``passphrase_needed``; ``wrong_passphrase``, which was counted; what
            `clients.actions.writing.send_report` raises.
        SeraiError: it can never be accepted; ``storage_failed``: the draft is kept.
    """
    client.reread()
    draft = find_draft(client, name)
    if not _was_shown(draft, shown, officer):
        return None
    assert draft.shown is not None  # noqa: S101 - it was shown
    review = review_draft(client, draft, officer, draft.shown.at_ms)
    if not hmac.compare_digest(review.shown.encode(), shown.encode()) or review.dispatch is None:
        return None
    if review.needs_passphrase:
        if not passphrase:
            raise ClientError(LocalCode.PASSPHRASE_NEEDED, officer=officer)
        _ = client.try_passphrase(officer, passphrase)
    return SignedDraft(review, tuple(_send(client, draft, review.dispatch)))


def _was_shown(draft: WrittenDraft, shown: str, officer: Address) -> bool:
    """Whether just this was shown last, and to who signs: another officer looks at it first."""
    last = draft.shown
    is_same = last is not None and bool(last.digest) and hmac.compare_digest(last.digest.encode(), shown.encode())
    return is_same and last is not None and last.officer == officer


def _send(client: Client, draft: WrittenDraft, found: WrittenDispatch) -> list[Sent]:
    files = [each.attachment for each in draft.files]

    def whole(report: ReportModel) -> ReportModel:
        return with_attachments(report, files) if files else report

    if found.step is not None:
        report = whole(found.step.report)
        prepared = replace(found.step, report=report)  # type: ignore[arg-type]  # the same form, with its files
        return send_step(client, prepared, draft=draft.row)
    return send_report(
        client,
        whole(found.report),
        found.cover,
        draft.row,
        instead_of=found.instead_of,
        passes_on=found.passes_on,
    )
