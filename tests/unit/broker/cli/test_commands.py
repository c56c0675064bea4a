"""``serai-hub``: making a hub, admitting and suspending, checking, backup and restore."""

from __future__ import annotations

import json
import shutil
import socket
import stat
from pathlib import Path
from typing import Final

import pytest

from broker.adapters.sockets import short_address
from broker.adapters.system import FileSigner
from broker.app import make_hub, open_ports
from broker.core.verification import verify_submission
from broker.service.sequencer import Candidate, Sequencer
from broker.settings import HubFolder
from schemas.statements import parse_statement
from tests.support.world import KG, KZ, TJ, digest_of
from tests.unit.broker.cli.hubs import Place, Words, run, run_apart
from tests.unit.broker.edges import change, enter

NO_BLOBS: Final = {
    "attachments": {
        **dict.fromkeys(("whole", "whole_bytes", "partial", "partial_bytes"), 0),
        "lost": 0,
        "spoilt": 0,
    }
}
"""What a check says of a hub without attachments."""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A hub that was made and whose network was founded."""
    return Place(tmp_path).found()


def size_of(folder: HubFolder) -> int:
    """Leaves in the ledger of a hub that does not serve."""
    with open_ports(folder, folder.read_settings()) as ports:
        return ports.store.head().size


def mode(path: Path) -> int:
    """Permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def refusal(*words: str | Path) -> str:
    """What is said of a fault; demands exit code 1 and no answer."""
    result = run(*words)
    assert (words, result.exit_code, result.stdout) == (words, 1, "")
    return result.stderr


# init


def test_init_makes_a_hub_that_only_its_owner_can_read(tmp_path: Path) -> None:
    """In a process of its own: folder, settings and keys are closed to others, and the public keys are the answer."""
    folder = HubFolder(tmp_path / "new" / "hub")
    network = f"toy/{digest_of('root')}"
    done = run_apart("init", folder.path, "--network", network, "--origin", "wss://hub.example:443")
    assert (done.returncode, done.stderr) == (0, "")
    signer = FileSigner(folder.keys)
    assert json.loads(done.stdout) == {
        "ledger_key": signer.ledger.public.to_jwk(),
        "event_key": signer.event.public.to_jwk(),
    }
    assert signer.ledger_kid != signer.event_kid
    assert folder.read_settings().network == network
    assert {mode(folder.path), mode(folder.keys)} == {0o700}
    assert {mode(file) for file in (folder.settings_file, *folder.keys.iterdir())} == {0o600}


def test_init_does_nothing_by_halves(tmp_path: Path) -> None:
    """A network, origin or port that cannot be is refused before anything is made, and what it must be is said."""
    folder, network, origin = tmp_path / "hub", f"toy/{digest_of('root')}", "wss://hub.example:443"
    wrong = [
        ("network is", "toy", origin, "1"),
        ("origins are", network, "wss://hub.example", "1"),
        ("origins are", network, "https://hub:443", "1"),
        ("port is 0 to 65535", network, origin, "99999"),
    ]
    for name, *words in wrong:
        said = refusal("init", folder, "--network", words[0], "--origin", words[1], "--port", words[2])
        assert "cannot be used" in said
        assert f"hub.toml: {name}" in said
        assert "code malformed_json" in said
        assert not folder.exists()
    assert run("init", folder, "--network", network, "--origin", origin).exit_code == 0


def test_no_password_is_taken_from_the_command_line(tmp_path: Path) -> None:
    """What every user of the machine could read is refused, and nothing is made."""
    url, network = "postgresql+psycopg://serai:open@127.0.0.1/hub", f"toy/{digest_of('root')}"
    words = ("--network", network, "--origin", "wss://hub.example:443", "--database", url)
    result = run("init", tmp_path / "hub", *words)
    assert (result.exit_code, "not_permitted" in result.stderr, "open@" in result.stderr) == (1, True, False)
    assert not (tmp_path / "hub").exists()


def test_a_folder_that_is_open_to_others_is_not_used(place: Place) -> None:
    """Mail, register and the operator's socket are the hub's user's alone, or the hub does not start."""
    place.folder.path.chmod(0o750)
    for words in (("serve",), ("ledger", "check")):
        result = run(*words, place.folder.path)
        assert result.exit_code == 1
        assert f"chmod 700 {place.folder.path}" in " ".join(result.stderr.split())
    place.folder.path.chmod(0o700)


