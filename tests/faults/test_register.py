"""The checkpoint outside the database: behind, ahead, torn, gone, forked; and two hubs on one folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from broker.adapters.register import FileRegister
from broker.app import open_ports
from broker.cli.commands import hub as hub_command
from broker.service.state import load_state
from broker.settings import HubFolder
from schemas.checkpoint import Checkpoint, parse_note, sign_note
from schemas.encoding import sha256
from schemas.errors import Code
from tests.support.crash import MortalHub
from tests.support.harbour import check_folder, lengthen, present_world
from tests.support.hub import make_folder
from tests.support.refusals import refused
from tests.support.world import KZ, World

SLOT = 4096


@dataclass
class Place:
    """A hub's folder whose ledger a test lets grow.

    Attributes:
        world: whose log the ledger is.
        folder: of the hub, which does not serve.
    """

    world: World
    folder: HubFolder

    def grow(self, commits: int = 1) -> None:
        """Another leaf in each of so many commits."""
        for _ in range(commits):
            start = len(self.world.log)
            self.world.enrol(f"KZ/NFP/POST-{start}")
            lengthen(self.folder, self.world, start)

    def register(self) -> bytes:
        """The register's bytes."""
        return self.folder.register.read_bytes()

    def database(self) -> dict[str, bytes]:
        """The database's files."""
        return {path.name: path.read_bytes() for path in self.folder.path.glob("hub.db*")}

    def put_database(self, files: dict[str, bytes]) -> None:
        """Put the database's files of another time back."""
        for path in self.folder.path.glob("hub.db*"):
            path.unlink()
        for name, data in files.items():
            (self.folder.path / name).write_bytes(data)

    def held(self) -> int:
        """Size in the register."""
        register = FileRegister(self.folder.register)
        try:
            return parse_note(register.read()).checkpoint.size
        finally:
            register.close()

    def load(self) -> int:
        """Start as a hub does; gives the ledger's size."""
        settings = self.folder.read_settings()
        with open_ports(self.folder, settings) as ports:
            return load_state(ports.store, ports.register, settings.network).head.size

    def run(self, *words: str) -> Result:
        """A command of ``serai-hub`` on this folder."""
        return CliRunner().invoke(hub_command, [*words, str(self.folder.path)])


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A ledger of a few leaves."""
    world = present_world([KZ])
    made = Place(world, make_folder(tmp_path / "hub", world))
    made.grow(2)
    return made


@pytest.mark.parametrize("commits", [1, 3])
def test_behind(place: Place, commits: int) -> None:
    """A database ahead of the register is legal: the register catches up, nothing else changes."""
    before = place.register()
    place.grow(commits)
    size = place.held()
    place.folder.register.write_bytes(before)
    assert place.held() == size - commits
    assert place.load() == size == place.held()
    assert check_folder(place.folder).size == size


def test_ahead(place: Place) -> None:
    """A database that fell behind its register serves nobody, appends nothing, and says why, until it is back."""
    files = place.database()
    place.grow()
    newer, held = place.database(), place.register()
    place.put_database(files)
    for words in (["serve"], ["ledger", "check"], ["suspend"]):
        result = place.run(*words) if words != ["suspend"] else _suspend(place)
        assert result.exit_code == 1
        assert Code.INCONSISTENT_LEDGER.value in result.stderr
    assert place.register() == held
    place.put_database(newer)
    assert check_folder(place.folder).size == len(place.world.log)


def _suspend(place: Place) -> Result:
    return CliRunner().invoke(hub_command, ["suspend", str(place.folder.path), KZ])


def test_forked(place: Place) -> None:
    """A register that holds another tree of the same size is not gone on from."""
    place.load()
    origin, size = place.world.directory.epoch.origin, len(place.world.log)
    other = sign_note(Checkpoint(origin, size, sha256(b"another tree")), place.world.ledger_key.private_key)
    register = FileRegister(place.folder.register)
    register.swap(register.read(), other)
    register.close()
    with refused(Code.INCONSISTENT_LEDGER, "another tree"):
        place.load()


@pytest.mark.parametrize("what", ["deleted", "emptied", "zeroed"])
def test_gone(place: Place, what: str) -> None:
    """A register that is gone is noticed: without it nobody could tell that a database fell behind."""
    if what == "deleted":
        place.folder.register.unlink()
    else:
        place.folder.register.write_bytes(b"" if what == "emptied" else bytes(2 * SLOT))
    with refused(Code.INCONSISTENT_LEDGER, "the register is missing"):
        place.load()


def newest_slot(data: bytes) -> int:
    """Which slot has the higher sequence number."""
    return int(data[SLOT : SLOT + 8] > data[:8])


@pytest.mark.parametrize("offset", [0, 7, 8, 10, 41, 42, 100, 200])
@pytest.mark.parametrize("which", ["newest", "older", "both"])
def test_a_flipped_bit(place: Place, which: str, offset: int) -> None:
    """One damaged slot leaves the other, at worst one commit behind; two are noticed, and nothing is served."""
    data = bytearray(place.register())
    newest, size = newest_slot(bytes(data)), place.held()
    slots = {"newest": [newest], "older": [1 - newest], "both": [0, 1]}[which]
    for slot in slots:
        data[slot * SLOT + offset] ^= 1
    place.folder.register.write_bytes(data)
    if which == "both":
        with refused(Code.DAMAGED, "both slots"):
            place.held()
        assert Code.DAMAGED.value in place.run("serve").stderr
        return
    assert place.held() == (size - 1 if which == "newest" else size)
    assert place.load() == size == place.held()
    place.grow(3)
    assert check_folder(place.folder).size == size + 3


def test_a_torn_write(place: Place) -> None:
    """However much of a slot's write reached the disk, the register holds the checkpoint before or the one after."""
    before = place.register()
    place.grow()
    after, size = place.register(), len(place.world.log)
    written = range(newest_slot(after) * SLOT, newest_slot(after) * SLOT + 400)
    seen = set()
    for end in written:
        place.folder.register.write_bytes(before[: written.start] + after[written.start : end] + before[end:])
        seen.add(place.held())
        assert place.held() in {size - 1, size}
    assert seen == {size - 1, size}
    place.folder.register.write_bytes(before[: written.start + 50] + after[written.start + 50 :])
    assert place.load() == size == place.held()


def test_two_hubs_on_one_folder(hub: MortalHub) -> None:
    """A second hub, or an operator's offline command, is kept out while one serves; the first notices nothing."""
    hub.start()
    try:
        path = str(hub.folder.path)
        second = subprocess.run([sys.executable, "-m", "broker", "serve", path], capture_output=True, check=False)
        assert (second.returncode, Code.HUB_NOT_READY.value in second.stderr.decode()) == (1, True)
        for words in (["ledger", "check", path], ["restore", path, path]):
            result = CliRunner().invoke(hub_command, words)
            assert (result.exit_code, "another hub holds this folder" in result.stderr) == (1, True)
    finally:
        hub.stop()
    check_folder(hub.folder)


def test_copied_folder(place: Place, tmp_path: Path) -> None:
    """A whole folder, register and all, can be moved: it goes on where it was."""
    copy = Place(place.world, HubFolder(Path(shutil.copytree(place.folder.path, tmp_path / "copy"))))
    copy.grow()
    assert check_folder(copy.folder).size == len(place.world.log)
