"""Scenarios of operations: plain files that an officer can read, played by real clients at a hub that really judges.

A scenario is a list of lines:

- ``# text`` and empty lines say nothing.
- ``07:30 UZ! decide granted legs=2 as=consent``: at that time of 24 November (``25 07:30`` of the next day), UTC, the
  authorising officer of ``UZ`` takes a step; ``UZ`` is its duty officer, ``UZ.`` its machine. What stands behind the
  step is in `STEPS`. ``as`` names it for other lines, ``on`` names the step that it is about.
- ``08:00 UZ decide granted -> post_missing``: it is refused so.
- ``08:00 root revoke RU``: a member is certified no more.
- ``08:00 KZ see control=TJ red=none``: what a party must see then; ``all`` are all that take part. See `SEEN`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from clients.actions.operations.known import KnownOperation, read_operation
from clients.errors import ClientError
from clients.line.operations import read_steps
from schemas.addresses import Address
from schemas.errors import SeraiError
from schemas.operations.picture import Picture
from schemas.operations.terms import Colour
from tests.support.crew import PARTICIPANTS, Crew
from tests.support.desk import ScriptedReader
from tests.support.judged import JudgedHub
from tests.support.story import START_MS
from tests.support.world import KZ, ROOM, RU, TJ, UZ
from tests.unit.schemas.reports.operations.builders import LEGS

MEMBERS: Final = {"TJ": TJ, "UZ": UZ, "KZ": KZ, "RU": RU, "CENTRE": ROOM}

STEPS: Final[Mapping[str, frozenset[str]]] = {
    "open": frozenset({"without", "outside", "related"}),
    "plan": frozenset({"left", "changed"}),
    "confirm": frozenset({"on"}),
    "decide": frozenset({"legs", "until", "on"}),
    "stop": frozenset({"until"}),
    "cancel": frozenset({"on"}),
    "move": frozenset({"soil", "happened", "ground", "of"}),
    "hand": frozenset({"other", "happened"}),
    "note": frozenset(),
    "close": frozenset(),
    "revoke": frozenset(),
}
"""What may stand behind each step, beside ``as``."""

SEEN: Final = frozenset({"legs", "control", "soil", "lost", "stopped", "go", "red", "amber", "owes", "closed"})
"""What may be asked of a party's picture: words apart by commas, ``none`` for nothing."""

_LINE: Final = re.compile(
    r"(?:(\d\d) )?(\d\d):(\d\d) (all|root|[A-Z]+)([!.]?) ([a-z]+)((?: [^ >]+)*?)(?: -> ([a-z_]+))?"
)
_WORD: Final = re.compile(r"([a-z]+)=(\S+)")


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
    if verb not in STEPS and verb != "see":
        raise ValueError(f"nobody can {verb}")
    if who not in MEMBERS and (who, verb) not in (("all", "see"), ("root", "revoke")):
        raise ValueError(f"nobody is called {who}")
    words = {each[1]: each[2] for each in map(_WORD.fullmatch, rest.split()) if each}
    plain = [each for each in rest.split() if "=" not in each]
    unknown = set(words) - (SEEN if verb == "see" else STEPS[verb] | {"as"})
    if unknown or len(plain) > 1:
        raise ValueError(f"not behind {verb}: {', '.join([*sorted(unknown), *plain[1:]])}")
    at_ms = START_MS + 60_000 * (1_440 * (int(day or 24) - 24) + 60 * int(hour) + int(minute))
    return Turn(number, at_ms, who, seat, verb, (plain or [""])[0], words, refused)


