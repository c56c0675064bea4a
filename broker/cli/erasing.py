"""``serai-hub erase``: texts go for a reason that their readers are told."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from broker.cli.door import ask_hub
from broker.cli.language import read
from broker.cli.ui import Listed, reports_errors
from broker.settings import HubFolder
from schemas.encoding import Digest, decode_digest
from schemas.errors import SeraiError
from schemas.labels import Label

_TOLD: Final = Label(
    "The readers are told, with the reason. What they hold themselves stays, and so do backups: erase there too.",
    "Получателям сообщено, с причиной. Их собственные копии остаются, как и резервные копии: удалите и там.",
)
_WORD: Final = Label("a word of a-z and _, at most 32: law", "слово из a-z и _, не длиннее 32: law")


_DIGEST: Final = Label(
    "a digest is 43 characters of base64url, as evidence, the log and serai show --json write it",
    "дайджест — это 43 знака base64url, как их пишут доказательства, журнал узла и serai show --json",
)
_SURE: Final = Label("Erase {count} text(s) for ever, for everybody?", "Удалить тексты навсегда и у всех ({count})?")


def _is_digest(word: str) -> bool:
    try:
        decode_digest(word)
    except SeraiError:
        return False
    return True


class StatementDigest(click.ParamType):  # type: ignore[type-arg]  # generic in later versions of click only
    """The digest of a statement."""

    name = "digest"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The digest as it is written in statements."""
        if not _is_digest(str(value)):
            self.fail(read(_DIGEST), param, ctx)
        return str(value)


class DigestsCommand(Listed):
    """A command whose digests may begin with a hyphen, as one in 64 does: such a word is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the digests behind everything else, where nothing is read as an option."""
        digests = [word for word in args if _is_digest(word)]
        others = [word for word in args if not _is_digest(word) and word != "--"]
        return super().parse_args(ctx, [*others, "--", *digests])


class ReasonWord(click.ParamType):  # type: ignore[type-arg]  # generic in later versions of click only
    """A word as an event has it."""

    name = "word"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word."""
        if not re.fullmatch(r"[a-z][a-z_]{0,31}", str(value)):
            self.fail(read(_WORD), param, ctx)
        return str(value)


@click.command("erase", cls=DigestsCommand)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.argument("digests", nargs=-1, required=True, type=StatementDigest(), metavar="DIGEST...")
@click.option("--reason", required=True, type=ReasonWord(), metavar="WORD", help="Why, as a word for the readers: law.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@reports_errors
def erase(*, folder: Path, digests: tuple[str, ...], reason: str, yes: bool) -> None:
    """Erase the texts of DIGESTs from every mailbox for ever; places and digests stay in the ledger.

    Everybody in whose mailbox a text is gets an event that names it and the reason; a client alarms where a text
    is gone without one, and calls an officer about an urgent text that it never had. Works on a hub that serves and
    on one that does not. It asks first.

      serai-hub erase /srv/serai q83v...8qL --reason law
    """
    place, wanted = HubFolder(folder), [decode_digest(digest) for digest in digests]
    place.read_settings()
    if not yes:
        click.confirm(read(_SURE).format(count=len(digests)), abort=True, err=True)
    answer = _ask(place, digests, reason)
    events = _erase_stopped(place, wanted, reason) if answer is None else answer["events"]
    for event in events:
        click.echo(json.dumps(event))
    click.echo(read(_TOLD), err=True)


def _ask(place: HubFolder, digests: Sequence[str], reason: str) -> dict[str, Any] | None:
    from broker.service.erasing import as_refusal

    try:
        return ask_hub(place, "/erase", {"digests": list(digests), "reason": reason})
    except SeraiError as error:
        raise as_refusal(error) from None


def _erase_stopped(place: HubFolder, digests: Sequence[Digest], reason: str) -> list[dict[str, Any]]:
    from broker.app import open_ports
    from broker.service.erasing import make_erasure, plan_erasure
    from broker.service.operator import take_offline
    from broker.service.sequencer import AcceptedAt, Sequencer
    from broker.web.control import describe_erased

    settings = place.read_settings()
    events = []
    with open_ports(place, settings) as ports:
        for draft in plan_erasure(ports.store, digests, reason):
            sequencer = Sequencer(
                ports.store, ports.register, ports.signer, ports.clock, settings.network, lambda _: None
            )
            verdict = take_offline(sequencer, lambda _, answer, draft=draft: make_erasure(draft, answer))  # type: ignore[misc]
            if not isinstance(verdict, AcceptedAt):
                raise verdict
            events.append(describe_erased(verdict, draft))
    return events
