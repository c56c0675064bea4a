"""What every part of a report is made of: the model base and the scalar types.

Reports are closed to who writes them (an unknown member is refused; for who reads see
`schemas.reports.reading`) and frozen. Numbers with a fraction
are JSON strings in plain decimal notation, because a binary float would change what
was weighed: ``"3.10"`` stays ``"3.10"``. Times keep the spelling of the sender. Text
is kept as sent, without control characters, which could rewrite a terminal.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final, Generic, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, model_validator

from schemas.labels import CodedValue, is_lenient
from schemas.reports.countries import COUNTRIES
from schemas.text import LINE


class Part(BaseModel):
    """Base of reports and their parts: closed, frozen, and silent about content in errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, regex_engine="rust-regex")


_TEXT = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\x00-\x20\x7F-\xA0][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$"

LINE_CHARACTERS: Final = 255
"""Longest line."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=LINE_CHARACTERS, pattern=LINE)]
"""One line of text, 1 to 255 characters, not blank."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=8000, pattern=_TEXT)]
"""Text of several lines, 1 to 8,000 characters, not blank."""

Reference = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=LINE)]
"""An agency's own number of a case or report, 1 to 64 characters."""

LanguageTag = Annotated[str, StringConstraints(max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
"""Language of free text (BCP 47); ``und`` if the sender does not say."""

Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
"""A number of persons, parcels, ...: 1 to 1,000,000."""

DecimalText = Annotated[str, StringConstraints(max_length=64, pattern=r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,40})?$")]
"""A number from zero to below 10^15 in plain decimal notation, kept as written."""

UnLocode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[A-Z2-9]{3}$")]
"""UN/LOCODE of a place: country and three characters, without space (``KZALA``)."""

CasNumber = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{1,6}-[0-9]{2}-[0-9]$")]
"""CAS registry number of a substance (``561-27-3``)."""

_YEAR = r"(19|[2-9][0-9])"
_DAYS = (
    rf"{_YEAR}[0-9]{{2}}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    rf"|{_YEAR}[0-9]{{2}}-(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    rf"|{_YEAR}[0-9]{{2}}-02-(0[1-9]|1[0-9]|2[0-8])"
    rf"|({_YEAR}(0[48]|[2468][048]|[13579][26])|([2468][048]|[3579][26])00)-02-29"
)
_HOUR, _MINUTE = "([01][0-9]|2[0-3])", "[0-5][0-9]"
_TIME = rf"T{_HOUR}:{_MINUTE}(:{_MINUTE})?(Z|[+-]{_HOUR}:{_MINUTE})"


def _known_country(code: str, info: ValidationInfo) -> str:
    if code not in COUNTRIES and not is_lenient(info):
        raise ValueError("not an ISO 3166 alpha-2 code")
    return code


def _at_most(limit: int) -> AfterValidator:
    def check(text: str) -> str:
        if abs(Decimal(text)) > limit:
            raise ValueError(f"beyond {limit}")
        return text

    return AfterValidator(check)


CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), AfterValidator(_known_country)]
"""ISO 3166 alpha-2 code of `COUNTRIES`; who reads takes any two letters, for countries change."""

Moment = Annotated[str, StringConstraints(pattern=rf"^({_DAYS})({_TIME})?$")]
"""A day of the calendar since 1900 (``2026-11-23``) or a time with its offset from UTC (``2026-11-23T14:05+05:00``)."""

Day = Annotated[str, StringConstraints(pattern=rf"^({_DAYS})$")]
"""A day of the calendar since 1900, without a time (``2026-11-23``)."""

Instant = Annotated[str, StringConstraints(pattern=rf"^({_DAYS}){_TIME}$")]
"""A time with its offset from UTC, where a day alone would not do (``2026-11-23T14:05+05:00``)."""

Percent = Annotated[DecimalText, _at_most(100)]
"""A percentage from 0 to 100, as decimal text."""

_SIGNED = r"^-?(0|[1-9][0-9]{0,2})(\.[0-9]{1,10})?$"

Latitude = Annotated[str, StringConstraints(pattern=_SIGNED), _at_most(90)]
"""Degrees north (WGS 84), as decimal text."""

Longitude = Annotated[str, StringConstraints(pattern=_SIGNED), _at_most(180)]
"""Degrees east (WGS 84), as decimal text."""

C = TypeVar("C", bound=CodedValue)


class Coded(Part, Generic[C]):
    """A code and, where the sender used another word, that word.

    Attributes:
        code: the code; ``other`` needs the word beside it.
        as_written: the sender's own word.
    """

    code: C
    as_written: Line | None = None

    @model_validator(mode="after")
    def _other_is_explained(self) -> Self:
        if self.code.value == "other" and self.as_written is None:
            raise ValueError("other needs as_written")
        return self


class NamedCountry(Part):
    """A country by code, by the name as written, or both.

    Attributes:
        code: ISO 3166 alpha-2, if the country is known.
        as_written: the sender's name for it.
    """

    code: CountryCode | None = None
    as_written: Line | None = None

    @model_validator(mode="after")
    def _is_named(self) -> Self:
        if self.code is None and self.as_written is None:
            raise ValueError("needs code or as_written")
        return self
