"""``serai operation deconflict``: ask a desk whether somebody else is after the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from clients.cli.base import Command
from clients.cli.officer.options import FILE, form_options, profile_options, read_typed
from clients.cli.types import AddressType
from clients.cli.ui import note, show
from clients.documents.texts import _
from schemas.operations.deconfliction import DESK, KIND
from schemas.reports.kinds import find_entry

if TYPE_CHECKING:
    from clients.actions.client import Client
    from clients.cli.officer.options import TypedCommand
    from clients.mail.cover import Cover
    from schemas.reports.deconflict import DeconflictReport

_OPEN: Final = "operation open"
"""Name of the draft of a request that is not sent yet."""


@click.command(
    cls=Command,
    examples=(
        "serai operation deconflict",
        "serai operation deconflict --file request.json --yes",
        'serai operation deconflict --reference KZ-7 --plate "A 123 BC" \\\n    --border KZKDR --day 2026-11-24',
        "serai operation deconflict --list",
    ),
)
@click.argument("words", nargs=-1, metavar="[OPERATION]")
@click.option("--desk", type=AddressType(officer=False), default=DESK, show_default=True, help="Who compares.")
@click.option("--list", "lists", is_flag=True, help="Show what was asked, and the answers; nothing is sent.")
@form_options(find_entry(KIND).steps)
@FILE
@profile_options
def deconflict(words: tuple[str, ...], *, desk: Any, lists: bool, **values: Any) -> None:
    """Ask a desk, before a request goes out, whether another country is after the same.

    Of the request that you have begun, of --file, of OPERATION, or of what the options say. The desk learns numbers,
    and border points with their days; who is after the same gets your address, and you get his. Take a question back
    with serai cancel.
    """
    from clients.actions.operations.deconflicting import check_question, question_cover
    from clients.actions.writing import learn_members
    from clients.cli.client import open_client
    from clients.cli.officer.composing import ReadyDispatch, agree_and_send

    typed = read_typed(values)
    with open_client(typed.home, typed.passphrase_fd) as client:
        if lists:
            _list(client, typed)
            return
        learn_members(client, typed.options.wait_s)
        cover = question_cover(client, typed.cover.marking, typed.cover.officer, desk)
        report = check_question(_question(client, typed, words, cover))
        done = _("Asked as {number}. What {desk} finds comes to the inbox; no answer in 30 minutes is told.")
        done = done.format(number="{place}", desk=desk)
        agree_and_send(client, ReadyDispatch(report, cover, "operation deconflict", done=done), typed.options)


def _list(client: Client, typed: TypedCommand) -> None:
    from clients.documents.operations.deconfliction import asked_json, asked_text
    from clients.mail.deconfliction import read_questions

    status = typed.cover.marking.status or client.network_status
    found = read_questions(client.state, status)
    lines = [asked_text(each, status) for each in found] or [_("Nothing was asked.")]
    show({"questions": [asked_json(each) for each in found]}, lines, as_json=typed.options.as_json)


def _question(client: Client, typed: TypedCommand, words: Sequence[str], cover: Cover) -> DeconflictReport:
    """The question, from wherever it was said."""
    from clients.actions.drafting import kept_draft
    from clients.actions.forms import build_report, missing
    from clients.actions.operations.defaults import plan_before
    from clients.actions.operations.finding import find_operation
    from clients.actions.operations.known import read_operation
    from clients.cli.officer.asking import ask_steps, check_answers, option_of
    from clients.cli.officer.composing import lacks

    answers = typed.answers
    if typed.options.file:
        return _of_plan(client, cover, _file_members(typed.options.file))
    if words:
        return _of_plan(client, cover, plan_before(read_operation(client, find_operation(client, " ".join(words)))))
    if not answers and (kept := kept_draft(client, _OPEN)) is not None:
        note(_("Of the request that you have begun:"))
        return _of_plan(client, cover, build_report("operation-open", kept.answers))
    check_answers(KIND, answers)
    if typed.options.may_ask and not answers:
        answers = ask_steps(KIND, answers, lambda _so_far: None)
    if lacking := missing(KIND, answers):
        raise lacks(*map(option_of, lacking))
    return _written(build_report(KIND, answers))


def _file_members(path: Path) -> dict[str, Any]:
    from clients.errors import ClientError, LocalCode
    from schemas.encoding import decode_object
    from schemas.errors import SeraiError
    from schemas.limits import CONTENT_BYTES

    with path.open("rb") as file:
        data = file.read(CONTENT_BYTES + 1)
    try:
        return decode_object(data.strip(), CONTENT_BYTES, fractions=True)
    except SeraiError as error:
        raise ClientError(LocalCode.FILE_UNUSABLE, path=path, why=error) from None


def _of_plan(client: Client, cover: Cover, members: dict[str, Any]) -> DeconflictReport:
    from clients.actions.operations.deconflicting import question_about

    if members.get("report") == KIND:
        return _written(members)
    return question_about(client, members, cover.status or client.network_status, cover.to[0])


def _written(members: dict[str, Any]) -> DeconflictReport:
    from schemas.encoding import encode_json
    from schemas.reports import parse_report
    from schemas.reports.deconflict import DeconflictReport

    report = parse_report(encode_json(members).encode())
    assert isinstance(report, DeconflictReport)  # noqa: S101 - the kind has this form
    return report
