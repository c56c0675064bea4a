"""A toy ledger as the hub's core decides it: what a database would keep, in plain sets.

`Book` plays the shell around `Admitter`: it gives just the facts that were asked for, has
owed events signed, and keeps what was admitted, each statement in a batch of its own or
all in one. It demands that a refusal changes nothing.
"""

from __future__ import annotations

from broker.core.admission.batch import Admitter
from broker.core.admission.effects import Admitted, EventDraft
from broker.core.admission.events import event_claims
from broker.core.facts import AcceptedStatement, Facts, Needs, Unreceived, needs_of
from broker.core.verification import VerifiedSubmission, verify_submission
from schemas.addresses import Address, member_of
from schemas.claims import Claims, Dispatch, Receipt
from schemas.encoding import Digest, decode_digest
from schemas.errors import Code, SeraiError
from schemas.ids import make_uuid7
from schemas.keys import Kid
from schemas.operations.steps import NotedOperation, NotedStep
from schemas.statements import VerifiedStatement, parse_statement, sign_statement
from tests.support.world import Logged, Sent, World

Item = str | Sent
Result = Admitted | SeraiError


class Book:
    """The ledger of a world, and what follows from it.

    Args:
        world: its log is the ledger; what a test admits there is known here.
        apart: whether `enter` takes each statement in a batch of its own.

    Attributes:
        events: every event that was owed, in order.
        withdrawn: mail that is not delivered any more.
    """

    def __init__(self, world: World, *, apart: bool = True) -> None:
        self.world = world
        self.apart = apart
        self.events: list[Admitted] = []
        self.withdrawn: set[tuple[Digest, Address]] = set()
        self._known: dict[Digest, AcceptedStatement] = {}
        self._jtis: dict[tuple[str, str], Digest] = {}
        self._readers: set[tuple[Digest, Address]] = set()
        self._outcomes: set[tuple[Digest, Address, str]] = set()
        self._operations: dict[Digest, NotedOperation] = {}
        self._steps: dict[int, NotedStep] = {}
        self._kids: dict[tuple[Digest, Address], Kid] = {}

    def enter(self, *items: Item, by: Address | None = None) -> list[Result]:
        """Submit items, apart or in one batch; ``by`` is the session's member if not each signer's own."""
        submissions = [self.verify(item) for item in items]
        if self.apart:
            return [result for submission in submissions for result in self.batch(submission, by=by)]
        return self.batch(*submissions, by=by)

    def admit(self, *items: Item, by: Address | None = None) -> list[Admitted]:
        """Submit items of which none may be refused."""
        results = self.enter(*items, by=by)
        for result in results:
            assert isinstance(result, Admitted), result
        return [result for result in results if isinstance(result, Admitted)]

    def verify(self, item: Item) -> VerifiedSubmission:
        """An item verified in itself, against the directory as it is now."""
        text, sealed = (item, None) if isinstance(item, str) else (item.text, item.sealed.to_json())
        return verify_submission(parse_statement(text), sealed, self.world.directory)

    def admitter(self, *submissions: VerifiedSubmission, new_epoch: bool = False) -> Admitter:
        """A batch to be decided, with the facts that these submissions need."""
        facts = self.facts(needs_of((each.statement.digest for each in submissions), submissions, self.world.directory))
        world = self.world
        return Admitter(world.directory, len(world.log), world.time_ms, facts, new_epoch=new_epoch)

    def batch(self, *submissions: VerifiedSubmission, by: Address | None = None) -> list[Result]:
        """Decide and keep one batch."""
        admitter = self.admitter(*submissions)
        results = []
        for submission in submissions:
            results.append(_try_admit(admitter, submission, by or member_of(submission.statement.claims.iss)))
            while admitter.owed:
                self.events.append(admitter.append_event(self.sign(admitter.owed[0]), admitter.owed.pop(0)))
        self.keep(admitter)
        return results

    def sign(self, draft: EventDraft) -> VerifiedStatement[Claims]:
        """An event of the hub for a draft."""
        world = self.world
        claims = event_claims(draft, world.network, make_uuid7(world.time_ms, world.entropy(10)), world.time_s)
        return world.verified(sign_statement(claims, world.event_key))

    def suspend(self, member: Address) -> None:
        """Append the event that suspends a member."""
        admitter = self.admitter()
        draft = EventDraft("suspended", (), (), "public", member=member)
        admitter.append_event(self.sign(draft), draft)
        self.keep(admitter)

    # What a database does

    def facts(self, needs: Needs) -> Facts:
        """What the ledger says to what is needed, and no more."""
        self._read_log()
        return Facts(
            {digest: self._known[digest] for digest in needs.digests if digest in self._known},
            {pair: self._jtis[pair] for pair in needs.jtis if pair in self._jtis},
            needs.readers & self._readers,
            needs.outcomes & self._outcomes,
            {member: self._unreceived(member) for member in needs.ceasing},
            operations={each: self._operations[each] for each in needs.operations if each in self._operations},
            steps=self._named_steps(needs),
            entry_kids={pair: self._kids[pair] for pair in needs.resealed if pair in self._kids},
        )

    def _named_steps(self, needs: Needs) -> dict[int, NotedStep]:
        places = {self._known[digest].asked_at for digest in needs.steps if digest in self._known}
        return {place: self._steps[place] for place in places if place in self._steps}

    def _read_log(self) -> None:
        """Public statements that a test admitted to the world."""
        for index, logged in enumerate(self.world.log):
            if logged.leaf.digest not in self._known:
                claims = self.world.verified(logged.text).claims
                sender = member_of(claims.iss)
                known = AcceptedStatement(index, logged.leaf, sender, "public", None)
                self._known[logged.leaf.digest] = known
                self._jtis[sender, claims.jti] = logged.leaf.digest

    def _unreceived(self, member: Address) -> tuple[Unreceived, ...]:
        heard = {digest for digest, by, _ in self._outcomes if by == member}
        mail = [digest for digest, reader in self._readers if reader == member and digest not in heard]
        items = [self._waiting(digest) for digest in mail if (digest, member) not in self.withdrawn]
        return tuple(sorted(items, key=lambda item: item.index))

    def _waiting(self, digest: Digest) -> Unreceived:
        known = self._known[digest]
        return Unreceived(known.index, digest, Address(known.sender), known.lane)

    def keep(self, admitter: Admitter) -> None:
        """Take what a batch admitted into the ledger."""
        self.world.directory = admitter.directory
        for admitted in admitter.admitted:
            claims, leaf = admitted.statement.claims, admitted.leaf
            status = claims.status if isinstance(claims, Dispatch) else None
            self._known[leaf.digest] = AcceptedStatement(
                admitted.index, leaf, admitted.sender, admitted.lane, status, admitted.origin
            )
            self._jtis[admitted.sender, claims.jti] = leaf.digest
            self._keep_effects(admitted, claims)
            self.world.log.append(Logged(admitted.statement.text, leaf))
        for member, place in admitter.ceased:
            unheard = (item for item in self._unreceived(member) if item.index < place)
            self.withdrawn |= {(item.digest, member) for item in unheard}

    def _keep_effects(self, admitted: Admitted, claims: Claims) -> None:
        digest = admitted.leaf.digest
        if isinstance(claims, Dispatch):
            self._readers |= {(digest, each.member) for each in admitted.deliveries if each.addressed}
            self.withdrawn |= {(digest, each.member) for each in admitted.deliveries if each.withdrawn}
            kids = admitted.content.kids if admitted.content else ()
            self._kids |= {
                (digest, each.member): kid
                for each, (kid, _) in zip(admitted.deliveries, kids, strict=True)
                if not each.withdrawn
            }
            self._keep_step(admitted)
        if isinstance(claims, Receipt):
            named = map(decode_digest, claims.digests)
            self._outcomes |= {(digest, Address(admitted.sender), claims.outcome) for digest in named}

    def _keep_step(self, admitted: Admitted) -> None:
        if (note := admitted.step) is None:
            return
        self._steps[admitted.index] = note.step
        before = self._operations.get(note.step.operation)
        lead = note.step.member if before is None else before.lead
        if before is not None or note.step.do == "open":
            named = frozenset() if before is None else before.named
            self._operations[note.step.operation] = NotedOperation(lead, named.union(note.joining))


def _try_admit(admitter: Admitter, submission: VerifiedSubmission, by: Address) -> Result:
    """Decide one; demand that a refusal leaves no trace."""
    before = _trace(admitter)
    try:
        return admitter.admit(submission, by)
    except SeraiError as error:
        assert _trace(admitter) == before
        return error


def _trace(admitter: Admitter) -> tuple[object, ...]:
    return (
        admitter.directory.version,
        len(admitter.admitted),
        len(admitter.owed),
        len(admitter.ceased),
        admitter.place,
    )


def codes(results: list[Result]) -> list[Code | None]:
    """Why each was refused; ``None`` for what was admitted."""
    return [result.code if isinstance(result, SeraiError) else None for result in results]
