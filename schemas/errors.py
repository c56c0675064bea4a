"""The error codes of the protocol and what each means at every edge (PROTOCOL 12).

One exception, `SeraiError`, carries one stable `Code`. One table, `PROBLEMS`, maps a
code to its title, remedy, HTTP status (RFC 9457) and WebSocket close code (RFC 6455
section 7.4). Codes never change their spelling or meaning; new ones may be added.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Stable machine-readable reasons; the value is what travels on the wire."""

    # Line and frames
    MALFORMED_FRAME = "malformed_frame"
    FRAME_TOO_LARGE = "frame_too_large"
    UNEXPECTED_FRAME = "unexpected_frame"
    UNSUPPORTED_PROTOCOL = "unsupported_protocol"
    SLOW_READER = "slow_reader"
    RATE_LIMITED = "rate_limited"
    REPLACED = "replaced"
    HUB_STOPPING = "hub_stopping"
    HUB_NOT_READY = "hub_not_ready"
    STORAGE_FAILED = "storage_failed"
    INTERNAL = "internal"
    # Session token
    TOKEN_MISSING = "token_missing"  # noqa: S105 - an error code, not a secret
    TOKEN_INVALID = "token_invalid"  # noqa: S105 - an error code, not a secret
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - an error code, not a secret
    TOKEN_REPLAYED = "token_replayed"  # noqa: S105 - an error code, not a secret
    # Values
    MALFORMED_JSON = "malformed_json"
    MALFORMED_ADDRESS = "malformed_address"
    MALFORMED_KEY = "malformed_key"
    # Statements
    MALFORMED_STATEMENT = "malformed_statement"
    STATEMENT_TOO_LARGE = "statement_too_large"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_KEY = "unknown_key"
    WRONG_NETWORK = "wrong_network"
    UNSUPPORTED_CRITICAL = "unsupported_critical"
    UNSUPPORTED_TYPE = "unsupported_type"
    UNSUPPORTED_ALG = "unsupported_alg"
    UNSUPPORTED_KEY = "unsupported_key"
    UNSUPPORTED_SUITE = "unsupported_suite"
    CLOCK_AHEAD = "clock_ahead"
    JTI_REUSED = "jti_reused"
    NOT_YOUR_STATEMENT = "not_your_statement"
    # Keys and trust
    CREDENTIAL_INVALID = "credential_invalid"
    REQUEST_INVALID = "request_invalid"
    KEY_REUSED = "key_reused"
    TOO_MANY_CREDENTIALS = "too_many_credentials"
    CREDENTIAL_EXPIRED = "credential_expired"
    CREDENTIAL_REVOKED = "credential_revoked"
    SUSPENDED = "suspended"
    UNJUDGED = "unjudged"
    ROLE_MISSING = "role_missing"
    NOT_PERMITTED = "not_permitted"
    # Covers, receipts
    NO_RECIPIENTS = "no_recipients"
    TOO_MANY_RECIPIENTS = "too_many_recipients"
    DUPLICATE_RECIPIENT = "duplicate_recipient"
    UNKNOWN_RECIPIENT = "unknown_recipient"
    UNKNOWN_REFERENCE = "unknown_reference"
    REFERENCE_NOT_PERMITTED = "reference_not_permitted"
    STATUS_MISMATCH = "status_mismatch"
    STATUS_NOT_ALLOWED = "status_not_allowed"
    NOT_A_RECIPIENT = "not_a_recipient"
    RECEIPT_REPEATED = "receipt_repeated"
    # Operations
    OPERATION_UNKNOWN = "operation_unknown"
    NOT_A_PARTICIPANT = "not_a_participant"
    POST_MISSING = "post_missing"
    PARTICIPANTS_MISSING = "participants_missing"
    # Sealed content
    MALFORMED_SEALED = "malformed_sealed"
    CONTENT_MISMATCH = "content_mismatch"
    ENTRIES_MISMATCH = "entries_mismatch"
    STALE_KEY = "stale_key"
    NO_KEY = "no_key"
    COMMITMENT_MISMATCH = "commitment_mismatch"
    DECRYPTION_FAILED = "decryption_failed"
    MALFORMED_REPORT = "malformed_report"
    # Attachments
    MALFORMED_ATTACHMENT = "malformed_attachment"
    MALFORMED_RANGE = "malformed_range"
    ATTACHMENT_TOO_LARGE = "attachment_too_large"
    ATTACHMENT_MISSING = "attachment_missing"
    ATTACHMENT_MISMATCH = "attachment_mismatch"
    UPLOAD_OFFSET = "upload_offset"
    QUOTA_EXCEEDED = "quota_exceeded"
    NO_ROOM = "no_room"
    # Evidence
    MALFORMED_EVIDENCE = "malformed_evidence"
    UNSUPPORTED_VERSION = "unsupported_version"
    # Ledger
    BAD_PROOF = "bad_proof"
    BAD_CHECKPOINT = "bad_checkpoint"
    INCONSISTENT_LEDGER = "inconsistent_ledger"
    WRONG_EPOCH = "wrong_epoch"
    DAMAGED = "damaged"
    NOT_FOUND = "not_found"
    GONE = "gone"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """What a code means to a person and to a transport.

    Attributes:
        title: what happened, one short sentence for people.
        remedy: what the person or program that meets it can do.
        http_status: status of an HTTP answer that carries the code.
        close_code: WebSocket close code if the line ends because of it, else ``None``
            (the line stays open and a `refused` frame answers).
    """

    title: str
    remedy: str
    http_status: int
    close_code: int | None = None


