"""``python -m tests.fuzz TARGET --runs N``: fuzz from the kept corpus; what breaks a target is left in a file."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.fuzz import corpus
from tests.fuzz.engine import INNER
from tests.fuzz.seeds import SEEDS

MAX_BYTES: Final = 16_384
"""Longest input that is tried."""

TOKENS: Final = Path(__file__).with_name("tokens.dict")


def engine(arguments: dict[str, list[str]], inner: Path | None = None) -> int:
    """Run the engine with arguments by target; gives its exit status."""
    environment = {**os.environ, **({INNER: str(inner)} if inner else {})}
    command = [sys.executable, "-m", "tests.fuzz.engine", json.dumps(arguments)]
    return subprocess.run(command, env=environment, check=False).returncode


def fuzz(targets: Sequence[str], runs: int, seed: int, found: Path, artifacts: Path) -> int:
    """So many runs of each target; new inputs and inputs that break a target go to folders of their own."""
    arguments = {}
    for target in targets:
        new = found / target
        new.mkdir()
        options = [f"-atheris_runs={runs}", f"-seed={seed}", f"-max_len={MAX_BYTES}", f"-dict={TOKENS}"]
        arguments[target] = [
            *options, f"-artifact_prefix={artifacts}/fuzz-{target}-", str(new), str(corpus.folder(target))
        ]  # fmt: skip
    return engine(arguments)


def merge(target: str, found: Path) -> int:
    """Keep what covers something that the kept corpus does not."""
    inner = found / "inner"
    words = shlex.join([sys.executable, "-m", "tests.fuzz.engine", json.dumps({target: []})])
    inner.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    inner.chmod(0o700)
    options = ["-merge=1", f"-max_len={MAX_BYTES}", str(corpus.folder(target)), str(found / target)]
    return engine({target: options}, inner)


def main() -> int:
    """Fuzz one target, or all in turn."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=[*SEEDS, "all"])
    parser.add_argument("--runs", type=int, default=100_000, help="how many inputs to try")
    parser.add_argument("--seed", type=int, default=1, help="the same seed tries the same inputs")
    parser.add_argument("--keep", action="store_true", help="keep inputs that cover something new")
    parser.add_argument("--seeds", action="store_true", help="write the first inputs, from the vectors, and stop")
    given = parser.parse_args()
    targets = list(SEEDS) if given.target == "all" else [given.target]
    if given.seeds:
        for target in targets:
            corpus.keep(target, SEEDS[target]())
        return 0
    with tempfile.TemporaryDirectory() as found:
        status = fuzz(targets, given.runs, given.seed, Path(found), Path.cwd())
        kept = targets if given.keep and not status else []
        return status or max((merge(target, Path(found)) for target in kept), default=0)


if __name__ == "__main__":
    sys.exit(main())
