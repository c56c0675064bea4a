"""Scenarios of operations: plain files that an officer can read.

A scenario is a list of lines:

- ``# text`` and empty lines say nothing.
- ``07:30 UZ! decide granted legs=2 as=consent``: at that time of 24 November (``25 07:30`` of the next day), UTC, the
  authorising officer of ``UZ`` takes a step; ``UZ`` is its duty officer, ``UZ.`` its machine. What stands behind the
  step is in `STEPS`. ``as`` names it for other lines, ``on`` names the step that it is about.
- ``08:00 UZ decide granted -> post_missing``: it is refused so.
- Other words are answers to the questions of the form, as options of the command line are: ``variant=parcel``, and
  ``operator="Post of Russia"`` where there are spaces; ``leg_area_2=sea`` is of the second leg.
- ``08:00 root revoke RU``: a member is certified no more.
- ``08:00 KZ see control=TJ red=none``: what a party must see then; ``all`` are all that take part. See `looks`.
- ``25 08:00 RU court red=none``: it hands out a file, and a court that knows only the root must see that in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from schemas.reports.kinds import find_entry
from tests.support.looks import SEEN
from tests.support.story import START_MS
from tests.support.world import KZ, ROOM, RU, TJ, UZ

MEMBERS: Final = {"TJ": TJ, "UZ": UZ, "KZ": KZ, "RU": RU, "CENTRE": ROOM}

STEPS: Final[Mapping[str, frozenset[str]]] = {
    "open": frozenset({"without", "outside", "related"}),
    "plan": frozenset({"left", "changed"}),
    "confirm": frozenset({"on"}),
    "decide": frozenset({"legs", "until", "on"}),
    "stop": frozenset(),
    "cancel": frozenset({"on"}),
    "move": frozenset({"happened", "of", "to"}),
    "hand": frozenset({"happened", "of", "to"}),
    "exhibit": frozenset({"happened", "of", "to"}),
    "result": frozenset({"happened", "of", "to"}),
    "note": frozenset({"to"}),
    "close": frozenset(),
    "revoke": frozenset(),
}
"""What may stand behind each step, beside ``as`` and the answers of its form."""

WATCHED: Final = frozenset({"see", "court"})
"""What is looked at, and changes nothing."""

WORDED: Final = {"move": "movement", "hand": "stage", "exhibit": "event", "result": "outcome", "close": "outcome"}
"""Of which question the word behind a step is the answer."""

_LINE: Final = re.compile(r"(?:(\d\d) )?(\d\d):(\d\d) (all|root|[A-Z]+)([!.]?) ([a-z]+)((?: .*?)??)(?: -> ([a-z_]+))?")
_TOKEN: Final = re.compile(r'[a-z0-9_]+="[^"]*"|\S+')
_WORD: Final = re.compile(r'([a-z0-9_]+)=(?:"([^"]*)"|([^\s"]+))')
_NUMBER: Final = re.compile(r"_[0-9]+$")


@dataclass(frozen=True, slots=True)
class Turn:
    """A line of a scenario.

    Attributes:
        line: its number.
        at_ms: when, milliseconds since 1970 UTC.
        who: takes the step, or sees.
        seat: ``!`` for the authorising officer, ``.`` for the machine, else empty.
        verb: what is done.
        word: behind it, without a name.
        words: by name.
        refused: with which code, if it is.
    """

    line: int
    at_ms: int
    who: str
    seat: str
    verb: str
    word: str
    words: Mapping[str, str]
    refused: str | None


def parse_scenario(text: str) -> list[Turn]:
    """The lines of a scenario.

    Raises:
        ValueError: a line is none of a scenario; it is named by its number.
    """
    turns: list[Turn] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            turn = _parse(number, line.strip())
        except ValueError as error:
            raise ValueError(f"line {number}: {error}: {line}") from None
        if turns and turn.at_ms < turns[-1].at_ms:
            raise ValueError(f"line {number}: earlier than the line before: {line}")
        turns.append(turn)
    return turns


def _parse(number: int, line: str) -> Turn:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError("not a line of a scenario")
    day, hour, minute, who, seat, verb, rest, refused = found.groups()
    if verb not in STEPS and verb not in WATCHED:
        raise ValueError(f"nobody can {verb}")
    if who not in MEMBERS and (who, verb) not in (("all", "see"), ("root", "revoke")):
        raise ValueError(f"nobody is called {who}")
    tokens = _TOKEN.findall(rest)
    words = {each[1]: each[2] if each[3] is None else each[3] for each in map(_WORD.fullmatch, tokens) if each}
    plain = [each for each in tokens if "=" not in each]
    unknown = sorted(each for each in words if not _may_stand(verb, each))
    if unknown or len(plain) > 1:
        raise ValueError(f"not behind {verb}: {', '.join([*unknown, *plain[1:]])}")
    at_ms = START_MS + 60_000 * (1_440 * (int(day or 24) - 24) + 60 * int(hour) + int(minute))
    return Turn(number, at_ms, who, seat, verb, (plain or [""])[0], words, refused)


def _may_stand(verb: str, key: str) -> bool:
    if verb in WATCHED:
        return key in SEEN
    return key in STEPS[verb] | {"as"} or (verb != "revoke" and question_of(verb, key) is not None)


def question_of(verb: str, key: str) -> Any:
    """The form of the answer of a question, by its key with or without the number of an entry; ``None`` of none."""
    first = _NUMBER.sub("", key)
    return next((step.form for step in find_entry(f"operation-{verb}").steps if step.key == first), None)
