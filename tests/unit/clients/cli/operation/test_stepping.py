"""Steps at the keyboard: asked, judged, shown, signed."""

from __future__ import annotations

import json

import pytest

from clients.documents.dispatch_rows import gist
from clients.mail.inbox import delivery_of
from schemas.operations.held import StepContent
from schemas.reports.operations import DecideForm
from tests.support.stating import state_profile
from tests.support.world import KZ, RU, TJ, UZ
from tests.unit.clients.cli.operation.conftest import Keyboard

DUTY = f"{KZ}/DUTY-1"
STOP = ("stop", "--as", DUTY)


def test_a_stop_takes_three_answers(keyboard: Keyboard, person: None) -> None:
    """Reason, wish, yes: nothing else is asked, and it goes to everybody, flash."""
    keyboard.crew.open()
    done = keyboard.type(KZ, *STOP, typed="2\n1\ny\n")
    assert done.exit_code == 0, done.output
    assert done.output.count("Number:") == 2
    assert "STOP sent as" in done.stdout
    assert "FLASH" in done.stderr
    for member in (TJ, UZ):
        assert keyboard.crew[member].known(operation_of(keyboard)).picture.stops


def operation_of(keyboard: Keyboard) -> str:
    """The only one."""
    (found,) = keyboard.crew[TJ].store.operations.all()
    return found


def test_where_nothing_is_known_it_says_so(keyboard: Keyboard) -> None:
    """A stop with no operation here names none, and says where to read on."""
    done = keyboard.type(KZ, *STOP)
    assert (done.exit_code, "no operation is known here" in done.stderr) == (1, True)
    assert "serai help operation" in " ".join(done.stderr.split())


def test_nothing_is_sent_before_somebody_agrees(keyboard: Keyboard, person: None) -> None:
    """Who says no has sent nothing, with exit code 5; what was typed is kept, and offered again."""
    keyboard.crew.open()
    done = keyboard.type(KZ, *STOP, typed="2\n1\nn\n")
    assert done.exit_code == 5
    assert "What you typed is kept" in done.stderr
    assert not keyboard.crew[TJ].known(operation_of(keyboard)).picture.stops
    words = ("move", "--as", DUTY, "--movement", "at")
    assert keyboard.type(KZ, *words, typed="-20m\nUzbekistan\n").exit_code == 5
    done = keyboard.type(KZ, *words, typed="y\n")
    assert "There is an unfinished draft" in done.stderr
    assert "When it happened (" not in done.stderr


def test_a_stop_is_not_held_back_by_a_draft(keyboard: Keyboard, person: None) -> None:
    """An unfinished stop is not offered: its answers are typed anew, at once."""
    keyboard.crew.open()
    keyboard.type(KZ, *STOP, typed="2\n")
    done = keyboard.type(KZ, *STOP, typed="1\n2\ny\n")
    assert "unfinished" not in done.stderr
    assert done.exit_code == 0


def test_who_signs_is_clear_before_anything_is_asked(keyboard: Keyboard, person: None) -> None:
    """Several officers, and none is named: that is told first, not after the answers."""
    keyboard.crew.open()
    done = keyboard.type(KZ, "stop", typed="")
    assert done.exit_code == 1
    assert "Why it must stop" not in done.output


def test_a_decision_shows_what_it_permits(keyboard: Keyboard) -> None:
    """Before it is signed the goods and the own legs stand there as the plan has them, none of another's."""
    keyboard.crew.open()
    words = ("decide", "--decision", "granted", "--post", "Prosecutor", "--as", f"{KZ}/CHIEF", "--yes")
    done = keyboard.type(KZ, *words)
    assert done.exit_code == 0, done.output
    assert "DECISION: GRANTED" in done.stderr
    assert "Goods          Heroin: Heroin, 12 kilogram" in done.stderr
    assert "Leg            3: KZ/NFP; border Zhibek Zholy" in done.stderr
    assert "Leg            2" not in done.stderr


def test_a_confirmation_shows_what_is_confirmed(keyboard: Keyboard) -> None:
    """Who confirms a plan reads its goods and all its legs, who confirms a decision under what conditions it stands."""
    keyboard.crew.open()
    chief = ("--as", f"{TJ}/CHIEF", "--yes")
    done = keyboard.type(TJ, "confirm", *chief)
    assert "Goods          Heroin: Heroin, 12 kilogram" in done.stderr
    assert done.stderr.count("Leg            ") == 4
    asked = ("--decision", "conditional", "--condition", "A report each hour", "--post", "Prosecutor")
    decided = keyboard.type(KZ, "decide", *asked, "--as", f"{KZ}/CHIEF", "--yes")
    assert decided.exit_code == 0, decided.output
    done = keyboard.type(TJ, "confirm", *chief)
    assert "Condition      A report each hour" in done.stderr
    assert done.stderr.count("Leg            3") == 1


