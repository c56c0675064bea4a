"""Drafts: what a person has typed and not sent yet, and the files that were to go with it; they survive a crash."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from clients.actions.client import Client
from clients.errors import ClientError
from clients.mail.attaching import FileToAttach, MeasuredFile, check_files, measure
from schemas.labels import CodedValue
from schemas.reports import ReportModel


class FileFate(CodedValue):
    """What has become of a file since it was typed."""

    CHANGED = "changed", "changed since you typed it", "изменён после того, как вы его указали"
    GONE = "gone", "gone: it does not go", "не найден: отправлен не будет"
    UNUSABLE = "unusable", "cannot be used any more: it does not go", "больше непригоден: отправлен не будет"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a draft: where it lies and what it was; never the file itself.

    Attributes:
        file: which, by its whole path.
        sha256: of what would have gone, base64url.
    """

    file: FileToAttach
    sha256: str

    @classmethod
    def of(cls, measured: MeasuredFile) -> Self:
        """As a draft keeps it: another working folder later makes no difference."""
        file = measured.file
        return cls(FileToAttach(file.path.absolute(), file.caption, file.as_it_is), measured.sha256)


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What a person has begun to write.

    Attributes:
        answers: by the key of the step.
        at_ms: when the last was typed, milliseconds since 1970 UTC.
        files: that are to go with it.
    """

    answers: Mapping[str, str]
    at_ms: int
    files: tuple[KeptFile, ...] = ()

    def agrees_with(self, answers: Mapping[str, str]) -> bool:
        """Whether these answers say nothing else than the draft: another case is not mixed with it."""
        return all(self.answers.get(key) == value for key, value in answers.items())


def keep_draft(client: Client, name: str, answers: Mapping[str, str], files: Sequence[MeasuredFile] = ()) -> None:
    """Put what a person has typed on disk, so that it survives a crash.

    Args:
        client: whose.
        name: of the draft: what is being written, and about what.
        answers: so far, by the key of the step.
        files: that are to go with it.
    """
    kept = [_file_to_json(KeptFile.of(each)) for each in files]
    at_ms = client.state.system.clock.time_ms()
    client.store.drafts.save(name, {"answers": dict(answers), "at_ms": at_ms, "files": kept})


def kept_draft(client: Client, name: str) -> KeptDraft | None:
    """What was kept under a name; ``None`` if nothing was."""
    kept = client.store.drafts.load(name)
    if not kept:
        return None
    return KeptDraft(kept["answers"], kept["at_ms"], tuple(map(_file_from_json, kept["files"])))


def _file_to_json(kept: KeptFile) -> dict[str, str | bool | None]:
    file = kept.file  # its name is bytes, in whatever charset
    return {
        "path": os.fsencode(file.path).hex(),
        "caption": file.caption,
        "as_it_is": file.as_it_is,
        "sha256": kept.sha256,
    }


def _file_from_json(value: Mapping[str, str]) -> KeptFile:
    file = FileToAttach(Path(os.fsdecode(bytes.fromhex(value["path"]))), value["caption"], bool(value["as_it_is"]))
    return KeptFile(file, value["sha256"])


def measure_files(
    client: Client, files: Sequence[FileToAttach], report: ReportModel | None = None
) -> list[MeasuredFile]:
    """Files that are to go with a report, looked at before anything is asked or encrypted.

    Args:
        client: whose.
        files: which.
        report: what they go with, which may have attachments already.

    Raises:
        ClientError: one cannot go, or the hub takes less.
        OSError: one cannot be read.
    """
    measured = [measure(each) for each in files]
    check_files(measured, report.attachments if report else (), client.store.trust.hub_blob_bytes)
    return measured


def measure_kept(
    client: Client, files: Sequence[KeptFile], report: ReportModel | None = None
) -> tuple[list[MeasuredFile], list[tuple[Path, FileFate]]]:
    """Files of a draft, looked at once more, and those that are not what they were.

    Args:
        client: whose.
        files: of the draft.
        report: what they go with, which may have attachments already.

    Returns:
        Those that can go; and what has become of every other, and of those that changed.

    Raises:
        ClientError: the hub takes less.
    """
    measured: list[MeasuredFile] = []
    fates: list[tuple[Path, FileFate]] = []
    for each in files:
        try:
            found = measure(each.file)
        except OSError:
            fates.append((each.file.path, FileFate.GONE))
        except ClientError:
            fates.append((each.file.path, FileFate.UNUSABLE))
        else:
            measured.append(found)
            if found.sha256 != each.sha256:
                fates.append((each.file.path, FileFate.CHANGED))
    check_files(measured, report.attachments if report else (), client.store.trust.hub_blob_bytes)
    return measured, fates
