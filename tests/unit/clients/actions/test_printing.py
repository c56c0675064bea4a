"""What goes on paper, and who prints it."""

from __future__ import annotations

from clients.actions.printing import choose_print
from clients.errors import LocalCode
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.support.refusals import refused
from tests.support.traffic import arrive


def test_paper_names_who_printed_it(kz: Desk, uz: Desk, counter: Counter) -> None:
    """Each dispatch is printed once, in the order in which it was named, under the post that prints it."""
    numbers = [kz.store.items.place_of(arrive(uz, kz, reference=each)) or 0 for each in ("UZ-1", "UZ-2")]
    found = choose_print(counter, [*reversed(numbers), *numbers], None, "")
    assert [each.index for each in found.dispatches] == numbers[::-1]
    assert (found.by, found.permission) == ("KZ/NFP/DUTY-1", "")


def test_what_its_provider_keeps_is_not_printed(kz: Desk, uz: Desk, counter: Counter) -> None:
    """H3 goes on paper by its provider's permission alone, which stands on the paper."""
    number = kz.store.items.place_of(arrive(uz, kz, handling="H3")) or 0
    with refused(LocalCode.USE_NOT_PERMITTED, "UZ/NFP"):
        choose_print(counter, [number], None, "")
    assert choose_print(counter, [number], None, "Letter 12").permission == "Letter 12"
