"""The fuzzer itself, in a process of its own: libFuzzer ends the process when it is done.

``python -m tests.fuzz.engine JSON`` with libFuzzer's arguments by target; further ones are for each.
What is fuzzed is loaded once, its coverage watched; each target then runs in a fork.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any, Final

INNER: Final = "SERAI_FUZZ_INNER"
"""Name in the environment of the program that libFuzzer starts when it merges."""


def main() -> int:
    """Fuzz each target in turn, until one breaks."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["schemas", "broker", "clients"]):
        targets = importlib.import_module("tests.fuzz.targets")
    mutate = importlib.import_module("tests.fuzz.mutate")
    for name, arguments in json.loads(sys.argv[1]).items():
        print(f"== {name}", flush=True)
        # Looked up at each call, because Fuzz() puts the one that works there.
        change = mutate.mutator(name, lambda data, most_bytes: atheris.Mutate(data, most_bytes))  # noqa: PLW0108
        # libFuzzer merges in processes that it starts itself, by the first argument.
        command = [os.environ.get(INNER, sys.argv[0]), *arguments, *sys.argv[2:]]
        status = _forked(atheris, command, targets.TARGETS[name], change)
        if status:
            return status
    return 0


def _forked(atheris: Any, arguments: list[str], target: Callable[..., None], change: Callable[..., bytes]) -> int:
    child = os.fork()
    if not child:
        atheris.Setup(arguments, target, custom_mutator=change)  # a fork after it would hang
        atheris.Fuzz()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
