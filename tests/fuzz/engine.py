"""The fuzzer itself, in a process of its own: libFuzzer ends the process when it is done.

``python -m tests.fuzz.engine JSON`` with libFuzzer's arguments by target. What is fuzzed is loaded once,
its coverage watched; each target then runs in a fork.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any


def main() -> int:
    """Fuzz each target in turn, until one breaks."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["schemas", "broker", "clients"]):
        targets = importlib.import_module("tests.fuzz.targets")
    for name, arguments in json.loads(sys.argv[1]).items():
        print(f"== {name}", flush=True)
        status = _forked(lambda name=name, arguments=arguments: _fuzz(atheris, arguments, targets.TARGETS[name]))  # type: ignore[misc]
        if status:
            return status
    return 0


def _fuzz(atheris: Any, arguments: list[str], target: Callable[[bytes], None]) -> None:
    atheris.Setup([sys.argv[0], *arguments], target)
    atheris.Fuzz()


def _forked(run: Callable[[], None]) -> int:
    child = os.fork()
    if not child:
        run()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
