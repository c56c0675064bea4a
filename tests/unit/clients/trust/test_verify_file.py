"""The command that verifies a file says what holds in plain words, and its status says it to programs."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import clients
from clients.trust.evidence_words import describe
from clients.trust.verify_file import DOES_NOT_HOLD, HOLDS, INCOMPLETE, NOT_ATTACHED, NOT_READ, report_file
from schemas.evidence import encode_evidence
from schemas.proven import Limit
from schemas.verification import verify_evidence
from tests.support.evidence import REPORT, Case, with_item
from tests.support.tomorrow import LATER_WARNING, PASSES_FOR_OURS, VERSION_2
from tests.support.world import KG, signing_key

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


def test_what_is_not_known_is_said_as_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the form does not know stands apart, each line after a bar, and is told not to be understood."""
    case = Case(report={**LATER_WARNING, "escort": PASSES_FOR_OURS})
    path = tmp_path / "later.json"
    path.write_bytes(encode_evidence(case.evidence(case.content())))
    assert report_file(path, case.root) == HOLDS
    known, _, beyond = capsys.readouterr().out.partition("Not known to this program, as the sender wrote it:\n")
    assert '"code": "quarantine"' in known
    assert "escort" not in known
    assert '    |       "escort"' in beyond
    assert not [line for line in beyond.splitlines() if line.startswith("Our answer")]
    assert Limit.REPORT_NOT_ALL_KNOWN.label.en in beyond
    assert report_file(path, case.root, as_json=True) == HOLDS
    content = json.loads(capsys.readouterr().out)["items"][0]["content"]
    assert {"path": ["escort"], "value": PASSES_FOR_OURS} in content["not_known"]


def test_status_that_is_not_known_is_not_called_unreal() -> None:
    """Of a dispatch under a status that is not known here the file says that, and not that it is no real one."""
    evidence = verify_evidence(CASE.evidence(CASE.content()), CASE.root)
    said, *receipts = evidence.items
    statement = replace(said.statement, claims=said.statement.claims.model_copy(update={"status": "drill"}))
    later = replace(evidence, items=(replace(said, statement=statement), *receipts))
    assert "NOT KNOWN WHETHER REAL (drill)" in "\n".join(describe(later))
    assert "NOT REAL" not in "\n".join(describe(later))


def test_form_that_is_not_known_is_printed_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A report of another version is in the answer, as its sender wrote it."""
    case = Case(report=VERSION_2)
    path = tmp_path / "later.json"
    path.write_bytes(encode_evidence(case.evidence(case.content())))
    assert report_file(path, case.root) == HOLDS
    assert "Blue lorry." in capsys.readouterr().out


def test_answer_for_programs(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With ``--json`` the answer is one object with the same facts, and codes for the limits."""
    assert report_file(file, CASE.root, as_json=True) == HOLDS
    value = json.loads(capsys.readouterr().out)
    assert value["holds"] is True
    said, *receipts = value["items"]
    assert said["claims"]["to"] == ["KG/NFP", "UZ/NFP"]
    assert said["content"]["report"] == {**REPORT, "language": "und"}
    assert [link["address"] for link in said["chain"]] == ["KZ/NFP", "KZ/NFP/DUTY-1"]
    assert [receipt["claims"]["outcome"] for receipt in receipts] == ["received", "received", "acknowledged"]
    assert (value["computed_from"], value["missing"]) == (4, [])
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


def test_what_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every digest that is named and not there is printed with who names it, and the exit status says so too."""
    path = tmp_path / "evidence.json"
    path.write_bytes(encode_evidence(CASE.file(*CASE.receipts)))
    assert report_file(path, CASE.root) == INCOMPLETE
    said = capsys.readouterr().out
    missing = said.partition("WITHHELD: named in the file, and not in it (1):")[2].partition("It does not prove:")[0]
    by = "by number 10 (received, KG/NFP), 11 (received, UZ/NFP), 12 (acknowledged, KG/NFP/DUTY-1)"
    assert missing.split() == [*by.split(), CASE.sent.digest]
    assert "Computed from these 3 statements; others may exist." in said
    assert report_file(path, CASE.root, as_json=True) == INCOMPLETE
    value = json.loads(capsys.readouterr().out)
    assert (value["holds"], value["computed_from"]) == (True, 3)
    assert value["missing"][0] == {"digest": CASE.sent.digest, "named_by": 10, "how": "received", "by": KG}


def test_several_dispatches_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each dispatch has its own lines with its own receipts; what is not proven of one names it."""
    case = Case()
    refs = [{"rel": "reply", "digest": case.sent.digest}]
    reply = case.world.dispatch("UZ/NFP", ["KZ/NFP"], REPORT, refs=refs).text
    case.world.admit(reply)
    path = tmp_path / "evidence.json"
    path.write_bytes(encode_evidence(case.file(case.sent.text, *case.receipts, reply, content=case.content())))
    assert report_file(path, case.root) == HOLDS
    _, first, second = capsys.readouterr().out.split("Number ")
    second, rest = second.split("Computed from")
    assert first.count("receipt  ") == 3
    assert "receipt  " not in second
    assert "refers to   number 9 (reply to)" in second
    assert rest.startswith(" these 5 statements; others may exist.")
    assert f"{Limit.CONTENT_NOT_INCLUDED.label.en} (number 13)" in rest
    assert f"{Limit.ENTRY_NOT_OPENED.label.en} (number 9)" in rest


