"""What an officer should look at once more before a step is signed, in words."""

from __future__ import annotations

from typing import Final

from clients.actions.client import Client
from clients.actions.numbers import spell_number
from clients.actions.operations.commands import PreparedStep
from clients.actions.operations.known import KnownOperation
from clients.actions.profiles import stated_forms
from clients.documents.demands import demand_text
from clients.documents.operations.viewing import view_of
from clients.documents.operations.words import leg_text, step_text
from clients.documents.plain import clean, field
from clients.documents.profiles import contact_text
from clients.documents.report_text import goods_text, leg_line
from clients.documents.texts import _, label, label_of
from schemas.operations.held import StepContent
from schemas.operations.words import Decision, StepKind
from schemas.reports.operations import ConfirmForm, DecideForm, HandForm, MoveForm, PlanContent
from schemas.reports.operations.codes import HandStage, Movement

_CONTACTS: Final = 2
"""How many numbers of a country stand beside what is not met; the others are in its profile."""


def decided_lines(known: KnownOperation | None, prepared: PreparedStep) -> list[str]:
    """Of a decision and a confirmation, what they are about: goods and legs as the plan has them, or conditions."""
    about = known.step(prepared.rests_on) if known is not None else None
    form = about.content.read.form if about is not None and isinstance(about.content, StepContent) else None
    if isinstance(prepared.report, ConfirmForm) and isinstance(form, DecideForm):
        legs = [line for leg in form.legs for line in field(_("Leg"), clean(leg.leg))]
        return [*legs, *(line for each in form.conditions for line in field(_("Condition"), clean(each)))]
    if not isinstance(prepared.report, DecideForm | ConfirmForm) or not isinstance(form, PlanContent):
        return []
    names = {leg.leg for leg in (prepared.report if isinstance(prepared.report, DecideForm) else form).legs}
    goods = [line for each in form.goods for line in field(_("Goods"), goods_text(each))]
    return [*goods, *(line for leg in form.legs if leg.leg in names for line in field(_("Leg"), leg_line(leg)))]


def step_name(prepared: PreparedStep) -> str:
    """What a step does, in capitals; of a decision which."""
    do, decision = prepared.command.do, prepared.command.decision
    if do is None:
        return _("STRIKE OUT")
    name = label_of(StepKind, do).upper()
    return name if decision is None else f"{name}: {label_of(Decision, decision).upper()}"


def warning_lines(client: Client, known: KnownOperation | None, prepared: PreparedStep) -> list[str]:
    """What its officer should look at once more."""
    lines = []
    if known is not None and prepared.newer_plan is not None:
        number = step_text(view_of(client, known), prepared.newer_plan)
        lines.append(_("LOOK AGAIN: there is a newer plan, {number}. This is on the one before.").format(number=number))
    if prepared.old_profile is not None and prepared.newer_profile is not None:
        text = _("LOOK AGAIN: the request rests on your profile {old}; since then {newer} counts.")
        places = {"old": prepared.old_profile, "newer": prepared.newer_profile}
        lines.append(text.format(**{name: _number_of(client, digest, prepared) for name, digest in places.items()}))
    lines += _red_texts(client, known, prepared) if known is not None else []
    if prepared.again:
        legs = ", ".join(f"{leg_text(leg)} ({member})" for leg, member in prepared.again)
        lines.append(_("After it has to be decided again: {legs}").format(legs=legs))
    if prepared.left_out:
        text = _("NOT TO {members}: they cannot be written to now. Call them by telephone.")
        lines.append(text.format(members=", ".join(prepared.left_out)))
    if prepared.open_items:
        items = ", ".join(label(item) for item in prepared.open_items)
        lines.append(_("Not known yet: {items}").format(items=items))
    if prepared.clockless:
        text = _("No clock runs for {members}: their time is over, or another than that of this dispatch.")
        lines.append(text.format(members=", ".join(prepared.clockless)))
    lines += _unmet_texts(client, prepared)
    for each in prepared.put_right:
        text = _("LEFT OUT {where}: {why}")
        lines.append(text.format(where=each.where, why=clean(label(each.fault))))
    return lines


def _red_texts(client: Client, known: KnownOperation, prepared: PreparedStep) -> list[str]:
    """That a fact will contradict what is known here: it is never refused for that, and somebody has to explain it."""
    form = prepared.report
    if isinstance(form, HandForm):
        return _not_held_texts(client, known, form)
    if isinstance(form, MoveForm) and form.movement is Movement.CROSSED:
        entered = [each for each in known.picture.authority if form.leg == each.leg or form.soil == each.member]
        if known.picture.stops or not any(each.stands for each in entered):
            return [_("LOOK AGAIN: no authority for this crossing stands now. It will be red, unless it stood then.")]
    return []


def _not_held_texts(client: Client, known: KnownOperation, form: HandForm) -> list[str]:
    """That who gives has not got what is handed over: the goods, or an exhibit that is named."""
    giver = (form.fact_of or client.member) if form.stage is HandStage.OFFERED else form.other
    holders = {each.name: each.holder for each in known.state.custody.exhibits}
    found = [
        _("LOOK AGAIN: by the facts that are here {exhibit} is in the hands of {member}.").format(
            exhibit=clean(name), member=holders[name]
        )
        for name in form.exhibits
        if holders.get(name, giver) != giver
    ]
    control = known.picture.control
    if not form.exhibits and form.stage is HandStage.OFFERED and control is not None:
        text = _("LOOK AGAIN: by the facts that are here the goods are in the hands of {member}.")
        found += [text.format(member=control.holder)] if control.holder not in (None, giver) else []
    return found


def _unmet_texts(client: Client, prepared: PreparedStep) -> list[str]:
    """What a plan does not meet, country by country, with the numbers under which that can be cleared up."""
    if not prepared.unmet:
        return []
    stated = stated_forms(client, prepared.cover.status or client.network_status)
    lines = [_("What countries ask for in their profiles, and the plan does not meet or cannot show:")]
    for member in dict.fromkeys(each.member for each in prepared.unmet):
        lines += [f"{member}: {demand_text(each)}" for each in prepared.unmet if each.member == member]
        form = stated.get(member)
        lines += [f"{member}: {contact_text(each)}" for each in (form.contacts if form else ())[:_CONTACTS]]
    return lines


def _number_of(client: Client, digest: str, prepared: PreparedStep) -> str:
    """A dispatch by its number, or by the beginning of its digest where it has none here."""
    place = client.store.items.place_of(digest)
    return digest[:8] if place is None else spell_number(place, prepared.cover.status or client.network_status)
