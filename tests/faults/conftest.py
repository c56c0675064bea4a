"""What the tests of crashes share: a network in the present, and its hub's folder to copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from broker.settings import HubFolder
from tests.support.crash import MortalHub
from tests.support.harbour import present_world
from tests.support.hub import free_port, make_folder
from tests.support.world import HUB_ORIGIN, World


@pytest.fixture(scope="session")
def world() -> World:
    """The network; tests do not change it."""
    return present_world()


@pytest.fixture(scope="session")
def template(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub's folder with the public statements of the world."""
    return make_folder(tmp_path_factory.mktemp("template") / "hub", world).path


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> HubFolder:
    """A hub's folder of a test's own."""
    return HubFolder(Path(shutil.copytree(template, tmp_path / "hub")))


@pytest.fixture
def hub(folder: HubFolder) -> MortalHub:
    """A hub process of a test's own, not yet started."""
    port = free_port()
    text = folder.settings_file.read_text().replace(HUB_ORIGIN, f"ws://127.0.0.1:{port}")
    folder.settings_file.write_text(text.replace("port = 0", f"port = {port}"))
    return MortalHub(folder, port)
