"""Strangers: who is cut, for whom, and who is answered."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.web import strangers as module
from broker.web.strangers import BODIES, Cut, StrangerLimits, Strangers, Visit, address_of, limits_for, welcome
from schemas.addresses import Address
from tests.support.world import KG, KZ

LIMITS = StrangerLimits(most=8, of_address=3, of_member=2, room=12)


class Door:
    """Strangers whose connections are only names.

    Attributes:
        cut: the names of those that were ended, in order.
        noted: why.
    """

    def __init__(self, limits: StrangerLimits | None = LIMITS) -> None:
        self.now_s = 50.0
        self.cut: list[str] = []
        self.noted: list[tuple[Cut, Address | None]] = []
        self.strangers = Strangers(lambda: self.now_s, lambda *what: self.noted.append(what), limits)

    def enter(self, name: str, host: str = "127.0.0.1") -> Visit:
        """A connection from an address."""
        return self.strangers.enter((host, 4_000), lambda: self.cut.append(name))


def test_the_oldest_of_an_address_makes_room_for_its_next() -> None:
    """One address has so many strangers at once and no more; others do not notice."""
    door = Door()
    other = door.enter("other", "192.0.2.9")
    for number in range(5):
        door.enter(str(number), "192.0.2.1")
    assert (door.cut, len(door.strangers)) == (["0", "1"], 4)
    assert door.noted == [(Cut.TOO_MANY, None)] * 2
    assert other.is_cut is False


def test_the_address_that_has_most_makes_room_for_all() -> None:
    """When there are too many together, the one that came first from where most came from is cut."""
    door = Door()
    for number in range(7):
        door.enter(f"here {number}")
    door.enter("a", "192.0.2.1")
    door.enter("b", "192.0.2.2")
    assert (door.cut, len(door.strangers)) == (["here 0"], 8)


def test_an_address_of_this_machine_may_have_all_there_are() -> None:
    """A proxy stands there: it brings everybody."""
    door = Door()
    for number in range(9):
        door.enter(str(number))
    assert door.cut == ["0"]


def test_who_has_shown_a_token_is_not_cut_for_a_stranger() -> None:
    """However many come after it, a connection with a token stays, and strangers make room for each other."""
    door = Door()
    door.enter("member").welcome(KZ)
    for number in range(30):
        door.enter(str(number))
    assert "member" not in door.cut
    assert len(door.strangers) == LIMITS.most


def test_room_is_left_for_those_with_a_token() -> None:
    """Strangers have what those with a token leave; where they leave nothing, the newcomer itself is cut."""
    door = Door(StrangerLimits(most=8, of_member=100, room=10))
    for number in range(10):
        door.enter(str(number)).welcome(KZ)
    assert door.cut == []
    assert door.enter("late").is_cut
    assert (door.cut, len(door.strangers)) == (["late"], 0)


def test_a_member_has_so_many_connections() -> None:
    """One that opens more loses its own oldest; another member does not notice."""
    door = Door()
    door.enter("other").welcome(KG)
    for number in range(4):
        door.enter(str(number)).welcome(KZ)
    assert door.cut == ["0", "1"]
    assert door.noted == [(Cut.TOO_MANY, KZ)] * 2


def test_leaving_twice_or_after_a_cut_counts_once() -> None:
    """A connection may be cut, lost, and forgotten in any order."""
    door = Door()
    first, second = door.enter("first"), door.enter("second")
    first.leave()
    first.leave()
    first.cut(Cut.TOO_LATE)
    first.abort()
    second.welcome(KZ)
    second.welcome(KG)
    second.leave()
    second.leave()
    assert (len(door.strangers), second.member, door.cut) == (0, KZ, [])


def test_the_first_reason_counts() -> None:
    """Of a connection that breaks several rules while it is being ended one thing is noted."""
    door = Door()
    visit = door.enter("it")
    visit.cut(Cut.TOO_LARGE)
    visit.note(Cut.FLOOD)
    visit.cut(Cut.TOO_LATE)
    assert (door.noted, door.cut) == ([(Cut.TOO_LARGE, None)], ["it", "it"])


@given(st.integers(0, 2**32))
def test_the_limits_hold_whatever_happens(seed: int) -> None:
    """Of connections that come, show tokens and go in any order, as many are left as may be, of every kind."""
    chance, door = random.Random(seed), Door()
    open_: dict[str, tuple[Visit, str]] = {}
    for number in range(60):
        what = chance.random()
        if what < 0.6 or not open_:
            host = chance.choice(["127.0.0.1", "192.0.2.1", "192.0.2.2", "2001:db8::7"])
            open_[str(number)] = (door.enter(str(number), host), host)
        else:
            name = chance.choice(list(open_))
            if what < 0.8:
                open_[name][0].welcome(chance.choice([KZ, KG]))
            else:
                open_.pop(name)[0].leave()
        for name in door.cut:
            open_.pop(name, None)
        left = [(visit, host) for visit, host in open_.values() if visit.member is None]
        members = Counter(visit.member for visit, _ in open_.values() if visit.member is not None)
        assert len(left) == len(door.strangers) <= LIMITS.most
        assert len(open_) <= LIMITS.room
        assert all(count <= LIMITS.of_member for count in members.values())
        assert all(n <= LIMITS.of_address for host, n in Counter(h for _, h in left).items() if host != "127.0.0.1")


# What they may ask


def test_a_flood_of_one_address_uses_up_its_own_budget() -> None:
    """One address is answered so often; all others are answered meanwhile."""
    door = Door()
    flood = door.enter("flood", "192.0.2.1")
    answered = sum(flood.may_ask() for _ in range(5_000))
    assert answered == module.ADDRESS_BURST
    assert all(door.enter("other", "192.0.2.2").may_ask() for _ in range(module.ADDRESS_BURST // 2))
    door.now_s += 1
    assert sum(flood.may_ask() for _ in range(5_000)) == module.ADDRESS_PER_S


def test_all_strangers_together_have_one_budget() -> None:
    """However many addresses there are, no more is answered than the hub can bear."""
    door = Door()
    visits = [door.enter(str(number), f"192.0.2.{number}") for number in range(20)]
    assert sum(visit.may_ask() for _ in range(200) for visit in visits) == module.REQUESTS_BURST
    door.now_s += 1
    assert sum(visit.may_ask() for _ in range(200) for visit in visits) <= module.REQUESTS_PER_S


def test_who_has_shown_a_token_may_always_ask_and_what_it_cost_is_forgotten() -> None:
    """Members do not use up what strangers may ask, however many there are behind one address."""
    door = Door(None)
    for _ in range(20 * module.ADDRESS_BURST):
        visit = door.enter("member", "192.0.2.1")
        assert visit.may_ask()
        visit.welcome(KZ)
        assert all(visit.may_ask() for _ in range(10))
        visit.leave()


def test_what_addresses_have_spent_is_forgotten_when_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood from addresses without number fills no memory, and none of them gets more than the time brought."""
    monkeypatch.setattr(module, "ADDRESSES", 16)
    monkeypatch.setattr(module, "REQUESTS_BURST", 10_000)
    door = Door(None)
    for number in range(1_000):
        door.enter(str(number), f"2001:db8:0:{number:x}::1").may_ask()
        assert len(door.strangers._of_address) <= 16


