"""The keys of the live screen: unlock, answer, lock, and what the screen shows of it."""

# ruff: noqa: RUF001 - Russian letters that look Latin

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.actions.answering import OfficerAnswer
from clients.actions.signing_session import LOCK_MS, SigningSession
from clients.actions.watching import Feed, LineState, Watcher
from clients.cli.officer.watch_keys import Mode, Note, Panel, WatchKeys
from clients.cli.officer.watch_view import is_whole, render
from clients.documents.columns import width_of
from clients.errors import ClientError, LocalCode
from schemas.addresses import Address
from tests.support.counter import Counter
from tests.support.desk import OFFICERS, Desk, ScriptedHub
from tests.support.traffic import arrive, follow_up
from tests.support.world import KZ, UZ, World

NOW_MS = 1_790_000_000_000
FEED = Feed(Address("KZ/NFP"), "desk", "actual", NOW_MS, LineState(held=True, live=True, since_ms=NOW_MS))


@pytest.fixture
def hub() -> ScriptedHub:
    """A hub with two members."""
    return ScriptedHub(World([KZ, UZ]))


class Screen:
    """A live screen without a terminal: keys in, texts out, a clock that a test sets."""

    def __init__(self, desk: Desk, hub: ScriptedHub) -> None:
        desk.store.officers.lock()
        self.now_ms = NOW_MS
        self.desk, self.client = desk, Counter(desk, hub)
        self.keys = WatchKeys(SigningSession(self.client, None, lambda: self.now_ms))
        self.rows = 24

    def press(self, *typed: str) -> bool:
        """Type these, one after another, each on a screen that was drawn."""
        ends = False
        for each in typed:
            ends = self.keys.press(each)
            self.keys.drawn(whole=is_whole(self.keys.panel, 80, self.rows))
        return ends

    @property
    def texts(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.text for line in render(Watcher(self.client).look(24), 80, self.rows, self.keys.panel))

    @property
    def outbox(self) -> list[str]:
        """The outcome of every answer that was signed, the newest first."""
        return [row.draft["outcome"] for row in self.desk.store.outbox.all(9) if row.statement]


@pytest.fixture
def kz(tmp_path_factory: pytest.TempPathFactory, hub: ScriptedHub) -> Desk:
    """KZ's desk."""
    desk = Desk(tmp_path_factory.mktemp("kz"), hub, "KZ/NFP", "KZ/NFP/DUTY-1")
    desk.sync()
    return desk


@pytest.fixture
def uz(tmp_path_factory: pytest.TempPathFactory, hub: ScriptedHub) -> Desk:
    """UZ's desk."""
    desk = Desk(tmp_path_factory.mktemp("uz"), hub, "UZ/NFP", "UZ/NFP/DUTY-1")
    desk.sync()
    return desk


@pytest.fixture
def screen(kz: Desk, hub: ScriptedHub) -> Screen:
    """KZ's live screen, locked."""
    return Screen(kz, hub)


def number_of(kz: Desk, digest: str) -> str:
    """The number of something that came, as it is typed."""
    return str(kz.store.items.place_of(digest))


def unlock(screen: Screen) -> None:
    """The officer types the passphrase."""
    screen.press("u", OFFICERS, "\r")
    assert screen.keys.panel.note is Note.UNLOCKED


def test_shift_of_an_officer(kz: Desk, uz: Desk, screen: Screen) -> None:
    """Locked, unlocked, an alert is looked at and acknowledged, locked: each is said on the screen."""
    number = number_of(kz, arrive(uz, kz, precedence="flash"))
    assert "KZ/NFP/DUTY-1, LOCKED" in screen.texts
    screen.press("u")
    assert "Passphrase of KZ/NFP/DUTY-1:" in screen.texts
    screen.press(OFFICERS)
    assert OFFICERS not in screen.texts
    assert OFFICERS not in repr(screen.keys.panel)
    screen.press("\r")
    assert "KZ/NFP/DUTY-1, unlocked until" in screen.texts
    screen.press("a", number)
    assert f"Number of the dispatch to acknowledge: {number}_" in screen.texts
    screen.press("\r")
    assert "To be signed by KZ/NFP/DUTY-1:" in screen.texts
    assert f"Acknowledged: {number}" in screen.texts
    assert "Stop the shipment: look out" in screen.texts or "look out" in screen.texts
    assert screen.outbox == []
    screen.press("y")
    assert screen.outbox == ["acknowledged"]
    assert f"{number}: Acknowledged, signed by KZ/NFP/DUTY-1, waiting to be sent." in screen.texts
    assert "To be sent: 1" in screen.texts
    screen.press("l")
    assert "KZ/NFP/DUTY-1, LOCKED" in screen.texts
    assert screen.press("q")


def test_decline_asks_for_the_reason(kz: Desk, uz: Desk, screen: Screen) -> None:
    """The reason is chosen by its number, and is part of what is shown."""
    number = number_of(kz, arrive(uz, kz))
    unlock(screen)
    screen.press("d", number, "\r")
    assert "5  No capacity in the time given" in screen.texts
    screen.press("9", "5")
    assert f"Declined: {number} (No capacity in the time given)" in screen.texts
    screen.press("y")
    assert screen.outbox == ["declined"]
    assert kz.store.outbox.all(1)[0].draft["reason"] == "capacity"


@pytest.mark.parametrize("key", ["a", "d", "A", "ф", "в"])
def test_locked_screen_says_what_to_press(screen: Screen, key: str) -> None:
    """Nothing is answered while locked, and the screen says which key helps."""
    screen.press(key)
    assert screen.keys.panel.mode is Mode.SCREEN
    assert "LOCKED: nothing can be signed. Press u and type the officer's passphrase." in screen.texts


