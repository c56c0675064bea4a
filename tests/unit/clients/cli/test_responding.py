"""Feedback and replies, as commands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from clients.cli.commands import serai
from clients.errors import LocalCode
from tests.support.counter import Counter, serve
from tests.support.desk import Desk
from tests.support.traffic import arrive, send_now


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch, counter: Counter) -> None:
    serve(monkeypatch, counter)


def respond(kz: Desk, command: str, index: int, *options: str) -> tuple[dict[str, Any], str]:
    """A command that ends queued: what it put into the outbox, which is sent then; what it said beside the result."""
    found = CliRunner().invoke(serai, [command, str(index), *options, "--wait", "0", "--yes", "--json"])
    assert found.exit_code == 3, found.output
    (outgoing,) = kz.store.outbox.all(1)
    kz.flush()
    return dict(outgoing.draft), found.stderr


def test_reply_needs_its_words_only(kz: Desk, uz: Desk) -> None:
    """It goes to whoever sent it, marked as that is, as a feedback that refers to it."""
    digest = arrive(uz, kz, "RU/NFP", reference="UZ-7", precedence="immediate", handling="H2")
    index = kz.store.items.place_of(digest) or 0
    draft, _notes = respond(kz, "reply", index, "--summary", "Understood.")
    assert (list(draft["to"]), draft["precedence"], draft["handling"]) == (["UZ/NFP"], "immediate", "H2")
    assert [(ref["rel"], ref["digest"]) for ref in draft["refs"]] == [("reply", digest)]
    content = json.loads(draft["content"])
    assert content["outcome"] == {"code": "information_given"}
    assert (content["our_reference"], content["your_reference"]) == (f"RE {index}", "UZ-7")
    assert content["summary"] == "Understood."


def test_all_means_all_who_got_it(kz: Desk, uz: Desk) -> None:
    """Others who got it are named, and written to only if that is asked for."""
    index = kz.store.items.place_of(arrive(uz, kz, "RU/NFP")) or 0
    options = ("--reference", "KZ-1", "--outcome", "seizure_made", "--your-reference", "UZ-8")
    alone, notes = respond(kz, "feedback", index, *options)
    assert "went also to RU/NFP" in notes
    both, notes = respond(kz, "feedback", index, *options, "--all")
    assert "went also" not in notes
    assert [list(each["to"]) for each in (alone, both)] == [["UZ/NFP"], ["UZ/NFP", "RU/NFP"]]
    assert json.loads(both["content"])["your_reference"] == "UZ-8"


def test_reply_without_words_is_wrong_use(kz: Desk, uz: Desk) -> None:
    """Where nobody can be asked, what is missing is named."""
    index = kz.store.items.place_of(arrive(uz, kz)) or 0
    found = CliRunner().invoke(serai, ["reply", str(index), "--summary", "", "--yes"])
    assert (found.exit_code, "missing: --summary" in found.stderr) == (2, True)


def test_refusal_has_the_code_of_the_client(kz: Desk) -> None:
    """What cannot be done here is no refusal of the hub's."""
    _digest, index = send_now(kz, "UZ/NFP")
    found = CliRunner().invoke(serai, ["reply", str(index), "--summary", "x", "--json"])
    assert (found.exit_code, json.loads(found.stdout)["code"]) == (1, LocalCode.NOT_RECEIVED.value)