# Addresses


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        (("192.0.2.7", 9), "192.0.2.7"),
        (("::ffff:192.0.2.7", 9, 0, 0), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 9, 0, 0), "20010db800010002::"),
        (("2001:db8:1:2::", 9, 0, 0), "20010db800010002::"),
        (("2001:db8:1:3::", 9, 0, 0), "20010db800010003::"),
        (("fe80::1%eth0", 9, 0, 2), "fe80000000000000::"),
        (("127.0.0.1", 9), ""),
        (("127.8.9.1", 9), ""),
        (("::1", 9, 0, 0), ""),
        (("::ffff:127.0.0.1", 9, 0, 0), ""),
        ("", ""),
        (None, ""),
        (("hub.example", 9), ""),
        ((), ""),
    ],
)
def test_an_address_stands_for_its_owner(peer: object, address: str) -> None:
    """Of IPv6 64 bits are one owner's; IPv4 written as IPv6 is the same; this machine has none."""
    assert address_of(peer) == address


# Limits


@pytest.mark.parametrize("descriptors", [64, 256, 1_024, 4_096, 65_536, 1_000_000])
def test_limits_follow_the_open_files(descriptors: int) -> None:
    """Files of the hub itself, and those with a token, keep descriptors, however few there are."""
    limits = limits_for(descriptors)
    assert limits.most <= limits.room // 2
    assert 0 < limits.room < descriptors
    assert limits.room == descriptors - module.RESERVED or descriptors < 2 * module.RESERVED
    assert limits.most <= StrangerLimits().most


def test_a_scope_without_a_visit_is_left_alone() -> None:
    """Another server, as in tests, counts nothing."""
    welcome({}, KZ)
    welcome({"state": {}}, KZ)
    door = Door()
    visit = door.enter("it")
    welcome({"state": {"visit": visit}}, KZ)
    assert visit.member == KZ


def test_few_bodies_of_strangers_wait_for_their_token() -> None:
    """Of bodies whose token is not judged yet so many are there at a time; a token, or leaving, makes room."""
    door = Door(StrangerLimits(most=100, of_address=100, room=200))
    visits = [door.enter(str(number)) for number in range(BODIES + 2)]
    assert [visit.may_bring() for visit in visits] == [True] * BODIES + [False] * 2
    visits[0].welcome(KZ)
    visits[1].leave()
    assert [visit.may_bring() for visit in visits[-2:]] == [True, True]
    assert visits[0].may_bring()


def test_only_who_has_shown_a_token_is_given_time() -> None:
    """A stranger's body or answer does not put off its end."""
    door, times = Door(), list[int]()
    visit = door.enter("a")
    visit.goes_on_by(lambda: times.append(1))
    visit.go_on()
    assert times == []
    visit.welcome(KZ)
    visit.go_on()
    assert times == [1]
    visit.leave()
    visit.go_on()
    assert times == [1]