def test_init_leaves_a_hub_alone(place: Place) -> None:
    """Where there is a hub, no second one is made over it."""
    before = (place.folder.keys / "ledger.json").read_bytes()
    words = ("--network", place.world.network, "--origin", "ws://127.0.0.1:1")
    assert "code not_permitted" in refusal("init", place.folder.path, *words)
    assert (place.folder.keys / "ledger.json").read_bytes() == before


# admit, suspend


def test_admit_tells_the_place_of_each_statement(place: Place) -> None:
    """A file may hold many statements; what is in the ledger already is told its place again."""
    done = run("admit", place.folder.path, place.file(*place.credentials[:2]))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    expected = [(digest_of(text), index) for index, text in enumerate(place.credentials[:2], 1)]
    assert [(answer["digest"], answer["index"]) for answer in answers] == expected


def test_admit_stops_at_what_is_refused(place: Place) -> None:
    """What came before it stays, the reason is told, and the exit code says so."""
    world = place.world
    first, last = (world.revocation(world.party(f"{member}/DUTY-1")) for member in (KZ, KG))
    receipt = world.receipt(KZ, KG, [world.root.kid])
    done = run("admit", place.folder.path, place.file(first, receipt, last))
    assert (done.exit_code, len(done.stdout.splitlines())) == (1, 1)
    assert "code not_your_statement" in done.stderr
    assert size_of(place.folder) == 8


def test_an_epoch_for_other_keys_is_refused(tmp_path: Path) -> None:
    """An epoch that names keys which this hub does not hold is not begun, and the right one may follow."""
    place = Place(tmp_path)
    other = place.epoch(network=place.world.document())
    assert "other keys than this hub holds" in refusal("admit", place.folder.path, place.file(other))
    assert size_of(place.folder) == 0
    assert size_of(place.found().folder) == 7


def test_suspend_takes_only_members_there_are(place: Place) -> None:
    """A misspelt member is refused, so that nobody believes it was suspended; a right one is."""
    for member, code in (
        ("KZ/NPF", "not_found"),
        ("kz/nfp", "malformed_address"),
        (f"{KZ}/DUTY-1", "malformed_address"),
    ):
        assert f"code {code}" in refusal("suspend", place.folder.path, member)
    assert json.loads(run("suspend", place.folder.path, KZ).stdout)["index"] == 7