@pytest.mark.parametrize("as_json", [False, True])
def test_later_version_is_not_called_damaged(tmp_path: Path, capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    """A file of a later version is neither proven nor called wrong: it is to be verified by a newer program."""
    path = tmp_path / "later.json"
    path.write_text('{"version": 2, "statements": [null]}')
    assert report_file(path, CASE.root, as_json=as_json) == NOT_READ
    said = capsys.readouterr().out
    assert "unsupported_version" in said
    assert "does not hold" not in said
    assert not as_json or json.loads(said)["holds"] is None


def test_key_of_an_attachment_is_not_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed has the attachments of a report without their keys; a program gets all that the report says."""
    photo = {"name": "a.jpg", "media_type": "image/jpeg", "size": 9, "sha256": "B" * 42 + "A", "blob": "C" * 42 + "A"}
    case = Case(report={**REPORT, "attachments": [{**photo, "key": "S3cr3t_key" + "A" * 33}]})
    path = tmp_path / "evidence.json"
    path.write_bytes(encode_evidence(case.evidence(case.content())))
    assert report_file(path, case.root) == HOLDS
    said = capsys.readouterr().out
    assert str(photo["sha256"]) in said
    assert "S3cr3t" not in said
    assert report_file(path, case.root, as_json=True) == HOLDS
    (shown,) = json.loads(capsys.readouterr().out)["items"][0]["content"]["report"]["attachments"]
    assert shown["key"].startswith("S3cr3t")


def test_files_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no attachment, and one that cannot be read, each have an exit status of their own."""
    path, other = tmp_path / "evidence.json", tmp_path / "photo.jpg"
    path.write_bytes(encode_evidence(CASE.evidence(CASE.content())))
    assert report_file(path, CASE.root, attachments=[other]) == NOT_READ
    assert "photo.jpg" in capsys.readouterr().err
    other.write_bytes(b"no photograph")
    assert report_file(path, CASE.root, attachments=[other]) == NOT_ATTACHED
    assert "IS NO ATTACHMENT" in capsys.readouterr().out
    assert report_file(path, CASE.root, attachments=[other], as_json=True) == NOT_ATTACHED
    (shown,) = json.loads(capsys.readouterr().out)["attachments"]
    assert (shown["likeness"], shown["places"]) == ("none", [])


def test_item_that_does_not_hold_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of several items the one that does not hold is named by its number."""
    path = tmp_path / "evidence.json"
    evidence = CASE.evidence(replace(CASE.content(), content_key=b"k" * 32))
    path.write_bytes(encode_evidence(evidence))
    assert report_file(path, CASE.root) == DOES_NOT_HOLD
    assert "step 7, key, number 9" in capsys.readouterr().out
    leaf = replace(evidence.items[2].leaf, accepted_at=1)
    path.write_bytes(encode_evidence(with_item(evidence, 2, leaf=leaf)))
    assert report_file(path, CASE.root, as_json=True) == DOES_NOT_HOLD
    assert json.loads(capsys.readouterr().out)["index"] == 11


def test_nobody_else_moves_the_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters in names that others chose do not reach the terminal."""
    case = Case()
    case.world.enrol("KZ/NFP/DUTY-1", name="\xadevil\u206a")
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
    program = f"import pathlib, sys; {before}; import clients.trust.verify_file as v; {verify}; {after}"
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
    found = "print(*{'asyncio', 'httpx', 'websockets', 'clients.line.transport'} & set(sys.modules), file=sys.stderr)"
    run = _run(bare, found, file)
    assert (run.returncode, run.stderr.strip()) == (HOLDS, "")
