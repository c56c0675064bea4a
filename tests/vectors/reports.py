"""Reports as their recipients read them: what is shown, what is shown as written, what fails step 10 (PROTOCOL 7)."""

from __future__ import annotations

from typing import Any, Final

from schemas.encoding import encode_json
from schemas.errors import Code
from schemas.reports import read_report
from schemas.rules.handling import Use, handling_that_holds, is_permitted
from schemas.rules.status import is_status_known, may_be_real

Vector = dict[str, Any]

_WARNING: Final[Vector] = {
    "report": "warning",
    "version": 1,
    "our_reference": "KZ-412",
    "requested_action": {"code": "stop"},
    "summary": "Blue lorry, false floor.",
}
_SEIZURE: Final[Vector] = {
    "report": "seizure",
    "version": 1,
    "our_reference": "KZ-77",
    "date": "2026-11-24",
    "country": "KZ",
    "goods": [{"group": "heroin", "name": "Heroin"}],
}
_PROVIDER: Final[Vector] = {"member": "UZ/NFP", "digest": "A" * 43, "permission": "Letter 12 of 1 June"}
_LATER_GOODS: Final[Vector] = {"group": "nitazenes", "name": "Metonitazene", "quantity": "2", "unit": "pallet"}

_PHOTO: Final[Vector] = {
    "name": "photo.jpg",
    "media_type": "image/jpeg",
    "size": 11,
    **dict.fromkeys(("sha256", "blob", "key"), "A" * 43),
}

_READ: Final[tuple[tuple[str, Vector], ...]] = (
    ("the minimal form", _WARNING),
    ("null is absence", {**_WARNING, "place": None}),
    ("a member that the form does not have", {**_WARNING, "escort": {"unit": "7", "cars": 2}}),
    ("a member that a group does not have", {**_SEIZURE, "place": {"name": "Korday", "gate": "4"}}),
    ("codes of a later version", {**_SEIZURE, "goods": [_LATER_GOODS]}),
    ("a country that is in no table", {**_SEIZURE, "country": "QZ"}),
    (
        "a handling code of a later version, which is H3",
        {**_WARNING, "handling": [{"scheme": "handling", "code": "H4"}]},
    ),
    ("a grading of an unknown scheme", {**_WARNING, "grading": {"scheme": "6x6", "source": "A"}}),
    ("a value that does not fit its member", {**_WARNING, "expected_from": "2026-02-30"}),
    (
        "an entry that breaks a rule of the form, before one that does not",
        {**_SEIZURE, "goods": [{"group": "heroin", "name": "x", "quantity": "1"}, *_SEIZURE["goods"]]},
    ),
    ("the form lacks what it needs", {**_WARNING, "requested_action": {"word": "stop"}}),
    ("another version", {**_WARNING, "version": 2}),
    ("attachments that follow", {**_WARNING, "attachments_follow": 2}),
    ("no attachments that follow", {**_WARNING, "attachments_follow": 0}),
    ("more attachments to follow than a report may have", {**_WARNING, "attachments_follow": 33}),
    ("an attachment", {**_WARNING, "attachments": [_PHOTO]}),
    (
        "an attachment whose name leads into a folder, and one with a further member",
        {**_WARNING, "attachments": [{**_PHOTO, "name": "../photo.jpg"}, {**_PHOTO, "taken": "Korday"}]},
    ),
    (
        "attachments with a name that turns, a key that is none, a type with parameters, and an empty one",
        {
            **_WARNING,
            "attachments": [
                {**_PHOTO, "name": "photo\u202egpj.exe"},
                {**_PHOTO, "key": "AAAA"},
                {**_PHOTO, "media_type": "image/jpeg; q=1"},
                {**_PHOTO, "size": 0},
            ],
        },
    ),
    ("more attachments than a report may have", {**_WARNING, "attachments": [_PHOTO] * 33}),
    ("a kind without a form", {"report": "bulletin", "version": 1, "headline": "New marking"}),
    ("passed on: its provider, and where that was permitted", {**_WARNING, "provider": _PROVIDER}),
    ("a provider that is no member", {**_WARNING, "provider": {**_PROVIDER, "member": "UZ"}}),
    ("critical names what is known", {**_WARNING, "escort": "7", "critical": ["summary", "place"]}),
    ("critical names the kind alone", {**_WARNING, "version": 2, "critical": ["report"]}),
)


def reports_read() -> Vector:
    """Reports that pass step 10, and how they are read."""
    return {"reports": [_as_read(name, value) for name, value in _READ]}


def _as_read(name: str, value: Vector) -> Vector:
    text = encode_json(value)
    read = read_report(text.encode(), value["report"])
    return {
        "name": name,
        "report": value["report"],
        "content": text,
        "is_form_known": read.form is not None,
        "is_all_known": read.is_known,
        "as_written": [{"path": list(each.path), "value": each.value} for each in read.as_written],
    }


def closed_words() -> Vector:
    """Covers with closed words that are not known: what a hub refuses, and how a reader takes them."""
    given = (("actual", "H9"), ("drill", "H0"), ("exercise", "H2"))
    return {
        "covers": [
            {
                "status": status,
                "handling": handling,
                "is_known_whether_real": is_status_known(status),
                "rings_as_real": may_be_real(status),
                "handling_that_holds": handling_that_holds(handling),
            }
            for status, handling in given
        ]
    }


def handling_uses() -> Vector:
    """What needs no permission of the provider, by the handling code that holds and a colour beside it."""
    given = ((holds, colour) for holds in ("H0", "H1", "H2", "H3", "H9") for colour in ("", "green", "amber", "violet"))
    return {
        "uses": [
            {
                "holds": holds,
                "tlp": colour or None,
                "permitted": [use.value for use in Use if is_permitted(use, holds, (colour,) if colour else ())],
            }
            for holds, colour in given
        ]
    }


def reports_refused() -> dict[str, Vector]:
    """Reports that fail step 10, by the names of their files."""
    malformed, critical, text = Code.MALFORMED_REPORT, Code.UNSUPPORTED_CRITICAL, encode_json(_WARNING)
    later = {**_WARNING, "requested_action": {"code": "quarantine"}, "critical": ["requested_action"]}
    return {
        "report-list": _vector("no object", malformed, f"[{text}]"),
        "report-two-ways": _vector("a name twice", malformed, text.replace('"summary"', '"summary":"x","summary"')),
        "report-other-kind": _vector("another kind than the cover's", malformed, encode_json(_SEIZURE)),
        "report-critical": _vector(
            "critical names a member that is not known",
            critical,
            encode_json({**_WARNING, "escort": "7", "critical": ["summary", "escort"]}),
        ),
        "report-critical-code": _vector("critical names a member with a later code", critical, encode_json(later)),
        "report-critical-version": _vector(
            "critical names the version, which is not known",
            critical,
            encode_json({**_WARNING, "version": 2, "critical": ["version"]}),
        ),
        "report-critical-word": _vector(
            "critical is no list", malformed, encode_json({**_WARNING, "critical": "summary"})
        ),
    }


def _vector(fault: str, code: Code, content: str) -> Vector:
    return {"fault": fault, "kind": "report", "report": "warning", "content": content, "code": code.value}
