"""Steps of operations: prepared, judged as the hub judges, signed and queued."""

from __future__ import annotations

from clients.actions.drafting import keep_draft, kept_draft
from clients.actions.operations.commands import prepare_step, send_step
from clients.actions.writing import Marking
from clients.errors import LocalCode
from clients.mail.compose import Expectation
from schemas.errors import Code
from schemas.reports.operations import DecideForm, PlanForm, StopForm
from tests.support.crew import PARTICIPANTS, Crew
from tests.support.refusals import refused
from tests.support.world import AZ, KZ, ROOM, RU, TJ, UZ
from tests.unit.schemas.reports.operations.builders import LEGS

LATER = "2026-11-25T09:00+05:00"
OTHER_ROAD = {"mode": {"code": "commercial_road"}}


def changed(name: str) -> list[dict[str, object]]:
    """The legs of the plan, one of them changed."""
    return [{**leg, **OTHER_ROAD} if leg["leg"] == name else dict(leg) for leg in LEGS]


def test_a_request_goes_to_all_that_it_names_and_asks_by_a_clock(crew: Crew) -> None:
    """Who takes part gets it; what the form asks first is the clock of the cover."""
    prepared = crew[TJ].prepare("open", {"legs": LEGS}, participants=PARTICIPANTS)
    assert set(prepared.cover.to) == {UZ, KZ, RU, ROOM}
    assert prepared.cover.expects == Expectation(1795543200, (UZ,))
    assert prepared.cover.operation is not None
    assert (prepared.cover.operation.id, prepared.cover.operation.do) == (None, "open")
    assert {item.value for item in prepared.open_items} >= {"offence", "grounds"}


def test_the_thread_holds_from_request_to_decision(crew: Crew) -> None:
    """Each step names what it is on, repeats what it decides, and says what its signer held."""
    operation = crew.open()
    crew.agree(operation)
    known = crew[RU].known(operation)
    assert [each.state.value for each in known.picture.authority[1:]] == ["granted"] * 3
    decided = next(each for each in known.state.decisions if each.leg == "2")
    assert (decided.member, decided.decision) == (UZ, "granted")
    newest = max(known.held.steps, key=lambda step: step.number).cover.operation
    assert newest is not None
    assert newest.after is not None


def test_a_decision_repeats_the_digests_of_its_legs(crew: Crew) -> None:
    """Nobody types a digest: those of the own legs and of the common part are filled in, for chosen legs only those."""
    operation = crew.open()
    prepared = crew[UZ].prepare("decide", operation=operation, decision="granted", chief=True)
    assert isinstance(prepared.report, DecideForm)
    plan = crew[UZ].known(operation).state.plans[0]
    assert [(leg.leg, leg.digest) for leg in prepared.report.legs] == [("2", plan.legs[1].digest)]
    assert (prepared.report.common, prepared.rests_on) == (plan.common, operation)
    with refused(LocalCode.ENTRIES_IMPOSSIBLE, "leg_of_another"):
        crew[UZ].prepare("decide", operation=operation, decision="granted", chief=True, legs=("3",))
    with refused(LocalCode.ENTRIES_IMPOSSIBLE, "leg_unknown"):
        crew[UZ].prepare("decide", operation=operation, decision="granted", chief=True, legs=("9",))


def test_what_the_hub_would_refuse_is_refused_before_it_is_queued(crew: Crew) -> None:
    """The same rules, with the same codes; nothing is kept."""
    operation = crew.open()
    with refused(Code.POST_MISSING):
        crew[UZ].prepare("decide", operation=operation, decision="granted")
    with refused(Code.NOT_PERMITTED):
        crew[UZ].prepare("close", operation=operation)
    with refused(Code.NOT_PERMITTED):
        crew[ROOM].prepare("decide", operation=operation, decision="granted", chief=True)
    crew.act(TJ, "plan", operation=operation, chief=True)
    with refused(Code.NOT_PERMITTED, "another officer"):
        crew[TJ].prepare("confirm", operation=operation, chief=True)
    assert crew[UZ].store.outbox.waiting_count() == 0


