"""The root's commands, on a machine without a network."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clients.actions.signed_files import claims_in, read_network, read_statements
from clients.cli.commands import serai
from clients.keys.enrol import apply_for
from clients.keys.keystore import make_keys
from clients.keys.root import Stamp
from clients.keys.root_folder import RootFolder
from clients.system import System
from schemas.addresses import Address
from schemas.claims import Revocation
from schemas.encoding import encode_base64url
from tests.support.world import signing_key


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, and the root's passphrase where systemd would put it."""
    secrets = tmp_path / "credentials"
    secrets.mkdir()
    (secrets / "serai-root-passphrase").write_text("correct horse battery staple\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(secrets))
    return tmp_path / "home"


def root(home: Path, *arguments: str, status: int = 0, answer: str | None = None) -> Result:
    """``serai root`` with arguments."""
    said = CliRunner().invoke(serai, ["root", *arguments, "--home", str(home)], input=answer)
    assert said.exit_code == status, said.output
    return said


def value_of(said: Result) -> dict[str, Any]:
    """What it told programs."""
    value: dict[str, Any] = json.loads(said.stdout)
    return value


def folder_of(home: Path) -> RootFolder:
    """The root's folder."""
    return RootFolder(home / "root", System())


def hub_keys(path: Path, name: str = "hub") -> str:
    """What ``serai-hub init`` prints."""
    keys = {f"{each}_key": signing_key(f"{name} {each}").public.to_jwk() for each in ("ledger", "event")}
    path.write_text(json.dumps(keys))
    return str(path)


def need(path: Path, epoch: int) -> str:
    """What ``serai-hub restore`` prints."""
    wanted = {"epoch": epoch, "index": 1, "root": encode_base64url(bytes(32)), "last": None}
    path.write_text(json.dumps({"needs_epoch": wanted}))
    return str(path)


def test_nothing_is_signed_that_a_person_did_not_agree_to(home: Path, tmp_path: Path) -> None:
    """Without a yes nothing is signed, and nothing stands in the log."""
    root(home, "init", "toy")
    root(home, "network", hub_keys(tmp_path / "keys.json"), answer="n\n", status=5)
    assert folder_of(home).signed() == []
    assert not (home / "root" / "network.jws").exists()
    assert "Nothing was signed yet." in root(home, "log").output


def test_network_is_signed_once_and_logged(home: Path, tmp_path: Path) -> None:
    """Epoch 0 is shown, signed, logged and written; a second time it is refused."""
    made = value_of(root(home, "init", "toy", "--json"))
    said = root(home, "network", hub_keys(tmp_path / "keys.json"), "--exercise", "--code", "SELEC", answer="y\n")
    assert "SELEC" in said.output
    file = read_network(home / "root" / "network.jws")
    assert (file.network, file.document.status, file.document.next_root) == (
        made["network"],
        "exercise",
        made["next_root"],
    )
    (logged,) = folder_of(home).signed()
    assert (logged.statement,) == file.statements
    assert logged.digest in root(home, "log").output
    root(home, "network", hub_keys(tmp_path / "keys.json"), "--yes", status=1)


def test_days_are_said_shown_and_kept(home: Path, tmp_path: Path) -> None:
    """For how long the hub keeps what is asked for, shown before it is signed, and stays with the next epoch."""
    root(home, "init", "toy")
    for wrong in (
        "mail=29",
        "mail",
        "mail=x",
        "mail=30,mail=40",
        "receipts=30",
        "letters=30",
        "mail=60,receipts=30",
        "",
    ):
        said = root(home, "network", hub_keys(tmp_path / "keys.json"), "--keep-days", wrong, "--yes", status=2)
        assert "mail=3650" in said.output
    words = ("--keep-days", "mail=3650,receipts=7300")
    said = root(home, "network", hub_keys(tmp_path / "keys.json"), *words, answer="y\n")
    assert "mail for 3650 days; receipts for 7300 days" in " ".join(said.output.split())
    root(home, "epoch", need(tmp_path / "need.json", 1), "--yes")
    root(home, "epoch", need(tmp_path / "need.json", 2), "--yes", "--keep-days", "mail=30")
    kept = [epoch.document.keep_days for epoch in read_network(home / "root" / "network.jws").epochs]
    assert [keep and keep.mail for keep in kept] == [3650, 3650, 30]


def test_next_root_takes_over(home: Path, tmp_path: Path) -> None:
    """An epoch by the next root follows from the pinned one, under the hub's new keys, and commits to another root."""
    made = value_of(root(home, "init", "toy", "--json"))
    root(home, "network", hub_keys(tmp_path / "keys.json"), "--yes")
    new = hub_keys(tmp_path / "new.json", "new hub")
    root(home, "epoch", need(tmp_path / "need.json", 1), "--yes", "--next-root", "--hub-keys", new)
    root(home, "epoch", need(tmp_path / "need.json", 2), "--yes")
    file = read_network(home / "root" / "network.jws")
    assert file.network == made["network"]
    assert len(file.statements) == 3
    epochs = file.epochs
    assert epochs[1].root.kid == epochs[2].root.kid == made["next_root"]
    assert epochs[1].document.next_root not in (made["root"], made["next_root"])
    assert epochs[1].ledger_key.kid == signing_key("new hub ledger").public.kid


@pytest.mark.parametrize("epoch", [0, 2, 7])
def test_no_other_epoch_is_signed_than_is_shown(home: Path, tmp_path: Path, epoch: int) -> None:
    """A file that asks for an epoch that does not come next is refused, and the network file stays as it is."""
    root(home, "init", "toy")
    root(home, "network", hub_keys(tmp_path / "keys.json"), "--yes")
    said = root(home, "epoch", need(tmp_path / "need.json", epoch), "--yes", status=1)
    assert f"the hub needs epoch {epoch}, and epoch 1 comes next here" in said.stderr
    assert len(folder_of(home).signed()) == len(folder_of(home).epochs()) == 1


def test_next_root_must_be_brought_from_its_safe(home: Path, tmp_path: Path) -> None:
    """Where the next root's key is not there, it is said where it is; a damaged state or log is named."""
    root(home, "init", "toy")
    root(home, "network", hub_keys(tmp_path / "keys.json"), "--yes")
    (home / "root" / "next-root.key").rename(tmp_path / "safe")
    said = root(home, "epoch", need(tmp_path / "need.json", 1), "--next-root", "--yes", status=1)
    assert "Bring it back from the safe" in said.stderr
    for name in ("signed.jsonl", "root.json"):
        (home / "root" / name).write_text("{")
        assert f"{name} cannot be read" in " ".join(root(home, "log", status=1).stderr.split())


def test_keys_are_private(home: Path) -> None:
    """Both keys, the state and the folder are their owner's alone."""
    root(home, "init", "toy")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (home / "root").iterdir() if "root" in path.name}
    assert modes == {"root.key": 0o600, "next-root.key": 0o600, "root.json": 0o600}
    assert (home / "root").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "arguments",
    [("network", "keys.json"), ("epoch", "keys.json"), ("revoke", "KZ/NFP", "--yes")],
)
def test_what_cannot_be_done_is_told(home: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Files of something else, and keys that were never certified, are refused before anything is signed."""
    (tmp_path / "keys.json").write_text("{}")
    root(home, "init", "toy")
    given = [str(tmp_path / each) if each.endswith(".json") else each for each in arguments]
    assert "What to do:" in root(home, *given, status=1).stderr
    assert folder_of(home).signed() == []


def test_a_key_that_was_renewed_ends_with_the_newer(home: Path, tmp_path: Path) -> None:
    """Who is revoked has no older key left that the hub would take for seven days more; nothing is revoked twice."""
    made = value_of(root(home, "init", "toy", "--json"))
    root(home, "network", hub_keys(tmp_path / "keys.json"), "--yes")
    kids = [certify(home, tmp_path, made["network"]) for _each in range(2)]
    said = value_of(root(home, "revoke", "KZ/NFP", "--yes", "--json"))
    assert said["kids"] == [kids[1], kids[0]]
    claims = [claims_in(text) for text in read_statements(Path(said["file"]))]
    assert [each.kid for each in claims if isinstance(each, Revocation)] == said["kids"]
    root(home, "revoke", "KZ/NFP", "--yes", status=1)


def certify(home: Path, tmp_path: Path, network: str) -> str:
    """Certify new keys of KZ/NFP; gives the thumbprint."""
    request = tmp_path / "request.jws"
    keys = make_keys(network, Address("KZ/NFP"), secrets.token_bytes)
    stamps = Stamp.now(System()), Stamp.now(System())
    request.write_text(apply_for(keys, Address("KZ/NFP"), "KZ", ["exchange", "certify"], stamps).request)
    return str(value_of(root(home, "certify", str(request), "--yes", "--json"))["kid"])
