"""What a member can say, without a line."""

from __future__ import annotations

import pytest

from clients import OutState
from clients.mail.writer import Writer
from schemas.errors import Code
from schemas.labels import HandlingCode
from schemas.reports.grading import HandlingEuropol
from tests.support.desk import Desk, cover_to, warning
from tests.support.refusals import refused


@pytest.fixture
def kept() -> list[int]:
    """How often something was kept."""
    return []


@pytest.fixture
def writer(kz: Desk, kept: list[int]) -> Writer:
    """KZ's."""
    return Writer(kz.state, kz.sender, lambda: kept.append(1))


def test_what_is_said_is_in_the_outbox(kz: Desk, writer: Writer, kept: list[int]) -> None:
    """A report is signed and on disk when `send` returns, as the network's status says unless another is named."""
    rows = [writer.send(warning(), cover_to("UZ/NFP", status=status)) for status in (None, "test")]
    assert [row.outgoing.state for row in rows] == [OutState.SIGNED] * 2
    assert [row.outgoing.draft["status"] for row in rows] == [kz.hub.world.status, "test"]
    assert writer.outgoing(rows[0].id) == rows[0].outgoing
    assert kept == [1, 1]


def test_nothing_is_kept_of_what_cannot_be_said(writer: Writer, kept: list[int]) -> None:
    """A recipient that nobody knows is refused at once; a receipt is for what came here."""
    with refused(Code.UNKNOWN_RECIPIENT):
        _ = writer.send(warning(), cover_to("FR/NFP"))
    with refused(Code.UNKNOWN_REFERENCE):
        _ = writer.acknowledge("A" * 43)
    assert kept == []


def test_cover_permits_no_more_than_its_report(writer: Writer) -> None:
    """A report that permits less than was asked for makes its cover say so too, which the hub and every list show."""
    strict = warning().model_copy(update={"handling": (HandlingEuropol(code=HandlingCode.H2),)})
    drafts = [writer.draft(strict, cover_to("UZ/NFP", handling=code)) for code in ("H0", "H3")]
    assert [draft.handling for draft in drafts] == ["H2", "H3"]
