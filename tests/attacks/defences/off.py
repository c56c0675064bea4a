"""How switches are written down."""

from __future__ import annotations

from tests.support.switching import Edit, Switch

NEVER = "if False:"
"""What a condition becomes that is never to hold."""


def off(defence: str, edits: Edit | tuple[Edit, ...], *red: str) -> Switch:
    """A switch.

    Args:
        defence: what is switched off.
        edits: how.
        red: tests as ``module::name``, the module without ``test_``.
    """
    tests = tuple("tests/attacks/test_{}.py::{}".format(*test.split("::", 1)) for test in red)
    return Switch(defence, edits if isinstance(edits, tuple) else (edits,), tests)


def never(file: str, condition: str) -> Edit:
    """A condition, from ``if`` or ``elif`` to the colon, that never holds any more."""
    return Edit(file, condition, f"el{NEVER}" if condition.startswith("elif") else NEVER)
