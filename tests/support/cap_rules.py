"""The rules of CAP 1.2, written down from the standard: elements, order, how often, values, and what goes with what.

``faults_of`` gives every rule that an alert breaks; an alert that breaks none gives none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
MANY: Final = 1 << 30

# Each element of a part in its order: name, least, most.
ALERT: Final = (
    ("identifier", 1, 1),
    ("sender", 1, 1),
    ("sent", 1, 1),
    ("status", 1, 1),
    ("msgType", 1, 1),
    ("source", 0, 1),
    ("scope", 1, 1),
    ("restriction", 0, 1),
    ("addresses", 0, 1),
    ("code", 0, MANY),
    ("note", 0, 1),
    ("references", 0, 1),
    ("incidents", 0, 1),
    ("info", 0, MANY),
)
INFO: Final = (
    ("language", 0, 1),
    ("category", 1, MANY),
    ("event", 1, 1),
    ("responseType", 0, MANY),
    ("urgency", 1, 1),
    ("severity", 1, 1),
    ("certainty", 1, 1),
    ("audience", 0, 1),
    ("eventCode", 0, MANY),
    ("effective", 0, 1),
    ("onset", 0, 1),
    ("expires", 0, 1),
    ("senderName", 0, 1),
    ("headline", 0, 1),
    ("description", 0, 1),
    ("instruction", 0, 1),
    ("web", 0, 1),
    ("contact", 0, 1),
    ("parameter", 0, MANY),
    ("resource", 0, MANY),
    ("area", 0, MANY),
)
AREA: Final = (
    ("areaDesc", 1, 1),
    ("polygon", 0, MANY),
    ("circle", 0, MANY),
    ("geocode", 0, MANY),
    ("altitude", 0, 1),
    ("ceiling", 0, 1),
)
NAMED: Final = (("valueName", 1, 1), ("value", 1, 1))
PARTS: Final = {"alert": ALERT, "info": INFO, "area": AREA, "parameter": NAMED, "geocode": NAMED, "eventCode": NAMED}

VALUES: Final = {
    "status": "Actual Exercise System Test Draft",
    "msgType": "Alert Update Cancel Ack Error",
    "scope": "Public Restricted Private",
    "category": "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other",
    "responseType": "Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None",
    "urgency": "Immediate Expected Future Past Unknown",
    "severity": "Extreme Severe Moderate Minor Unknown",
    "certainty": "Observed Likely Possible Unlikely Unknown",
}
_TIME: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d"
_NAME: Final = r"[^\s,<&]+"
FORMS: Final = {
    "identifier": _NAME,
    "sender": _NAME,
    "sent": _TIME,
    "effective": _TIME,
    "onset": _TIME,
    "expires": _TIME,
    "language": r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*",
    "references": rf"{_NAME},{_NAME},{_TIME}( {_NAME},{_NAME},{_TIME})*",
    "circle": r"-?\d+(\.\d+)?,-?\d+(\.\d+)? \d+(\.\d+)?",
}


def read_xml(text: str | bytes) -> ET.Element:
    """A document that this project has written."""
    return ET.fromstring(text)  # noqa: S314 - our own


def faults_of(alert: ET.Element) -> list[str]:
    """Every rule that an alert breaks, in words."""
    if alert.tag != f"{{{NAMESPACE}}}alert":
        return [f"{alert.tag} is no alert of CAP 1.2"]
    return [*_part_faults(alert, "alert"), *_together(alert)]


def _part_faults(part: ET.Element, name: str) -> Iterator[str]:
    names = [_local(child) for child in part]
    due = [each for each, _least, _most in PARTS[name]]
    if part.attrib or (part.text or "").strip():
        yield f"{name} has attributes or text"
    yield from (f"{each} is not an element of {name}" for each in names if each not in due)
    if sorted(names, key=lambda each: due.index(each) if each in due else -1) != names:
        yield f"{name}: not in order: {names}"
    for each, least, most in PARTS[name]:
        if not least <= names.count(each) <= most:
            yield f"{name} has {names.count(each)} {each}"
    for child in part:
        yield from _child_faults(child, _local(child))


def _child_faults(child: ET.Element, name: str) -> Iterator[str]:
    if name in PARTS:
        yield from _part_faults(child, name)
        return
    text = child.text or ""
    if len(child) or child.attrib or not text.strip():
        yield f"{name} is not a text"
    if name in VALUES and text not in VALUES[name].split():
        yield f"{name}: {text} is not one of its values"
    if name in FORMS and not re.fullmatch(FORMS[name], text):
        yield f"{name}: {text} is not of its form"


def _together(alert: ET.Element) -> Iterator[str]:
    """What the standard asks for in one element because of another."""
    scope, kind = _text(alert, "scope"), _text(alert, "msgType")
    if (scope == "Private") and not _text(alert, "addresses"):
        yield "Private needs addresses"
    if (scope == "Restricted") != bool(_text(alert, "restriction")):
        yield "restriction belongs to Restricted"
    if kind in ("Update", "Cancel", "Ack", "Error") and not _text(alert, "references"):
        yield f"{kind} needs references"
    if _text(alert, "status") == "Exercise" and not _text(alert, "note"):
        yield "Exercise is explained in a note"


def _local(element: ET.Element) -> str:
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def _text(part: ET.Element, name: str) -> str:
    return part.findtext(f"{{{NAMESPACE}}}{name}") or ""
