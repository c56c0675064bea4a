"""A client's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.actions.home import ClientSettings, Home, default_home, signed_name
from clients.errors import LocalCode
from tests.support.refusals import refused
from tests.support.world import KZ, World


def settings(**changes: object) -> ClientSettings:
    """ClientSettings that will do."""
    given = {"member": "KZ/NFP", "network": World([KZ]).network, "hubs": ["wss://hub.example:443"], **changes}
    return ClientSettings.model_validate(given)


def test_settings_come_back(tmp_path: Path) -> None:
    """What was set is read again, from a file that only its owner can read."""
    home = Home(tmp_path / "client")
    home.make()
    for kept in (settings(), settings(seat="room", officer="KZ/NFP/DUTY-1", ca=Path("/etc/ca.pem"))):
        home.write_settings(kept)
        assert home.read_settings() == kept
    assert home.config.stat().st_mode & 0o777 == 0o600
    assert home.path.stat().st_mode & 0o777 == 0o700


def test_no_client_is_said_to_be_none(tmp_path: Path) -> None:
    """Where there is no client, the fault says how to make one."""
    with refused(LocalCode.NO_CLIENT, "no client"):
        Home(tmp_path).read_settings()


@pytest.mark.parametrize(
    ("text", "named"),
    [("member = 'KZ/NFP'", "network"), ("= 1", "config.toml"), ("surprise = 1", "member")],
)
def test_file_that_cannot_be_used_is_named_with_its_place(tmp_path: Path, text: str, named: str) -> None:
    """A mistyped file is refused whole, and the fault names where."""
    home = Home(tmp_path)
    home.config.write_text(text)
    with refused(LocalCode.SETTINGS_UNUSABLE, named):
        home.read_settings()


def test_file_of_another_encoding_is_named(tmp_path: Path) -> None:
    """A file that is no text is refused like any other that cannot be used."""
    home = Home(tmp_path)
    home.config.write_bytes(b"\xff\xfe")
    with refused(LocalCode.SETTINGS_UNUSABLE, "config.toml"):
        home.read_settings()


def test_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    """Nothing is made in a folder that others can look into."""
    tmp_path.chmod(0o755)
    with refused(LocalCode.OPEN_TO_OTHERS, "open to other users"):
        Home(tmp_path).make()


def test_folder_is_where_xdg_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """By default a client lives in the user's data folder."""
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert default_home() == Path("/data/serai")
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/home/duty")
    assert default_home() == Path("/home/duty/.local/share/serai")


def test_papers_are_private_and_replaced(tmp_path: Path) -> None:
    """A paper is its owner's alone, named after whom it is about; the newest counts."""
    home = Home(tmp_path)
    name = signed_name("KZ/NFP/DUTY-1", "request")
    home.write_signed(name, "old")
    path = home.write_signed(name, "new")
    assert (path.name, path.read_text()) == ("KZ-NFP-DUTY-1.request.jws", "new\n")
    assert path.stat().st_mode & 0o777 == 0o600
