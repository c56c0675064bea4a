"""A dispatch as an alert of the Common Alerting Protocol, version 1.2 (OASIS Standard, 1 July 2010); pure.

What the protocol cannot know is derived from the report by the tables below; where a report does
not say, the value is ``Unknown``. A dispatch has named recipients, so its scope is ``Private``.
An exercise is told three times: by ``status``, by ``note``, and by the identifier, for screens
that show only one of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from schemas.claims import Dispatch, counted_precedence
from schemas.reports import FeedbackReport, ReportModel, SeizureReport, WarningReport
from schemas.reports.base import NamedCountry
from schemas.reports.countries import COUNTRIES
from schemas.reports.grading import Grading4x4, Grading5x5x5
from schemas.reports.kinds import entry_of
from schemas.reports.parts import Place
from schemas.rules.expecting import asked_of

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"

_STATUS: Final = {"actual": "Actual", "exercise": "Exercise", "test": "Test"}
_PREFIX: Final = {"exercise": "EX-", "test": "TEST-"}
_TYPE: Final = {"update": "Update", "cancel": "Cancel"}
_URGENCY: Final = {"flash": "Immediate", "immediate": "Immediate", "priority": "Expected", "routine": "Future"}
_SEVERITY: Final = {
    "stop": "Severe",
    "control": "Moderate",
    "observe": "Moderate",
    "locate": "Moderate",
    "identify": "Moderate",
    "inform": "Minor",
}
_RESPONSE: Final = {
    "stop": "Execute",
    "control": "Execute",
    "observe": "Monitor",
    "locate": "Assess",
    "identify": "Assess",
    "inform": "None",
    "other": "Execute",
}
_CERTAINTY_4X4: Final = {"1": "Observed", "2": "Likely", "3": "Likely", "4": "Possible"}
_CERTAINTY_3X5X2: Final = {"A": "Observed", "B": "Likely", "C": "Possible", "D": "Unknown", "E": "Unlikely"}
_CERTAINTY_5X5X5: Final = {"1": "Observed", "2": "Likely", "3": "Likely", "4": "Unknown", "5": "Unlikely"}

_END_S: Final = 253_402_300_799  # the last second of 9999: a calendar has no more
_NOT_XML: Final = re.compile("[^\t\n\r\\u0020-\\ud7ff\\ue000-\\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Texts:
    """What people read, in one language.

    Attributes:
        language: of these texts (BCP 47).
        event: what kind of event it is.
        headline: the dispatch in a line.
        description: the report in words.
        sender_name: who sent it.
        instruction: what recipients are asked to do; empty for nothing.
        note: how it is marked, if it is not actual; else empty.
    """

    language: str
    event: str
    headline: str
    description: str
    sender_name: str
    instruction: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A dispatch that is to become an alert.

    Attributes:
        cover: as verified.
        digest: its identity, base64url.
        number: as officers say it.
        handling: the handling code that holds for it.
        report: what is known of its content; ``None`` too at a seat that sees covers only.
        references: what it refers to, each from `reference_of`.
        permission: where its provider has permitted to hand it out, in words, if its codes do not.
    """

    cover: Dispatch
    digest: str
    number: str
    handling: str
    report: ReportModel | None = None
    references: tuple[str, ...] = ()
    permission: str = ""


def identifier_of(cover: Dispatch, digest: str) -> str:
    """The identifier of the alert that a dispatch becomes; one of an exercise shows it."""
    return f"{_PREFIX.get(cover.status, '')}{digest}"


def reference_of(cover: Dispatch, digest: str) -> str:
    """How other alerts name this one: sender, identifier, time."""
    return f"{_sender(cover, cover.iss)},{identifier_of(cover, digest)},{_time(cover.iat)}"


def build_alert(item: Item, texts: Texts) -> ET.Element:
    """The alert element of a dispatch.

    Args:
        item: the dispatch.
        texts: what people read.
    """
    cover, alert = item.cover, ET.Element(f"{{{NAMESPACE}}}alert")
    _add(alert, "identifier", identifier_of(cover, item.digest))
    _add(alert, "sender", _sender(cover, cover.iss))
    _add(alert, "sent", _time(cover.iat))
    _add(alert, "status", _STATUS.get(cover.status, "Actual"))
    _add(alert, "msgType", next((_TYPE[ref.rel] for ref in cover.refs or () if ref.rel in _TYPE), "Alert"))
    _add(alert, "scope", "Private")
    _add(alert, "addresses", " ".join(_sender(cover, member) for member in cover.to))
    _add(alert, "code", item.handling)
    _add(alert, "note", texts.note)
    _add(alert, "references", " ".join(item.references))
    _add_info(alert, item, texts)
    return alert


