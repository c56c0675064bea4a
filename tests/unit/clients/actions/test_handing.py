"""What leaves the system is in a log; when its provider changes it, whoever let it out is told, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clients.actions.handing import HandedList, HandedWay, list_handed, note_handed
from clients.actions.handling import WantedUse
from clients.actions.news import NewsKind, Newsreader
from clients.actions.numbers import SpokenNumber
from clients.actions.retention import delete_dispatch
from clients.cli.commands import serai
from clients.store.handed import HandedState
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from schemas.rules.handling import Use
from tests.support.counter import Counter, serve
from tests.support.desk import Desk
from tests.support.traffic import arrive, follow_up, give_receipt

UZ = Address("UZ/NFP")
DUTY = Address("KZ/NFP/DUTY-1")


def type_in(counter: Counter, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """Somebody types a command."""
    serve(monkeypatch, counter)
    return CliRunner().invoke(serai, words, prog_name="serai")


def number_of(desk: Desk, digest: str) -> str:
    """Its number."""
    return str(desk.store.items.place_of(digest))


def shown(found: HandedList) -> list[tuple[str, str, str, str, str, tuple[Address, ...]]]:
    """What the log says."""
    return [(each.by, each.way, each.form, each.use, each.permission, each.to) for each in found.shown]


def test_paper_files_and_passing_on_are_in_the_log(
    kz: Desk, uz: Desk, counter: Counter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Who, which dispatch, what kind of file, for what and by which permission; of each, also to standard output."""
    digest = arrive(uz, kz, handling="H3")
    number, permission = number_of(kz, digest), "letter 12"
    for words in (
        ("print", number, "--permission", permission),
        ("export", number, "--format", "json", "--permission", permission, "--output", str(tmp_path / "out.json")),
        ("export", number, "--format", "json", "--permission", permission, "--use", "court"),
        (
            "evidence",
            number,
            "--disclose",
            "--permission",
            permission,
            "--yes",
            "--out",
            str(tmp_path / "e"),
        ),
        ("forward", number, "--to", "RU/NFP", "--permission", permission, "--yes", "--wait", "0"),
    ):
        assert type_in(counter, monkeypatch, *words).exit_code in (0, 3), words
    assert shown(list_handed(counter, 9)) == [
        (DUTY, "forward", "dispatch", "others", permission, (Address("RU/NFP"),)),
        (DUTY, "export", "evidence", "court", permission, ()),
        (DUTY, "export", "json", "court", permission, ()),
        (DUTY, "export", "json", "own", permission, ()),
        (DUTY, "print", "paper", "own", permission, ()),
    ]
    assert {each.digest for each in list_handed(counter, 9, digest).shown} == {digest}
    assert (list_handed(counter, 1).left, list_handed(counter, 9, "A" * 43).shown) == (4, ())


