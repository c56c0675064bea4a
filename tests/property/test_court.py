"""A court's file of an operation from which a step is left out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.addresses import Address
from schemas.operations.proven import operations_in
from tests.support.court import MEMBERS, Courtroom

step = st.tuples(
    st.sampled_from(("TJ", "UZ", "KZ", "RU")),
    st.lists(st.integers(0, 20), max_size=3),
    st.booleans(),
    st.lists(st.sampled_from(MEMBERS), max_size=1),
)


def play(script: list[tuple[str, list[int], bool, list[Address]]]) -> tuple[Courtroom, dict[str, set[str]]]:
    """An operation, and who names each step: names of steps, or ``a receipt``."""
    court = Courtroom()
    court.add("open", "TJ", "open")
    naming: dict[str, set[str]] = {"open": set()}
    for number, (who, seen, answers, receivers) in enumerate(script):
        name, known = f"step {number}", list(naming)
        after = list(dict.fromkeys(known[each % len(known)] for each in seen))
        refs = [("related", known[sum(seen) % len(known)])] if answers else []
        court.add(name, who, "note", after=after, refs=refs)
        for each in {"open", *after, *(other for _rel, other in refs)}:
            naming[each].add(name)
        naming[name] = set()
        for receiver in receivers:
            if not receiver.startswith(who):
                court.receive(name, receiver)
                naming[name].add("a receipt")
    return court, naming


@settings(max_examples=6)
@given(st.lists(step, min_size=1, max_size=4))
def test_a_step_that_another_names_is_missed(script: list[tuple[str, list[int], bool, list[Address]]]) -> None:
    """Whichever step is left out, the file says so, with each that names it, if one does; else nothing is missing."""
    court, naming = play(script)
    assert court.read().missing == ()
    places = {court.steps[name][0]: name for name in naming}
    for name, namers in naming.items():
        verified = court.read(without=[name])
        assert {each.digest for each in verified.missing} == ({court.digest(name)} if namers else set())
        assert {places.get(each.index, "a receipt") for each in verified.missing} == namers
        withheld = {each.digest for found in operations_in(verified) for each in found.folded.state.missing}
        assert (court.digest(name) in withheld) == bool(namers - {"a receipt"})
