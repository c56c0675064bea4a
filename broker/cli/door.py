"""The hub that serves a folder, as ``serai-hub`` asks it: over its control socket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from broker.settings import HubFolder
from schemas.errors import Code, SeraiError


def ask_hub(place: HubFolder, path: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Ask the hub that serves this folder.

    Args:
        place: the folder.
        path: what is asked.
        body: with what, as JSON.

    Returns:
        Its answer; ``None`` if no hub serves the folder.

    Raises:
        ClockDoubted: the hub does not believe its clock.
        SeraiError: its refusal; ``hub_not_ready`` if it does not answer.
    """
    import httpx

    from broker.adapters.sockets import listens, short_address
    from broker.core.timekeeping import ClockDoubt
    from broker.service.timekeeper import ClockDoubted

    if not place.control.exists():
        return None
    with short_address(place.control) as address:
        if not listens(address):
            return None
        try:
            with httpx.Client(transport=httpx.HTTPTransport(uds=address), timeout=30) as client:
                answer = client.post(f"http://hub{path}", json=body)
        except httpx.ConnectError:
            return None
        except httpx.HTTPError as error:
            raise SeraiError(Code.HUB_NOT_READY, f"the hub that serves {place.path} does not answer") from error
    value: dict[str, Any] = answer.json()
    if answer.status_code != 200:
        if doubt := value.get("clock"):
            raise ClockDoubted(ClockDoubt(doubt))
        raise SeraiError(Code(value["code"]), value["detail"])
    return value
