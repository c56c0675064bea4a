"""Dispatches as alerts of CAP 1.2."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.formats.cap import NAMESPACE, Item, Texts, build_alert, identifier_of, reference_of
from schemas.claims import Dispatch
from schemas.encoding import MAX_SAFE_INTEGER
from schemas.reports import FeedbackReport, ReportModel, SeizureReport, WarningReport
from schemas.reports.codes import FeedbackOutcome, RequestedAction
from tests.support.cap_rules import VALUES, faults_of, read_xml
from tests.support.world import KZ, UZ, World, digest_of

TEXTS = Texts("en", "Warning", "Stop the shipment", "Blue lorry.", "Seat KZ/NFP", "Stop the shipment", "EXERCISE")
WARNING: dict[str, Any] = {"our_reference": "KZ-1", "requested_action": {"code": "stop"}, "summary": "Blue lorry."}
SEIZURE: dict[str, Any] = {
    "our_reference": "KZ-2",
    "date": "2026-11-24",
    "country": "KZ",
    "goods": [{"group": "heroin", "name": "Heroin"}],
}
FEEDBACK: dict[str, Any] = {"our_reference": "KZ-3", "your_reference": "UZ-1", "outcome": {"code": "seizure_made"}}


def cover(**changes: Any) -> tuple[Dispatch, str]:
    """A cover of KZ, and its digest."""
    world = World([KZ, UZ])
    text = world.dispatch("KZ/NFP/DUTY-1", ["UZ/NFP"], **changes).text
    claims = world.verified(text).claims
    assert isinstance(claims, Dispatch)
    return claims, digest_of(text)


def item(report: ReportModel | None, holds: str = "", **changes: Any) -> Item:
    """A dispatch of KZ, and the handling code that holds for it if that is not its cover's."""
    claims, digest = cover(**changes)
    return Item(claims, digest, "10 423", holds or claims.handling, report)


def warning(**changes: Any) -> WarningReport:
    """A warning with other members."""
    return WarningReport.model_validate({**WARNING, **changes})


def alert_of(report: ReportModel | None, **changes: Any) -> ET.Element:
    """The alert of a dispatch, written and read again; it must follow the rules."""
    alert = read_xml(ET.tostring(build_alert(item(report, **changes), TEXTS)))
    assert faults_of(alert) == []
    return alert


def said(alert: ET.Element, *names: str) -> list[str | None]:
    """Texts of elements, wherever they are."""
    return [alert.findtext(f".//{{{NAMESPACE}}}{name}") for name in names]


def test_alert_names_sender_and_recipients() -> None:
    """Who sent it, to whom, when and with which handling code stand in it; the time is never written with Z."""
    alert = alert_of(warning(), handling="H2")
    claims, digest = cover(handling="H2")
    assert said(alert, "sender", "addresses", "scope", "code", "msgType") == [
        "KZ/NFP/DUTY-1@toy",
        "UZ/NFP@toy",
        "Private",
        "H2",
        "Alert",
    ]
    (sent,) = said(alert, "sent")
    assert sent is not None
    assert sent.endswith("-00:00")
    assert identifier_of(claims, digest) == digest
    assert ["SERAI-HANDLING", "H2"] in [
        [each.text for each in part] for part in alert.iter(f"{{{NAMESPACE}}}parameter")
    ]


def test_alert_has_the_handling_code_that_holds() -> None:
    """Where another code holds than the cover's, the alert has that, for those who see it alone."""
    alert = alert_of(warning(), holds="H2", handling="H1")
    assert said(alert, "code") == ["H2"]
    assert ["SERAI-HANDLING", "H2"] in [
        [each.text for each in part] for part in alert.iter(f"{{{NAMESPACE}}}parameter")
    ]


@pytest.mark.parametrize(
    ("status", "expected", "prefix"),
    [("actual", "Actual", ""), ("exercise", "Exercise", "EX-"), ("test", "Test", "TEST-")],
)
def test_exercise_cannot_be_mistaken(status: str, expected: str, prefix: str) -> None:
    """The status is told as it is, and what is not real shows it in its identifier too."""
    alert = alert_of(warning(), status=status)
    found, identifier = said(alert, "status", "identifier")
    assert (found, (identifier or "")[:-43]) == (expected, prefix)


