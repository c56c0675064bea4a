"""What is one line of text, for names and reports alike (PROTOCOL 2)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.claims.keys import Name
from schemas.reports.base import Line, Reference
from schemas.text import LINE

UNSEEN = (0x61C, 0x200B, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
CONTROLS = (*range(0x20), *range(0x7F, 0xA0))


@pytest.mark.parametrize("kind", [Name, Line, Reference])
def test_a_line_is_seen_as_it_is(kind: Any) -> None:
    """No name and no line of a report holds what ends it, turns its direction or is not seen."""
    form = TypeAdapter[str](kind)
    for point in (*CONTROLS, *UNSEEN):
        with pytest.raises(ValidationError):
            form.validate_python(f"a{chr(point)}b")
    for blank in ("", " ", "\xa0 "):
        with pytest.raises(ValidationError):
            form.validate_python(blank)


def test_a_line_is_judged_by_code_points() -> None:
    """Every other character passes, joiners of Persian and what no table of Unicode knows yet among them."""
    refused = {*CONTROLS, *UNSEEN, *range(0xD800, 0xE000)}
    points = (*range(0x3000), 0xFDFF, 0xE000, 0xFFFF, 0x1F600, 0x10FFFF)
    assert all(re.match(LINE, f"a{chr(point)}b") for point in points if point not in refused)
    assert not any(re.match(LINE, f"a{chr(point)}b") for point in refused if point not in range(0xD800, 0xE000))
    joined = "\u0646\u0645\u06cc\u200c\u062f \u200d"
    assert TypeAdapter(Name).validate_python(joined) == joined
