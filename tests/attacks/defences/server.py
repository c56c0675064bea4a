"""The hub's process on the wire: compression, sizes, floods, connections that hang (PROTOCOL 9)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

SERVER: Final = "broker/server.py"

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "frames are not compressed",
        Edit(SERVER, "ws_per_message_deflate=False", "ws_per_message_deflate=True"),
        "wire::test_compression_is_not_negotiated",
        "wire::test_compressed_frame",
    ),
    off(
        "frames are bounded while they come",
        Edit(SERVER, "ws_max_size=limits.FRAME_BYTES", "ws_max_size=1 << 30"),
        "wire::test_frame_too_large",
    ),
    off(
        "frames are text",
        Edit(
            "broker/web/exchange.py",
            'raise SeraiError(Code.MALFORMED_FRAME, "a binary frame")',
            'return "{}"',
        ),
        "wire::test_frame_that_is_no_text",
    ),
    off(
        "fragments are counted",
        Edit(SERVER, "if len(self.frames) < FRAGMENTS:", "if True:"),
        "wire::test_message_of_many_fragments",
    ),
    off(
        "heads of requests are bounded",
        never(SERVER, "if self._in_head and self._head_bytes > HEAD_BYTES:"),
        "wire::test_head_without_end",
    ),
    off(
        "pongs do not queue up",
        Edit(
            SERVER,
            "if self.writable.is_set():\n            super().handle_ping()",
            "if True:\n            super().handle_ping()",
        ),
        "wire::test_pings_without_end",
    ),
    off(
        "a session that ends leaves nothing behind",
        Edit(
            "broker/service/session.py",
            "            self._hub.mailroom.leave(self.holder.member, self._seat, self)\n",
            "            self._hub.mailroom.count()\n",
        ),
        "wire::test_ten_thousand_handshakes",
    ),
    off(
        "a request comes in time",
        Edit(
            SERVER,
            "self.loop.call_later(REQUEST_S, self.transport.abort)",
            "self.loop.call_later(1e9, self.transport.abort)",
        ),
        "connections::test_connections_that_say_nothing",
        "connections::test_request_that_trickles",
    ),
    off(
        "a peer answers pings",
        Edit(SERVER, "ws_ping_timeout=limits.PING_S", "ws_ping_timeout=None"),
        "connections::test_half_open_line",
        "connections::test_frame_that_trickles",
    ),
)
