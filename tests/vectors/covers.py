"""What follows from covers: the handling code that holds, who owes an answer, what ends the wait for it."""

from __future__ import annotations

from typing import Any

from schemas.addresses import Address
from schemas.claims import Dispatch, StatementType, counted_precedence, lane_of, parse_claims
from schemas.errors import SeraiError
from schemas.limits import RECEIVED_DUE_S
from schemas.rules.expecting import ends_wait, owed_by
from schemas.rules.handling import handling_that_holds
from schemas.rules.writing import check_written
from tests.vectors import scenario
from tests.vectors.scenario import KG, KZ, TIME_S, UZ, Scenario

Vector = dict[str, Any]

DIGEST = "A" * 43
BY = {"by": TIME_S + 3_600}


def cover_vectors(made: Scenario) -> dict[str, Vector]:
    """The vectors by the name of their file."""
    return {"covers": {"handling": _handling(), "owed": _owed(made), "ends": _ends(made), "precedence": _precedence()}}


def read_cover(claims: dict[str, Any]) -> Dispatch:
    """The cover of a vector."""
    cover = parse_claims(StatementType.DISPATCH, claims)
    assert isinstance(cover, Dispatch)
    return cover


def owing(claims: dict[str, Any]) -> list[str] | None:
    """Who owes an answer; ``None`` where a hub refuses the cover."""
    cover = read_cover(claims)
    try:
        check_written(cover)
    except SeraiError:
        return None
    return list(owed_by(cover))


def _handling() -> list[Vector]:
    cases: list[tuple[str, list[str]]] = [
        ("H1", []), ("H1", ["H0"]), ("H0", ["H1", "H2"]), ("H3", ["H2"]), ("H2", ["H7"]), ("H7", []),
    ]  # fmt: skip
    return [{"cover": cover, "report": report, "holds": handling_that_holds(cover, report)} for cover, report in cases]


def _precedence() -> list[Vector]:
    return [
        {"precedence": word, "lane": lane_of(word), "received_due_s": RECEIVED_DUE_S[counted_precedence(word)]}
        for word in ("routine", "priority", "immediate", "flash", "critic")
    ]


def _cover(made: Scenario, rel: str | None = None, **claims: Any) -> dict[str, Any]:
    refs = {"refs": [{"rel": rel, "digest": DIGEST}]} if rel else {}
    return scenario.cover(made.sealed[1], **refs, **claims)


def _owed(made: Scenario) -> list[Vector]:
    many = [f"KZ/U{number}" for number in range(65)]
    covers = [
        _cover(made),
        _cover(made, expects=BY),
        _cover(made, expects={**BY, "from": [UZ]}),
        _cover(made, expects={**BY, "from": [UZ, KZ]}),
        _cover(made, expects={"by": 1, "further": True}),
        _cover(made, expects={**BY, "from": ["TJ/NFP"]}),
        _cover(made, "reseal", expects=BY),
        _cover(made, to=many[:64], expects=BY),
        _cover(made, to=many, expects=BY),
        _cover(made, to=many, expects={**BY, "from": many[:64]}),
    ]
    return [{"cover": cover, "owed": owing(cover)} for cover in covers]


def _ends(made: Scenario) -> list[Vector]:
    cases = [
        (KZ, _cover(made, "reply", iss=KG, to=[KZ])),
        (KZ, _cover(made, "reply", iss=f"{KG}/DUTY-1", to=[UZ, KZ])),
        (KZ, _cover(made, "reply", iss=KG, to=[UZ])),
        (KZ, _cover(made, "reply", to=[UZ])),
        (KZ, _cover(made, "related", iss=KG, to=[KZ])),
        (KZ, _cover(made, "cancel", iss=KG, to=[KZ])),
        (KZ, _cover(made, "cancel")),
        (KZ, _cover(made, "update", expects=BY)),
        (KZ, _cover(made, "update")),
        (KZ, _cover(made, iss=KG, to=[KZ], refs=[{"rel": rel, "digest": DIGEST} for rel in ("reseal", "reply")])),
    ]
    return [_end(asker, claims) for asker, claims in cases]


def _end(asker: Address, claims: dict[str, Any]) -> Vector:
    cover = read_cover(claims)
    rel = claims["refs"][-1]["rel"]
    return {"asker": asker, "rel": rel, "cover": claims, "ended": ends_wait(cover, rel, asker)}
