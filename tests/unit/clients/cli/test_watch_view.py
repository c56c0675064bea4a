"""What the live screen shows, from state to lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.actions.watching import Feed, LineState
from clients.cli.officer.watch_line import ScreenLine, Tone
from clients.cli.officer.watch_view import render
from clients.documents.columns import width_of
from clients.mail.amendments import Amendments
from clients.mail.inbox import Delivery
from clients.store import Answer, StoredReference
from schemas.addresses import Address
from schemas.claims import Dispatch, Status
from schemas.encoding import encode_base64url
from schemas.reports import ReadReport, WarningReport

NOW_MS = 1_790_000_000_000
SOME = encode_base64url(bytes(32))
UP = LineState(held=True, live=True, since_ms=NOW_MS - 3_600_000)
FEED = Feed(Address("KZ/NFP"), "desk", "actual", NOW_MS, UP)


def delivery(number: int = 10_423, summary: str = "Blue lorry.", **given: Any) -> Delivery:
    """A dispatch that came three minutes ago; members of its cover may be given."""
    answers = (Answer(Address("KZ/NFP"), given.pop("answered"), 1),) if "answered" in given else ()
    cover: dict[str, Any] = {
        "iss": "UZ/NFP/DUTY-1",
        "aud": f"toy/{SOME}",
        "jti": "01900000-0000-7000-8000-000000000000",
        "iat": 1,
        "to": ["KZ/NFP"],
        "kind": "warning",
        "status": "actual",
        "precedence": "routine",
        "handling": "H1",
        "content": {"digest": SOME, "commitment": SOME, "entries": SOME, "size": 2048},
        **given,
    }
    report = {"our_reference": "UZ-1", "requested_action": {"code": "stop"}, "summary": summary}
    return Delivery(
        digest=f"digest of {number}",
        index=number,
        lane="normal",
        accepted_at_ms=NOW_MS - 180_000,
        met_at_ms=NOW_MS,
        cover=Dispatch.model_validate(cover),
        content=ReadReport(WarningReport.model_validate(report)),
        step=None,
        code=None,
        answers=answers,
    )


def texts(feed: Feed, columns: int = 80, rows: int = 24) -> list[str]:
    """The lines without their tones."""
    return [line.text for line in render(feed, columns, rows)]


def line_with(feed: Feed, part: str) -> ScreenLine:
    """The line in which something stands."""
    return next(line for line in render(feed, 80, 24) if part in line.text)


def test_screen_is_told_whole() -> None:
    """Head, what waits, what came and how to end it: each has its place, top to bottom."""
    feed = replace(FEED, urgent=[delivery(10_500, precedence="flash")], others=[delivery(10_423), delivery(10_400)])
    said = texts(feed, rows=10)
    assert said == [
        "KZ/NFP, desk: connected since 13:13 UTC                     2026-09-21 14:13 UTC",
        "URGENT, waits for an officer: 1",
        "! FLASH 10 500 Warning UZ/NFP, waits 3 min",
        "    Stop the shipment: Blue lorry.",
        "Newest first:",
        "      10 423 09-21 14:10   UZ/NFP       Warning   Stop the shipment: Blue lorry.",
        "      10 400 09-21 14:10   UZ/NFP       Warning   Stop the shipment: Blue lorry.",
        "",
        "",
        "q or Ctrl-C ends, ? lists the keys. serai show N, reply N",
    ]


@pytest.mark.parametrize("precedence", ["flash", "routine"])
def test_exercise_says_so_in_words_in_its_own_lines(precedence: str) -> None:
    """Among real dispatches an exercise is told by a word in its line, and by a colour that nothing real has."""
    real, played = delivery(1, precedence=precedence), delivery(2, precedence=precedence, status="exercise")
    name = "urgent" if precedence == "flash" else "others"
    lines = render(replace(FEED, **{name: [real, played]}), 80, 24)  # type: ignore[arg-type]
    marked = [line for line in lines if "EX 2" in line.text]
    assert marked
    assert all("EXERCISE" in line.text for line in marked)
    assert [line for line in lines if line.tone is Tone.EXERCISE][: len(marked)] == marked
    assert all("EXERCISE" not in line.text for line in lines if line.tone is not Tone.EXERCISE)


def test_network_of_exercises_has_a_banner() -> None:
    """Where everything is an exercise, a line over the whole screen says so."""
    banner = line_with(replace(FEED, status="exercise"), "EXERCISE - EXERCISE")
    assert (width_of(banner.text), banner.tone) == (80, Tone.EXERCISE)
    assert not any("EXERCISE" in text for text in texts(FEED))


@pytest.mark.parametrize(
    ("line", "said", "tone"),
    [
        (UP, "connected since 13:13 UTC", Tone.HEAD),
        (replace(UP, live=False), "NOT CONNECTED since 13:13 UTC", Tone.FAULT),
        (replace(UP, since_ms=NOW_MS - 24 * 3_600_000), "connected since 09-20 14:13 UTC", Tone.HEAD),
        (replace(UP, since_ms=0), "connected since ?", Tone.HEAD),
        (LineState(since_ms=NOW_MS - 60_000), "NOT CONNECTED, NOBODY RINGS since 14:12 UTC", Tone.FAULT),
    ],
)
def test_head_says_how_the_line_is(line: LineState, said: str, tone: Tone) -> None:
    """The head line says whether there is a line, since when, or that nobody holds it."""
    (head, *_rest) = render(replace(FEED, line=line), 80, 24)
    assert said in head.text
    assert head.tone is tone


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"line": replace(UP, live=False, fault="hub_not_ready: refused")}, "hub_not_ready: refused"),
        ({"line": replace(UP, offset_ms=-312_000)}, "CLOCK: this machine's is wrong by 312 s"),
        ({"line": replace(UP, offset_ms=5_000)}, "CLOCK: this machine's is wrong by -5 s"),
        ({"alarms": 2, "alarm_ms": NOW_MS}, "ALARMS: 2, the newest since 14:13 UTC; see serai alarms"),
        ({"returned": 2}, "CAME BACK, not sent: 2; see serai sent"),
        ({"line": LineState()}, "serai run is not running; start it"),
        ({"fault": "disk I/O error"}, "the store cannot be read now: disk I/O error"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, Any], said: str) -> None:
    """A line that is down, a wrong clock, alarms and a failing disk each have a line of their own, in alarm."""
    assert line_with(replace(FEED, **change), said).tone is Tone.FAULT
    assert not any(said in text for text in texts(FEED))


def test_small_difference_of_clocks_is_no_fault() -> None:
    """A clock that is almost right says nothing; what waits to be sent is told."""
    assert texts(replace(FEED, line=replace(UP, offset_ms=4_999))) == texts(FEED)
    assert "To be sent: 3" in texts(replace(FEED, queued=3))


def test_what_became_of_it_is_marked() -> None:
    """Acknowledged, declined and cancelled are told apart without colour."""
    by = StoredReference("s", "cancel", Address("UZ/NFP"), "actual", "feedback", 10_430, NOW_MS)
    gone = replace(delivery(3), amendments=Amendments((by,)))
    feed = replace(FEED, others=[delivery(1, answered="acknowledged"), delivery(2, answered="declined"), gone])
    rows = [text for text in texts(feed) if "UZ/NFP" in text]
    assert [row[25] for row in rows] == ["+", "-", "x"]
    assert "CANCELLED by 10 430: Stop" in rows[2]
    assert line_with(feed, "CANCELLED").tone is Tone.QUIET


def test_what_could_not_be_verified_names_nobody() -> None:
    """A dispatch without a verified sender is shown as one, urgent or not."""
    forged = replace(delivery(7), cover=None, content=None, step=2, code="bad_signature")
    assert "could not be verified" in line_with(replace(FEED, others=[forged]), "     7").text
    assert "could not be verified" in line_with(replace(FEED, urgent=[forged]), "7: an urgent").text


def test_more_urgent_than_have_room_are_counted() -> None:
    """The newest urgent ones are shown, and how many more wait; the foot stays."""
    urgent = [delivery(number, precedence="flash") for number in range(30, 0, -1)]
    said = texts(replace(FEED, urgent=urgent, waiting=40), rows=12)
    assert said[1] == "URGENT, waits for an officer: 40"
    assert "FLASH 30 " in said[2]
    assert said[-2] == "... and 36 more"
    assert len(said) == 12


def test_texts_of_others_do_nothing() -> None:
    """Escape sequences and turned writing of others are shown as what they are: nothing."""
    nasty = delivery(1, summary="a\u202eb\u2066c")
    for feed in (replace(FEED, others=[nasty]), replace(FEED, urgent=[nasty])):
        assert "a\ufffdb\ufffdc" in line_with(feed, "Stop the").text
        assert all(text.isprintable() for text in texts(feed))


SUMMARIES = st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=200).filter(
    lambda text: bool(text.strip(" \xa0"))
)


@given(
    st.lists(SUMMARIES, max_size=8),
    st.lists(SUMMARIES, max_size=8),
    st.integers(1, 200),
    st.integers(1, 60),
    st.sampled_from(["actual", "exercise"]),
)
def test_it_fits_every_screen(urgent: list[str], others: list[str], columns: int, rows: int, status: Status) -> None:
    """Whatever comes and however small the screen: no line is wider, none too many, the head is on top."""
    feed = replace(
        FEED,
        status=status,
        urgent=[delivery(number, text, precedence="flash") for number, text in enumerate(urgent, 1)],
        others=[delivery(number, text, status=status) for number, text in enumerate(others, 1)],
    )
    said = texts(feed, columns, rows)
    assert len(said) == rows
    assert max(map(width_of, said)) <= columns
    assert all(text.isprintable() for text in said)
    assert said[0].startswith("KZ/NFP, desk: connected since 13:13 UTC"[:columns])


def test_wide_screen_shows_more() -> None:
    """A wider screen shows more of what was said."""
    feed = replace(FEED, others=[delivery(1, summary="lorry " * 30)])
    assert max(map(len, texts(feed, 80))) == 80
    assert max(map(len, texts(feed, 120))) > 100


def test_newer_than_this_program() -> None:
    """What this program cannot read yet is told as that, on top where it is urgent; it is nobody's fault."""
    newer = replace(delivery(), cover=None, content=None, step=2, code="unsupported_type")
    for feed in (replace(FEED, urgent=(newer,), waiting=1), replace(FEED, others=(newer,))):
        shown = "\n".join(texts(feed))
        assert "newer than this program; update it" in shown
        assert "could not be verified" not in shown


def test_what_may_be_real_looks_real() -> None:
    """Under an unknown status it waits as urgent as the real thing, says so, and has no colour of exercises."""
    known = delivery(7, precedence="flash")
    assert known.cover is not None
    later = replace(known, cover=known.cover.model_copy(update={"status": "drill"}))
    line = line_with(replace(FEED, urgent=[later]), "FLASH 7")
    assert line.text.startswith("! NOT KNOWN WHETHER REAL (drill) - FLASH 7")
    assert line.tone is Tone.URGENT
    assert line_with(replace(FEED, others=[later]), "REAL?").tone is Tone.FAULT
