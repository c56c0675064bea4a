"""A shift at the desk of KZ/NFP, played once over a real hub, which tests of the screens and the gallery copy.

Real seizures, warnings with a picture, an exercise, answers and silence, a controlled delivery: what the screens show
is never made up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pytest

from clients.demo.photograph import draw_photograph
from clients.demo.rows import EXTRACT, load_rows
from clients.focalpoint import FocalPoint
from clients.keys.keystore import CHEAP
from clients.mail.attaching import FileToAttach
from clients.mail.compose import Expectation, Ref, StepMark
from clients.mail.cover import Cover
from clients.network.maker import MadeNetwork, make_network
from clients.network.plan import MemberPlan, NetworkPlan, OfficerPlan
from clients.store import Store
from clients.system import System
from schemas.addresses import Address
from schemas.encoding import encode_json
from schemas.reports import WarningReport, parse_report
from tests.support.once import made_once
from tests.support.web_desk import KZ, OFFICERS, ROOM, STORE, UZ
from tests.unit.schemas.reports.operations.builders import LEAST, LEGS

TJ, RU = Address("TJ/NFP"), Address("RU/NFP")
_NAMES: Final = {
    KZ: "Kazakhstan, national focal point",
    UZ: "Uzbekistan, national focal point",
    TJ: "Tajikistan, national focal point",
    RU: "Russia, national focal point",
    ROOM: "Coordination room of the Centre",
}
_POSTS: Final = {
    "DUTY-1": ("exchange", "duty_officer"),
    "DUTY-2": ("exchange", "duty_officer"),
    "CHIEF": ("exchange", "authorising_officer"),
}
_SEIZURES: Final = 8
"""Of each country that sends."""

_WAIT_S: Final = 60.0


def _plan_member(member: Address) -> MemberPlan:
    officers = tuple(OfficerPlan(Address(f"{member}/{post}"), roles) for post, roles in _POSTS.items())
    return MemberPlan(member, _NAMES[member], ("exchange", "certify"), officers)


PLAN: Final = NetworkPlan("shift", tuple(map(_plan_member, _NAMES)), STORE, OFFICERS, exercise=False, cost=CHEAP)
"""Four focal points and the room; what they send is real unless it is marked otherwise."""


def network_of_shift(factory: pytest.TempPathFactory) -> Path:
    """The folder of the network after the shift, made once for a session; it is only copied (`copy_network`)."""

    def make(path: Path) -> None:
        with ThreadPoolExecutor(1) as apart:  # a browser's driver may run a loop in this thread
            apart.submit(asyncio.run, make_shift(path)).result()

    return made_once(factory, "network-shift", make)


async def make_shift(path: Path) -> MadeNetwork:
    """Make the network in an empty folder, and play the shift; its hub does not serve any more."""
    made = await make_network(path, PLAN, System())
    await made.hub.start()
    try:
        async with AsyncExitStack() as stack:
            points = {member: await _open(made, member, stack) for member in _NAMES}
            await Shift(points, path).play()
    finally:
        await made.hub.stop()
    return made


async def _open(made: MadeNetwork, member: Address, stack: AsyncExitStack) -> FocalPoint:
    store = stack.enter_context(Store.open(made.home(member).store, STORE))
    for post in _POSTS:
        store.officers.unlock(Address(f"{member}/{post}"), OFFICERS, time.time_ns() // 1_000_000)
    point = await stack.enter_async_context(FocalPoint.open(store, [made.hub.origin]))
    await point.wait_live()
    return point


class Shift:
    """What happens.

    Args:
        points: everybody, each with a line.
        path: a folder for a picture.
    """

    def __init__(self, points: dict[Address, FocalPoint], path: Path) -> None:
        self._points = points
        self._picture = path / "lorry.jpg"
        self._picture.write_bytes(draw_photograph())

    async def play(self) -> None:
        """From the first seizure to the last answer."""
        await self._seizures()
        await self._warnings()
        await self._own_warning()
        await self._operation()

    async def _send(self, sender: Address, report: Any, *, files: Sequence[FileToAttach] = (), **cover: Any) -> str:
        """Send something as a duty officer, and wait until every recipient has it; gives its digest."""
        cover.setdefault("signer", Address(f"{sender}/DUTY-1"))
        accepted = await self._points[sender].send(report, Cover(**cover), files)
        for member in cover["to"]:
            await self._has(member, accepted.digest)
        return accepted.digest

    async def _has(self, member: Address, digest: str) -> None:
        point = self._points[member]
        async with asyncio.timeout(_WAIT_S):
            await point.until(lambda: point.state.store.items.get(digest) is not None)

    async def _seizures(self) -> None:
        """Real rows of the UNODC, each from the country that made the seizure; KZ has acknowledged the older ones."""
        rows = load_rows(EXTRACT, (UZ, TJ, RU), None)
        for sender, reports in rows.reports.items():
            for at, report in enumerate(islice(reports, _SEIZURES)):
                digest = await self._send(
                    sender, report, to=(KZ, ROOM), precedence="priority" if at == 0 else "routine"
                )
                if at % 2:
                    await self._acknowledge(digest)

    async def _acknowledge(self, digest: str, member: Address = KZ) -> None:
        point = self._points[member]
        await point.acknowledge(point.delivery(digest), Address(f"{member}/DUTY-1"))

    async def _warnings(self) -> None:
        """Three that wait for an officer, one that asks for a reply, one that is an exercise."""
        seen = warning("TJ-2026-118", "locate", "White minibus, three persons, left Khujand at 06:10Z for Shymkent.")
        await self._send(TJ, seen, to=(KZ, UZ), precedence="immediate")
        asked = warning(
            "RU-2026-77", "identify", "Container MSKU 123456 5, seal broken at Ozinki; where was it loaded?"
        )
        reply = Expectation(int(time.time()) + 5_400, (KZ,))
        await self._send(RU, asked, to=(KZ,), precedence="priority", expects=reply)
        game = warning("UZ-EX-9", "control", "Blue lorry with a false floor; the role players are told.")
        await self._send(UZ, game, to=(KZ, TJ), precedence="immediate", status="exercise")
        floor = warning(
            "UZ-2026-0412", "control", "Grey lorry MAN, false floor in the trailer. Expected at Zhibek Zholy."
        )
        file = FileToAttach(self._picture, "The lorry at the weighbridge")
        await self._send(UZ, floor, to=(KZ, TJ), precedence="flash", files=[file])

    async def _own_warning(self) -> None:
        """One of KZ: UZ acts on it, RU declines, TJ is silent."""
        own = warning(
            "KZ-2026-0031", "control", "Refrigerated lorry, two drivers, acetic anhydride declared as vinegar."
        )
        digest = await self._send(KZ, own, to=(UZ, TJ, RU), precedence="immediate")
        await self._acknowledge(digest, UZ)
        await self._points[KZ].wait_answer(digest, UZ, "acknowledged")

    async def _operation(self) -> None:
        """A controlled delivery that TJ leads, through three more countries; a decision is asked of each."""
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        hours = dict(zip(("2", "3", "4"), (6, 14, 38), strict=True))
        legs = [{**leg, **({"enters": _at(now, hours[leg["leg"]])} if leg["leg"] in hours else {})} for leg in LEGS]
        asks = [{"member": each, "what": {"code": "decide"}, "until": _at(now, 3)} for each in (UZ, KZ, RU)]
        point = {"place": {"name": "Fotehobod"}, "earliest": _at(now, 5)}
        plan = {**LEAST["open"], "legs": legs, "asks": asks, "next_point": point}
        parts = ((TJ, "origin"), (UZ, "transit"), (KZ, "transit"), (RU, "destination"), (ROOM, "coordinator"))
        mark = StepMark(do="open", participants=parts)
        cover = Cover((UZ, KZ, RU, ROOM), Address(f"{TJ}/DUTY-1"), precedence="immediate", operation=mark)
        accepted = await self._points[TJ].step(parse_report(encode_json(plan).encode()), cover)
        await asyncio.gather(*(self._has(member, accepted.digest) for member in cover.to))
        await self._step(TJ, "confirm", accepted.digest)
        await self._step(TJ, "decide", accepted.digest, "granted")
        await self._step(UZ, "decide", accepted.digest, "granted")

    async def _step(self, member: Address, do: str, opened: str, decision: str | None = None) -> None:
        """A step of the post that has authority, on the plan of the request; everybody gets it."""
        to = tuple(each for each in _NAMES if each != member)
        mark = StepMark(opened, do, decision)
        signer = Address(f"{member}/CHIEF")
        refs = (Ref("countersign" if do == "confirm" else "reply", opened),)
        cover = Cover(to, signer, precedence="priority", refs=refs, operation=mark)
        accepted = await self._points[member].step(parse_report(encode_json(LEAST[do]).encode()), cover)
        await asyncio.gather(*(self._has(each, accepted.digest) for each in to))


def _at(now: datetime, hours: float) -> str:
    return (now + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%MZ")


def warning(reference: str, action: str, summary: str) -> WarningReport:
    """A warning in its minimal form."""
    content = {"our_reference": reference, "requested_action": {"code": action}, "summary": summary}
    return WarningReport.model_validate(content)
