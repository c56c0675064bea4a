"""Steps of an operation as drafts, and what becomes of each: one case for each sentence of the table that decides.

The rules alone judge them (`tests/unit/schemas/operations`), the hub does, and the vectors have them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from schemas.addresses import Address, member_of
from schemas.claims import Dispatch, StatementType, parse_claims
from schemas.encoding import Digest, encode_base64url, sha256
from schemas.errors import Code, SeraiError
from schemas.operations.judging import NamedDispatch, judge_step
from schemas.operations.steps import NotedOperation, NotedStep, note_step, operation_of
from schemas.rules.references import check_reference
from schemas.rules.writing import check_written
from tests.support.world import AZ, KG, KZ, RU, TJ, UZ, Sent, World

MEMBERS: Final = (KZ, UZ, RU, TJ, KG)
"""All but the last are named in `OPEN`."""

GONE: Final = AZ
"""A member that nothing can be sent to."""

DUTY, CHIEF = "DUTY-1", "CHIEF"
ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    DUTY: ("exchange", "duty_officer"),
    CHIEF: ("exchange", "authorising_officer"),
}
"""Roles by the last part of an officer's address."""

PARTS: Final[dict[str, str]] = {KZ: "origin", UZ: "transit", RU: "destination", TJ: "observer"}
OTHERS: Final = (UZ, RU, TJ)


@dataclass(frozen=True)
class Draft:
    """A dispatch that is to be made.

    Attributes:
        name: by which others of the case name it.
        iss: who signs.
        to: who gets it.
        do: what it does.
        refs: relations, and names of drafts.
        of: name of the draft that opens its operation; ``None`` in that draft, and in a dispatch of another kind.
        claims: further claims of the cover.
        after: names of drafts that its signer holds.
        content: members of its content beside the least of its form, for who folds.
    """

    name: str
    iss: str
    to: Sequence[str]
    do: str | None
    decision: str | None = None
    parts: Mapping[Any, str] | None = None
    refs: tuple[tuple[str, str], ...] = ()
    of: str | None = "open"
    claims: Mapping[str, Any] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    content: Mapping[str, Any] = field(default_factory=dict)

    def cover(self, digests: Mapping[str, str]) -> dict[str, Any]:
        """Claims of its cover.

        Args:
            digests: of the drafts that it names.
        """
        claims: dict[str, Any] = {"to": list(self.to), "kind": "operation", **self.claims}
        if self.refs:
            claims["refs"] = [{"rel": rel, "digest": digests[name]} for rel, name in self.refs]
        if claims["kind"] == "operation":
            claims["operation"] = self._claim(digests)
        return claims

    def _claim(self, digests: Mapping[str, str]) -> dict[str, Any]:
        after = [digests[name] for name in self.after] or None
        said = {"id": digests[self.of] if self.of else None, "do": self.do, "decision": self.decision, "after": after}
        parts = [{"member": member, "part": part} for member, part in (self.parts or {}).items()]
        return {name: value for name, value in {**said, "participants": parts or None}.items() if value is not None}


@dataclass(frozen=True)
class Case:
    """A step, and what becomes of it.

    Attributes:
        says: the sentence that it shows.
        before: what was admitted before it.
        step: it.
        code: why it is refused; ``None`` if it is admitted.
        detail: what the refusal names.
    """

    says: str
    before: tuple[Draft, ...]
    step: Draft
    code: Code | None = None
    detail: str = ""


