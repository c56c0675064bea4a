"""The last sign of life, in a file."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from broker.adapters.life import FileLifeRecord
from broker.core.timekeeping import SignOfLife
from schemas.errors import Code
from tests.support.refusals import refused

SIGN = SignOfLife(1_796_000_000_000, 7)


def test_a_sign_is_kept(tmp_path: Path) -> None:
    """What was written last is read, by another process too, and others cannot read it."""
    path = tmp_path / "register" / "alive"
    assert FileLifeRecord(path).read() is None
    FileLifeRecord(path).write(SignOfLife(1, 2))
    FileLifeRecord(path).write(SIGN)
    assert FileLifeRecord(path).read() == SIGN
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["alive"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'{"at":1}', b'{"at":-1,"ledger":0}', b'{"at":true,"ledger":0}', b'{"at":1.0,"ledger":0}',
     b'{"at":9007199254740992,"ledger":0}', b'{"at":"1","ledger":0}', b"\xff", b"9" * 5000],
)  # fmt: skip
def test_a_damaged_sign_is_none(tmp_path: Path, content: bytes) -> None:
    """A file that was cut or changed says nothing, rather than a wrong time."""
    (tmp_path / "alive").write_bytes(content)
    assert FileLifeRecord(tmp_path / "alive").read() is None


def test_a_sign_that_cannot_be_written_leaves_the_one_before(tmp_path: Path) -> None:
    """A disk that takes nothing is told, and the last sign stays."""
    path = tmp_path / "alive"
    FileLifeRecord(path).write(SIGN)
    (tmp_path / "alive-new").mkdir()
    with refused(Code.STORAGE_FAILED, "sign of life"):
        FileLifeRecord(path).write(SignOfLife(9, 9))
    assert FileLifeRecord(path).read() == SIGN
