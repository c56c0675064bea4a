"""Officers who write."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.addresses import Address
from tests.support.counter import Counter
from tests.support.crew import Crew
from tests.support.scribe import Scribe
from tests.support.world import TJ


@pytest.fixture
def scribe(counter: Counter) -> Scribe:
    """The officer of KZ, up to date."""
    return Scribe(counter, Address("KZ/NFP/DUTY-1"))


@pytest.fixture
def crew(tmp_path: Path) -> Crew:
    """TJ, UZ, KZ, RU and the Centre."""
    return Crew(tmp_path)


@pytest.fixture
def crew_operation(crew: Crew) -> tuple[Scribe, str]:
    """The duty officer of TJ, and an operation that TJ leads."""
    operation = crew.open()
    return Scribe(crew[TJ], Address(f"{TJ}/DUTY-1")), operation
