"""What a person sees of what came back, and types about it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from clients.cli.commands import serai
from schemas.errors import Code, SeraiError
from tests.support.counter import Counter, serve
from tests.support.desk import Desk, ScriptedHub

SENT = """\
CAME BACK, not sent:
    1 09-21 14:13 ! Flash Warning, to UZ/NFP: Control the shipment: look out
        suspended: The member is suspended. (KZ/NFP)
  See one: serai item show N. Then: serai item resend N, or discard N
NOT CONNECTED: what waits at the hub is not known. Start serai run, or use serai
inbox --fetch.
"""


@pytest.fixture
def _back(kz: Desk, hub: ScriptedHub, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flash that the hub has refused, at a client that commands open."""
    hub.refuse = lambda _: SeraiError(Code.SUSPENDED, "KZ/NFP")
    kz.send("UZ/NFP", reference="KZ-412", precedence="flash")
    kz.flush()
    hub.refuse = lambda _: None
    serve(monkeypatch, counter)


def typed(*words: str, said: str | None = None) -> Result:
    """What a command says."""
    return CliRunner().invoke(serai, words, input=said, prog_name="serai", env={"SERAI_LANG": "en"})


@pytest.mark.usefixtures("_back")
def test_list_of_what_was_sent_has_what_came_back() -> None:
    """It stands below what was sent, within 80 columns, with the commands that deal with it."""
    assert typed("sent").output == SENT
    (found,) = json.loads(typed("sent", "--json").output)["returned"]
    assert (found["outbox"], found["code"], found["report"]["our_reference"]) == (1, "suspended", "KZ-412")


@pytest.mark.usefixtures("_back")
def test_text_is_shown_and_sent_again_once_a_person_agrees() -> None:
    """The text can be read; no leaves it; yes sends it, and then it came back no more."""
    assert "sender's reference: KZ-412" in typed("item", "show", "1").output
    assert typed("item", "resend", "1", said="no\n").exit_code == 5
    done = typed("item", "resend", "1", said="yes\n")
    assert "Sent again as 7; accepted by the hub." in done.output
    assert "Dealt with     KZ/NFP, 2026-09-21 14:13 UTC: item 2" in typed("item", "show", "1").output
    assert "CAME BACK" not in typed("sent").output


@pytest.mark.usefixtures("_back")
def test_it_may_be_discarded() -> None:
    """With a reason it is let be, and cannot be sent after."""
    done = typed("item", "discard", "1", "--reason", "Told by telephone", "--yes")
    assert "Item 1 is discarded." in done.output
    assert typed("item", "resend", "1", "--yes").exit_code == 1
