"""Prometheus text, on a listener of its own that only this machine reaches.

A proxy passes on whatever stands at the members' port, and may not say that it does; so metrics are not there.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from broker.service.hub import Hub

router = APIRouter()


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus text."""
    hub: Hub = request.app.state.hub
    return Response(hub.metrics.text(), media_type="text/plain; version=0.0.4")