OPEN: Final = Draft("open", f"{KZ}/{DUTY}", OTHERS, "open", parts=PARTS, of=None)
PLAN: Final = Draft("plan", f"{KZ}/{DUTY}", OTHERS, "plan", parts=PARTS, refs=(("update", "open"),))
CONFIRM: Final = Draft("confirm", f"{KZ}/{CHIEF}", OTHERS, "confirm", refs=(("countersign", "open"),))
GRANT: Final = Draft("grant", f"{UZ}/{CHIEF}", (KZ, RU, TJ), "decide", "granted", refs=(("reply", "open"),))
CONDITIONAL: Final = replace(GRANT, name="conditional", decision="conditional")
REFUSE: Final = Draft("refuse", f"{UZ}/{DUTY}", (KZ,), "decide", "refused", refs=(("reply", "open"),))
STOP: Final = Draft("stop", f"{TJ}/{DUTY}", (UZ,), "stop")
MOVE: Final = Draft("move", UZ, (KZ, RU), "move")
ADD: Final = Draft("add", UZ, (KZ, KG), "move", parts={KG: "transit"})
HAND: Final = Draft("hand", f"{UZ}/{DUTY}", (KZ, RU), "hand")
NOTE: Final = Draft("note", UZ, (TJ,), "note", refs=(("related", "open"),))
CLOSE: Final = Draft("close", f"{KZ}/{DUTY}", OTHERS, "close", refs=(("reply", "open"),))
CANCEL: Final = Draft("cancel", f"{UZ}/{DUTY}", (KZ, RU), None, refs=(("cancel", "move"),))
WARNING: Final = Draft("warning", KZ, OTHERS, None, of=None, claims={"kind": "warning"})
SECOND: Final = replace(OPEN, name="second")
LEFT: Final = replace(PLAN, parts={**PARTS, UZ: "left"})
_NOT, _REF, _MISSING = Code.NOT_PERMITTED, Code.REFERENCE_NOT_PERMITTED, Code.PARTICIPANTS_MISSING
_POST, _STRANGER, _UNKNOWN = Code.POST_MISSING, Code.NOT_A_PARTICIPANT, Code.OPERATION_UNKNOWN
_ONE = (OPEN,)