def test_entries_that_cannot_be_right_are_named_with_what_to_do(crew: Crew) -> None:
    """A leg of nobody, a refusal without a reason, a fact of tomorrow, a crossing into nowhere: each with its place."""
    strangers = {"legs": [{"leg": "1", "member": "AZ/NFP"}]}
    with refused(LocalCode.ENTRIES_IMPOSSIBLE, "not_named"):
        crew[TJ].prepare("open", strangers, participants=PARTICIPANTS)
    late = {"asks": [{"member": "UZ/NFP", "what": {"code": "decide"}, "until": "2026-11-24T01:00+05:00"}]}
    with refused(LocalCode.ENTRIES_IMPOSSIBLE, "asked_too_late"):
        crew[TJ].prepare("open", late, participants=PARTICIPANTS)
    operation = crew.open()
    with refused(LocalCode.ENTRIES_IMPOSSIBLE, "reason_missing"):
        crew[UZ].prepare("decide", operation=operation, decision="refused")
    with refused(LocalCode.ENTRIES_IMPOSSIBLE, "in_the_future"):
        crew[UZ].prepare("move", {"occurred_at": LATER}, operation=operation)
    with refused(LocalCode.ENTRIES_IMPOSSIBLE, "soil_missing"):
        crew[UZ].prepare("move", {"movement": "crossed"}, operation=operation)


def test_a_time_that_is_over_starts_no_clock(crew: Crew) -> None:
    """A plan repeats what was asked before: what is over is not overdue at once, and what is still to come runs."""
    operation = crew.open()
    asks = [
        {"member": "UZ/NFP", "what": {"code": "decide"}, "until": "2026-11-24T01:00+05:00"},
        {"member": "KZ/NFP", "what": {"code": "decide"}, "until": "2026-11-24T23:00+05:00"},
    ]
    both = crew[TJ].prepare("plan", {"legs": LEGS, "asks": asks}, operation=operation)
    assert both.cover.expects is not None
    assert (both.cover.expects.members, both.clockless) == ((KZ,), (UZ,))
    over = crew[TJ].prepare("plan", {"legs": LEGS, "asks": asks[:1]}, operation=operation)
    assert (over.cover.expects, over.clockless) == (None, (UZ,))


def test_a_stop_is_not_held_back_by_its_own_entries(crew: Crew) -> None:
    """An end that a stop cannot have is left out and named: it stands until it is cancelled."""
    operation = crew.open()
    prepared = crew[KZ].prepare("stop", {"until": "2027-01-01T00:00Z"}, operation=operation)
    assert isinstance(prepared.report, StopForm)
    assert (prepared.report.until, prepared.cover.precedence) == (None, "flash")
    assert [each.fault.value for each in prepared.put_right] == ["stop_too_long"]
    assert set(prepared.cover.to) == {TJ, UZ, RU, ROOM}


def test_a_stop_goes_before_a_full_queue_and_past_a_newer_plan(crew: Crew) -> None:
    """Whatever waits to be sent, and whatever came meanwhile, a stop goes first."""
    operation = crew.open()
    for number in range(5):
        crew[UZ].desk.send("KZ/NFP", precedence="flash", reference=f"W-{number}")
    prepared = crew[UZ].prepare("stop", operation=operation)
    crew.act(TJ, "plan", operation=operation)
    (sent,) = send_step(crew[UZ], prepared)
    assert crew[UZ].store.outbox.waiting(1) == [sent.id]


