"""A dispatch as programs get it."""

from __future__ import annotations

import json

from clients.documents.dispatches import report_json
from schemas.encoding import encode_base64url
from schemas.reports import read_report
from tests.support.desk import warning

KEY = encode_base64url(b"k" * 32)


def test_keys_of_attachments_stay_here() -> None:
    """What programs and files get of a report has its attachments, and not what opens them."""
    photo = {
        "name": "photo.jpg",
        "media_type": "image/jpeg",
        "size": 48_211,
        "sha256": "A" * 43,
        "blob": "B" * 42 + "A",
        "key": KEY,
    }
    value = {**warning().model_dump(mode="json", exclude_none=True), "attachments": [photo]}
    content = read_report(json.dumps(value).encode(), "warning")
    assert content.is_known
    told = json.dumps(report_json(content))
    assert "photo.jpg" in told
    assert KEY not in told
