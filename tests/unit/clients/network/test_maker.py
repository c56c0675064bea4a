"""A network in a folder."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from clients.actions.progress import Silent, Work
from clients.actions.signed_files import claims_in, read_statements
from clients.errors import LocalCode
from clients.keys.keystore import CHEAP
from clients.keys.root_folder import RootFolder
from clients.network.maker import make_network
from clients.network.plan import MemberPlan, NetworkPlan, OfficerPlan
from clients.system import System
from schemas.addresses import Address
from schemas.claims import Credential, Epoch
from schemas.enrolment import read_request
from schemas.errors import Code, SeraiError
from tests.support.refusals import refused

KZ, DUTY, ROOM = Address("KZ/NFP"), Address("KZ/NFP/DUTY-1"), Address("CENTRE/ROOM")
PLAN = NetworkPlan(
    "toy",
    (
        MemberPlan(KZ, "Astana", officers=(OfficerPlan(DUTY, ("exchange",)),)),
        MemberPlan(ROOM, "Room", ("exchange", "certify", "coordinate")),
    ),
    "long passphrase",
    "an officer's own",
    port=1,
    cost=CHEAP,
)


class Count(Silent):
    """Progress that is counted."""

    def __init__(self) -> None:
        self.done: list[tuple[Work, int | None]] = []

    def advance(self, count: int = 1, /) -> None:
        """One more party."""
        self.done += self.done[:1] * count


@pytest.mark.slow
async def test_network_is_made_as_planned(tmp_path: Path) -> None:
    """Everybody has a client with keys of its own, certified for what was planned; the hub has admitted all of it."""
    shown = Count()

    def show(work: Work, total: int | None = None, /) -> nullcontext[Count]:
        shown.done.append((work, total))
        return nullcontext(shown)

    made = await make_network(tmp_path, PLAN, System(), show)
    assert shown.done == [(Work.MAKING, 2)] * 3
    epoch, *credentials = [claims_in(text) for text in read_statements(tmp_path / "public.jws")]
    assert isinstance(epoch, Epoch)
    assert (epoch.aud, epoch.network.status, made.root) == (made.network, "exercise", made.network[4:])
    granted = {each.sub: each for each in credentials if isinstance(each, Credential)}
    assert {address: each.roles for address, each in granted.items()} == {
        KZ: ["certify", "exchange"],
        DUTY: ["exchange"],
        ROOM: ["certify", "coordinate", "exchange"],
    }
    with made.open_stores() as stores:
        keys = stores[KZ].keys
        for address, held in ((KZ, keys.signing), (DUTY, keys.officers[DUTY])):
            assert held[0].kid == read_request(granted[address].request).kid
        assert stores[KZ].officers.is_open(DUTY)
    settings = made.home(KZ).read_settings()
    assert (settings.member, settings.hubs, settings.network) == (KZ, ["ws://127.0.0.1:1"], made.network)
    assert len(RootFolder(tmp_path / "root" / "root", System()).signed()) == 3
    with refused(LocalCode.HUB_PROCESS_FAILED, str(tmp_path / "hub")):
        await made.hub.init(made.network)


@pytest.mark.slow
async def test_a_plan_that_will_not_do_is_refused(tmp_path: Path) -> None:
    """A member that the root cannot certify as planned is named by the same faults as for its commands."""
    plan = NetworkPlan("toy", (MemberPlan(KZ, "x" * 81),), "long passphrase", "an officer's own", port=1, cost=CHEAP)
    with pytest.raises(SeraiError) as caught:
        await make_network(tmp_path, plan, System())
    assert caught.value.code is Code.MALFORMED_STATEMENT
