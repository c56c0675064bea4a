"""Exercise and actual: what a network admits, and what a dispatch inherits."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from schemas.claims import Rel, Status
from schemas.errors import Code
from schemas.rules.status import check_inherited, check_status
from tests.support.refusals import refused


@pytest.mark.parametrize("status", get_args(Status))
def test_what_a_network_admits(status: Status) -> None:
    """A network of exercises admits everything but what is actual, an actual one everything."""
    check_status(status, "actual")
    if status == "actual":
        with refused(Code.STATUS_NOT_ALLOWED):
            check_status(status, "exercise")
    else:
        check_status(status, "exercise")


@pytest.mark.parametrize("rel", get_args(Rel))
def test_status_is_inherited(rel: Rel) -> None:
    """What refers has the status of what it refers to; only a real event interrupts an exercise."""
    for before, now in product(get_args(Status), repeat=2):
        if before == now or (rel, before, now) == ("interrupts", "exercise", "actual"):
            check_inherited(rel, before, now)
        else:
            with refused(Code.STATUS_MISMATCH, f"{before} before, {now} now"):
                check_inherited(rel, before, now)
