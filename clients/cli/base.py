"""What every command of ``serai`` has in common: its errors, its help, its options."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from clients.actions.home import default_home
from clients.cli.types import AddressType, Amount
from clients.cli.ui import FAILED, HELD, SAID_NO, STOPPED, fail, note
from clients.documents.faults import at_home, broken, file_fault, held
from clients.documents.texts import _, speak_to_click
from clients.line.lock import LineHeld
from schemas.errors import SeraiError

F = TypeVar("F", bound=Callable[..., Any])

_OFFICER_FD: Final = "serai.officer_passphrase_fd"


class BaseCommand(click.Command):
    """A command whose help and errors of use are in the reader's language."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read what was typed; errors of use are told from here on."""
        speak_to_click()
        return super().make_context(*args, **extra)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``, which the library makes once, whatever the language was then."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _("Show this message and exit.")
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The words of the line of usage."""
        return [_(each) for each in super().collect_usage_pieces(ctx)]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help."""
        speak_to_click()
        with translated(self):
            super().format_help(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - the line is never cut
        """The line of the list of commands."""
        return summary_of(self)


class Command(BaseCommand):
    """A command whose faults are told with cause and remedy.

    Args:
        examples: lines that may be typed.
    """

    def __init__(self, *args: Any, examples: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.examples = tuple(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        super().format_epilog(ctx, formatter)
        if self.examples:
            with formatter.section(_("Examples")):
                formatter.write("".join(f"  {line}\n" for line in self.examples))

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; the one place where faults of a command end."""
        as_json = bool(ctx.params.get("as_json"))
        try:
            return super().invoke(ctx)
        except LineHeld as error:
            fail(held(error), as_json=as_json, status=HELD)
        except SeraiError as error:
            fail(at_home(error) or error, as_json=as_json)
        except click.Abort as error:
            note(str(error) or _("Nothing was done."))
            sys.exit(SAID_NO)
        except KeyboardInterrupt:
            note(_("Stopped."))
            sys.exit(STOPPED)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(FAILED)
        except OSError as error:
            fail(file_fault(error), as_json=as_json)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception as error:  # noqa: BLE001 - the last resort
            if not sys.stderr.isatty():  # a log keeps all of it; a person is told what to do
                traceback.print_exc()
            fail(broken(error), as_json=as_json)


def paragraphs_of(command: click.Command) -> list[str]:
    """The paragraphs of a command's help, each in one line."""
    return [" ".join(each.split()) for each in (command.help or "").split("\n\n") if each.strip()]


def summary_of(command: click.Command) -> str:
    """The first sentence of a command's help."""
    return _(paragraphs_of(command)[0]) if command.help else ""


@contextmanager
def translated(command: click.Command) -> Iterator[None]:
    """A command with its texts in the language of this run; afterwards they are as the source has them."""
    options = [param for param in command.params if isinstance(param, click.Option) and param.help]
    before = command.help, [option.help for option in options]
    command.help = "\n\n".join(_(each) for each in paragraphs_of(command))
    for option in options:
        option.help = _(option.help or "")
    try:
        yield
    finally:
        command.help = before[0]
        for option, text in zip(options, before[1], strict=True):
            option.help = text


class LazyGroup(BaseCommand, click.Group):
    """A group whose commands are imported when they are needed.

    Args:
        lazy: ``module:name`` of each command, or of a function that makes it, by its name.
    """

    command_class = Command

    def __init__(self, *args: Any, lazy: dict[str, str] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lazy = lazy or {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the same everywhere
        """Their names, in the order in which they are needed."""
        return [*self.lazy, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        module, _sep, name = self.lazy[cmd_name].partition(":")
        found = getattr(import_module(module), name)
        command: click.Command = found if isinstance(found, click.Command) else found()
        return command


# Options that many commands have


def home_option(command: F) -> F:
    """``--home``."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="SERAI_HOME",
        default=default_home,
        help="Folder of this client; SERAI_HOME, or else in your own data folder.",
    )(command)


def json_option(command: F) -> F:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")(command)


def passphrase_option(command: F) -> F:
    """``--passphrase-fd``."""
    return click.option(
        "--passphrase-fd",
        type=int,
        metavar="N",
        help="Read the passphrase of the store from this file descriptor, up to a line end.",
    )(command)


def on_fault_option(command: F) -> F:
    """``--on-fault``."""
    return click.option(
        "--on-fault",
        default="",
        metavar="CMD",
        help="Run this when nobody would hear otherwise: not connected for a minute, a new alarm, seat lost.",
    )(command)


def on_urgent_options(command: F) -> F:
    """``--on-urgent`` and ``--every``."""
    every = click.option(
        "--every",
        "every_s",
        type=Amount(1),
        default=60.0,
        show_default=True,
        metavar="SECONDS",
        help="How often to repeat it, until an officer acknowledges or declines.",
    )
    return click.option(
        "--on-urgent", default="", metavar="CMD", help="Run this when something urgent waits; it is told the cover."
    )(every(command))


def yes_option(command: F) -> F:
    """``--yes``."""
    return click.option("--yes", is_flag=True, help="Do not ask; somebody has looked at it before.")(command)


def permission_option(command: F) -> F:
    """``--permission``."""
    from clients.cli.types import LineType

    return click.option(
        "--permission",
        type=LineType(),
        metavar="TEXT",
        help="Where its provider has permitted this, if its handling code does not.",
    )(command)


def client_options(command: F) -> F:
    """What every command needs that opens the store."""
    return home_option(passphrase_option(json_option(command)))


def wait_option(command: F) -> F:
    """``--wait``."""
    return click.option(
        "--wait",
        "wait_s",
        type=Amount(0),
        default=20.0,
        show_default=True,
        metavar="SECONDS",
        help="How long to wait for the hub; after that it stays queued.",
    )(command)


def reply_options(command: F) -> F:
    """``--reply-hours``: at most a year; ``--reply-from``: of whom."""
    hours = click.option("--reply-hours", type=Amount(0.1, 366 * 24), help="Within how many hours you want a reply.")
    of = click.option(
        "--reply-from",
        multiple=True,
        type=AddressType(officer=False),
        metavar="MEMBER",
        help="Who is to reply; all recipients by default. May be repeated.",
    )
    return hours(of(command))


def as_option(command: F) -> F:
    """``--as`` and ``--officer-passphrase-fd``."""
    return click.option(
        "--as", "officer", type=AddressType(officer=True), help="Officer who acts, if this client has several."
    )(officer_passphrase_option(command))


def officer_passphrase_option(command: F) -> F:
    """``--officer-passphrase-fd``; kept until an officer's passphrase is needed, see `officer_descriptor`."""
    return click.option(
        "--officer-passphrase-fd",
        type=int,
        metavar="N",
        expose_value=False,
        callback=_remember_officer_descriptor,
        help="Read the officer's own passphrase from this file descriptor, up to a line end.",
    )(command)


def officer_descriptor() -> int | None:
    """What ``--officer-passphrase-fd`` of this command said."""
    context = click.get_current_context(silent=True)
    return context.meta.get(_OFFICER_FD) if context else None


def _remember_officer_descriptor(context: click.Context, _option: click.Parameter, value: int | None) -> None:
    context.meta[_OFFICER_FD] = value
