"""Where a value stands in a report: paths into its JSON, read and written; pure.

A path is names with dots between them: ``requested_action.code``. A name of a list says which entry is
meant, ``goods[0].quantity`` by its number, ``identifiers[kind=container].value`` the first that has this
value in this member. An entry may itself be a value: ``conditions[0]``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

_STEP: Final = re.compile(r"([a-z][a-z0-9_]*)(?:\[(?:([0-9]+)|([a-z][a-z0-9_]*)=([a-z0-9_]+))\])?")


class PathStep(NamedTuple):
    """One name of a path.

    Attributes:
        name: of the member.
        entry: which entry of it, if it is a list: its number, or a member and the value that it has there.
    """

    name: str
    entry: int | tuple[str, str] | None = None


@cache
def parse_path(path: str) -> tuple[PathStep, ...]:
    """The steps of a path.

    Raises:
        ValueError: it is none.
    """
    return tuple(_parse_step(text) for text in path.split("."))


def _parse_step(text: str) -> PathStep:
    found = _STEP.fullmatch(text)
    if found is None:
        raise ValueError(f"not a step of a path: {text!r}")
    name, number, member, value = found.groups()
    if number is not None:
        return PathStep(name, int(number))
    return PathStep(name, None if member is None else (member, value))


def read_path(report: Any, path: str) -> Any:
    """What stands at a path; ``None`` if nothing does.

    Args:
        report: its members as in JSON, or the report itself.
        path: where.
    """
    value = report
    for name, entry in parse_path(path):
        value = _member(value, name)
        if entry is not None:
            entries = value or ()
            at = _position(entries, entry)
            value = entries[at] if at < len(entries) else None
    return value


def write_path(report: Mapping[str, Any], path: str, value: str | None) -> dict[str, Any]:
    """A report with another value at a path; everything else is as it was.

    Args:
        report: its members as in JSON.
        path: where.
        value: what is to stand there. ``None`` takes away what stands there, and what is empty without it; an entry
            that is found by a value of its own goes with it.
    """
    return _written(report, parse_path(path), value)


def _written(whole: Mapping[str, Any], steps: Sequence[PathStep], value: str | None) -> dict[str, Any]:
    (name, entry), *rest = steps
    kept = dict(whole)
    if entry is not None:
        new: Any = _with_entry(kept.get(name, ()), entry, rest, value)
    else:
        new = _written(kept.get(name, {}), rest, value) if rest else value
    if new:
        kept[name] = new
    else:
        kept.pop(name, None)
    return kept


def _with_entry(
    entries: Sequence[Any], entry: int | tuple[str, str], rest: Sequence[PathStep], value: str | None
) -> list[Any]:
    at = _position(entries, entry)
    if isinstance(entry, tuple) and value is None:
        return [*entries[:at], *entries[at + 1 :]]
    old = entries[at] if at < len(entries) else dict([entry] if isinstance(entry, tuple) else [])
    new: Any = _written(old, rest, value) if rest else value
    after = entries[at + 1 :]
    # An empty entry keeps its place before others, which would else take its number.
    return [*entries[:at], *([new] if new or after else []), *after]


def _position(entries: Sequence[Any], entry: int | tuple[str, str]) -> int:
    """Where an entry stands, or would be added."""
    if isinstance(entry, int):
        return min(entry, len(entries))
    name, value = entry
    return next((at for at, each in enumerate(entries) if _member(each, name) == value), len(entries))


def _member(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(name)
    return getattr(value, name, None) if isinstance(value, BaseModel) else None
