"""How ``serai`` speaks.

Results go to standard output, everything else to standard error. With ``--json`` a command
prints one object: ``"ok": true`` with its result, or ``"ok": false`` with the problem. Texts of
others are shown without anything that could move a cursor or turn a line around. Colour only
helps: what matters is said in words too, and ``NO_COLOR`` and pipes get none.
"""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NoReturn

import click

from clients.cli.faults import Fault
from clients.cli.texts import _
from schemas.encoding import decode_base64url, encode_base64url
from schemas.errors import SeraiError

DONE: Final = 0
"""Exit code: done."""

FAILED: Final = 1
"""Exit code: refused or failed; the stable code is printed."""

WRONG_USE: Final = 2
"""Exit code: the command was wrong."""

QUEUED: Final = 3
"""Exit code: kept and signed, and not accepted yet: there is no line."""

HELD: Final = 4
"""Exit code: another process holds the line of this store."""

SAID_NO: Final = 5
"""Exit code: a person was asked, and said no."""

STOPPED: Final = 130
"""Exit code: a person pressed Ctrl-C; the same command goes on (128 and the number of SIGINT)."""

WIDTH: Final = 80
_LABEL: Final = 14
_END_MS: Final = 253_402_300_799_000  # the last second of 9999: a calendar has no more
_YES: Final = ("y", "yes", "д", "да")
_NO: Final = ("n", "no", "н", "нет")
_WHOLE: Final[dict[str, Any]] = {"break_long_words": False, "break_on_hyphens": False}


def clean(text: str) -> str:
    """A text of somebody else, in one line that cannot do anything to a terminal."""
    return _harmless(" ".join(text.split()))


def _harmless(text: str) -> str:
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def paint(text: str, **style: Any) -> str:
    """A text in colour, where colour is wanted."""
    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return text
    return click.style(text, **style)


def show(value: Mapping[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    """Print a result, for programs or for people."""
    if as_json:
        click.echo(json_line({"ok": True, **value}))
        return
    for line in lines:
        click.echo(line)


def json_line(value: Any) -> str:
    """JSON in one line; what could do anything to a terminal is escaped, so that nothing of it is lost."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in text)


def note(text: str) -> None:
    """Say something that is not the result, within 80 columns."""
    click.echo(text if "\n" in text or len(click.unstyle(text)) <= WIDTH else wrap(text), err=True)


def field(name: str, value: str) -> list[str]:
    """A named value within 80 columns, the name at the left."""
    width = WIDTH - _LABEL - 1
    lines = (_harmless(line.expandtabs()) for line in value.split("\n"))
    parts = [part for line in lines for part in textwrap.wrap(line, width, **_WHOLE) or [""]]
    names = [name[:_LABEL], *[""] * (len(parts) - 1)]
    return [f"{each:<{_LABEL}} {part}".rstrip() for each, part in zip(names, parts, strict=True)]


def wrap(text: str, indent: str = "") -> str:
    """A text within 80 columns."""
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, **_WHOLE)


def fail(error: SeraiError, *, as_json: bool, status: int = FAILED) -> NoReturn:
    """Say what went wrong and what to do, and end."""
    problem = error.problem
    remedy = error.hint if isinstance(error, Fault) else _(problem.remedy)
    if as_json:
        said = {"code": error.code.value, "title": problem.title, "detail": error.detail, "remedy": remedy}
        click.echo(json_line({"ok": False, **said, "exit": status}))
        sys.exit(status)
    if isinstance(error, Fault):
        note(wrap(f"serai: {clean(error.detail)}"))
    else:
        note(wrap(f"serai: {_(problem.title)}"))
        if error.detail:
            note(wrap(clean(_(error.detail)), "  "))
    note(wrap(_("What to do: {remedy} (code {code})").format(remedy=remedy, code=error.code.value), "  "))
    sys.exit(status)


def ask(lines: Iterable[str], question: str, *, yes: bool) -> None:
    """Show what is about to happen, and go on only if a person agrees.

    Args:
        lines: what will happen.
        question: what is asked.
        yes: whether somebody has agreed beforehand.

    Raises:
        click.Abort: the person said no, or went away.
    """
    for line in lines:
        note(line)
    if not yes and not agrees(question):
        raise click.Abort


def agrees(question: str, *, default: bool = False) -> bool:
    """Whether a person says yes; asked again until it is one of the two.

    Yes and no are understood in English and in Russian, whatever the language of the screen: who has learnt one word
    must not be caught by the other.

    Raises:
        click.Abort: the person went away.
    """
    hint = _("Y/n") if default else _("y/N")
    while True:
        answer: str = click.prompt(f"{question} [{hint}]", default="", show_default=False, err=True)
        word = answer.strip().casefold()
        if not word or word in _YES or word in _NO:
            return word in _YES if word else default
        note(_("Please answer yes or no."))


def utc(time_ms: int) -> str:
    """A time as people read it: always UTC, always said to be."""
    return calendar(time_ms).strftime("%Y-%m-%d %H:%M UTC")


def calendar(time_ms: int) -> datetime:
    """A time of somebody else, which may be any number: what is beyond the calendar is its last second."""
    return datetime.fromtimestamp(min(time_ms, _END_MS) / 1000, UTC)


def spoken(digest: bytes) -> list[str]:
    """A digest as it is read out by telephone: two lines of eight groups of four hexadecimal digits."""
    text = digest.hex().upper()
    groups = [text[at : at + 4] for at in range(0, len(text), 4)]
    return [" ".join(groups[at : at + 8]) for at in range(0, len(groups), 8)]


def parse_thumbprint(text: str) -> str | None:
    """A thumbprint from its 43 characters, or from 64 hexadecimal digits in any groups; ``None`` if it is none."""
    digits = "".join(each for each in text if each not in " \t\n-:")
    try:
        if len(digits) == 64:
            return encode_base64url(bytes.fromhex(digits))
        return encode_base64url(decode_base64url(text.strip(), 32))
    except (ValueError, SeraiError):
        return None
