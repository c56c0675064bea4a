"""What pages send of drafts, and what they get: the shapes that the OpenAPI document names."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from clients.actions.drafts.record import Act, Wishes
from clients.desk.api.session import Asked
from schemas.limits import RECIPIENTS

Name = Annotated[str, StringConstraints(max_length=64)]
Line = Annotated[str, StringConstraints(max_length=400)]
Secret = Annotated[str, StringConstraints(max_length=1_024)]
Digest = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_-]*$")]
Shown = Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9a-f]*$")]
Typed = Annotated[str, StringConstraints(max_length=131_072)]
_ANSWERS = 2_000
_YEAR_MINUTES = 527_040


class BeginAsked(Asked):
    """A draft is to be begun."""

    what: Act
    kind: Name = ""
    on: Digest = ""
    operation: Digest = ""
    do: Name = ""


class CoverAsked(Asked):
    """What was chosen of a cover."""

    to: list[Line] = Field(default=[], max_length=RECIPIENTS)
    precedence: Literal["routine", "priority", "immediate", "flash"] | None = None
    status: Literal["actual", "exercise", "test"] | None = None
    handling: Literal["H0", "H1", "H2", "H3"] | None = None
    reply_minutes: Annotated[int, Field(strict=True, ge=1, le=_YEAR_MINUTES)] | None = None
    reply_from: list[Line] = Field(default=[], max_length=RECIPIENTS)
    to_all: bool = False
    permission: Line = ""
    step: Digest = ""
    legs: list[Line] = Field(default=[], max_length=64)
    by_machine: bool = False

    def wishes(self, withdrawn: str) -> Wishes:
        """The same as it is kept.

        Args:
            withdrawn: the word for it in a cancellation, in the language of who writes.
        """
        return Wishes.from_json({**self.model_dump(), "withdrawn": withdrawn})


class ChangeAsked(Asked):
    """All that a window has of a draft."""

    version: Annotated[int, Field(strict=True, ge=1)]
    answers: dict[Name, Typed] = Field(max_length=_ANSWERS)
    cover: CoverAsked = CoverAsked()


class SignAsked(Asked):
    """What was shown is to be signed."""

    shown: Shown
    passphrase: Secret | None = None


class CaptionAsked(Asked):
    """What is to be seen in a file."""

    caption: Line


# What pages get


class Given(BaseModel):
    """What a page gets."""

    model_config = ConfigDict(extra="allow")


class CodedWord(Given):
    """A code, with what a person reads for it."""

    value: str
    label: str


class FaultShown(Given):
    """What cannot be done, and what to do."""

    code: str
    title: str
    remedy: str
    detail: str


class FormChoice(Given):
    """Something that may be written anew."""

    what: str
    kind: str
    label: str
    purpose: str


class FormsAnswer(Given):
    """All that may be written anew."""

    rows: list[FormChoice]


class AskedField(Given):
    """A question, with its answer."""

    key: str
    label: str
    help: str
    type: str
    codes: list[CodedWord] | None
    needed: bool
    after: str
    list: str
    value: str
    suggested: str
    first: bool


class FormAnswer(Given):
    """The questions of a form."""

    kind: str
    fields: list[AskedField]


class DraftRow(Given):
    """A draft in a list."""

    id: str
    version: int
    act: Act
    title: str
    exercise: bool
    by: str
    at_ms: int
    headline: str


class DraftsAnswer(Given):
    """All drafts."""

    rows: list[DraftRow]


class FileShown(Given):
    """A file of a draft."""

    number: int
    name: str
    type: str
    size: int
    caption: str
    notes: list[str]
    alarming: list[str]
    showable: bool


class DraftShown(DraftRow):
    """A draft with all that was typed."""

    answers: dict[str, str]
    cover: dict[str, Any]
    files: list[FileShown]


class DraftAnswer(Given):
    """A draft, its questions, and what may be chosen."""

    draft: DraftShown
    fields: list[AskedField]
    choices: dict[str, Any]
    fault: FaultShown | None


class KeyedLabel(Given):
    """A question that lacks something."""

    key: str
    label: str


class SectionShown(Given):
    """A part of what is shown."""

    title: str
    lines: list[dict[str, Any]]


class RecipientShown(Given):
    """Somebody to whom it would go."""

    member: CodedWord
    can: bool
    why: str | None


class ReviewAnswer(Given):
    """What would be signed."""

    draft: str
    version: int
    shown: str
    ready: bool
    missing: list[KeyedLabel]
    unfit: list[KeyedLabel]
    unchanged: bool
    fault: FaultShown | None
    doubts: list[dict[str, str]]
    warnings: list[str]
    recipients: list[RecipientShown]
    preview: dict[str, list[SectionShown]]
    cover: list[dict[str, Any]]
    verb: str
    exercise: bool
    queued: bool
    needs_passphrase: bool


class SentAnswer(Given):
    """What was put into the outbox."""

    item: int
    items: list[int]
    words: str
