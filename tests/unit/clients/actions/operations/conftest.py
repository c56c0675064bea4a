"""Clients of several countries."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.crew import Crew


@pytest.fixture
def crew(tmp_path: Path) -> Crew:
    """TJ, UZ, KZ, RU and the Centre."""
    return Crew(tmp_path)