class Play:
    """A scenario as it is played.

    Args:
        path: an empty folder.
    """

    def __init__(self, path: Path) -> None:
        self.crew = Crew(path, lambda world: JudgedHub(world, path / "hub"))
        self._named: dict[str, str] = {}
        self._operation: str | None = None

    def play(self, text: str) -> None:
        """Play a scenario from beginning to end.

        Raises:
            AssertionError: something is not as a line says, named by its number.
            ValueError: as `parse_scenario`.
        """
        for turn in parse_scenario(text):
            self.crew.world.time_ms = turn.at_ms
            if turn.verb == "see":
                self._see(turn)
            elif turn.verb == "revoke":
                self._revoke(MEMBERS[turn.word])
            else:
                self._act(turn)

    def _revoke(self, member: Address) -> None:
        hub = self.crew.hub
        assert isinstance(hub, JudgedHub)
        hub.learn(self.crew.world.revocation(self.crew.world.party(member), "ROOT"))
        self.crew.sync()

    def _act(self, turn: Turn) -> None:
        content, command = self._content(turn), self._command(turn)
        code = None
        try:
            digest = self.crew.act(MEMBERS[turn.who], turn.verb, content, **command)
            code = self._refused(MEMBERS[turn.who], digest)
            if code is None:
                self._named[turn.words.get("as", f"line {turn.line}")] = digest
                self._operation = digest if turn.verb == "open" else self._operation
        except (ClientError, SeraiError) as error:
            code = str(error.code.value)
        self._read_lists()
        assert code == turn.refused, f"line {turn.line}: {turn.verb}: refused {code}, due {turn.refused}"

    def _read_lists(self) -> None:
        """Who was named late reads the hub's list: it has the covers that went to all."""
        for office in self.crew.offices.values():
            operation = self._operation or ""
            if office.store.operations.steps(operation) and office.store.items.get(operation) is None:
                reader = ScriptedReader(self.crew.hub, office.member)
                asyncio.run(read_steps(office.desk.state, office.desk.intake, reader, operation))
                office.reread()

    def _refused(self, member: Address, digest: str) -> str | None:
        """With which code the hub refuses what its client let through; ``None`` if it did not."""
        row = self.crew[member].store.outbox.find(digest)
        assert row is not None
        return None if row.index is not None else row.code or "waits"

    def _command(self, turn: Turn) -> dict[str, Any]:
        command: dict[str, Any] = {"chief": turn.seat == "!", "by_machine": turn.seat == "."}
        if turn.verb == "open":
            out = {MEMBERS[each] for each in _list(turn.words.get("without"))}
            command["participants"] = tuple(each for each in PARTICIPANTS if each[0] not in out)
            command["related"] = tuple(self._named[each] for each in _list(turn.words.get("related")))
        else:
            command["operation"] = self._operation
        if turn.verb == "plan" and "left" in turn.words:
            left = {MEMBERS[each] for each in _list(turn.words["left"])}
            command["participants"] = tuple((each, "left" if each in left else part) for each, part in PARTICIPANTS)
        if turn.verb == "decide":
            command |= {"decision": turn.word, "legs": tuple(_list(turn.words.get("legs")))}
        if "on" in turn.words:
            command["on"] = self._named[turn.words["on"]]
        return command

    def _content(self, turn: Turn) -> dict[str, Any]:
        words, now = turn.words, turn.at_ms
        if turn.verb in ("open", "plan"):
            asked = next(each for each in ("UZ", "KZ") if each != turn.who)
            asks = [{"member": MEMBERS[asked], "what": {"code": "decide"}, "until": "2026-11-24T23:00Z"}]
            rule = {"when": "Two hours without sight of the lorry", "decided_by": MEMBERS[turn.who]}
            return {"legs": _legs(words), "asks": asks, "stop_rule": rule}
        if turn.verb == "decide":
            reason = {"reason": {"code": "law"}} if turn.word in ("refused", "withdrawn") else {}
            return {**reason, **({"valid_until": _instant(words["until"], now)} if "until" in words else {})}
        if turn.verb == "stop":
            return {"until": _instant(words["until"], now)} if "until" in words else {}
        happened = {"occurred_at": _instant(words.get("happened"), now)}
        if turn.verb == "move":
            of = {"fact_of": MEMBERS[words["of"]], "learned_from": "By telephone"} if "of" in words else {}
            soil = {"soil": MEMBERS[words["soil"]]} if "soil" in words else {}
            ground = {"ground": words["ground"]} if "ground" in words else {}
            return {**happened, **of, **soil, **ground, "movement": turn.word}
        return {**happened, "stage": turn.word, "other": MEMBERS[words["other"]]} if turn.verb == "hand" else {}

    def _see(self, turn: Turn) -> None:
        for name in MEMBERS if turn.who == "all" else [turn.who]:
            office = self.crew[MEMBERS[name]]
            if turn.who == "all" and not office.store.operations.steps(self._operation or ""):
                continue
            office.reread()
            known = read_operation(office, self._operation or "")
            for key, due in turn.words.items():
                found = _LOOKS[key](known, known.picture, due)
                assert found == _sorted(due), f"line {turn.line}: {name} sees {key}={found}, due {due}"


