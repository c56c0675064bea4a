"""``serai help``: how the tasks of a shift are done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import click

from clients.cli.base import Command, json_option
from clients.cli.topics import TOPICS, Topic
from clients.cli.ui import show
from clients.documents.plain import WIDTH, wrap
from clients.documents.texts import _


@click.command(cls=Command, name="help", examples=("serai help", "serai help handover"))
@click.argument("name", required=False, metavar="[TOPIC]")
@json_option
def help_on(name: str | None, *, as_json: bool) -> None:
    """Show how a task of a shift is done: what to do, and what to type.

    Without TOPIC it lists the tasks. Options of one command are under its own --help.
    """
    if name is None:
        listed = [{"topic": each.name, "title": _(each.title)} for each in TOPICS]
        show({"topics": listed}, _list_lines(), as_json=as_json)
        return
    topic = _find(name)
    show(_topic_json(topic), _topic_lines(topic), as_json=as_json)


def _find(name: str) -> Topic:
    for each in TOPICS:
        if each.name == name.lower():
            return each
    names = ", ".join(each.name for each in TOPICS)
    raise click.BadParameter(_("there is no such task; there are {names}").format(names=names), param_hint="TOPIC")


def _list_lines() -> list[str]:
    width = max(len(each.name) for each in TOPICS)
    lines = [f"  {each.name:<{width}}  {_(each.title)}" for each in TOPICS]
    return [_("Tasks of a shift; see one with serai help TOPIC:"), *lines]


def _topic_lines(topic: Topic) -> Iterator[str]:
    yield _(topic.title)
    for number, step in enumerate(topic.steps, 1):
        first, *rest = wrap(_(step.text), " " * 4).splitlines()
        yield from ("", f"{number:>2}. {first.lstrip()}", *rest)
        for command in step.commands:
            yield from command_lines(command, " " * 6)


def _topic_json(topic: Topic) -> dict[str, Any]:
    steps = [{"text": _(step.text), "commands": list(step.commands)} for step in topic.steps]
    return {"topic": topic.name, "title": _(topic.title), "steps": steps}


def command_lines(command: str, indent: str) -> list[str]:
    """A command as it may be typed, within 80 columns; it goes on in the next line only before an option."""
    first, *options = re.split(r" (?=--)", command)
    lines = [indent + first]
    for option in options:
        if len(lines[-1]) + len(option) + len(" \\") < WIDTH:
            lines[-1] += f" {option}"
        else:
            lines[-1] += " \\"
            lines.append(f"{indent}  {option}")
    return lines
