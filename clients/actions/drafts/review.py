"""What would be signed of a draft: all of it, with a digest by which it is known again (`signing`).

An officer signs what was shown. What is shown is made here from the stored draft, and made once more when it is
signed: if the two differ in a single letter, nothing is signed, and it is shown again.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from hashlib import sha256
from typing import Any, Final

from clients.actions.client import Client
from clients.actions.drafts.files import lost_files
from clients.actions.drafts.keeping import find_draft, note_shown
from clients.actions.drafts.record import Act, Shown, WrittenDraft
from clients.actions.drafts.steps import write_step_draft
from clients.actions.drafts.writing import FILES, Gaps, WrittenDispatch, write_draft
from clients.actions.reaching import Unreachable, unreachable
from clients.mail.cover import Cover
from schemas.addresses import Address
from schemas.encoding import decode_object, encode_json
from schemas.errors import SeraiError
from schemas.reports import MAX_REPORT_BYTES, encode_report
from schemas.reports.attachments import Attachment
from schemas.reports.review import Doubt, review_report

_GUARDED: Final = frozenset({Act.STEP, Act.PROFILE, Act.COUNTERSIGN})
"""What its officer signs with the passphrase typed once more, whatever its precedence."""


@dataclass(frozen=True, slots=True)
class ReviewedRecipient:
    """Somebody to whom it would go.

    Attributes:
        member: who.
        why: why the member cannot read it now; ``None`` if it can.
        is_known: whether the directory has it here.
    """

    member: Address
    why: Unreachable | None
    is_known: bool


@dataclass(frozen=True, slots=True)
class Review:
    """A draft as its officer sees it before signing.

    Attributes:
        draft: which.
        officer: who would sign.
        at_ms: when it was made, milliseconds since 1970 UTC.
        dispatch: what would be signed; ``None`` while something lacks.
        gaps: what lacks.
        fault: why it cannot be signed though nothing lacks; ``None`` if it can.
        shown: digest of all that would be signed, hexadecimal; empty while nothing can be.
        recipients: to whom it would go.
        doubts: what looks wrong in the report, and refuses nothing.
    """

    draft: WrittenDraft
    officer: Address
    at_ms: int
    dispatch: WrittenDispatch | None = None
    gaps: Gaps = field(default_factory=Gaps)
    fault: SeraiError | None = None
    shown: str = ""
    recipients: tuple[ReviewedRecipient, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether it can be signed."""
        return bool(self.shown)

    @property
    def needs_passphrase(self) -> bool:
        """Whether its officer types the passphrase once more."""
        is_flash = self.dispatch is not None and self.dispatch.cover.precedence == "flash"
        return not self.draft.wishes.by_machine and (is_flash or self.draft.subject.act in _GUARDED)


def review_draft(client: Client, draft: WrittenDraft, officer: Address, at_ms: int) -> Review:
    """What would be signed of a draft, or why nothing can be; nothing is kept.

    Args:
        client: whose.
        draft: which.
        officer: who would sign.
        at_ms: as of when, milliseconds since 1970 UTC: times that follow from now follow from then.
    """
    write = write_step_draft if draft.subject.act is Act.STEP else write_draft
    try:
        found = write(client, draft, officer, at_ms)
    except SeraiError as error:
        return Review(draft, officer, at_ms, fault=error)
    if isinstance(found, Gaps):
        return Review(draft, officer, at_ms, gaps=found)
    gaps = Gaps(missing=(FILES,)) if lost_files(client, draft) else Gaps()
    shown = "" if gaps else digest_of(draft, found)
    recipients = tuple(_recipients(client, found.cover))
    doubts = review_report(found.report)
    return Review(draft, officer, at_ms, found, gaps, None, shown, recipients, doubts)


def show_draft(client: Client, name: str, officer: Address) -> Review:
    """What would be signed of a draft now; that it was shown, and to whom, is kept with it.

    Args:
        client: whose.
        name: of the draft.
        officer: who looks at it, and would sign.

    Raises:
        ClientError: ``no_draft``.
        SeraiError: ``storage_failed``.
    """
    client.reread()
    draft = find_draft(client, name)
    review = review_draft(client, draft, officer, client.state.system.clock.time_ms())
    shown = Shown(review.shown, review.at_ms, officer)
    note_shown(client, draft, shown)
    return review


def _recipients(client: Client, cover: Cover) -> list[ReviewedRecipient]:
    held, directory = unreachable(client.state, cover.to), client.state.directory
    return [ReviewedRecipient(each, held.get(each), bool(directory.credentials(each))) for each in cover.to]


# What is signed, as one digest


def digest_of(draft: WrittenDraft, found: WrittenDispatch) -> str:
    """SHA-256 of all that would be signed and sent, and of what is withdrawn with it, hexadecimal.

    Of a stop the recipients are not in it: whoever has become known since gets it too, and nothing holds a stop back.
    Nor is what a step says that its signer held: that is made when it is signed.
    """
    passes_on = found.passes_on
    value = {
        "draft": draft.id,
        "subject": list(astuple(draft.subject)),
        "report": decode_object(encode_report(found.report), MAX_REPORT_BYTES),
        "cover": _cover_json(found.cover, is_stop=draft.subject.do == "stop"),
        "files": [_file_json(each.attachment) for each in draft.files],
        "instead_of": list(found.instead_of),
        "withdrawn": [each.id for each in found.withdrawn],
        "passes_on": None if passes_on is None else [passes_on.digest, passes_on.permission],
        "newer_plan": found.step.newer_plan if found.step is not None else None,
    }
    return sha256(encode_json(value).encode()).hexdigest()


def _file_json(file: Attachment) -> list[str]:
    return [file.name, file.media_type, file.sha256, file.blob, file.caption or ""]


def _cover_json(cover: Cover, *, is_stop: bool) -> dict[str, Any]:
    expects, mark = cover.expects, cover.operation
    value: dict[str, Any] = {
        "signer": cover.signer,
        "status": cover.status,
        "precedence": cover.precedence,
        "handling": cover.handling,
        "refs": [[ref.rel, ref.digest, ref.outgoing] for ref in cover.refs],
    }
    value["to"] = None if is_stop else list(cover.to)
    value["expects"] = None if expects is None else [expects.by, list(expects.members)]
    if mark is not None:
        parts = [] if is_stop else [list(each) for each in mark.participants]
        value["operation"] = [mark.id, mark.do, mark.decision, parts]
    return value