def test_a_loss_and_an_urgent_crossing_go_to_everybody_at_once(crew: Crew) -> None:
    """What everybody has to know goes to all, flash; a country that nobody named is added by an urgent crossing."""
    operation = crew.open()
    lost = crew[UZ].prepare("move", {"movement": "lost"}, operation=operation)
    assert (lost.cover.precedence, set(lost.cover.to)) == ("flash", {TJ, KZ, RU, ROOM})
    crew.world.enrol(AZ)
    crew.sync()
    crossed = {"movement": "crossed", "ground": "urgent", "soil": "AZ/NFP"}
    urgent = crew[UZ].prepare("move", crossed, operation=operation)
    assert urgent.cover.operation is not None
    assert urgent.cover.operation.participants == ((AZ, "transit"),)
    assert AZ in urgent.cover.to
    at = crew[UZ].prepare("move", operation=operation)
    assert (at.cover.precedence, set(at.cover.to)) == ("priority", {TJ, ROOM})


def test_a_newer_plan_is_named_before_a_decision_is_signed(crew: Crew) -> None:
    """Who decides on an older plan sees the newer one, and on which of its legs he will have to decide again."""
    operation = crew.open()
    newer = crew.act(TJ, "plan", {"legs": changed("2")}, operation=operation)
    prepared = crew[UZ].prepare("decide", operation=operation, on=operation, decision="granted", chief=True)
    assert (prepared.newer_plan, prepared.again) == (newer, (("2", UZ),))
    assert crew[UZ].prepare("decide", operation=operation, decision="granted", chief=True).newer_plan is None


def test_a_plan_says_on_what_has_to_be_decided_again(crew: Crew) -> None:
    """Before a new plan is signed its lead sees whose decisions it takes the ground from."""
    operation = crew.open()
    crew.agree(operation)
    assert crew[TJ].prepare("plan", {"legs": changed("3")}, operation=operation).again == (("3", KZ),)
    everything = crew[TJ].prepare("plan", {"legs": LEGS, "offence": "Smuggling"}, operation=operation)
    assert set(everything.again) == {("2", UZ), ("3", KZ), ("4", RU)}


def test_a_plan_that_came_during_the_review_holds_a_decision_back(crew: Crew) -> None:
    """What was reviewed is not signed when a newer plan has come since; the draft stays."""
    operation = crew.open()
    prepared = crew[UZ].prepare("decide", operation=operation, decision="granted", chief=True)
    keep_draft(crew[UZ], prepared.command.draft_name, {"post": "Prosecutor"})
    crew.act(TJ, "plan", operation=operation)
    with refused(LocalCode.PLAN_CHANGED):
        _ = send_step(crew[UZ], prepared)
    assert kept_draft(crew[UZ], prepared.command.draft_name) is not None


def test_a_draft_ends_with_its_step(crew: Crew) -> None:
    """One transaction ends the draft and keeps the step."""
    operation = crew.open()
    prepared = crew[UZ].prepare("stop", operation=operation)
    keep_draft(crew[UZ], prepared.command.draft_name, {"reason": "danger"})
    assert send_step(crew[UZ], prepared)
    assert kept_draft(crew[UZ], prepared.command.draft_name) is None


def test_a_handover_answers_the_offer_and_a_report_its_own_clock(crew: Crew) -> None:
    """What accepts names the offer of the other side; the next report names the one that promised it."""
    operation = crew.open()
    offer = crew.act(TJ, "hand", operation=operation)
    accept = {"stage": "accepted", "other": "TJ/NFP", "as_offered": True}
    prepared = crew[UZ].prepare("hand", accept, operation=operation)
    assert prepared.rests_on == offer
    assert TJ in prepared.cover.to
    with refused(LocalCode.ENTRIES_IMPOSSIBLE, "no_offer"):
        crew[KZ].prepare("hand", {**accept, "other": "UZ/NFP"}, operation=operation)
    move = crew.act(UZ, "move", {"next_report": "2026-11-24T14:00+05:00"}, operation=operation)
    again = crew[UZ].prepare("move", operation=operation)
    assert again.rests_on == move
    assert again.cover.operation is not None
    assert again.cover.operation.after


