"""Every text that ``serai`` may show, found in the source; the Russian catalogue; and its compiled form.

``python -m tests.support.messages`` compiles the catalogue, and lists what it lacks.
"""

from __future__ import annotations

import ast
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from clients.cli.base import LazyGroup, paragraphs_of
from clients.cli.commands import serai
from clients.cli.topics import TOPICS
from clients.documents.report_text import field_words
from clients.documents.texts import DOMAIN, LOCALE
from clients.errors import LOCAL_PROBLEMS
from schemas.errors import PROBLEMS
from schemas.reports.entry import ReportKind
from schemas.reports.kinds import entries, forms

CLIENTS = Path(__file__).resolve().parent.parent.parent / "clients"
RULES = CLIENTS.parent / "schemas" / "rules"
"""Rules that a client applies itself: what they say of a fault is said to a person."""

SCREENS = (CLIENTS / "cli", CLIENTS / "demo")
"""What prints for itself: its faults are in the words of its screens already."""

PO = LOCALE / "ru" / "LC_MESSAGES" / f"{DOMAIN}.po"
MO = PO.with_suffix(".mo")

CLICK = (
    "Usage:",
    "[OPTIONS]",
    "COMMAND [ARGS]...",
    "Options",
    "Commands",
    "Show this message and exit.",
    "Show the version and exit.",
    "default: {default}",
    "required",
    "file",
    "directory",
    "path",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "No such command {name!r}.",
    "No such option {name!r}.",
    "Missing command.",
    "Missing argument",
    "Missing option",
    "Choose from:\n\t{choices}",
    "Option {name!r} does not take a value.",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a file.",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} is not readable.",
    "Aborted!",
    "Repeat for confirmation",
    "Error: The two entered values do not match.",
)
"""What the library of the command line says to people."""

CLICK_PLURALS = {
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
}
"""The same, where it depends on a number."""


def all_messages() -> set[str]:
    """Every message, in English."""
    found = {text for path in _modules() for text in _in_source(path)}
    found |= {text for path in _own_modules() for text in _details(path)}
    found |= {text for pair in all_plurals() for text in pair}
    found |= {text for command in commands(serai) for text in _in_command(command)}
    found |= {text for topic in TOPICS for text in topic.texts()}
    found |= {text for kind in entries() for text in (kind.purpose, *_asked(kind)) if text}
    found |= {text for problem in PROBLEMS.values() for text in (problem.title, problem.remedy)}
    found |= {text for local in LOCAL_PROBLEMS.values() for text in (local.title, local.remedy)}
    found |= {field_words(name) for form in forms().values() for name in _fields(form)}
    return found | set(CLICK)


def all_plurals() -> set[tuple[str, str]]:
    """Messages that depend on a number: the form for one and the form for many."""
    found = [texts[:2] for path in _modules() for texts in _calls(path, "plural")]
    return {(one, many) for one, many in found} | CLICK_PLURALS


def field_names() -> set[str]:
    """Messages that stand at the left of a value: the first argument of ``field``."""
    return {name for path in _modules() for name in _labels(path)}


def _labels(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("field", "named"):
            match node.args:
                case [ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(text))]), *_]:
                    yield text


def _in_source(path: Path) -> Iterator[str]:
    yield from (texts[0] for texts in _calls(path, "_") if texts)


def _details(path: Path) -> Iterator[str]:
    """What a fault of the client's own code says beside its title, as far as it is always the same."""
    yield from (texts[0] for texts in _calls(path, "SeraiError") if texts)


def _modules() -> list[Path]:
    return sorted(CLIENTS.rglob("*.py"))


def _own_modules() -> list[Path]:
    own = [path for path in _modules() if not any(path.is_relative_to(folder) for folder in SCREENS)]
    return own + sorted(RULES.glob("*.py"))


def _calls(path: Path, name: str) -> Iterator[list[str]]:
    """The texts that are handed to a function wherever a module calls it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def commands(group: click.Command) -> Iterator[click.Command]:
    """A command and everything beneath it."""
    yield group
    if isinstance(group, LazyGroup):
        context = click.Context(group)
        for name in group.list_commands(context):
            found = group.get_command(context, name)
            assert found is not None
            yield from commands(found)


def _in_command(command: click.Command) -> Iterator[str]:
    yield from paragraphs_of(command)
    for param in command.params:
        if isinstance(param, click.Option) and param.help:
            yield param.help


def _asked(kind: ReportKind) -> Iterator[str]:
    """What a form asks, and the help of its options."""
    for step in kind.steps:
        yield from (step.question, step.help)


def _fields(model: type[BaseModel], seen: set[Any] | None = None) -> Iterator[str]:
    """Names of the fields of a report and its parts."""
    seen = set() if seen is None else seen
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        if name not in ("report", "version", "do"):
            yield name
        for part in _parts(field.annotation):
            yield from _fields(part, seen)


def _parts(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in getattr(annotation, "__args__", ()):
        yield from _parts(each)


def read_catalogue(path: Path = PO) -> dict[str, tuple[str, ...]]:
    """English to Russian; several forms where there is a number."""
    entries: dict[str, tuple[str, ...]] = {}
    for block in path.read_text().strip().split("\n\n"):
        found: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#") or not line.strip():
                continue
            first, _sep, rest = line.partition(" ")
            if not line.startswith('"'):
                name, found[first] = first, ""
            found[name] += ast.literal_eval(line if line.startswith('"') else rest)
        key = found.get("msgid", "") + (f"\0{found['msgid_plural']}" if "msgid_plural" in found else "")
        entries[key] = tuple(value for name, value in found.items() if name.startswith("msgstr"))
    return entries


def translated(entries: dict[str, tuple[str, ...]]) -> set[str]:
    """English messages that a catalogue has in full."""
    return {text for key, forms in entries.items() if all(forms) for text in key.split("\0") if text}


def compiled(entries: dict[str, tuple[str, ...]]) -> bytes:
    """The catalogue as ``gettext`` reads it (a GNU MO file)."""
    rows = sorted((key.encode(), "\0".join(forms).encode()) for key, forms in entries.items())
    start = 28 + 16 * len(rows)
    texts, table = b"", b""
    for text in [key for key, _value in rows] + [value for _key, value in rows]:
        table += struct.pack("<2I", len(text), start + len(texts))
        texts += text + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, len(rows), 28, 28 + 8 * len(rows), 0, start) + table + texts


def main() -> None:
    """Compile, and list what is missing and what is not used any more."""
    entries = read_catalogue()
    MO.write_bytes(compiled(entries))
    due = all_messages()
    for text in sorted(due - translated(entries)):
        print(f"missing: {text!r}")
    for text in sorted(translated(entries) - due):
        print(f"unused: {text!r}")
    sys.exit(bool(due ^ translated(entries)))


if __name__ == "__main__":
    main()
