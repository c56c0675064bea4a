"""Whatever is done with a draft, in whatever order: nothing is signed that its officer was not shown."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from clients.actions.drafts.keeping import drop_draft, find_draft
from clients.actions.drafts.record import WrittenDraft
from clients.actions.drafts.review import Review
from clients.actions.drafts.signing import sign_draft
from clients.mail.compose import DispatchDraft, draft_from_json
from schemas.addresses import Address
from schemas.encoding import encode_json
from schemas.reports import encode_report
from tests.support.counter import Counter
from tests.support.desk import OFFICERS, Desk, ScriptedHub
from tests.support.scribe import ANSWERS, Scribe
from tests.support.world import KZ, RU, UZ, World

WORDS = st.sampled_from(["Blue lorry", "Blue  lorry", "Green lorry", "Синий грузовик", ""])
TO = st.sampled_from([(), ("UZ/NFP",), ("RU/NFP",), ("UZ/NFP", "RU/NFP")])
URGENCY = st.sampled_from([None, "routine", "flash"])


def spoken(report: bytes, to: tuple[Address, ...], signer: object, precedence: str) -> str:
    """All that a person reads of a dispatch."""
    return encode_json([report.decode(), list(to), str(signer), precedence])


class Drafting(RuleBasedStateMachine):
    """Two officers at one store, who write, look, and sign: what they saw, or what anybody made up."""

    @initialize()
    def open(self) -> None:
        """A client of KZ, up to date, with one draft."""
        self.folder = tempfile.TemporaryDirectory()
        world = World([KZ, UZ, RU])
        world.enrol("KZ/NFP/DUTY-2", roles=["exchange", "duty_officer"])
        hub = ScriptedHub(world)
        self.desk = Desk(Path(self.folder.name), hub, "KZ/NFP", "KZ/NFP/DUTY-1", "KZ/NFP/DUTY-2")
        self.desk.sync()
        client = Counter(self.desk, hub)
        self.officers = [Scribe(client, Address(f"KZ/NFP/DUTY-{number}")) for number in (1, 2)]
        self.drafts: list[WrittenDraft] = [self.officers[0].begin()]
        self.seen: dict[Address, list[str]] = {each.officer: [] for each in self.officers}
        self.shown: list[tuple[str, str]] = []

    def teardown(self) -> None:
        """Close the store."""
        self.desk.store.close()
        self.folder.cleanup()

    @rule(who=st.integers(0, 1), words=WORDS, to=TO, precedence=URGENCY, minutes=st.sampled_from([None, 30]))
    @precondition(lambda self: self.drafts)
    def write(self, who: int, words: str, to: tuple[str, ...], precedence: object, minutes: int | None) -> None:
        """Somebody types."""
        answers = {**ANSWERS, "summary": words}
        self.officers[who].write(self.drafts[-1], answers, to=to, precedence=precedence, reply_minutes=minutes)

    @rule(who=st.integers(0, 1))
    @precondition(lambda self: self.drafts)
    def show(self, who: int) -> None:
        """Somebody looks at it."""
        scribe = self.officers[who]
        review: Review = scribe.show(find_draft(scribe.client, self.drafts[-1].id))
        if review.dispatch is None:
            return
        cover = review.dispatch.cover
        text = spoken(encode_report(review.dispatch.report), cover.to, cover.signer, cover.precedence)
        self.seen[scribe.officer].append(text)
        self.shown.append((review.draft.id, review.shown))

    @rule(seconds=st.integers(0, 7200))
    def wait(self, seconds: int) -> None:
        """Time goes by."""
        self.desk.hub.world.time_ms += 1000 * seconds

    @rule(who=st.integers(0, 1), which=st.integers(0, 50), made_up=st.booleans())
    @precondition(lambda self: self.drafts and self.shown)
    def sign(self, who: int, which: int, made_up: bool) -> None:
        """Somebody signs: what was shown last, what was shown before, to whomever, or what nobody was shown."""
        scribe = self.officers[who]
        _draft, shown = self.shown[-1 - which % len(self.shown)]
        shown = shown[::-1] if made_up else shown
        signed = sign_draft(scribe.client, self.drafts[-1].id, shown, scribe.officer, OFFICERS)
        if signed is None:
            return
        assert not made_up
        (sent,) = signed.sent
        draft = draft_from_json(sent.outgoing.draft)
        assert isinstance(draft, DispatchDraft)
        text = spoken(draft.content.encode(), draft.to, draft.iss, draft.precedence)
        assert self.seen[scribe.officer][-1] == text
        assert draft.iss == scribe.officer
        self.drafts.append(scribe.begin())

    @rule()
    @precondition(lambda self: self.drafts)
    def throw_away(self) -> None:
        """Somebody begins anew."""
        scribe = self.officers[0]
        drop_draft(scribe.client, self.drafts.pop().id)
        self.drafts.append(scribe.begin())


TestDrafting = Drafting.TestCase
TestDrafting.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