def _list(text: str | None) -> list[str]:
    return [] if text in (None, "none") else (text or "").split(",")


def _sorted(text: str) -> str:
    return ",".join(sorted(text.split(",")))


def _instant(clock: str | None, now_ms: int) -> str:
    """A time of day, of 24 November or as ``25T07:30``; now if there is none."""
    if clock is None:
        minutes = (now_ms - START_MS) // 60_000
        return f"2026-11-{24 + minutes // 1_440}T{minutes % 1_440 // 60:02}:{minutes % 60:02}Z"
    day, _sep, hour = clock.rpartition("T")
    return f"2026-11-{day or 24}T{hour}Z"


def _legs(words: Mapping[str, str]) -> list[dict[str, Any]]:
    """The way through four countries: without some, one changed, or one outside, for which its member speaks."""
    out = {f"{each}/NFP" for each in _list(words.get("without"))}
    legs = [dict(leg) for leg in LEGS if leg["member"] not in out]
    for leg in legs:
        if leg["leg"] in _list(words.get("changed")):
            leg["mode"] = {"code": "commercial_road"}
        if leg["leg"] in _list(words.get("outside")):
            leg["spoken_for"] = {"area": "country", "name": "Turkmenistan"}
    return legs


def _short(member: Address | None) -> str:
    return "none" if member is None else str(member).partition("/")[0]


def _joined(words: set[str]) -> str:
    return ",".join(sorted(words)) or "none"


def _control(_known: KnownOperation, picture: Picture, due: str) -> str:
    span = picture.control
    colour = f":{span.colour.value}" if span is not None and ":" in due else ""
    return f"{_short(span.holder if span else None)}{colour}"


def _legs_seen(_known: KnownOperation, picture: Picture, due: str) -> str:
    asked = {each.partition(":")[0] for each in due.split(",")}
    return _joined({f"{each.leg}:{each.state.value}" for each in picture.authority if each.leg in asked})


def _found(colour: Colour) -> Callable[[KnownOperation, Picture, str], str]:
    return lambda known, _picture, _due: _joined(
        {each.kind.value for each in known.state.contradictions if each.colour is colour}
    )


def _owes(_known: KnownOperation, picture: Picture, due: str) -> str:
    """Of what is asked, what somebody owes."""
    owed = {f"{_short(each.member)}:{each.kind.value}" for each in picture.whose_move}
    return _joined(owed & set(due.split(","))) if due != "none" else _joined(owed)


_LOOKS: Final[Mapping[str, Callable[[KnownOperation, Picture, str], str]]] = {
    "legs": _legs_seen,
    "control": _control,
    "soil": lambda _known, picture, _due: _short(picture.soil.member if picture.soil else None),
    "lost": lambda _known, picture, _due: _yes(picture.control is not None and picture.control.lost_ms is not None),
    "stopped": lambda _known, picture, _due: _joined({_short(stop.member) for stop in picture.stops}),
    "go": lambda _known, picture, _due: _yes(picture.may_go),
    "red": _found(Colour.RED),
    "amber": _found(Colour.AMBER),
    "owes": _owes,
    "closed": lambda known, _picture, _due: _yes(known.state.closed_by is not None),
}


def _yes(value: object) -> str:
    return "yes" if value else "no"