def test_erase_takes_only_what_may_go(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not there or public, and a reason that is no word or the network's own, are refused; it is told why."""
    public = digest_of(place.world.log[1].text)
    for digest, reason, code in (
        (place.world.root.kid, "law", "not_found"),
        (public, "law", "not_permitted"),
        (public, "retention", "not_permitted"),
    ):
        assert f"code {code}" in refusal("erase", place.folder.path, digest, "--reason", reason, "--yes")
    assert run("erase", place.folder.path, public, "--reason", "The law", "--yes").exit_code == 2
    monkeypatch.setenv("SERAI_LANG", "ru")
    assert "Ничего не удалено: не всё можно удалить." in refusal(
        "erase", place.folder.path, public, "--reason", "law", "--yes"
    )
    assert size_of(place.folder) == 7


@pytest.mark.parametrize(("language", "told"), [("en", "43 characters of base64url"), ("ru", "43 знака base64url")])
def test_a_digest_that_is_mistyped_is_wrong_use(
    place: Place, monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    """The operator is told how a digest is written, not of a program's fault; nothing is erased."""
    monkeypatch.setenv("SERAI_LANG", language)
    for word in ("AAAA", "A" * 42 + "B", "KZ/NFP"):
        done = run("erase", place.folder.path, word, "--reason", "law", "--yes")
        assert (done.exit_code, told in done.stderr) == (2, True)


def test_a_digest_may_begin_with_a_hyphen(place: Place) -> None:
    """One digest in 64 looks like an option; it is read as the digest that it is, wherever it stands."""
    digest = "-h" + "A" * 41
    for words in ((digest, "--reason", "law", "--yes"), ("--reason", "law", "--yes", "--", digest)):
        assert "code not_found" in refusal("erase", place.folder.path, *words)


def test_what_is_erased_is_told(place: Place) -> None:
    """The event's place and what it names come on standard output; what is left to do on standard error."""
    sent = place.world.dispatch(KZ, [KG])
    with open_ports(place.folder, place.folder.read_settings()) as ports:
        sequencer = Sequencer(
            ports.store, ports.register, ports.signer, ports.clock, place.world.network, lambda _: None
        )
        statement = parse_statement(sent.text)
        directory = sequencer.load().directory
        submission = verify_submission(statement, sent.sealed.to_json(), directory)
        sequencer.take_turn([Candidate(statement.digest, submission, KZ, lambda _: None)])
    asked = run("erase", place.folder.path, sent.digest, "--reason", "law")  # nobody is there to answer
    assert (asked.exit_code, size_of(place.folder)) == (1, 8)
    assert "1 text(s) for ever" in asked.stderr
    done = run("erase", place.folder.path, sent.digest, "--reason", "law", "--yes")
    assert (json.loads(done.stdout)["index"], json.loads(done.stdout)["erased"]) == (8, [sent.digest])
    assert "backups" in done.stderr
    checked = run("ledger", "check", place.folder.path)
    assert (checked.exit_code, json.loads(checked.stdout)["erased"]) == (0, 1)


def test_a_socket_left_by_a_killed_hub_is_no_hub(place: Place) -> None:
    """A control socket at which nobody listens does not keep commands from working."""
    with socket.socket(socket.AF_UNIX) as left, short_address(place.folder.control) as address:
        left.bind(address)
    assert run("suspend", place.folder.path, TJ).exit_code == 0


def test_without_a_hub_there_is_nothing_to_command(tmp_path: Path) -> None:
    """Every command says that there is no hub in the folder, and makes none."""
    none = tmp_path / "none"
    commands: list[Words] = [
        ("serve", none),
        ("ledger", "check", none),
        ("backup", none, tmp_path / "to"),
        ("suspend", none, KZ),
    ]
    for words in commands:
        assert "serai-hub init" in refusal(*words)
        assert list(tmp_path.iterdir()) == []


# ledger check


def test_ledger_check_finds_what_was_changed(place: Place) -> None:
    """A whole ledger is reported so; one changed character of a public text is a fault and exit code 1."""
    done = run("ledger", "check", place.folder.path)
    assert json.loads(done.stdout) == {
        "size": 7,
        "epoch": 0,
        "public": 7,
        "gone": [],
        "erased": 0,
        "faults": [],
        **NO_BLOBS,
    }
    assert done.exit_code == 0
    data, text = place.folder.database.read_bytes(), place.credentials[3].encode()[-80:]
    assert data.count(text) == 1
    changed = text[:-1] + (b"B" if text.endswith(b"A") else b"A")
    place.folder.database.write_bytes(data.replace(text, changed))
    assert "code damaged" in refusal("ledger", "check", place.folder.path)


def test_ledger_check_names_the_texts_that_are_gone(place: Place) -> None:
    """What recipients cannot get any more is told by its place, though the tree is whole, and the exit code is 1."""
    settings = place.folder.read_settings()
    with open_ports(place.folder, settings) as ports:
        hub = make_hub(ports, settings)
        hub.load()
        enter(hub, place.world.dispatch(KZ, [KG]), place.world.dispatch(KZ, [KG]))
        change(hub, 'UPDATE mailbox SET entry_proof = zeroblob(32) WHERE "index" = 8 AND member = ?', KG)
    done = run("ledger", "check", place.folder.path)
    assert json.loads(done.stdout) == {
        "size": 9,
        "epoch": 0,
        "public": 7,
        "gone": [8],
        "erased": 0,
        "faults": [],
        **NO_BLOBS,
    }
    assert done.exit_code == 1
    assert "1 texts gone" in done.stderr


# backup, restore


def test_a_backup_is_a_hub_of_its_own(place: Place, tmp_path: Path) -> None:
    """Restored to an empty folder, with the register that belongs to it, the copy is the same hub."""
    backup, other = HubFolder(tmp_path / "backup"), HubFolder(tmp_path / "other")
    done = run("backup", place.folder.path, backup.path)
    assert done.exit_code == 0
    assert "keep it as safe as the hub" in done.stdout
    assert {mode(backup.path), mode(backup.keys)} == {0o700}
    assert {mode(file) for file in (backup.database, backup.settings_file, *backup.keys.iterdir())} == {0o600}
    assert not backup.register.exists()
    other.path.mkdir(mode=0o700)
    other.register.parent.mkdir()
    shutil.copy(place.folder.register, other.register)
    restored = run("restore", other.path, backup.path)
    assert (restored.exit_code, restored.stdout) == (0, "restored; the register agrees\n")
    assert json.loads(run("ledger", "check", other.path).stdout)["size"] == 7


def test_a_backup_goes_to_a_new_folder(place: Place, tmp_path: Path) -> None:
    """What is there already is not written over."""
    (tmp_path / "there").mkdir()
    assert "new folder" in refusal("backup", place.folder.path, tmp_path / "there")
    assert list((tmp_path / "there").iterdir()) == []


def test_a_restore_that_is_refused_leaves_the_hub_as_it_was(place: Place, tmp_path: Path) -> None:
    """From a folder without backup, or onto a hub that is in use, nothing is restored and nothing lost."""
    assert "no backup" in refusal("restore", place.folder.path, tmp_path)
    backup = tmp_path / "backup"
    run("backup", place.folder.path, backup)
    run("suspend", place.folder.path, KZ)
    with open_ports(place.folder, place.folder.read_settings()):
        assert "another hub holds this folder" in refusal("restore", place.folder.path, backup)
    assert size_of(place.folder) == 8


def test_a_backup_that_cannot_be_read_leaves_the_hub_as_it_was(place: Place, tmp_path: Path) -> None:
    """The database is replaced only by one that was copied whole."""
    backup = HubFolder(tmp_path / "backup")
    run("backup", place.folder.path, backup.path)
    backup.database.unlink()
    backup.database.mkdir()
    assert "Is a directory" in refusal("restore", place.folder.path, backup.path)
    assert size_of(place.folder) == 7


def test_a_broken_backup_replaces_nothing(place: Place, tmp_path: Path) -> None:
    """A backup that is no whole database is refused, and the hub's own is as it was."""
    backup = HubFolder(tmp_path / "backup")
    assert run("backup", place.folder.path, backup.path).exit_code == 0
    before = run("ledger", "check", place.folder.path).stdout
    whole = backup.database.read_bytes()
    for broken in (whole[: len(whole) // 2], b"not a database", b""):
        backup.database.write_bytes(broken)
        assert run("restore", place.folder.path, backup.path).exit_code == 1
        assert run("ledger", "check", place.folder.path).stdout == before


def test_a_database_elsewhere_is_not_restored(place: Place, tmp_path: Path) -> None:
    """A hub whose database is not in its folder is restored by the tools of that database."""
    backup, settings = tmp_path / "backup", place.folder.settings_file
    run("backup", place.folder.path, backup)
    settings.write_text(
        settings.read_text().replace('database = ""', f'database = "sqlite:///{tmp_path}/elsewhere.db"')
    )
    assert "with its own tools" in refusal("restore", place.folder.path, backup)


def test_a_database_that_fell_behind_goes_on_in_a_new_epoch(place: Place, tmp_path: Path) -> None:
    """Restored behind the register, the hub says what the root must sign, does nothing without, and then goes on."""
    folder, backup = place.folder.path, tmp_path / "backup"
    run("backup", folder, backup)
    run("suspend", folder, KZ)
    behind = run("restore", folder, backup)
    assert behind.exit_code == 1
    assert "code inconsistent_ledger" in behind.stderr
    need = json.loads(behind.stdout)["needs_epoch"]
    assert (need["epoch"], need["index"], need["last"].splitlines()[1]) == (1, 7, "8")
    commands: list[Words] = [
        ("ledger", "check", folder),
        ("suspend", folder, KG),
        ("admit", folder, place.file(*place.credentials)),
    ]
    for words in commands:
        assert "code inconsistent_ledger" in refusal(*words)
    claims = {"root": need["root"], "last": need["last"]}
    wrong = place.file(place.epoch(epoch=1, index=6, **claims))
    assert "it must begin at 7" in refusal("restore", folder, backup, "--epoch", wrong)
    begun = run("restore", folder, backup, "--epoch", place.file(place.epoch(epoch=1, index=7, **claims)))
    assert (begun.exit_code, json.loads(begun.stdout)["index"]) == (0, 7)
    checked = json.loads(run("ledger", "check", folder).stdout)
    assert (checked["size"], checked["epoch"], checked["faults"]) == (8, 1, [])
    assert json.loads(run("suspend", folder, KG).stdout)["index"] == 8