def test_russian_layout_has_the_same_keys(kz: Desk, uz: Desk, screen: Screen) -> None:
    """Every key does the same under a Russian layout; a passphrase is taken as it is typed."""
    number = number_of(kz, arrive(uz, kz))
    screen.press("г", OFFICERS, "\r", "ф", number, "\r", "н")
    assert screen.outbox == ["acknowledged"]
    screen.press("в", number, "\r", "1", "т")
    assert (screen.outbox, screen.keys.panel.note) == (["acknowledged"], Note.NOTHING_SIGNED)
    screen.press("д")
    assert screen.keys.panel.left_ms is None
    screen.press(",")
    assert "u  unlock" in screen.texts
    screen.press("x")
    assert screen.press("й")


def test_wrong_passphrases(screen: Screen) -> None:
    """Three tries, each counted; then it begins again, and the officer learns of them first."""
    screen.press("u", "wrong\r")
    assert "Wrong passphrase." in screen.texts
    assert screen.keys.panel.mode is Mode.PASSPHRASE
    screen.press("wrong\r", "wrong\r")
    assert (screen.keys.panel.mode, screen.keys.panel.left_ms) == (Mode.SCREEN, None)
    screen.press("u")
    assert "Wrong passphrases of KZ/NFP/DUTY-1 since" in screen.texts
    screen.press("\x15", f"x\x7f{OFFICERS}\r")
    assert screen.keys.panel.note is Note.UNLOCKED


def test_q_is_a_letter_of_a_passphrase(screen: Screen) -> None:
    """Where text is typed, letters are text; Ctrl-C and Ctrl-D end it everywhere."""
    assert not screen.press("u", "q")
    assert screen.press("\x03")
    assert screen.press("\x04")


def test_nothing_is_signed_unseen(kz: Desk, uz: Desk, screen: Screen) -> None:
    """What is pasted, or came before the look, signs nothing; nor does a window that cannot show it."""
    number = number_of(kz, arrive(uz, kz))
    unlock(screen)
    screen.press(f"a{number}\ry")
    assert (screen.outbox, screen.keys.panel.mode) == ([], Mode.CONFIRM)
    screen.rows = 3
    screen.press("x", "y")
    assert "too small" in screen.texts
    assert screen.outbox == []
    screen.rows = 24
    screen.press("x", "y")
    assert screen.outbox == ["acknowledged"]


def test_what_has_changed_is_looked_at_again(kz: Desk, uz: Desk, screen: Screen) -> None:
    """A dispatch that was cancelled between look and yes is shown again, and signed by another yes only."""
    digest = arrive(uz, kz, precedence="flash")
    unlock(screen)
    screen.press("a", number_of(kz, digest), "\r")
    follow_up(uz, kz, "cancel", digest)
    screen.press("y")
    assert screen.outbox == []
    assert "It has changed since you looked." in screen.texts
    assert "CANCELLED" in screen.texts
    screen.press("y")
    assert screen.outbox == ["acknowledged"]


def test_time_locks_whatever_is_open(kz: Desk, uz: Desk, screen: Screen) -> None:
    """After ten minutes the question is gone, the key is locked, and the yes of whoever comes by signs nothing."""
    number = number_of(kz, arrive(uz, kz))
    unlock(screen)
    screen.press("a", number, "\r")
    screen.now_ms += LOCK_MS
    screen.press("y")
    assert (screen.outbox, screen.keys.panel.mode) == ([], Mode.SCREEN)
    assert "Locked: no key was pressed for 10 minutes" in screen.texts


@pytest.mark.parametrize("typed", ["", "x", "999"])
def test_number_that_is_none(screen: Screen, typed: str) -> None:
    """What is no number is asked again; a number that nobody has says so; Esc leads back."""
    unlock(screen)
    screen.press("a", typed, "\r")
    note = screen.keys.panel.note
    assert note is Note.NO_NUMBER or (isinstance(note, ClientError) and note.code is LocalCode.NO_DISPATCH)
    screen.press("\x1b")
    assert (screen.keys.panel.mode, screen.keys.panel.note) == (Mode.SCREEN, None)


def test_put_aside_is_locked(screen: Screen) -> None:
    """Ctrl-Z locks: whoever has the terminal then has no key."""
    unlock(screen)
    screen.keys.lock()
    assert screen.keys.panel.left_ms is None


@given(
    st.sampled_from(list(Mode)),
    st.sampled_from([None, *Note, ClientError(LocalCode.OFFICER_LOCKED, officer="x")]),
    st.integers(1, 120),
    st.integers(1, 60),
)
def test_it_fits_every_screen(mode: Mode, note: Note | ClientError | None, columns: int, rows: int) -> None:
    """Whatever the keys have led to: no line is wider than the screen, none too many, the head is on top."""
    panel = Panel(mode, Address("KZ/NFP/DUTY-1"), None, "1" * 24, note=note)
    lines = render(FEED, columns, rows, panel)
    assert len(lines) == rows
    assert max(width_of(line.text) for line in lines) <= columns
    assert lines[0].text.startswith("KZ/NFP, desk: connected"[:columns])


def test_answer_that_was_given_before_is_said(kz: Desk, uz: Desk, screen: Screen) -> None:
    """The same answer is signed once."""
    number = number_of(kz, arrive(uz, kz))
    unlock(screen)
    screen.press("a", number, "\r", "y", "a", number, "\r", "y")
    note = screen.keys.panel.note
    assert isinstance(note, OfficerAnswer)
    assert (note.waited, screen.outbox) == (True, ["acknowledged"])
    assert "answered already, and waiting to be sent" in screen.texts
