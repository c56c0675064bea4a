"""The machine's clock, identifiers and the hub's own keys."""

from __future__ import annotations

import json
import re
import stat
import time
from pathlib import Path

import pytest

from broker.adapters.system import MAX_DRIFT_MS, FileSigner, SystemClock, make_hub_keys
from schemas.checkpoint import Checkpoint, parse_note, verify_note
from schemas.claims import Event
from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code
from schemas.statements import parse_statement, verify_statement
from tests.support.refusals import refused
from tests.support.world import KZ, World

UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def test_the_clock_tells_this_machines_time() -> None:
    """Milliseconds since 1970, between two looks at the wall clock."""
    clock = SystemClock()
    before = time.time_ns() // 1_000_000
    assert before <= clock.now_ms() <= time.time_ns() // 1_000_000


@pytest.mark.parametrize("moved_ms", [-MAX_DRIFT_MS - 500, MAX_DRIFT_MS + 500])
def test_a_clock_that_was_moved_is_not_trusted(monkeypatch: pytest.MonkeyPatch, moved_ms: int) -> None:
    """Set forward or back by more than two seconds, the hub knows no time until the clock is right again."""
    clock, real = SystemClock(), time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + moved_ms * 1_000_000)
    with refused(Code.HUB_NOT_READY, "clock"):
        clock.now_ms()
    monkeypatch.undo()
    clock.now_ms()


def test_a_clock_that_is_corrected_a_little_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small corrections are what a time service makes."""
    clock, real = SystemClock(), time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + (MAX_DRIFT_MS - 500) * 1_000_000)
    clock.now_ms()


def test_identifiers_are_new_and_of_their_time() -> None:
    """Each is a UUIDv7 of now, and no two are alike."""
    clock = SystemClock()
    before = clock.now_ms()
    made = [clock.new_jti() for _ in range(100)]
    assert len(set(made)) == 100
    assert all(UUID7.fullmatch(each) for each in made)
    assert before <= int(made[0].replace("-", "")[:12], 16) <= clock.now_ms()


def test_hub_keys_are_fresh_and_closed_to_others(tmp_path: Path) -> None:
    """Two keys, unlike each other and any made before, in files that only the owner reads."""
    signers = []
    for name in ("one", "two"):
        make_hub_keys(tmp_path / name)
        modes = {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / name).iterdir()}
        assert (modes, stat.S_IMODE((tmp_path / name).stat().st_mode)) == ({0o600}, 0o700)
        signers.append(FileSigner(tmp_path / name))
    assert len({kid for signer in signers for kid in (signer.ledger_kid, signer.event_kid)}) == 4


def test_hub_keys_are_never_written_over(tmp_path: Path) -> None:
    """Where there are keys, none are made."""
    make_hub_keys(tmp_path / "keys")
    before = (tmp_path / "keys" / "ledger.json").read_bytes()
    with pytest.raises(FileExistsError):
        make_hub_keys(tmp_path / "keys")
    assert (tmp_path / "keys" / "ledger.json").read_bytes() == before


def test_what_the_hub_signs_holds(tmp_path: Path) -> None:
    """A checkpoint is signed with the ledger key and an event with the event key."""
    make_hub_keys(tmp_path / "keys")
    signer, world = FileSigner(tmp_path / "keys"), World([])
    checkpoint = Checkpoint(f"serai/{world.network}/0", 7, sha256(b"root"))
    verified = verify_note(
        parse_note(signer.sign_checkpoint(checkpoint)), checkpoint.origin, signer.ledger.public.public_key
    )
    assert verified.checkpoint == checkpoint
    claims = Event.model_validate({**world.common("CENTRE/HUB"), "event": "suspended", "member": KZ})
    event = signer.sign_event(claims)
    assert event.kid == signer.event_kid
    assert verify_statement(parse_statement(event.text), signer.event.public).claims == claims


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", '{"seed":7}', '{"seed":"abc"}', json.dumps({"seed": encode_base64url(bytes(31))}), "\udcff"],
    ids=["empty", "no seed", "list", "number", "short", "a byte short", "not UTF-8"],
)
def test_a_key_file_that_cannot_be_used_is_refused(tmp_path: Path, content: str) -> None:
    """Damaged keys are named, their content is not."""
    make_hub_keys(tmp_path / "keys")
    (tmp_path / "keys" / "event.json").write_bytes(content.encode(errors="surrogateescape"))
    with refused(Code.MALFORMED_KEY, "event.json"):
        FileSigner(tmp_path / "keys")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_file_that_is_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    """A key that others may have read or written does not sign."""
    make_hub_keys(tmp_path / "keys")
    (tmp_path / "keys" / "ledger.json").chmod(mode)
    with refused(Code.MALFORMED_KEY, "chmod 600"):
        FileSigner(tmp_path / "keys")


def test_a_missing_key_is_refused(tmp_path: Path) -> None:
    """No key is made in the place of one that is lost."""
    make_hub_keys(tmp_path / "keys")
    (tmp_path / "keys" / "ledger.json").unlink()
    with refused(Code.MALFORMED_KEY, "ledger.json"):
        FileSigner(tmp_path / "keys")
