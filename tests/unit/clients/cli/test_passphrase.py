"""Where a passphrase comes from."""

from __future__ import annotations

import io
import os
from pathlib import Path

import click
import pytest

from clients.cli.passphrase import ROOT, read_passphrase


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can be asked."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)


def open_file(text: bytes) -> int:
    """A descriptor from which a text can be read."""
    readable, writable = os.pipe()
    os.write(writable, text)
    os.close(writable)
    return readable


def test_descriptor_gives_its_first_line() -> None:
    """The passphrase is the first line, without its end."""
    assert read_passphrase(open_file("correct horse ж\r\nsecond".encode())) == "correct horse ж"


def test_closed_descriptor_is_wrong_use() -> None:
    """A descriptor that is not open is named."""
    with pytest.raises(click.UsageError, match="--passphrase-fd 99"):
        read_passphrase(99)


def test_credential_of_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A credential is read by its name; the root's is another than the client's."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "serai-passphrase").write_text("of the client\n")
    (tmp_path / "serai-root-passphrase").write_text("of the root\n")
    assert read_passphrase(None) == "of the client"
    assert read_passphrase(None, name=ROOT) == "of the root"


def test_passphrase_of_another_encoding_is_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not UTF-8 would be another passphrase on another machine: it is named."""
    with pytest.raises(click.UsageError, match="UTF-8"):
        read_passphrase(open_file("пароль".encode("cp1251")))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "serai-passphrase").write_bytes(b"\xff")
    with pytest.raises(click.UsageError, match="serai-passphrase"):
        read_passphrase(None)


def test_nobody_to_ask() -> None:
    """Without a terminal it says where else a passphrase may come from."""
    with pytest.raises(click.UsageError, match="--passphrase-fd"):
        read_passphrase(None)


def test_new_passphrase_is_not_short() -> None:
    """A short one is refused when something is made, and taken when something is opened."""
    with pytest.raises(click.UsageError, match="12"):
        read_passphrase(open_file(b"short\n"), new=True)
    assert read_passphrase(open_file(b"short\n")) == "short"