@pytest.mark.parametrize("action", list(RequestedAction))
@pytest.mark.parametrize("precedence", ["flash", "immediate", "priority", "routine"])
def test_every_warning_is_a_valid_alert(action: RequestedAction, precedence: str) -> None:
    """Whatever a warning asks for, and however urgent it is, its alert follows the rules."""
    coded = {"code": action.value, "as_written": "Something else"}
    assert alert_of(warning(requested_action=coded), precedence=precedence) is not None


@pytest.mark.parametrize("outcome", list(FeedbackOutcome))
def test_every_feedback_is_a_valid_alert(outcome: FeedbackOutcome) -> None:
    """Whatever came of it, the alert of a feedback follows the rules; only a seizure made is certain."""
    coded = {"code": outcome.value, "as_written": "Something else"}
    alert = alert_of(FeedbackReport.model_validate({**FEEDBACK, "outcome": coded}), kind="feedback")
    certain = "Observed" if outcome is FeedbackOutcome.SEIZURE_MADE else "Unknown"
    assert said(alert, "urgency", "severity", "certainty") == ["Past", "Unknown", certain]


def test_urgency_severity_certainty_of_a_warning() -> None:
    """A warning is as urgent as it was sent, as grave as what it asks for, as certain as it was graded."""
    graded = {"scheme": "4x4", "source": "A", "information": "2"}
    alert = alert_of(warning(grading=graded), precedence="flash")
    assert said(alert, "urgency", "severity", "certainty", "responseType") == [
        "Immediate",
        "Severe",
        "Likely",
        "Execute",
    ]
    plain = alert_of(warning(requested_action={"code": "inform"}))
    assert said(plain, "urgency", "severity", "certainty", "responseType") == ["Future", "Minor", "Unknown", "None"]


@pytest.mark.parametrize(
    ("scheme", "source", "grades"), [("4x4", "A", "1234"), ("3x5x2", "1", "ABCDE"), ("5x5x5", "B", "12345")]
)
def test_every_grade_is_mapped(scheme: str, source: str, grades: str) -> None:
    """Every grade of every scheme has a certainty, from observed downwards."""
    found = [
        said(alert_of(warning(grading={"scheme": scheme, "source": source, "information": grade})), "certainty")[0]
        for grade in grades
    ]
    assert found[0] == "Observed"
    assert "Observed" not in found[1:]


def test_seizure_is_past_and_observed() -> None:
    """A seizure has happened, was seen, and what was seized threatens nobody; the place is an area."""
    place = {
        "country": {"code": "KZ"},
        "division": "Zhambyl",
        "name": "Korday",
        "un_locode": "KZKDY",
        "coordinates": {"latitude": "43.05", "longitude": "74.7"},
    }
    alert = alert_of(SeizureReport.model_validate({**SEIZURE, "place": place}), kind="seizure")
    assert said(alert, "urgency", "severity", "certainty") == ["Past", "Minor", "Observed"]
    assert said(alert, "areaDesc", "circle") == ["Korday, Zhambyl, Kazakhstan", "43.05,74.7 0"]
    codes = [[each.text for each in part] for part in alert.iter(f"{{{NAMESPACE}}}geocode")]
    assert codes == [["ISO3166-1", "KZ"], ["UNLOCODE", "KZKDY"]]


@pytest.mark.parametrize(
    "place",
    [
        None,
        {},
        {"coordinates": {"latitude": "-1", "longitude": "0"}},
        {"un_locode": "KZALA"},
        {"country": {"as_written": "Nowhere"}},
    ],
)
def test_any_place_is_a_valid_area(place: dict[str, Any] | None) -> None:
    """However little is known of a place, its area follows the rules, or there is none."""
    assert alert_of(warning(place=place)) is not None


def test_arrival_is_the_onset() -> None:
    """An earliest arrival with its time is the onset, in UTC; a day alone is not."""
    alert = alert_of(warning(expected_from="2026-11-24T03:00+05:00"), stale_after=1_790_100_000)
    assert said(alert, "onset", "expires") == ["2026-11-23T22:00:00-00:00", "2026-09-22T18:00:00-00:00"]
    assert said(alert_of(warning(expected_from="2026-11-24")), "onset") == [None]


