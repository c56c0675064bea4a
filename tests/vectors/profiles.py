"""Profiles: what members have sent, and which counts at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from schemas.claims import Dispatch
from schemas.operations.held import EpochStart, HeldStep
from schemas.operations.profiles import MemberProfile, profiles_of
from schemas.operations.terms import MissingHow
from tests.support.profiles import Papers, held_profile
from tests.support.story import at_ms

Vector = dict[str, Any]


def _repeated(papers: Papers) -> None:
    papers.add("old", "KZ/NFP/DUTY-1", 1, number=90, signed=1)
    papers.add("new", "KZ/NFP/DUTY-1", 2, number=80, signed=2)
    papers.countersign("old", "KZ/NFP/CHIEF", 3)
    papers.countersign("new", "KZ/NFP/CHIEF", 4)
    papers.epochs.append(EpochStart(70, at_ms(2.5)))


def _drafted(papers: Papers) -> None:
    papers.confirmed("first", 1)
    papers.add("second", "KZ/NFP/DUTY-1", 5)


def _late(papers: Papers) -> None:
    papers.add("first", "KZ/NFP/DUTY-1", 1)
    papers.confirmed("second", 2)
    papers.countersign("first", "KZ/NFP/CHIEF", 9)


def _alone(papers: Papers) -> None:
    papers.confirmed("first", 1)
    papers.add("own", "KZ/NFP/CHIEF", 4)
    papers.countersign("own", "KZ/NFP/CHIEF", 5)


def _no_post(papers: Papers) -> None:
    papers.add("first", "KZ/NFP/CHIEF", 1)
    papers.countersign("first", "KZ/NFP/DUTY-1", 2)


def _another(papers: Papers) -> None:
    papers.add("first", "KZ/NFP/DUTY-1", 1)
    papers.countersign("first", "UZ/NFP/CHIEF", 2)


def _machine(papers: Papers) -> None:
    papers.add("first", "KZ/NFP", 1)
    papers.countersign("first", "KZ/NFP/CHIEF", 2)


def _exercise(papers: Papers) -> None:
    papers.confirmed("real", 1)
    papers.confirmed("played", 5, status="exercise")
    papers.add("draft", "KZ/NFP/DUTY-1", 8)
    papers.countersign("draft", "KZ/NFP/CHIEF", 9, status="exercise")


def _taken_back(papers: Papers) -> None:
    papers.confirmed("first", 1)
    papers.confirmed("second", 3)
    papers.add("cancel", "KZ/NFP/DUTY-1", 5, kind="feedback", refs=[("cancel", "second")])


def _draft_back(papers: Papers) -> None:
    papers.confirmed("first", 1)
    papers.add("second", "KZ/NFP/DUTY-1", 3)
    papers.add("cancel", "KZ/NFP/DUTY-1", 5, kind="feedback", refs=[("cancel", "second")])


def _supervisor(papers: Papers) -> None:
    papers.add("first", "KZ/NFP/DUTY-1", 1)
    papers.countersign("first", "KZ/NFP/SUPERVISOR", 2)


_CASES: Final = (
    ("countersigned by a supervisor", _supervisor),
    ("a newer one is a draft beside it", _drafted),
    ("an older one that is countersigned later", _late),
    ("countersigned by its own signer", _alone),
    ("countersigned without the post", _no_post),
    ("countersigned by another member", _another),
    ("signed by a machine", _machine),
    ("an exercise's, and a countersignature of an exercise", _exercise),
    ("taken back: what it had replaced does not count again", _taken_back),
    ("a draft that is taken back", _draft_back),
    ("repeated after a new epoch: by the signer's clock", _repeated),
)


def profiles() -> Vector:
    """Dispatches, and which of them count a day later, within each status."""
    return {"cases": [_case(name, papers) for name, papers in _played()]}


def _played() -> list[tuple[str, Papers]]:
    found = []
    for name, play in _CASES:
        papers = Papers()
        play(papers)
        found.append((name, papers))
    return found


def _case(name: str, papers: Papers) -> Vector:
    moment_ms = at_ms(1_440)
    return {
        "name": name,
        "moment_ms": moment_ms,
        "epochs": [{"number": each.number, "stated_ms": each.stated_ms} for each in papers.epochs],
        "dispatches": [_json(each) for each in papers.held],
        "counts": {status: result(papers.held, status, moment_ms, papers.epochs) for status in ("actual", "exercise")},
    }


def result(held: Sequence[HeldStep], status: str, moment_ms: int, epochs: Sequence[EpochStart]) -> Vector:
    """Which profile of each member counts, and which is a draft, by digest."""
    return {member: _found(each) for member, each in profiles_of(held, status, moment_ms, epochs).items()}


def _found(profile: MemberProfile) -> Vector:
    counts, draft = profile.counts, profile.draft
    return {
        **({"counts": counts.digest, "counts_from_ms": counts.counts_from_ms} if counts is not None else {}),
        **({"draft": draft.digest} if draft is not None else {}),
    }


def _json(held: HeldStep) -> Vector:
    cover = held.cover.model_dump(mode="json", exclude_none=True, by_alias=True)
    said = {name: cover[name] for name in ("iss", "iat", "kind", "status", "refs") if name in cover}
    place = {"digest": held.digest, "number": held.number, "accepted_ms": held.accepted_ms}
    return {**place, "roles": sorted(held.roles), "cover": said}


def held_of(dispatch: Vector) -> HeldStep:
    """What is here of a dispatch of the vectors."""
    cover: Dispatch = held_profile(**dispatch["cover"])
    place = dispatch["digest"], dispatch["number"], dispatch["accepted_ms"]
    return HeldStep(*place, cover, frozenset(dispatch["roles"]), MissingHow.NOT_OPENED)
