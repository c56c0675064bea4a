"""Where the hub's time goes: a table out of the stacks that `python -m tests.bench --stacks` recorded.

Each sample goes to the innermost of its frames that a rule names. Samples in which a thread
waits, for the GIL too, are left out, so shares are of processor time.
"""

from __future__ import annotations

import argparse
import linecache
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

_FRAME = re.compile(r"(.*) \(([^()]*?)(?::(\d+))?\)")
_WAITS: Final = re.compile(
    r"take_gil|PyThread_acquire_lock_timed|SimpleQueue_get|pthread_cond_timedwait|epoll_p?wait|SuspendAttach|^f(data)?sync"
)
_EVERYWHERE: Final = (("garbage collection", re.compile("gc_collect_main")),)


class Rule(NamedTuple):
    """A part of the work, by a frame; ``outer`` must then be further out, if it is given."""

    name: str
    frame: str
    outer: str = ""


RULES: Final = (
    Rule("admission: entries Merkle", r"prove_list|root_of|hash_leaf|core/(prover|tree).py", "_verify_content"),
    Rule("answer: proofs", r"LedgerHead\.|core/prover.py", "service/session.py"),
    Rule("answer: encode items", r"service/items.py|encode_(item|batch|accepted_item|body|entry)|join_lane"),
    Rule("admission: signature", r"VerifyKey\.verify"),
    Rule("admission: statement form", r"parse_statement|_parse_header"),
    Rule("admission: claims JSON", r"decode_(json|object)", "verify_statement"),
    Rule("admission: claims pydantic", r"parse_claims|null_member", "verify_statement"),
    Rule("admission: sealed form", r"parse_sealed"),
    Rule("admission: body digest", r"verify_body"),
    Rule("admission: other verifying", r"verify_submission"),
    Rule("frame: JSON", r"decode_(json|object)", "parse_frame"),
    Rule("frame: pydantic", r"parse_frame"),
    Rule("turn: facts", r"SqlTransaction\.(facts|due)|needs_of"),
    Rule("turn: decide", r"core/admission/|Sequencer\._(decide|judge)"),
    Rule("mailbox rows", r"db/rows.py", r"SqlStore\.(mailbox|public)"),
    Rule("turn: rows", r"db/rows.py"),
    Rule("turn: SQLite itself", r"sqlite3_(step|bind)", r"SqlTransaction\.append"),
    Rule("turn: SQLAlchemy,", r"SqlTransaction\.append"),
    Rule("turn: SQL tiles, head", r"SqlTransaction\.advance"),
    Rule("turn: SQL cursors", r"SqlTransaction\.keep_cursors"),
    Rule("turn: grow tree", r"^grow |_Grower"),
    Rule("turn: sign checkpoint", r"sign_checkpoint"),
    Rule("turn: register", r"FileRegister"),
    Rule("turn: begin, commit", r"_commit_impl|do_commit|_begin_impl|SqlStore\.transaction|_translated"),
    Rule("turn: other", r"Sequencer\._(turn|commit|write|conclude)"),
    Rule("publish: log", r"structlog|logging/"),
    Rule("publish: metrics", r"service/metrics.py|prometheus_client"),
    Rule("publish: mailroom, head", r"service/(mailroom|head).py"),
    Rule("publish: other", r"Hub\._publish|note_verdict"),
    Rule("mailbox query", r"SqlStore\.(mailbox|public)"),
    Rule("wire: send", r"WebSocketsSansIOProtocol\.send|_Socket\.send"),
    Rule("wire: receive", r"websockets_sansio_impl.py|/websockets/"),
    Rule("wire: starlette, fastapi", r"starlette/|fastapi/|web/exchange.py"),
    Rule("session", r"service/session.py"),
    Rule("turn: gather, answer", r"service/sequencer.py"),
    Rule("loop and threads", r"uvloop|asyncio|threading.py|futures/thread.py"),
)


class Frame(NamedTuple):
    """One frame of a stack: what is matched, and the source line that it stands at."""

    text: str
    source: str


def parse_stack(line: str) -> tuple[list[Frame], int]:
    """Frames of a line, innermost first, and how often it was seen."""
    stack, _, count = line.rpartition(" ")
    return [_parse_frame(text) for text in reversed(stack.split(";"))], int(count)


def _parse_frame(text: str) -> Frame:
    match = _FRAME.fullmatch(text)
    if match is None or match[3] is None:
        return Frame(text, "")
    return Frame(f"{match[1]} ({match[2]})", linecache.getline(match[2], int(match[3])).strip())


def part_of(frames: list[Frame]) -> str | None:
    """The part of the work that a stack belongs to; ``None`` if it only waits."""
    for name, pattern in _EVERYWHERE:
        if any(pattern.search(frame.text) for frame in frames):
            return name
    if any(_WAITS.search(frame.text.partition(" (")[0]) for frame in frames[:4]):
        return None
    for at, frame in enumerate(frames):
        for rule in RULES:
            if re.search(rule.frame, frame.text) and (
                not rule.outer or any(re.search(rule.outer, each.text) for each in frames[at:])
            ):
                return rule.name + _table(rule, frame)
    return "other"


def _table(rule: Rule, frame: Frame) -> str:
    """Which table the line of `SqlTransaction.append` writes."""
    if rule.name != "turn: SQLAlchemy,":
        return ""
    names = re.findall(r"STATEMENT|MAILBOX|effects\[", frame.source)
    return f" {names[0].lower().replace('effects[', 'watch, reference, outcome')}" if names else " other"


def shares(stacks: Path) -> Iterator[tuple[str, float]]:
    """Parts of the work with their share of the processor time, largest first."""
    found: Counter[str] = Counter()
    for line in stacks.read_text().splitlines():
        frames, count = parse_stack(line)
        if (part := part_of(frames)) is not None:
            found[part] += count
    total = sum(found.values())
    yield from ((part, count / total) for part, count in found.most_common())


def inside(stacks: Path, wanted: str, depth: int = 3) -> Iterator[tuple[str, float]]:
    """The innermost frames of one part, with their share of the whole processor time."""
    found: Counter[str] = Counter()
    total = 0
    for line in stacks.read_text().splitlines():
        frames, count = parse_stack(line)
        part = part_of(frames)
        total += count if part is not None else 0
        if part == wanted:
            found[" < ".join(re.sub(r"\([^)]*/", "(", frame.text) for frame in frames[:depth])] += count
    yield from ((chain, count / total) for chain, count in found.most_common(25))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.profile", description=__doc__)
    parser.add_argument("stacks", type=Path)
    parser.add_argument("hub_us", type=float, help="processor time of the hub for one alert, measured without profiler")
    parser.add_argument("--inside", help="show the innermost frames of this part instead")
    asked = parser.parse_args()
    for part, share in inside(asked.stacks, asked.inside) if asked.inside else shares(asked.stacks):
        print(f"| {part} | {100 * share:.1f} % | {share * asked.hub_us:.0f} |")


if __name__ == "__main__":
    main()
