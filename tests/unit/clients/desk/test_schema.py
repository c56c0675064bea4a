"""The OpenAPI document of a desk is true: every read route answers as it says, whatever is asked of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from clients.desk.app import make_app
from clients.desk.desk import Desk as WebDesk
from clients.store import Alarm
from tests.support.desk import Desk, ScriptedHub
from tests.support.read_desk import random_traffic, web_desk
from tests.support.web_desk import Window
from tests.support.world import KZ, RU, UZ, World

EXAMPLES: Final = 4
"""Requests of each route; they are the same at every run."""

_SETTINGS: Final = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)

READ: Final = ("inbox", "sent", "items", "dispatches", "operations", "search", "directory", "profiles", "health")
READ_TOO: Final = ("alarms", "log", "attachments")


class Asked:
    """A desk with dispatches in it, asked from a test that is not asynchronous."""

    def __init__(self, runner: asyncio.Runner, desk: WebDesk, window: Window) -> None:
        self._runner = runner
        self._window = window
        self.schema = schemathesis.openapi.from_dict(make_app(desk).openapi())

    def get(self, path: str, query: dict[str, Any] | None = None) -> httpx.Response:
        """What a route answers."""
        return self._runner.run(self._window.http.get(path, params=query))

    def operations(self) -> list[schemathesis.APIOperation[Any, Any, Any, Any]]:
        """The read routes, as the document has them."""
        every: list[Any] = list(self.schema.get_all_operations())
        found = (result.ok() for result in every)
        return [each for each in found if each.method == "get" and each.path.split("/")[2] in (*READ, *READ_TOO)]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """The desk of KZ, with what came and was sent by chance, an alarm, something that waits."""
    hub = ScriptedHub(World([KZ, UZ, RU]))
    kz, uz = (_desk(tmp_path_factory.mktemp("desk"), hub, member) for member in ("KZ/NFP", "UZ/NFP"))
    random_traffic(kz, uz, 3)
    kz.send("UZ/NFP", "RU/NFP")
    kz.store.alarms.add(Alarm("fork", "two histories", hub.world.time_ms, {"note": "x"}))
    with asyncio.Runner() as runner:
        context = web_desk(kz, hub)
        desk, window = runner.run(context.__aenter__())
        yield Asked(runner, desk, window)
        runner.run(context.__aexit__(None, None, None))


def _desk(path: Path, hub: ScriptedHub, member: str) -> Desk:
    desk = Desk(path, hub, member, f"{member}/DUTY-1")
    desk.sync()
    return desk


def test_every_read_route_is_in_the_document(asked: Asked) -> None:
    """Each with the form of what it answers, and of its faults."""
    operations = asked.operations()
    assert {each.path.split("/")[2] for each in operations} == {*READ, *READ_TOO}
    for each in operations:
        answers = each.definition.raw["responses"]
        assert {"200", "4XX", "5XX"} <= set(answers), each.path


def test_answers_are_as_the_document_says(asked: Asked) -> None:
    """Any request that the document permits, and some that it does not: an answer of its form, never a broken desk."""
    for operation in asked.operations():

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case[Any]) -> None:
            answer = asked.get(case.formatted_path, case.query)
            assert answer.status_code < 500, (case.formatted_path, case.query, answer.text)
            _conform(case, answer)

        check()


def test_answers_with_content_are_as_the_document_says(asked: Asked) -> None:
    """What really is here: every dispatch, alarm, item and profile that the lists name."""
    pages = {each.path: each for each in asked.operations()}
    paths = [("/api/inbox", {"status": each}) for each in ("actual", "exercise")]
    paths += [("/api/sent", {"status": each}) for each in ("actual", "exercise")]
    digests, items = [], []
    for path, query in paths:
        answer = asked.get(path, query)
        _conform(pages[path].Case(), answer)
        digests += [row["id"].removeprefix("d:") for row in answer.json()["rows"] if not row["id"].startswith("i:")]
        items += [row["id"].removeprefix("i:") for row in answer.json()["rows"] if row["id"].startswith("i:")]
    assert digests
    assert items
    named = [("/api/dispatches/{digest}", {"digest": each}) for each in digests]
    named += [("/api/items/{item}", {"item": each}) for each in items]
    named += [("/api/alarms/{number}", {"number": "1"}), ("/api/profiles/{member}", {"member": "UZ/NFP"})]
    for path, names in named:
        answer = asked.get(path.format(**names))
        assert answer.status_code == httpx.codes.OK, answer.text
        _conform(pages[path].Case(path_parameters=names), answer)


def _conform(case: schemathesis.Case[Any], answer: httpx.Response) -> None:
    """Demand that an answer has the form that the document gives it."""
    case.operation.validate_response(schemathesis.Response.from_httpx(answer, verify=False))


def test_answer_of_another_form_is_found(asked: Asked) -> None:
    """The comparison is one: an answer that lacks what the document names does not pass."""
    (inbox,) = (each for each in asked.operations() if each.path == "/api/inbox")
    false = httpx.Response(200, json={"rows": []}, request=httpx.Request("GET", "http://desk/api/inbox"))
    false.elapsed = timedelta()
    with pytest.raises(Exception, match="required"):
        _conform(inbox.Case(), false)
