"""What a verified evidence file proves and does not prove, for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from clients.trust.attached import ComparedFile
from clients.trust.evidence_words import known_part, not_known_part
from schemas.encoding import encode_base64url
from schemas.proven import VerifiedContent, VerifiedEvidence, VerifiedItem


def to_json(evidence: VerifiedEvidence) -> dict[str, Any]:
    """The same as `clients.trust.evidence_words.describe`; codes stand for what that says in words."""
    return {
        "holds": True,
        "network": evidence.network,
        "network_status": evidence.epoch.document.status,
        "epoch": evidence.epoch.number,
        "size": evidence.checkpoint.size,
        "root": encode_base64url(evidence.checkpoint.root),
        "computed_from": len(evidence.items),
        "items": [_item(item) for item in evidence.items],
        "missing": [
            {"digest": each.digest, "named_by": each.index, "how": each.how, "by": each.by} for each in evidence.missing
        ],
        "not_proven": [limit.value for limit in evidence.limits],
    }


def files_json(files: Iterable[ComparedFile]) -> list[dict[str, Any]]:
    """What each file that was compared is to the evidence."""
    return [
        {
            "file": str(each.path),
            "size": each.size_bytes,
            "sha256": each.sha256,
            "likeness": each.likeness.value,
            "places": [
                {"index": at.index, "position": at.position, "name": at.name, "as_on_cover": at.as_on_cover}
                for at in each.places
            ],
        }
        for each in files
    ]


def _item(item: VerifiedItem) -> dict[str, Any]:
    claims = item.statement.claims
    value = {
        "digest": item.digest,
        "type": claims.type.typ,
        "index": item.index,
        "accepted_at": item.accepted_at,
        "kid": item.statement.kid,
        "chain": [{"address": link.address, "kid": link.key.kid} for link in item.chain],
        "claims": claims.model_dump(mode="json", exclude_none=True),
        "not_proven": [limit.value for limit in item.limits],
    }
    return value if item.content is None else {**value, "content": _content(item.content)}


def _content(content: VerifiedContent) -> dict[str, Any]:
    value: dict[str, Any] = {"recipient": content.recipient, "disclosed": content.disclosed is not None}
    if content.report is not None:
        value |= {"report": known_part(content.report), "not_known": not_known_part(content.report)}
    elif content.disclosed is not None:
        value["bytes"] = encode_base64url(content.disclosed)
    return value
