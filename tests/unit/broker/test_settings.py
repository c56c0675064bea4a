"""The hub's folder and its settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from broker.settings import HubFolder, HubSettings
from schemas.errors import Code
from tests.support.refusals import refused

KID = "UvqOAj-sgbeB_XpCdOVgg1RXi-5f9wJkMnXFlFs1zHs"
LEAST = f'network = "toy/{KID}"\norigins = ["wss://hub.example:443"]\n'


def folder_with(path: Path, text: str) -> HubFolder:
    """A folder with such settings."""
    folder = HubFolder(path)
    folder.settings_file.write_text(text)
    return folder


def test_what_is_not_set_is_safe(tmp_path: Path) -> None:
    """By default the hub listens on this machine only, without TLS, metrics or helpers, on SQLite in its folder."""
    folder = folder_with(tmp_path, LEAST)
    settings = folder.read_settings()
    assert settings.model_dump() == {
        "network": f"toy/{KID}",
        "origins": ["wss://hub.example:443"],
        "host": "127.0.0.1",
        "port": 8440,
        "metrics_port": 0,
        "database": "",
        "certificate": None,
        "private_key": None,
        "blob_bytes": 256 << 20,
        "blob_waiting_bytes": 4 << 30,
        "blob_day_bytes": 16 << 30,
        "verifiers": 0,
    }
    assert folder.database_url(settings) == f"sqlite:///{tmp_path / 'hub.db'}"


def test_everything_can_be_set(tmp_path: Path) -> None:
    """Each setting is read as written."""
    text = 'host = "0.0.0.0"\nport = 1\ndatabase = "postgresql://hub"\ncertificate = "c.pem"\nprivate_key = "k.pem"\n'
    folder = folder_with(tmp_path, LEAST + text)
    settings = folder.read_settings()
    assert (settings.host, settings.port) == ("0.0.0.0", 1)  # noqa: S104 - only read, nothing listens
    assert (settings.certificate, settings.private_key) == (Path("c.pem"), Path("k.pem"))
    assert folder.database_url(settings) == "postgresql://hub"


@pytest.mark.parametrize(
    "text",
    [
        LEAST + "prot = 8440\n",
        LEAST + 'port = "http"\n',
        LEAST + "port = 65536\n",
        LEAST.replace("toy/", ""),
        f'network = "toy/{KID}"\norigins = []\n',
        f'network = "toy/{KID}"\n',
        "network = ",
        "",
    ],
    ids=["misspelt", "port", "large port", "network", "no origin", "origins missing", "no TOML", "empty"],
)
def test_settings_that_cannot_be_used_are_refused(tmp_path: Path, text: str) -> None:
    """A misspelt name or an impossible value is said before anything is opened."""
    with refused(Code.MALFORMED_JSON, "hub.toml"):
        folder_with(tmp_path, text).read_settings()


def test_a_folder_without_hub_says_how_to_make_one(tmp_path: Path) -> None:
    """The remedy is named."""
    with refused(Code.NOT_FOUND, "serai-hub init"):
        HubFolder(tmp_path).read_settings()


def test_settings_do_not_change_while_the_hub_runs(tmp_path: Path) -> None:
    """What was read stays."""
    settings = HubSettings(network=f"toy/{KID}", origins=["ws://127.0.0.1:1"])
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]
