"""The account of an operation: a result of each country, and whether one that somebody else has made is one."""

from __future__ import annotations

import json
from typing import Any

from schemas.operations.account import account_of, judge_account
from schemas.operations.encode import state_json
from schemas.operations.terms import MissingHow
from tests.support.story import Story, at_ms, digest_of

TWELVE = [{"group": "heroin", "name": "Heroin", "quantity": "12", "unit": "kilogram"}]


def told() -> Story:
    """An operation that KZ refuses, UZ grants, and that TJ hands over to UZ."""
    story = Story()
    story.opened()
    story.decide("UZ grants", "UZ!", "granted", 6, ["2"])
    story.decide("KZ refuses", "KZ", "refused", 30, ["3"], content={"reason": {"code": "not_competent"}})
    story.exhibit("A", "TJ", "registered", "A", 40, amounts=TWELVE)
    story.hand("offer", "TJ", "offered", "UZ", 50)
    story.hand("accept", "UZ", "accepted", "TJ", 60, refs=[("reply", "offer")])
    story.exhibit("seized", "UZ", "seized", "A", 70, amounts=TWELVE)
    return story


def written(story: Story) -> dict[str, Any]:
    """The account as it travels."""
    value: dict[str, Any] = json.loads(json.dumps(state_json(account_of(story.held()))))
    return value


def country(value: dict[str, Any], member: str) -> dict[str, Any]:
    """What is told of a country."""
    return next(each for each in value["countries"] if each["member"] == member)


def test_each_country_has_what_it_did() -> None:
    """Decisions with time and reason, hands with both ends, quantities that balance."""
    value = written(told())
    (granted,) = country(value, "UZ/NFP")["decisions"]
    assert (granted["decision"], granted["legs"], granted["took_ms"]) == ("granted", ["2"], 6 * 60_000)
    (refused,) = country(value, "KZ/NFP")["decisions"]
    assert (refused["decision"], refused["reason"], refused["took_ms"]) == ("refused", "not_competent", 30 * 60_000)
    last = country(value, "UZ/NFP")["control"][0]
    assert country(value, "TJ/NFP")["control"][-1]["until_ms"] == last["since_ms"]
    assert last["since_ms"] == at_ms(60)
    (balance,) = value["custody"]["balances"]
    assert (balance["came_in"], balance["seized"]) == ("12", "12")
    assert [each["digest"] for each in value["steps"]][:2] == [digest_of("open"), digest_of("confirm open")]


def test_an_honest_account_holds() -> None:
    """What was computed from the same steps holds, and still when later steps have come."""
    story = told()
    value = written(story)
    assert judge_account(value, story.held()).holds
    assert judge_account(value, story.held()).is_whole
    story.add("stop", "KZ", "stop", 90)
    assert judge_account(value, story.held()).holds
    assert not judge_account(value, story.held()).is_whole


def test_who_could_not_read_a_step_is_not_called_a_forger() -> None:
    """An account by whom the content of a step was not sent is computed again without it."""
    story, other = told(), told()
    other.steps[-1] = other.add("seized", "UZ", "exhibit", 70, MissingHow.NOT_SENT, number=story.steps[-1].number)
    del other.steps[-2]
    assert judge_account(written(other), story.held()).differs == ()


def test_what_is_not_here_is_named() -> None:
    """A step that is cited and is not here is named: the account cannot be judged whole."""
    story = told()
    value = written(story)
    del story.steps[-1]
    judged = judge_account(value, story.held())
    assert judged.not_here == (digest_of("seized"),)
    assert not judged.holds


def test_anything_may_pass_for_an_account() -> None:
    """Whatever JSON it is, it is compared and nothing raises."""
    for value in ({}, {"steps": 7}, {"steps": [7, {"digest": 1}]}, {"countries": "x", "steps": [{}]}):
        assert judge_account(value, told().held()).differs
