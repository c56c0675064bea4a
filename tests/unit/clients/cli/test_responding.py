"""Feedback and replies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clients.cli.numbers import Spoken, parse_spoken
from clients.cli.officer.responding import give_feedback, give_reply
from schemas.errors import Code
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.unit.clients.cli.test_amending import GIVEN, say, sent


def came(kz: Desk, uz: Desk, *also: str, **cover: Any) -> tuple[str, int]:
    """A warning of UZ that came to KZ: digest and place."""
    uz.send("KZ/NFP", *also, reference="UZ-7", **cover)
    uz.flush()
    kz.sync()
    (item,) = kz.store.items.inbox(1)
    return item.digest, item.index or 0


def test_reply_needs_its_words_only(kz: Desk, uz: Desk, counter: Counter) -> None:
    """It goes to whoever sent it, marked as that is, as a feedback that refers to it."""
    digest, number = came(kz, uz, "RU/NFP", precedence="immediate", handling="H2")
    given = {**GIVEN, "to_all": False}
    draft = say(kz, lambda: give_reply(counter, Spoken(number, None), {"summary": "Understood."}, given))
    assert (list(draft["to"]), draft["precedence"], draft["handling"]) == (["UZ/NFP"], "immediate", "H2")
    assert [(ref["rel"], ref["digest"]) for ref in draft["refs"]] == [("reply", digest)]
    content = json.loads(draft["content"])
    assert content["outcome"] == {"code": "information_given"}
    assert (content["our_reference"], content["your_reference"]) == (f"RE {number}", "UZ-7")
    assert content["summary"] == "Understood."


def test_all_means_all_who_got_it(kz: Desk, uz: Desk, counter: Counter, capsys: pytest.CaptureFixture[str]) -> None:
    """Others who got it are named, and written to only if that is asked for."""
    _digest, number = came(kz, uz, "RU/NFP")
    answers = {"reference": "KZ-1", "outcome": "seizure_made", "your_reference": "UZ-8"}
    alone = say(kz, lambda: give_feedback(counter, Spoken(number, None), dict(answers), {**GIVEN, "to_all": False}))
    assert "went also to RU/NFP" in capsys.readouterr().err
    both = say(kz, lambda: give_feedback(counter, Spoken(number, None), dict(answers), {**GIVEN, "to_all": True}))
    assert [list(each["to"]) for each in (alone, both)] == [["UZ/NFP"], ["UZ/NFP", "RU/NFP"]]
    assert json.loads(both["content"])["your_reference"] == "UZ-8"


def test_only_what_came_is_answered(kz: Desk, hub: ScriptedHub, counter: Counter) -> None:
    """What we sent ourselves, and what nobody is proven to have sent, is not answered."""
    _digest, number = sent(kz)
    with refused(Code.NOT_FOUND, "sent by us"):
        give_reply(counter, Spoken(number, None), {"summary": "x"}, {**GIVEN, "to_all": False})
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    kz.sync()
    forged = kz.store.items.inbox(1)[0]
    kz.store._database.execute("UPDATE item SET place = 900 WHERE digest = ?", forged.digest)
    value = kz.store._database.open("item", forged.digest, _blob(kz, forged.digest))
    blob = kz.store._database.seal("item", forged.digest, {**value, "step": 2, "code": "bad_signature"})
    kz.store._database.execute("UPDATE item SET blob = ? WHERE digest = ?", blob, forged.digest)
    with refused(Code.BAD_SIGNATURE, "nobody can be named"):
        give_reply(counter, Spoken(900, None), {"summary": "x"}, {**GIVEN, "to_all": False})


def _blob(kz: Desk, digest: str) -> bytes:
    found = kz.store._database.execute("SELECT blob FROM item WHERE digest = ?", digest).fetchone()
    return bytes(found[0])


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("10423", Spoken(10_423, None)),
        ("EX 10 423", Spoken(10_423, "exercise")),
        ("ex-5", Spoken(5, "exercise")),
        ("TEST 7", Spoken(7, "test")),
        ("EXTRA 7", None),
    ],
)
def test_number_is_heard_with_what_it_is_taken_for(text: str, spoken: Spoken | None) -> None:
    """A person who says EX before a number takes it for an exercise."""
    assert parse_spoken(text) == spoken
