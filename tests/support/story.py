"""An operation step by step, as a client holds it: covers and contents without keys, for tests of the fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from schemas.addresses import Address, is_officer, member_of
from schemas.claims import Dispatch
from schemas.encoding import encode_base64url, sha256
from schemas.errors import SeraiError
from schemas.operations.asof import picture_of
from schemas.operations.digests import common_digest, legs_of
from schemas.operations.fold import Folded, fold
from schemas.operations.held import EpochStart, HeldOperation, HeldStep, LeafOnly, StepContent
from schemas.operations.picture import Picture
from schemas.operations.terms import MissingHow
from schemas.reports.reading import ReadReport, read_members
from tests.unit.schemas.reports.operations.builders import LEAST, LEGS

START: Final = datetime(2026, 11, 24, tzinfo=UTC)
"""Minute 0 of a story."""

START_MS: Final = int(START.timestamp() * 1_000)
PARTS: Final = {"TJ/NFP": "origin", "UZ/NFP": "transit", "KZ/NFP": "transit", "RU/NFP": "destination"}
NETWORK: Final = "demo/" + "A" * 43
POSTS: Final = {"DUTY-1": {"exchange", "duty_officer"}, "CHIEF": {"exchange", "authorising_officer"}}


def digest_of(name: str) -> str:
    """The digest of a step of a story."""
    return encode_base64url(sha256(name.encode()))


def at_ms(minute: float) -> int:
    """A minute of a story, in milliseconds since 1970 UTC."""
    return START_MS + round(minute * 60_000)


def clock(minute: float) -> str:
    """A minute of a story, as forms have it."""
    return (START + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")


def plan_content(**changes: Any) -> dict[str, Any]:
    """Members of a plan with four legs."""
    return {"legs": LEGS, "offence": "Smuggling", **changes}


class Story:
    """An operation of four countries: who signs is ``TJ`` (an officer), ``TJ!`` (the post) or ``TJ.`` (the machine)."""

    def __init__(self) -> None:
        self.steps: list[HeldStep] = []
        self.leaves: list[LeafOnly] = []
        self.epochs: list[EpochStart] = []
        self.revoked: dict[Address, int] = {}
        self._number = 100

    def add(
        self,
        name: str,
        who: str,
        do: str | None,
        minute: float,
        content: Mapping[str, Any] | MissingHow | None = None,
        **more: Any,
    ) -> HeldStep:
        """A step.

        Args:
            name: of the step; its digest follows from it.
            who: signs.
            do: what it does; ``None`` of a cancel.
            minute: of its acceptance.
            content: members beside the least of its form; or why it is not here.
            more: ``decision``, ``parts``, ``refs`` (relation to name), ``after`` (names), ``to``, ``by`` (minute until
                which an answer is due), ``signed`` (minute), ``number``, ``of`` (name of the open), ``says`` (`do`).
        """
        signer = _signer(who)
        cover = Dispatch.model_validate(self._cover(signer, do, minute, more), context={"lenient": True})
        number = more.get("number", self._number)
        self._number = max(self._number, number) + 1
        said: StepContent | MissingHow
        if isinstance(content, MissingHow):
            said = content
        else:
            said = content_of(more.get("says", do or "cancel"), content or {})
        roles = POSTS[signer.split("/")[2]] if is_officer(signer) else {"exchange"}
        step = HeldStep(digest_of(name), number, at_ms(minute), cover, frozenset(roles), said)
        self.steps.append(step)
        return step

    def _cover(self, signer: Address, do: str | None, minute: float, more: Mapping[str, Any]) -> dict[str, Any]:
        of = more.get("of", "open")
        claim: dict[str, Any] = {} if do == "open" else {"id": digest_of(of)}
        claim |= {"do": do} if do is not None else {}
        claim |= {"decision": more["decision"]} if "decision" in more else {}
        parts = more.get("parts", PARTS if do in ("open", "plan") else None)
        if parts:
            claim["participants"] = [{"member": member, "part": part} for member, part in parts.items()]
        if more.get("after"):
            claim["after"] = [digest_of(each) for each in more["after"]]
        claims: dict[str, Any] = {
            "iss": signer,
            "aud": NETWORK,
            "jti": "01939c2f-0000-7000-8000-000000000000",
            "iat": at_ms(more.get("signed", minute)) // 1_000,
            "to": more.get("to", [each for each in PARTS if each != member_of(signer)]),
            "kind": "operation",
            "status": "exercise",
            "precedence": "immediate",
            "handling": "H1",
            "content": {"digest": "A" * 43, "commitment": "A" * 43, "entries": "A" * 43, "size": 2_048},
            "operation": claim,
        }
        if more.get("refs"):
            claims["refs"] = [{"rel": rel, "digest": digest_of(each)} for rel, each in more["refs"]]
        if "by" in more:
            claims["expects"] = {"by": at_ms(more["by"]) // 1_000}
        return claims

    # The usual steps

    def opened(self, minute: float = 0, **plan: Any) -> HeldStep:
        """TJ asks, and confirms a minute later."""
        step = self.add("open", "TJ", "open", minute, plan_content(**plan))
        self.confirm("open", minute + 1)
        return step

    def plan(self, name: str, minute: float, *, confirmed: bool = True, **more: Any) -> HeldStep:
        """TJ makes another plan; ``plan`` among the rest are members of its content."""
        content = plan_content(**more.pop("plan", {}))
        step = self.add(name, "TJ", "plan", minute, content, refs=[("update", more.pop("updates", "open"))], **more)
        if confirmed:
            self.confirm(name, minute + 1)
        return step

    def confirm(self, name: str, minute: float, **more: Any) -> HeldStep:
        """TJ's post confirms a plan."""
        refs = more.pop("refs", [("countersign", name)])
        return self.add(f"confirm {name}", more.pop("who", "TJ!"), "confirm", minute, refs=refs, **more)

    def decide(
        self, name: str, who: str, decision: str, minute: float, legs: Sequence[str] = (), **more: Any
    ) -> HeldStep:
        """A decision on legs of a plan (``plan``, the open if nothing else is named), with the digests that it has."""
        plan = more.pop("plan", "open")
        content = {**self.repeats(plan, legs), **more.pop("content", {})}
        return self.add(name, who, "decide", minute, content, decision=decision, refs=[("reply", plan)], **more)

    def granted(self, minute: float = 5, plan: str = "open", **more: Any) -> None:
        """UZ, KZ and RU grant their legs of a plan."""
        for who, leg in (("UZ!", "2"), ("KZ!", "3"), ("RU!", "4")):
            self.decide(f"{who[:2]} grants {plan}", who, "granted", minute, [leg], plan=plan, **more)

    def move(
        self, name: str, who: str, movement: str, minute: float, happened: float | None = None, **more: Any
    ) -> HeldStep:
        """A movement; content beside it as ``content``."""
        content = {"movement": movement, "occurred_at": clock(minute if happened is None else happened)}
        return self.add(name, who, "move", minute, {**content, **more.pop("content", {})}, **more)

    def hand(self, name: str, who: str, stage: str, other: str, minute: float, **more: Any) -> HeldStep:
        """One side of a handover."""
        content = {"stage": stage, "other": f"{other}/NFP", "occurred_at": clock(more.pop("happened", minute))}
        return self.add(name, who, "hand", minute, {**content, **more.pop("content", {})}, **more)

    def exhibit(self, name: str, who: str, event: str, exhibit: str, minute: float, **content: Any) -> HeldStep:
        """Something about an exhibit."""
        said = {"event": event, "exhibit": exhibit, "occurred_at": clock(minute), **content}
        return self.add(name, who, "exhibit", minute, said)

    def repeats(self, plan: str, legs: Sequence[str]) -> dict[str, Any]:
        """The digests of a plan that a decision repeats."""
        step = next(each for each in self.steps if each.digest == digest_of(plan))
        if not isinstance(step.content, StepContent):
            return {}
        digests = legs_of(step.content.members)
        named = [{"leg": leg, "digest": digests.get(leg, digest_of(leg))} for leg in legs]
        return {"common": common_digest(step.content.members), **({"legs": named} if named else {})}

    # What follows

    def held(self) -> HeldOperation:
        """What is here."""
        return HeldOperation(
            digest_of("open"), tuple(self.steps), tuple(self.leaves), tuple(self.epochs), dict(self.revoked)
        )

    def folded(self) -> Folded:
        """What follows."""
        return fold(self.held())

    def at(self, minute: float) -> Picture:
        """What follows, as of a minute."""
        return picture_of(self.folded(), at_ms(minute))

    def repeated(self, *names: str) -> None:
        """Let steps be repeated after a new epoch, in this order: each is admitted again, a day later."""
        last = max(step.number for step in self.steps)
        stated = max(step.accepted_ms for step in self.steps) + 3_600_000
        self.epochs.append(EpochStart(last + 1, stated))
        numbers = {digest_of(name): last + 2 + place for place, name in enumerate(names)}
        self.steps = [
            replace(step, number=numbers[step.digest], accepted_ms=stated + 60_000 * numbers[step.digest])
            if step.digest in numbers
            else step
            for step in self.steps
        ]


def content_of(do: str, content: Mapping[str, Any]) -> StepContent:
    """Members of a content beside the least of its form, as they are read."""
    members = {**LEAST.get(do, LEAST["note"]), "do": do, **content}
    try:
        read = read_members(members, "operation")
    except SeraiError:
        read = ReadReport(None)
    return StepContent(members, read)


def _signer(who: str) -> Address:
    country, mark = who[:2], who[2:]
    return Address(f"{country}/NFP" if mark == "." else f"{country}/NFP/{'CHIEF' if mark == '!' else 'DUTY-1'}")
