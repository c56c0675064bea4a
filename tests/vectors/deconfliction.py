"""Deconfliction: canonical forms of numbers, and what a desk answers to the questions that it holds."""

# ruff: noqa: RUF001 - Cyrillic letters that look Latin are part of the data

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from schemas.operations.deconfliction import (
    ANSWER_KIND,
    DESK,
    MATTERS_A_DAY,
    Comparison,
    DueAnswer,
    compare_questions,
    due_answers,
    told_by,
)
from schemas.operations.held import HeldStep, StepContent
from schemas.operations.matters import canonical_number, matters_of
from schemas.operations.terms import MissingHow
from schemas.reports.reading import read_members
from tests.support.deconflicting import CYRILLIC, LATIN, POINT, Asking, form_of, question, read_json
from tests.support.profiles import held_profile
from tests.support.story import at_ms

Vector = dict[str, Any]

_KZ, _UZ, _TJ = "KZ/NFP", "UZ/NFP", "TJ/NFP"

_NUMBERS: Final = (
    ("vehicle_plate", CYRILLIC),
    ("vehicle_plate", LATIN),
    ("trailer_plate", "O 001 OO"),
    ("vehicle_plate", "0001ОО"),
    ("vehicle_plate", "۱۲ 345 ۶۷"),
    ("vehicle_plate", "АІ 1234 ЈЅ"),
    ("vehicle_plate", "Г 123 ЖЩ"),
    ("vehicle_plate", "ñ-123 ß"),
    ("vehicle_plate", " - "),
    ("container", "csqu 305438-3"),
    ("container", "МSСU1234567"),
    ("imo_ship", "imo-IMO 9074729"),
    ("air_waybill", "176–1234 5675"),
    ("postal_item", "RR 473 124 829 RU"),
    ("courier_parcel", "rr473124829ru"),
    ("vin", "хта 210990У2766389"),
    ("flight", "ＨＹ　６０２"),
    ("phone", "+7 (701) 250-00-00"),
    ("phone", "8 701 2500000"),
    ("phone", "00998 71 2000000"),
    ("phone", "8 495 000 00 00"),
    ("seal", "№ 0012345"),
    ("other", "A\u20091\u2212/"),
)


def _two(asking: Asking) -> None:
    asking.ask(_KZ, CYRILLIC)
    asking.answer(1)
    asking.ask(_UZ, LATIN, minute=2)
    asking.ask(_TJ, "B 999 TT", minute=3)


def _point(asking: Asking) -> None:
    asking.ask(_KZ, members={"points": [{**POINT, "last_day": "2026-11-26"}]})
    asking.ask(_UZ, minute=1, members={"points": [{"name": "kz kdr", "first_day": "2026-11-26"}]})
    asking.ask(_TJ, minute=2, members={"points": [{**POINT, "first_day": "2026-11-27"}]})


def _exercise(asking: Asking) -> None:
    asking.ask(_KZ, LATIN)
    asking.ask(_UZ, LATIN, minute=1, status="exercise")
    asking.ask(_TJ, LATIN, minute=2, status="exercise")


def _withdrawn(asking: Asking) -> None:
    asking.ask(_KZ, LATIN)
    asking.cancel(f"{_KZ}/DUTY-2", _KZ, 1)
    asking.ask(_UZ, LATIN, minute=2)
    asking.cancel(f"{_KZ}/DUTY-2", _UZ, 3)
    asking.ask(_TJ, LATIN, minute=4)
    asking.ask(_TJ, "B 1", minute=5, name="corrected", refs=[("update", _TJ)])


