"""The machine's clock, identifiers and the hub's own keys."""

from __future__ import annotations

import ctypes
import json
import re
import stat
import struct
import time
from pathlib import Path

import pytest

from broker.adapters.system import FileSigner, SystemClock, make_hub_keys
from schemas.checkpoint import Checkpoint, parse_note, verify_note
from schemas.claims import Event
from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code
from schemas.statements import parse_statement, verify_statement
from tests.support.refusals import refused
from tests.support.world import KZ, World

UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def _now_ms(clock: SystemClock) -> int:
    return clock.offset_ms() + clock.monotonic_ms()


def test_the_clock_tells_this_machines_time() -> None:
    """Milliseconds since 1970, between two looks at the wall clock, to a millisecond or two of rounding."""
    before = time.time_ns() // 1_000_000
    assert before - 2 <= _now_ms(SystemClock()) <= time.time_ns() // 1_000_000 + 2


def test_a_look_during_which_the_process_stood_still_is_taken_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was stopped between two clocks must not take that for a clock that was moved."""
    clock, real, stops = SystemClock(), time.time_ns, [5_000_000_000]
    expected = clock.offset_ms()

    def stopped() -> int:
        wall_ns = real()
        if stops:
            ahead = stops.pop()
            monotonic = time.monotonic_ns
            monkeypatch.setattr(time, "monotonic_ns", lambda: monotonic() + ahead)
            monkeypatch.setattr(time, "time_ns", lambda: real() + ahead)
        return wall_ns

    monkeypatch.setattr(time, "time_ns", stopped)
    assert abs(clock.offset_ms() - expected) < 1_000


@pytest.mark.parametrize(
    ("error_us", "status", "synchronised"), [(15_999_999, 5, True), (16_000_000, 5, False), (0, -1, False)]
)
def test_synchronised_is_what_the_kernel_says(
    monkeypatch: pytest.MonkeyPatch, error_us: int, status: int, synchronised: bool
) -> None:
    """The kernel's bound of error decides, as for timedatectl; a kernel that does not say counts as no."""

    class Kernel:
        def adjtimex(self, timex: ctypes.Array[ctypes.c_char]) -> int:
            assert timex.raw[:4] == bytes(4), "nothing is set"
            struct.pack_into("@I3l", timex, 0, 0, 0, 0, error_us)
            return status

    monkeypatch.setattr(ctypes, "CDLL", lambda _: Kernel())
    assert SystemClock().is_synchronised() is synchronised


def test_a_system_without_that_call_is_not_synchronised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the kernel is another one, the operator's word is asked for instead."""
    assert SystemClock().is_synchronised() in (True, False)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert SystemClock().is_synchronised() is False


def test_identifiers_are_new_and_of_their_time() -> None:
    """Each is a UUIDv7 of now, and no two are alike."""
    clock = SystemClock()
    before = time.time_ns() // 1_000_000
    made = [clock.new_jti() for _ in range(100)]
    assert len(set(made)) == 100
    assert all(UUID7.fullmatch(each) for each in made)
    assert before <= int(made[0].replace("-", "")[:12], 16) <= time.time_ns() // 1_000_000


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
    verified = verify_note(parse_note(signer.sign_checkpoint(checkpoint)), checkpoint.origin, signer.ledger.public)
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