def test_what_is_not_in_the_file_is_not_in_the_log(
    kz: Desk, uz: Desk, counter: Counter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A dispatch that is left out of a file did not leave; nor did one whose use is not permitted."""
    digest = arrive(uz, kz, handling="H3")
    out = str(tmp_path / "out.json")
    assert type_in(counter, monkeypatch, "export", "--format", "json", "--output", out).exit_code == 0
    assert type_in(counter, monkeypatch, "print", number_of(kz, digest)).exit_code == 1
    assert not list_handed(counter, 9).shown


def test_what_cannot_be_logged_does_not_leave(
    kz: Desk, uz: Desk, counter: Counter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """While the log cannot be written there is no file, and no paper."""
    number = number_of(kz, arrive(uz, kz, reference="secret"))

    def fail(*_what: object) -> None:
        raise SeraiError(Code.STORAGE_FAILED, "disk full")

    monkeypatch.setattr(counter.store.handed, "add", fail)
    out = tmp_path / "out.json"
    assert type_in(counter, monkeypatch, "export", number, "--format", "json", "--output", str(out)).exit_code != 0
    assert not out.exists()
    printed = type_in(counter, monkeypatch, "print", number)
    assert printed.exit_code != 0
    assert "secret" not in printed.stdout


def handed(counter: Counter, digest: str) -> None:
    """It was printed."""
    note_handed(counter, [digest], DUTY, HandedWay.PRINT, "paper", WantedUse(Use.OWN, ""))


@pytest.mark.parametrize("rel", ["cancel", "update"])
def test_change_by_its_provider_is_told_once(
    kz: Desk, uz: Desk, counter: Counter, monkeypatch: pytest.MonkeyPatch, rel: str
) -> None:
    """Whoever handed it out reads that in the lists until the log was looked at, and is called if it is urgent."""
    digest, other = arrive(uz, kz, precedence="flash"), arrive(uz, kz, precedence="flash")
    handed(counter, digest)
    news = Newsreader(kz.store, "watch", lambda: kz.hub.world.time_ms)
    assert (news.look(), kz.store.handed.changed_count()) == ([], 0)
    by = follow_up(uz, kz, rel, digest)
    follow_up(uz, kz, rel, other)
    (found,) = news.look()
    assert (found.kind, found.digest, found.members) == (NewsKind.HANDED_CHANGED, digest, (UZ,))
    news.called([found])
    assert not Newsreader(kz.store, "watch", lambda: kz.hub.world.time_ms).look()
    said = "was changed since it was printed"
    assert said in " ".join(type_in(counter, monkeypatch, "inbox").stdout.split())
    assert "serai log" in type_in(counter, monkeypatch, "status").stdout
    done = type_in(counter, monkeypatch, "log")
    assert done.exit_code == 0, (done.output, done.exception)
    log = " ".join(done.stdout.split())
    assert f"CHANGED SINCE by {number_of(kz, by)}" in log
    assert said not in " ".join(type_in(counter, monkeypatch, "inbox").stdout.split())
    assert [each.state for each in list_handed(counter, 9).shown] == [HandedState.TOLD]
    kz.store.handed.change(digest, by, UZ, "actual")
    assert kz.store.handed.changed_count() == 0


def test_routine_change_calls_nobody_and_is_read(kz: Desk, uz: Desk, counter: Counter) -> None:
    """What is not urgent waits until somebody looks at a list."""
    digest = arrive(uz, kz, precedence="routine")
    handed(counter, digest)
    follow_up(uz, kz, "cancel", digest)
    assert not Newsreader(kz.store, "watch", lambda: kz.hub.world.time_ms).look()
    assert kz.store.handed.changed_count() == 1


def test_log_outlives_the_text(kz: Desk, uz: Desk, counter: Counter) -> None:
    """Who let a text out is known after it was deleted here, and a later change is told all the same."""
    digest = arrive(uz, kz)
    handed(counter, digest)
    kz.confirm()
    give_receipt(kz, uz, digest, "acknowledged")
    delete_dispatch(counter, SpokenNumber(kz.store.items.place_of(digest) or 0, None), "order 17", None)
    (kept,) = list_handed(counter, 9).shown
    assert (kept.digest, kept.by, kept.number) == (digest, DUTY, kz.store.items.place_of(digest))
    follow_up(uz, kz, "cancel", digest)
    assert kz.store.handed.changed_count() == 1


def test_change_while_somebody_reads_the_log_is_told_again(kz: Desk, uz: Desk, counter: Counter) -> None:
    """What has changed after it was read from the store does not count as looked at."""
    handed(counter, digest := arrive(uz, kz))
    assert not kz.store.handed.change(digest, "A" * 43, Address("RU/NFP"), "actual")
    assert not kz.store.handed.change(digest, "A" * 43, UZ, "exercise")
    kz.store.handed.change(digest, "B" * 43, UZ, "actual")
    before = kz.store.handed.newest(9)
    kz.store.handed.change(digest, "C" * 43, UZ, "actual")
    kz.store.handed.tell(before)
    assert kz.store.handed.changed_count() == 1
    kz.store.handed.tell(kz.store.handed.newest(9))
    assert kz.store.handed.changed_count() == 0
