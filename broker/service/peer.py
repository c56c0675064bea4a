"""What a session needs of the line to its peer; a WebSocket is one (`broker.web.exchange`)."""

from __future__ import annotations

from typing import Protocol


class PeerGone(Exception):  # noqa: N818 - an event of the line, not a fault
    """The peer has gone."""


class PeerLine(Protocol):
    """A text line to one peer."""

    async def receive(self) -> str:
        """The next frame.

        Raises:
            PeerGone: there will be none.
        """

    async def send(self, text: str) -> None:
        """Send a frame; returns when the peer keeps up.

        Raises:
            PeerGone: it cannot be sent.
        """

    async def close(self, code: int, reason: str) -> None:
        """End the line."""
