"""The demonstration, as a newcomer runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEMO = (sys.executable, "-m", "clients.demo")
HEADER = (
    "COUNTRY;ADMINISTRATIVE_DIVISION;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT;HIDING_PLACE;INSTALLATION;TRANSPORT;"
    "PRODUCING_COUNTRY;DEPARTURE_COUNTRY;DESTINATION_COUNTRY;ROUTING\n"
)


def run(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The demonstration, its temporary files in ``tmp_path``."""
    return subprocess.run(
        [*DEMO, *arguments],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def is_left(folder: Path) -> list[str]:
    """Files that are left, and processes that still run on them."""
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [*(str(path) for path in folder.iterdir()), *(line for line in running.split("\n") if str(folder) in line)]


def test_everything_arrives_once_though_the_hub_is_killed(tmp_path: Path) -> None:
    """Each alert is in seven inboxes once and acknowledged, two officers type commands, nothing is left behind."""
    done = run(tmp_path, "--rows", "40")
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
    assert is_left(tmp_path) == []
    assert "of 280 deliveries: hub killed" in done.stderr
    assert done.stderr.index("This will be sent:") < done.stderr.index("Sent as EX")
    typed = [line.split("$ serai ")[1].split()[0] for line in done.stderr.splitlines() if "$ serai " in line]
    assert typed == ["send", "inbox", "acknowledge", "show", "evidence", "verify"]


def test_own_file_is_taken_whole(tmp_path: Path) -> None:
    """Of a file of one's own every row is sent, or named with its line number and the reason."""
    file = tmp_path / "seizures.csv"
    rows = [
        "Kazakhstan;;Almaty;2011-05-31;Heroin;1.5;Kilogram;;;;;;;",
        "Kazakhstan;;Almaty;31.05.2011;Heroin;1.5;Kilogram;;;;;;;",
        "Colombia;;Cali;2011-05-31;Cocaine;1.5;Kilogram;;;;;;;",
    ]
    file.write_text(HEADER + "\n".join(rows) + "\n")
    done = run(tmp_path, "--file", str(file), "--keep", str(tmp_path / "kept"))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.strip().splitlines()[-1])["sent"] == 1
    assert "line 3 not usable: Not a date (SEIZURE_DATE)" in done.stderr
    assert "1 rows of CO not sent, no focal point here: lines 4" in done.stderr
    kept = {path.name for path in (tmp_path / "kept").iterdir()}
    assert {"evidence.json", "hub", "kz-nfp", "root.key"} <= kept
    assert [path for path in (tmp_path / "kept").rglob("*") if path.is_file() and path.stat().st_mode & 0o077] == []


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
        deadline = time.monotonic() + 60
        while not list(folder.glob("*/hub.log")) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert is_left(folder) == []
