"""How ``serai`` speaks.

Results go to standard output, everything else to standard error. With ``--json`` a command
prints one object: ``"ok": true`` with its result, or ``"ok": false`` with the problem. Texts of
others are shown without anything that could move a cursor or turn a line around. Colour only
helps: what matters is said in words too, and ``NO_COLOR`` and pipes get none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

import click

from clients.documents.faults import Fault, remedy_of, title_of
from clients.documents.named import NamedText
from clients.documents.plain import WIDTH, clean, field, json_line, wrap
from clients.documents.texts import _
from clients.errors import ClientError
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
"""Exit code: another process of this store is connected."""

SAID_NO: Final = 5
"""Exit code: a person was asked, and said no."""

STOPPED: Final = 130
"""Exit code: a person pressed Ctrl-C; the same command goes on (128 and the number of SIGINT)."""

_YES: Final = ("y", "yes", "д", "да")
_NO: Final = ("n", "no", "н", "нет")


def paint(text: str, **style: Any) -> str:
    """A text in colour, where colour is wanted."""
    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return text
    return click.style(text, **style)


def named_lines(texts: Iterable[NamedText]) -> list[str]:
    """Named values within 80 columns; what a reader must see first is bold."""
    return [
        paint(line, bold=True) if each.is_strong else line for each in texts for line in field(each.name, each.text)
    ]


def show(value: Mapping[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    """Print a result, for programs or for people."""
    if as_json:
        click.echo(json_line({"ok": True, **value}))
        return
    for line in lines:
        click.echo(line)


def note(text: str) -> None:
    """Say something that is not the result, within 80 columns."""
    click.echo(text if "\n" in text or len(click.unstyle(text)) <= WIDTH else wrap(text), err=True)


def fail(error: SeraiError, *, as_json: bool, status: int = FAILED) -> NoReturn:
    """Say what went wrong and what to do, and end."""
    is_local = isinstance(error, ClientError)
    title = error.detail if is_local else error.problem.title
    remedy = _remedy(error)
    if as_json:
        detail = title_of(error) if isinstance(error, ClientError) else error.detail
        said = {"code": error.code.value, "title": title, "detail": detail, "remedy": remedy}
        click.echo(json_line({"ok": False, **said, "exit": status}))
        sys.exit(status)
    if isinstance(error, ClientError):
        note(wrap(f"serai: {clean(title_of(error))}"))
    elif isinstance(error, Fault):
        note(wrap(f"serai: {clean(error.detail)}"))
    else:
        note(wrap(f"serai: {_(title)}"))
        if error.detail:
            note(wrap(clean(_(error.detail)), "  "))
    note(wrap(_("What to do: {remedy} (code {code})").format(remedy=remedy, code=error.code.value), "  "))
    sys.exit(status)


def _remedy(error: SeraiError) -> str:
    if isinstance(error, ClientError):
        return remedy_of(error)
    return error.hint if isinstance(error, Fault) else _(error.problem.remedy)


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


def parse_thumbprint(text: str) -> str | None:
    """A thumbprint from its 43 characters, or from 64 hexadecimal digits in any groups; ``None`` if it is none."""
    digits = "".join(each for each in text if each not in " \t\n-:")
    try:
        if len(digits) == 64:
            return encode_base64url(bytes.fromhex(digits))
        return encode_base64url(decode_base64url(text.strip(), 32))
    except (ValueError, SeraiError):
        return None
