"""Where a passphrase comes from."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from clients.cli.passphrase import PassphraseSource, of_new, of_officer, of_root, of_store
from clients.errors import ClientError, LocalCode
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from tests.support.refusals import refused

DUTY = Address("KZ/NFP/DUTY-2")


class Terminal(io.StringIO):
    """Somebody sits there."""

    def isatty(self) -> bool:
        """Yes."""
        return True


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can be asked."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[str], list[str]]]:
    """What a person will type, in this order, and the prompts that were shown."""
    answers: list[str] = []
    prompts: list[str] = []

    def prompt(text: str, **_how: object) -> str:
        prompts.append(text)
        return answers.pop(0)

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("click.prompt", prompt)
    yield answers, prompts
    assert answers == []


def read(source: PassphraseSource) -> str:
    """The passphrase itself."""
    return source.open(str)


def opens(right: str) -> str | None:
    """Open nothing but for one passphrase."""
    if right == "right":
        return right
    raise SeraiError(Code.DECRYPTION_FAILED, "wrong passphrase")


def open_file(text: bytes) -> int:
    """A descriptor from which a text can be read."""
    readable, writable = os.pipe()
    os.write(writable, text)
    os.close(writable)
    return readable


def test_descriptor_gives_its_first_line() -> None:
    """The passphrase is the first line, without its end."""
    assert read(of_store(open_file("correct horse ж\r\nsecond".encode()))) == "correct horse ж"


def test_closed_descriptor_is_wrong_use() -> None:
    """A descriptor that is not open is named."""
    with pytest.raises(click.UsageError, match="--passphrase-fd 99"):
        read(of_store(99))


def test_credential_of_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A credential is read by its name: the store's, the root's and the officer's are three."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    for name in ("serai-passphrase", "serai-root-passphrase", "serai-officer-passphrase"):
        (tmp_path / name).write_text(f"{name} itself\n")
    assert read(of_store(None)) == "serai-passphrase itself"
    assert read(of_root(None)) == "serai-root-passphrase itself"
    assert of_officer(DUTY).ask(0) == "serai-officer-passphrase itself"
    with pytest.raises(click.UsageError, match="--new-passphrase-fd"):
        of_new(None, None).new()


def test_passphrase_of_another_encoding_is_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not UTF-8 would be another passphrase on another machine: it is named."""
    with pytest.raises(click.UsageError, match="UTF-8"):
        read(of_store(open_file("пароль".encode("cp1251"))))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "serai-passphrase").write_bytes(b"\xff")
    with pytest.raises(click.UsageError, match="serai-passphrase"):
        read(of_store(None))


def test_nobody_to_ask() -> None:
    """Without a terminal it says whose is wanted, and where else it may come from."""
    with pytest.raises(click.UsageError, match=r"this store.*--passphrase-fd"):
        read(of_store(None))
    with pytest.raises(click.UsageError, match=r"KZ/NFP/DUTY-2.*--officer-passphrase-fd"):
        of_officer(DUTY).ask(0)


def test_prompts_say_whose_is_wanted(typed: tuple[list[str], list[str]]) -> None:
    """Store, officer and root are told apart, also where a new one is made."""
    answers, prompts = typed
    answers += ["x", "x", "x", *["long enough passphrase"] * 3]
    _ = read(of_store(None)), read(of_root(None)), of_officer(DUTY).ask(0)
    _ = of_store(None).new(), of_root(None).new(), of_new(None, DUTY).new()
    whose = ["this store", "the root", DUTY]
    assert prompts == [f"Passphrase of {each}" for each in whose] + [f"New passphrase of {each}" for each in whose]


def test_person_has_three_tries(typed: tuple[list[str], list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    """Who mistypes is told so and asked again, twice; then it is a fault."""
    answers, prompts = typed
    answers += ["wrong", "worse", "right", "a", "b", "c"]
    assert of_store(None).open(opens) == "right"
    assert capsys.readouterr().err.count("Wrong passphrase. Please try again.") == 2
    with refused(Code.DECRYPTION_FAILED):
        of_store(None).open(opens)
    assert len(prompts) == 6


def test_other_faults_are_not_asked_about_again(typed: tuple[list[str], list[str]]) -> None:
    """Where the passphrase is not what is wrong, nobody types it again."""
    typed[0].append("right")

    def damaged(_passphrase: str) -> None:
        raise SeraiError(Code.DAMAGED)

    with refused(Code.DAMAGED):
        of_store(None).open(damaged)


def test_machine_has_one_try() -> None:
    """A file has no other passphrase: a wrong one is a fault at once."""
    with refused(Code.DECRYPTION_FAILED):
        of_store(open_file(b"wrong\nright\n")).open(opens)
    source = PassphraseSource("x", descriptor=open_file(b"wrong\nright\n"), officer=DUTY)
    assert source.ask(0) == "wrong"
    with refused(LocalCode.WRONG_PASSPHRASE, DUTY):
        source.ask(1)


def test_new_passphrase_is_not_short(typed: tuple[list[str], list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    """A short one is refused when something is made, and taken when something is opened; a person chooses again."""
    with pytest.raises(click.UsageError, match="12"):
        of_store(open_file(b"short\n")).new()
    assert read(of_store(open_file(b"short\n"))) == "short"
    typed[0].extend(["short", "long enough passphrase"])
    assert of_store(None).new() == "long enough passphrase"
    assert "at least 12 characters" in capsys.readouterr().err


def test_passphrase_that_will_not_do_is_chosen_again(
    typed: tuple[list[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """What the caller refuses is told to a person, who chooses another; a machine's is a fault."""

    def check(passphrase: str) -> None:
        if passphrase == "that of the store":
            raise ClientError(LocalCode.SAME_PASSPHRASE, officer=DUTY)

    typed[0].extend(["that of the store", "long enough passphrase"])
    assert of_new(None, DUTY).new(check) == "long enough passphrase"
    assert f"could sign as {DUTY}" in " ".join(capsys.readouterr().err.split())
    with refused(LocalCode.SAME_PASSPHRASE):
        of_new(open_file(b"that of the store\n"), DUTY).new(check)
