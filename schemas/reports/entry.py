"""An entry of the registry of kinds (`schemas.reports.kinds`)."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.labels import Label, Role
from schemas.reports.models import ReportModel
from schemas.reports.steps import Step


@dataclass(frozen=True, slots=True)
class ReportKind:
    """What a dispatch is (`kind` of a cover), and the form of its report. Texts are English; screens translate them.

    Attributes:
        name: the word that travels.
        label: what a person reads for it.
        short: the same where there is room for nine letters, if the label is longer.
        model: the form; ``None`` if there is none yet: such a report is read as it was written.
        senders: roles and posts, one of which its signer needs, as a client checks before it signs; nobody sends it
            if there are none. The hub, which is blind to kinds, asks for the role of `schemas.rules.signers`.
        purpose: what sending it is for, one sentence.
        examples: what may be typed after ``serai send`` and the name.
        steps: the minimal form, in the order in which an officer thinks.
        headline: the report in a line; each ``{path}`` is what stands there (`schemas.reports.paths`).
        is_past: whether it tells what has happened; then nothing is urgent about it, unless its sender says so.
        has_own_commands: whether it is written by commands of its own, and not by ``serai send``.
        forms: of a kind that has one for each ``do``: each is called ``kind-do``, and is no kind of its own.
    """

    name: str
    label: Label
    short: Label | None = None
    model: type[ReportModel] | None = None
    senders: tuple[Role, ...] = ()
    purpose: str = ""
    examples: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    headline: str = "{summary}"
    is_past: bool = False
    has_own_commands: bool = False
    forms: tuple[ReportKind, ...] = ()

    @property
    def constants(self) -> dict[str, str | int]:
        """The members by which its form is known: ``report``, ``version``, and of several forms ``do``."""
        fields = self.model.model_fields if self.model is not None else {}
        return {name: fields[name].default for name in ("report", "version", "do") if name in fields}

    @property
    def value(self) -> str:
        """The name, as it is called of every code that has a label (`schemas.labels.Labelled`)."""
        return self.name
