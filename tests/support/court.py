"""An operation in a toy ledger, and court's files about it: whole, or with a step left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from schemas.addresses import Address, member_of
from schemas.checkpoint import parse_note
from schemas.encoding import Digest
from schemas.evidence import EvidenceContent, UnverifiedEvidence, encode_evidence, parse_evidence
from schemas.merkle import hash_leaf
from schemas.operations.digests import common_digest, legs_of
from schemas.proven import VerifiedEvidence
from schemas.statements import parse_statement, read_payload
from schemas.verification import verify_evidence
from tests.support.evidence import credentials_of, proven
from tests.support.story import PARTS
from tests.support.world import KZ, RU, TJ, UZ, Sent, World, inclusion_proof
from tests.unit.schemas.reports.operations.builders import LEAST, LEGS

MEMBERS: Final = (TJ, UZ, KZ, RU)


class Courtroom:
    """An operation of four countries in a ledger; everybody gets every step."""

    def __init__(self) -> None:
        self.world = World(MEMBERS, status="actual")
        for member in MEMBERS:
            self.world.enrol(f"{member}/CHIEF", roles=["exchange", "authorising_officer"])
        self.steps: dict[str, tuple[int, Sent]] = {}
        self.receipts: list[int] = []

    @property
    def root(self) -> str:
        """What the reader knows."""
        return self.world.network.partition("/")[2]

    def digest(self, name: str) -> str:
        """Of a step."""
        return self.steps[name][1].digest

    def now(self) -> str:
        """The time, as forms have it."""
        return datetime.fromtimestamp(self.world.time_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def add(self, name: str, who: str, do: str | None, content: Mapping[str, Any] | None = None, **more: Any) -> str:
        """A step, a minute after the one before; ``decision``, ``refs`` and ``after`` (names) beside; gives its digest.

        Args:
            name: of the step.
            who: country, with ``!`` if its authorising officer signs.
            do: what it does; ``None`` of a cancel.
            content: members beside the least of its form.
            more: the rest of its cover.
        """
        self.world.wait(60)
        member = Address(f"{who[:2]}/NFP")
        claim: dict[str, Any] = {} if do == "open" else {"id": self.digest(more.get("of", "open"))}
        claim |= {"do": do} if do is not None else {}
        claim |= {"decision": more["decision"]} if "decision" in more else {}
        if do in ("open", "plan"):
            claim["participants"] = [{"member": member, "part": part} for member, part in PARTS.items()]
        if more.get("after"):
            claim["after"] = [self.digest(each) for each in more["after"]]
        refs = [{"rel": rel, "digest": self.digest(each)} for rel, each in more.get("refs", ())]
        members = {**LEAST.get(do or "cancel", LEAST["note"]), "do": do or "cancel", **(content or {})}
        others = [each for each in MEMBERS if each != member]
        signer = f"{member}/{'CHIEF' if who.endswith('!') else 'DUTY-1'}"
        sent = self.world.dispatch(
            signer, others, members, kind="operation", operation=claim, **({"refs": refs} if refs else {})
        )
        self.world.admit(sent.text)
        self.steps[name] = (len(self.world.log) - 1, sent)
        return sent.digest

    def receive(self, name: str, member: Address) -> None:
        """A country's machine confirms a step."""
        sent = self.steps[name][1]
        text = self.world.receipt(member, member_of(Address(read_payload(sent.text)["iss"])), [sent.digest])
        self.world.admit(text)
        self.receipts.append(len(self.world.log) - 1)

    def opened(self) -> None:
        """TJ asks, confirms, and everybody grants."""
        plan = {**LEAST["open"], "do": "open", "legs": LEGS, "offence": "Smuggling"}
        self.add("open", "TJ", "open", plan)
        self.add("confirm", "TJ!", "confirm", refs=[("countersign", "open")], after=["open"])
        digests = legs_of(plan)
        for who, leg in (("UZ", "2"), ("KZ", "3"), ("RU", "4")):
            decided = {"common": common_digest(plan), "legs": [{"leg": leg, "digest": digests[leg]}]}
            self.add(f"{who} grants", f"{who}!", "decide", decided, decision="granted", refs=[("reply", "open")],
                     after=["confirm"])  # fmt: skip

    def file(self, *, without: Collection[str] = (), disclosed: bool = True) -> UnverifiedEvidence:
        """A court's file by KZ with all steps and receipts but some."""
        shown = {at: sent for name, (at, sent) in self.steps.items() if name not in without}
        items = [replace(proven(self.world, at), content=_content(sent, key=disclosed)) for at, sent in shown.items()]
        items += [proven(self.world, at) for at in self.receipts]
        everybody = [each for member in MEMBERS for each in (member, f"{member}/DUTY-1", f"{member}/CHIEF")]
        return UnverifiedEvidence(
            parse_note(self.world.checkpoint()),
            tuple(parse_statement(epoch.statement.text) for epoch in self.world.directory.epochs),
            credentials_of(self.world, everybody),
            tuple(sorted(items, key=lambda item: item.index)),
        )

    def read(self, **how: Any) -> VerifiedEvidence:
        """What a court makes of such a file."""
        return verify_evidence(parse_evidence(encode_evidence(self.file(**how))), self.root)


def _content(sent: Sent, member: Address = KZ, *, key: bool = True) -> EvidenceContent:
    leaves = [hash_leaf(entry.to_bytes()) for entry in sent.sealed.entries]
    proof = tuple(Digest(node) for node in inclusion_proof(leaves, sent.addresses.index(member)))
    return EvidenceContent(sent.copy(member), proof, member, sent.content_key if key else None)
