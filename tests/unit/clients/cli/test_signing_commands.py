"""``serai sign`` and ``serai passphrase``, as an officer types them."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner, Result

from clients.cli.commands import serai
from clients.errors import LocalCode
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from tests.support.counter import Counter, serve
from tests.support.desk import OFFICERS, Desk, ScriptedHub, unlock_officers
from tests.support.refusals import refused

DUTY = Address("KZ/NFP/DUTY-1")


@pytest.fixture
def officer(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """KZ's client, whose officer will type the right passphrase when asked."""
    serve(monkeypatch, counter)
    counter._ask_officer = lambda _officer, _wrong: OFFICERS
    counter.store.officers.lock()
    return counter


@pytest.fixture
def came_back(kz: Desk, hub: ScriptedHub, monkeypatch: pytest.MonkeyPatch) -> int:
    """A warning of an officer that the hub wants signed anew; its number in the outbox."""
    monkeypatch.setattr(kz.state, "default_signer", lambda: DUTY)
    unlock_officers(kz.store)
    row = kz.send("UZ/NFP", precedence="flash")
    kz.store.officers.lock()
    reasons = [SeraiError(Code.STALE_KEY)]
    hub.refuse = lambda _statement: reasons.pop() if reasons else None
    kz.flush()
    return row


def run(*words: str) -> Result:
    """What a command says."""
    return CliRunner().invoke(serai, words)


def descriptor(text: str) -> str:
    """Number of a file from which a line can be read."""
    readable, writable = os.pipe()
    os.write(writable, f"{text}\n".encode())
    os.close(writable)
    return str(readable)


def test_nothing_waits(officer: Counter) -> None:
    """Where nothing came back nobody types a passphrase."""
    assert run("sign").output == "Nothing waits for a signature.\n"
    assert not officer.store.officers.is_open(DUTY)


def test_what_came_back_is_seen_and_signed(officer: Counter, came_back: int) -> None:
    """The officer sees to whom, how urgent and what, and signs; it then waits for the hub like all else."""
    done = run("sign", "--yes", "--wait", "0")
    for words in ("UZ/NFP", "FLASH", "ACTUAL", "Kind           Warning", "look out", f"item {came_back}"):
        assert words in done.output
    assert done.exit_code == 3
    outgoing = officer.store.outbox.get(came_back)
    assert outgoing is not None
    assert outgoing.statement is not None
    assert run("sign").output == "Nothing waits for a signature.\n"


@pytest.mark.usefixtures("officer", "came_back")
def test_kind_is_written_out() -> None:
    """Whoever signs reads the whole word for the kind, not the one for a narrow column."""
    done = CliRunner().invoke(serai, ["sign", "--yes", "--wait", "0"], env={"SERAI_LANG": "ru"})
    assert "Предупреждение" in done.output


def test_status_names_what_must_be_signed(officer: Counter, came_back: int) -> None:
    """Status says that something came back, and what to type; it needs no officer."""
    assert "1 of it must be signed again by its officer: serai sign" in " ".join(run("status").output.split())
    assert not officer.store.officers.is_open(DUTY)
    assert came_back


def test_officer_changes_his_own(officer: Counter) -> None:
    """The old passphrase is typed, the new one read; the old one opens nothing any more."""
    done = run("passphrase", "--new-passphrase-fd", descriptor("my new passphrase"))
    assert (done.exit_code, f"{DUTY} has another passphrase." in done.output) == (0, True)
    with refused(LocalCode.WRONG_PASSPHRASE):
        officer.try_passphrase(DUTY, OFFICERS)
    officer.try_passphrase(DUTY, "my new passphrase")


def test_store_gets_another(officer: Counter) -> None:
    """With --store no officer is asked; what was made before is named."""
    done = run("passphrase", "--store", "--new-passphrase-fd", descriptor("for all of us here"))
    assert (done.exit_code, "Backups that were made before" in done.output) == (0, True)
    assert officer.store.is_passphrase("for all of us here")
    assert not officer.store.officers.is_open(DUTY)


def test_passphrase_of_the_store_is_no_officers(officer: Counter) -> None:
    """What everybody here knows is refused for an officer, with its code."""
    officer.store.change_passphrase("for all of us here")
    done = run("passphrase", "--json", "--new-passphrase-fd", descriptor("for all of us here"))
    assert (done.exit_code, '"code": "same_passphrase"' in done.output) == (1, True)


def test_one_of_the_two_is_meant() -> None:
    """The store has no officer."""
    done = run("passphrase", "--store", "--as", DUTY)
    assert (done.exit_code, "exclude each other" in done.output) == (2, True)
