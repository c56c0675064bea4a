"""What the command line asks a person at a terminal."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import re
import signal
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pexpect
import pytest

from tests.support.scenario import OFFICERS, PASSPHRASE, Stage

_PATIENCE_S = 120


@contextmanager
def at_terminal(stage: Stage, actor: str, *arguments: str, **extra: str) -> Iterator[pexpect.spawn[str]]:
    """``serai`` at a terminal of 80 columns, with nothing that gives it the passphrase."""
    environment = {**stage.environment(actor), "TERM": "xterm", **extra}
    del environment["CREDENTIALS_DIRECTORY"]
    child = pexpect.spawn(
        sys.executable,
        ["-m", "clients.cli", *arguments],
        cwd=str(stage.path),
        env=environment,
        encoding="utf-8",
        timeout=_PATIENCE_S,
        dimensions=(50, 80),
    )
    try:
        yield child
    finally:
        child.close(force=True)


def end(child: pexpect.spawn[str]) -> int:
    """The exit code, after everything was said."""
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus is not None
    return child.exitstatus


def answer(child: pexpect.spawn[str], question: str, text: str) -> None:
    """Wait for a question, and answer it."""
    child.expect_exact(question)
    child.sendline(text)


def go_on(child: pexpect.spawn[str]) -> None:
    """Take up the draft where it was left."""
    answer(child, "Passphrase of this store", PASSPHRASE)
    child.expect_exact("There is an unfinished draft")
    child.expect_exact("KZ-9")
    answer(child, "Go on with it?", "y")
    answer(child, "The case in words", "Blue lorry.")
    answer(child, "Earliest arrival", "tomorrow")
    answer(child, "please type it again", "")
    answer(child, "Number plate", "")
    answer(child, "Container number", "CSQU3054384")
    child.expect_exact("UZ/NFP")
    answer(child, "Numbers or addresses, or ALL", "1")
    answer(child, "Number", "flash")


def test_steps_and_a_crash(played: Stage) -> None:
    """An officer is asked step by step; what was typed survives a crash; nothing goes before a yes."""
    played.play("kz> serai inbox --fetch\nNothing.\nTrue as of ...\n")
    with at_terminal(played, "kz", "send", "warning") as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        answer(child, "Your own reference number", "KZ-9")
        child.expect_exact("Control the shipment")
        answer(child, "Number", "99")
        answer(child, "please type it again", "4")
        child.expect_exact("The case in words")
    with at_terminal(played, "kz", "send", "warning") as child:
        go_on(child)
        child.expect_exact("EXERCISE - EXERCISE")
        child.expect_exact("UZ/NFP (Focal point)")
        child.expect_exact("LOOK AGAIN")
        answer(child, "Send it? [y/N]", "n")
        child.expect_exact("Nothing was sent. What you typed is kept: the same command goes on with it.")
        assert end(child) == 5
    played.play("kz> serai sent\nNothing...\n...\n")
    with at_terminal(played, "kz", "send", "warning", "--to", "UZ/NFP", "--precedence", "flash") as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        answer(child, "Go on with it?", "y")
        answer(child, "Send it? [y/N]", "y")
        answer(child, "/NFP/DUTY-1", OFFICERS)
        child.expect("Sent as EX [0-9]+, to UZ/NFP")
        assert end(child) == 0
    played.play("kz> serai sent\n...\n... Warning ... UZ/NFP\n...\n")


def test_wrong_passphrase_opens_nothing(resting: Stage) -> None:
    """A wrong passphrase is told as one, and asked for again, twice."""
    with at_terminal(resting, "kz", "inbox") as child:
        for _ in range(2):
            answer(child, "Passphrase of this store", "something else")
            child.expect_exact("Wrong passphrase. Please try again.")
        answer(child, "Passphrase of this store", "something else")
        child.expect_exact("wrong passphrase")
        assert end(child) == 1
    with at_terminal(resting, "kz", "inbox") as child:
        answer(child, "Passphrase of this store", "something else")
        answer(child, "Passphrase of this store", PASSPHRASE)
        child.expect_exact("Nothing")
        assert end(child) == 0


@pytest.mark.parametrize(("agreed", "status"), [("n", 5), ("y", 0)])
def test_root_is_pinned_by_a_person(resting: Stage, agreed: str, status: int) -> None:
    """Whoever joins compares the root's thumbprint, and types a new passphrase twice."""
    where = ["--network", "root/root/network.jws", "--hub", "ws://127.0.0.1:1", "--name", "Focal point"]
    with at_terminal(resting, "tj", "init", "TJ/NFP", *where) as child:
        child.expect_exact("Thumbprint of the network's root")
        answer(child, "Is this the root's thumbprint? [y/N]", agreed)
        if status == 0:
            answer(child, "New passphrase", "short")
            answer(child, "Repeat for confirmation", "shore")
            answer(child, "New passphrase", PASSPHRASE)
            answer(child, "Repeat for confirmation", PASSPHRASE)
            child.expect_exact("TJ-NFP.request.jws")
        assert end(child) == status
    assert (resting.path / "tj" / "store.db").exists() is (status == 0)


