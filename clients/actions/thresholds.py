"""From when on a person is warned of this machine; the same in every command."""

from __future__ import annotations

from typing import Final

CLOCK_MS: Final = 5_000
"""A clock that is wrong by so many milliseconds."""

FREE_BYTES: Final = 200 * 1024 * 1024
"""A disk that has less room."""
