"""The kept corpus: small files, one input each, named by their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

CORPUS: Final = Path(__file__).parent / "corpus"


def folder(target: str) -> Path:
    """Where a target's inputs are kept."""
    return CORPUS / target


def inputs(target: str) -> list[Path]:
    """A target's inputs."""
    return sorted(path for path in folder(target).iterdir() if path.is_file())


def keep(target: str, found: Iterable[bytes]) -> None:
    """Keep inputs."""
    folder(target).mkdir(parents=True, exist_ok=True)
    for data in found:
        (folder(target) / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