def test_steps_in_russian(played: Stage) -> None:
    """An officer who works in Russian is asked in Russian, and answers in it: codes by their label, all, yes."""
    played.play("kz> serai inbox --fetch\nNothing.\nTrue as of ...\n")
    with at_terminal(played, "kz", "send", "warning", SERAI_LANG="ru") as child:
        answer(child, "Парольная фраза этого хранилища", PASSPHRASE)
        answer(child, "Ваш собственный исходящий номер", "KZ-10")
        answer(child, "Номер", "Задержать груз")
        answer(child, "Суть дела", "Синий грузовик.")
        answer(child, "Самое раннее прибытие", "завтра")
        answer(child, "введите ещё раз", "")
        answer(child, "Номерной знак", "")
        answer(child, "Номер контейнера", "")
        answer(child, "Номера, адреса или ВСЕ", "все")
        answer(child, "Номер", "молния")
        child.expect_exact("УЧЕНИЕ - УЧЕНИЕ")
        answer(child, "Отправить? [да/НЕТ]", "да")
        answer(child, "Парольная фраза KZ/NFP/DUTY-1", OFFICERS)
        child.expect("Отправлено под номером EX [0-9]+, кому: UZ/NFP")
        assert end(child) == 0


def _sent(stage: Stage) -> str:
    """KZ warns UZ; the number in the ledger."""
    stage.play(
        "kz> serai send warning --to UZ/NFP --reference KZ-1 --action stop --plate 'A 1' --summary 'Blue.' --yes"
        " 2>/dev/null\nSent as EX <N>, to UZ/NFP; accepted by the hub.\n"
    )
    return stage.known["N"].removeprefix("EX")


def test_correction_asks_only_what_is_to_change(played: Stage) -> None:
    """A correction opens with what was sent; what was changed survives a crash; nothing goes before a yes."""
    number = _sent(played)
    with at_terminal(played, "kz", "correct", number) as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        child.expect_exact("The case in words: Blue.")
        child.expect_exact("Number plate of the vehicle: A 1")
        answer(child, "What is to change?", "99")
        answer(child, "please type it again", "3")
        answer(child, "The case in words", "Red.")
        child.expect_exact("The case in words: Red.")
    with at_terminal(played, "kz", "correct", number) as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        child.expect_exact("summary: Red.")
        answer(child, "Go on with it?", "y")
        answer(child, "What is to change?", "")
        child.expect_exact("EXERCISE - EXERCISE")
        child.expect_exact("Corrects")
        child.expect_exact("No longer said:")
        child.expect_exact("summary: Blue.")
        answer(child, "Send it?", "n")
        assert end(child) == 5
    with at_terminal(played, "kz", "correct", number) as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        answer(child, "Go on with it?", "y")
        answer(child, "What is to change?", "")
        answer(child, "Send it?", "y")
        answer(child, "/NFP/DUTY-1", OFFICERS)
        child.expect("Sent as EX [0-9]+, corrects EX [0-9]+, to UZ/NFP")
        assert end(child) == 0
    played.play(f"kz> serai correct {number} --summary Green. --yes\nserai: ... was corrected by ...\n...\n[1]\n")


def test_reply_and_cancellation_ask_for_words_only(played: Stage) -> None:
    """A reply asks for its words, a cancellation for its reason; both survive a no."""
    number = _sent(played)
    played.play("uz> serai inbox --fetch\n...\n")
    with at_terminal(played, "uz", "reply", number) as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        answer(child, "Your answer", "On its way.")
        answer(child, "Send it?", "n")
        assert end(child) == 5
    with at_terminal(played, "uz", "reply", number) as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        child.expect_exact("summary: On its way.")
        answer(child, "Go on with it?", "y")
        answer(child, "Send it?", "y")
        answer(child, "/NFP/DUTY-1", OFFICERS)
        child.expect("Sent as EX [0-9]+, to KZ/NFP")
        assert end(child) == 0
    with at_terminal(played, "kz", "cancel", number) as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        answer(child, "Why is it cancelled?", "")
        answer(child, "please type it again", "Found elsewhere.")
        child.expect_exact("Cancels")
        answer(child, "Send it?", "y")
        answer(child, "/NFP/DUTY-1", OFFICERS)
        child.expect("Sent as EX [0-9]+, cancels EX [0-9]+, to UZ/NFP")
        assert end(child) == 0


def _modes(child: pexpect.spawn[str]) -> list[Any]:
    """How the terminal treats keys."""
    return termios.tcgetattr(child.child_fd)


