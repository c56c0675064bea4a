"""The tasks of a shift and of keeping texts: what an officer does, step by step, and what is typed for it.

Texts are English here and go through the catalogue where they are shown; commands are the same
in every language. A test holds every command and option against those that there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Advice:
    """One step of a task.

    Attributes:
        text: what to do, and why.
        commands: what to type for it.
    """

    text: str
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A task of a shift.

    Attributes:
        name: what is typed after ``serai help``.
        title: what it is called.
        steps: in the order in which they are done.
    """

    name: str
    title: str
    steps: tuple[Advice, ...]

    def texts(self) -> Iterator[str]:
        """Everything in it that is translated."""
        yield self.title
        yield from (step.text for step in self.steps)


_WARNING_LINE: Final = (
    "serai send warning --to UZ/NFP --precedence immediate --reference KZ-412 --action stop "
    '--plate "777 ABC 02" --reply-hours 8 --summary "Blue lorry, false floor"'
)
_SEIZURE_LINE: Final = (
    "serai send seizure --to ALL --reference KZ-77 --date 2026-11-24 --country KZ --group heroin "
    "--goods Heroin --quantity 2.5 --unit kilogram"
)

_START: Final = Topic(
    "start",
    "Start a shift",
    (
        Advice("Look at the connection, at what waits for an officer, and at the alarms.", ("serai status",)),
        Advice("Is it not connected, or is the service not running?", ("serai help line",)),
        Advice("Act under your own post, not under that of the last shift.", ("serai seat --as KZ/NFP/DUTY-2",)),
        Advice("Read what is still open: what came, and what was sent.", ("serai inbox --open", "serai sent")),
        Advice("Leave this on a screen: it shows what comes, as it comes.", ("serai watch",)),
    ),
)

_READ: Final = Topic(
    "read",
    "Read what came, and answer for it",
    (
        Advice("List what no officer has answered. Begin with what has a !: it is urgent.", ("serai inbox --open",)),
        Advice(
            "Open one by its number. Look at Status, Kind and Handling before you read on. NOT VERIFIED means that a "
            "check has failed: do not rely on it.",
            ("serai show 10423",),
        ),
        Advice(
            "Was the plate, the name or the number seen before? Search all that came or was sent.",
            ("serai search 777 ABC 02",),
        ),
        Advice("You act on it: acknowledge it. The sender sees your post.", ("serai acknowledge 10423",)),
        Advice(
            "You cannot act on it: decline it at once, with the reason. The sender then turns to somebody else.",
            ("serai decline 10423 --reason not_ours",),
        ),
        Advice("An acknowledgement is not yet an answer. When there is a result, tell it.", ("serai help reply",)),
    ),
)

_WARNING: Final = Topic(
    "warning",
    "Send a warning",
    (
        Advice(
            "Answer the questions, one by one. Nothing goes before you have seen the whole and said yes.",
            ("serai send warning",),
        ),
        Advice(
            "Or say it all in one line.",
            (_WARNING_LINE,),
        ),
        Advice("Keep flash and immediate for what is moving now: they ring there until an officer answers."),
        Advice("See who has it, who has acknowledged it, and who is silent.", ("serai show 10423",)),
        Advice(
            "It is urgent and somebody is SILENT: call by telephone. These are the posts that there are.",
            ("serai directory --officers",),
        ),
    ),
)

_SEIZURE: Final = Topic(
    "seizure",
    "Report a seizure",
    (
        Advice("Answer the questions, one by one. What you do not know yet may stay empty.", ("serai send seizure",)),
        Advice(
            "Or say it all in one line.",
            (_SEIZURE_LINE,),
        ),
        Advice("Not weighed yet? Send it now without a quantity, and correct it later.", ("serai help correct",)),
        Advice(
            "Many of your own country, in a UNODC file: it shows first what it would send.",
            ("serai import seizures.csv --to ALL",),
        ),
        Advice(
            "Was the seizure made on somebody's warning? Then tell the sender of the warning too.",
            ("serai help reply",),
        ),
    ),
)

_REPLY: Final = Topic(
    "reply",
    "Tell what came of a warning",
    (
        Advice("See what was asked, and under Reply by until when.", ("serai show 10423",)),
        Advice(
            "Tell the sender what came of it, also when nothing was found. It goes to the sender, and is marked as "
            "the warning was.",
            ("serai feedback 10423",),
        ),
        Advice("Or say it all in one line.", ("serai feedback 10423 --reference UZ-9 --outcome seizure_made",)),
        Advice(
            "It will take longer? Say so before the time is over, and tell the result when you have it.",
            ('serai reply 10423 --outcome check_in_progress --summary "Post warned, result in the morning"',),
        ),
        Advice("Everybody who got the warning should know it.", ('serai reply 10423 --all --summary "Lorry seen"',)),
        Advice(
            "Somebody who did not get it should have it. Under H2 and H3 its provider must permit that first.",
            ("serai forward 10423 --to KG/NFP",),
        ),
    ),
)

