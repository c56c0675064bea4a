"""The process as the machine sees it: its memory hidden (prctl(2)), its state shown to systemd (sd_notify(3))."""

from __future__ import annotations

import asyncio
import ctypes
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

_PR_GET_DUMPABLE: Final = 3
_PR_SET_DUMPABLE: Final = 4


def hide_memory() -> None:
    """Keep other processes of the same user, and core files, from the keys in memory."""
    _prctl(_PR_SET_DUMPABLE)


def is_memory_hidden() -> bool:
    """Whether that has been done."""
    return _prctl(_PR_GET_DUMPABLE) == 0


def _prctl(option: int) -> int:
    try:
        return int(ctypes.CDLL(None).prctl(option, 0, 0, 0, 0))
    except (OSError, AttributeError):  # not Linux
        return -1


def notify(state: str) -> None:
    """Send systemd a line, if it started this (``Type=notify``).

    Args:
        state: ``READY=1``, ``STOPPING=1``, ``WATCHDOG=1``.
    """
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock, suppress(OSError):
        sock.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)


def watchdog_s() -> float | None:
    """Seconds after which systemd starts this anew if it hears nothing; ``None`` if it does not wait for that."""
    try:
        own = int(os.environ.get("WATCHDOG_PID", os.getpid())) == os.getpid()
        after_us = int(os.environ.get("WATCHDOG_USEC", "0"))
    except ValueError:
        return None
    return after_us / 1e6 if own and after_us > 0 else None


async def keep_watchdog(is_alive: Callable[[], bool]) -> None:
    """Tell systemd again and again that this works, as long as it does; returns at once if nobody waits for that.

    Args:
        is_alive: whether what is served does its work. That this loop runs is shown by the line itself.
    """
    after_s = watchdog_s()
    if after_s is None:
        return
    while True:
        if is_alive():
            notify("WATCHDOG=1")
        await asyncio.sleep(after_s / 4)
