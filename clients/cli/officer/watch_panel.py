"""What the keys of ``serai watch`` have led to, as lines at the foot of its screen; pure."""

from __future__ import annotations

import textwrap
from typing import Final

from clients.actions.answering import OfficerAnswer
from clients.actions.numbers import spell_number
from clients.actions.signing_session import Proposal
from clients.cli.officer.watch_keys import REASONS, Mode, Note, Panel
from clients.cli.officer.watch_line import ScreenLine, Tone
from clients.documents.columns import shorten
from clients.documents.dispatch_rows import gist, kind_word
from clients.documents.dispatches import status_text
from clients.documents.faults import remedy_of, title_of, words_of
from clients.documents.plain import clean, utc
from clients.documents.texts import _, label, label_of
from clients.errors import ClientError, LocalCode
from clients.mail.inbox import Delivery
from clients.store import WrongTries
from schemas.errors import SeraiError
from schemas.labels import Outcome, Precedence
from schemas.rules.status import may_be_real

_LEAST: Final = 20
_TIME: Final = slice(11, None)


def lock_line(panel: Panel, now_ms: int) -> list[ScreenLine]:
    """Whose key it is, and whether it is open; nothing where that is not clear."""
    if panel.officer is None:
        return []
    if panel.left_ms is None:
        text = _("{officer}, LOCKED").format(officer=panel.officer)
        return [ScreenLine(text)]
    text = _("{officer}, unlocked until {time}; a key press moves that on")
    return [ScreenLine(text.format(officer=panel.officer, time=utc(now_ms + panel.left_ms)[_TIME]), Tone.OPEN)]


def foot_lines(panel: Panel, columns: int) -> list[ScreenLine]:
    """The lines at the foot: what is to be typed, what would be signed, what the last key did."""
    found = [*_note_lines(panel), *_LINES[panel.mode](panel)]
    return [
        ScreenLine(shorten(part, columns), line.tone)
        for line in found
        for part in textwrap.wrap(line.text, max(columns, _LEAST), drop_whitespace=False)
    ]


def _screen(_panel: Panel) -> list[ScreenLine]:
    return [ScreenLine(_("q or Ctrl-C ends, ? lists the keys. serai show N, reply N"), Tone.QUIET)]


def _help(_panel: Panel) -> list[ScreenLine]:
    return [
        ScreenLine(_("Keys:"), Tone.HEAD),
        ScreenLine(_("u  unlock: type the officer's passphrase")),
        ScreenLine(_("l  lock; by itself after 10 minutes without a key press")),
        ScreenLine(_("a  acknowledge a dispatch, by its number")),
        ScreenLine(_("d  decline one, with a reason")),
        ScreenLine(_("q  end; Ctrl-C and Ctrl-D, too")),
        ScreenLine(_("Any key closes this list."), Tone.QUIET),
    ]


def _passphrase(panel: Panel) -> list[ScreenLine]:
    found = [ScreenLine(text, Tone.FAULT) for text in _tries_texts(panel.tries)]
    text = _("Passphrase of {officer}").format(officer=panel.officer)
    return [
        *found,
        ScreenLine(f"{text}:", Tone.HEAD),
        ScreenLine(_("It is not shown. Enter unlocks, Esc goes back."), Tone.QUIET),
    ]


def _number(panel: Panel) -> list[ScreenLine]:
    question = _("Number of the dispatch to decline") if panel.declines else _("Number of the dispatch to acknowledge")
    return [
        ScreenLine(f"{question}: {panel.typed}_", Tone.HEAD),
        ScreenLine(_("Enter shows what would be signed, Esc goes back."), Tone.QUIET),
    ]


def _reason(_panel: Panel) -> list[ScreenLine]:
    return [
        ScreenLine(_("Why is it declined?"), Tone.HEAD),
        *(ScreenLine(f"  {number}  {label(reason)}") for number, reason in enumerate(REASONS, 1)),
        ScreenLine(_("A number shows what would be signed, Esc goes back."), Tone.QUIET),
    ]


def _confirm(panel: Panel) -> list[ScreenLine]:
    return [] if panel.shown is None else _proposal_lines(panel.shown)


_LINES: Final = {
    Mode.SCREEN: _screen,
    Mode.HELP: _help,
    Mode.PASSPHRASE: _passphrase,
    Mode.NUMBER: _number,
    Mode.REASON: _reason,
    Mode.CONFIRM: _confirm,
}


# What would be signed