_CORRECT: Final = Topic(
    "correct",
    "Correct or cancel what was sent",
    (
        Advice("Find the number of what you sent.", ("serai sent",)),
        Advice(
            "Look which members have read it already. Is it urgent? Call them by telephone first.",
            ("serai show 10423",),
        ),
        Advice(
            "Something in it is wrong or new: this shows what you wrote, and asks only what is to change.",
            ("serai correct 10423",),
        ),
        Advice("Or say the change in one line.", ('serai correct 10423 --plate "777 ABC 03"',)),
        Advice(
            "It is over, or it was a mistake: withdraw it, with the reason. This cannot be taken back.",
            ('serai cancel 10423 --reason "The lorry was stopped elsewhere"',),
        ),
        Advice("Nothing is ever deleted: everybody sees that it was corrected or cancelled, by whom and when."),
    ),
)

_HANDOVER: Final = Topic(
    "handover",
    "Hand over the shift",
    (
        Advice("Answer what is open, or tell its numbers to the next officer.", ("serai inbox --open",)),
        Advice("Go through what was sent: who has not answered, and what is still queued?", ("serai sent --limit 50",)),
        Advice("Look at the connection and the alarms together.", ("serai status", "serai alarms")),
        Advice(
            "From now on the next officer acts: set that post for this machine.", ("serai seat --as KZ/NFP/DUTY-2",)
        ),
        Advice(
            "You sign with a passphrase that only you know. Has somebody seen it? Change it.", ("serai passphrase",)
        ),
        Advice("Does a post end for good? Then end its key.", ("serai officer remove KZ/NFP/DUTY-1 --reason ceased",)),
    ),
)

_LINE: Final = Topic(
    "line",
    "When there is no connection",
    (
        Advice("Go on working: what you send is signed and kept on disk, and goes out when the client is connected."),
        Advice("Look why there is no connection, and how to fix it.", ("serai status", "serai doctor")),
        Advice("Is the service not running? Let the administrator start it, or start it yourself.", ("serai run",)),
        Advice("Or fetch what came by hand, without the service.", ("serai inbox --fetch",)),
        Advice("See what is queued.", ("serai sent",)),
        Advice("Has something come back? See it, and sign it again.", ("serai sign",)),
        Advice("It is urgent and there is still no connection: call by telephone, and send it here too."),
    ),
)

_EXERCISE: Final = Topic(
    "exercise",
    "Exercises, and testing the connection",
    (
        Advice("What is an exercise says so above and below, on every screen, and its number begins with EX."),
        Advice(
            "Answer it as you would answer a real one, but do nothing real because of it.", ("serai show EX 10 423",)
        ),
        Advice(
            "Send one yourself. What answers it is an exercise by itself.", ("serai send warning --status exercise",)
        ),
        Advice("Something real happens meanwhile: send it as real.", ("serai send warning --status actual",)),
        Advice("You only want to test the connection.", ("serai send warning --status test --to UZ/NFP",)),
    ),
)

_EVIDENCE: Final = Topic(
    "evidence",
    "Evidence for a court",
    (
        Advice(
            "Look at Handling first. Unless it is H0, ask the sender for permission before a court sees it.",
            ("serai show 10423",),
        ),
        Advice(
            "Make a file that proves who sent it, to whom, when, and who acknowledged it. The content stays sealed.",
            ("serai evidence 10423 --out alert-10423.json",),
        ),
        Advice(
            "Must the court read the content? This file opens it, to everybody who has the file.",
            ("serai evidence 10423 --disclose --out alert-10423.json",),
        ),
        Advice(
            "The case is more than one alert: put all that belongs together into one file. What is left out is named.",
            ("serai evidence 10423 --thread --out case-10423.json", "serai evidence 10423 10431 --out two-alerts.json"),
        ),
        Advice(
            "Anybody can check the file, without a network. The root's thumbprint must come from another source.",
            ("serai verify alert-10423.json --root THUMBPRINT",),
        ),
        Advice(
            "A photograph came with it: hand it over as well, and have it compared with what the report names.",
            ("serai verify alert-10423.json --root THUMBPRINT --attachment photo.jpg",),
        ),
        Advice(
            "The answer also says what the file does not prove, and what it names and lacks. Give the court all of it."
        ),
    ),
)

_RETENTION: Final = Topic(
    "retention",
    "How long texts are kept here",
    (
        Advice(
            "There is no rule until somebody sets one. Ask your lawyer for how many days each kind may be kept.",
            ("serai retention set --kind warning --days 1095", "serai retention set --kind all --days 1825"),
        ),
        Advice(
            "Nothing is deleted by itself. Look at what is older than the rules say, then delete it, every week.",
            ("serai retention run --dry-run", "serai retention run"),
        ),
        Advice(
            "A court or a lawyer orders that one text must go. Write down whose order it is.",
            ('serai delete 10423 --reason "Order 17 of the district court"',),
        ),
        Advice(
            "Backups that were made before still have it. Make a new one, destroy them, and tick off each.",
            ("serai backup /media/safe/new", "serai retention destroyed /media/safe/old"),
        ),
        Advice(
            "What was deleted, when, by whom and why, stays in a log without its content. The check of this client says"
            " when nobody has run the rules for a week.",
            ("serai retention show", "serai doctor"),
        ),
        Advice("It is deleted here only: the hub, the sender and the other recipients have theirs. Ask them."),
    ),
)

