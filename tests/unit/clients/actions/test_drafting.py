"""Drafts: what is kept of what a person has typed."""

from __future__ import annotations

from pathlib import Path

from clients.actions.drafting import KeptDraft, keep_draft, kept_draft, measure_files
from clients.mail.attaching import FileToAttach
from tests.support.counter import Counter


def test_draft_of_another_case_does_not_agree() -> None:
    """What was typed now must be in the draft; less is no contradiction."""
    kept = KeptDraft({"plate": "777", "summary": "x"}, 1)
    assert kept.agrees_with({})
    assert kept.agrees_with({"plate": "777"})
    assert not kept.agrees_with({"plate": "778"})
    assert not kept.agrees_with({"container": "1"})


def test_name_of_a_file_that_is_no_text_is_kept(counter: Counter, tmp_path: Path) -> None:
    """A name in another charset is a name as well; caption and purpose stay with it."""
    file = FileToAttach(Path(f"{tmp_path}/\udce4.txt"), "as seen", as_it_is=True)
    file.path.write_text("x")
    keep_draft(counter, "warning", {}, measure_files(counter, [file]))
    kept = kept_draft(counter, "warning")
    assert kept is not None
    assert [each.file for each in kept.files] == [file]
