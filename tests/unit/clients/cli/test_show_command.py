"""What a person reads of one dispatch."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from clients.cli.commands import serai
from tests.support.counter import Counter, serve
from tests.support.desk import Desk, ScriptedHub


def test_what_was_sent_says_as_of_when_that_is_true(
    kz: Desk, hub: ScriptedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads that a recipient is silent reads too that this client is not connected, so that it may be old."""
    row = kz.send("UZ/NFP", precedence="flash")
    kz.flush()
    kz.sync()
    serve(monkeypatch, Counter(kz, hub))
    number = str(kz.store.items.place_of(kz.digest_of(row)))
    typed = CliRunner().invoke(serai, ("show", number), prog_name="serai", env={"SERAI_LANG": "en"})
    assert "NOT CONNECTED" in typed.output
    as_json = CliRunner().invoke(serai, ("show", number, "--json"), prog_name="serai", env={"SERAI_LANG": "en"})
    assert json.loads(as_json.output)["connected"] is False