def _bound(asking: Asking) -> None:
    for at in range(MATTERS_A_DAY // 16):
        asking.ask(_KZ, *(f"A {each}" for each in range(16 * at, 16 * at + 16)), minute=at, name=f"q{at}")
    asking.ask(_UZ, "A 0", "B 0", minute=30)
    asking.ask(_KZ, "B 0", minute=31, name="beyond")


def _again(asking: Asking) -> None:
    asking.add(_KZ, f"{_KZ}/DUTY-1", 0, None)
    asking.ask(_UZ, LATIN, minute=1)
    asking.ask(_KZ, LATIN, minute=2, name="resealed", refs=[("reseal", _KZ)])


def _later(asking: Asking) -> None:
    asking.ask(_KZ, LATIN, members={"faces": ["x"]})
    asking.ask(_UZ, "B 1", minute=1)


_CASES: Final = (
    ("two after one lorry, typed in two alphabets, and a third after another", _two),
    ("a border point on a day, by its code and by its name", _point),
    ("an exercise meets an exercise only", _exercise),
    ("withdrawn, or asked anew; nobody withdraws for another", _withdrawn),
    ("more than a member may ask in a day", _bound),
    ("not opened, and brought again under a newer key", _again),
    ("with a member of a later version", _later),
)


def deconfliction() -> Vector:
    """Canonical forms, and questions with what a desk finds and says an hour later, within each status."""
    return {"canonical": [_canonical(*each) for each in _NUMBERS], "cases": [_case(*each) for each in _CASES]}


def _canonical(kind: str, value: str) -> Vector:
    matters = matters_of(form_of(question(numbers=[{"kind": kind, "value": value}])))
    found = {"kind": kind, "value": value, "canonical": canonical_number(kind, value)}
    return {**found, "matter": next(iter(matters), None)}


def _case(name: str, play: Any) -> Vector:
    asking, moment_ms = Asking(), at_ms(60)
    play(asking)
    return {
        "name": name,
        "desk": DESK,
        "moment_ms": moment_ms,
        "dispatches": [_json(each) for each in asking.held],
        "results": {status: result(asking.held, status, moment_ms) for status in ("actual", "exercise")},
    }


def result(held: Sequence[HeldStep], status: str, moment_ms: int) -> Vector:
    """What a desk finds of the questions of one status, and what it has to say."""
    view = compare_questions(held, DESK, status, moment_ms)
    return {
        "found": [_found(each) for each in view.standing],
        "beyond": [each.digest for each in view.beyond],
        "due": [_due(each) for each in due_answers(view, told_by(held, DESK))],
    }


def _found(each: Comparison) -> Vector:
    matters = sorted(each.question.matters)
    return {
        "question": each.question.digest,
        "matters": matters,
        "result": each.result.value,
        "meets": list(each.meets),
    }


def _due(each: DueAnswer) -> Vector:
    return {"question": each.question.digest, "to": each.question.member, "content": read_json(each)}


def _json(held: HeldStep) -> Vector:
    cover = held.cover.model_dump(mode="json", exclude_none=True, by_alias=True)
    said = {name: cover[name] for name in ("iss", "iat", "to", "kind", "status", "refs") if name in cover}
    place = {"digest": held.digest, "number": held.number, "accepted_ms": held.accepted_ms}
    content = {"content": dict(held.content.members)} if isinstance(held.content, StepContent) else {}
    return {**place, "cover": said, **content}


def held_of(dispatch: Vector) -> HeldStep:
    """What is here of a dispatch of the vectors."""
    cover, members = held_profile(**dispatch["cover"]), dispatch.get("content")
    said = MissingHow.NOT_OPENED if members is None else StepContent(members, read_members(members, cover.kind))
    place = dispatch["digest"], dispatch["number"], dispatch["accepted_ms"]
    return HeldStep(*place, cover, frozenset({"exchange"}), said)


def answers_in(cases: Sequence[Vector]) -> list[Vector]:
    """Contents of all answers of the vectors, those that were given and those that are due."""
    given = [each["content"] for case in cases for each in case["dispatches"] if each["cover"]["kind"] == ANSWER_KIND]
    due = [each["content"] for case in cases for found in case["results"].values() for each in found["due"]]
    return [*given, *due]
