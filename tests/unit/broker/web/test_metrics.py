"""The listener of metrics: numbers, for this machine, and nothing else."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from broker.app import create_app, create_metrics_app
from broker.server import make_config
from tests.support.world import KG, KZ
from tests.unit.broker.edges import loaded_hub, present_world


@pytest.mark.parametrize(("path", "status"), [("/metrics", 200), ("/", 404), ("/v1/network", 404), ("/admit", 404)])
async def test_metrics_are_all_it_has(tmp_path: Path, path: str, status: int) -> None:
    """Prometheus reads numbers, among them the strangers, and no address or digest; there is no other path."""
    world = present_world([KZ, KG])
    with loaded_hub(tmp_path, world) as hub:
        make_config(create_app(hub))
        hub.note_cut("too_late", KZ)
        transport = httpx.ASGITransport(create_metrics_app(hub), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as http:
            answer = await http.get(path)
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        lines = answer.text.splitlines()
        for line in (
            "serai_ledger_size 5.0",
            "serai_strangers 0.0",
            'serai_connections_cut_total{reason="too_late"} 1.0',
        ):
            assert line in lines
    assert KZ not in answer.text
