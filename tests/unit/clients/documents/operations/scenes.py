"""Operations as of a moment, to draw screens of: a lorry from Dushanbe through four countries."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from clients.documents.operations.view import OperationView
from schemas.addresses import Address
from schemas.operations.books import Balance, Custody, Exhibit, Measure
from schemas.operations.picture import Block, EndWarning, LegAuthority, OwedStep, Picture
from schemas.operations.results import Because, ControlSpan, PlanLeg, PlanState, SoilSpan, StepRecord, StopState
from schemas.operations.state import Contradiction, DueClock, MissingStep, NewerWord, OperationState
from schemas.operations.terms import (
    AuthorityState,
    BlockKind,
    ClockKind,
    Colour,
    ContradictionKind,
    MissingHow,
    OwedKind,
    Phase,
    ResultPart,
    Rule,
    StopEnd,
)
from schemas.reports.operations import OpenForm
from tests.unit.schemas.reports.operations.builders import LEAST, LEGS

TJ, UZ, KZ, RU = (Address(f"{country}/NFP") for country in ("TJ", "UZ", "KZ", "RU"))
CENTRE = Address("CENTRE/ROOM")
HEROIN = Measure("heroin", "", "kilogram")
PLAN = OpenForm.model_validate(LEAST["open"] | {"legs": LEGS})
DIGESTS = {name: name.ljust(43, "A") for name in ("open", "grant-uz", "grant-kz", "cross", "stop", "hand", "ex", "hid")}


def at(text: str) -> int:
    """A time of November 2026 in UTC, ``24 15:02``, in milliseconds."""
    return int(datetime.fromisoformat(f"2026-11-{text.replace(' ', 'T')}:00+00:00").timestamp() * 1000)


def because(rule: str, *steps: str) -> Because:
    """Why, by a rule."""
    return Because(Rule(rule), tuple(DIGESTS.get(step, step) for step in steps))


def record(name: str, number: int, do: str, signer: Address, accepted: str) -> StepRecord:
    """A step."""
    return StepRecord(DIGESTS[name], number, do, None, signer, at(accepted), at(accepted))


STEPS = (
    record("open", 1042, "open", TJ, "23 18:00"),
    record("grant-uz", 1051, "decide", UZ, "23 19:10"),
    record("grant-kz", 1053, "decide", KZ, "23 20:00"),
    record("cross", 1107, "move", UZ, "24 11:45"),
    record("hand", 1110, "hand", UZ, "24 14:40"),
    record("ex", 1044, "exhibit", TJ, "23 18:20"),
    record("stop", 1113, "stop", KZ, "24 14:10"),
)

PLAN_STATE = PlanState(
    DIGESTS["open"],
    1042,
    {TJ: "origin", UZ: "transit", KZ: "transit", RU: "destination", CENTRE: "coordinator"},
    (
        PlanLeg("1", TJ, "D1"),
        PlanLeg("2", UZ, "D2", "", at("24 07:00")),
        PlanLeg("3", KZ, "D3", "", at("24 15:00")),
        PlanLeg("4", RU, "D4", "", at("26 03:00")),
    ),
    "C",
    TJ,
    DIGESTS["open"],
    at("23 21:00"),
)

EXHIBITS = (
    Exhibit(
        "TJ-1",
        DIGESTS["ex"],
        None,
        "root",
        UZ,
        at("24 11:40"),
        Colour.GREEN,
        {HEROIN: Decimal("12.000")},
        {HEROIN: Decimal("11.990")},
        None,
        None,
        stays=False,
        steps=(DIGESTS["ex"],),
    ),
    Exhibit(
        "TJ-1/S1",
        DIGESTS["ex"],
        "TJ-1",
        "sample",
        TJ,
        at("23 18:20"),
        Colour.GREEN,
        {HEROIN: Decimal("0.010")},
        {HEROIN: Decimal("0.010")},
        None,
        None,
        stays=True,
        steps=(DIGESTS["ex"],),
    ),
    Exhibit(
        "TJ-2",
        DIGESTS["ex"],
        None,
        "root",
        UZ,
        at("24 11:40"),
        Colour.AMBER,
        {},
        {},
        "sealed in the wall of the trailer",
        None,
        stays=False,
        steps=(DIGESTS["ex"],),
    ),
)


def leg(name: str, member: Address, state: str, until: str | None = None, decision: str | None = None) -> LegAuthority:
    """Authority for a leg."""
    stands = state in ("granted", "confirmed", "ending")
    return LegAuthority(
        name,
        member,
        AuthorityState(state),
        stands,
        because("F2"),
        since_ms=at("23 19:10") if stands else None,
        until_ms=at(until) if until else None,
        decision=DIGESTS.get(decision or ""),
    )


def quiet(own: Address = KZ) -> OperationView:
    """All permitted, the lorry in Uzbekistan, an answer due."""
    answer = DueClock(ClockKind.NEXT_REPORT, at("24 16:00"), (UZ,), DIGESTS["cross"], because("F5"))
    ends = DueClock(ClockKind.AUTHORITY_ENDS, at("25 12:00"), (UZ,), DIGESTS["grant-uz"], because("F2"), about="2")
    state = OperationState(
        id=DIGESTS["open"],
        lead=TJ,
        status="actual",
        phase=Phase.CONFIRMED,
        closed_by=None,
        plans=(PLAN_STATE,),
        in_force=DIGESTS["open"],
        parts=PLAN_STATE.parts,
        decisions=(),
        stops=(),
        facts=(),
        control=(),
        soil=(),
        crossings=(),
        custody=Custody(
            EXHIBITS, (Balance(HEROIN, Decimal("12.000"), samples=Decimal("0.010"), not_counted=("TJ-2",)),)
        ),
        clocks=(answer, ends),
        contradictions=(),
        missing=(),
        newer=(),
        steps=STEPS[:-1],
    )
    picture = Picture(
        moment_ms=at("24 15:02"),
        in_force=DIGESTS["open"],
        authority=(
            leg("1", TJ, "granted", None, "open"),
            leg("2", UZ, "granted", "25 12:00", "grant-uz"),
            leg("3", KZ, "ending", "24 16:30", "grant-kz"),
            leg("4", RU, "granted"),
        ),
        may_go=True,
        blocks=(),
        stops=(),
        control=ControlSpan(at("24 11:40"), UZ, DIGESTS["cross"], Colour.GREEN, because("F5"), (), KZ, DIGESTS["hand"]),
        soil=SoilSpan(at("24 11:40"), UZ, "2", DIGESTS["cross"], Colour.GREEN),
        running=(answer, ends),
        overdue=(),
        whose_move=(
            OwedStep(UZ, OwedKind.REPORT, (DIGESTS["cross"],), at("24 16:00")),
            OwedStep(KZ, OwedKind.ACCEPT_HANDOVER, (DIGESTS["hand"],)),
        ),
        warnings=(EndWarning(at("24 14:30"), at("24 16:30"), "3", KZ, (UZ, TJ, KZ)),),
    )
    return OperationView(own, state, picture, PLAN, read_ms=picture.moment_ms)


def trouble(own: Address = RU) -> OperationView:
    """An exercise: stopped, lost, crossed without authority, and steps that are not here."""
    before = quiet(own)
    stop = StopState(
        KZ,
        DIGESTS["stop"],
        at("24 14:10"),
        at("24 18:10"),
        None,
        None,
        StopEnd.STANDING,
        is_decision=False,
        reason="surveillance_lost",
        wish="hold",
        because=because("F3"),
    )
    late = DueClock(ClockKind.ANSWER, at("24 14:50"), (RU,), DIGESTS["open"], because("F5"), about="4")
    plan = OpenForm.model_validate(LEAST["open"] | {"legs": LEGS, "persons_at_risk": "yes"})
    contradictions = (
        Contradiction(
            ContradictionKind.CROSSING_UNAUTHORISED, Colour.RED, (DIGESTS["cross"],), UZ, because("F6"), about="3"
        ),
        Contradiction(ContradictionKind.CONTROL_LOST, Colour.RED, (DIGESTS["hand"],), UZ, because("F5")),
        Contradiction(
            ContradictionKind.WEIGHS_DIFFERENT,
            Colour.AMBER,
            (DIGESTS["ex"], DIGESTS["hand"]),
            TJ,
            because("F5"),
            about="TJ-1",
            difference=((HEROIN, Decimal("0.250")),),
        ),
    )
    state = replace(
        before.state,
        status="exercise",
        stops=(stop,),
        contradictions=contradictions,
        missing=(
            MissingStep(DIGESTS["hid"], 1109, MissingHow.NOT_SENT, (), (ResultPart.CONTROL, ResultPart.CUSTODY)),
            MissingStep("x" * 43, None, MissingHow.NAMED_ONLY, (DIGESTS["hand"],), (ResultPart.CONTROL,)),
        ),
        newer=(NewerWord(DIGESTS["hand"], "do", "reroute"),),
        steps=STEPS,
    )
    picture = replace(
        before.picture,
        authority=(
            leg("1", TJ, "granted"),
            leg("2", UZ, "granted", "25 12:00", "grant-uz"),
            leg("3", KZ, "withdrawn", None, "grant-kz"),
            leg("4", RU, "waiting"),
        ),
        may_go=False,
        blocks=(
            Block(BlockKind.STOPPED, because("F3"), member=KZ, step=DIGESTS["stop"]),
            Block(BlockKind.NO_AUTHORITY, because("F2"), "3", KZ),
            Block(BlockKind.NO_AUTHORITY, because("F2"), "4", RU),
            Block(BlockKind.LOST, because("F5"), step=DIGESTS["hand"]),
            Block(BlockKind.NOT_SURE, because("F8")),
        ),
        stops=(stop,),
        control=ControlSpan(
            at("24 11:40"),
            UZ,
            DIGESTS["cross"],
            Colour.AMBER,
            because("F4"),
            offered_to=KZ,
            offer=DIGESTS["hand"],
            lost_ms=at("24 13:55"),
        ),
        soil=SoilSpan(at("24 11:40"), UZ, "2", DIGESTS["cross"], Colour.AMBER),
        running=before.picture.running,
        overdue=(late,),
        whose_move=(
            OwedStep(UZ, OwedKind.FIND, (DIGESTS["hand"],)),
            OwedStep(RU, OwedKind.DECIDE, (DIGESTS["open"],), at("24 14:50"), "4"),
        ),
        warnings=(),
    )
    return OperationView(own, state, picture, plan, read_ms=picture.moment_ms)


def closed() -> OperationView:
    """An operation that is over, whose books do not balance."""
    before = quiet(TJ)
    balance = Balance(HEROIN, Decimal(12), seized=Decimal("11.5"), samples=Decimal("0.01"))
    ended = replace(EXHIBITS[0], ended="seized", remaining={}, holder=RU)
    state = replace(
        before.state,
        phase=Phase.CLOSED,
        closed_by=DIGESTS["hand"],
        custody=Custody((ended, EXHIBITS[1]), (balance,)),
        stops=(
            replace(
                trouble().picture.stops[0], ended_ms=at("24 14:30"), how=StopEnd.ENDED_BY_LEAD, reason=None, wish=None
            ),
        ),
    )
    picture = replace(
        before.picture,
        may_go=False,
        blocks=(Block(BlockKind.CLOSED, because("F1")),),
        control=None,
        soil=None,
        running=(),
        whose_move=(),
        warnings=(),
    )
    return OperationView(TJ, state, picture, PLAN)


def unopened() -> OperationView:
    """A stop came, and the request did not."""
    before = trouble(KZ)
    state = replace(
        before.state,
        lead=None,
        phase=Phase.NOT_OPENED,
        plans=(),
        in_force=None,
        parts={},
        custody=Custody(),
        contradictions=(),
        newer=(),
        missing=(MissingStep(DIGESTS["open"], None, MissingHow.NAMED_ONLY, (DIGESTS["stop"],), tuple(ResultPart)),),
        steps=STEPS[-1:],
    )
    picture = replace(
        before.picture,
        in_force=None,
        authority=(),
        blocks=(
            Block(BlockKind.STOPPED, because("F3"), member=KZ),
            Block(BlockKind.NOT_OPENED, because("F8")),
        ),
        control=None,
        soil=None,
        running=(),
        overdue=(),
        whose_move=(),
    )
    return OperationView(KZ, state, picture, None)


def hostile(text: str) -> OperationView:
    """An operation in which every text of others is this one."""
    before = trouble()
    word: dict[str, Any] = {"name": text[:200]}
    goods = [{"group": "other", "name": text[:200]}]
    legs = [each | {"origin": word, "border": word} for each in LEGS]
    rule = {"when": text, "decided_by": "TJ/NFP", "post": text[:200]}
    numbers = {"identifiers": [{"kind": "seal", "value": text[:200]}], "parcel": {"operator": text[:200]}}
    written = LEAST["open"] | {"goods": goods, "legs": legs, "stop_rule": rule, **numbers}
    measure = Measure("other", text, text)
    stop = replace(before.picture.stops[0], reason=text, wish=text)
    odd = replace(EXHIBITS[0], name=text, relation=text, amounts={measure: Decimal(1)}, not_counted_because=text)
    odd = replace(odd, seals=(text,) * 50, laboratory=text, offered_to=KZ)
    state = replace(
        before.state,
        id=text,
        status=text,
        lead=None,
        parts={RU: text},
        custody=Custody((odd,), (Balance(measure, Decimal(1), not_counted=(text,)),)),
        contradictions=(replace(before.state.contradictions[0], about=text, steps=(text,) * 900),),
        newer=(NewerWord(text, text, text),) * 900,
        missing=(MissingStep(text, None, MissingHow.NOT_SENT, (text,), ()),) * 900,
        steps=(),
    )
    picture = replace(
        before.picture,
        authority=tuple(replace(each, leg=text, decision=text) for each in before.picture.authority),
        stops=(stop,),
        overdue=tuple(replace(each, about=text, step=text) for each in before.picture.overdue) * 900,
    )
    try:
        plan = OpenForm.model_validate(written)
    except ValueError:  # what no form takes cannot come either
        plan = PLAN
    return OperationView(RU, state, picture, plan)


SCENES = {"quiet": quiet, "trouble": trouble, "closed": closed, "unopened": unopened}
