"""What is looked at to find out how a client stands: each check gives findings with a grade."""

from __future__ import annotations

import asyncio
import platform
import shutil
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from clients.actions.client import Client
from clients.actions.expiry import endings
from clients.actions.home import Home
from clients.actions.retention import count_overdue
from clients.actions.thresholds import CLOCK_MS, FREE_BYTES
from clients.line.audit_report import AUDIT_LATE_MS, last_audit
from clients.line.ledger import LedgerReader, NetworkAnswer
from clients.line.tls import make_context
from clients.line.transport import parse_hub
from clients.system import System
from schemas import limits
from schemas.errors import SeraiError
from schemas.labels import CodedValue

_CHECK_MS: Final = 2 * 24 * 3600 * 1000
_TLS_DAYS: Final = 14
_ASK_S: Final = 15.0
_DAY_S: Final = 24 * 3600
_SWAPS: Final = Path("/proc/swaps")
_BLOCKS: Final = Path("/sys/block")


class Check(CodedValue):
    """What is looked at."""

    VERSIONS = "versions", "versions", "версии"
    NEWER = "newer", "newer", "новое"
    MODES = "modes", "modes", "права доступа"
    DISK = "disk", "disk", "диск"
    MEMORY = "memory", "memory", "память"
    STORE = "store", "store", "хранилище"
    EXPIRY = "expiry", "expiry", "сроки ключей"
    LINE = "line", "line", "линия"
    AUDIT = "audit", "audit", "проверка журнала"
    ALARMS = "alarms", "alarms", "тревоги"
    RETENTION = "retention", "retention", "сроки хранения"
    TLS = "tls", "TLS", "TLS"
    HUB = "hub", "hub", "узел"
    CLOCK = "clock", "clock", "часы"


