"""The commands of ``serai operation`` that take a step: one for each form, made from the registry of kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import click

from clients.actions.operations.filling import DECISION, GUARANTEES, PARTS, STOP_KEYS
from clients.actions.operations.guarantees import AS_IN_PROFILE
from clients.cli.base import Command, F
from clients.cli.officer.operation.filling import TypedStep
from clients.cli.officer.options import form_options, read_typed, step_options
from clients.cli.types import CodeChoice, CodeType
from schemas.operations.words import Decision
from schemas.reports.kinds import find_entry
from schemas.reports.operations.codes import GuaranteeKind


@dataclass(frozen=True, slots=True)
class StepText:
    """What the help of a command has beside the purpose of its form.

    Attributes:
        more: its second paragraph.
        examples: what may be typed.
        only: keys that are asked; all of the form if there are none.
    """

    more: str
    examples: tuple[str, ...]
    only: tuple[str, ...] = ()


_TEXTS: Final[Mapping[str, StepText]] = {
    "open": StepText(
        "It asks what is needed first; the rest may be left open. Those who take part get it, and all that is decided. "
        "It counts when an authorising officer of ours has confirmed it.",
        ("serai operation open", "serai operation open --file request.json"),
    ),
    "plan": StepText(
        "It begins with the plan before it and asks what is to change. Who decided on a leg that changes has to decide "
        "again.",
        (
            "serai operation plan TJ-CD-7",
            'serai operation plan TJ-CD-7 --leg-enters 23:30 --changes "Late at the border"',
        ),
    ),
    "confirm": StepText(
        "The newest plan, if it is not confirmed; else the conditions of a decision. An authorising officer signs it.",
        ("serai operation confirm TJ-CD-7", "serai operation confirm TJ-CD-7 --on 10431"),
    ),
    "decide": StepText(
        "Without --leg on all legs of ours, in the newest plan. An authorising officer grants; any officer refuses or "
        "withdraws.",
        (
            "serai operation decide TJ-CD-7",
            'serai operation decide TJ-CD-7 --decision granted --post "Prosecutor"',
        ),
    ),
    "stop": StepText(
        "It goes to all who take part, as flash. It stands until you strike it out, or until its time. Who has the "
        "goods on his soil decides what is done with them.",
        ("serai operation stop TJ-CD-7", "serai operation stop TJ-CD-7 --reason danger --wish hold --yes"),
        STOP_KEYS,
    ),
    "move": StepText(
        "Where the goods are, left, arrived, crossed a border, were lost or found. lost, found and an urgent crossing "
        "go to all, as flash.",
        (
            "serai operation move TJ-CD-7",
            'serai operation move TJ-CD-7 --place "Shymkent" --next-report +2h --yes',
        ),
    ),
    "hand": StepText(
        "Who gives offers, who receives accepts. Until both have signed it is shown as signed by one side.",
        ("serai operation hand TJ-CD-7", "serai operation hand TJ-CD-7 --stage offered --other KZ/NFP --yes"),
    ),
    "exhibit": StepText(
        "What is registered, sampled, removed, weighed, seized or destroyed, so that the books balance. Not "
        "counted yet? Say why with --not-counted.",
        (
            "serai operation exhibit TJ-CD-7",
            "serai operation exhibit --event registered --exhibit TJ-1",
        ),
    ),
    "result": StepText(
        "Seizures, losses, injuries and the number of the laboratory; each country reports its own.",
        ("serai operation result TJ-CD-7", "serai operation result TJ-CD-7 --outcome seized --yes"),
    ),
    "note": StepText(
        "It answers nothing and ends no clock. Name who gets it with --to.",
        ('serai operation note TJ-CD-7 --to UZ/NFP --summary "A tyre was changed"',),
    ),
    "close": StepText(
        "Only the lead can. It ends all clocks; a later plan opens it again.",
        ("serai operation close TJ-CD-7", "serai operation close TJ-CD-7 --outcome delivered"),
    ),
    "cancel": StepText(
        "N is its number. It stays, and is shown as struck out, to all who got it.",
        ('serai operation cancel 10451 --reason "Another lorry"',),
    ),
}


def make_step(do: str) -> click.Command:
    """The command that takes a step.

    Args:
        do: what the step does; ``cancel`` strikes one out.
    """
    text, entry = _TEXTS[do], find_entry(f"operation-{do}")

    def run(words: tuple[str, ...] = (), **values: Any) -> None:
        _run(do, words, values)

    helps = f"{entry.purpose}\n\n{text.more}"
    command: Callable[..., Any] = step_options(run)
    command = _extra_options(do)(form_options(entry.steps)(command))
    if do != "open":
        name = "N" if do == "cancel" else "[OPERATION]"
        command = click.argument("words", nargs=-1, metavar=name, required=do == "cancel")(command)
    made: click.Command = click.command(do, cls=Command, help=helps, examples=text.examples)(command)
    return made


def _extra_options(do: str) -> Callable[[F], F]:
    """What a step has on its cover, and no form asks for."""
    found: list[Callable[[F], F]] = []
    if do in ("open", "plan"):
        parts = "Who takes part, and as what: UZ/NFP transit, RU/NFP destination."
        found.append(click.option("--parts", PARTS, metavar="TEXT", help=parts))
    if do == "decide":
        found.append(click.option("--decision", DECISION, type=CodeChoice(Decision), help="What you decide."))
        found.append(
            click.option("--leg", "legs", multiple=True, metavar="NAME", help="On this leg only; may be repeated.")
        )
    if do == "decide":
        promised = "What you guarantee with it; may be repeated."
        found.append(
            click.option("--guarantee", GUARANTEES, multiple=True, type=CodeType(GuaranteeKind), help=promised)
        )
        profile = "You guarantee what your profile says on which the request rests."
        found.append(click.option("--as-in-profile", AS_IN_PROFILE, is_flag=True, help=profile))
    if do in ("plan", "confirm", "decide", "hand", "close"):
        found.append(click.option("--on", default="", metavar="N", help="Number of the step that it is on."))
    if do in ("move", "note"):
        machine = "Sign with the member's own key, without an officer."
        found.append(click.option("--by-machine", is_flag=True, help=machine))

    def decorate(command: F) -> F:
        for option in found:
            command = option(command)
        return command

    return decorate


def _run(do: str, words: tuple[str, ...], values: dict[str, Any]) -> None:
    from clients.actions.operations.finding import find_operation
    from clients.actions.writing import learn_members
    from clients.cli.client import open_client
    from clients.cli.officer.operation.choosing import choose_operation
    from clients.cli.officer.operation.stepping import take_step

    on, legs = values.pop("on", ""), tuple(values.pop("legs", ()))
    by_machine = values.pop("by_machine", False)
    ticked = [*values.pop(GUARANTEES, ()), *([AS_IN_PROFILE] if values.pop(AS_IN_PROFILE, False) else [])]
    if ticked:
        values[GUARANTEES] = " ".join(ticked)
    typed = read_typed(values)
    with open_client(typed.home, typed.passphrase_fd) as client:
        if do == "open":
            learn_members(client, typed.options.wait_s)
        if do == "cancel":
            on = " ".join(words)
        operation = None
        if do != "open":
            operation = find_operation(client, on) if do == "cancel" else choose_operation(client, words)
        take_step(client, TypedStep(do, typed, on, legs, _TEXTS[do].only, by_machine=by_machine), operation)
