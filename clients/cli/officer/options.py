"""Options of the commands that send, and what was typed there: of the content, of the cover, of the command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import click

from clients.actions.writing import CoverOptions, Marking
from clients.cli.base import F, as_option, client_options, reply_options, wait_option, yes_option
from clients.cli.officer.asking import may_ask, option_of
from clients.cli.types import CodeChoice, CodeType, SpokenArgument, SpokenType
from clients.documents.texts import _
from clients.mail.attaching import FileToAttach
from schemas.addresses import MemberField
from schemas.labels import HandlingCode, Precedence, Status
from schemas.reports.base import Instant
from schemas.reports.kinds import find_entry, sendable
from schemas.reports.steps import Step

FILE: Final = click.option(
    "--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The report as JSON; no steps."
)
"""The content from a file."""


# Of the content


def answer_options(steps: Iterable[Step]) -> Callable[[F], F]:
    """An option for each step, in this order."""
    return _all_of([click.option(option_of(step), help=step.help) for step in steps])


def form_options(steps: Iterable[Step]) -> Callable[[F], F]:
    """The same for a form of which the help has no codes: each option lists its own."""
    return _all_of([_form_option(step) for step in steps])


def _form_option(step: Step) -> Callable[[F], F]:
    words = {Instant: "TIME", MemberField: "MEMBER"}
    metavar = next((word for form, word in words.items() if step.form is form), None)
    kind = click.STRING if step.codes is None else CodeType(step.codes)
    return click.option(option_of(step), type=kind, metavar=metavar, help=step.help)


def steps_of(kind: str, helps: Mapping[str, str], keys: Sequence[str] = ()) -> list[Step]:
    """Steps of a kind, where some options mean something else.

    Args:
        kind: of the report.
        helps: what these are for, by the key of the step.
        keys: which steps, in which order; all of them if none is named.
    """
    steps = {step.key: step for step in find_entry(kind).steps}
    return [replace(steps[key], help=helps.get(key, steps[key].help)) for key in keys or steps]


def all_steps() -> list[Step]:
    """The steps of every kind that somebody may send; of those with one key the last, where the first was."""
    return list({step.key: step for kind in sendable() for step in kind.steps}.values())


# Of the files

_FILES: Final = (
    click.option(
        "--attach",
        multiple=True,
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="A file that goes with it; may be repeated. Location and author are removed from JPEG and PNG.",
    ),
    click.option("--caption", multiple=True, metavar="TEXT", help="What is to be seen; one for each file, in order."),
    click.option("--keep-metadata", is_flag=True, help="Leave location and author in pictures, on purpose."),
)

# Of the cover, and of the command


def sending_options(command: F) -> F:
    """The options of every command that sends something new."""
    cover = _all_of(
        [
            click.option("--to", multiple=True, metavar="MEMBER", help="Recipient; may be repeated, or ALL."),
            click.option("--precedence", type=CodeChoice(Precedence), help="Precedence: how urgent it is."),
            click.option(
                "--handling", type=CodeChoice(HandlingCode), help="What recipients may do with it; H1 by default."
            ),
            click.option("--status", type=CodeChoice(Status), help="As the network says, by default."),
            reply_options,
            click.option(
                "--on", "number", type=SpokenType(), metavar="N", help="Number of the dispatch that this answers."
            ),
            FILE,
            *_FILES,
        ]
    )
    return _common_options(cover(command))


def about_options(command: F) -> F:
    """The options of every command that sends something about dispatch N; how it is marked follows from N."""
    cover = _all_of(
        [
            click.argument("spoken", cls=SpokenArgument),
            click.option(
                "--precedence", type=CodeChoice(Precedence), help="Precedence: how urgent it is; as N by default."
            ),
            click.option(
                "--handling", type=CodeChoice(HandlingCode), help="What recipients may do with it; as N by default."
            ),
            click.option("--status", type=CodeChoice(Status), help="Refuse, unless N is marked so."),
        ]
    )
    return _common_options(cover(command))


def report_options(command: F) -> F:
    """The same, where a report is written about N."""
    return about_options(_all_of([reply_options, FILE, *_FILES])(command))


def step_options(command: F) -> F:
    """The options of every command that takes a step in an operation; how it is marked follows from that."""
    cover = _all_of(
        [
            click.option("--to", multiple=True, metavar="MEMBER", help="One more recipient, beside those who need it."),
            click.option("--precedence", type=CodeChoice(Precedence), help="Precedence: how urgent it is."),
            click.option(
                "--handling",
                type=CodeChoice(HandlingCode),
                help="What recipients may do with it; as the request, by default.",
            ),
            click.option("--status", type=CodeChoice(Status), help="Refuse, unless the operation is marked so."),
            FILE,
            *_FILES,
        ]
    )
    return _common_options(cover(command))


def profile_options(command: F) -> F:
    """The options of the commands that state a country's profile: it goes to all."""
    cover = _all_of(
        [
            click.option("--precedence", type=CodeChoice(Precedence), help="Precedence: how urgent it is."),
            click.option(
                "--handling", type=CodeChoice(HandlingCode), help="What recipients may do with it; H1 by default."
            ),
            click.option("--status", type=CodeChoice(Status), help="As the network says, by default."),
        ]
    )
    return _common_options(cover(command))