@pytest.mark.parametrize(("rel", "kind"), [("update", "Update"), ("cancel", "Cancel"), ("reply", "Alert")])
def test_references_name_the_earlier_alert(rel: str, kind: str) -> None:
    """A correction and a cancellation are told as such, and name the alert that the earlier dispatch became."""
    earlier, digest = cover()
    later = item(warning(), refs=[{"rel": rel, "digest": digest}])
    alert = build_alert(replace(later, references=(reference_of(earlier, digest),)), TEXTS)
    assert faults_of(alert) == []
    sent = said(build_alert(Item(earlier, digest, "1", "H0"), TEXTS), "sent")[0]
    assert said(alert, "msgType", "references") == [kind, f"KZ/NFP/DUTY-1@toy,{digest},{sent}"]


def test_cover_without_content_is_an_alert() -> None:
    """A seat that sees covers only exports what it knows."""
    assert said(alert_of(None), "certainty", "responseType") == ["Unknown", None]


@given(st.text())
def test_any_text_is_xml(text: str) -> None:
    """No text of a report can break the file, or add an element to it."""
    texts = replace(TEXTS, description=text + "<alert/>&amp;]]>", headline="x" + text)
    alert = read_xml(ET.tostring(build_alert(item(warning()), texts), encoding="utf-8"))
    assert faults_of(alert) == []
    assert len(list(alert.iter(f"{{{NAMESPACE}}}alert"))) == 1


def broken(change: str) -> list[str]:
    """Faults of an alert that was bent."""
    text = ET.tostring(build_alert(item(warning(), status="exercise"), TEXTS)).decode()
    old, _sep, new = change.partition("=>")
    assert old in text, text
    return faults_of(read_xml(text.replace(old, new, 1)))


@pytest.mark.parametrize(
    "change",
    [
        "<ns0:scope>Private</ns0:scope>=>",
        "<ns0:status>Exercise=><ns0:status>exercise",
        "<ns0:urgency>Future=><ns0:urgency>Soon",
        "-00:00</ns0:sent>=>Z</ns0:sent>",
        "<ns0:addresses>UZ/NFP@toy</ns0:addresses>=>",
        "<ns0:note>EXERCISE</ns0:note>=>",
        "<ns0:msgType>Alert=><ns0:msgType>Cancel",
        "<ns0:event>Warning</ns0:event>=>",
        "<ns0:category>Security</ns0:category>=><ns0:colour>Security</ns0:colour>",
        "@toy</ns0:sender>=>, toy</ns0:sender>",
        "cap:1.2=>cap:1.1",
    ],
)
def test_rules_notice(change: str) -> None:
    """The rules by which these tests judge find an alert that breaks one."""
    assert broken(change)


def test_values_are_those_of_the_standard() -> None:
    """The rules know as many values as the standard has."""
    assert {name: len(values.split()) for name, values in VALUES.items()} == {
        "status": 5,
        "msgType": 5,
        "scope": 3,
        "category": 12,
        "responseType": 9,
        "urgency": 5,
        "severity": 5,
        "certainty": 5,
    }


def test_time_beyond_the_calendar_stops_no_alert() -> None:
    """A dispatch that is stale, or due, or expected beyond the calendar is an alert like others."""
    report = warning(expected_from="9999-12-31T23:59-12:00")
    alert = alert_of(report, stale_after=MAX_SAFE_INTEGER, expects={"by": MAX_SAFE_INTEGER})
    assert said(alert, "onset", "expires") == ["9999-12-31T23:59:59-00:00"] * 2


def test_alert_that_may_be_real_is_actual() -> None:
    """An unknown status is no exercise: what reads the alert takes it for a real one, and the note says why."""
    claims, digest = cover()
    later = claims.model_copy(update={"status": "drill"})
    alert = build_alert(Item(later, digest, "1", "H0"), replace(TEXTS, note="NOT KNOWN WHETHER REAL (drill)"))
    assert (said(alert, "status"), said(alert, "note")) == (["Actual"], ["NOT KNOWN WHETHER REAL (drill)"])
