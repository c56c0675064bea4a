"""Vectors of the directory: public statements at their places, what becomes of each, and what may be asked then.

Every answer is computed by the program that makes the file; whoever reads the page must come to the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schemas.addresses import HUB, ROOT, Address
from schemas.claims import StatementType
from schemas.directory import UNREADABLE, first_difference, mark_unread, overrules
from schemas.encoding import sha256
from schemas.errors import SeraiError
from schemas.keys import Kid
from schemas.leaf import Leaf
from schemas.limits import ROTATION_GRACE_S
from schemas.statements import read_header
from tests.support.world import DAY_S, KG, KZ, YEAR_S, Logged, Party, World, signing_key

Vector = dict[str, Any]
DUTY = "KZ/NFP/DUTY-1"
UNIT = "KZ/POST"


class Case:
    """A ledger of public statements that is written down as it grows."""

    def __init__(self, what: str) -> None:
        self.world = World([KZ, KG], name="directory")
        self.what = what
        self.items: list[Vector] = [self._item(logged, "applied") for logged in self.world.log]
        self.questions: list[Vector] = []

    def say(self, text: str) -> None:
        """The next place has this statement, whether or not it has an effect."""
        world, result = self.world, "applied"
        try:
            world.admit(text)
        except SeraiError as error:
            result = self._mark(text, error)
            kind = next(kind for kind in StatementType if kind.typ == read_header(text).typ)
            world.log.append(Logged(text, Leaf(world.time_ms, kind.code, True, sha256(text.encode()))))
        self.items.append(self._item(world.log[-1], result))

    def _mark(self, text: str, error: SeraiError) -> str:
        if error.code in UNREADABLE:
            try:
                self.world.directory = mark_unread(self.world.directory, text, self.world.place)
            except SeraiError:
                return error.code.value
            return "marks"
        return error.code.value

    def _item(self, logged: Logged, result: str) -> Vector:
        return {"statement": logged.text, "accepted_at": logged.leaf.accepted_at, "result": result}

    def enrol(self, address: str, by: str | None = None, **changes: Any) -> Party:
        """Certify fresh keys."""
        known = self.world.parties.get(Address(address))
        party = Party.of(Address(address), known.turn + 1 if known else 0)
        self.say(self.world.credential(party, by, **changes))
        self.world.parties[party.address] = party
        return party

    def ask(self, question: str, about: str) -> None:
        """What the directory says now, at the next place: see the README beside the vectors."""
        directory, place = self.world.directory, self.world.place
        answers: dict[str, Callable[[], Any]] = {
            "holder": lambda: directory.holder(Kid(about), place).place.index,
            "current": lambda: _index(directory.current(Address(about), place)),
            "sealed": lambda: directory.encryption_key(Address(about), place).kid,
            "suspended": lambda: directory.is_suspended(Address(about), place),
            "unjudged": lambda: about in directory.unjudged(place),
        }
        try:
            answer: Any = answers[question]()
        except SeraiError as error:
            answer = {"code": error.code.value}
        at = {"index": place.index, "time_ms": self.world.time_ms}
        self.questions.append({**at, "ask": question, "about": about, "answer": answer})

    def vector(self) -> Vector:
        """The case as it is committed."""
        return {"what": self.what, "items": self.items, "questions": self.questions}


def _index(certified: Any) -> int | None:
    return None if certified is None else certified.place.index


def _rotation() -> Case:
    case = Case("a replaced key is good until seven days after, to the second of floor(ms / 1000)")
    case.world.time_ms += 400
    old = case.world.party(KG)
    case.enrol(KG)
    assert old.enc is not None
    for wait_ms in (0, ROTATION_GRACE_S * 1000 - 401, 1, 600):
        case.world.time_ms += wait_ms
        for kid in (old.sig.kid, case.world.party(KG).sig.kid):
            case.ask("holder", kid)
        case.ask("sealed", KG)
    return case


def _suspension() -> Case:
    case = Case("a suspension is lifted by a credential that was signed since, of the member and for its officers")
    kept = case.world.credential(case.world.party(KZ))
    case.world.wait(10)
    case.say(case.world.event("suspended", member=KZ))
    case.ask("suspended", DUTY)
    case.say(kept)
    case.ask("suspended", DUTY)
    case.say(case.world.credential(case.world.party(KZ)))
    case.ask("suspended", DUTY)
    case.ask("suspended", KZ)
    return case


def _one_kid() -> Case:
    case = Case("several credentials of one key: the newest that is good counts; a revocation ends all, for ever")
    party = case.world.party(KG)
    case.say(case.world.credential(party, nbf=case.world.time_s + DAY_S))
    case.ask("holder", party.sig.kid)
    case.world.wait(DAY_S)
    case.ask("holder", party.sig.kid)
    case.say(case.world.revocation(party, reason="retired"))
    case.ask("holder", party.sig.kid)
    case.ask("current", KG)
    case.say(case.world.revocation(party))
    case.say(case.world.credential(party))
    return case


def _unit() -> Case:
    case = Case("a unit that the root takes over by the same request stands under the root alone")
    unit = Party.of(Address(UNIT))
    asked = case.world.enrolment(unit, roles=["exchange", "certify"])
    case.enrol(UNIT, KZ, request=asked)
    case.enrol(f"{UNIT}/CLERK", exp=case.world.time_s + DAY_S)
    case.say(case.world.credential(unit, request=asked))
    case.say(case.world.credential(unit, KZ, request=asked))
    case.say(case.world.revocation(case.world.party(KZ), ROOT))
    for address in (UNIT, f"{UNIT}/CLERK", DUTY):
        case.ask("current", address)
    return case


def _day() -> Case:
    case = Case(
        "64 credentials beneath a member in a day of the ledger, which ends to the millisecond; the root's aside"
    )
    world = case.world
    world.time_ms += DAY_S * 1000 - world.time_ms % (DAY_S * 1000)
    for _ in range(63):
        case.enrol(DUTY)
    unit = Party.of(Address(UNIT))
    asked = world.enrolment(unit, roles=["exchange", "certify"])
    case.enrol(UNIT, KZ, request=asked)
    kept = world.credential(Party.of(Address("KZ/NFP/DUTY-2")))
    case.say(kept)
    case.say(world.credential(unit, request=asked))
    case.say(world.revocation(world.party(DUTY), KZ))
    world.time_ms += DAY_S * 1000 - 1
    case.say(kept)
    world.time_ms += 1
    case.say(kept)
    return case


def _forms() -> Case:
    case = Case("credentials of another form: dates in no order, the hub as sub, a request longer than one may be")
    world = case.world
    for sub, changes in (
        ("KZ/NFP/DATES", {"nbf": world.time_s, "exp": world.time_s}),
        (HUB, {}),
        ("KZ/NFP/LONG", {"request": f"{'A' * 100}.{'A' * 65_350}.{'A' * 86}"}),
    ):
        party = Party.of(Address(sub))
        asked = {"sub": sub, "name": sub, "roles": ["exchange"], "request": world.enrolment(party, roles=["exchange"])}
        claims = {**asked, "nbf": world.time_s, "exp": world.time_s + DAY_S, **changes}
        case.say(world.sign(StatementType.CREDENTIAL, ROOT if sub == HUB else KZ, claims))
        case.ask("unjudged", sub)
    return case


def _epochs() -> Case:
    case = Case("after an epoch the former root and event key say nothing; what they said stands")
    world = case.world
    old_root, old_event = world.root, world.event_key
    world.event_key = signing_key("second event key")
    world.root, world.next_root = world.next_root, signing_key("third root")
    case.say(world.epoch())
    case.say(world.credential(Party.of(Address("TJ/NFP")), key=old_root))
    case.say(world.event("suspended", key=old_event, member=KG))
    case.say(world.credential(Party.of(Address("TJ/NFP"))))
    case.ask("current", KZ)
    case.ask("suspended", KG)
    return case


def _words() -> Case:
    case = Case("roles of any name on anybody, any two letters for a country, a liaison that is a member")
    case.enrol("ZZ/NFP", roles=["exchange", "later_word"])
    case.enrol("KZ/LIAISON", roles=["liaison"])
    case.enrol("KZ/NFP/LIAISON", roles=["liaison"])
    case.say(case.world.credential(Party.of(Address("KZ/LIAISON/CLERK")), roles=["liaison"]))
    for address in ("ZZ/NFP", "KZ/LIAISON", "KZ/NFP/LIAISON"):
        case.ask("current", address)
    return case


def _marks() -> Case:
    case = Case(
        "what cannot be read marks its address, until a credential that can; a revocation of an older key frees none"
    )
    world = case.world

    def unread(iss: str) -> str:
        claims = {"sub": KG, "kid": world.party(KG).sig.kid, "reason": "lost", "critical": ["later"], "later": 1}
        return world.sign(StatementType.REVOCATION, iss, claims)

    case.say(unread(KZ))
    case.ask("unjudged", KG)
    case.say(unread(ROOT))
    case.ask("unjudged", KG)
    case.ask("sealed", KG)
    case.say(world.credential(world.party(KG)))
    case.ask("unjudged", KG)
    case.ask("sealed", KG)
    older = world.party(KG)
    case.enrol(KG)
    case.say(unread(ROOT))
    case.say(world.revocation(older, KG, older.sig))
    case.ask("unjudged", KG)
    case.enrol(KG)
    case.ask("unjudged", KG)
    case.ask("sealed", KG)
    case.say(unread(ROOT))
    case.say(world.revocation(world.party(KG), ROOT))
    case.ask("unjudged", KG)
    return case


def _later_keys() -> Case:
    case = Case("signing keys of an unknown kind: nobody's, good for nothing, and two may name one")
    for address in ("KZ/NFP/LATER", "KG/NFP/LATER"):
        sig = {"kty": "AKP", "alg": "ML-DSA-65", "pub": "A"}
        asked = case.world.later_enrolment(address, {"sig": sig})
        case.say(case.world.credential(Party.of(Address(address)), roles=["exchange"], request=asked))
        case.ask("current", address)
    return case


def _revokers() -> Case:
    case = Case("who revokes: the root, who stands above, the key itself though out of date; nobody else")
    world = case.world
    for officer in (1, 2, 3):
        case.enrol(f"KZ/NFP/R-{officer}", exp=world.time_s + DAY_S)
    world.wait(2 * DAY_S)
    one, two, three = (world.party(f"KZ/NFP/R-{number}") for number in (1, 2, 3))
    case.say(world.revocation(one, KG))
    case.say(world.revocation(one, DUTY))
    case.say(world.revocation(one, ROOT))
    case.say(world.revocation(two, KZ))
    case.say(world.revocation(three))
    world.wait(3 * YEAR_S)
    case.say(world.revocation(world.party(DUTY), KZ))
    case.say(world.revocation(world.party(DUTY)))
    return case


def _two_epochs() -> list[Vector]:
    """Histories of one network that part after epoch 0, and which of two a client holds that knew the first."""
    found = []
    for known_by, shown_by in (("root", "next_root"), ("next_root", "root"), ("root", "root"), ("next_root",) * 2):
        worlds = []
        for number, by in enumerate((known_by, shown_by)):
            world = World([KZ], name="directory")
            world.event_key = signing_key(f"event {number}")
            world.turn_root() if by == "next_root" else world.admit(world.epoch())
            worlds.append(world.directory.epochs)
        known, shown = worlds
        differs = first_difference(known, shown)
        assert differs is not None
        texts = {name: [epoch.statement.text for epoch in each] for name, each in (("known", known), ("shown", shown))}
        found.append({**texts, "number": differs, "shown_holds": overrules(known, shown, differs)})
    return found


CASES = (_rotation, _suspension, _one_kid, _unit, _day, _forms, _epochs, _words, _marks, _later_keys, _revokers)


def directory_vector() -> Vector:
    """``directory.json``."""
    cases = [make().vector() for make in CASES]
    return {"network": World([], name="directory").network, "cases": cases, "two_epochs": _two_epochs()}
