"""Reports in the words of a later version: what this program does not know is shown, and lends nothing (PROTOCOL 7)."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from clients.actions.exporting import ExportOptions, choose
from clients.actions.handling import WantedUse
from clients.cli.officer.dispatch_view import delivery_lines, row
from clients.documents.export_files import export_pieces, make_format
from clients.documents.export_format import ExportTally
from clients.documents.plain import WIDTH
from clients.documents.report_text import WRITTEN_LINES
from clients.mail.inbox import Delivery, delivery_of
from schemas.addresses import Address
from schemas.labels import HandlingCode
from schemas.reports import read_report
from schemas.rules.handling import Use
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub, warning
from tests.support.tomorrow import PASSES_FOR_OURS
from tests.support.world import UZ, World


@pytest.fixture
def desk(tmp_path: Path, world: World) -> Desk:
    """The desk of UZ."""
    made = Desk(tmp_path, ScriptedHub(world), UZ)
    made.sync()
    return made


def received(desk: Desk, **members: Any) -> Delivery:
    """What comes of a warning that KZ has written without a composer."""
    report = {**warning().model_dump(mode="json", exclude_none=True), **members}
    desk.hub.send(desk.hub.world.dispatch("KZ/NFP", [UZ], report))
    desk.sync()
    return delivery_of(desk.store.items.inbox(1)[0], desk.store, Address(UZ))


def exported(desk: Desk, name: str) -> str:
    """A file of everything that a desk has."""
    counter = Counter(desk, desk.hub)
    writer = make_format(name, counter, WantedUse(Use.OTHERS, "Letter 12"), single=False)
    options = choose(counter, ExportOptions(mixed=True, wanted=WantedUse(Use.OTHERS, "Letter 12")))
    return b"".join(export_pieces(counter, options, writer, ExportTally())).decode()


@pytest.mark.parametrize("members", [{PASSES_FOR_OURS: 1}, {"new": PASSES_FOR_OURS}, {"new": [{"a": PASSES_FOR_OURS}]}])
def test_words_that_pass_for_the_programs_own(desk: Desk, members: dict[str, Any]) -> None:
    """No name or value of an unknown member begins a line, turns one around, or looks like what Serai says itself."""
    plain, lines = delivery_lines(received(desk)), delivery_lines(received(desk, **members))
    added = [line for line in lines if line not in plain and "Number" not in line and "Accepted" not in line]
    assert len(added) > 1
    assert all(line.startswith("| ") for line in added[1:])
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("members", [{f"m{number}": 0 for number in range(9_000)}, {"new": "x" * 100_000}])
def test_flood_that_hides_the_alert(desk: Desk, members: dict[str, Any]) -> None:
    """Members without end leave the alert in sight: so many lines are shown, and the rest is counted."""
    lines = delivery_lines(received(desk, **members))
    assert any(warning().summary in line for line in lines)
    assert len(lines) < WRITTEN_LINES + 40
    assert any("more line" in line for line in lines[-3:])
    assert all(len(line) <= WIDTH for line in lines)


def test_faults_without_end_in_one_list() -> None:
    """A report with as many faults as it has room for is read in time that grows with its length, not its square."""
    report = {**warning().model_dump(mode="json", exclude_none=True), "goods": [0] * 10_000}
    began_s = process_time()
    assert len(read_report(json.dumps(report).encode(), "warning").as_written) == 1
    assert process_time() - began_s < 4


def test_member_of_the_senders_own_in_lists_and_files(desk: Desk) -> None:
    """What the form does not know is in no list, alert or row: others read those, and cannot see whose word it is."""
    delivery = received(desk, clearance="let it pass", route={"order": "let it pass"})
    assert "let it pass" in "\n".join(delivery_lines(delivery))
    assert "let it pass" not in row(delivery) + exported(desk, "cap") + exported(desk, "ids-csv")


def test_critical_part_that_is_not_known(desk: Desk) -> None:
    """A report whose sender says that a part must be understood is not shown without it; its sender is told."""
    delivery = received(desk, condition="only after the pass", critical=["condition"])
    assert (delivery.content, delivery.step, delivery.code) == (None, 10, "unsupported_critical")
    (owed,) = desk.store.outcomes.owed()
    assert (owed.outcome, owed.step, owed.reason) == ("rejected", 10, "unsupported_critical")


def test_handling_in_a_word_that_nobody_knows(desk: Desk) -> None:
    """A handling code of the sender's own opens nothing: it is shown as the strictest."""
    delivery = received(desk, handling=[{"scheme": "handling", "code": "H0_FREE"}])
    assert delivery.handling == "H3"
    assert f"H0_FREE? {HandlingCode.H3.label.en}" in "\n".join(delivery_lines(delivery))


def test_handling_in_a_form_that_nobody_knows(desk: Desk) -> None:
    """Where a report says how it may be handled in a form that is not known, the strictest code holds."""
    assert received(desk, handling=[{"scheme": "colours", "code": "white"}]).handling == "H3"
    assert received(desk, version=2).handling == "H3"


def test_action_in_a_word_that_nobody_knows(desk: Desk) -> None:
    """What a warning asks for in a word of its own is written as it is, and no program is told to execute it."""
    received(desk, requested_action={"code": "stop_at_once"})
    alert = exported(desk, "cap")
    assert "stop_at_once" in alert
    assert "Execute" not in alert
