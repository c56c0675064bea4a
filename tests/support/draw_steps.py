"""The table of who may do what in an operation, for people, made from the data.

``python -m tests.support.draw_steps`` writes it between two marks in each of `PAGES`; a test compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from schemas.operations.table import CANCEL, STEPS, Advice, By, Naming, Reach, StepRule, advice_of, reach_of

ROOT: Final = Path(__file__).resolve().parent.parent.parent
BEGIN, END = "<!-- made by tests.support.draw_steps -->\n", "<!-- end of the table -->"
PAGES: Final = (ROOT / "schemas" / "PROTOCOL.md", ROOT / "schemas" / "operations" / "README.md")

_BY: Final[dict[By, str]] = {
    "founder": "any member, which becomes the *lead*",
    "lead": "lead",
    "deciders": "`origin` `transit` `destination`, or `left`",
    "anybody": "any participant",
}
_REACH: Final[dict[Reach, str]] = {
    "named": "all in `participants` that are not `left`",
    "plan": "all of the plan that it rests on",
    "lead": "the lead",
    "lead_and_mover": "the lead, and who sent the movement",
    "receivers": "all that got what it takes back",
    "nobody": "whom it will",
}
_ADVICE: Final[dict[Advice, str]] = {
    "named": "the same",
    "plan": "the same",
    "receivers": "the same",
    "everybody": "everybody that it knows of",
    "coordinator": "the coordinator too",
    "chosen": "whom its officer chooses",
}
_WORDS: Final[dict[str, str]] = {
    "decide": "`decide` `granted` `conditional`",
    "cancel": "a cancel",
}


def rows() -> Iterator[tuple[str, ...]]:
    """The table, by line: what a step does, who signs it, what it names, whom it reaches, whom a client sends it."""
    yield "step", "signed by", "names", "reaches at least", "a client sends it to"
    for do, rule in STEPS.items():
        decision = "granted" if do == "decide" else None
        yield (_WORDS.get(do, f"`{do}`"), _signer(rule, post=rule.post), *_rest(do, rule, decision))
        if do == "decide":
            yield ("`decide` `refused` `withdrawn`", _signer(rule, post=False), *_rest(do, rule, "refused"))
            yield ("any `decide` of a `move`", "as above", "", _REACH["lead_and_mover"], "as above")
    yield (_WORDS["cancel"], _signer(CANCEL, post=False), *_taken_back())


def _signer(rule: StepRule, *, post: bool) -> str:
    who = _BY[rule.by]
    if post:
        return f"{who}: its `authorising_officer`"
    return f"{who}; a machine too" if rule.machine else f"{who}: an officer"


def _rest(do: str, rule: StepRule, decision: str | None) -> tuple[str, ...]:
    reached = _REACH[reach_of(do, decision)] + ("; whom it adds" if do == "move" else "")
    return "; ".join(map(_naming, rule.namings)), reached, _ADVICE[advice_of(do, decision)]


def _taken_back() -> tuple[str, ...]:
    return "; ".join(map(_naming, CANCEL.namings)), _REACH[CANCEL.reach], _ADVICE[CANCEL.advice]


def _naming(naming: Naming) -> str:
    names = ", ".join(f"`{name}`" for name in STEPS if name in naming.names)
    if naming.conditional:
        names = "a `conditional` decision"
    if naming.joining:
        names = "a `move` that adds its member"
    return f"`{naming.rel}`: {'own ' if naming.own else ''}{names}"


def table() -> str:
    """The table as Markdown."""
    head, *lines = [f"| {' | '.join(row)} |" for row in rows()]
    return "\n".join([head, "|---" * 5 + "|", *lines]) + "\n"


def drawn(page: str) -> str:
    """The table that stands in a page."""
    return page.partition(BEGIN)[2].partition(END)[0]


def main() -> None:
    """Write it into every page that has the marks."""
    for path in PAGES:
        before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
        path.write_text(f"{before}{BEGIN}{table()}{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
