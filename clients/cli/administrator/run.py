"""``serai run``: the service that keeps the connection."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path
from typing import TextIO

import click

from clients.cli.base import Command, home_option, on_fault_option, on_urgent_options, passphrase_option
from clients.cli.ui import FAILED, HELD, note
from clients.documents.plain import clean
from clients.documents.texts import _


class _Plain(logging.Formatter):
    """One line, UTC, nothing in it that could move a cursor."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%SZ')} {record.levelname.lower()} {record.getMessage()}"
        return "\n".join(clean(each) for each in (line, *self._trace(record)))

    def _trace(self, record: logging.LogRecord) -> list[str]:
        return self.formatException(record.exc_info).splitlines() if record.exc_info else []


def show_log(stream: TextIO) -> logging.Handler:
    """Show what the service says, and what goes wrong in the SDK.

    Args:
        stream: where.

    Returns:
        What shows it.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Plain())
    logging.getLogger("serai").addHandler(handler)
    logging.getLogger("serai").setLevel(logging.INFO)
    return handler


@click.command(
    cls=Command,
    examples=(
        'serai run --on-urgent "/usr/local/bin/siren --loud"',
        "serai run --on-fault /usr/local/bin/call-duty",
        "serai run --on-urgent /usr/local/bin/siren --try-siren",
    ),
)
@on_urgent_options
@on_fault_option
@click.option("--compare", is_flag=True, help="Answer what others ask us to compare (deconfliction), as a desk.")
@click.option("--try-siren", is_flag=True, help="Run both commands once, to hear them, and end.")
@click.option("--bell/--no-bell", default=True, show_default=True, help="Ring the terminal as long as something waits.")
@home_option
@passphrase_option
def run(
    on_urgent: str,
    every_s: float,
    *,
    on_fault: str,
    compare: bool,
    try_siren: bool,
    bell: bool,
    home: Path,
    passphrase_fd: int | None,
) -> None:
    """Keep this client connected, until stopped.

    It receives, verifies, stores, confirms, sends what waits, follows the ledger daily, and alarms. All other
    commands work with it or without it. What happens is said on standard error; with systemd, use
    deploy/systemd/serai.service.

    CMD is a program and its arguments; it runs without a shell, for a minute at most, one at a time for each dispatch
    or fault. --on-urgent gets SERAI_EVENT, SERAI_NUMBER, SERAI_PLACE, SERAI_FROM, SERAI_KIND, SERAI_STATUS,
    SERAI_PRECEDENCE and SERAI_WAITING in its environment, --on-fault SERAI_FAULT (line, seat, nobody, alarm, returned),
    SERAI_SINCE, SERAI_COUNT and SERAI_DETAIL; never the content. SERAI_EVENT is waits; or, once each, what happened to
    something urgent: declined, silent, no_answer, not_delivered of what we sent, key_revoked of what came. Of an
    operation SERAI_TELEPHONE has the numbers that the countries concerned state in their profiles.
    """
    import asyncio

    from clients.cli.administrator.service import Service
    from clients.cli.administrator.siren import CallOptions
    from clients.cli.client import open_client
    from schemas.errors import Code, SeraiError

    if try_siren:
        sys.exit(_try(on_urgent, on_fault))
    show_log(sys.stderr)
    with open_client(home, passphrase_fd, check=True) as client:
        try:
            asyncio.run(Service(client, CallOptions(on_urgent, every_s, bell, on_fault), compares=compare).run())
        except SeraiError as error:
            if error.code is not Code.REPLACED:
                raise
            note(
                _("Another session took this seat ({detail}); give each machine a seat of its own.").format(
                    detail=error.detail
                )
            )
            sys.exit(HELD)


def _try(on_urgent: str, on_fault: str) -> int:
    """Run what would call somebody, once; the exit code says whether all of it worked."""
    from clients.actions.hooks import Hooks

    facts = {
        "--on-urgent": {"SERAI_NUMBER": "0", "SERAI_STATUS": "test", "SERAI_PRECEDENCE": "flash", "SERAI_WAITING": "1"},
        "--on-fault": {"SERAI_FAULT": "test", "SERAI_COUNT": "1"},
    }
    is_good = True
    for option, command in (("--on-urgent", on_urgent), ("--on-fault", on_fault)):
        if not command:
            note(_("{option}: no command").format(option=option))
            continue
        hooks = Hooks(command)
        hooks.start(option, facts[option])
        for end in hooks.finish():
            is_good &= end.is_good
            words = end.why or ("?" if end.status is None else str(end.status))
            note(_("{option}: ended with {status}").format(option=option, status=clean(words)))
    return 0 if is_good else FAILED
