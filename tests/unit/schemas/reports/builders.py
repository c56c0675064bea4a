"""Reports to test with: minimal and complete ones, as JSON values."""

# ruff: noqa: RUF001 - Cyrillic and other letters that look Latin are part of the data

from __future__ import annotations

from typing import Any

MINIMAL: dict[str, dict[str, Any]] = {
    "warning": {
        "report": "warning",
        "version": 1,
        "our_reference": "KZ-2026-0117",
        "requested_action": {"code": "control"},
        "summary": "Грузовик с сухофруктами, документы не сходятся.",
    },
    "seizure": {
        "report": "seizure",
        "version": 1,
        "our_reference": "TJ-2026-88",
        "date": "2026-11-23",
        "country": "TJ",
        "goods": [{"group": "heroin", "name": "Героин", "quantity": "3.10", "unit": "kilogram"}],
    },
    "feedback": {
        "report": "feedback",
        "version": 1,
        "our_reference": "UZ-5",
        "your_reference": "KZ-2026-0117",
        "outcome": {"code": "nothing_found"},
    },
}
"""The least of each kind."""

DETAILS: dict[str, Any] = {
    "your_reference": "RU-7",
    "language": "ru-RU",
    "summary": "Два слова.\nИ ещё.",
    "grading": {"scheme": "4x4", "source": "A", "information": "1"},
    "attachments_follow": 2,
    "provider": {"member": "UZ/NFP", "digest": "A" * 43, "permission": "Letter 12 of 1 June"},
    "handling": [
        {"scheme": "handling", "code": "H3", "text": "Only the duty officer."},
        {"scheme": "tlp", "code": "amber_strict"},
        {"scheme": "national", "name": "ДСП"},
    ],
    "goods": [
        {
            "group": "heroin",
            "name": "Героин",
            "quantity": "0.006999999999999999",
            "unit": "other",
            "unit_as_written": "чек",
            "estimated": True,
            "form": {"code": "powder"},
            "purity_percent": "62.5",
            "cas_number": "561-27-3",
            "schedule": "convention_1961",
            "note": "Логотип 777",
        }
    ],
    "place": {
        "country": {"code": "KZ", "as_written": "Казахстан"},
        "division": "Алматинская область",
        "name": "Хоргос",
        "un_locode": "KZKGS",
        "coordinates": {"latitude": "44.2115", "longitude": "80.4098"},
        "installation": {"code": "border_crossing"},
    },
    "agency": {"name": "Customs", "unit": "Post 3", "case_number": "12/3"},
    "route": {
        "origin": {"code": "AF"},
        "departure": {"code": "TJ", "as_written": "Tajikistan"},
        "transit": [{"code": "UZ"}, {"as_written": "Multiple Countries"}],
        "destination": {"code": "RU"},
        "routing": {"code": "transit"},
        "stops": [{"place": {"name": "Osh"}, "arrival": "2026-11-24T06:00+06:00", "departure": "2026-11-24"}],
    },
    "conveyances": [
        {
            "mode": {"code": "commercial_road", "as_written": "фура"},
            "name": "Volvo FH",
            "description": "white, blue cover",
            "identifiers": [{"kind": "vehicle_plate", "value": "А 123 ВС", "country": "KZ", "note": "front only"}],
        }
    ],
    "identifiers": [{"kind": "container", "value": "CSQU 305438-4"}, {"kind": "rail_wagon", "value": "52460037"}],
    "concealment": {"hiding_place": {"code": "other", "as_written": "арбузы"}, "description": "inside"},
    "packaging": {"count": 12, "description": "foil", "marks": "777"},
    "persons": [{"count": 2, "role": "arrested", "sex": "male", "nationality": "TJ", "note": "drivers"}],
    "companies": [{"name": "ТОО «А»", "role": "shipper", "country": "KZ", "registration": "1", "address": "Almaty"}],
    "attachments": [
        {
            "name": "фото 1.jpg",
            "media_type": "image/jpeg",
            "size": 48_211,
            **dict.fromkeys(("sha256", "blob", "key"), "A" * 43),
            "caption": "front of the lorry",
        }
    ],
}
"""Every detail group that all kinds share, every member set."""

COMPLETE: dict[str, dict[str, Any]] = {
    "warning": MINIMAL["warning"]
    | DETAILS
    | {"expected_from": "2026-11-24", "expected_until": "2026-11-25T10:00Z", "indicators": "new company"},
    "seizure": MINIMAL["seizure"] | DETAILS | {"detection_method": {"code": "dog"}},
    "feedback": MINIMAL["feedback"]
    | DETAILS
    | {"answers": "warning", "date": "2026-11-25", "seizure_reference": "UZ-6"},
}
"""All that each kind can say."""
