"""``serai run``: the service that holds the line."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

import click

from clients.cli.frame import Amount, Command, home_option, passphrase_option
from clients.cli.texts import _
from clients.cli.ui import HELD, clean, note


class _Plain(logging.Formatter):
    """One line, UTC, nothing in it that could move a cursor."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%SZ')} {record.levelname.lower()} {record.getMessage()}"
        return "\n".join(clean(each) for each in (line, *self._trace(record)))

    def _trace(self, record: logging.LogRecord) -> list[str]:
        return self.formatException(record.exc_info).splitlines() if record.exc_info else []


@click.command(cls=Command, examples=('serai run --on-urgent "/usr/local/bin/siren --loud"',))
@click.option(
    "--on-urgent", default="", metavar="CMD", help="Run this when something urgent waits; it is told the cover."
)
@click.option(
    "--every",
    "every_s",
    type=Amount(1),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="How often to repeat it, until an officer acknowledges or declines.",
)
@click.option("--bell/--no-bell", default=True, show_default=True, help="Ring the terminal as long as something waits.")
@home_option
@passphrase_option
def run(on_urgent: str, every_s: float, *, bell: bool, home: Path, passphrase_fd: int | None) -> None:
    """Hold the line of this client, until stopped.

    It receives, verifies, stores, confirms, sends what waits, follows the ledger daily, and alarms. All other
    commands work with it or without it. What happens is said on standard error; with systemd, use
    deploy/systemd/serai.service.

    CMD gets SERAI_NUMBER, SERAI_PLACE, SERAI_FROM, SERAI_KIND, SERAI_STATUS, SERAI_PRECEDENCE and SERAI_WAITING in
    its environment; never the content.
    """
    import asyncio

    from clients.cli.administrator.service import RunOptions, Service
    from clients.cli.desk import open_desk
    from schemas.errors import Code, SeraiError

    handler = logging.StreamHandler()
    handler.setFormatter(_Plain())
    logging.getLogger("serai").addHandler(handler)
    logging.getLogger("serai").setLevel(logging.INFO)
    logging.getLogger("serai.client").setLevel(logging.CRITICAL)  # the service says the same in its own words
    with open_desk(home, passphrase_fd, check=True) as desk:
        try:
            asyncio.run(_serve(Service, desk, RunOptions(on_urgent, every_s, bell)))
        except SeraiError as error:
            if error.code is not Code.REPLACED:
                raise
            note(
                _("Another session took this seat ({detail}); give each machine a seat of its own.").format(
                    detail=error.detail
                )
            )
            sys.exit(HELD)


async def _serve(make: type, desk: object, options: object) -> None:
    await make(desk, options).run()
