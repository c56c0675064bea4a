"""What has become of an officer's answer, in words."""

from __future__ import annotations

from clients.actions.answering import OfficerAnswer
from clients.actions.numbers import spell_number
from clients.documents.dispatches import amendment_text
from clients.documents.texts import _, label, label_of
from clients.store import Answer
from schemas.labels import Outcome


def number_text(answer: OfficerAnswer) -> str:
    """The number of what is answered, as it is spoken."""
    delivery = answer.delivery
    return spell_number(delivery.index or 0, delivery.cover.status if delivery.cover else None)


def noted_text(answer: OfficerAnswer) -> str:
    """That something is only noted here, and why nothing was sent."""
    delivery = answer.delivery
    text = _("{number}: noted here, and it calls nobody any more. It cannot be answered; nothing was sent.")
    if delivery.member not in (delivery.cover.to if delivery.cover else ()) and delivery.sender == delivery.member:
        text = _("{number}: noted here; it is listed as not done only if more happens. Nothing was sent.")
    return text.format(number=number_text(answer))


def answered_text(number: str, before: Answer) -> str:
    """Who has answered it already, and how."""
    text = _("{number} was answered before: {outcome} by {officer}.")
    return text.format(number=number, outcome=label_of(Outcome, before.outcome), officer=before.by)


def beside_texts(answer: OfficerAnswer) -> list[str]:
    """What a person should know of what is answered: what its sender has made of it, who answered it before."""
    number, amended = number_text(answer), amendment_text(answer.delivery.amendments)
    texts = [f"{number}: {amended}"] if amended else []
    texts += [answered_text(number, each) for each in answer.others]
    return [*texts, *([_("It was answered already, and waits to be sent.")] if answer.waited else [])]


def answer_words(answer: OfficerAnswer) -> list[str]:
    """All of it, in sentences; the first says what was done."""
    if answer.noted:
        return [noted_text(answer)]
    if answer.before is not None:
        return [answered_text(number_text(answer), answer.before)]
    done = _("{number}: {outcome} by {officer}; waiting to be sent.")
    first = done.format(number=number_text(answer), outcome=label(answer.outcome), officer=answer.officer)
    return [first, *beside_texts(answer)]
