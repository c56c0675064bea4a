"""A draft as it is kept in the store: what it is about, what was typed, who gets it, its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, Self, cast

from clients.actions.writing import CoverOptions, Marking
from clients.formats.traces import Trace
from schemas.addresses import Address, parse_address, parse_member
from schemas.claims import Handling, Precedence, Status
from schemas.operations.deconfliction import KIND
from schemas.reports.attachments import Attachment


class Act(StrEnum):
    """What is written."""

    REPORT = "report"
    REPLY = "reply"
    FEEDBACK = "feedback"
    CORRECT = "correct"
    CANCEL = "cancel"
    FORWARD = "forward"
    STEP = "step"
    QUESTION = "question"
    PROFILE = "profile"
    COUNTERSIGN = "countersign"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a draft is, and what it is about.

    Attributes:
        act: what is written.
        kind: of a report.
        on: digest of the dispatch that is answered, corrected, cancelled or passed on; of a step that is struck out.
        operation: digest of the open of the operation in which a step is taken, or about which a desk is asked.
        do: what the step does; ``cancel`` strikes one out.
    """

    act: Act
    kind: str = ""
    on: str = ""
    operation: str = ""
    do: str = ""

    @property
    def form(self) -> str:
        """Name of the form that is filled in; empty where that depends on what is corrected, or there is none."""
        if self.act is Act.STEP:
            return f"operation-{self.do}"
        named = {Act.REPLY: "feedback", Act.FEEDBACK: "feedback", Act.PROFILE: "profile", Act.QUESTION: KIND}
        return named.get(self.act, self.kind)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person has chosen of a cover; what is empty follows from what it is about.

    Attributes:
        to: recipients, or the word for everybody.
        precedence: how urgent it is.
        status: how it is to be marked, or as what the person takes what it is about.
        handling: what recipients may do with it.
        reply_minutes: within how many minutes a reply is wanted.
        reply_from: who is to reply.
        to_all: whether a reply goes to all others who got what it answers.
        permission: where its provider has permitted to pass it on, in words.
        step: digest of the step that a step is on.
        legs: names of the legs on which is decided.
        by_machine: whether the member's own key signs a step, without an officer.
        withdrawn: the word for it in a cancellation, in the language of who cancels.
    """

    to: tuple[str, ...] = ()
    precedence: Precedence | None = None
    status: Status | None = None
    handling: Handling | None = None
    reply_minutes: int | None = None
    reply_from: tuple[str, ...] = ()
    to_all: bool = False
    permission: str = ""
    step: str = ""
    legs: tuple[str, ...] = ()
    by_machine: bool = False
    withdrawn: str = "withdrawn"

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """As they were kept; lists are tuples again."""
        known = {each.name for each in fields(cls)}
        made: dict[str, Any] = {
            name: tuple(each) if isinstance(each, list) else each for name, each in value.items() if name in known
        }
        return cls(**made)

    def options(self, officer: Address, asked_ms: int) -> CoverOptions:
        """What was asked of the cover.

        Args:
            officer: who signs.
            asked_ms: when it is shown, milliseconds since 1970 UTC: from then a reply is waited for.

        Raises:
            SeraiError: ``malformed_address``.
        """
        marking = Marking(self.status, self.precedence, self.handling)
        owing = tuple(map(parse_member, self.reply_from))
        hours = None if self.reply_minutes is None else self.reply_minutes / 60
        return CoverOptions(marking, officer, hours, owing, asked_ms)


@dataclass(frozen=True, slots=True)
class KeptAttachment:
    """A file of a draft: encrypted in the spool, and what an officer should see of it.

    Attributes:
        attachment: as it will stand in the report, with its key.
        said: what a picture said beside what it shows: left out, or still in it where it goes as it is.
        is_cleaned: whether that was left out.
        as_it_is: whether it stays in it, on purpose.
        is_lie: whether its name stands for another type.
        is_program: whether a machine would run it.
    """

    attachment: Attachment = field(repr=False)
    said: frozenset[Trace] = frozenset()
    is_cleaned: bool = False
    as_it_is: bool = False
    is_lie: bool = False
    is_program: bool = False

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        flags = {"is_cleaned": self.is_cleaned, "as_it_is": self.as_it_is, "is_lie": self.is_lie}
        attachment = self.attachment.model_dump(mode="json", exclude_none=True)
        said = sorted(each.value for each in self.said)
        return {"attachment": attachment, "said": said, **flags, "is_program": self.is_program}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """As it was kept."""
        made = {**value, "attachment": Attachment.model_validate(value["attachment"])}
        return cls(**{**made, "said": frozenset(map(Trace, value["said"]))})


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown last of a draft.

    Attributes:
        digest: of all that would be signed, hexadecimal.
        at_ms: when, milliseconds since 1970 UTC.
        officer: to whom.
    """

    digest: str
    at_ms: int
    officer: Address


@dataclass(frozen=True, slots=True)
class WrittenDraft:
    """A draft.

    Attributes:
        id: its name, which nothing else has.
        version: counts its changes, from 1.
        subject: what it is, and what it is about.
        by: the officer who changed it last.
        at_ms: when, milliseconds since 1970 UTC.
        answers: by the key of the step.
        wishes: what was chosen of the cover.
        files: that go with it.
        shown: what was shown last; ``None`` if nothing was.
    """

    id: str
    version: int
    subject: Subject
    by: Address
    at_ms: int
    answers: Mapping[str, str] = field(default_factory=dict)
    wishes: Wishes = field(default_factory=Wishes)
    files: tuple[KeptAttachment, ...] = ()
    shown: Shown | None = None

    @property
    def row(self) -> str:
        """Its name in the store."""
        return row_of(self.id)

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        value = {name: getattr(self, name) for name in ("id", "version", "by", "at_ms")}
        value |= {"subject": asdict(self.subject), "answers": dict(self.answers), "wishes": asdict(self.wishes)}
        shown = asdict(self.shown) if self.shown is not None else None
        return {**value, "files": [each.to_json() for each in self.files], "shown": shown}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """As it was kept."""
        shown, subject = value["shown"], cast("dict[str, Any]", value["subject"])
        return cls(
            id=value["id"],
            version=value["version"],
            subject=Subject(**{**subject, "act": Act(subject["act"])}),
            by=parse_address(value["by"]),
            at_ms=value["at_ms"],
            answers=value["answers"],
            wishes=Wishes.from_json(value["wishes"]),
            files=tuple(map(KeptAttachment.from_json, value["files"])),
            shown=None if shown is None else Shown(shown["digest"], shown["at_ms"], parse_address(shown["officer"])),
        )


def row_of(name: str) -> str:
    """The name in the store of the draft with an id."""
    return f"written {name}"
