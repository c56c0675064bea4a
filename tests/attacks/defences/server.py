"""The hub's process on the wire: compression, sizes, floods, connections that hang (PROTOCOL 9)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

BACKUPS: Final = "broker/cli/backups.py"
SERVER: Final = "broker/server.py"
CONNECTIONS: Final = "broker/web/connections.py"
STRANGERS: Final = "broker/web/strangers.py"

ANY_SIZE: Final = Edit(
    CONNECTIONS, "room = REQUEST_BYTES - self._size_bytes if is_bounded else len(data)", "room = len(data)"
)
ANY_NUMBER: Final = never(CONNECTIONS, "if not self._visit.may_ask():")
ANY_FRAMES: Final = Edit(CONNECTIONS, "if self._control.spend(1, self.loop.time()):", "if True:")

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
        "small fragments are counted",
        Edit(
            CONNECTIONS,
            "if event.fin or len(event.data) >= FRAGMENT_BYTES or self._may_control():",
            "if True:",
        ),
        "wire::test_message_of_many_fragments",
        "strangers::test_small_frames[fragments]",
    ),
    off(
        "requests are short",
        ANY_SIZE,
        "wire::test_head_without_end",
    ),
    off(
        "requests have few headers",
        never(CONNECTIONS, "if len(self.headers) >= HEADERS:"),
        "strangers::test_half_sent_heads",
    ),
    off(
        "a request begins when the last one is answered",
        (never(CONNECTIONS, "if before is not None and not before.response_complete:"), ANY_SIZE, ANY_NUMBER),
        "strangers::test_pipelined_requests",
    ),
    off(
        "strangers are so many",
        never(STRANGERS, "elif len(self) > self._limits.most or len(self) + self._known.count > self._limits.room:"),
        "strangers::test_silent_connections",
        "strangers::test_handshakes_that_hang",
    ),
    off(
        "strangers ask so often",
        ANY_NUMBER,
        "connections::test_more_requests_than_strangers_may_ask",
    ),
    off(
        "what is refused is logged in summary",
        Edit(
            "broker/service/refusals.py",
            "if before is None:\n            return",
            "if before is None:\n            before = 0",
        ),
        "strangers::test_bad_tokens",
        "strangers::test_bad_requests",
    ),
    off(
        "small frames have a budget",
        ANY_FRAMES,
        "strangers::test_small_frames",
    ),
    off(
        "pongs do not queue up",
        (
            ANY_FRAMES,
            Edit(
                CONNECTIONS,
                "if self.writable.is_set():\n            super().handle_ping()",
                "if True:\n            super().handle_ping()",
            ),
        ),
        "wire::test_pings_without_end",
    ),
    off(
        "acks are to what was delivered",
        Edit("broker/service/session.py", "self._count_fault()  # an ack", "pass  # an ack"),
        "strangers::test_acks_without_end",
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
        Edit(CONNECTIONS, "self.loop.call_later(seconds, ", "self.loop.call_later(1e9, "),
        "connections::test_connections_that_say_nothing",
        "connections::test_request_that_trickles",
    ),
    off(
        "a peer answers pings",
        Edit(SERVER, "ws_ping_timeout=limits.PING_S", "ws_ping_timeout=None"),
        "connections::test_half_open_line",
        "connections::test_frame_that_trickles",
    ),
    off(
        "a backup gets its name when all of it is on the disk",
        Edit(BACKUPS, 'HubFolder(copy.path.with_name(copy.path.name + "-unfinished"))', "HubFolder(copy.path)"),
        "backup::test_backup_that_was_cut",
    ),
    off(
        "a backup without settings is none",
        Edit(
            BACKUPS,
            "    shutil.copytree(place.keys, copy.keys)\n",
            "    shutil.copytree(place.keys, copy.keys)\n    shutil.copy2(place.settings_file, copy.settings_file)\n",
        ),
        "backup::test_backup_that_was_cut",
    ),
)