_OPERATION: Final = Topic(
    "operation",
    "Take part in a controlled delivery",
    (
        Advice(
            "See which operations are open, the next clock first. MAY NOT GO means that the goods stay where they are.",
            ("serai operation list",),
        ),
        Advice(
            "Look at one. On top stands what is wrong and whether the goods may go on; then whose move it is and by "
            "when; > is your own.",
            ("serai operation show TJ-CD-7", "serai operation show TJ-CD-7 --why"),
        ),
        Advice(
            "Something is wrong: stop it. Three answers and your passphrase; it goes to all, and rings there.",
            ("serai operation stop TJ-CD-7",),
        ),
        Advice(
            "You are asked to decide: an authorising officer grants, any officer refuses or withdraws. If the plan "
            "changes after that, you are asked again.",
            ("serai operation decide TJ-CD-7",),
        ),
        Advice(
            "The goods are with you: report where they are, as often as was agreed. Leave the screen open, and "
            "press c.",
            ("serai operation move TJ-CD-7", "serai operation watch TJ-CD-7"),
        ),
        Advice(
            "At the border: who gives offers, who receives accepts, and who has the goods on his soil then reports it.",
            ("serai operation hand TJ-CD-7", "serai operation move TJ-CD-7 --movement crossed --soil KZ/NFP --leg 3"),
        ),
        Advice(
            "They are out of sight: report it at once, before you know more. It goes to all.",
            ("serai operation move TJ-CD-7 --movement lost",),
        ),
        Advice(
            "Register what is seized, sampled and weighed. Not counted yet is an answer, if you say why.",
            ("serai operation exhibit TJ-CD-7", "serai operation result TJ-CD-7"),
        ),
        Advice(
            "You have entered something wrong: strike it out by its number, and enter it again. It stays visible.",
            ("serai operation cancel 10451",),
        ),
        Advice(
            "It is over: write the account of each country, and one file for a court. Others check both.",
            (
                "serai operation account TJ-CD-7 --out account.json",
                "serai operation print TJ-CD-7 --pdf TJ-CD-7.pdf",
                "serai operation evidence TJ-CD-7 --disclose --out court.evidence.json",
            ),
        ),
        Advice(
            "Who grants and confirms has the post of an authorising officer; whoever has your member's key gives it.",
            ("serai officer add TJ/NFP/CHIEF --role authorising_officer",),
        ),
        Advice(
            "Two countries after one lorry spoil it for each other. Ask first whether somebody else is after the same: "
            "the room learns numbers and border points, the other your address. You need not; then the review says so.",
            ("serai operation deconflict", "serai operation deconflict --list"),
        ),
        Advice(
            "You ask others yourself: your authorising officer confirms it, before anything may go.",
            ("serai operation open", "serai operation confirm TJ-CD-7"),
        ),
    ),
)

_PROFILE: Final = Topic(
    "profile",
    "State whom to call in your country",
    (
        Advice(
            "See of whom something is known. Not known means: ask now, by telephone, before anything moves.",
            ("serai profile list", "serai profile show UZ/NFP"),
        ),
        Advice(
            "Write your own: posts with their numbers first. Leave open what is not certain; nobody takes it for "
            "permitted.",
            ("serai profile edit", "serai profile edit --notice-hours 24"),
        ),
        Advice(
            "It is a draft until another officer, a supervisor or an authorising officer, has countersigned it.",
            ("serai profile countersign",),
        ),
        Advice(
            "A member joined later: send yours again as it is, and countersign it, so that this member has it too.",
            ("serai profile edit --yes", "serai profile countersign"),
        ),
        Advice(
            "A request rests on the profiles that count when it goes. What it does not meet of them stands in its "
            "review: put it right, or call that country.",
            ("serai operation open",),
        ),
        Advice(
            "You grant what your profile says: one tick. It means the profile on which the request rests; the review "
            "says where a newer one counts.",
            ("serai operation decide TJ-CD-7 --as-in-profile",),
        ),
        Advice(
            "Something is wrong: the numbers stand beside the stop, the refusal and the clock, and in the directory.",
            ("serai operation show TJ-CD-7", "serai directory"),
        ),
        Advice(
            "An exercise has profiles of its own. Nobody is called at night for a game.",
            ("serai profile list --status exercise",),
        ),
    ),
)

TOPICS: Final = (
    _START,
    _READ,
    _WARNING,
    _SEIZURE,
    _REPLY,
    _CORRECT,
    _OPERATION,
    _PROFILE,
    _HANDOVER,
    _LINE,
    _EXERCISE,
    _EVIDENCE,
    _RETENTION,
)
"""The tasks, in the order of a shift."""
