"""RabbitMQ: durable queues, persistent messages, publisher confirms, acknowledged deliveries.

An alert is published once, to the queue of its first recipient, with the queues of the others
in the ``CC`` header; one confirm covers all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self, cast

import aiormq
from aiormq.abc import AbstractConnection, DeliveredMessage

from tests.bench.peers.servers import LOOPBACK, find_program, free_port, serve
from tests.bench.peers.traffic import Parcel, Take

_PREFETCH = 512


class Rabbit:
    """One node of its own, with an `epmd` of its own.

    Args:
        kind: of queues, ``classic`` or ``quorum``.
    """

    def __init__(self, kind: str = "classic") -> None:
        self._kind = kind
        self._port = 0

    def describe(self) -> str:
        """Version and settings.

        Raises:
            MissingServerError: the server is not installed.
        """
        version = Path(self._programs()[0]).parent.parent.name.rpartition("-")[2]
        return f"RabbitMQ {version}, durable {self._kind} queues, publisher confirms"

    @staticmethod
    def _programs() -> tuple[str, str]:
        package = "rabbitmq-server"
        server = find_program("rabbitmq-server", package, "usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server")
        return server, find_program("epmd", package)

    @contextmanager
    def serve(self, folder: Path) -> Iterator[int]:
        """The server at work; gives its process id."""
        server, epmd = self._programs()
        names, self._port = free_port(), free_port()
        env = _environment(folder, names)
        (folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.local = {LOOPBACK}:{self._port}\nlog.file.level = warning\n"
            "vm_memory_high_watermark.relative = 0.7\ndisk_free_limit.absolute = 1GB\n"
        )
        (folder / "plugins").write_text("[].\n")
        with ExitStack() as stack:
            stack.enter_context(serve([epmd, "-address", LOOPBACK, "-port", str(names)], folder, names))
            yield stack.enter_context(serve([server], folder, self._port, env))

    async def prepare(self, names: Sequence[str]) -> None:
        """Make a queue for each of these."""
        connection = await self._dial()
        channel = await connection.channel()
        for name in names:
            await channel.queue_declare(name, durable=True, arguments={"x-queue-type": self._kind})
        await connection.close()

    async def connect(self, name: str, take: Take | None, tasks: asyncio.TaskGroup) -> Line:
        """A connection that sends, and one channel that takes what comes for ``name``, unless ``take`` is ``None``."""
        connection = await self._dial()
        channel = await connection.channel(publisher_confirms=True)
        line = Line(connection, cast("aiormq.Channel", channel))
        return line if take is None else await line.consume(name, take, tasks)

    async def _dial(self) -> AbstractConnection:
        return await aiormq.connect(f"amqp://guest:guest@{LOOPBACK}:{self._port}/?heartbeat=0")


def _environment(folder: Path, names: int) -> dict[str, str]:
    """What keeps a node to its folder and to loopback; the flag for systemd makes it stay one process."""
    return {
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "ERL_EPMD_PORT": str(names),
        "RABBITMQ_NODENAME": f"bench{names}@localhost",
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RUNNING_UNDER_SYSTEMD": "true",
    }


class Line:
    """What one member holds: a connection, a channel to send on, perhaps one to take from."""

    def __init__(self, connection: AbstractConnection, out: aiormq.Channel) -> None:
        self._connection = connection
        self._out = out
        self._newest = 0
        self._told = asyncio.Event()
        self._told.set()

    async def send(self, parcel: Parcel, to: Sequence[str]) -> None:
        """Publish, and wait for the confirm."""
        first, *others = to
        headers: dict[str, Any] = {"CC": others} if others else {}
        properties = aiormq.spec.Basic.Properties(delivery_mode=2, headers=headers, message_id=str(parcel.number))
        confirm = await self._out.basic_publish(parcel.whole, routing_key=first, properties=properties, wait=False)
        assert isinstance(confirm, aiormq.spec.Basic.Ack), confirm

    async def consume(self, name: str, take: Take, tasks: asyncio.TaskGroup) -> Self:
        """Take what comes, and acknowledge together what has come together."""
        channel = await self._connection.channel()

        async def arrived(message: DeliveredMessage) -> None:
            take(message.body)
            self._newest = message.delivery_tag or 0
            if self._told.is_set():
                self._told.clear()
                tasks.create_task(tell())

        async def tell() -> None:
            told = 0
            while told < self._newest:  # one at a time: a later one must never overtake
                told = self._newest
                await channel.basic_ack(told, multiple=True, wait=False)
            self._told.set()

        await channel.basic_qos(prefetch_count=_PREFETCH)
        await channel.basic_consume(name, arrived)
        return self

    async def close(self) -> None:
        """End the connection, once what has come is acknowledged."""
        await self._told.wait()
        await self._connection.close()