CASES: Final = (
    # open
    Case("an officer opens", (), OPEN),
    Case("a machine opens nothing", (), replace(OPEN, iss=KZ), _NOT),
    Case("a request reaches all whom it names", (), replace(OPEN, to=(UZ, TJ)), _MISSING, RU),
    Case("who cannot be sent to is not missing", (), replace(OPEN, parts={**PARTS, GONE: "transit"})),
    # plan
    Case("the lead plans anew", _ONE, PLAN),
    Case("nobody else plans", _ONE, replace(PLAN, iss=f"{UZ}/{DUTY}", to=(KZ, RU, TJ)), _REF),
    Case("a machine plans nothing", _ONE, replace(PLAN, iss=KZ), _NOT),
    Case("a plan names the one before", _ONE, replace(PLAN, refs=()), _REF),
    Case("a plan names one", (OPEN, PLAN), replace(PLAN, refs=(("update", "open"), ("update", "plan"))), _REF),
    Case("a plan is of its operation", (OPEN, SECOND), replace(PLAN, refs=(("update", "second"),)), _REF),
    Case("a plan updates no confirmation", (OPEN, CONFIRM), replace(PLAN, refs=(("update", "confirm"),)), _REF),
    Case("nobody goes from the list", _ONE, replace(PLAN, parts={KZ: "origin", UZ: "transit", RU: "transit"}),
         _MISSING, TJ),
    Case("who has left need not get it", _ONE, replace(LEFT, to=(RU, TJ))),
    Case("a plan reaches whom it adds", _ONE, replace(PLAN, parts={**PARTS, KG: "transit"}), _MISSING, KG),
    Case("a plan adds members", _ONE, replace(PLAN, parts={**PARTS, KG: "transit"}, to=(*OTHERS, KG))),
    # confirm
    Case("an authorising officer of the lead confirms", _ONE, CONFIRM),
    Case("it takes the post to confirm", _ONE, replace(CONFIRM, iss=f"{KZ}/{DUTY}"), _POST),
    Case("two persons confirm", (replace(OPEN, iss=f"{KZ}/{CHIEF}"),), CONFIRM, _NOT),
    Case("the lead confirms", _ONE, replace(CONFIRM, iss=f"{UZ}/{CHIEF}", to=(KZ, RU, TJ)), _REF),
    Case("a confirmation reaches all of its plan", _ONE, replace(CONFIRM, to=(UZ, RU)), _MISSING, TJ),
    Case("what is confirmed is named", _ONE, replace(CONFIRM, refs=(("related", "open"),)), _REF),
    Case("conditions are accepted by a confirmation", (OPEN, CONDITIONAL),
         replace(CONFIRM, refs=(("reply", "conditional"),))),
    Case("it reaches all of the plan that was decided", (OPEN, CONDITIONAL),
         replace(CONFIRM, refs=(("reply", "conditional"),), to=(UZ,)), _MISSING, f"{RU}, {TJ}"),
    Case("a grant without conditions is not confirmed", (OPEN, GRANT), replace(CONFIRM, refs=(("reply", "grant"),)),
         _REF),
    Case("plan and decision are confirmed at once", (OPEN, CONDITIONAL),
         replace(CONFIRM, refs=(("countersign", "open"), ("reply", "conditional")))),
    # decide
    Case("an authorising officer grants", _ONE, GRANT),
    Case("it takes the post to grant", _ONE, replace(GRANT, iss=f"{UZ}/{DUTY}"), _POST),
    Case("it takes the post to grant on conditions", _ONE, replace(CONDITIONAL, iss=f"{UZ}/{DUTY}"), _POST),
    Case("a grant reaches all of the plan", _ONE, replace(GRANT, to=(KZ,)), _MISSING, f"{RU}, {TJ}"),
    Case("a grant reaches the lead, listed or not",
         (replace(OPEN, parts={UZ: "transit", RU: "destination", TJ: "observer"}),), replace(GRANT, to=(RU, TJ)),
         _MISSING, KZ),
    Case("any officer refuses, to the lead", _ONE, REFUSE),
    Case("any officer withdraws, to the lead", _ONE, replace(REFUSE, decision="withdrawn")),
    Case("a refusal reaches the lead", _ONE, replace(REFUSE, to=(TJ,)), _MISSING, KZ),
    Case("a machine decides nothing", _ONE, replace(REFUSE, iss=UZ), _NOT),
    Case("an observer decides nothing", _ONE, replace(REFUSE, iss=f"{TJ}/{CHIEF}"), _NOT),
    Case("a decision names what it decides", _ONE, replace(REFUSE, refs=()), _REF),
    Case("a note is not decided", (OPEN, replace(NOTE, to=(KZ, UZ))),
         replace(REFUSE, refs=(("reply", "note"),)), _REF),
    Case("who has left may still decide", (OPEN, LEFT), replace(REFUSE, refs=(("reply", "plan"),))),
    Case("who is added by a movement decides that", (OPEN, ADD),
         Draft("late", f"{KG}/{CHIEF}", (KZ, UZ), "decide", "granted", refs=(("reply", "add"),))),
    Case("a decision about a movement reaches who sent it", (OPEN, ADD),
         Draft("late", f"{KG}/{CHIEF}", (KZ,), "decide", "granted", refs=(("reply", "add"),)), _MISSING, UZ),
    Case("a movement is decided by whom it adds", (OPEN, replace(ADD, to=(KZ, KG, RU))),
         Draft("late", f"{RU}/{CHIEF}", (KZ, UZ), "decide", "granted", refs=(("reply", "add"),)), _REF),
    # stop
    Case("any participant stops, and tells whom it will", _ONE, STOP),
    Case("a machine stops nothing", _ONE, replace(STOP, iss=TJ), _NOT),
    Case("a stranger stops nothing", _ONE, replace(STOP, iss=f"{KG}/{DUTY}"), _STRANGER, KG),
    Case("a stop of an operation that is not there is admitted", (WARNING,), replace(STOP, of="warning")),
    Case("who has left may stop", (OPEN, LEFT), replace(STOP, iss=f"{UZ}/{DUTY}", to=(KZ,))),
    Case("what a stop refers to is not judged", (OPEN, MOVE), replace(STOP, refs=(("related", "move"),))),
    # facts
    Case("a machine tells of a movement", _ONE, MOVE),
    Case("a movement reaches the lead", _ONE, replace(MOVE, to=(RU,)), _MISSING, KZ),
    Case("a movement follows an own one", (OPEN, MOVE), replace(MOVE, name="next", refs=(("reply", "move"),))),
    Case("a movement follows no other's", (OPEN, MOVE),
         replace(MOVE, name="next", iss=RU, to=(KZ,), refs=(("reply", "move"),)), _REF),
    Case("a movement adds who gets it", _ONE, replace(ADD, to=(KZ,)), _MISSING, KG),
    Case("a stranger tells nothing", _ONE, replace(MOVE, iss=KG, to=(KZ,)), _STRANGER, KG),
    Case("who was added tells of a movement", (OPEN, ADD), replace(MOVE, iss=KG, to=(KZ,))),
    Case("an officer hands over", _ONE, HAND),
    Case("a machine hands nothing over", _ONE, replace(HAND, iss=UZ), _NOT),
    Case("a handover answers an offer", (OPEN, HAND),
         replace(HAND, name="taking", iss=f"{RU}/{DUTY}", to=(KZ, UZ), refs=(("reply", "hand"),))),
    Case("a handover answers no movement", (OPEN, MOVE),
         replace(HAND, iss=f"{RU}/{DUTY}", to=(KZ, UZ), refs=(("reply", "move"),)), _REF),
    Case("an officer tells of an exhibit", _ONE, replace(HAND, do="exhibit")),
    Case("a machine tells of no exhibit", _ONE, replace(HAND, do="exhibit", iss=UZ), _NOT),
    Case("a machine tells of no result", _ONE, replace(HAND, do="result", iss=UZ), _NOT),
    # note
    Case("a machine notes, to whom it will", _ONE, NOTE),
    Case("a note answers nothing", _ONE, replace(NOTE, to=(KZ,), refs=(("reply", "open"),)), _REF),
    # close
    Case("the lead closes", _ONE, CLOSE),
    Case("nobody else closes", _ONE, replace(CLOSE, iss=f"{UZ}/{DUTY}", to=(KZ, RU, TJ)), _NOT),
    Case("a closing reaches all of the plan", _ONE, replace(CLOSE, to=(UZ, TJ)), _MISSING, RU),
    Case("a closing names the plan", _ONE, replace(CLOSE, refs=()), _REF),
    # cancel
    Case("an officer takes back a fact", (OPEN, MOVE), CANCEL),
    Case("a stop is taken back", (OPEN, STOP),
         replace(CANCEL, iss=f"{TJ}/{DUTY}", to=(UZ,), refs=(("cancel", "stop"),))),
    Case("a cancel reaches all that got it", (OPEN, MOVE), replace(CANCEL, to=(KZ,)), _MISSING, RU),
    Case("a machine takes nothing back", (OPEN, MOVE), replace(CANCEL, iss=UZ), _NOT),
    Case("nobody takes back another's", (OPEN, MOVE), replace(CANCEL, iss=f"{RU}/{DUTY}", to=(KZ, UZ)), _REF),
    Case("a request is not taken back", _ONE,
         replace(CANCEL, iss=f"{KZ}/{DUTY}", to=OTHERS, refs=(("cancel", "open"),)), _REF),
    Case("a decision is not taken back", (OPEN, GRANT), replace(CANCEL, to=(KZ, RU, TJ), refs=(("cancel", "grant"),)),
         _REF),
    Case("a note is not taken back", (OPEN, NOTE), replace(CANCEL, to=(TJ,), refs=(("cancel", "note"),)), _REF),
    # what holds for all
    Case("a step of what is not there waits", (WARNING,), replace(MOVE, of="warning"), _UNKNOWN),
    Case("a reseal does nothing", _ONE,
         replace(PLAN, to=(UZ,), refs=(("update", "open"), ("reseal", "open"))), _REF),
    Case("nothing but a plan is updated", (OPEN, MOVE), replace(MOVE, name="next", refs=(("update", "move"),)), _REF),
    Case("another kind of dispatch corrects no step", (OPEN,), replace(WARNING, refs=(("update", "open"),)), _REF),
    Case("another kind of dispatch takes back no step", (OPEN,), replace(WARNING, refs=(("cancel", "open"),)), _REF),
    Case("another kind of dispatch mentions steps", (OPEN,), replace(WARNING, refs=(("related", "open"),))),
    Case("a step is related to anything", (WARNING, OPEN), replace(MOVE, refs=(("related", "warning"),))),
    Case("a step is related to another operation", (OPEN, SECOND), replace(MOVE, refs=(("related", "second"),))),
    Case("a relation that is not known is like related", (OPEN,), replace(MOVE, refs=(("succeeds", "open"),))),
)  # fmt: skip


