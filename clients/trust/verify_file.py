"""Verifying an evidence file on a machine without network: what ``serai verify`` does.

It says in plain words what is proven and what is not. It opens no socket, and this module
needs none of the code that would.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from clients.trust.attached import IS_ATTACHED, compare_files
from clients.trust.evidence_json import files_json, to_json
from clients.trust.evidence_words import ENGLISH, Speech, describe, describe_files, named_line
from schemas.errors import Code, SeraiError
from schemas.evidence import parse_evidence
from schemas.limits import EVIDENCE_BYTES
from schemas.proven import EvidenceError, EvidenceStep, VerifiedEvidence
from schemas.verification import verify_evidence

HOLDS: Final = 0
"""Exit status: everything in the file is proven, and it has every statement that it names."""

DOES_NOT_HOLD: Final = 1
"""Exit status: something in the file is wrong."""

NOT_READ: Final = 2
"""Exit status: there is no such file, it is of a later version, or the command was wrong."""

INCOMPLETE: Final = 3
"""Exit status: everything in the file is proven, but it names statements that it does not have."""


NOT_ATTACHED: Final = 4
"""Exit status: everything in the file is proven, but a file to compare is no attachment, or cannot be judged."""

NOT_ACCOUNTED: Final = 5
"""Exit status: everything in the file is proven, but an account of an operation is not what its steps in it say."""


def _never(_evidence: VerifiedEvidence) -> bool:
    return False


class Further(NamedTuple):
    """What else is computed from a file that holds.

    Attributes:
        lines: the same in words.
        members: of its JSON.
        fails: whether something that was compared with the file is not what it says.
    """

    lines: Callable[[VerifiedEvidence], Iterable[str]]
    members: Callable[[VerifiedEvidence], dict[str, Any]]
    fails: Callable[[VerifiedEvidence], bool] = _never


def verify_file(path: Path, root_thumbprint: str) -> VerifiedEvidence:
    """Read and verify an evidence file.

    Raises:
        OSError: if it cannot be read.
        SeraiError: if it does not hold; an `EvidenceError` names the step.
    """
    with path.open("rb") as file:
        data = file.read(EVIDENCE_BYTES + 1)
    return verify_evidence(parse_evidence(data), root_thumbprint)


def _fault_json(error: SeraiError) -> dict[str, Any]:
    named = {}
    if isinstance(error, EvidenceError):
        named = {"step": error.step.value, "step_name": error.step.name.lower(), "index": error.index}
    holds = None if _is_later(error) else False
    return {"holds": holds, **named, "code": error.code.value, "title": error.problem.title, "detail": error.detail}


def _is_later(error: SeraiError) -> bool:
    """Whether the file is of a later version, of which nothing is known here, not even that it is wrong."""
    return error.code is Code.UNSUPPORTED_VERSION


def _describe_fault(error: SeraiError, speech: Speech) -> Iterator[str]:
    _ = speech.text
    if _is_later(error):
        yield _("The file was not judged: it is of a later version. Nothing in it is proven here.")
    else:
        yield _("The file does not hold; nothing in it is proven.")
    if isinstance(error, EvidenceError):
        step = _("step {number}, {name}").format(number=error.step.value, name=error.step.name.lower())
        at = "" if error.index is None else ", " + _("number {place}").format(place=error.index)
        yield named_line(_("failed at"), step + at)
    detail = f"{error.code.value}{': ' if error.detail else ''}{_(error.detail)}"
    yield named_line(_("because"), f"{_(error.problem.title)} ({detail})")
    yield named_line(_("what to do"), _remedy(error, speech))


def _remedy(error: SeraiError, speech: Speech) -> str:
    _ = speech.text
    if not isinstance(error, EvidenceError):
        return _(error.problem.remedy)
    if error.step is EvidenceStep.EPOCHS:
        return _("Check the thumbprint of the root. If it is right, do not rely on the file.")
    return _("Do not rely on the file; ask whoever gave it to you for another.")


def _say(lines: Iterable[str]) -> None:
    # Names and texts are other people's: nothing in them may move the cursor or turn the line around.
    for line in lines:
        sys.stdout.write("".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in line) + "\n")


def report_file(
    path: Path,
    root_thumbprint: str,
    *,
    attachments: Sequence[Path] = (),
    as_json: bool = False,
    speech: Speech = ENGLISH,
    further: Sequence[Further] = (),
) -> int:
    """Verify a file, compare others with its attachments, say the result on stdout, and give the exit status.

    Args:
        path: of the file.
        root_thumbprint: of the network's first root, from another source.
        attachments: files to compare.
        as_json: whether programs read it.
        speech: the language.
        further: what else is said of a file that holds.
    """
    try:
        evidence = verify_file(path, root_thumbprint)
        files = compare_files(evidence, attachments)
    except OSError as error:
        sys.stderr.write(f"{error.filename or path}: {error.strerror}\n")
        return NOT_READ
    except SeraiError as error:
        _say([json.dumps(_fault_json(error))] if as_json else _describe_fault(error, speech))
        return NOT_READ if _is_later(error) else DOES_NOT_HOLD
    if as_json:
        more = {name: value for each in further for name, value in each.members(evidence).items()}
        _say([json.dumps({**to_json(evidence), "attachments": files_json(files), **more})])
    else:
        _say(describe(evidence, speech))
        _say(line for each in further for line in each.lines(evidence))
        _say(describe_files(files, speech) if files else ())
    if any(each.likeness not in IS_ATTACHED for each in files):
        return NOT_ATTACHED
    if any(each.fails(evidence) for each in further):
        return NOT_ACCOUNTED
    return INCOMPLETE if evidence.missing else HOLDS
