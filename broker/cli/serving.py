"""``serai-hub serve``: from a hub's folder to listeners that answer, until a signal says stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import click
import structlog
import uvicorn
import uvloop

from broker.adapters.process import is_memory_hidden, keep_watchdog, notify, watchdog_s
from broker.adapters.sockets import short_address
from broker.app import create_app, create_control_app, create_metrics_app, make_hub, open_ports
from broker.logs import configure_logs
from broker.server import make_config, make_context, make_local_config, raise_descriptors, remove_stale_socket, serve
from broker.service.hub import Hub
from broker.service.timekeeper import ClockDoubted
from broker.settings import HubFolder, HubSettings, SettingsError
from schemas.errors import Code, SeraiError

log = structlog.get_logger("serai.serve")


def serve_hub(place: HubFolder, log_level: str) -> None:
    """Serve the hub of a folder.

    Args:
        place: the folder.
        log_level: as `broker.logs.configure_logs` has it.

    Raises:
        SeraiError: it cannot be served, or cannot go on.
    """
    configure_logs(log_level)
    facts = {"memory_hidden": is_memory_hidden(), "descriptors": raise_descriptors(), "watchdog_s": watchdog_s()}
    settings = place.read_settings()
    with open_ports(place, settings) as ports:
        hub = make_hub(ports, settings)
        hub.load()
        remove_stale_socket(place.control)

        def started() -> None:
            _say(settings, hub)
            log.info("serving", **facts)
            notify("READY=1")

        with short_address(place.control) as control:
            _run(_serve(hub, started, _listeners(control, settings, hub)))
        remove_stale_socket(place.control)
    click.echo("stopped")


def _listeners(control: str, settings: HubSettings, hub: Hub) -> list[uvicorn.Config]:
    try:
        context = make_context(settings.certificate, settings.private_key) if settings.certificate else None
    except OSError as error:
        raise SettingsError(f"hub.toml: certificate or private_key: {error}") from error
    listeners = [
        make_config(create_app(hub), context=context, host=settings.host, port=settings.port),
        make_local_config(create_control_app(hub), uds=control),
    ]
    if settings.metrics_port:
        listeners.append(make_local_config(create_metrics_app(hub), host="127.0.0.1", port=settings.metrics_port))
    return listeners


def _say(settings: HubSettings, hub: Hub) -> None:
    click.echo(f"Serai hub of network {settings.network.partition('/')[0]}, {', '.join(settings.origins)}")
    click.echo(f"listening on {settings.host}:{settings.port}; ledger of {hub.mailroom.head.size} leaves")
    if (report := hub.clock.report()).doubt is not None:
        fault = ClockDoubted(report.doubt)
        click.echo(f"NOT READY: {fault.detail}")
        click.echo(f"  What to do: {fault.problem.remedy}")
    if settings.metrics_port:
        click.echo(f"metrics at http://127.0.0.1:{settings.metrics_port}/metrics")


async def _serve(hub: Hub, started: Callable[[], None], listeners: list[uvicorn.Config]) -> None:
    watchdog = asyncio.create_task(keep_watchdog(hub.is_working), name="watchdog")
    status = asyncio.create_task(_keep_status(hub), name="status")
    try:
        await serve(started, hub.wait_failed, *listeners)
    finally:
        watchdog.cancel()
        status.cancel()


def _status(hub: Hub) -> str:
    """What ``systemctl status`` shows."""
    doubt = hub.clock.report().doubt
    if doubt:
        return f"NOT READY: {doubt.label.en}"
    return "serving" if hub.blobs.has_room() else "serving; NO ROOM for attachments: less than 10 % of the disk is free"


async def _keep_status(hub: Hub) -> None:
    told = ""
    while True:
        if (now := _status(hub)) != told:
            told = now
            notify(f"STATUS={now}")
        await asyncio.sleep(1)


def _run(main: Coroutine[Any, Any, None]) -> None:
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(main)
    except SystemExit as error:
        raise SeraiError(Code.HUB_NOT_READY, "it cannot listen at its host and port; the log says why") from error
