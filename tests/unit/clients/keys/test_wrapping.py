"""Secrets at rest open with their passphrase and with nothing else, and only for their owner."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.errors import LocalCode
from clients.keys.wrapping import CHEAP, STANDARD, Cost, read_private, unwrap_secret, wrap_secret, write_private
from schemas.errors import Code, SeraiError
from tests.support.refusals import refused


def entropy(size_bytes: int) -> bytes:
    """Random bytes that are not."""
    return bytes(range(size_bytes))


PASSPHRASE = "passphrase"
WRAPPED = wrap_secret(b"secret", "test", PASSPHRASE, CHEAP, entropy)


def _code(data: bytes, what: str = "test", passphrase: str = PASSPHRASE) -> Code:
    with pytest.raises(SeraiError) as caught:
        unwrap_secret(data, what, passphrase)
    return caught.value.code


@given(st.binary(max_size=200), st.text(max_size=20))
@settings(max_examples=20)
def test_what_is_wrapped_is_unwrapped(secret: bytes, passphrase: str) -> None:
    """Any secret comes back under any passphrase, and is not in the file."""
    wrapped = wrap_secret(secret, "test", passphrase, CHEAP, entropy)
    assert unwrap_secret(wrapped, "test", passphrase) == secret
    assert len(secret) < 8 or secret not in wrapped


def test_another_passphrase_opens_nothing() -> None:
    """A wrong passphrase is told as one."""
    assert _code(WRAPPED, passphrase="Passphrase") is Code.DECRYPTION_FAILED


def test_one_kind_does_not_pass_for_another() -> None:
    """A secret of one kind is not unwrapped as another, even if the file is edited to say so."""
    assert _code(WRAPPED, what="other") is Code.DAMAGED
    assert _code(WRAPPED.replace(b'"test"', b'"best"'), what="best") is Code.DECRYPTION_FAILED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"version": 2}, Code.DAMAGED),
        ({"memory_kib": 1 << 40}, Code.DAMAGED),
        ({"iterations": 0}, Code.DAMAGED),
        ({"lanes": True}, Code.DAMAGED),
        ({"sealed": 5}, Code.DAMAGED),
        ({"more": 1}, Code.DAMAGED),
        ({"iterations": 2}, Code.DECRYPTION_FAILED),
        ({"salt": 5}, Code.DECRYPTION_FAILED),
        ({"salt": "AAAA"}, Code.DECRYPTION_FAILED),
        ({"nonce": "A" * 16}, Code.DECRYPTION_FAILED),
        ({"sealed": "AAAA"}, Code.DECRYPTION_FAILED),
    ],
)
def test_a_doctored_file_is_refused(change: dict[str, Any], code: Code) -> None:
    """No part of a file can be changed, and none can make the machine work without bound."""
    assert _code(json.dumps({**json.loads(WRAPPED), **change}).encode()) is code


def test_the_standard_cost_is_the_one_recommended() -> None:
    """Real secrets cost a guess 64 MiB and three passes."""
    assert Cost(memory_kib=64 * 1024, iterations=3, lanes=4) == STANDARD


def test_files_are_for_their_owner(tmp_path: Path) -> None:
    """A file is made private, never overwritten, and not read once others could."""
    path = tmp_path / "secret.json"
    write_private(path, WRAPPED)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_private(path) == WRAPPED
    with pytest.raises(FileExistsError):
        write_private(path, b"other")
    path.chmod(0o640)
    with refused(LocalCode.OPEN_TO_OTHERS):
        read_private(path)


def test_passphrase_that_is_no_text() -> None:
    """What a terminal gave as bytes that are no text is a wrong passphrase, and no fault that repeats it."""
    assert _code(WRAPPED, passphrase="caf\udce9") is Code.DECRYPTION_FAILED
    typed = "café".encode().decode("ascii", "surrogateescape")
    assert unwrap_secret(wrap_secret(b"secret", "test", "café", CHEAP, entropy), "test", typed) == b"secret"