def test_a_line_of_a_list_says_what_a_step_does(keyboard: Keyboard) -> None:
    """Stop, request, confirmation and decision are named in the line in which they ring; a fact says what happened."""
    operation = keyboard.crew.open()
    keyboard.crew.agree(operation)
    keyboard.crew.act(UZ, "move", operation=operation, to=(KZ,))
    keyboard.crew.act(RU, "stop", operation=operation)
    kz = keyboard.crew[KZ].store
    lines = [gist(delivery_of(item, kz, KZ)) for item in kz.items.inbox(20)]
    assert [line.partition(":")[0] for line in lines] == ["Stop", "Is at", "Granted", "Granted", "Confirmed", "Request"]


def test_a_newer_plan_is_named_before_a_decision_is_signed(keyboard: Keyboard) -> None:
    """Who decides on a plan that has a newer one reads its number, and which legs have to be decided again."""
    operation = keyboard.crew.open()
    keyboard.crew.act(TJ, "plan", {"offence": "Smuggling"}, operation=operation)
    first = str(keyboard.crew[KZ].known(operation).state.plans[0].number)
    words = ("decide", "--on", first, "--decision", "granted", "--post", "Prosecutor", "--as", f"{KZ}/CHIEF", "--yes")
    done = keyboard.type(KZ, *words)
    assert "LOOK AGAIN: there is a newer plan" in done.stderr


def test_a_plan_begins_with_the_one_before(keyboard: Keyboard) -> None:
    """What is not changed stays to the letter, legs and all; what has to be decided again is named for programs."""
    operation = keyboard.crew.open()
    keyboard.crew.agree(operation)
    words = ("plan", "--changes", "Later", "--stop-when", "An hour", "--as", f"{TJ}/DUTY-1", "--yes", "--json")
    done = keyboard.type(TJ, *words)
    value = json.loads(done.stdout)
    assert {each["leg"] for each in value["decide_again"]} == {"2", "3", "4"}
    plans = keyboard.crew[UZ].known(operation).state.plans
    assert [leg.digest for leg in plans[1].legs] == [leg.digest for leg in plans[0].legs]
    assert plans[1].parts == plans[0].parts


def test_several_open_operations_need_a_name(keyboard: Keyboard) -> None:
    """Without a terminal it is wrong use, exit code 2, and nothing is stopped."""
    keyboard.crew.open()
    keyboard.crew.open(our_reference="TJ-CD-8")
    done = keyboard.type(KZ, *STOP, "--reason", "danger", "--yes")
    assert done.exit_code == 2
    assert keyboard.type(KZ, *STOP, "TJ-CD-8", "--reason", "danger", "--yes").exit_code == 0
    assert keyboard.type(KZ, *STOP, "TJ-CD-9", "--reason", "danger", "--yes").exit_code == 1


def test_at_a_terminal_one_of_several_is_chosen(keyboard: Keyboard, person: None) -> None:
    """The list stands there with numbers; a number that is not in it is asked again."""
    keyboard.crew.open()
    keyboard.crew.open(our_reference="TJ-CD-8")
    done = keyboard.type(KZ, *STOP, "--reason", "danger", "--yes", typed="7\n2\n")
    assert done.exit_code == 0, done.output
    assert " 2 " in done.stderr


