"""Installing what is built, as a newcomer would."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*command: str | Path, cwd: Path = ROOT, **extra: str) -> str:
    """What a command says on standard output; it must end well."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**environment, **extra},
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_wheel_in_a_fresh_environment(tmp_path: Path) -> None:
    """The built wheel, installed where nothing of the source is, has both commands, and they work."""
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    venv = tmp_path / "venv"
    run(sys.executable, "-m", "venv", venv)
    run(venv / "bin" / "python", "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel)
    # What it depends on comes from the environment of the tests; the source that is installed there does not.
    inside = f"{venv}/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    (Path(inside) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    where = run(venv / "bin" / "python", "-c", "import clients; print(clients.__file__)", cwd=tmp_path)
    assert where.startswith(inside)
    secrets = tmp_path / "credentials"
    secrets.mkdir()
    (secrets / "serai-root-passphrase").write_text("correct horse battery staple\n")
    serai, hub = venv / "bin" / "serai", venv / "bin" / "serai-hub"
    assert "acknowledge" in run(serai, "--help", cwd=tmp_path)
    assert "Команды" in run(serai, "--help", cwd=tmp_path, SERAI_LANG="ru")
    run(serai, "root", "init", "demo", "--home", "root", cwd=tmp_path, CREDENTIALS_DIRECTORY=str(secrets))
    network = (tmp_path / "root" / "root" / "network.txt").read_text().strip()
    made = run(hub, "init", "hub", "--network", network, "--origin", "ws://127.0.0.1:8440", cwd=tmp_path)
    assert "ledger_key" in made
