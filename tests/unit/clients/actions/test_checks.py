"""How a client stands."""

from __future__ import annotations

import shutil
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from clients.actions import checks
from clients.actions.checks import FindingCode, Grade, HealthFinding, check_folder, check_hub, check_store
from clients.actions.home import Home
from clients.actions.status import read_status
from clients.line.audit import AuditResult
from clients.line.audit_report import AuditReport
from clients.line.ledger import NetworkAnswer
from clients.line.lock import hold_line
from clients.system import Clock, System
from schemas.merkle import Frontier
from tests.support.certificates import DAYS, write_certificates
from tests.support.counter import Counter
from tests.support.desk import Desk

SOUND = AuditResult(0, 9, 7, 2, 1, 0, ())
DAY_MS = 24 * 3600 * 1000


def graded(findings: list[HealthFinding]) -> dict[FindingCode, Grade]:
    """What was found, and how good it is."""
    return {each.code: each.grade for each in findings}


def test_a_sound_client_has_no_fault(counter: Counter) -> None:
    """Of a client that nobody runs only that is found, and what nobody has looked at yet."""
    assert graded([*check_store(counter)]) == {
        FindingCode.STORE_UNCHECKED: Grade.WARNING,
        FindingCode.NO_KEY_ENDS: Grade.OK,
        FindingCode.LINE_FREE: Grade.WARNING,
        FindingCode.NEVER_AUDITED: Grade.WARNING,
        FindingCode.NO_ALARMS: Grade.OK,
    }


def test_check_of_the_store_is_told(counter: Counter, kz: Desk) -> None:
    """When all of it was last checked, and that it was changed; a check of long ago counts as none."""
    now_ms, codes = kz.hub.world.time_ms, []
    for at_ms, found in ((now_ms, ""), (now_ms, "item, outbox"), (now_ms - 3 * DAY_MS, "")):
        counter.store.trust.set_store_checked(at_ms, found)
        codes.append(next(iter(check_store(counter))))
    assert [(each.code, each.grade) for each in codes] == [
        (FindingCode.STORE_CHECKED, Grade.OK),
        (FindingCode.STORE_CHANGED, Grade.FAULT),
        (FindingCode.STORE_UNCHECKED, Grade.WARNING),
    ]
    assert codes[1].facts == {"at_ms": now_ms, "why": "item, outbox"}


def test_whole_audit_that_goes_on_is_told(counter: Counter, kz: Desk) -> None:
    """Until it ends: since when one from the first leaf goes on, and when the last one came to its end."""
    trust, now_ms = counter.store.trust, kz.hub.world.time_ms
    trust.begin_audit("another", now_ms)
    found = {each.code: each.facts for each in check_store(counter)}
    assert found[FindingCode.AUDIT_WHOLE] == {"at_ms": now_ms}
    assert read_status(counter).whole_audit_since_ms == now_ms
    trust.set_audited(Frontier.empty(), 0, now_ms)
    trust.set_audit_ended(now_ms)
    found = {each.code: each.facts for each in check_store(counter)}
    assert FindingCode.AUDIT_WHOLE not in found
    assert found[FindingCode.AUDIT_ENDED] == {"at_ms": now_ms}
    assert (read_status(counter).whole_audit_since_ms, read_status(counter).audited_at_ms) == (0, now_ms)


def test_files_open_to_others_are_named(counter: Counter) -> None:
    """Each file and folder that others may read is a fault, with the mode that it should have."""
    home = Home(counter.home.path)
    (home.path / "x").mkdir(mode=0o755)
    (home.path / "y").touch()
    (home.path / "y").chmod(0o640)
    found = [each.facts for each in check_folder(home) if each.code is FindingCode.OPEN_TO_OTHERS]
    assert {(str(each["path"]), each["mode"]) for each in found} == {
        (str(home.path / "x"), "700"),
        (str(home.path / "y"), "600"),
    }


