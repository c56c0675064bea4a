"""The command that verifies a file says what holds in plain words, and its status says it to programs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import clients
from clients.verify_file import DOES_NOT_HOLD, HOLDS, NOT_READ, report_file
from schemas.evidence import encode_evidence
from schemas.verification import Limit
from tests.support.evidence import REPORT, Case
from tests.support.world import signing_key

CASE = Case()
CLIENTS = Path(clients.__file__).parent
STRANGER = signing_key("stranger").kid


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An evidence file that holds, its content disclosed."""
    path = tmp_path / "evidence.json"
    path.write_bytes(encode_evidence(CASE.evidence(CASE.content())))
    return path


def test_what_holds_is_said(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Signer, network, recipients, receipts, content and every limit are in the answer."""
    assert report_file(file, CASE.root) == HOLDS
    said = capsys.readouterr().out
    for part in (
        "ROOT -> KZ/NFP -> KZ/NFP/DUTY-1",
        CASE.world.network,
        "KG/NFP, UZ/NFP",
        "acknowledged",
        REPORT["summary"],
    ):
        assert part in said
    proven, _, not_proven = said.partition("It does not prove:")
    assert Limit.REVOCATION_UNKNOWN.label.en in not_proven
    assert Limit.CONTENT_NOT_DISCLOSED.label.en not in said
    assert "2026-09-21" in proven


def test_answer_for_programs(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With ``--json`` the answer is one object with the same facts, and codes for the limits."""
    assert report_file(file, CASE.root, as_json=True) == HOLDS
    value = json.loads(capsys.readouterr().out)
    assert value["holds"] is True
    assert value["recipients"] == ["KG/NFP", "UZ/NFP"]
    assert value["content"]["report"] == {**REPORT, "language": "und"}
    assert [link["address"] for link in value["statement"]["chain"]] == ["KZ/NFP", "KZ/NFP/DUTY-1"]
    assert "revocation_unknown" in value["not_proven"]


@pytest.mark.parametrize("as_json", [False, True])
def test_what_does_not_hold_is_said(file: Path, capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    """A file that does not hold is refused with its step and code, and proves nothing."""
    assert report_file(file, STRANGER, as_json=as_json) == DOES_NOT_HOLD
    said = capsys.readouterr().out
    assert "unknown_key" in said
    assert "epochs" in said
    assert "KZ/NFP" not in said


def test_a_file_of_another_kind_does_not_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no evidence file is refused in plain words."""
    path = tmp_path / "letter.txt"
    path.write_text("Dear colleague")
    assert report_file(path, CASE.root) == DOES_NOT_HOLD
    assert "malformed_evidence" in capsys.readouterr().out


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that cannot be read has a status of its own and nothing on stdout."""
    assert report_file(tmp_path / "none", CASE.root) == NOT_READ
    captured = capsys.readouterr()
    assert not captured.out
    assert "none" in captured.err


def test_nobody_else_moves_the_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters in names that others chose do not reach the terminal."""
    case = Case()
    case.world.enrol("KZ/NFP/DUTY-1", name="\x1b[2J\u202eevil")
    case.sent = case.world.dispatch("KZ/NFP/DUTY-1", ["KG/NFP"], REPORT)
    case.world.admit(case.sent.text)
    path = tmp_path / "evidence.json"
    path.write_bytes(encode_evidence(case.evidence(receipts=False)))
    for as_json in (False, True):
        assert report_file(path, case.root, as_json=as_json) == HOLDS
        said = capsys.readouterr().out
        assert "evil" in said or as_json
        assert all(each.isprintable() or each == "\n" for each in said)


def _run(before: str, after: str, file: Path) -> subprocess.CompletedProcess[str]:
    verify = "status = v.report_file(pathlib.Path(sys.argv[1]), sys.argv[2])"
    program = f"import pathlib, sys; {before}; import clients.verify_file as v; {verify}; {after}"
    arguments = [sys.executable, "-c", f"{program}; sys.exit(status)", str(file), CASE.root]
    return subprocess.run(arguments, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_it_opens_no_socket(file: Path) -> None:
    """The command runs as a program where making a socket would end it."""
    hook = "sys.addaudithook(lambda event, _: sys.exit(event) if event.startswith('socket.') else None)"
    assert _run(hook, "pass", file).returncode == HOLDS
    assert _run(hook, "import socket; socket.socket()", file).returncode != HOLDS


def test_it_imports_nothing_for_networks(file: Path) -> None:
    """Of what the module imports, the package's own front aside, nothing could reach a network."""
    bare = f"import types; p = sys.modules['clients'] = types.ModuleType('clients'); p.__path__ = [{str(CLIENTS)!r}]"
    found = "print(*{'asyncio', 'httpx', 'websockets', 'clients.transport'} & set(sys.modules), file=sys.stderr)"
    run = _run(bare, found, file)
    assert (run.returncode, run.stderr.strip()) == (HOLDS, "")
