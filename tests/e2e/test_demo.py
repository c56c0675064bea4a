"""The demonstration, as a newcomer runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEMO = (sys.executable, "-m", "clients.demo")
HEADER = (
    "COUNTRY;ADMINISTRATIVE_DIVISION;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT;HIDING_PLACE;INSTALLATION;TRANSPORT;"
    "PRODUCING_COUNTRY;DEPARTURE_COUNTRY;DESTINATION_COUNTRY;ROUTING\n"
)
COUNTRIES = ("Kazakhstan", "Tajikistan", "Uzbekistan", "Kyrgyzstan")
ROWS = [
    *((n, COUNTRIES[n % 4], "2011-05-31") for n in range(1, 41)),
    (41, "Kazakhstan", "31.05.2011"),
    (42, "Colombia", "2011-05-31"),
]
"""Amount, country, day."""


def run(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The demonstration, its temporary files in ``tmp_path``."""
    return subprocess.run(
        [*DEMO, *arguments],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def still_running(folder: Path) -> list[str]:
    """Processes whose words name a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            found.append(process.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return [words for words in found if str(folder) in words]


def test_everything_arrives_once_though_the_hub_is_killed(tmp_path: Path) -> None:
    """Of a file every row is sent or named; each alert is in seven inboxes once and acknowledged; officers type.

    Nothing stays behind but the folder that was asked for, and that is its owner's alone.
    """
    file, kept, temporary = tmp_path / "seizures.csv", tmp_path / "kept", tmp_path / "temporary"
    temporary.mkdir()
    file.write_text(
        HEADER + "".join(f"{country};;There;{day};Heroin;{n};Kilogram;;;;;;;\n" for n, country, day in ROWS)
    )
    done = run(temporary, "--file", str(file), "--keep", str(kept))
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.strip().splitlines()[-1])
    times = {name: said.pop(name) for name in ("p50_ms", "p99_ms")}
    assert said == {
        "sent": 40,
        "accepted": 40,
        "delivered": 280,
        "acknowledged": 280,
        "duplicates": 0,
        "lost": 0,
        "ledger": "verified",
        "evidence": "verified",
    }
    assert 0 < times["p50_ms"] <= times["p99_ms"]
    assert "of 280 deliveries: hub killed" in done.stderr
    assert "line 42 not usable: Not a date (SEIZURE_DATE)" in done.stderr
    assert "1 rows of CO not sent, no focal point here: lines 43" in done.stderr
    assert done.stderr.index("This will be sent:") < done.stderr.index("Sent as EX")
    typed = [line.split("$ serai ")[1].split()[0] for line in done.stderr.splitlines() if "$ serai " in line]
    assert typed == ["send", "inbox", "acknowledge", "attachment", "show", "evidence", "verify"]
    assert (list(temporary.iterdir()), still_running(tmp_path)) == ([], [])
    assert {"evidence.json", "hub", "kz-nfp", "root"} <= {path.name for path in kept.iterdir()}
    photographs = [path.read_bytes() for path in kept.rglob("EX-photo.jpg")]
    assert (len(photographs), len(set(photographs)), b"Officer" in photographs[0]) == (7, 1, False)
    assert [path for path in kept.rglob("*") if path.is_file() and path.stat().st_mode & 0o077] == []


def test_make_hands_its_variables_on() -> None:
    """`make demo` starts it, with ``ROWS``, ``FILE``, ``KEEP`` and ``DESK`` as its options."""
    command = ["make", "--dry-run", "demo", "ROWS=3", "FILE=a b.csv", "KEEP=kept", "DESK=1"]
    planned = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert '-m clients.demo --rows "3" --file "a b.csv" --keep "kept" --desk' in planned


def test_no_file_no_exchange(tmp_path: Path) -> None:
    """A file that is none is refused with a sentence, not a traceback."""
    (tmp_path / "not.csv").write_text("a;b\n")
    for name in ("missing.csv", "not.csv"):
        done = run(tmp_path, "--file", str(tmp_path / name))
        assert done.returncode == 1
        assert done.stderr
        assert "Traceback" not in done.stderr


def test_stopped_in_the_middle_it_cleans_up(tmp_path: Path) -> None:
    """Asked to end, the demonstration takes hub and files with it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    environment = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen([*DEMO], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 120
        while not list(folder.glob("*/hub.log")) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 130, stderr
    assert (list(folder.iterdir()), still_running(folder)) == ([], [])