def _add_info(alert: ET.Element, item: Item, texts: Texts) -> None:
    cover, report, info = item.cover, item.report, _add(alert, "info")
    _add(info, "language", texts.language)
    _add(info, "category", "Security")
    _add(info, "event", texts.event)
    _add(info, "responseType", _response(report))
    _add(info, "urgency", _urgency(cover, report))
    _add(info, "severity", _severity(report))
    _add(info, "certainty", _certainty(report))
    _add(info, "onset", _onset(report))
    _add(info, "expires", _time(cover.stale_after) if cover.stale_after else "")
    for name in ("senderName", "headline", "description", "instruction"):
        _add(info, name, getattr(texts, "sender_name" if name == "senderName" else name))
    for name, value in _parameters(item).items():
        parameter = _add(info, "parameter")
        _add(parameter, "valueName", name)
        _add(parameter, "value", value)
    _add_area(info, report)


def _parameters(item: Item) -> Mapping[str, str]:
    cover, report = item.cover, item.report
    values = {
        "SERAI-NUMBER": item.number,
        "SERAI-DIGEST": item.digest,
        "SERAI-KIND": cover.kind,
        "SERAI-PRECEDENCE": cover.precedence,
        "SERAI-HANDLING": item.handling,
        "SERAI-PROVIDER": _sender(cover, report.provider.member) if report and report.provider else "",
        "SERAI-PERMISSION": item.permission,
        "SERAI-REFERENCE": report.our_reference if report else "",
        "SERAI-REPLY-BY": _time(cover.expects.by) if cover.expects else "",
        "SERAI-REPLY-FROM": " ".join(_sender(cover, member) for member in asked_of(cover)),
    }
    return {name: value for name, value in values.items() if value}


def _add_area(info: ET.Element, report: ReportModel | None) -> None:
    place = (report.place if report else None) or Place()
    country = report.country if isinstance(report, SeizureReport) else _code(place.country)
    described = [each for each in (place.name, place.division, _country_name(place.country, country)) if each]
    point = f"{place.coordinates.latitude},{place.coordinates.longitude}" if place.coordinates else ""
    description = ", ".join(described) or place.un_locode or point
    if not description:
        return
    area = _add(info, "area")
    _add(area, "areaDesc", description)
    _add(area, "circle", f"{point} 0" if point else "")
    for name, value in (("ISO3166-1", country), ("UNLOCODE", place.un_locode)):
        if value:
            geocode = _add(area, "geocode")
            _add(geocode, "valueName", name)
            _add(geocode, "value", value)


def _country_name(country: NamedCountry | None, code: str | None) -> str:
    written = country.as_written if country else None
    return written or (COUNTRIES[code].en if code in COUNTRIES else code or "")


def _code(country: NamedCountry | None) -> str | None:
    return country.code if country else None


def _response(report: ReportModel | None) -> str:
    if isinstance(report, WarningReport):
        return _RESPONSE.get(report.requested_action.code.value, "Assess")
    return "None" if report else ""


def _urgency(cover: Dispatch, report: ReportModel | None) -> str:
    """What tells of something that has happened is past; anything else is as urgent as it was sent."""
    if report is not None and entry_of(report).is_past:
        return "Past"
    return _URGENCY[counted_precedence(cover.precedence)]


def _severity(report: ReportModel | None) -> str:
    """What was seized threatens nobody any more; a warning is as grave as what it asks for."""
    if isinstance(report, WarningReport):
        return _SEVERITY.get(report.requested_action.code.value, "Unknown")
    return "Minor" if isinstance(report, SeizureReport) else "Unknown"


def _certainty(report: ReportModel | None) -> str:
    if isinstance(report, SeizureReport):
        return "Observed"
    if isinstance(report, FeedbackReport):
        return "Observed" if report.outcome.code.value == "seizure_made" else "Unknown"
    grading = report.grading if report else None
    if grading is None:
        return "Unknown"
    if isinstance(grading, Grading4x4):
        return _CERTAINTY_4X4.get(grading.information.value, "Unknown")
    table = _CERTAINTY_5X5X5 if isinstance(grading, Grading5x5x5) else _CERTAINTY_3X5X2
    return table.get(grading.information.value, "Unknown")


def _onset(report: ReportModel | None) -> str:
    """When it may arrive, if a time was given: a day alone is no time."""
    moment = report.expected_from if isinstance(report, WarningReport) else None
    return _time(int(datetime.fromisoformat(moment).timestamp())) if moment and "T" in moment else ""


def _sender(cover: Dispatch, address: str) -> str:
    """An address that is one in the world: with the name of its network."""
    return f"{address}@{cover.aud.split('/', 1)[0]}"


def _time(time_s: int) -> str:
    """A time as CAP writes it: UTC is ``-00:00``, never ``Z``."""
    return datetime.fromtimestamp(min(time_s, _END_S), UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    """A child element; one without its text is left out."""
    child = ET.Element(f"{{{NAMESPACE}}}{name}")
    if text is not None:
        child.text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    if text != "":
        parent.append(child)
    return child
