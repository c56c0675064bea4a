"""Opening a window of the desk: Chromium with a profile of its own, the code handed over by a file.

What a program is started with other users can read (``/proc/PID/cmdline``), so the code is in a file, mode 0600, that
leads the browser on; what comes after ``#`` in an address is never sent, and the page takes it away at once. The
profile lies in the member's folder, and the window is a private one: no extensions, no history, no saved passwords.
"""

from __future__ import annotations

import html
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from clients.desk.running import RunningDesk
from clients.keys.wrapping import write_private

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
"""Programs that know the options below, in the order of looking."""

_OPTIONS: Final = (
    "--incognito",
    "--new-window",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-features=PasswordManagerOnboarding,AutofillServerCommunication,Translate,MediaRouter,OptimizationHints",
    "--no-pings",
)


def find_browser() -> str | None:
    """The browser that is started; ``None`` if this machine has none that can be."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


@contextmanager
def handed_over(folder: Path, desk: RunningDesk) -> Iterator[Path]:
    """A file that leads a browser to the unlock page with the code; it is gone after the block.

    Args:
        folder: of the member, its owner's alone.
        desk: that runs.
    """
    path = folder / "desk-open.html"
    target = html.escape(f"{desk.origin}/#{desk.code}")
    text = (
        f'<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        f'<meta http-equiv="refresh" content="0;url={target}"><title>Serai</title>\n'
    )
    with suppress(FileNotFoundError):
        path.unlink()
    write_private(path, text.encode())
    try:
        yield path
    finally:
        with suppress(FileNotFoundError):
            path.unlink()


def start_browser(browser: str, folder: Path, page: Path) -> subprocess.Popen[bytes]:
    """Start the browser, which outlives this process.

    Args:
        browser: from `find_browser`.
        folder: of the member; the profile is made in it.
        page: from `handed_over`.
    """
    profile = folder.absolute() / "desk-browser"
    profile.mkdir(mode=0o700, exist_ok=True)
    command = [browser, f"--user-data-dir={profile}", *_OPTIONS, page.absolute().as_uri()]
    return subprocess.Popen(  # noqa: S603 - a browser of this machine, found by its name
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        close_fds=True,
        cwd=os.path.sep,
    )
