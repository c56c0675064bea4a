"""In which language the operator reads: English, or Russian where the machine's settings say so."""

from __future__ import annotations

import os

from schemas.labels import Label, wanted_language


def read(label: Label) -> str:
    """A text in the operator's language."""
    return label.ru if wanted_language(os.environ).startswith("ru") else label.en
