"""What its provider keeps leaves a client by no file, alert or dispatch without a word that it was permitted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from clients.actions.exporting import ExportOptions, choose
from clients.actions.forwarding import begin_forward, forwarding_cover
from clients.actions.handling import WantedUse
from clients.actions.numbers import SpokenNumber
from clients.actions.proving import choose_evidence
from clients.actions.writing import CoverOptions, Marking
from clients.cli.commands import serai
from clients.documents.export_files import export_pieces, make_format
from clients.documents.export_format import ExportTally
from clients.errors import LocalCode
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from schemas.rules.handling import Use
from tests.support.counter import Counter, serve
from tests.support.desk import Desk, ScriptedHub, warning
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, World

SECRET = "Blue lorry that nobody else may know of"


@pytest.fixture
def desk(tmp_path: Path, world: World) -> Desk:
    """The desk of UZ."""
    made = Desk(tmp_path, ScriptedHub(world), UZ, f"{UZ}/DUTY-1")
    made.sync()
    return made


def receive(desk: Desk, code: str, /, **members: Any) -> SpokenNumber:
    """KZ sends a warning; gives its number."""
    value = {**warning().model_dump(mode="json", exclude_none=True), "summary": SECRET, **members}
    digest = desk.hub.send(desk.hub.world.dispatch(KZ, [UZ], value, handling=code))
    desk.sync()
    return SpokenNumber(desk.store.items.place_of(digest) or 0, None)


def handed_out(desk: Desk, name: str, use: Use) -> str:
    """A file of everything that a desk has."""
    counter, wanted = Counter(desk, desk.hub), WantedUse(use)
    writer = make_format(name, counter, wanted, single=False)
    choice = choose(counter, ExportOptions(wanted=wanted))
    return b"".join(export_pieces(counter, choice, writer, ExportTally())).decode()


@pytest.mark.parametrize(
    ("name", "use", "permits", "keeps"),
    [("json", Use.OWN, "H2", "H3"), ("cap", Use.OTHERS, "H1", "H2"), ("json", Use.COURT, "H0", "H1")],
)
def test_file_of_what_its_provider_keeps(desk: Desk, name: str, use: Use, permits: str, keeps: str) -> None:
    """A file for a use has what its provider permits for it, and nothing of what it keeps."""
    receive(desk, keeps)
    assert SECRET not in handed_out(desk, name, use)
    receive(desk, permits)
    assert SECRET in handed_out(desk, name, use)


@pytest.mark.parametrize(
    "handling",
    [{"scheme": "handling", "code": "H2"}, {"scheme": "handling", "code": "H7"}, {"scheme": "tlp", "code": "red"}],
)
def test_report_that_permits_less_than_its_cover(desk: Desk, handling: dict[str, str]) -> None:
    """A code or colour inside keeps what the cover would let go, one that is not known too."""
    number = receive(desk, "H0", handling=[handling])
    assert SECRET not in handed_out(desk, "cap", Use.OTHERS)
    with refused(LocalCode.USE_NOT_PERMITTED):
        begin_forward(Counter(desk, desk.hub), number, None, "")


def test_kept_report_goes_on_under_a_laxer_code(desk: Desk) -> None:
    """What needs permission is refused without; with it, the code goes along however the person marks it."""
    number, counter = receive(desk, "H2"), Counter(desk, desk.hub)
    with refused(LocalCode.USE_NOT_PERMITTED):
        begin_forward(counter, number, None, "")
    forwarding = begin_forward(counter, number, None, "Letter 12 of 1 June")
    laxer = CoverOptions(Marking(handling="H0"))
    assert forwarding_cover(counter, forwarding, (Address(RU),), laxer).handling == "H2"


def test_disclosed_to_a_court_without_permission(desk: Desk) -> None:
    """A file that opens a content needs its provider's permission but under H0; one that keeps it sealed needs none."""
    number, counter = receive(desk, "H1"), Counter(desk, desk.hub)
    with refused(LocalCode.USE_NOT_PERMITTED, KZ):
        choose_evidence(counter, [number.index], wanted=WantedUse(Use.COURT))
    assert choose_evidence(counter, [number.index]).dispatches
    assert choose_evidence(counter, [number.index], wanted=WantedUse(Use.COURT, "Letter 12")).dispatches


def test_provider_that_the_sender_claims(desk: Desk) -> None:
    """A sender that names us as the provider of what it sends makes us none: its codes hold for us."""
    number = receive(desk, "H3", provider={"member": UZ, "digest": "A" * 43})
    assert SECRET not in handed_out(desk, "json", Use.OWN)
    with refused(LocalCode.USE_NOT_PERMITTED, KZ):
        begin_forward(Counter(desk, desk.hub), number, None, "")


def unlogged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
    """The number of a warning that may go anywhere, at a desk whose log of that cannot be written."""
    number = receive(desk, "H0")
    serve(monkeypatch, Counter(desk, desk.hub))

    def fail(*_entries: object) -> None:
        raise SeraiError(Code.STORAGE_FAILED, "disk full")

    monkeypatch.setattr(desk.store.handed, "add", fail)
    return str(number.index)


@pytest.mark.parametrize(
    "words",
    [
        ("print",),
        ("print", "--output", "out"),
        ("export", "--format", "json", "--output", "out"),
        ("evidence", "--disclose", "--permission", "letter 12", "--yes", "--out", "out"),
        ("forward", "--to", RU, "--yes", "--wait", "0"),
    ],
    ids=" ".join,
)
def test_handed_out_and_the_log_not_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Whoever keeps the log from being written gets no paper and no file, and passes nothing on."""
    monkeypatch.chdir(tmp_path)
    number = unlogged(desk, monkeypatch)
    before = desk.store.outbox.all(100)
    done = CliRunner().invoke(serai, [words[0], number, *words[1:]], prog_name="serai")
    assert done.exit_code != 0
    assert SECRET not in done.stdout
    assert not list(tmp_path.glob("*out*"))
    assert desk.store.outbox.all(100) == before


def test_handed_through_a_pipe_and_the_log_not_written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what goes to another program not a byte leaves before the log has it."""
    done = CliRunner().invoke(serai, ["export", unlogged(desk, monkeypatch), "--format", "json"], prog_name="serai")
    assert done.stdout == ""
    assert done.exit_code != 0
