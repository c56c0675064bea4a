"""From a draft to what would be signed: report and cover, or what is lacking. Nothing here is kept or signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from clients.actions.amending import (
    Amendment,
    amending_cover,
    find_amendable,
    find_correctable,
    find_waiting,
    plan_cancellation,
    plan_correction,
    write_withdrawal,
)
from clients.actions.client import Client
from clients.actions.drafts.fields import REASON, members_of, operation_of, spoken_of, version_before
from clients.actions.drafts.record import Act, WrittenDraft
from clients.actions.forms import build_report, missing, unfit
from clients.actions.forwarding import begin_forward, forwarding_cover
from clients.actions.operations.commands import PreparedStep
from clients.actions.operations.deconflicting import QuestionFault, check_question, question_about, question_cover
from clients.actions.operations.defaults import plan_before
from clients.actions.profiles import find_profile, prepare_countersignature, profile_cover
from clients.actions.responding import begin_feedback, begin_reply
from clients.actions.revision import answers_of, revise
from clients.actions.writing import (
    CoverOptions,
    PartialCover,
    PassedOn,
    begin_cover,
    read_typed_recipients,
    usual_precedence,
    write_report,
)
from clients.errors import ClientError, LocalCode
from clients.mail.cover import Cover
from clients.mail.withdrawing import unsent_versions
from clients.store import Outgoing
from schemas.addresses import Address
from schemas.encoding import encode_json
from schemas.reports import ReportModel, parse_report
from schemas.reports.deconflict import DeconflictReport
from schemas.reports.kinds import KINDS
from schemas.reports.profile import ProfileReport

TO, PRECEDENCE, FILES = "cover.to", "cover.precedence", "files"
"""Names of what lacks beside the answers: recipients, how urgent it is, files that are gone."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """What has to be put right before a draft can be signed.

    Attributes:
        missing: keys of what was not answered; of the cover `TO`, `PRECEDENCE`.
        unfit: keys of answers that will not do.
        is_unchanged: whether a new version says just what the one before says.
    """

    missing: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()
    is_unchanged: bool = False

    def __bool__(self) -> bool:
        return bool(self.missing or self.unfit or self.is_unchanged)


@dataclass(frozen=True, slots=True)
class WrittenDispatch:
    """What would be signed.

    Attributes:
        report: the content, without the files that go with it.
        cover: to whom, by whom, how marked.
        instead_of: digests of what it cancels or corrects.
        withdrawn: what waits in the outbox and is withdrawn with that.
        passes_on: what of others it passes on.
        left_out: who should get it, and cannot be written to.
        had_it: recipients that have what is passed on already.
        before: the version before, or what is countersigned.
        step: the step of an operation that it is.
    """

    report: ReportModel
    cover: Cover
    instead_of: tuple[str, ...] = ()
    withdrawn: tuple[Outgoing, ...] = ()
    passes_on: PassedOn | None = None
    left_out: tuple[Address, ...] = ()
    had_it: tuple[Address, ...] = ()
    before: ReportModel | None = None
    step: PreparedStep | None = field(default=None)


def write_draft(client: Client, draft: WrittenDraft, officer: Address, at_ms: int) -> WrittenDispatch | Gaps:
    """What would be signed of any draft but a step of an operation (`clients.actions.drafts.steps`).

    Args:
        client: whose.
        draft: which.
        officer: who would sign.
        at_ms: when it is shown, milliseconds since 1970 UTC.

    Raises:
        ClientError: what it is about cannot be answered, changed or passed on so; ``recipients_unknown``.
        SeraiError: ``malformed_report``, ``malformed_address``.
    """
    options = draft.wishes.options(officer, at_ms)
    if draft.subject.act is Act.REPORT:
        return _report(client, draft, options)
    if draft.subject.act in (Act.REPLY, Act.FEEDBACK):
        return _response(client, draft, options)
    write = _WRITERS.get(draft.subject.act)
    if write is not None:
        return write(client, draft, options)
    return _profile(client, draft, options) if draft.subject.act is Act.PROFILE else _countersignature(client, options)


def gaps_of(kind: str, answers: Mapping[str, str], also: Sequence[str] = ()) -> Gaps:
    """What lacks in the answers of a form, and beside them.

    Args:
        kind: name of the form.
        answers: by the key of the step.
        also: what else lacks.
    """
    lacking = [step.key for step in missing(kind, answers)]
    return Gaps((*lacking, *also), tuple(step.key for step in unfit(kind, answers)))


def _report(client: Client, draft: WrittenDraft, options: CoverOptions) -> WrittenDispatch | Gaps:
    kind, wishes = draft.subject.kind, draft.wishes
    on = spoken_of(client, draft.subject.on) if draft.subject.on else None
    partial = begin_cover(client, options, on)
    lacks_to = not wishes.to and partial.sender is None
    lacks_precedence = partial.precedence is None and not KINDS[kind].is_past
    also = [name for name, lacks in ((TO, lacks_to), (PRECEDENCE, lacks_precedence)) if lacks]
    if gaps := gaps_of(kind, draft.answers, also):
        return gaps
    to = read_typed_recipients(client, wishes.to or [str(partial.sender)])
    return WrittenDispatch(write_report(kind, draft.answers), _completed(partial, to, kind))


def _completed(partial: PartialCover, to: tuple[Address, ...], kind: str) -> Cover:
    return partial.complete(to, partial.precedence or usual_precedence(kind))


def _response(client: Client, draft: WrittenDraft, options: CoverOptions) -> WrittenDispatch | Gaps:
    begin = begin_reply if draft.subject.act is Act.REPLY else begin_feedback
    spoken, wishes = spoken_of(client, draft.subject.on), draft.wishes
    response = begin(client, spoken, wishes.status, to_all=wishes.to_all)
    answers = {**response.known, **{key: text for key, text in draft.answers.items() if text}}
    lacks_words = draft.subject.act is Act.REPLY and not answers.get("summary")
    if gaps := gaps_of("feedback", answers, ["summary"] if lacks_words else []):
        return gaps
    to = read_typed_recipients(client, wishes.to or response.to)
    cover = _completed(begin_cover(client, options, spoken), to, "feedback")
    left_out = tuple(each for each in response.left_out if each not in to)
    return WrittenDispatch(write_report("feedback", answers), cover, left_out=left_out)


def _correction(client: Client, draft: WrittenDraft, options: CoverOptions) -> WrittenDispatch | Gaps:
    original, old = find_correctable(client, spoken_of(client, draft.subject.on), options.marking.status)
    found = _revised(old, draft)
    if isinstance(found, Gaps):
        return found
    return _amended(client, plan_correction(client, original), found, options, old)


def _revised(old: ReportModel, draft: WrittenDraft) -> ReportModel | Gaps:
    """A new version of a report, unless it lacks something or changes nothing."""
    members = revise(old.kind, members_of(old), draft.answers)
    if gaps := gaps_of(old.kind, answers_of(old.kind, members)):
        return gaps
    strange = {step.key for step in unfit(old.kind, draft.answers)}
    new = parse_report(encode_json(members).encode()) if not strange else old
    if strange or (new == old and not draft.files):
        return Gaps(unfit=tuple(sorted(strange)), is_unchanged=not strange)
    return new


def _amended(
    client: Client, amendment: Amendment, report: ReportModel, options: CoverOptions, old: ReportModel | None
) -> WrittenDispatch:
    digests = tuple(each.digest for each in amendment.versions)
    return WrittenDispatch(
        report,
        amending_cover(client, amendment, options),
        digests,
        tuple(unsent_versions(digests, client.store)),
        left_out=amendment.left_out,
        before=old,
    )


def _cancellation(client: Client, draft: WrittenDraft, options: CoverOptions) -> WrittenDispatch | Gaps:
    original = find_amendable(client, spoken_of(client, draft.subject.on), options.marking.status)
    if (found := find_waiting(client, original.digest, "cancel")) is not None:
        raise ClientError(LocalCode.CANCEL_WAITS, number=original.number, item=found[0].id)
    reason = draft.answers.get("reason", "")
    if not reason:
        return Gaps(missing=("reason",))
    if not REASON.fits(reason):
        return Gaps(unfit=("reason",))
    report = write_withdrawal(original, reason, draft.wishes.withdrawn)
    return _amended(client, plan_cancellation(client, original), report, options, original.report)


def _forwarding(client: Client, draft: WrittenDraft, options: CoverOptions) -> WrittenDispatch | Gaps:
    wishes = draft.wishes
    forwarding = begin_forward(client, spoken_of(client, draft.subject.on), wishes.status, wishes.permission)
    if not wishes.to:
        return Gaps(missing=(TO,))
    to = read_typed_recipients(client, wishes.to)
    cover = forwarding_cover(client, forwarding, to, options)
    passed = PassedOn(forwarding.original.digest, wishes.permission)
    return WrittenDispatch(forwarding.report, cover, passes_on=passed, had_it=forwarding.has_it(to))


def _profile(client: Client, draft: WrittenDraft, options: CoverOptions) -> WrittenDispatch | Gaps:
    old = version_before(client, draft)
    cover = profile_cover(client, options.marking, options.officer)
    if old is None:
        gaps = gaps_of("profile", draft.answers)
        return gaps or WrittenDispatch(write_report("profile", draft.answers), cover)
    found = _revised(old, draft)
    if isinstance(found, Gaps):
        if found.is_unchanged and find_profile(client, client.member, options.marking.status).not_sent:
            return WrittenDispatch(old, cover, before=old)  # it goes to who joined since
        return found
    return WrittenDispatch(found, cover, before=old)


def _countersignature(client: Client, options: CoverOptions) -> WrittenDispatch:
    ready = prepare_countersignature(client, options.marking, options.officer)
    before: ProfileReport = ready.form
    return WrittenDispatch(ready.report, ready.cover, before=before)


def _question(client: Client, draft: WrittenDraft, options: CoverOptions) -> WrittenDispatch | Gaps:
    """A question to the desk that compares: of a plan, or of what was typed."""
    cover = question_cover(client, options.marking, options.officer)
    known = operation_of(client, draft)
    status = cover.status or client.network_status
    asked = question_about(client, plan_before(known), status) if known is not None else None
    kind, members = draft.subject.form, members_of(asked) if asked is not None else {}
    if members:
        members = revise(kind, members, draft.answers)
        gaps = gaps_of(kind, answers_of(kind, members))
    else:
        gaps, members = gaps_of(kind, draft.answers), build_report(kind, draft.answers)
    if gaps:
        return gaps
    if not (members.get("numbers") or members.get("points")):
        raise ClientError(LocalCode.QUESTION_UNSENT, why=QuestionFault.NOTHING)
    report = parse_report(encode_json(members).encode())
    assert isinstance(report, DeconflictReport)  # noqa: S101 - the kind has this form
    return WrittenDispatch(check_question(report), cover)


_Write = Callable[[Client, WrittenDraft, CoverOptions], WrittenDispatch | Gaps]
_WRITERS: Final[Mapping[Act, _Write]] = {
    Act.CORRECT: _correction,
    Act.CANCEL: _cancellation,
    Act.FORWARD: _forwarding,
    Act.QUESTION: _question,
}
