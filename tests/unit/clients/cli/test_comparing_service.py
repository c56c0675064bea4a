"""``serai run --compare``: a desk that answers at night, with nobody at it."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from schemas.reports.deconflict import ComparisonResult
from tests.support.asking import ask_room, asked
from tests.support.crew import Crew
from tests.support.deconflicting import CYRILLIC, LATIN
from tests.support.world import KZ, ROOM, UZ
from tests.unit.clients.cli.test_service import running


async def results(crew: Crew, expected: list[ComparisonResult | None]) -> None:
    """Wait until KZ and UZ know of their questions what is expected."""
    async with asyncio.timeout(20):
        while [each.result for who in (KZ, UZ) for each in asked(crew, who)] != expected:
            await asyncio.sleep(0.01)
            for who in (KZ, UZ):
                crew[who].sync()


async def test_questions_are_answered_by_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Two that met are answered without an officer; its log counts the answers, and says no more."""
    monkeypatch.setattr("clients.cli.administrator.service._TICK_S", 0.02)
    crew = Crew(tmp_path)
    ask_room(crew, KZ, CYRILLIC)
    ask_room(crew, UZ, LATIN)
    with caplog.at_level(logging.INFO, "serai"):
        async with running(crew[ROOM], compares=True):
            await results(crew, [ComparisonResult.TALK_TO] * 2)
    assert "2 answers given." in caplog.messages
    assert not [each for each in caplog.messages if "123" in each or KZ in each]


async def test_without_the_option_nobody_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member is a desk because it says so, not because it was asked."""
    monkeypatch.setattr("clients.cli.administrator.service._TICK_S", 0.01)
    crew = Crew(tmp_path)
    ask_room(crew, KZ, CYRILLIC)
    async with running(crew[ROOM]):
        await asyncio.sleep(0.2)
        crew[KZ].sync()
    assert [each.result for each in asked(crew, KZ)] == [None]
