"""An officer who writes drafts: begun, filled in, shown, signed, as a page of a desk does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clients.actions.client import Client
from clients.actions.drafts.keeping import begin_draft, change_draft, find_draft
from clients.actions.drafts.record import Act, Subject, Wishes, WrittenDraft
from clients.actions.drafts.review import Review, show_draft
from clients.actions.drafts.signing import SignedDraft, sign_draft
from schemas.addresses import Address
from tests.support.desk import OFFICERS

ANSWERS: Mapping[str, str] = {"reference": "KZ-1", "action": "stop", "summary": "Blue lorry, false floor"}
"""A warning in its minimal form."""


@dataclass
class Scribe:
    """An officer at a client.

    Args:
        client: whose.
        officer: who.
    """

    client: Client
    officer: Address

    def begin(self, act: Act = Act.REPORT, **subject: str) -> WrittenDraft:
        """A new draft; of a warning, if nothing else is said."""
        kind = subject or {"kind": "warning"}
        return begin_draft(self.client, Subject(act, **kind), self.officer)

    def write(self, draft: WrittenDraft, answers: Mapping[str, str], **wishes: object) -> WrittenDraft:
        """Everything that was typed."""
        version = find_draft(self.client, draft.id).version
        wished = Wishes(**wishes)  # type: ignore[arg-type]  # a test names what it wishes
        return change_draft(self.client, draft.id, version, self.officer, answers, wished)

    def show(self, draft: WrittenDraft) -> Review:
        """What would be signed."""
        return show_draft(self.client, draft.id, self.officer)

    def sign(self, review: Review, passphrase: str | None = OFFICERS) -> SignedDraft | None:
        """Sign what was shown."""
        return sign_draft(self.client, review.draft.id, review.shown, self.officer, passphrase)

    def warning(self, **wishes: object) -> WrittenDraft:
        """A warning to UZ, whole."""
        return self.write(self.begin(), ANSWERS, **{"to": ("UZ/NFP",), "precedence": "priority", **wishes})


def fault_of(review: Review) -> str:
    """The code of what stands against signing; empty if nothing does."""
    return "" if review.fault is None else review.fault.code.value