def test_a_disk_that_is_almost_full_is_a_fault(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """With little room left, mail could not be kept."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=3 << 20))
    (disk,) = [each for each in check_folder(counter.home) if each.code is FindingCode.DISK_FULL]
    assert (disk.grade, disk.facts["count"]) == (Grade.FAULT, 3)


@pytest.mark.parametrize(
    ("report", "age_ms", "code"),
    [
        (AuditReport(0, SOUND), 0, FindingCode.AUDITED),
        (AuditReport(0, SOUND), 3 * DAY_MS, FindingCode.AUDIT_LATE),
        (AuditReport(0, None, "no answer"), 0, FindingCode.AUDIT_FAULTY),
    ],
)
def test_the_last_audit_is_judged(
    counter: Counter, kz: Desk, report: AuditReport, age_ms: int, code: FindingCode
) -> None:
    """An audit must be sound, and of the last two days."""
    at_ms = kz.state.system.clock.time_ms() - age_ms
    counter.store.trust.set_audit_result({**report.to_json(), "at_ms": at_ms})
    assert code in graded([*check_store(counter)])


def test_the_line_and_alarms_are_judged(counter: Counter) -> None:
    """A line that is down is a fault, one that is up is not; an alarm is a warning, with the newest."""
    counter.state.alarm("fork", "epoch 0")
    with hold_line(counter.store.path, "serai run", 0) as held:
        assert graded([*check_store(counter)])[FindingCode.LINE_DOWN] is Grade.FAULT
        held.tell(live=True, fault="", offset_ms=0)
        found = {each.code: each for each in check_store(counter)}
    assert found[FindingCode.LINE_UP].grade is Grade.OK
    assert found[FindingCode.ALARMS].facts["newest"] == counter.store.alarms.raised()[-1]


def test_a_hub_that_does_not_answer_is_a_fault(counter: Counter) -> None:
    """No answer is found as such; that a local hub has no TLS is none."""
    assert graded([*check_hub(counter, System())]) == {
        FindingCode.PLAIN_LOCAL: Grade.OK,
        FindingCode.HUB_UNREACHED: Grade.FAULT,
    }


@contextmanager
def tls_server(folder: Path) -> Iterator[int]:
    """A server that shows its certificate and says nothing more; gives its port."""
    write_certificates(folder, "localhost")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "hub.pem", folder / "hub.key")
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    plain, _where = server.accept()
                    with suppress(OSError), plain, context.wrap_socket(plain, server_side=True):
                        pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize(
    ("later_days", "code"),
    [(0, FindingCode.CERTIFICATE_GOOD), (20, FindingCode.CERTIFICATE_ENDS)],
)
def test_a_certificate_that_ends_soon_is_a_warning(
    counter: Counter, tmp_path: Path, later_days: int, code: FindingCode
) -> None:
    """The hub's certificate is read by this machine's clock; its operator is to be told two weeks before it ends."""
    with tls_server(tmp_path) as port:
        changes = {"hubs": [f"wss://localhost:{port}"], "ca": tmp_path / "ca.pem"}
        counter.settings = counter.settings.model_copy(update=changes)
        later_ms = later_days * DAY_MS + 3_600_000
        machine = System(Clock(lambda: time.time_ns() // 1_000_000 + later_ms))
        (found, _hub) = check_hub(counter, machine)
    assert (found.code, found.facts["days"]) == (code, DAYS - later_days - 1)


@pytest.mark.parametrize(
    ("drift_ms", "code", "grade"),
    [
        (4_999, FindingCode.CLOCK_RIGHT, Grade.OK),
        (-900_000, FindingCode.CLOCK_WRONG, Grade.WARNING),
        (DAY_MS, FindingCode.CLOCK_WRONG, Grade.WARNING),
        (2 * DAY_MS, FindingCode.CLOCK_DIFFERS, Grade.FAULT),
        (-365 * DAY_MS, FindingCode.CLOCK_DIFFERS, Grade.FAULT),
        (None, FindingCode.CLOCK_UNKNOWN, Grade.WARNING),
    ],
)
def test_the_clock_is_compared_with_the_hubs(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, drift_ms: int | None, code: FindingCode, grade: Grade
) -> None:
    """More than a day is a fault, because a person must look; a hub that tells no time is named."""
    now_ms = 1_796_000_000_000

    async def answer(_origin: str, _client: object) -> NetworkAnswer:
        return NetworkAnswer(counter.store.trust.epochs, None if drift_ms is None else now_ms - drift_ms)

    monkeypatch.setattr(checks, "ask_network", answer)
    found = {each.code: each.grade for each in check_hub(counter, System(Clock(lambda: now_ms)))}
    assert found[code] is grade
