"""A desk whose member has met others, with an officer at its screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.met_desks import network_that_has_met
from tests.support.web_desk import Window


@pytest.fixture(scope="session")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a network; it is only copied."""
    return network_that_has_met(tmp_path_factory)


@pytest.fixture
async def page(window: Window) -> Window:
    """An unlocked window."""
    return await window.unlock()
