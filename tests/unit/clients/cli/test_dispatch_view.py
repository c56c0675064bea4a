"""A dispatch as a person reads it, where its sender is of a later version."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from clients.actions.lists import SentReport
from clients.actions.tracking import tally_of
from clients.cli.officer.dispatch_view import delivery_lines, row, sent_lines
from clients.mail.inbox import Delivery, delivery_of, status_of
from tests.support.desk import Desk, warning
from tests.support.tomorrow import LATER_KIND, LATER_REPORTS, LATER_WARNING, VERSION_2
from tests.support.world import KZ

HEADING = "Not known to this program, as the sender wrote it:"


def came(kz: Desk, report: dict[str, Any]) -> Delivery:
    """What UZ sends to KZ, as it came."""
    kz.hub.send(kz.hub.world.dispatch("UZ/NFP", ["KZ/NFP"], report, kind=report["report"]))
    kz.sync()
    return delivery_of(kz.store.items.inbox(1)[0], kz.store, KZ)


@pytest.mark.parametrize("report", LATER_REPORTS)
def test_later_report_is_shown_and_what_is_newer_is_said(kz: Desk, report: dict[str, Any]) -> None:
    """It came whole: nothing failed, and everything that it says is on the screen."""
    said = "\n".join(delivery_lines(came(kz, report)))
    assert "NOT VERIFIED" not in said
    assert HEADING in said
    values = [each for each in report.values() if isinstance(each, str) and each != report["report"]]
    assert not [value for value in values if value not in said]


def test_list_has_only_what_is_known(kz: Desk) -> None:
    """In a list stands the known part, codes as written; a form that is not known is said to be newer."""
    assert row(came(kz, LATER_WARNING)).endswith("Warning   quarantine: Blue lorry, fal...")
    assert row(came(kz, VERSION_2)).endswith("Warning   (newer than this program)")
    assert row(came(kz, LATER_KIND)).endswith("weather   (newer than this program)")


def test_sent_by_a_newer_seat_of_ours(kz: Desk) -> None:
    """What another seat of the own member sent is shown in the same way."""
    digest = kz.hub.send(kz.hub.world.dispatch("KZ/NFP/DUTY-1", ["UZ/NFP"], LATER_WARNING))
    kz.sync()
    item = kz.store.items.get(digest)
    assert item is not None
    delivery = delivery_of(item, kz.store, KZ)
    status = status_of(digest, kz.store)
    assert HEADING in sent_lines(SentReport(status, delivery.content, tally_of(status)))


def test_status_that_is_not_known_is_in_every_line(kz: Desk) -> None:
    """Banner, marking and list say that it is not known whether it is real."""
    delivery = came(kz, LATER_WARNING)
    assert delivery.cover is not None
    later = replace(delivery, cover=delivery.cover.model_copy(update={"status": "drill"}))
    lines = delivery_lines(later)
    assert all("NOT KNOWN WHETHER REAL" in line for line in (lines[0], lines[-1]))
    assert "REAL? quarantine: Blue lorr" in row(later)
    assert "Status         NOT KNOWN WHETHER REAL (drill)" in lines


def test_signer_that_cannot_be_judged(kz: Desk) -> None:
    """An alert by a key of which something unreadable was said is shown, under what an officer has to know."""
    delivery = replace(came(kz, warning().model_dump(mode="json", exclude_none=True)), code="unjudged")
    said = "\n".join(delivery_lines(delivery))
    assert "NOT JUDGED" in said
    assert "signer cannot be judged by this version" in said
    assert "NOT VERIFIED" not in said
    assert "signer not judged" in row(delivery)
