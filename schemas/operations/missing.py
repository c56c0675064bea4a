"""What is not here and what it could change, and what is of a later version (rule F8, PROTOCOL 16)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, get_args

from schemas.claims.operations import Decision, Do, Part
from schemas.operations.held import HeldOperation, StepContent
from schemas.operations.order import named_by
from schemas.operations.state import MissingStep, NewerWord
from schemas.operations.terms import MissingHow, ResultPart
from schemas.operations.thread import CountedStep, Thread

_ALL: Final = tuple(ResultPart)

_CHANGES: Final[Mapping[str | None, tuple[ResultPart, ...]]] = {
    "open": _ALL,
    "plan": _ALL,
    "confirm": (),
    "decide": (ResultPart.AUTHORITY, ResultPart.STOPS),
    "stop": (ResultPart.STOPS,),
    "move": (ResultPart.CONTROL, ResultPart.STOPS),
    "hand": (ResultPart.CONTROL, ResultPart.CUSTODY),
    "exhibit": (ResultPart.CUSTODY,),
    "result": (),
    "note": (),
    "close": (),
    None: (),
}
"""Which results the content of a step could change, where the cover alone is here."""


def missing_of(held: HeldOperation, thread: Thread) -> tuple[MissingStep, ...]:
    """Steps of which the cover or the content is not here, and steps that are only named.

    Args:
        held: what is here.
        thread: its steps.
    """
    namers: dict[str, list[str]] = defaultdict(list)
    for step in thread.steps.values():
        for digest in _named(step):
            namers[digest].append(step.digest)
    leaves = {leaf.digest: leaf for leaf in held.leaves if leaf.digest not in thread.steps}
    found = [
        MissingStep(leaf.digest, leaf.number, leaf.how, tuple(namers.get(leaf.digest, ())), _ALL)
        for leaf in leaves.values()
    ]
    found += _unread(thread, namers)
    named = (digest for digest in namers if digest not in thread.steps and digest not in leaves)
    found += [MissingStep(digest, None, MissingHow.NAMED_ONLY, tuple(namers[digest]), _ALL) for digest in named]
    if held.id not in thread.steps and held.id not in leaves and held.id not in namers:
        found.append(MissingStep(held.id, None, MissingHow.NAMED_ONLY, (), _ALL))
    return tuple(sorted(found, key=lambda each: (each.number is None, each.number or 0, each.digest)))


def _named(step: CountedStep) -> Iterator[str]:
    """What a step names of its operation: what is only related may be elsewhere."""
    related = {*step.refers("related")}
    after = step.held.cover.operation.after or [] if step.held.cover.operation is not None else []
    named = named_by(step.held, step.brings)
    return (digest for digest in named if digest not in related or digest in after)


def _unread(thread: Thread, namers: Mapping[str, list[str]]) -> Iterator[MissingStep]:
    for step in thread.steps.values():
        content = step.held.content
        is_newer = step.do is not None and step.do not in _CHANGES
        if is_newer or (isinstance(content, StepContent) and (step.form is not None or step.do is None)):
            continue
        how = MissingHow.NOT_READ if isinstance(content, StepContent) else content
        changes = _CHANGES.get(step.do, _ALL)
        if step.void is None and changes:
            yield MissingStep(step.digest, step.held.number, how, tuple(namers.get(step.digest, ())), changes)


def newer_of(thread: Thread) -> tuple[NewerWord, ...]:
    """Words of covers that are not known here, and what forms do not know."""
    return tuple(word for step in thread.steps.values() for word in _newer(step))


def _newer(step: CountedStep) -> Iterator[NewerWord]:
    if step.do is not None and step.do not in get_args(Do):
        yield NewerWord(step.digest, "do", step.do)
        return  # the whole of it is
    if step.decision is not None and step.decision not in get_args(Decision):
        yield NewerWord(step.digest, "decision", step.decision)
    for part in dict.fromkeys(step.parts().values()):
        if part not in get_args(Part):
            yield NewerWord(step.digest, "part", part)
    if isinstance(step.held.content, StepContent):
        read = step.held.content.read
        for each in read.as_written:
            yield NewerWord(
                step.digest, ".".join(map(str, each.path)), each.value if isinstance(each.value, str) else ""
            )
        if read.has_later_codes:
            yield NewerWord(step.digest, "codes")