@pytest.mark.parametrize("colour", [True, False], ids=["colour", "no colour"])
def test_live_screen_draws_and_gives_the_terminal_back(played: Stage, colour: bool) -> None:
    """The live screen shows what came, marked in words; it follows the window's size; q gives the terminal back."""
    _sent(played)
    played.play("uz> serai inbox --fetch\n...\n")
    extra = {} if colour else {"NO_COLOR": "1"}
    with at_terminal(played, "uz", "watch", **extra) as child:
        before = _modes(child)
        answer(child, "Passphrase of this store", PASSPHRASE)
        child.expect_exact("\x1b[?1049h")
        child.expect_exact("serai run is not running")
        child.expect_exact("EXERCISE - EXERCISE - EXERCISE - EXERCISE - EXERCISE - EXERCISE")
        child.expect("EX [0-9]+ .*EXERCISE Stop")
        assert bool(re.search(r"\x1b\[[0-9;]*m", f"{child.before}{child.after}")) is colour
        assert _modes(child)[3] & (termios.ICANON | termios.ECHO) == 0
        child.setwinsize(30, 120)
        child.expect_exact(" - ".join(["EXERCISE"] * 10))
        child.send("q")
        child.expect_exact("\x1b[?7h\x1b[?25h\x1b[?1049l")
        assert end(child) == 0
        assert before[3] & (termios.ICANON | termios.ECHO) == termios.ICANON | termios.ECHO


@pytest.mark.parametrize(("how", "status"), [("\x03", 0), (signal.SIGTERM, 143)], ids=["ctrl-c", "terminated"])
def test_live_screen_ends_clean_however_it_ends(played: Stage, how: str | signal.Signals, status: int) -> None:
    """Ctrl-C, and an end from outside, give the terminal back as it was: keys, echo, cursor, screen."""
    with at_terminal(played, "kz", "watch") as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        child.expect_exact("q or Ctrl-C ends")
        if isinstance(how, str):
            child.send(how)
        else:
            child.kill(how)
        child.expect_exact("\x1b[?25h\x1b[?1049l")
        modes = _modes(child)
        assert modes[3] & (termios.ICANON | termios.ECHO) == termios.ICANON | termios.ECHO
        assert end(child) == status


def test_live_screen_follows_what_comes(played: Stage) -> None:
    """What comes, and how the line is, appears by itself; what is urgent is on top and rings until it is answered."""
    played.play("uz> start: serai run\nuz> until: serai status\n...\nConnection     connected ...\n...\n")
    with at_terminal(played, "uz", "watch") as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        child.expect("connected since [0-9:]+ UTC")
        played.play(
            "kz> serai send warning --to UZ/NFP --precedence flash --reference KZ-1 --action stop --summary Blue. --yes"
            " 2>/dev/null\nSent as EX <N>, to UZ/NFP; accepted by the hub.\n"
        )
        child.expect_exact("URGENT, waits for an officer: 1")
        child.expect_exact("! EXERCISE - FLASH EX")
        for _ in range(2):
            child.expect_exact("\a")
        played.play("uz> serai acknowledge $N\n...\n")
        child.expect(r"Newest first:[^\n]*\r\n[^\n]*EX [0-9]+ [^\n]* \+ KZ/NFP")
        played.play("uz> stop\n")
        child.expect_exact("serai run is not running")
        child.send("q")
        assert end(child) == 0


def test_officer_answers_at_the_live_screen(played: Stage) -> None:
    """Locked, unlocked without an echo, an alert acknowledged after a look; Ctrl-Z locks."""
    played.play(
        "kz> serai send warning --to UZ/NFP --precedence flash --reference KZ-7 --action stop --summary Blue. --yes"
        ' --json 2>/dev/null\n{..."place": <N>, ...}\nuz> serai inbox --fetch\n...\n'
    )
    with at_terminal(played, "uz", "watch") as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        child.expect_exact("UZ/NFP/DUTY-1, LOCKED")
        child.send("a")
        child.expect_exact("LOCKED: nothing can be signed.")
        child.send("u")
        child.expect_exact("It is not shown.")
        child.send(OFFICERS + "\r")
        child.expect("unlocked until [0-9:]+ UTC")
        assert OFFICERS not in str(child.before)
        child.send("a")
        child.expect_exact("Number of the dispatch to acknowledge")
        child.send(f"{played.known['N']}\r")
        child.expect_exact("To be signed by UZ/NFP/DUTY-1:")
        child.expect_exact("y signs it.")
        child.send("y")
        child.expect_exact("signed by UZ/NFP/DUTY-1, waiting to be sent.")
        child.send("\x1a")
        child.expect_exact("\x1b[?25h\x1b[?1049l")
        child.kill(signal.SIGCONT)
        child.expect_exact("UZ/NFP/DUTY-1, LOCKED")
        child.send("q")
        assert end(child) == 0


def test_live_screen_can_be_put_aside(played: Stage) -> None:
    """Ctrl-Z gives the terminal back until the process goes on, and then the screen is drawn again."""
    with at_terminal(played, "kz", "watch") as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        child.expect_exact("q or Ctrl-C ends")
        child.send("\x1a")
        child.expect_exact("\x1b[?25h\x1b[?1049l")
        assert _modes(child)[3] & termios.ICANON
        child.kill(signal.SIGCONT)
        child.expect_exact("\x1b[?1049h")
        child.expect_exact("q or Ctrl-C ends")
        child.send("q")
        assert end(child) == 0
