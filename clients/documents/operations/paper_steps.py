"""Stops, contradictions, what is withheld, and every step, on paper."""

from __future__ import annotations

from collections.abc import Iterator

from clients.documents.operations.paper_words import (
    OperationPaper,
    bounded,
    does_text,
    measured,
    moment,
    none_known,
    rule_of,
)
from clients.documents.pdf.blocks import PdfBlock, PdfFacts, PdfHeading, PdfTable, PdfText, PdfTone
from clients.documents.texts import _, label, label_of
from schemas.operations.state import Contradiction
from schemas.operations.terms import Colour, Rule, StopEnd
from schemas.reports.operations.codes import StopReason, StopWish


def stop_blocks(paper: OperationPaper) -> Iterator[PdfBlock]:
    """Every stop, standing or ended."""
    yield PdfHeading(_("4. Stops"))
    stops = paper.state.stops
    if not stops:
        yield none_known(_("Nobody has stopped it."))
        return
    rows = []
    for stop in stops:
        words = [_("refused or withdrew with the goods on its soil")] if stop.is_decision else []
        words += [label_of(StopReason, stop.reason)] if stop.reason is not None else []
        words += [_("wish: {wish}").format(wish=label_of(StopWish, stop.wish))] if stop.wish is not None else []
        end = _("STANDING") if stop.stands_at(paper.view.now_ms) else moment(stop.end_ms)
        how = "" if stop.how is StopEnd.STANDING else f"{label(stop.how)} {paper.number(stop.ended_by)}"
        ended = "\n".join(each for each in (end, how) if each)
        row = (str(stop.member), "; ".join(words), moment(stop.since_ms), ended, paper.number(stop.step))
        rows.append((*row, rule_of(stop.because)))
    standing = frozenset(at for at, stop in enumerate(stops) if stop.stands_at(paper.view.now_ms))
    head = (_("Stopped by"), _("Why"), _("Since, UTC"), _("Until, UTC"), _("Step"), _("Rule"))
    yield from bounded(PdfTable(head, rows, (3, 6, 4, 4, 3, 2), standing))


def contradiction_blocks(paper: OperationPaper) -> Iterator[PdfBlock]:
    """What does not fit together, and who has to explain it."""
    yield PdfHeading(_("5. Contradictions"))
    found = paper.state.contradictions
    if not found:
        yield none_known(_("None was found in the steps that are here."))
        return
    rows = [_contradiction_row(paper, each) for each in found]
    red = frozenset(at for at, each in enumerate(found) if each.colour is Colour.RED)
    head = (_("Weight"), _("What"), _("About"), _("To explain"), _("Steps"), _("Rule"))
    yield from bounded(PdfTable(head, rows, (3, 6, 4, 3, 4, 2), red))


def _contradiction_row(paper: OperationPaper, each: Contradiction) -> tuple[str, ...]:
    about = [each.about] if each.about else []
    about += [measured(measure, amount) for measure, amount in each.difference]
    owner = str(each.owner) if each.owner is not None else _("not known")
    return (
        label(each.colour),
        label(each.kind),
        "\n".join(about) or "-",
        owner,
        paper.numbers(each.steps),
        rule_of(each.because),
    )


def withheld_blocks(paper: OperationPaper) -> Iterator[PdfBlock]:
    """Every step that is named and not here, who named it, and what it could change."""
    yield PdfHeading(_("6. Withheld: what is named and is not here"))
    missing = paper.state.missing
    if not missing:
        yield PdfText(_("Every step that another names is here, and could be read."))
    else:
        rows = []
        for each in missing:
            parts = ", ".join(label(part) for part in each.could_change) or "-"
            number = paper.number(each.digest)
            rows.append((number, each.digest, label(each.how), paper.numbers(each.named_by), parts))
        every = frozenset(range(len(rows)))
        head = (_("Step"), _("Digest"), _("Why"), _("Named by"), _("Could change"))
        yield from bounded(PdfTable(head, rows, (3, 6, 4, 4, 5), every))
    yield PdfText(_("Steps that nothing here names may exist, and could change the result."))
    newer = paper.state.newer
    if newer:
        text = _("Newer than the program that made this paper, and without effect here:")
        yield PdfText(text, PdfTone.WARNING)
        words = [(paper.number(each.step), each.where, each.word or "-") for each in newer]
        yield from bounded(PdfTable((_("Step"), _("Where"), _("Word")), words, (2, 4, 4)))


def step_blocks(paper: OperationPaper) -> Iterator[PdfBlock]:
    """Every step: number, digest, what it does, who signed it, when it was accepted."""
    yield PdfHeading(_("7. All steps"))
    rows, odd = [], set()
    for at, step in enumerate(paper.steps.values()):
        effect = paper.effect(step.digest)
        does = does_text(step.cover) + (f"\n{effect}" if effect else "")
        odd |= {at} if effect else set()
        rows.append((paper.number(step.digest), does, step.cover.iss, moment(step.accepted_ms), step.digest))
    if not rows:
        yield none_known(_("None is here."))
        return
    head = (_("Number"), _("What it does"), _("Signer"), _("Accepted, UTC"), _("Digest (SHA-256, base64url)"))
    yield from bounded(PdfTable(head, rows, (3, 5, 4, 4, 8), frozenset(odd)))


def limit_blocks(paper: OperationPaper) -> Iterator[PdfBlock]:
    """How to verify it, what it does not prove, and the rules that it names."""
    yield PdfHeading(_("9. How to verify this paper, and what it does not prove"))
    use = paper.use
    yield PdfText(
        _(
            "A paper proves nothing by itself. Ask for the evidence file of this operation, and check it without a "
            "network:"
        )
    )
    name = use.goes_with.name if use.goes_with is not None else "FILE"
    yield PdfText(f"serai verify {name} --root {use.root}", PdfTone.STRONG)
    if use.goes_with is not None:
        yield PdfFacts([(_("Evidence file"), use.goes_with.name), ("SHA-256", use.goes_with.sha256)])
    yield PdfText(
        _(
            "The thumbprint of the root must come from elsewhere: from an official letter, from another agency. The "
            "numbers and digests of the steps on this paper must be those that the command prints with --json. What "
            "is cut here stands whole in the evidence file."
        )
    )
    for text in (
        _("It does not prove that a fact is true: it shows which post stated it, and when the hub accepted that."),
        _("It does not prove which person signed: a key belongs to a post, whose own agency certified it."),
        _("It does not prove that a decision is lawful: two posts of one country are four eyes, not law."),
        _("It does not prove that nothing else was stated: what is withheld is named above as far as others name it."),
    ):
        yield PdfText(f"• {text}")
    yield PdfHeading(_("Rules named on this paper"), 3)
    yield PdfFacts([(rule.value, label(rule)) for rule in Rule])