class Grade(StrEnum):
    """How good it is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


class FindingCode(StrEnum):
    """What was found; the skins have the words, and what to do about it."""

    VERSIONS = "versions"
    NEWER = "newer"
    UNJUDGED = "unjudged"
    OPEN_TO_OTHERS = "open_to_others"
    FOLDER_PRIVATE = "folder_private"
    DISK_FREE = "disk_free"
    DISK_FULL = "disk_full"
    SWAP_PLAIN = "swap_plain"
    SWAP_SAFE = "swap_safe"
    STORE_UNUSABLE = "store_unusable"
    STORE_CHECKED = "store_checked"
    STORE_UNCHECKED = "store_unchecked"
    STORE_CHANGED = "store_changed"
    KEY_ENDS = "key_ends"
    NO_KEY_ENDS = "no_key_ends"
    LINE_FREE = "line_free"
    LINE_DOWN = "line_down"
    LINE_UP = "line_up"
    NEVER_AUDITED = "never_audited"
    AUDIT_FAULTY = "audit_faulty"
    AUDIT_LATE = "audit_late"
    AUDITED = "audited"
    AUDIT_ENDED = "audit_ended"
    AUDIT_WHOLE = "audit_whole"
    ALARMS = "alarms"
    NO_ALARMS = "no_alarms"
    RULES_OVERDUE = "rules_overdue"
    RULES_KEPT = "rules_kept"
    HUB_UNREACHED = "hub_unreached"
    HUB_OTHER = "hub_other"
    HUB_ANSWERS = "hub_answers"
    CLOCK_WRONG = "clock_wrong"
    CLOCK_DIFFERS = "clock_differs"
    CLOCK_UNKNOWN = "clock_unknown"
    CLOCK_RIGHT = "clock_right"
    PLAIN_LOCAL = "plain_local"
    PLAIN_REMOTE = "plain_remote"
    CERTIFICATE_ENDS = "certificate_ends"
    CERTIFICATE_GOOD = "certificate_good"


@dataclass(frozen=True, slots=True)
class HealthFinding:
    """What a check found.

    Attributes:
        check: what was looked at.
        grade: how good it is.
        code: what was found.
        facts: what the words of the code name: texts, numbers, paths, or values of `clients.actions` and
            `clients.store`.
    """

    check: Check
    grade: Grade
    code: FindingCode
    facts: Mapping[str, object] = field(default_factory=dict)


def _ok(check: Check, code: FindingCode, **facts: object) -> HealthFinding:
    return HealthFinding(check, Grade.OK, code, facts)


def _warning(check: Check, code: FindingCode, **facts: object) -> HealthFinding:
    return HealthFinding(check, Grade.WARNING, code, facts)


def _fault(check: Check, code: FindingCode, **facts: object) -> HealthFinding:
    return HealthFinding(check, Grade.FAULT, code, facts)


def check_versions() -> Iterator[HealthFinding]:
    """What runs here."""
    versions = f"serai {version('serai')}, Python {platform.python_version()}, {ssl.OPENSSL_VERSION}"
    yield _ok(Check.VERSIONS, FindingCode.VERSIONS, versions=versions)


def check_folder(home: Home) -> Iterator[HealthFinding]:
    """Modes of the folder and of what lies in it, and room on the disk."""
    wrong = [path for path in (home.path, *home.path.rglob("*")) if path.stat(follow_symlinks=False).st_mode & 0o077]
    wrong = [path for path in wrong if not path.is_symlink()]
    for path in wrong:
        mode = "700" if path.is_dir() else "600"
        yield _fault(Check.MODES, FindingCode.OPEN_TO_OTHERS, path=path, mode=mode)
    if not wrong:
        yield _ok(Check.MODES, FindingCode.FOLDER_PRIVATE)
    free = shutil.disk_usage(home.path).free
    if free >= FREE_BYTES:
        yield _ok(Check.DISK, FindingCode.DISK_FREE, count=free >> 20)
    else:
        yield _fault(Check.DISK, FindingCode.DISK_FULL, count=free >> 20)


def check_memory(swaps: Path = _SWAPS, blocks: Path = _BLOCKS) -> Iterator[HealthFinding]:
    """Whether keys in memory could be written to a disk in the clear: swap that is not encrypted.

    Args:
        swaps: what the kernel says is in use.
        blocks: what it says of block devices.
    """
    plain = [name for name in _swap_names(swaps) if not _is_safe(name, blocks)]
    for name in plain:
        yield _warning(Check.MEMORY, FindingCode.SWAP_PLAIN, path=name)
    if not plain:
        yield _ok(Check.MEMORY, FindingCode.SWAP_SAFE)


def _swap_names(swaps: Path) -> list[str]:
    try:
        return [line.split()[0] for line in swaps.read_text().splitlines()[1:] if line.strip()]
    except OSError:  # not Linux
        return []


def _is_safe(name: str, blocks: Path) -> bool:
    """Whether it is in memory itself, or an encrypted device; of a file nobody can tell."""
    device = Path(name).resolve().name
    if device.startswith("zram"):
        return True
    try:
        return (blocks / device / "dm" / "uuid").read_text().startswith("CRYPT-")
    except OSError:
        return False


def unusable(error: SeraiError | OSError) -> HealthFinding:
    """A store that could not be opened, and why."""
    return _fault(Check.STORE, FindingCode.STORE_UNUSABLE, error=error)


def check_store(client: Client) -> Iterator[HealthFinding]:
    """The store itself, keys, line, outbox, audit and alarms."""
    yield _checked(client)
    ending = endings(client.state)
    for each in ending:
        yield (_fault if each.is_over else _warning)(Check.EXPIRY, FindingCode.KEY_ENDS, ending=each)
    if not ending:
        yield _ok(Check.EXPIRY, FindingCode.NO_KEY_ENDS)
    yield _line(client)
    yield from _audited(client)
    if newer := client.store.trust.newer:
        yield _warning(Check.NEWER, FindingCode.NEWER, codes=", ".join(map(str, newer)))
    if unjudged := client.state.directory.unjudged(client.state.place):
        yield _warning(Check.NEWER, FindingCode.UNJUDGED, addresses=", ".join(unjudged))
    alarms = client.store.alarms.in_short()
    if alarms.newest is not None:
        yield _warning(Check.ALARMS, FindingCode.ALARMS, count=alarms.count, newest=alarms.newest.alarm)
    else:
        yield _ok(Check.ALARMS, FindingCode.NO_ALARMS)
    overdue = count_overdue(client)
    if overdue:
        yield _warning(Check.RETENTION, FindingCode.RULES_OVERDUE, count=overdue)
    elif overdue is not None:
        yield _ok(Check.RETENTION, FindingCode.RULES_KEPT)


def _line(client: Client) -> HealthFinding:
    holder = client.holder
    if holder is None:
        return _warning(Check.LINE, FindingCode.LINE_FREE)
    if not holder.live:
        return _fault(Check.LINE, FindingCode.LINE_DOWN, fault=holder.fault)
    return _ok(Check.LINE, FindingCode.LINE_UP, what=holder.what, pid=holder.pid)


def _checked(client: Client) -> HealthFinding:
    at_ms, found = client.store.trust.store_checked
    if found:
        return _fault(Check.STORE, FindingCode.STORE_CHANGED, at_ms=at_ms, why=found)
    if not 0 <= client.state.system.clock.local_ms() - at_ms <= _CHECK_MS:
        return _warning(Check.STORE, FindingCode.STORE_UNCHECKED)
    return _ok(Check.STORE, FindingCode.STORE_CHECKED, at_ms=at_ms)


def _audited(client: Client) -> Iterator[HealthFinding]:
    yield _last_audit(client)
    trust = client.store.trust
    if trust.audit_ended_ms:
        yield _ok(Check.AUDIT, FindingCode.AUDIT_ENDED, at_ms=trust.audit_ended_ms)
    if trust.whole_audit_since_ms:
        yield _ok(Check.AUDIT, FindingCode.AUDIT_WHOLE, at_ms=trust.whole_audit_since_ms)


def _last_audit(client: Client) -> HealthFinding:
    last = last_audit(client.store)
    if last is None:
        return _warning(Check.AUDIT, FindingCode.NEVER_AUDITED)
    if not last.holds:
        why = last.error or last.faults[0]
        return _fault(Check.AUDIT, FindingCode.AUDIT_FAULTY, at_ms=last.at_ms, why=why)
    if client.state.system.clock.time_ms() - last.at_ms > AUDIT_LATE_MS:
        return _warning(Check.AUDIT, FindingCode.AUDIT_LATE, at_ms=last.at_ms)
    return _ok(Check.AUDIT, FindingCode.AUDITED, at_ms=last.at_ms)


def check_hub(client: Client, system: System) -> Iterator[HealthFinding]:
    """Each address of the hub: reachable, TLS, the right network; and this machine's clock by its time.

    Args:
        client: whose hub.
        system: this machine, whose clock nobody has corrected.
    """
    now_ms = system.clock.local_ms
    for hub in client.settings.hubs:
        origin = parse_hub(hub)
        yield from _guarded(Check.TLS, lambda origin=origin: [_tls(origin, client.settings.tls(), now_ms())])  # type: ignore[misc]
        yield from _guarded(Check.HUB, lambda origin=origin: _ask(origin, client, now_ms))  # type: ignore[misc]


def _guarded(check: Check, look: Callable[[], list[HealthFinding]]) -> list[HealthFinding]:
    try:
        return look()
    except (SeraiError, OSError) as error:
        return [_fault(check, FindingCode.HUB_UNREACHED, why=str(error))]


def _ask(origin: str, client: Client, now_ms: Callable[[], int]) -> list[HealthFinding]:
    answer = asyncio.run(ask_network(origin, client))
    clock = _clock(answer.time_ms, now_ms())
    known = client.store.trust.epochs
    if answer.epochs[: len(known)] != known:
        return [_fault(Check.HUB, FindingCode.HUB_OTHER), clock]
    return [_ok(Check.HUB, FindingCode.HUB_ANSWERS, origin=origin), clock]


def _clock(hub_ms: int | None, now_ms: int) -> HealthFinding:
    if hub_ms is None:
        return _warning(Check.CLOCK, FindingCode.CLOCK_UNKNOWN)
    drift_ms = now_ms - hub_ms
    if abs(drift_ms) > 1000 * limits.CLOCK_CORRECTION_S:
        return _fault(Check.CLOCK, FindingCode.CLOCK_DIFFERS, count=round(drift_ms / 1000 / _DAY_S))
    if abs(drift_ms) >= CLOCK_MS:
        return _warning(Check.CLOCK, FindingCode.CLOCK_WRONG, seconds=drift_ms // 1000)
    return _ok(Check.CLOCK, FindingCode.CLOCK_RIGHT, seconds=CLOCK_MS // 1000)


async def ask_network(origin: str, client: Client) -> NetworkAnswer:
    """The epochs that a hub shows, and its time.

    Args:
        origin: scheme, host and port.
        client: whose hub.

    Raises:
        SeraiError: what it says is no such answer.
        OSError: it cannot be reached.
    """
    async with asyncio.timeout(_ASK_S), LedgerReader(origin, str, tls=client.settings.tls()) as reader:
        return await reader.network()


def _tls(origin: str, context: ssl.SSLContext | None, now_ms: int) -> HealthFinding:
    parts = urlsplit(origin)
    if parts.scheme != "wss":
        local = parts.hostname in ("127.0.0.1", "::1", "localhost")
        code = FindingCode.PLAIN_LOCAL if local else FindingCode.PLAIN_REMOTE
        return (_ok if local else _warning)(Check.TLS, code, origin=origin)
    days = (_certificate_end_s(parts.hostname or "", parts.port or 443, context) - now_ms // 1000) // _DAY_S
    if days >= _TLS_DAYS:
        return _ok(Check.TLS, FindingCode.CERTIFICATE_GOOD, origin=origin, days=days)
    return _warning(Check.TLS, FindingCode.CERTIFICATE_ENDS, origin=origin, days=days)


def _certificate_end_s(host: str, port: int, context: ssl.SSLContext | None) -> int:
    """When the certificate that a server shows ends, seconds since 1970 UTC."""
    verified = context or make_context()
    with (
        socket.create_connection((host, port), _ASK_S) as sock,
        verified.wrap_socket(sock, server_hostname=host) as tls,
    ):
        certificate = tls.getpeercert() or {}
    return int(ssl.cert_time_to_seconds(str(certificate["notAfter"])))
