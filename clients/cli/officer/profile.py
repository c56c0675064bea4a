"""``serai profile``: whom to call in a country, and what it asks of a controlled delivery."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from clients.cli.base import Command, LazyGroup, client_options, wait_option
from clients.cli.officer.options import FILE, TypedCommand, form_options, profile_options, read_typed
from clients.cli.types import AddressType, CodeChoice
from clients.cli.ui import show
from clients.documents.texts import _
from schemas.addresses import Address
from schemas.claims import Status as StatusWord
from schemas.labels import Status
from schemas.reports.kinds import find_entry

if TYPE_CHECKING:
    from clients.actions.client import Client

_DRAFT: Final = "profile"
"""Name of the draft of the own profile."""

_STATUS: Final = click.option(
    "--status", type=CodeChoice(Status), help="Those of this status; as the network, by default."
)


@click.group(cls=LazyGroup)
def profile() -> None:
    """Country profiles: whom to call there, and what it asks of a controlled delivery.

    Each country writes its own. It counts when another officer, a supervisor or an authorising officer, has
    countersigned it; until then it is a draft beside the one before. Where there is none, nothing is known: ask.
    """


@profile.command("list", cls=Command, examples=("serai profile list",))
@_STATUS
@client_options
def list_all(*, status: StatusWord | None, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """List the countries with what is known of each."""
    from clients.actions.profiles import list_profiles
    from clients.cli.client import open_client
    from clients.documents.profiles import profile_json, profile_line

    with open_client(home, passphrase_fd) as client:
        found = list_profiles(client, status)
        show({"profiles": [profile_json(each) for each in found]}, map(profile_line, found), as_json=as_json)


@profile.command("show", cls=Command, examples=("serai profile show UZ/NFP", "serai profile show"))
@click.argument("member", type=AddressType(officer=False), required=False)
@_STATUS
@wait_option
@client_options
def show_one(
    *,
    member: Address | None,
    status: StatusWord | None,
    wait_s: float,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Show the profile of a country, telephone numbers first; your own without MEMBER."""
    from clients.actions.profiles import find_profile
    from clients.actions.writing import learn_members
    from clients.cli.client import open_client
    from clients.documents.profiles import profile_json, profile_lines

    with open_client(home, passphrase_fd) as client:
        learn_members(client, wait_s)
        known = find_profile(client, member or client.member, status)
        show(profile_json(known), profile_lines(known), as_json=as_json)


@profile.command(
    cls=Command,
    examples=(
        "serai profile edit",
        "serai profile edit --notice-hours 24",
        "serai profile edit --file profile.json",
    ),
)
@form_options(find_entry(_DRAFT).steps)
@FILE
@profile_options
def edit(**values: Any) -> None:
    """State whom to call in your country, and what it asks of a controlled delivery.

    It begins with the one before it and asks what is to change; with options it changes what they say. Leave open what
    is not certain. It goes to all members, and is a draft until another officer countersigns it.
    """
    from clients.actions.profiles import find_profile, form_to_edit, profile_cover
    from clients.actions.writing import learn_members
    from clients.cli.client import open_client
    from clients.cli.officer.composing import ReadyDispatch, agree_and_send, keeps_draft
    from clients.cli.officer.correcting import lines_gone

    typed = read_typed(values)
    marking = typed.cover.marking
    with open_client(typed.home, typed.passphrase_fd) as client:
        learn_members(client, typed.options.wait_s)
        cover = profile_cover(client, marking, typed.cover.officer)
        old = form_to_edit(client, marking.status)
        with keeps_draft(client, _DRAFT):
            report = _written(client, typed, old)
        is_had_by_all = not find_profile(client, client.member, marking.status).not_sent
        if report == old and is_had_by_all:
            raise click.UsageError(_("nothing of the profile is changed"))
        done = _("Sent as {number}: a draft. Another officer: serai profile countersign.")
        also = lines_gone(old, report) if old is not None else []
        ready = ReadyDispatch(report, cover, _DRAFT, done=done.format(number="{place}"), also=also)
        agree_and_send(client, ready, typed.options)


def _written(client: Client, typed: TypedCommand, old: Any) -> Any:
    from clients.actions.drafting import keep_draft
    from clients.actions.forms import missing
    from clients.actions.writing import read_report, write_report
    from clients.cli.officer.asking import check_answers, option_of
    from clients.cli.officer.composing import lacks, take_up
    from clients.cli.officer.correcting import rewrite
    from clients.cli.officer.operation.guided import Questions, ask_form

    if old is not None:
        return rewrite(client, old, typed.answers, _DRAFT, typed.options)[0]
    if typed.options.file:
        return read_report(_DRAFT, typed.options.file)
    check_answers(_DRAFT, typed.answers)
    answers = dict(take_up(client, _DRAFT, typed.answers, typed.options).answers)
    if typed.options.may_ask and not typed.answers:
        questions = Questions(_DRAFT, client.state.system.clock.time_ms, {})
        answers = ask_form(questions, answers, lambda so_far: keep_draft(client, _DRAFT, so_far))
    if lacking := missing(_DRAFT, answers):
        raise lacks(*map(option_of, lacking))
    return write_report(_DRAFT, answers)


@profile.command(cls=Command, examples=("serai profile countersign",))
@profile_options
def countersign(**values: Any) -> None:
    """Countersign the draft of your country, so that it counts.

    A supervisor or an authorising officer does, who has not written it.
    """
    from clients.actions.profiles import prepare_countersignature
    from clients.actions.writing import learn_members
    from clients.cli.client import open_client
    from clients.cli.officer.composing import ReadyDispatch, agree_and_send
    from clients.cli.officer.correcting import lines_gone
    from clients.documents.plain import WIDTH
    from clients.documents.report_text import report_lines

    typed = read_typed(values)
    with open_client(typed.home, typed.passphrase_fd) as client:
        learn_members(client, typed.options.wait_s)
        ready = prepare_countersignature(client, typed.cover.marking, typed.cover.officer)
        also = [_("This will count for your country from then on:"), *report_lines(ready.form), "-" * WIDTH]
        also += lines_gone(ready.before, ready.form) if ready.before is not None else []
        done = _("Countersigned as {number}: this profile counts.").format(number="{place}")
        dispatch = ReadyDispatch(ready.report, ready.cover, "profile countersign", done=done, also=also)
        agree_and_send(client, dispatch, typed.options)