PROBLEMS: dict[Code, ProblemType] = {
    Code.MALFORMED_FRAME: ProblemType(
        "The frame is not one that the protocol knows.", "Fix the client; compare with PROTOCOL 9.", 400, 4400
    ),
    Code.FRAME_TOO_LARGE: ProblemType(
        "The frame is larger or has more members than allowed.", "Send less in one frame.", 413, 1009
    ),
    Code.UNEXPECTED_FRAME: ProblemType(
        "The frame does not fit the state of the session.", "Follow the session table, PROTOCOL 9.", 409, 4409
    ),
    Code.UNSUPPORTED_PROTOCOL: ProblemType(
        "The peer does not speak serai.v1.", "Update the older of the two sides.", 426, 1002
    ),
    Code.SLOW_READER: ProblemType(
        "The connection was not read for too long.", "Connect again; nothing is lost.", 408, 4408
    ),
    Code.RATE_LIMITED: ProblemType("Too much in too short a time.", "Wait and try again.", 429, 4429),
    Code.REPLACED: ProblemType(
        "A newer session of the same seat took over.", "Stop the other session or use another seat.", 409, 4410
    ),
    Code.HUB_STOPPING: ProblemType("The hub is stopping.", "Connect again in a moment.", 503, 1012),
    Code.HUB_NOT_READY: ProblemType(
        "The hub cannot append now.", "Keep the statement and try again; the operator has been told.", 503, 1013
    ),
    Code.STORAGE_FAILED: ProblemType(
        "The hub could not write to its disk.",
        "Keep the statement and try again; the operator has been told.",
        503,
        1013,
    ),
    Code.INTERNAL: ProblemType(
        "The hub met a fault of its own.", "Try again; if it stays, tell the operator the time.", 500, 1011
    ),
    Code.TOKEN_MISSING: ProblemType("No session token was sent.", "Send Authorization: Bearer.", 401),
    Code.TOKEN_INVALID: ProblemType(
        "The session token is not valid here.", "Sign a new token for this hub, network and mailbox.", 401
    ),
    Code.TOKEN_EXPIRED: ProblemType(
        "The session token is outside its time.", "Correct the clock by the time in this answer, sign a new token.", 401
    ),
    Code.TOKEN_REPLAYED: ProblemType(
        "The session token was used before.", "Sign a new token for each connection.", 401
    ),
    Code.MALFORMED_JSON: ProblemType("The text is not I-JSON.", "Fix the program that wrote it (RFC 7493).", 400),
    Code.MALFORMED_ADDRESS: ProblemType(
        "The address is not well formed.", "Write it like KZ/NFP or KZ/NFP/DUTY-2.", 400
    ),
    Code.MALFORMED_KEY: ProblemType(
        "The key is not one that Serai uses.", "Use Ed25519 to sign, HPKE-9-KE to seal.", 400
    ),
    Code.MALFORMED_STATEMENT: ProblemType(
        "The statement is not well formed.", "Fix the client; compare with PROTOCOL 3.", 400
    ),
    Code.STATEMENT_TOO_LARGE: ProblemType(
        "The statement is larger than allowed.", "Name fewer recipients or digests.", 413
    ),
    Code.BAD_SIGNATURE: ProblemType(
        "The signature does not fit the text.", "Sign again; if it stays, check the key.", 400
    ),
    Code.UNKNOWN_KEY: ProblemType(
        "No credential is known for the signing key.", "Have the key certified, then sign anew.", 403
    ),
    Code.WRONG_NETWORK: ProblemType("The statement is for another network.", "Sign it for this network.", 403),
    Code.UNSUPPORTED_CRITICAL: ProblemType(
        "Something that must be understood is not known here.", "Update this side, or send it without that.", 400
    ),
    Code.UNSUPPORTED_TYPE: ProblemType("Statements of this type are not known here.", "Update this side.", 400),
    Code.UNSUPPORTED_ALG: ProblemType(
        "The signature cannot be checked by this version.", "Update this side; nothing is granted until then.", 400
    ),
    Code.UNSUPPORTED_KEY: ProblemType(
        "The key is of a kind that this version does not know.", "Update this side.", 400
    ),
    Code.UNSUPPORTED_SUITE: ProblemType(
        "The network is of a suite that this version does not know.", "Update this side; nothing of it counts.", 400
    ),
    Code.CLOCK_AHEAD: ProblemType(
        "The statement is dated more than two minutes ahead.", "Correct the clock by the hub's time, sign anew.", 400
    ),
    Code.JTI_REUSED: ProblemType(
        "Another statement already carries this jti.",
        "Draw a new jti; if you did not copy it, tell your security officer.",
        409,
    ),
    Code.NOT_YOUR_STATEMENT: ProblemType(
        "A session may submit only its own member's statements and public ones.",
        "Submit it from its signer's session.",
        403,
    ),
    Code.CREDENTIAL_INVALID: ProblemType(
        "The credential does not follow from its issuer.", "Ask the issuer to certify again; PROTOCOL 5.", 403
    ),
    Code.REQUEST_INVALID: ProblemType(
        "The credential does not answer the request in it.", "Ask for a new request and certify that; PROTOCOL 5.", 403
    ),
    Code.KEY_REUSED: ProblemType(
        "The key serves another address or another purpose already.", "Make a new key and use that.", 409
    ),
    Code.TOO_MANY_CREDENTIALS: ProblemType(
        "The member has certified as many as the network permits.",
        "Wait a day, revoke what is not needed, or ask the root for more.",
        429,
    ),
    Code.CREDENTIAL_EXPIRED: ProblemType(
        "The credential was not in date.", "Renew it; mail is held until then.", 403, 4412
    ),
    Code.CREDENTIAL_REVOKED: ProblemType(
        "The credential has been revoked.", "Ask your focal point or the root.", 403, 4413
    ),
    Code.SUSPENDED: ProblemType(
        "The member is suspended.", "Ask the hub's operator; a new credential lifts it.", 403, 4414
    ),
    Code.UNJUDGED: ProblemType(
        "What was said last of this address cannot be read by this version.",
        "Update this side; until then nothing is sealed to it, and nothing it signs counts.",
        409,
    ),
    Code.ROLE_MISSING: ProblemType("The credential lacks the role for this.", "Ask the issuer for the role.", 403),
    Code.NOT_PERMITTED: ProblemType("This is not open to you.", "Ask a member to whom it was addressed.", 403),
    Code.NO_RECIPIENTS: ProblemType("No recipient is named; empty means nobody.", "Name at least one.", 400),
    Code.TOO_MANY_RECIPIENTS: ProblemType(
        "More than 1,000 recipients are named.", "Send it in several dispatches.", 400
    ),
    Code.DUPLICATE_RECIPIENT: ProblemType("A recipient is named twice.", "Name each once.", 400),
    Code.UNKNOWN_RECIPIENT: ProblemType(
        "A recipient is not in the directory, or all its keys are revoked.", "Look it up in the directory.", 404
    ),
    Code.UNKNOWN_REFERENCE: ProblemType(
        "What the statement refers to is not in the ledger.", "Send that first; sign after it is accepted.", 409
    ),
    Code.REFERENCE_NOT_PERMITTED: ProblemType(
        "The statement may not refer to that.", "Refer only to what you sent or received; PROTOCOL 6.", 403
    ),
    Code.STATUS_MISMATCH: ProblemType(
        "The status differs from what it refers to.",
        "Keep the status; only interrupts may go from exercise to actual.",
        409,
    ),
    Code.STATUS_NOT_ALLOWED: ProblemType(
        "This network carries exercises only.", "Mark the dispatch exercise or test.", 403
    ),
    Code.NOT_A_RECIPIENT: ProblemType(
        "Only a recipient may give this receipt.", "Nothing to do; do not repeat it.", 403
    ),
    Code.RECEIPT_REPEATED: ProblemType(
        "Every pair in this receipt has been given before.", "Nothing to do; the first one counts.", 409
    ),
    Code.OPERATION_UNKNOWN: ProblemType(
        "The operation is not in the ledger.", "Keep the step and try again when its request is there.", 409
    ),
    Code.NOT_A_PARTICIPANT: ProblemType(
        "The member was never named in this operation.", "Ask its lead to name it in a new plan.", 403
    ),
    Code.POST_MISSING: ProblemType(
        "An authorising officer has to sign this step.", "Have it signed by an officer with that post.", 403
    ),
    Code.PARTICIPANTS_MISSING: ProblemType(
        "The step does not reach every member that it concerns.", "Send it to those that are named here too.", 409
    ),
    Code.MALFORMED_SEALED: ProblemType("The sealed content is not well formed.", "Seal again; PROTOCOL 7.", 400),
    Code.CONTENT_MISMATCH: ProblemType(
        "The sealed content is not what the cover signed.", "Send the content that belongs to the cover.", 400
    ),
    Code.ENTRIES_MISMATCH: ProblemType(
        "The entries are not one for each address as signed.", "Seal again to exactly the addresses named.", 400
    ),
    Code.STALE_KEY: ProblemType("An entry is under a key that is no longer current.", "Seal and sign anew.", 409),
    Code.NO_KEY: ProblemType("The entry is for a key that is not held here.", "The sender seals again (reseal).", 409),
    Code.COMMITMENT_MISMATCH: ProblemType(
        "The content key is not the one the sender committed to.",
        "Report it: the sender may have shown two contents.",
        400,
    ),
    Code.DECRYPTION_FAILED: ProblemType("The content cannot be decrypted.", "Ask the sender to send it again.", 400),
    Code.MALFORMED_REPORT: ProblemType(
        "The content is not a report of a known form.", "Update this side or ask the sender.", 400
    ),
    Code.MALFORMED_ATTACHMENT: ProblemType(
        "The attachment is not well formed.", "Encrypt the file again; PROTOCOL 7.", 400
    ),
    Code.MALFORMED_RANGE: ProblemType(
        "The range of bytes is not one that fits.", "Name one range, as PROTOCOL 10 says.", 416
    ),
    Code.ATTACHMENT_TOO_LARGE: ProblemType(
        "The attachment is larger than allowed.", "Make it smaller, or send it in parts.", 413
    ),
    Code.ATTACHMENT_MISSING: ProblemType(
        "The hub does not have an attachment of this dispatch.", "Upload it again, then submit the same bytes.", 409
    ),
    Code.ATTACHMENT_MISMATCH: ProblemType(
        "The bytes are not the attachment that was named.", "Upload it from its beginning, or ask the sender.", 409
    ),
    Code.UPLOAD_OFFSET: ProblemType(
        "The upload does not begin where the last one ended.", "Ask how much the hub holds, and go on from there.", 409
    ),
    Code.QUOTA_EXCEEDED: ProblemType(
        "The member has uploaded as much as the hub permits for now.", "Wait, or send what has been uploaded.", 429
    ),
    Code.NO_ROOM: ProblemType(
        "The hub has no room for attachments.",
        "Send the text without it and keep the file; the operator has been told.",
        507,
    ),
    Code.MALFORMED_EVIDENCE: ProblemType(
        "The file is not an evidence file of a known form.", "Ask whoever made it for a whole copy; PROTOCOL 11.", 400
    ),
    Code.UNSUPPORTED_VERSION: ProblemType(
        "The evidence file is of a version that is not known here; nothing says that it is damaged.",
        "Verify it with a newer version of Serai.",
        400,
    ),
    Code.BAD_PROOF: ProblemType(
        "The ledger proof does not hold.", "Keep the evidence and tell your security officer.", 400
    ),
    Code.BAD_CHECKPOINT: ProblemType(
        "The checkpoint is not one that the hub's ledger key signed.",
        "Keep the evidence and tell your security officer.",
        400,
    ),
    Code.INCONSISTENT_LEDGER: ProblemType(
        "The ledger does not extend what was seen before.", "Keep the evidence and tell your security officer.", 409
    ),
    Code.WRONG_EPOCH: ProblemType(
        "The peer is in another epoch of the ledger.", "Fetch the network document, resume.", 409, 4411
    ),
    Code.DAMAGED: ProblemType(
        "Stored bytes no longer match their leaf.", "Restore them from a member or a backup.", 500
    ),
    Code.NOT_FOUND: ProblemType("There is nothing there.", "Check the address or digest.", 404),
    Code.GONE: ProblemType(
        "The text was damaged or erased; leaf and proof remain.", "Ask the sender for its copy.", 410
    ),
    Code.ERASED: ProblemType(
        "The hub erased the text and said why; leaf and proof remain.", "Ask the sender for its copy.", 410
    ),
}


class SeraiError(Exception):
    """A rule of the protocol was broken by what was given.

    Args:
        code: the stable reason.
        detail: what exactly, for people; never content, key material or a token.
    """

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    @property
    def problem(self) -> ProblemType:
        """The table row of this error's code."""
        return PROBLEMS[self.code]

    def __str__(self) -> str:
        """Code and detail in one line, for logs."""
        return f"{self.code.value}: {self.detail}" if self.detail else self.code.value
