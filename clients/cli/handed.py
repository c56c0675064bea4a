"""What officer and administrator read of what left the system from here."""

from __future__ import annotations

from clients.cli.ui import paint
from clients.documents.texts import plural


def handed_text(count: int) -> str:
    """That dispatches were changed by their providers after they had left the system here."""
    text = plural(
        "{count} dispatch was changed since it was printed, exported or passed on here: serai log",
        "{count} dispatches were changed since they were printed, exported or passed on here: serai log",
        count,
    )
    return paint(text, bold=True)
