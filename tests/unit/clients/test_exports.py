"""The public surface of the SDK."""

from __future__ import annotations

import re
from pathlib import Path

import clients

PUBLIC = (
    "CHEAP STANDARD Acceptance Alarm Answer Application AuditResult Clock Cost Cover Delivery DialError "
    "Disclosure DispatchDraft DispatchStatus Expectation FileToAttach FocalPoint Head Keys LedgerReader Line "
    "LineClosed LockedKey OperationNow OutState Outgoing PublicDraft Reader ReceiptDraft RecipientStatus Ref Sent "
    "Stamp StepMark Store StoredItem System Transport UnlockedOfficer WebSocketTransport WrongTries apply_for "
    "certify_officer lock_key make_keys make_seat_keys self_revocation"
)


def test_public_names_are_these() -> None:
    """A public name is added or taken away on purpose."""
    assert sorted(clients.__all__) == sorted(PUBLIC.split())


def test_public_names_are_there_and_documented() -> None:
    """Each name can be imported; each class and function says what it is."""
    named = {name: getattr(clients, name) for name in clients.__all__}
    assert [name for name, value in named.items() if callable(value) and not value.__doc__] == []


def test_readme_uses_public_names_only() -> None:
    """The example of the README imports nothing from inside the package."""
    readme = Path(clients.__file__).with_name("README.md").read_text()
    imported = re.findall(r"^from clients import (.+)$", readme, re.MULTILINE)
    assert imported
    assert [compile(block, "README.md", "exec") for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL)]
    assert {name.strip() for line in imported for name in line.split(",")} <= set(clients.__all__)
    assert "from clients." not in "".join(re.findall(r"```python\n(.*?)```", readme, re.DOTALL))
