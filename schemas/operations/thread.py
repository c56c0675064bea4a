"""The steps of an operation as the fold counts them: when, in what order, and whether at all (PROTOCOL 16)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from schemas.addresses import Address, is_officer, member_of
from schemas.claims.operations import ACTS, FACTS
from schemas.labels import Role
from schemas.operations.held import HeldOperation, HeldStep, StepContent
from schemas.operations.order import Timing, order_steps, resealed, timing_of
from schemas.operations.results import Because, StepRecord
from schemas.operations.state import Contradiction
from schemas.operations.terms import Colour, ContradictionKind, Rule
from schemas.reports.operations import OperationForm

PLANS: Final = ("open", "plan")
"""Steps that are a plan: the open is the first one."""

_BY_POST: Final = frozenset({"granted", "conditional"})


@dataclass(frozen=True, slots=True)
class CountedStep:
    """A step as it is counted.

    Attributes:
        held: what is here of it.
        timing: when it counts from.
        rank: its place among the steps of its member (rule F5).
        form: its content, as far as it is here and is that of its cover.
        brings: what each reseal of the operation brings again.
        struck_out_by: the cancel that struck it out.
        void: why it has no effect, if it has none.
    """

    held: HeldStep
    timing: Timing
    rank: int
    form: OperationForm | None
    brings: Mapping[str, str] = field(default_factory=dict, repr=False)
    struck_out_by: str | None = None
    void: Because | None = None

    @property
    def digest(self) -> str:
        """Of the statement."""
        return self.held.digest

    @property
    def do(self) -> str | None:
        """What it does."""
        claim = self.held.cover.operation
        return claim.do if claim is not None else None

    @property
    def decision(self) -> str | None:
        """Of a ``decide``."""
        claim = self.held.cover.operation
        return claim.decision if claim is not None else None

    @property
    def member(self) -> Address:
        """Whose step it is."""
        return member_of(self.held.cover.iss)

    @property
    def effective_ms(self) -> int:
        """From when it counts."""
        return self.timing.effective_ms

    @property
    def counts(self) -> bool:
        """Whether it has an effect."""
        return self.void is None and self.struck_out_by is None

    def parts(self) -> dict[Address, str]:
        """The part of each member that it names."""
        claim = self.held.cover.operation
        return claim.parts() if claim is not None else {}

    def refers(self, *rels: str) -> tuple[str, ...]:
        """What it names by one of these relations; by a reseal, what that brings again."""
        named = (ref.digest for ref in self.held.cover.refs or () if ref.rel in rels)
        return tuple(self.brings.get(digest, digest) for digest in named)

    def record(self) -> StepRecord:
        """The same for the state."""
        return StepRecord(
            digest=self.digest,
            number=self.held.number,
            do=self.do,
            decision=self.decision,
            signer=self.held.cover.iss,
            accepted_ms=self.held.accepted_ms,
            effective_ms=self.effective_ms,
            repeated=self.timing.repeated,
            struck_out_by=self.struck_out_by,
            void=self.void,
        )


@dataclass(frozen=True, slots=True)
class Thread:
    """All steps of an operation.

    Attributes:
        id: digest of the open.
        lead: who opened it; ``None`` if the open is not here.
        steps: by digest, in the order of their numbers.
        named: every member that was ever named, the lead among them.
        status: whether it is real, as the open says; ``None`` if that is not here.
        is_whole: whether the cover of every step that is known of is here, that of the open among them.
    """

    id: str
    lead: Address | None
    steps: Mapping[str, CountedStep]
    named: frozenset[Address]
    status: str | None
    is_whole: bool

    def doing(self, *dos: str) -> Iterator[CountedStep]:
        """The steps of these that have an effect, in the order of their numbers."""
        return (step for step in self.steps.values() if step.do in dos and step.counts)

    def domain_member(self, country: str | None) -> Address | None:
        """The member of a country: the lead, or who was named."""
        own = sorted(member for member in self.named if country and member.partition("/")[0] == country)
        return self.lead if self.lead in own else next(iter(own), None)


def thread_of(held: HeldOperation) -> tuple[Thread, list[Contradiction]]:
    """The steps as they are counted, and what is wrong with them.

    Args:
        held: in any order.
    """
    unique = {step.digest: step for step in held.steps}
    steps = sorted(unique.values(), key=lambda step: (step.number, step.digest))
    epochs = sorted(held.epochs, key=lambda epoch: epoch.number)
    timings = {step.digest: timing_of(step, epochs) for step in steps}
    brings = resealed(steps)
    steps, swapped = _with_reseals(steps, brings)
    ranks, circle = order_steps(steps, timings, brings)
    found = [_found(ContradictionKind.NAMES_IN_A_CIRCLE, sorted(circle), Rule.F5)] if circle else []
    found += swapped
    counted: dict[str, CountedStep] = {}
    for step in steps:
        form, fault = _form_of(step)
        counted[step.digest] = CountedStep(step, timings[step.digest], ranks[step.digest], form, brings)
        if fault is not None:
            found.append(fault)
    first = counted.get(held.id)
    lead = first.member if first is not None and first.do == "open" and is_officer(first.held.cover.iss) else None
    status = first.held.cover.status if first is not None else None
    struck = _struck_out(counted, status)
    named = _named(counted.values(), held.id, lead)
    whole = not held.leaves and held.id in unique
    thread = Thread(held.id, lead, counted, named, status, whole)
    for digest, each in counted.items():
        void = _void(each, thread)
        if void is not None:
            found.append(_found(ContradictionKind.NOT_PERMITTED, [digest], void.rule, each.member))
        counted[digest] = replace(each, struck_out_by=struck.get(digest), void=void)
    return thread, found


def _with_reseals(steps: Sequence[HeldStep], brings: Mapping[str, str]) -> tuple[list[HeldStep], list[Contradiction]]:
    """Steps with the content that a reseal of the same member brings, where their own is not here.

    Where both are here and differ, the step's own counts, and that is red: somebody was sent another text.
    """
    by_digest = {step.digest: step for step in steps}
    found: list[Contradiction] = []
    for digest, brought in brings.items():
        reseal, step = by_digest[digest], by_digest.get(brought)
        is_same = step is not None and member_of(step.cover.iss) == member_of(reseal.cover.iss)
        if step is None or not is_same or not isinstance(reseal.content, StepContent):
            continue
        if not isinstance(step.content, StepContent):
            by_digest[brought] = replace(step, content=reseal.content)
        elif step.content.members != reseal.content.members:
            owner = member_of(step.cover.iss)
            found.append(_found(ContradictionKind.NOT_ITS_CONTENT, [brought, digest], Rule.F8, owner))
    return list(by_digest.values()), found


def _found(kind: ContradictionKind, steps: Sequence[str], rule: Rule, owner: Address | None = None) -> Contradiction:
    return Contradiction(kind, Colour.RED, tuple(steps), owner, Because(rule, tuple(steps)))


def _form_of(step: HeldStep) -> tuple[OperationForm | None, Contradiction | None]:
    """The content, if it is of what its cover says (step 10 of PROTOCOL 7 again: who folds trusts no reader)."""
    if not isinstance(step.content, StepContent):
        return None, None
    said, form = step.cover.content_do(), step.content.read.form
    if said is not None and step.content.members.get("do") != said:
        owner = member_of(step.cover.iss)
        return None, _found(ContradictionKind.NOT_ITS_CONTENT, [step.digest], Rule.F8, owner)
    return (form if isinstance(form, OperationForm) else None), None


def _is_as_real(step: CountedStep, status: str | None) -> bool:
    """Whether a step has the status of the open: an exercise changes nothing real, nor the other way round."""
    return status is None or step.held.cover.status == status


def _struck_out(steps: Mapping[str, CountedStep], status: str | None) -> dict[str, str]:
    """What was taken back, a fact or a stop, by an officer of the same member; its first cancel by rule F5 counts."""
    struck: dict[str, str] = {}
    for step in sorted(steps.values(), key=lambda step: step.rank):
        if step.do is not None or not is_officer(step.held.cover.iss) or not _is_as_real(step, status):
            continue
        for digest in step.refers("cancel"):
            target = steps.get(digest)
            if target is not None and target.do in FACTS | {"stop"} and target.member == step.member:
                struck.setdefault(digest, step.digest)
    return struck


def _named(steps: Iterable[CountedStep], opened: str, lead: Address | None) -> frozenset[Address]:
    """Every member that was ever named: by the lead in a plan, or by who was named in a move."""
    named, adds = {lead} if lead is not None else set[Address](), defaultdict[Address, list[Address]](list)
    for step in steps:
        if (step.do == "open" and step.digest == opened) or (step.do == "plan" and step.member == lead):
            named.update(step.parts())
        elif step.do == "move":
            adds[step.member] += step.parts()
    due = list(named)
    while due:
        fresh = [member for member in adds.pop(due.pop(), []) if member not in named]
        named.update(fresh)
        due += fresh
    return frozenset(named)


def _void(step: CountedStep, thread: Thread) -> Because | None:
    """Why a step has no effect: what the table of section 16 asks of its signer, judged again."""
    claim, cover = step.held.cover.operation, step.held.cover
    because = Because(Rule.F1 if step.do in ("open", "plan", "confirm", "close") else Rule.F2, (step.digest,))
    if claim is None or (claim.id or step.digest) != thread.id or not _is_as_real(step, thread.status):
        return because
    if step.do in ACTS and not is_officer(cover.iss):
        return because
    if step.do == "stop":
        return Because(Rule.F3, (step.digest,)) if step.member not in thread.named and thread.is_whole else None
    if step.do in FACTS | {"decide"}:
        lacks_post = step.decision in _BY_POST and Role.AUTHORISING_OFFICER not in step.held.roles
        return because if lacks_post or (step.member not in thread.named and thread.is_whole) else None
    if step.do in ("open", "plan", "confirm", "close"):
        return because if step.member != thread.lead or not _is_seconded(step, thread) else None
    return None


def _is_seconded(step: CountedStep, thread: Thread) -> bool:
    """Whether a confirm is by the post, and not by who signed what it names."""
    if step.do != "confirm":
        return True
    named = [thread.steps[digest] for digest in step.refers("countersign", "reply") if digest in thread.steps]
    is_another = all(each.held.cover.iss != step.held.cover.iss for each in named)
    return is_another and Role.AUTHORISING_OFFICER in step.held.roles