def operating_world(**changes: Any) -> World:
    """Five members, each with a duty officer and an authorising one."""
    world = World(MEMBERS, **changes)
    for member in MEMBERS:
        world.enrol(f"{member}/{CHIEF}", roles=[*ROLES[CHIEF]])
    return world


class Thread:
    """Drafts made into dispatches of a world.

    Args:
        world: signs.

    Attributes:
        digests: by name.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.digests: dict[str, str] = {}

    def make(self, draft: Draft, **claims: Any) -> Sent:
        """A dispatch, sealed and signed."""
        said = {**draft.cover(self.digests), **claims}
        sent = self.world.dispatch(draft.iss, said.pop("to"), **said)
        self.digests[draft.name] = sent.digest
        return sent


@dataclass
class Rules:
    """An operation as the rules alone see it: what a client has of it before it signs.

    Attributes:
        digests: of what was judged, by name.
        operations: by the digest of what opens them.
        steps: what is noted of each dispatch, by its digest.
        covers: by digest.
        restored: whether a later epoch has just begun.
    """

    digests: dict[str, str] = field(default_factory=dict)
    operations: dict[Digest, NotedOperation] = field(default_factory=dict)
    steps: dict[str, NotedStep | None] = field(default_factory=dict)
    covers: dict[str, Dispatch] = field(default_factory=dict)
    restored: bool = False

    def cover(self, draft: Draft) -> Dispatch:
        """The cover of a draft."""
        claims = {**_COMMON, "iss": draft.iss, **draft.cover(self.digests)}
        cover = parse_claims(StatementType.DISPATCH, claims)
        assert isinstance(cover, Dispatch)
        return cover

    def roles(self, draft: Draft) -> frozenset[str]:
        """Roles of who signs it."""
        return frozenset(ROLES.get(draft.iss.split("/")[-1], ("exchange", "certify")))

    def judge(self, draft: Draft) -> tuple[Address, ...]:
        """Judge a draft, and take it in; the members that it names first.

        Raises:
            SeraiError: why it is refused.
        """
        cover, digest = self.cover(draft), sha256(draft.name.encode())
        check_written(cover)
        member = member_of(cover.iss)
        stops = cover.operation is not None and cover.operation.do == "stop"
        named = [] if stops else [(ref.rel, ref.digest) for ref in cover.refs or ()]
        for rel, other in named:
            if (by := self.covers.get(other)) is None:
                raise SeraiError(Code.UNKNOWN_REFERENCE, other)
            check_reference(rel, by_sender=member_of(by.iss) == member, by_recipient=member in by.to)
        seen = [NamedDispatch(rel, self.steps[other]) for rel, other in named]
        operation = self.operations.get(operation_of(cover, digest) or digest)
        joining = judge_step(
            cover, self.roles(draft), operation, seen, lambda each: each != GONE, restored=self.restored
        )
        self._take(draft, cover, digest, joining)
        return joining

    def _take(self, draft: Draft, cover: Dispatch, digest: Digest, joining: tuple[Address, ...]) -> None:
        text = encode_base64url(digest)
        replied = [self.steps.get(ref.digest) for ref in cover.refs or () if ref.rel == "reply"]
        step = note_step(cover, digest, replied[0] if replied else None)
        self.digests[draft.name], self.covers[text], self.steps[text] = text, cover, step
        if step is not None and step.do == "open":
            self.operations[digest] = NotedOperation(step.member, frozenset(joining))
        elif step is not None and (before := self.operations.get(step.operation)) is not None:
            self.operations[step.operation] = replace(before, named=before.named.union(joining))


_A = "A" * 43
_COMMON: Final = {
    "aud": f"drill/{_A}",
    "jti": "0197b2a0-0000-7000-8000-000000000000",
    "iat": 1_790_000_000,
    "status": "actual",
    "precedence": "priority",
    "handling": "H1",
    "content": {"digest": _A, "commitment": _A, "entries": _A, "size": 2_048},
}
