"""The registry of kinds: what holds of every entry, and of every one that will be added."""

# ruff: noqa: RUF001 - Cyrillic letters are part of the data

from __future__ import annotations

import re
from dataclasses import replace
from string import Formatter
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from schemas.claims import MEMBER_ROLES
from schemas.encoding import encode_json
from schemas.labels import Label, Role
from schemas.operations.words import StepKind
from schemas.reports import parse_report
from schemas.reports.entry import ReportKind
from schemas.reports.kinds import KINDS, entries, entry_of, forms, sendable
from schemas.reports.operations import STEP_FORMS
from schemas.reports.paths import parse_path
from tests.support.toy import TOY
from tests.unit.schemas.reports.builders import MINIMAL
from tests.unit.schemas.reports.operations.builders import LEAST

FORMED = [*(kind for kind in entries() if kind.model is not None), TOY]
ALL = [*KINDS.values(), TOY]
each_kind = pytest.mark.parametrize("kind", ALL, ids=[kind.name for kind in ALL])
each_form = pytest.mark.parametrize("kind", FORMED, ids=[kind.name for kind in FORMED])


def leads_to_a_value(model: type[BaseModel], path: str) -> bool:
    """Whether a path goes from member to member of a form, and of its parts."""
    found: list[Any] = [model]
    for name, _entry in parse_path(path):
        fields = [each.model_fields[name] for each in found if name in getattr(each, "model_fields", {})]
        found = [part for field in fields for part in inside(field.annotation)]
    return bool(found)


def inside(annotation: Any) -> list[Any]:
    """Types that a member may have, or its entries."""
    parts = [part for each in get_args(annotation) for part in inside(each)]
    return [annotation, *parts]


def test_words_of_the_protocol() -> None:
    """Kinds are those of PROTOCOL 6; three are sent as they are, the others have commands of their own."""
    names = "warning seizure feedback request reply bulletin profile operation deconflict deconflict_answer"
    assert " ".join(KINDS) == names
    assert [kind.name for kind in sendable()] == ["warning", "seizure", "feedback"]
    assert list(forms())[3:] == [
        "profile",
        *(f"operation-{do}" for do in STEP_FORMS),
        "deconflict",
        "deconflict_answer",
    ]


def test_a_form_of_several_is_found_by_what_it_does() -> None:
    """What the registry has of a step is its form; of a report of a kind with one form, the kind."""
    stop = parse_report(encode_json(LEAST["stop"]).encode())
    assert entry_of(stop).name == "operation-stop"
    assert entry_of(parse_report(encode_json(MINIMAL["warning"]).encode())) is KINDS["warning"]


def test_forms_are_called_as_the_words_of_covers() -> None:
    """The label of a form is the label of its word on the cover."""
    for form in KINDS["operation"].forms:
        do = form.name.removeprefix("operation-")
        assert do == "cancel" or form.label == StepKind(do).label


@each_kind
def test_name_and_labels(kind: ReportKind) -> None:
    """A name is a word of a cover; labels are in English and Russian, and the short ones fit into a column."""
    assert re.fullmatch("[a-z_]{1,32}", kind.name)
    for label in (kind.label, kind.short or kind.label):
        assert not re.search("[а-яё]", label.en, re.IGNORECASE)
        assert re.search("[а-яё]{2}", label.ru, re.IGNORECASE)
    assert max(map(len, kind.short or kind.label)) <= 9


def test_labels_tell_kinds_apart() -> None:
    """No two kinds read the same, in either language, long or short."""
    for labels in ([kind.label for kind in KINDS.values()], [kind.short or kind.label for kind in KINDS.values()]):
        assert len({label.en for label in labels}) == len({label.ru for label in labels}) == len(KINDS)
    assert KINDS["seizure"].label == Label("Seizure", "Изъятие")


@each_form
def test_form_states_its_kind(kind: ReportKind) -> None:
    """What the form says of itself is the name in the registry, and its version is 1."""
    assert kind.model is not None
    fields = kind.model.model_fields
    names = [kind.name, *(fields[name].default for name in ("do",) if name in fields)]
    assert (fields["report"].default, fields["version"].default) == (names[0].removesuffix(f"-{names[-1]}"), 1)
    assert all(get_args(fields[name].annotation) == (fields[name].default,) for name in ("report", "version"))


@each_form
def test_answers_have_a_place_in_the_form(kind: ReportKind) -> None:
    """Every answer, and everything in the headline, has a member of the form to go to."""
    assert kind.model is not None
    paths = [step.path for step in kind.steps]
    paths += [path for _words, path, _form, _how in Formatter().parse(kind.headline) if path]
    assert [path for path in paths if not leads_to_a_value(kind.model, path)] == []


@each_form
def test_steps_follow_what_they_depend_on(kind: ReportKind) -> None:
    """No two steps have one key, each has a question and a help, and depends on a step before it only."""
    keys = [step.key for step in kind.steps]
    assert len(set(keys)) == len(keys)
    assert all(step.question and step.help for step in kind.steps)
    for at, step in enumerate(kind.steps):
        assert not step.after or step.after.partition("=")[0] in keys[:at]


@each_form
def test_senders_are_roles_that_send(kind: ReportKind) -> None:
    """What is needed to send is ``exchange``, or a post: the hub admits nothing else."""
    assert {role for role in kind.senders if role in MEMBER_ROLES} <= {Role.EXCHANGE}
    assert kind.purpose.endswith(".")


def test_a_kind_without_senders_is_read_and_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sends it; its form is known all the same."""
    monkeypatch.setitem(KINDS, TOY.name, replace(TOY, senders=()))
    assert TOY.name in forms()
    assert TOY.name not in [kind.name for kind in sendable()]
    report = {"report": "toy", "version": 1, "our_reference": "T-1", "toy": {"code": "kite"}}
    assert parse_report(encode_json(report).encode()).kind == "toy"