def test_a_machine_reports_where_the_goods_are(crew: Crew) -> None:
    """A check-in is signed by the member's own key; an act is not."""
    operation = crew.open()
    move = crew[UZ].command("move", operation=operation, by_machine=True)
    assert prepare_step(crew[UZ], move).cover.signer == UZ
    with refused(Code.NOT_PERMITTED):
        prepare_step(crew[UZ], crew[UZ].command("stop", operation=operation, by_machine=True))


def test_what_is_struck_out_reaches_who_got_it(crew: Crew) -> None:
    """A cancel goes to all who got what it takes back, as urgent as a stop if it takes back one; only the own."""
    operation = crew.open()
    stop = crew.act(KZ, "stop", operation=operation)
    prepared = crew[KZ].prepare("cancel", operation=operation, on=stop)
    assert (prepared.cover.precedence, set(prepared.cover.to)) == ("flash", {TJ, UZ, RU, ROOM})
    with refused(Code.REFERENCE_NOT_PERMITTED):
        crew[UZ].prepare("cancel", operation=operation, on=stop)
    with refused(LocalCode.STEP_UNCLEAR):
        crew[KZ].prepare("cancel", operation=operation)
    crew.act(KZ, "cancel", operation=operation, on=stop)
    assert crew[TJ].known(operation).picture.stops == ()


def test_an_operation_keeps_its_status(crew: Crew) -> None:
    """An exercise stays one: nobody marks a step of it otherwise, and nobody opens a test."""
    plan, parts = {"legs": LEGS}, PARTICIPANTS
    operation = crew.act(TJ, "open", plan, participants=parts, marking=Marking(status="exercise"))
    assert crew[UZ].prepare("stop", operation=operation).cover.status == "exercise"
    with refused(LocalCode.MARKED_OTHERWISE):
        crew[UZ].prepare("stop", operation=operation, marking=Marking(status="actual"))
    with refused(Code.STATUS_NOT_ALLOWED):
        crew[TJ].prepare("open", plan, participants=parts, marking=Marking(status="test"))


def test_who_cannot_be_sent_to_is_left_out_and_named(crew: Crew) -> None:
    """A member whose key was revoked is missing nowhere; the officer sees who does not get it."""
    operation = crew.open()
    crew.world.revoke("RU/NFP")
    crew.sync()
    prepared = crew[UZ].prepare("stop", operation=operation)
    assert (prepared.left_out, set(prepared.cover.to)) == ((RU,), {TJ, KZ, ROOM})


def test_nothing_is_known_of_an_operation_of_others(crew: Crew) -> None:
    """A step names an operation that is here."""
    with refused(LocalCode.NO_OPERATION):
        crew[UZ].prepare("stop", operation="A" * 43)


def test_who_joins_gets_earlier_decisions_by_the_leads_word(crew: Crew) -> None:
    """A plan that names somebody for the first time lists what was decided before; another one does not."""
    operation = crew.open()
    crew.agree(operation)
    crew.world.enrol(AZ)
    crew.sync()
    plan = crew[TJ].prepare("plan", {"legs": LEGS}, operation=operation).report
    joined = (*PARTICIPANTS, (AZ, "transit"))
    joining = crew[TJ].prepare("plan", {"legs": LEGS}, operation=operation, participants=joined).report
    assert isinstance(plan, PlanForm)
    assert isinstance(joining, PlanForm)
    assert plan.earlier_decisions == ()
    found = {(each.member, each.decision, each.legs) for each in joining.earlier_decisions}
    assert found == {(UZ, "granted", ("2",)), (KZ, "granted", ("3",)), (RU, "granted", ("4",))}


def test_an_operation_goes_on_in_another(crew: Crew) -> None:
    """Who goes on where a lead is gone opens anew, related to the old request: each of the two names the other."""
    operation = crew.open()
    parts = tuple((member, "transit") for member in (TJ, UZ, RU))
    after = crew.act(KZ, "open", {"our_reference": "KZ-1"}, participants=parts, related=(operation,))
    assert crew[UZ].known(after).goes_on_from == (operation,)
    assert crew[UZ].known(operation).goes_on_in == (after,)
