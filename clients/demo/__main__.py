"""``python -m clients.demo [--rows N] [--file FILE] [--keep DIR]``; exit status 0 only if all is true.

Tables and the one JSON line go to standard output, progress to standard error.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from clients.demo.live import serve_live
from clients.demo.parties import FOCAL_POINTS
from clients.demo.play import play
from clients.demo.rows import EXTRACT, load_rows
from clients.demo.screen import DemoScreen
from schemas.errors import SeraiError


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="clients.demo", description="Eight agencies exchange real seizures.")
    parser.add_argument("--rows", type=_positive, help="so many seizures (1000; with --file, all)")
    parser.add_argument("--file", type=Path, help="a UNODC file of individual drug seizures, plain or gzip")
    parser.add_argument("--keep", type=Path, help="new folder to leave everything in, to look at")
    parser.add_argument("--desk", action="store_true", help="open a desk in a browser at the end, until Ctrl-C")
    return parser


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError
    return number


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="serai-demo-") as path:
            yield Path(path)
    else:
        keep.mkdir(mode=0o700, parents=True)
        yield keep.absolute()


def _show_desk(screen: DemoScreen, folder: Path | None) -> None:
    """Serve the desk of a member over the network in a folder, until Ctrl-C; say how to, if ``None``."""
    if folder is None:
        screen.say_more()
        return
    screen.show_desk()
    with suppress(KeyboardInterrupt):
        asyncio.run(serve_live(folder))


def main() -> int:
    """Run the demonstration; gives the exit status."""
    os.umask(0o077)
    # Asked to end, it cleans up as after Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    chosen = _parser().parse_args()
    screen = DemoScreen()
    try:
        rows = load_rows(chosen.file or EXTRACT, FOCAL_POINTS, chosen.rows or (None if chosen.file else 1000))
        screen.show_rows(rows)
        with _folder(chosen.keep) as folder:
            logging.basicConfig(filename=folder / "clients.log", format="%(asctime)s %(levelname)s %(message)s")
            outcome = asyncio.run(play(folder, rows, screen))
            screen.show_outcome(outcome, folder if chosen.keep else None)
            print(json.dumps(outcome.to_json(), separators=(",", ":")), flush=True)
            _show_desk(screen, folder if chosen.desk else None)
    except SeraiError as error:
        screen.show_fault(error)
        return 1
    except OSError as error:
        print(f"{error.filename or ''}: {error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(main())
