"""What ``serai doctor`` looks at; each check says what it found and how to mend it."""

from __future__ import annotations

import asyncio
import platform
import shutil
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import urlsplit

from clients.cli.administrator.expiry import endings
from clients.cli.alarms import alarm_text
from clients.cli.desk import Desk
from clients.cli.home import Home
from clients.cli.papers import now_ms
from clients.cli.texts import _, plural
from clients.cli.thresholds import CLOCK_MS, FREE_BYTES
from clients.cli.ui import clean, utc
from clients.ledger import LedgerReader, NetworkAnswer
from clients.transport import parse_hub
from schemas.errors import SeraiError

_AUDIT_MS: Final = 2 * 24 * 3600 * 1000
_TLS_DAYS: Final = 14
_ASK_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        check: its name, for programs.
        grade: ``ok``, ``warning`` or ``fault``.
        text: what was found.
        mend: how to mend it; empty if nothing is wrong.
    """

    check: str
    grade: str
    text: str
    mend: str = ""


def check_folder(home: Home) -> Iterator[Finding]:
    """Modes of the folder and what lies in it, and room on the disk."""
    wrong = [path for path in (home.path, *home.path.rglob("*")) if path.stat(follow_symlinks=False).st_mode & 0o077]
    wrong = [path for path in wrong if not path.is_symlink()]
    for path in wrong:
        mode = "700" if path.is_dir() else "600"
        yield Finding("modes", "fault", _("{path} is open to other users").format(path=path), f"chmod {mode} {path}")
    if not wrong:
        yield Finding("modes", "ok", _("the folder is its owner's alone"))
    free = shutil.disk_usage(home.path).free
    text = _("{count} MiB free").format(count=free >> 20)
    yield (
        Finding("disk", "ok", text)
        if free >= FREE_BYTES
        else Finding("disk", "fault", text, _("make room on this disk"))
    )


def check_versions() -> Iterator[Finding]:
    """What runs here."""
    text = f"serai {version('serai')}, Python {platform.python_version()}, {ssl.OPENSSL_VERSION}"
    yield Finding("versions", "ok", text)


def check_store(desk: Desk) -> Iterator[Finding]:
    """Keys, line, outbox, audit and alarms."""
    ending = endings(desk.state)
    for each in ending:
        yield Finding("expiry", "fault" if each.days is None or each.days < 0 else "warning", each.text, _("see there"))
    if not ending:
        yield Finding("expiry", "ok", _("no key is out of date within 30 days"))
    yield _line(desk)
    yield _audited(desk)
    alarms = desk.store.trust.alarms()
    if alarms:
        newest = alarm_text(alarms[-1])
        text = _("{count} alarms, the newest {newest}").format(count=len(alarms), newest=newest)
        yield Finding("alarms", "warning", text, _("look at them with serai status, and tell the Centre"))
    else:
        yield Finding("alarms", "ok", _("no alarms"))


def _line(desk: Desk) -> Finding:
    holder = desk.holder
    if holder is None:
        return Finding("line", "warning", _("nobody holds the line"), _("start serai run, best with systemd"))
    if not holder.live:
        return Finding("line", "fault", _("no line: {fault}").format(fault=holder.fault), _("see the hub below"))
    return Finding("line", "ok", _("held by {what}, {pid}").format(what=holder.what, pid=holder.pid))


def _audited(desk: Desk) -> Finding:
    last = desk.store.trust.audit_result
    if not last:
        return Finding("audit", "warning", _("the ledger was never followed"), "serai audit")
    text = _("followed {time}").format(time=utc(int(last["at_ms"])))
    if last.get("faults") or last.get("error"):
        return Finding("audit", "fault", text + ": " + clean(last.get("error") or last["faults"][0]), "serai audit")
    late = desk.state.system.clock.time_ms() - int(last["at_ms"]) > _AUDIT_MS
    return Finding("audit", "warning" if late else "ok", text, "serai audit" if late else "")


def check_hub(desk: Desk) -> Iterator[Finding]:
    """Each address of the hub: reachable, TLS, the right network; and this machine's clock by its time."""
    for hub in desk.settings.hubs:
        origin = parse_hub(hub)
        yield from _guarded("tls", lambda origin=origin: _tls(origin, desk.settings.tls()))  # type: ignore[misc]
        yield from _guarded("hub", lambda origin=origin: _ask(origin, desk))  # type: ignore[misc]


def _guarded(name: str, check: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return check()
    except (SeraiError, OSError) as error:
        mend = _("check address, name service, firewall and certificate; then ask the hub's operator")
        return [Finding(name, "fault", clean(str(error)), mend)]


def _ask(origin: str, desk: Desk) -> list[Finding]:
    answer = asyncio.run(_network(origin, desk))
    drift_ms = now_ms() - answer.time_ms
    clock = Finding("clock", "ok", _("right to within {seconds} s").format(seconds=CLOCK_MS // 1000))
    if abs(drift_ms) >= CLOCK_MS:
        text = _("wrong by {seconds} s").format(seconds=drift_ms // 1000)
        clock = Finding("clock", "warning", text, _("set this machine's clock: timedatectl set-ntp true"))
    known = desk.store.trust.epochs
    if answer.epochs[: len(known)] != known:
        return [Finding("hub", "fault", _("another network, or another history"), _("tell the Centre at once")), clock]
    return [Finding("hub", "ok", _("{origin} answers").format(origin=origin)), clock]


async def _network(origin: str, desk: Desk) -> NetworkAnswer:
    async with asyncio.timeout(_ASK_S), LedgerReader(origin, str, tls=desk.settings.tls()) as reader:
        return await reader.network()


def _tls(origin: str, context: ssl.SSLContext | None) -> list[Finding]:
    parts = urlsplit(origin)
    if parts.scheme != "wss":
        local = parts.hostname in ("127.0.0.1", "::1", "localhost")
        text = _("{origin} has no TLS").format(origin=origin)
        return [Finding("tls", "ok", text)] if local else [Finding("tls", "warning", text, _("use a wss:// address"))]
    end_s = ssl.cert_time_to_seconds(_certificate(parts.hostname or "", parts.port or 443, context)["notAfter"])
    days = int(end_s - now_ms() // 1000) // (24 * 3600)
    left = plural("{count} day", "{count} days", days)
    text = _("the certificate of {origin} ends in {left}").format(origin=origin, left=left)
    grade = "ok" if days >= _TLS_DAYS else "warning"
    return [Finding("tls", grade, text, "" if grade == "ok" else _("tell the hub's operator"))]


def _certificate(host: str, port: int, context: ssl.SSLContext | None) -> dict[str, Any]:
    import socket

    given = context or ssl.create_default_context()
    with socket.create_connection((host, port), _ASK_S) as sock, given.wrap_socket(sock, server_hostname=host) as tls:
        return dict(tls.getpeercert() or {})
