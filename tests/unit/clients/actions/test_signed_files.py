"""Signed statements as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.actions.signed_files import claims_in, read_network, read_statement, read_statements, thumbprint_of
from clients.errors import LocalCode
from schemas.claims import Epoch
from schemas.errors import SeraiError
from tests.support.refusals import refused
from tests.support.world import KZ, World


@pytest.fixture
def world() -> World:
    """A network with one member."""
    return World([KZ])


def network_file(path: Path, world: World) -> Path:
    """The world's first epoch, as the root hands it out."""
    file = path / "network.jws"
    file.write_text(world.log[0].text + "\n")
    return file


def test_network_file_holds_together(tmp_path: Path, world: World) -> None:
    """A network file gives the network, its first root and the newest document."""
    found = read_network(network_file(tmp_path, world))
    assert (found.network, found.root) == (world.network, thumbprint_of(world.network))
    assert found.statements == (world.log[0].text,)
    assert found.document == found.epochs[0].document


@pytest.mark.parametrize("text", ["a.b.c", "x", "{}"])
def test_network_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    """What is no network file is refused before anybody is asked about it."""
    file = tmp_path / "network.jws"
    file.write_text(text)
    with pytest.raises(SeraiError):
        read_network(file)


@pytest.mark.parametrize("data", [b"", b" \n", "Ф".encode(), b"x" * 4_194_305], ids=["none", "blank", "text", "large"])
def test_file_without_statements_is_named(tmp_path: Path, data: bytes) -> None:
    """A file that has no statements, or cannot be one of ours, is refused by its name."""
    file = tmp_path / "statements.jws"
    file.write_bytes(data)
    with refused(LocalCode.NO_STATEMENTS, "statements.jws"):
        read_statements(file)


def test_one_statement_is_due(tmp_path: Path) -> None:
    """Where one is to be read, several are not guessed at."""
    file = tmp_path / "request.jws"
    file.write_text("a\nb\n")
    assert read_statements(file) == ["a", "b"]
    with refused(LocalCode.SEVERAL_STATEMENTS, "there are 2"):
        read_statement(file)


def test_claims_are_read_without_being_judged(world: World) -> None:
    """The claims of an own statement are those that were signed."""
    claims = claims_in(world.log[0].text)
    assert isinstance(claims, Epoch)
    assert claims.aud == world.network