def _common_options(command: F) -> F:
    return as_option(wait_option(yes_option(client_options(command))))


def _all_of(options: Sequence[Callable[[F], F]]) -> Callable[[F], F]:
    """Several options as one, in this order."""

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


# What was typed


@dataclass(frozen=True, slots=True)
class SendOptions:
    """How a command that sends behaves.

    Attributes:
        wait_s: how long to wait for the hub.
        yes: whether somebody has agreed beforehand.
        as_json: whether the result is for programs.
        file: the report as JSON, instead of steps.
        files: that go with it.
    """

    wait_s: float
    yes: bool = False
    as_json: bool = False
    file: Path | None = None
    files: tuple[FileToAttach, ...] = ()

    @property
    def may_ask(self) -> bool:
        """Whether there is a person at a terminal who wants to be asked."""
        return may_ask() and not self.yes


@dataclass(frozen=True, slots=True)
class TypedCommand:
    """What was typed of a command that sends.

    Attributes:
        home: the client's folder.
        passphrase_fd: where the passphrase is, if that was typed.
        cover: what was asked of the cover.
        options: how the command behaves.
        answers: of the content, by the key of the step.
        to: recipients.
        to_all: whether it goes to all who got what it is about.
    """

    home: Path
    passphrase_fd: int | None
    cover: CoverOptions
    options: SendOptions
    answers: dict[str, str]
    to: tuple[str, ...] = ()
    to_all: bool = False


def read_typed(values: dict[str, Any]) -> TypedCommand:
    """What was typed, from the parameters of a command; all that is no option of its own answers a step."""
    typed = dict(values)
    marking = Marking(typed.pop("status"), typed.pop("precedence"), typed.pop("handling"))
    return TypedCommand(
        home=typed.pop("home"),
        passphrase_fd=typed.pop("passphrase_fd"),
        cover=_cover_options(marking, typed),
        options=_send_options(typed),
        to=typed.pop("to", ()),
        to_all=typed.pop("to_all", False),
        answers={key: value for key, value in typed.items() if value is not None},
    )


def _send_options(typed: dict[str, Any]) -> SendOptions:
    paths, captions = typed.pop("attach", ()), typed.pop("caption", ())
    as_it_is = typed.pop("keep_metadata", False)
    if len(captions) > len(paths):
        raise click.UsageError(_("more --caption than --attach"))
    told = [*captions, *[""] * (len(paths) - len(captions))]
    files = tuple(FileToAttach(path, caption or None, as_it_is) for path, caption in zip(paths, told, strict=True))
    return SendOptions(typed.pop("wait_s"), typed.pop("yes"), typed.pop("as_json"), typed.pop("file", None), files)


def _cover_options(marking: Marking, typed: dict[str, Any]) -> CoverOptions:
    hours, members = typed.pop("reply_hours", None), tuple(typed.pop("reply_from", ()))
    if members and hours is None:
        raise click.UsageError(_("--reply-from needs --reply-hours: until when?"))
    return CoverOptions(marking, typed.pop("officer"), hours, members)
