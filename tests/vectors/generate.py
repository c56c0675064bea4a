"""Make the vectors of PROTOCOL 14: ``python -m tests.vectors.generate [--fresh]``.

Everything is reproducible to the byte but the entries of the dispatch, which HPKE makes
anew each time. They are kept from the committed vector; ``--fresh`` makes new ones.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from schemas.keys import Kid
from schemas.sealing import Entry
from tests.vectors.negative import negative_vectors
from tests.vectors.scenario import Scenario
from tests.vectors.worked import worked_vectors

DIRECTORY: Final = Path(__file__).parent / "protocol"
"""Where the vectors are committed."""


def committed_entries() -> tuple[Entry, ...]:
    """The entries of the committed dispatch."""
    vector = json.loads((DIRECTORY / "dispatch.json").read_text(encoding="utf-8"))
    return tuple(Entry(Kid(entry["kid"]), entry["ek"], entry["encrypted_key"]) for entry in vector["entries"])


def generate(entries: tuple[Entry, ...] | None) -> dict[str, str]:
    """Path below `DIRECTORY` to text of every vector.

    Args:
        entries: of the dispatch; ``None`` makes new ones.
    """
    made = Scenario(entries)
    vectors = worked_vectors(made)
    vectors |= {f"negative/{name}": vector for name, vector in negative_vectors(made).items()}
    return {f"{name}.json": json.dumps(vector, ensure_ascii=False, indent=1) + "\n" for name, vector in vectors.items()}


def main(arguments: list[str]) -> None:
    """Write every vector; files of vectors that are no more are left for a person to remove."""
    entries = None if "--fresh" in arguments else committed_entries()
    (DIRECTORY / "negative").mkdir(parents=True, exist_ok=True)
    for name, text in generate(entries).items():
        (DIRECTORY / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
