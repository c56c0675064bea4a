"""What tests lean on: ports, things made once, what the machine must have, and how far tests reach."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support import machine
from tests.support.coverage_floors import judge, percentages
from tests.support.hub import free_port
from tests.support.once import made_once


async def test_a_port_is_handed_out_once() -> None:
    """A free port is nobody else's until this process ends, and a server that names it can listen on it."""
    ports = [free_port() for _ in range(20)]
    assert len(set(ports)) == len(ports)
    others = [socket.socket() for _ in range(20)]
    for other in others:
        other.bind(("127.0.0.1", 0))
    assert not set(ports) & {other.getsockname()[1] for other in others}
    for other in others:
        other.close()
    async with await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", ports[0]):
        _reader, writer = await asyncio.open_connection("127.0.0.1", ports[0])
        writer.close()


def test_what_is_made_once_is_whole_or_made_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The second who asks gets the folder of the first; one that was not finished is made again."""
    made: list[Path] = []

    def make(path: Path) -> None:
        (path / "part").write_text("x")
        made.append(path)
        if len(made) == 1:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        made_once(tmp_path_factory, "a-thing-of-this-test", make)
    folders = [made_once(tmp_path_factory, "a-thing-of-this-test", make) for _ in range(2)]
    assert len(made) == 2
    assert folders[0] == folders[1]
    assert [path.name for path in folders[0].iterdir()] == ["part"]


def test_newest_postgresql_is_found_where_debian_puts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several versions the newest is taken; without one of Debian's, the one in ``PATH``; without any, none."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.find_postgresql(tmp_path) is None
    (tmp_path / "initdb").touch(mode=0o755)
    assert machine.find_postgresql(tmp_path) == tmp_path
    for version in ("9", "15", "17"):
        folder = tmp_path / "usr" / "lib" / "postgresql" / version / "bin"
        folder.mkdir(parents=True)
        (folder / "initdb").touch()
    assert machine.find_postgresql(tmp_path) == tmp_path / "usr" / "lib" / "postgresql" / "17" / "bin"


def test_what_cannot_be_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no package manager, the command that would help is named, and nothing else happens."""
    monkeypatch.setattr(machine, "lacking", lambda: {"postgresql"})
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit, match=r"apt-get install -y .*postgresql"):
        machine.install()


FILES: Mapping[str, Mapping[str, int]] = {
    name: {"num_statements": 8, "num_branches": 2, "covered_lines": lines, "covered_branches": branches}
    for name, lines, branches in (("a/x.py", 8, 2), ("a/b/y.py", 4, 1), ("a/b/z.py", 8, 0), ("c.py", 0, 0))
}


def test_coverage_is_counted_by_package() -> None:
    """Lines and branches count alike, each for the most particular package that has a floor."""
    assert percentages(FILES, ["a", "a/b"]) == {"a": 100.0, "a/b": 65.0, None: 0.0}


def test_coverage_below_its_floor_is_named() -> None:
    """A package below its floor, one that is gone, and a module without a floor are each a fault."""
    assert judge({"a": 80.0, "b": 99.9}, {"a": 80, "b": 99}) == []
    assert judge({"a": 79.94, None: 100.0}, {"a": 80, "gone": 1}) == [
        "a: 79.9%, 80% is due",
        "gone is no package that was measured",
        "a module is in no package with a floor",
    ]
