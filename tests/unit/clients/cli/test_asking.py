"""What is said of answers this value cannot be used."""

from __future__ import annotations

import click
import pytest

from clients.cli.officer.asking import check_answers


def test_mistyped_answer_is_refused_with_its_option() -> None:
    """The option is named, and for a code what there is; what fits, or was not answered, is not refused."""
    with pytest.raises(click.UsageError, match=r"--expected-from: this value cannot be used$"):
        check_answers("warning", {"reference": "KZ-1", "expected_from": "tomorrow"})
    with pytest.raises(click.UsageError, match="--action: this value cannot be used: control, observe"):
        check_answers("warning", {"action": "attack"})
    check_answers("warning", {"action": "stop", "plate": ""})