def _proposal_lines(shown: Proposal) -> list[ScreenLine]:
    delivery = shown.delivery
    cover = delivery.cover
    if cover is None or not delivery.can_be_answered:
        text = _("{number}: it cannot be answered; it would only be noted here that you have seen it.")
        return [ScreenLine(text.format(number=_number_of(delivery)), Tone.FAULT), *_yes()]
    what = f"{label(shown.outcome)}: {_number_of(delivery)}"
    what += f" ({label(shown.reason)})" if shown.reason else ""
    mark = "" if cover.status == "actual" else f"{status_text(cover.status)} - "
    words = [label_of(Precedence, cover.precedence).upper(), kind_word(cover.kind), clean(delivery.sender or "?")]
    kind = mark + ", ".join(words)
    tone = Tone.PLAIN if cover.status == "actual" else Tone.FAULT if may_be_real(cover.status) else Tone.EXERCISE
    before = _("{number} was answered before: {outcome} by {officer}.")
    answers = [
        before.format(number=_number_of(delivery), outcome=label_of(Outcome, each.outcome), officer=clean(each.by))
        for each in delivery.answers
        if each.outcome in (Outcome.ACKNOWLEDGED, Outcome.DECLINED) and each.by
    ]
    return [
        ScreenLine(_("To be signed by {officer}:").format(officer=shown.officer), Tone.HEAD),
        ScreenLine(f"  {what}", Tone.PLAIN),
        ScreenLine(f"  {kind}, {utc(delivery.accepted_at_ms)}", tone),
        ScreenLine(f"  {gist(delivery)}", tone),
        *(ScreenLine(text, Tone.FAULT) for text in answers),
        *_yes(),
    ]


def _yes() -> list[ScreenLine]:
    return [ScreenLine(_("y signs it. n or Esc: nothing is signed."), Tone.QUIET)]


def _number_of(delivery: Delivery) -> str:
    return spell_number(delivery.index or 0, delivery.cover.status if delivery.cover else None)


# What the last key did


def _note_lines(panel: Panel) -> list[ScreenLine]:
    note = panel.note
    if note is None:
        return []
    if isinstance(note, OfficerAnswer):
        return [ScreenLine(_answer_text(note))]
    if isinstance(note, Note):
        texts = {
            Note.LOCKED: _("Locked."),
            Note.LOCKED_ITSELF: _("Locked: no key was pressed for 10 minutes, or the clock was changed."),
            Note.UNLOCKED: _("Unlocked. a acknowledges, d declines, l locks."),
            Note.NO_NUMBER: _("That is no number of a dispatch."),
            Note.CHANGED: _("It has changed since you looked. Look again; nothing is signed yet."),
            Note.NOTHING_SIGNED: _("Nothing was signed."),
        }
        return [ScreenLine(texts[note])]
    return [ScreenLine(text, Tone.FAULT) for text in _error_texts(note)]


def _error_texts(error: SeraiError) -> list[str]:
    if isinstance(error, ClientError) and error.code is LocalCode.OFFICER_LOCKED:
        return [_("LOCKED: nothing can be signed. Press u and type the officer's passphrase.")]
    if isinstance(error, ClientError) and error.code is LocalCode.WRONG_PASSPHRASE:
        return [_("Wrong passphrase. Please try again.")]
    if isinstance(error, ClientError):
        return [clean(title_of(error)), clean(remedy_of(error))]
    return [clean(words_of(error))]


def _answer_text(answer: OfficerAnswer) -> str:
    number = _number_of(answer.delivery)
    if answer.noted:
        text = _("{number}: noted here, and it calls nobody any more. It cannot be answered; nothing was sent.")
        return text.format(number=number)
    if answer.before is not None:
        text = _("{number} was answered before: {outcome} by {officer}.")
        return text.format(number=number, outcome=label(answer.outcome), officer=clean(answer.before.by or "?"))
    if answer.waited:
        return _("{number}: answered already, and waiting to be sent.").format(number=number)
    text = _("{number}: {outcome}, signed by {officer}, waiting to be sent.")
    return text.format(number=number, outcome=label(answer.outcome), officer=answer.officer)


def _tries_texts(tries: WrongTries | None) -> list[str]:
    if tries is None:
        return []
    text = _("Wrong passphrases of {officer} since {first}: {count}; the last at {last}.")
    return [
        text.format(officer=tries.officer, first=utc(tries.first_ms), count=tries.count, last=utc(tries.last_ms)),
        _("If that was not you, tell your administrator."),
    ]
