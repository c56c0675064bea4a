"""Scenarios of operations, played by real clients at a hub that really judges; `turns` has what stands in them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from clients.actions.operations.known import read_operation
from clients.actions.revision import revise
from clients.documents.operations.court import court_lines
from clients.documents.operations.picture_text import picture_lines
from clients.documents.operations.viewing import view_of
from clients.errors import ClientError
from clients.line.operations import read_steps
from schemas.addresses import Address, MemberField
from schemas.errors import SeraiError
from schemas.operations.account import account_of, judge_account
from schemas.operations.encode import state_json
from schemas.operations.proven import operations_in
from schemas.reports.base import Instant
from tests.support.crew import PARTICIPANTS, Crew
from tests.support.desk import ScriptedReader
from tests.support.handed import court_file
from tests.support.judged import JudgedHub
from tests.support.looks import Sight, look
from tests.support.story import START_MS
from tests.support.turns import MEMBERS, STEPS, WATCHED, WORDED, Turn, parse_scenario, question_of
from tests.unit.schemas.reports.operations.builders import LEAST, LEGS


class Play:
    """A scenario as it is played.

    Args:
        path: an empty folder.
    """

    def __init__(self, path: Path) -> None:
        self.crew = Crew(path, lambda world: JudgedHub(world, path / "hub"))
        self._named: dict[str, str] = {}
        self._operation: str | None = None
        self._plan: dict[str, Any] = {}

    def play(self, text: str) -> None:
        """Play a scenario from beginning to end.

        Raises:
            AssertionError: something is not as a line says, named by its number.
            ValueError: as `parse_scenario`.
        """
        for turn in parse_scenario(text):
            self.crew.world.time_ms = turn.at_ms
            if turn.verb in WATCHED:
                (self._see if turn.verb == "see" else self._court)(turn)
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
                self._plan = content if turn.verb in ("open", "plan") else self._plan
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
        if "to" in turn.words:
            command["to"] = tuple(MEMBERS[each] for each in self._recipients(turn.words["to"]) if each != turn.who)
        if "on" in turn.words:
            command["on"] = self._named[turn.words["on"]]
        return command

    def _recipients(self, words: str) -> list[str]:
        """Those that are named; ``all`` are those that take part."""
        if words != "all":
            return _list(words)
        return [each for each in MEMBERS if self.crew[MEMBERS[each]].store.operations.steps(self._operation or "")]

    def _content(self, turn: Turn) -> dict[str, Any]:
        """What the form says: the least of it, what the step says by itself, and the answers of the line."""
        members = {**LEAST[turn.verb], **self._usual(turn)}
        answers = {key: text for key, text in turn.words.items() if key not in STEPS[turn.verb] | {"as"}}
        if turn.word and turn.verb in WORDED:
            answers = {WORDED[turn.verb]: turn.word, **answers}
        read = {key: _answer(question_of(turn.verb, key), text) for key, text in answers.items()}
        return {key: value for key, value in revise(f"operation-{turn.verb}", members, read).items() if key != "do"}

    def _usual(self, turn: Turn) -> dict[str, Any]:
        words, now = turn.words, turn.at_ms
        if turn.verb == "plan":
            return {**self._plan, "legs": _legs(words, self._plan["legs"])}
        if turn.verb == "open":
            asked = next(each for each in MEMBERS if each not in (turn.who, *_list(words.get("without"))))
            asks = [{"member": MEMBERS[asked], "what": {"code": "decide"}, "until": "2026-11-24T23:00Z"}]
            rule = {"when": "Two hours without sight of the lorry", "decided_by": MEMBERS[turn.who]}
            return {"legs": _legs(words, [] if "leg" in words else LEGS), "asks": asks, "stop_rule": rule}
        if turn.verb == "decide":
            reason = {"reason": {"code": "law"}} if turn.word in ("refused", "withdrawn") else {}
            return {**reason, **({"valid_until": _instant(words["until"])} if "until" in words else {})}
        if "happened" not in STEPS[turn.verb]:
            return {}
        of = {"fact_of": MEMBERS[words["of"]], "learned_from": "By telephone"} if "of" in words else {}
        return {"occurred_at": _instant(words["happened"]) if "happened" in words else _spelt(now), **of}

    # What is seen

    def _see(self, turn: Turn) -> None:
        for name in MEMBERS if turn.who == "all" else [turn.who]:
            office = self.crew[MEMBERS[name]]
            if turn.who == "all" and not office.store.operations.steps(self._operation or ""):
                continue
            office.reread()
            known = read_operation(office, self._operation or "")
            screen = [line.text for line in picture_lines(view_of(office, known))]
            self._check(turn, name, Sight(known.state, known.picture, _prose(screen)))

    def _court(self, turn: Turn) -> None:
        """What a stranger computes from a party's file, and that its account is what the file says."""
        office = self.crew[MEMBERS[turn.who]]
        office.reread()
        evidence = court_file(office, self._operation or "")
        (proven,) = operations_in(evidence)
        self._check(turn, "a court", Sight(proven.folded.state, proven.picture, _prose(court_lines(evidence))))
        held = read_operation(office, self._operation or "").held
        judged = judge_account(state_json(account_of(held)), proven.held)
        assert judged.holds, f"line {turn.line}: the account of {turn.who} is not what its file says: {judged}"

    def _check(self, turn: Turn, name: str, sight: Sight) -> None:
        for key, text in turn.words.items():
            due = text if key == "screen" else _sorted(text)
            found = look(sight, key, due)
            assert found == due, f"line {turn.line}: {name} sees {key}={found}, due {due}"


def _list(text: str | None) -> list[str]:
    return [] if text in (None, "none") else (text or "").split(",")


def _sorted(text: str) -> str:
    return ",".join(sorted(text.split(",")))


def _spelt(at_ms: int) -> str:
    minutes = (at_ms - START_MS) // 60_000
    return f"2026-11-{24 + minutes // 1_440}T{minutes % 1_440 // 60:02}:{minutes % 60:02}Z"


def _instant(clock: str) -> str:
    """A time of day, of 24 November or as ``25T07:30``."""
    day, _sep, hour = clock.rpartition("T")
    return f"2026-11-{day or 24}T{hour}Z"


def _answer(form: Any, text: str) -> str:
    """An answer as forms have it: members and times whole."""
    if form is MemberField:
        return MEMBERS[text]
    return _instant(text) if form is Instant else text


def _legs(words: Mapping[str, str], before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The way through four countries: without some, one changed, or one outside, for which its member speaks."""
    out = {f"{each}/NFP" for each in _list(words.get("without"))}
    legs = [dict(leg) for leg in before if leg["member"] not in out]
    for leg in legs:
        if leg["leg"] in _list(words.get("changed")):
            leg["mode"] = {"code": "commercial_road"}
        if leg["leg"] in _list(words.get("outside")):
            leg["spoken_for"] = {"area": "country", "name": "Turkmenistan"}
    return legs


def _prose(lines: Iterable[str]) -> str:
    """Lines as they are read, without their breaks."""
    return " ".join(" ".join(lines).split())
