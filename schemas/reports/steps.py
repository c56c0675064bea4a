"""A question of the minimal form of a report, and where its answer goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from schemas.labels import CodedValue


@dataclass(frozen=True, slots=True)
class Step:
    """One question. Texts are English; what shows them translates them.

    Attributes:
        key: name of the answer, and of the option that gives it.
        question: what is asked.
        form: what the answer must be: a type of text, or a table of codes.
        needed: whether the report means nothing without it.
        after: the step is asked only if this key was answered; ``key=value``, only if the answer was that.
        path: where in the report the answer goes (`schemas.reports.paths`); the member called as the key, if empty.
        help: what the option is for.
    """

    key: str
    question: str
    form: Any
    needed: bool = True
    after: str = ""
    path: str = ""
    help: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", self.path or self.key)

    @property
    def codes(self) -> type[CodedValue] | None:
        """The table of codes, if the answer is one."""
        return self.form if isinstance(self.form, type) and issubclass(self.form, CodedValue) else None

    def fits(self, answer: str) -> bool:
        """Whether an answer has the form that it must have."""
        if self.codes is not None:
            return any(code.value == answer for code in self.codes)
        try:
            TypeAdapter(self.form).validate_python(answer)
        except ValidationError:
            return False
        return True

    def is_due(self, answers: Mapping[str, str]) -> bool:
        """Whether it is asked, after what was answered before."""
        key, _sep, value = self.after.partition("=")
        return not key or (answers.get(key) == value if value else bool(answers.get(key)))

    def falls_with(self, changes: Mapping[str, str]) -> bool:
        """Whether its answer means nothing any more after these: its code is another, or what it goes with is gone."""
        key, _sep, value = self.after.partition("=")
        return key in changes and bool(value or not changes[key])
