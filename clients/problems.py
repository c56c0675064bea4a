"""What is read for each code of `clients.codes`: what cannot be done, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from clients.codes import LocalCode


@dataclass(frozen=True, slots=True)
class LocalProblem:
    """What a local code means to a person; both sentences may name facts, as in ``{number}``.

    Attributes:
        title: what happened.
        remedy: what to do.
    """

    title: str
    remedy: str


_MAY_NOT = "This client may not, or has no key for it; see the line above."
_ADD_OFFICER = "Bring an officer in: serai officer add {member}/DUTY-1."
_CHOOSE_OFFICER = (
    "Choose the officer who acts with --as, or for this machine with serai seat --as. Keys are here of: {officers}."
)
_AS_NAMED = "See what is named."
_TRY_AGAIN = "Try again, or see serai doctor."
_COMPARE_CLOCKS = (
    "Compare this machine's clock with another one. If it is wrong, set it. If you may not set it, confirm the time: "
    "serai time --confirm. If it is right, tell the hub's operator."
)
_FIX_FILE = "Fix the file."
_RIGHT_FILE = "Is it the right file?"
_FROM_SAFE = "Bring it back from the safe."
_SAVE_AS_CSV = "Save it as CSV in UTF-8, with semicolons between the columns."
_NO_KEY = "no key of {address} is held here"

LOCAL_PROBLEMS: dict[LocalCode, LocalProblem] = {
    LocalCode.SIGNER_UNCLEAR: LocalProblem("say which officer signs", _MAY_NOT),
    LocalCode.NO_KEY_HELD: LocalProblem(_NO_KEY, _MAY_NOT),
    LocalCode.NO_OFFICER_KEY: LocalProblem("no key of {officer} is held here", _CHOOSE_OFFICER),
    LocalCode.OFFICER_UNCLEAR: LocalProblem("it is not clear which officer acts here", _CHOOSE_OFFICER),
    LocalCode.FIRST_OFFICER_KEY: LocalProblem("no key of {officer} is held here", _ADD_OFFICER),
    LocalCode.NO_OFFICER_YET: LocalProblem("it is not clear which officer acts here", _ADD_OFFICER),
    LocalCode.OFFICER_REMOVED: LocalProblem(
        "{officer} was removed; nothing that it signs is accepted", "Choose another officer, with --as."
    ),
    LocalCode.OFFICER_OF_ANOTHER: LocalProblem(
        "{officer} is no officer of {member}", "An officer's address begins with its member's."
    ),
    LocalCode.NOT_CERTIFIED: LocalProblem(
        "{address} is not certified, as far as is known here",
        "Fetch what is new (serai inbox --fetch); is its credential at the hub?",
    ),
    LocalCode.REQUEST_OF_ANOTHER: LocalProblem("the request is of {address}", _RIGHT_FILE),
    LocalCode.OFFICER_LOCKED: LocalProblem(
        "the key of {officer} is locked: only its officer can sign with it",
        "Let the officer type the passphrase of {officer}. If nobody knows it, a new key helps: serai officer add "
        "{officer}.",
    ),
    LocalCode.PASSPHRASE_NEEDED: LocalProblem(
        "the passphrase of {officer} is asked for once more", "Type it: it is asked again for what cannot be undone."
    ),
    LocalCode.WRONG_PASSPHRASE: LocalProblem(
        "wrong passphrase of {whose}",
        "Try again. If nobody knows it, make a new key for the officer: serai officer add {whose}.",
    ),
    LocalCode.SAME_PASSPHRASE: LocalProblem(
        "this is the passphrase of the store: everybody who opens the store could sign as {officer}",
        "Choose one that only this officer knows.",
    ),
    LocalCode.PASSPHRASE_CHANGED: LocalProblem(
        "the passphrase of the store was changed meanwhile", "Start the command again, with the new passphrase."
    ),
    LocalCode.NO_LINE: LocalProblem("no connection to the hub within the time", _TRY_AGAIN),
    LocalCode.LINE_HELD: LocalProblem(
        "{holder} serves this client already",
        "One is enough: all other commands use it. Stop it first, or leave it.",
    ),
    LocalCode.AUDIT_NOT_DONE: LocalProblem(
        "the audit was asked for, and was not done within the time",
        "It will be done when the client is connected; see serai status.",
    ),
    LocalCode.CLOCK_DIFFERS: LocalProblem(
        "the hub's time and this machine's clock differ by more than a day", _COMPARE_CLOCKS
    ),
    LocalCode.HUB_TELLS_NO_TIME: LocalProblem("no hub tells its time now", _TRY_AGAIN),
    LocalCode.HUB_CLOCK_WRONG: LocalProblem(
        "this machine's clock is right, and the hub's is wrong: it says {hub}",
        "Tell the hub's operator at once, by telephone. Change nothing here.",
    ),
    LocalCode.TIME_OF_NEITHER: LocalProblem(
        "you say {said}; the hub says {hub}, and this machine says {machine}",
        "Look at the other clock again: the time is given in UTC, or with its offset, as in 2026-12-01T08:00+05:00.",
    ),
    LocalCode.NO_ALARM: LocalProblem("there is no alarm {number}", "See serai alarms --all."),
    LocalCode.ALARM_CLOSED: LocalProblem("alarm {number} was closed by {by} already", "See serai alarm show {number}."),
    LocalCode.REASON_MISSING: LocalProblem("a reason is needed", "Say it in a few words: --reason TEXT."),
    LocalCode.NO_CLIENT: LocalProblem("no client in {path}", "Make one: serai init; or use --home."),
    LocalCode.OPEN_TO_OTHERS: LocalProblem("{path} is open to other users", "chmod {mode} {path}"),
    LocalCode.SETTINGS_UNUSABLE: LocalProblem("{path}: {why}", _FIX_FILE),
    LocalCode.STORE_LOCKED: LocalProblem("the store is locked", _MAY_NOT),
    LocalCode.STORE_KEY_FIXED: LocalProblem("the store key of a store cannot be changed", _MAY_NOT),
    LocalCode.FILE_EXISTS: LocalProblem(
        "{path} is there already; nothing is ever overwritten", "Choose another folder, with --home, or another name."
    ),
    LocalCode.OUTPUT_EXISTS: LocalProblem(
        "{path} is there already", "Choose another name, or say --force to replace it."
    ),
    LocalCode.FILE_UNUSABLE: LocalProblem("{path}: {why}", _FIX_FILE),
    LocalCode.NO_STATEMENTS: LocalProblem("{path} is no file of statements", "Was it copied whole?"),
    LocalCode.SEVERAL_STATEMENTS: LocalProblem("{path}: one statement is due, there are {count}", _RIGHT_FILE),
    LocalCode.OTHER_ROOT: LocalProblem(
        "the file is of a network with another root, {root}", "Call the root by telephone; do not go on with this file."
    ),
    LocalCode.NOT_HUB_KEYS: LocalProblem("{path} is not what serai-hub init prints", _RIGHT_FILE),
    LocalCode.NOT_EPOCH_NEED: LocalProblem("{path} is not what serai-hub restore prints", _RIGHT_FILE),
    LocalCode.HUB_PROCESS_FAILED: LocalProblem(
        "the hub in {path} does not work: {why}", "See what it says; what was made stays in its folder."
    ),
    LocalCode.NO_ROOT: LocalProblem("no root in {path}", "Make one: serai root init; or use --home."),
    LocalCode.NO_ROOT_KEY: LocalProblem("no key {path}", _FROM_SAFE),
    LocalCode.ROOT_FILE_DAMAGED: LocalProblem("{path} cannot be read", _FROM_SAFE),
    LocalCode.EPOCH_SIGNED: LocalProblem("epoch 0 was signed already", "A later one is signed with serai root epoch."),
    LocalCode.NO_EPOCH_YET: LocalProblem("no epoch was signed here yet", "Begin with serai root network."),
    LocalCode.OTHER_EPOCH_DUE: LocalProblem(
        "the hub needs epoch {wanted}, and epoch {following} comes next here",
        "Is it the right file? What never reached the hub is undone by removing its line from {path}.",
    ),
    LocalCode.NONE_CERTIFIED_HERE: LocalProblem(
        "no key of {address} was certified here", "Name it with --kid; serai directory --json shows it."
    ),
    LocalCode.NOT_A_COUNTRY: LocalProblem(
        "{member} is of no country, and a file is imported for the own country",
        "Let the focal point of each country import it.",
    ),
    LocalCode.NOT_A_REGULAR_FILE: LocalProblem("{path} is not a regular file", "Save it to a disk first."),
    LocalCode.FILE_EMPTY: LocalProblem("{path} is empty", "Ask for it again."),
    LocalCode.FILE_DAMAGED: LocalProblem(
        "{path} is damaged, or cut off: {why}", "Fetch it again; nothing of it was sent."
    ),
    LocalCode.FILE_TOO_LARGE: LocalProblem(
        "{path} holds more than {count} MiB", "Split it into smaller files, each with the line of column names."
    ),
    LocalCode.FILE_CHANGED: LocalProblem(
        "{path} was changed while it was read",
        "What is queued goes out. Import the file again; look at what it would send before you agree.",
    ),
    LocalCode.ATTACHED_FILE_CHANGED: LocalProblem(
        "{path} was changed while it was encrypted", "Nothing was sent. Try again when nobody writes to it."
    ),
    LocalCode.PICTURE_UNREADABLE: LocalProblem(
        "{path} is not built as a picture of its kind is, so location and author cannot be removed",
        "Save it anew with another program; or send it as it is: --keep-metadata.",
    ),
    LocalCode.TOO_MANY_ATTACHMENTS: LocalProblem(
        "{count} attachments; 32 at most go with one dispatch", "Send the others with a second dispatch."
    ),
    LocalCode.ATTACHMENT_OVER_LIMIT: LocalProblem(
        "{path} has {size} MiB; the hub takes {limit} MiB at most", "Make it smaller, or send it in parts."
    ),
    LocalCode.ATTACHMENTS_OVER_LIMIT: LocalProblem(
        "the attachments have more than 1,024 MiB together", "Send some of them with a second dispatch."
    ),
    LocalCode.HUB_TAKES_NONE: LocalProblem("the hub takes no attachments", "Send the text without them."),
    LocalCode.NO_ATTACHMENT: LocalProblem(
        "{number} has no attachment {which}", "See which it has: serai attachment list {index}."
    ),
    LocalCode.ATTACHMENT_WAITS: LocalProblem(
        "attachment {which} of {number} has not come yet",
        "It is fetched as soon as the client is connected; see serai attachment list {index}, and try again.",
    ),
    LocalCode.ATTACHMENT_LOST: LocalProblem(
        "attachment {which} of {number} cannot be had: {why}", "Ask its sender to send it again."
    ),
    LocalCode.NO_PICTURE: LocalProblem(
        "attachment {which} is not here, or is no picture that a page may show", "Save it, and open it with care."
    ),
    LocalCode.FILE_NOT_CSV: LocalProblem("{path} is a spreadsheet or an archive", _SAVE_AS_CSV),
    LocalCode.FILE_NOT_UTF8: LocalProblem("{path} is not UTF-8", _SAVE_AS_CSV),
    LocalCode.NO_SEMICOLONS: LocalProblem("{path} has no semicolons between its columns", _SAVE_AS_CSV),
    LocalCode.COLUMN_MISSING: LocalProblem(
        "{path}: not a file of individual drug seizures: no column {column}",
        "The first line must name these columns: {columns}.",
    ),
    LocalCode.STATUSES_MIXED: LocalProblem(
        "exercise and actual would stand in one file ({counts})",
        "Choose one of them with --status, or say --mixed.",
    ),
    LocalCode.EVIDENCE_MIXED: LocalProblem(
        "exercise and actual would stand in one evidence file ({counts})",
        "Make a file of each; or say --mixed, if both belong together.",
    ),
    LocalCode.EVIDENCE_TOO_LARGE: LocalProblem(
        "the evidence file would be too large: it may have {count} statements and {size} MiB",
        "Name fewer dispatches, and make several files.",
    ),
    LocalCode.EVIDENCE_OF_ANOTHER: LocalProblem(
        "{path} has no step of this operation",
        "Name the file that serai operation evidence has made of it, or leave --evidence out.",
    ),
    LocalCode.DELETED_HERE: LocalProblem(
        "{number} was deleted here by {by}: {reason}",
        "Nothing of its text is here; see serai retention show. Its sender and other recipients may still have it.",
    ),
    LocalCode.STILL_OPEN: LocalProblem(
        "{number} is urgent, and no officer has answered it",
        "Answer it first: serai acknowledge {number} or serai decline {number}.",
    ),
    LocalCode.STILL_WAITS: LocalProblem(
        "{number} waits for something: a reply of ours, or a receipt, an answer or an acknowledgement of others",
        "See serai show {number}. Reply or decline; what we sent: cancel it, or note with serai acknowledge {number} "
        "that it needs nothing more.",
    ),
    LocalCode.STILL_SENDING: LocalProblem(
        "something of {number}, or about it, waits to be sent or came back",
        "See serai sent; wait until it has gone, or close what came back: serai item discard.",
    ),
    LocalCode.STILL_NAMED: LocalProblem(
        "{number} brings {other} once more, with its files", "Delete {other} first: serai delete {other}."
    ),
    LocalCode.RULE_MISSING: LocalProblem(
        "there is no rule for how long texts are kept",
        "Set one: serai retention set --kind all --days 365.",
    ),
    LocalCode.NO_COPY: LocalProblem(
        "no backup in {path} is noted here, or it is ticked off already",
        "See which are noted: serai retention show.",
    ),
    LocalCode.NO_DISPATCH: LocalProblem(
        "no dispatch {number} came, and none was sent",
        "See serai inbox and serai sent; what has not come yet has no number here.",
    ),
    LocalCode.NOT_RECEIVED: LocalProblem(
        "{number} was sent by us; only what came is answered", "See serai show {number}."
    ),
    LocalCode.SENDER_UNKNOWN: LocalProblem(
        "{number} could not be verified: nobody can be named as its sender",
        "See serai show {number}, and tell the Centre.",
    ),
    LocalCode.STATUS_UNKNOWN: LocalProblem(
        "this program does not know whether {number} is real",
        "Update this program; until then take it for real, and ask its sender by telephone.",
    ),
    LocalCode.MARKED_OTHERWISE: LocalProblem(
        "{number} is marked {found}, not {status}; what refers to it is marked the same",
        "Look at the number again: serai show {index}. A real event during an exercise is a new warning.",
    ),
    LocalCode.NOT_SENT_BY_US: LocalProblem(
        "{number} was sent by {sender}; only its sender can correct or cancel it",
        "Tell its sender: serai reply {index}.",
    ),
    LocalCode.CANCELLED_BEFORE: LocalProblem(
        "{number} was cancelled by {by} already", "If the case goes on after all, send it anew: serai send {kind}."
    ),
    LocalCode.CORRECTED_BEFORE: LocalProblem(
        "{number} was corrected by {by} already", "Correct the newest version: serai correct {by}."
    ),
    LocalCode.CORRECTION_WAITS: LocalProblem(
        "a correction of {number} waits to be sent",
        "Wait until it is accepted, then correct it by its own number; see serai sent.",
    ),
    LocalCode.CANCEL_WAITS: LocalProblem(
        "{number} was cancelled already, and that waits to be sent (item {item})", "Nothing more is to be done."
    ),
    LocalCode.IS_CANCELLATION: LocalProblem(
        "{number} is a cancellation; it cannot be taken back",
        "If the case goes on after all, send it anew: serai send warning.",
    ),
    LocalCode.IS_RESEAL: LocalProblem(
        "{number} is {first} once more, under a newer key", "Use the first number: {first}."
    ),
    LocalCode.UNREADABLE_HERE: LocalProblem("this seat cannot read {number}", "Use a seat that can."),
    LocalCode.NOT_ALL_KNOWN: LocalProblem(
        "{number} says what this program does not know, and a correction would lose it",
        "Update this program, or cancel {number} and send it anew.",
    ),
    LocalCode.USE_NOT_PERMITTED: LocalProblem(
        "{provider} has not permitted to use {number} so, {use} ({handling})",
        'Ask {provider}: serai reply {index}. If it has permitted this, say where: --permission "letter 12 of 1 June".',
    ),
    LocalCode.FORWARD_LOSES: LocalProblem(
        "{number} says what this program does not know, and passing it on would lose that",
        "Update this program, or write to the others yourself: serai send.",
    ),
    LocalCode.NOT_IN_FORCE: LocalProblem(
        "{number} is not in force: its sender has replaced or cancelled it by {by}",
        "See serai show {by}; pass that on, if it still says what the others need.",
    ),
    LocalCode.OTHER_KIND: LocalProblem("{path} is a {found}, not a {kind}", "Use serai send {found}."),
    LocalCode.NOBODY_REACHED: LocalProblem("none of its recipients can be written to", "See serai directory."),
    LocalCode.RECIPIENTS_UNKNOWN: LocalProblem(
        "nobody can be written to as {members}",
        "See serai directory --all; a member whose key was revoked needs a new one.",
    ),
    LocalCode.NOT_ASKED: LocalProblem(
        "no reply can be asked of {members}: this does not go there",
        "Name in --reply-from only those in --to, or your own member.",
    ),
    LocalCode.TOO_MANY_ASKED: LocalProblem(
        "{count} recipients would owe a reply; 64 at most can",
        "Name those who are to reply: --reply-from MEMBER, as often as needed.",
    ),
    LocalCode.MAY_NOT_SEND: LocalProblem(
        "{signer} may not send this ({kind}): one of these roles or posts is needed: {roles}",
        "Let an officer send it who has one of them; serai officer add --role gives one.",
    ),
    LocalCode.NOT_IN_STORE: LocalProblem("{digest} is not in this store, or not in the ledger yet", _AS_NAMED),
    LocalCode.WITHDRAWN: LocalProblem(
        "it was withdrawn here, and is not sent", "See serai item show {row}: by whom, when and why."
    ),
    LocalCode.GOES_WITH_NEWER: LocalProblem(
        "a correction goes in its place, and it is not sent", "See serai item show {row}: by whom, when and why."
    ),
    LocalCode.NOT_IN_OUTBOX: LocalProblem("nothing with number {row} waits to be sent", _AS_NAMED),
    LocalCode.NOT_RETURNED: LocalProblem(
        "item {item} did not come back, or somebody has dealt with it", "See serai item show {item}."
    ),
    LocalCode.NO_STORE: LocalProblem("no store at {path}", _AS_NAMED),
    LocalCode.NOT_PUBLIC: LocalProblem("not a public statement", _MAY_NOT),
    LocalCode.NO_OPERATION: LocalProblem(
        "no operation {named} is known here",
        "See serai operation list. Name it by the number of any of its steps, or by the reference of its lead.",
    ),
    LocalCode.NO_OPERATIONS: LocalProblem(
        "no operation is known here", "Open one, or wait for one: serai help operation."
    ),
    LocalCode.OPERATION_UNCLEAR: LocalProblem(
        "several operations have the reference {named}: {numbers}", "Name the one that you mean by its number."
    ),
    LocalCode.NO_STEP: LocalProblem(
        "operation {number} has no step {named} here", "See its steps: serai operation show {number}."
    ),
    LocalCode.STEP_UNCLEAR: LocalProblem(
        "it is not clear on which step of operation {number} this is",
        "Name the number of that step; see serai operation show {number}.",
    ),
    LocalCode.PLAN_UNREADABLE: LocalProblem(
        "the plan cannot be read here, and nobody decides on what he has not read",
        "Use a seat that can read it, or ask its sender to send it again.",
    ),
    LocalCode.PLAN_CHANGED: LocalProblem(
        "a newer plan came while you were looking at this one", "Look at the newer plan, and begin again."
    ),
    LocalCode.ENTRIES_IMPOSSIBLE: LocalProblem(
        "it cannot be sent as it is: {entries}", "Put these entries right: {where}."
    ),
    LocalCode.NO_DRAFT: LocalProblem(
        "this draft is not here: it was sent, or thrown away", "Look at what was sent, or begin anew."
    ),
    LocalCode.DRAFT_CHANGED: LocalProblem(
        "what would be signed is another than what was shown", "Look at it again, then sign it. Nothing was sent."
    ),
    LocalCode.DRAFT_OVERTAKEN: LocalProblem(
        "this draft was changed in another window meanwhile",
        "Compare both texts, and keep one. Nothing is lost.",
    ),
    LocalCode.DRAFT_TOO_LARGE: LocalProblem(
        "this is longer than a dispatch can be: at most {size} KiB", "Shorten it, or attach it as a file."
    ),
    LocalCode.TOO_MANY_DRAFTS: LocalProblem("{count} drafts are not sent yet", "Send some, or throw some away."),
    LocalCode.NOT_ASKED_FOR: LocalProblem(
        "nothing is asked for by this name: {names}", "Reload the page, and try again."
    ),
    LocalCode.NOT_WRITTEN_SO: LocalProblem("nothing can be written so: {named}", "Choose something else."),
    LocalCode.PROFILE_UNSIGNED: LocalProblem("nobody can sign it so: {why}", "See serai profile show."),
    LocalCode.QUESTION_UNSENT: LocalProblem("this cannot be asked: {why}", "See serai operation deconflict --help."),
    LocalCode.STORE_NEWER: LocalProblem(
        "a newer program wrote this store: it is of version {found}, and this program knows {known}",
        "Update this program; until then use the newer one.",
    ),
    LocalCode.STORE_IN_USE: LocalProblem(
        "this program is newer than the store, and another process has it open",
        "End all that runs with this store (serai run, serai desk, serai watch), then try again: it is brought up to "
        "date first.",
    ),
    LocalCode.PORT_TAKEN: LocalProblem(
        "another program has port {port} of this machine ({address})",
        "End that program, or choose another port: serai desk --port.",
    ),
    LocalCode.PORT_NOT_OURS: LocalProblem(
        "the socket that was handed over is not one of this machine alone: {address}",
        "Let it listen at 127.0.0.1 and [::1] of one port only, as deploy/systemd/serai-desk.socket does.",
    ),
    LocalCode.DESK_RUNS: LocalProblem("a desk of this client runs already", "Open another window: serai desk --open."),
    LocalCode.HOST_UNKNOWN: LocalProblem(
        "this desk is not called so", "Open it by its own address, which serai desk prints."
    ),
    LocalCode.PAGE_FOREIGN: LocalProblem(
        "this was asked by a page of another address", "Close that page, and tell your administrator."
    ),
    LocalCode.PAGE_UNKNOWN: LocalProblem(
        "the desk does not know this window",
        "Open it anew: type the code that serai desk prints, or serai desk --open.",
    ),
    LocalCode.CODE_NOT_VALID: LocalProblem(
        "this code opens nothing: it is mistyped, or was used before", "Type the newest code; serai desk prints it."
    ),
    LocalCode.DESK_LOCKED: LocalProblem("this screen is locked", "Type your passphrase."),
    LocalCode.TRY_UNDER_WAY: LocalProblem(
        "another try is under way", "Wait a moment, then try again; tries are one after another."
    ),
    LocalCode.TRIES_PAUSED: LocalProblem(
        "too many wrong tries, one after another", "Wait {seconds} s, then try again."
    ),
    LocalCode.ADDRESS_UNKNOWN: LocalProblem("there is nothing at this address", "Go back to the first screen."),
    LocalCode.BODY_NOT_JSON: LocalProblem("only JSON changes something here", "Reload the page, and try again."),
    LocalCode.BODY_TOO_LARGE: LocalProblem(
        "this is longer than the desk takes: at most {size} KiB", "Shorten it, or attach it as a file."
    ),
    LocalCode.REQUEST_UNFIT: LocalProblem("this cannot be understood: {where}", "Reload the page, and try again."),
}