@pytest.mark.parametrize(("language", "text"), [("en", "Who else?"), ("ru", "Кто ещё?")])
def test_who_else_gets_a_fact_is_asked(
    keyboard: Keyboard, person: None, language: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lead and coordinator get a fact; a person is asked who else, and Enter is nobody."""
    monkeypatch.setenv("SERAI_LANG", language)
    operation = keyboard.crew.open()
    words = ("move", "--as", DUTY, "--movement", "at", "--occurred-at", "-20m")
    done = keyboard.type(KZ, *words, typed="2\ny\n")
    assert done.exit_code == 0, done.output
    assert text in done.stderr
    steps = {member: len(keyboard.crew[member].known(operation).held.steps) for member in (TJ, UZ)}
    assert steps[TJ] == 2


def test_guarantees_are_ticked(keyboard: Keyboard, person: None) -> None:
    """With a decision that permits, guarantees are ticked by their numbers; what is none is asked again."""
    operation = keyboard.crew.open()
    words = ("decide", "--decision", "granted", "--post", "Prosecutor", "--manner", "written", "--as", f"{KZ}/CHIEF")
    done = keyboard.type(KZ, *words, typed="99\n1 2, 3\ny\n")
    assert done.exit_code == 0, done.output
    assert "Constant surveillance" in done.stderr
    (step,) = (each for each in keyboard.crew[TJ].known(operation).held.steps if each.digest != operation)
    form = step.content.read.form if isinstance(step.content, StepContent) else None
    assert isinstance(form, DecideForm)
    assert [each.kind.value for each in form.guarantees] == ["entry", "exit", "surveillance"]


@pytest.mark.parametrize(("typed", "status"), [("entry", 0), ("other", 2), ("peace", 2)])
def test_guarantees_are_typed_as_options(keyboard: Keyboard, typed: str, status: int) -> None:
    """A code that needs no words is enough; one that needs words, or is none, is wrong use."""
    keyboard.crew.open()
    words = ("decide", "--decision", "granted", "--post", "Prosecutor", "--as", f"{KZ}/CHIEF", "--yes")
    assert keyboard.type(KZ, *words, "--guarantee", typed).exit_code == status


FACTS = {
    "hand": (("--stage", "offered", "--other", "RU/NFP"), "in the hands of TJ/NFP"),
    "move": (("--movement", "crossed", "--soil", KZ, "--leg", "3", "--ground", "planned"), "no authority for this"),
}


@pytest.mark.parametrize("do", FACTS)
def test_a_fact_that_will_be_red_says_so_first(keyboard: Keyboard, do: str) -> None:
    """Goods that another has, a border without authority: named before it is signed, and sent all the same."""
    operation = keyboard.crew.open()
    words, text = FACTS[do]
    done = keyboard.type(KZ, do, *words, "--as", DUTY, "--yes")
    assert done.exit_code == 0, done.output
    assert text in " ".join(done.stderr.split())
    keyboard.crew.agree(operation)
    done = keyboard.type(KZ, "move", *FACTS["move"][0], "--as", DUTY, "--yes")
    assert "LOOK AGAIN: no authority" not in " ".join(done.stderr.split())


def test_a_sample_is_accepted_by_enter(keyboard: Keyboard) -> None:
    """Who was offered an exhibit accepts that one, from who offers it, and not the whole consignment."""
    operation = keyboard.crew.open()
    crew = keyboard.crew
    crew.act(TJ, "exhibit", {"exhibit": "S"}, operation=operation, to=(RU, KZ))
    crew.act(TJ, "hand", {"other": RU, "exhibits": ["S"]}, operation=operation, to=(KZ,))
    done = keyboard.type(RU, "hand", "--as", f"{RU}/DUTY-1", "--to", "ALL", "--yes")
    assert done.exit_code == 0, done.output
    (exhibit,) = crew[TJ].known(operation).state.custody.exhibits
    assert (exhibit.holder, exhibit.offered_to) == (RU, None)
    control = crew[TJ].known(operation).picture.control
    assert control is not None
    assert control.holder == TJ
    done = keyboard.type(
        KZ, "hand", "--as", f"{KZ}/DUTY-1", "--stage", "offered", "--other", TJ, "--exhibit", "S", typed="n\n"
    )
    assert "by the facts that are here S is in the hands of RU/NFP" in " ".join(done.stderr.split())


def test_a_tick_stands_for_the_profile_of_the_request(keyboard: Keyboard) -> None:
    """It is signed as one tick; before that the newer profile is said."""
    crew = keyboard.crew
    state_profile(crew)
    operation = crew.open()
    crew.act(TJ, "confirm", operation=operation, chief=True)
    state_profile(crew, notice_hours="1")
    words = (
        "decide",
        "--as",
        f"{KZ}/CHIEF",
        "--decision",
        "granted",
        "--post",
        "Prosecutor",
        "--as-in-profile",
        "--yes",
    )
    done = keyboard.type(KZ, *words)
    assert done.exit_code == 0, done.output
    assert "the request rests on your profile" in " ".join(done.stderr.split())
    (step,) = [each for each in crew[TJ].known(operation).held.steps if each.cover.operation.decision == "granted"]  # type: ignore[union-attr]
    assert isinstance(step.content, StepContent)
    assert step.content.members["as_in_profile"] is True
