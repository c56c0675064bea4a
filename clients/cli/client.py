"""A client as commands of ``serai`` open it, and what became of what they sent, in words."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from clients.actions.client import AskOfficer, Client
from clients.actions.home import Home
from clients.actions.numbers import spell_number
from clients.actions.progress import Work
from clients.cli.passphrase import ask_officer, of_store
from clients.cli.progress import show_progress
from clients.cli.ui import QUEUED, STOPPED, note, show
from clients.documents.faults import refused
from clients.documents.plain import clean, utc
from clients.documents.texts import _
from clients.mail.sent import Sent, refusal_of
from clients.store import BlobState, Outgoing, OutState, Store
from schemas.addresses import Address
from schemas.blobs import blob_size


@contextmanager
def open_client(path: Path, passphrase_fd: int | None, *, check: bool = False, asks: bool = True) -> Iterator[Client]:
    """The client of a folder.

    Args:
        path: the folder.
        passphrase_fd: where the passphrase is, if that was typed.
        check: whether the whole store is checked first, which takes a while.
        asks: whether an officer who acts is asked for a passphrase at a prompt.

    Raises:
        SeraiError: there is none, it is open to others, the passphrase is another, ...
    """
    home = Home(path)
    settings = home.read_settings()

    def unlock(passphrase: str) -> Store:
        with show_progress(Work.CHECKING):
            return Store.open(home.store, passphrase, check=check)

    store = of_store(passphrase_fd).open(unlock)
    context = click.get_current_context(silent=True)
    with store:
        what = context.command_path if context else "serai"
        yield Client(home, settings, store, what, show_progress, _ask_officer(store) if asks else None)


def _ask_officer(store: Store) -> AskOfficer:
    """Ask for an officer's passphrase; he learns first of wrong ones that came before this command."""
    earlier = {each.officer: each for each in store.officers.wrong_tries()}

    def ask(officer: Address, wrong: int) -> str:
        if (tries := earlier.pop(officer, None)) is not None:
            text = _("Wrong passphrases of {officer} since {first}: {count}; the last at {last}.")
            note(text.format(officer=officer, first=utc(tries.first_ms), count=tries.count, last=utc(tries.last_ms)))
            note(_("If that was not you, tell your administrator."))
        return ask_officer(officer, wrong)

    return ask


def show_sent(
    client: Client,
    sent: Sent,
    wait_s: float,
    *,
    as_json: bool,
    done: str,
    value: Mapping[str, Any] | None = None,
    before: Sequence[Sent] = (),
    after: Sequence[Sent] = (),
) -> None:
    """Wait for the hub's answer to what was sent, show it, and end with the right exit code.

    Args:
        client: whose.
        sent: what was sent.
        wait_s: how long to wait.
        as_json: for programs.
        done: what to show when it was accepted; ``{place}`` is its number.
        value: more for programs.
        before: what was sent just before it, and belongs to it.
        after: what follows it by itself: the same with attachments, which it does not wait for.

    Raises:
        SeraiError: the hub refused it.
    """
    stopped, earlier = False, []
    try:
        *earlier, outgoing = client.finish([*before, sent], wait_s)
    except KeyboardInterrupt:  # the waiting ends, but it stays in the outbox: that must not look as if it did not
        stopped, outgoing = True, sent.outgoing
    for each in (*earlier, outgoing):
        if each.state in (OutState.REFUSED, OutState.DROPPED):
            raise refused(refusal_of(each))
    row = {"outbox": outgoing.id, "state": outgoing.state.value, "digest": outgoing.digest, "place": outgoing.index}
    if outgoing.state is OutState.ACCEPTED:
        number = spell_number(outgoing.index or 0, outgoing.draft.get("status"))
        lines = [done.format(place=number)]
        if after and not as_json:  # the alert is out: that is said before anything is waited for
            show({}, lines, as_json=False)
            lines = []
        followers = client.finish(after, wait_s)
        parts = client.store.outbox.parts(outgoing.id)
        value = {
            **(value or {}),
            **_not_sent(parts),
            **({"follows": [_follower(each) for each in followers]} if after else {}),
        }
        show({**row, **value}, lines, as_json=as_json)
        for part in parts:
            text = _("NOT SENT to {members}: item {item} came back; see serai item show {item}.")
            note(text.format(members=", ".join(part.draft.get("to", ())), item=part.id))
        _tell_followers(client, followers)
        return
    show({**row, "state": "queued", **(value or {})}, [], as_json=as_json)
    if stopped:
        note(_("Stopped."))
    note(queued_text(client, outgoing))
    sys.exit(STOPPED if stopped else QUEUED)


def _follower(outgoing: Outgoing) -> dict[str, Any]:
    state = outgoing.state.value if outgoing.state in (OutState.ACCEPTED, OutState.REFUSED) else "queued"
    return {"outbox": outgoing.id, "state": state, "digest": outgoing.digest, "place": outgoing.index}


def _tell_followers(client: Client, followers: Sequence[Outgoing]) -> None:
    """What became of the same with attachments, and the exit code if it still waits."""
    for each in followers:
        if each.state is OutState.REFUSED:
            raise refused(refusal_of(each))
        if each.state is not OutState.ACCEPTED:
            note(queued_text(client, each))
            sys.exit(QUEUED)
        with_files = spell_number(each.index or 0, each.draft.get("status"))
        note(_("With its attachments as {number}.").format(number=with_files))


def _not_sent(parts: Sequence[Outgoing]) -> dict[str, Any]:
    """For programs, the items that could not go to some of the recipients."""
    return {"not_sent": [part.id for part in parts]} if parts else {}


def queued_text(client: Client, outgoing: Outgoing) -> str:
    """Why something waits, and what will become of it."""
    holder = client.holder
    named = [(each["digest"], blob_size(each["size"])) for each in outgoing.draft.get("attachments", ())]
    uploading = [client.store.attachments.get(*each) for each in named]
    if any(blob is not None and blob.state is BlobState.SENDING for blob in uploading):
        note(_("Its attachments are not uploaded yet."))
    text = _("Waiting to be sent, item {row}; kept on disk since {time}.").format(
        row=outgoing.id, time=utc(outgoing.made_ms)
    )
    if holder is None:
        return text + " " + _("It will go out with the next command that reaches the hub, or serai run.")
    fault = f" ({clean(holder.fault)})" if holder.fault else ""
    return text + " " + _("{what} sends it when it is connected").format(what=holder.what) + fault + "."
