"""What people type: each type reads one kind of word, or says what is due."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from clients.actions.home import SEAT
from clients.actions.numbers import SpokenNumber, parse_number, parse_spoken
from clients.cli.ui import parse_thumbprint
from clients.documents.texts import _, label
from schemas.addresses import Address, is_officer, parse_address
from schemas.errors import SeraiError
from schemas.labels import CodedValue, find_code
from schemas.reports.base import LINE_CHARACTERS
from schemas.reports.kinds import KINDS
from schemas.rules.said_time import parse_said_time
from schemas.text import LINE

_METAVAR: Final = 60


class AddressType(click.ParamType[Address]):
    """An address.

    Args:
        officer: whether it must be an officer's (``True``), a member's (``False``) or either (``None``).
    """

    name = "address"

    def __init__(self, *, officer: bool | None = None) -> None:
        self._officer = officer

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Address:
        """The address, if it is one."""
        try:
            address = parse_address(value.strip().upper())
        except SeraiError:
            self.fail(_("an address is written like KZ/NFP, an officer's like KZ/NFP/DUTY-1"), param, ctx)
        if self._officer is not None and is_officer(address) is not self._officer:
            need = _("an officer's address is due: KZ/NFP/DUTY-1") if self._officer else _("a member is due: KZ/NFP")
            self.fail(need, param, ctx)
        return address


class SeatName(click.ParamType[str]):
    """The name of a seat."""

    name = "seat"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name, if it is one."""
        if re.fullmatch(SEAT, value) is None:
            self.fail(_("a seat is called by 1 to 32 of a-z 0-9 -"), param, ctx)
        return value


class ClockTime(click.ParamType[int]):
    """A time that a person reads from a clock, in UTC or with its offset; milliseconds since 1970 UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The time, if it is one."""
        try:
            return parse_said_time(str(value))
        except ValueError:
            need = _("a time is written in UTC, or with its offset: 2026-12-01T03:00, 2026-12-01T08:00+05:00")
            self.fail(need, param, ctx)


class Amount(click.FloatRange):
    """A number within bounds; what is none (``nan``), or not a finite one, is refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number."""
        amount: float = super().convert(value, param, ctx)
        if not math.isfinite(amount):
            self.fail(_("{value!r} is not a valid {number_type}.").format(value=value, number_type="float"), param, ctx)
        return amount


class Thumbprint(click.ParamType[str]):
    """A key's thumbprint: 43 characters of base64url (RFC 7638), or the same as hexadecimal groups."""

    name = "thumbprint"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The thumbprint as it is written in statements."""
        found = parse_thumbprint(value)
        if found is None:
            self.fail(_("a thumbprint is 43 characters of base64url, or 16 groups of 4 hexadecimal digits"), param, ctx)
        return found


class CodeChoice(click.Choice[str]):
    """One of a table of codes, typed as it travels; a wrong one is answered with all that there are.

    Args:
        codes: the table.
    """

    def __init__(self, codes: type[CodedValue]) -> None:
        super().__init__([code.value for code in codes], case_sensitive=False)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:  # noqa: ARG002 - of the table
        """All of them, where they have room in a line."""
        return _metavar(self.choices)


def _metavar(codes: Iterable[str], name: str = "CODE") -> str:
    words = "|".join(codes)
    return f"[{words}]" if len(words) <= _METAVAR else name


class CodeType(click.ParamType[str]):
    """A code of a form, or what a person reads for it; what is none is refused where the answer is judged.

    Args:
        codes: the table.
    """

    name = "code"

    def __init__(self, codes: type[CodedValue]) -> None:
        self._codes = codes

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        """The code that was typed, or whose label was."""
        found = find_code(self._codes, value)
        return value if found is None else found.value

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:  # noqa: ARG002 - of the table
        """All of them, where they have room in a line."""
        return _metavar(code.value for code in self._codes)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Those that begin with what was typed, each with its label."""
        codes = (code for code in self._codes if code.value.startswith(incomplete.lower()))
        return [CompletionItem(code.value, help=label(code)) for code in codes]


class KindType(click.ParamType[str]):
    """A kind of dispatch, typed as it travels; one of those that there are when it is typed."""

    name = "kind"

    @property
    def _kinds(self) -> click.Choice[str]:
        return click.Choice(list(KINDS), case_sensitive=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The kind, if it is one."""
        return self._kinds.convert(value, param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:  # noqa: ARG002 - of the registry
        """All of them, where they have room in a line."""
        return _metavar(KINDS, "KIND")

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Those that begin with what was typed."""
        return self._kinds.shell_complete(ctx, param, incomplete)


class LineType(click.ParamType[str]):
    """One line of text, as reports have it."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text."""
        if not 1 <= len(value) <= LINE_CHARACTERS or re.fullmatch(LINE, value) is None:
            self.fail(_("one line of text is due, of 255 characters at most"), param, ctx)
        return value


class NumberType(click.ParamType[int]):
    """The number of a dispatch; one that is spoken in several words needs quotes."""

    name = "number"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The place in the ledger."""
        found = parse_number(value)
        if found is None:
            self.fail(_("the number of a dispatch is due: 10423, or EX 10 423"), param, ctx)
        return found


class SpokenType(click.ParamType[SpokenNumber]):
    """The same where it matters whether a person takes it for an exercise."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> SpokenNumber:
        """The number, and as what it was typed."""
        found = parse_spoken(str(value))
        if found is None:
            self.fail(_("the number of a dispatch is due: 10423, or EX 10 423"), param, ctx)
        return found


class MomentType(click.ParamType[int]):
    """A day or a time in UTC, as milliseconds since 1970.

    Args:
        end: whether a day means its end.
    """

    name = "time"

    def __init__(self, *, end: bool = False) -> None:
        self._end = end

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The time."""
        if isinstance(value, int):
            return value
        from clients.actions.searching import moment_ms

        try:
            return moment_ms(value.strip(), end=self._end)
        except (ValueError, OverflowError):
            self.fail(_("a day or a time in UTC is due: 2026-11-24, or 2026-11-24T03:00Z"), param, ctx)


class NumberArgument(click.Argument):
    """``N``: one number, which may be typed as it is spoken, in several words."""

    def __init__(self, *_args: object, required: bool = True, **_options: object) -> None:
        super().__init__(["number"], nargs=-1, required=required, metavar="N" if required else "[N]")

    def type_cast_value(self, ctx: click.Context, value: object) -> object:
        """The number; ``None`` if none was typed."""
        words = super().type_cast_value(ctx, value)
        if not words:
            return None
        spoken = parse_spoken(" ".join(words))
        if spoken is None:
            raise click.BadParameter(_("the number of a dispatch is due: 10423, or EX 10 423"), ctx, self)
        return self.value_of(spoken)

    def value_of(self, spoken: SpokenNumber) -> object:
        """What the command gets."""
        return spoken.index


class NumbersArgument(click.Argument):
    """``N [N...]``: several numbers; one that is typed in several words must not pass for several."""

    def __init__(self, *_args: object, **_options: object) -> None:
        super().__init__(["numbers"], nargs=-1, required=True, metavar="N [+ N]...")

    def type_cast_value(self, ctx: click.Context, value: object) -> object:
        """The numbers, each once, in the order in which they were typed."""
        words = super().type_cast_value(ctx, value)
        if not words:
            return None
        found = [parse_number(part) for part in self._parts(ctx, list(words))]
        numbers = [number for number in found if number is not None]
        if len(numbers) < len(found):
            raise click.BadParameter(_("the number of a dispatch is due: 10423, or EX 10 423"), ctx, self)
        return tuple(dict.fromkeys(numbers))

    def _parts(self, ctx: click.Context, words: list[str]) -> list[str]:
        text = " ".join(words)
        if "+" in text:
            return text.split("+")
        if parse_number(text) is None:
            return words
        if len(words) > 1 and words[0][:1].isdecimal():
            need = _("one number or several? One is written together: 10423; several with a plus: 10 + 423")
            raise click.BadParameter(need, ctx, self)
        return [text]


class SpokenArgument(NumberArgument):
    """The same where it matters whether a person takes it for an exercise."""

    def value_of(self, spoken: SpokenNumber) -> object:
        """The number, and as what it was said."""
        return spoken
