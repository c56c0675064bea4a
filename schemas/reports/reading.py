"""A report as its recipient reads it: what the form knows, and beside it what it does not (PROTOCOL 7, step 10).

Who writes a report keeps every rule of its form; who reads one loses nothing. A member, code or value that the form
does not have is kept as its sender wrote it, outside of the form, where no rule, list or file takes it for something
that is known. A report of an unknown kind or version is kept so as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.errors import Code, SeraiError
from schemas.labels import LENIENT, HandlingCode
from schemas.reports.kinds import form_name, forms
from schemas.reports.models import ReportModel

Path = tuple[str | int, ...]
"""Where something stands in a report: names, and numbers of entries from 0."""

CRITICAL_NAMES: Final = 16
"""How many names a report's ``critical`` has at most."""

LONGEST_LIST: Final = 256
"""More entries than any list of a form has."""

_PASSES: Final = 32  # a fault moves up by one level in each pass, and nothing is nested deeper than JSON may be


@dataclass(frozen=True, slots=True)
class AsWritten:
    """Something in a report that its form does not know.

    Attributes:
        path: where it stands.
        value: as in JSON.
    """

    path: Path
    value: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadReport:
    """The report of a dispatch, as it was read.

    Attributes:
        form: what is known of it; ``None`` if its kind or version is not known, or what the form needs is missing.
        as_written: everything else, in the order of the report.
        has_later_codes: whether `form` has codes, those of countries among them, that are in no table here.
    """

    form: ReportModel | None = field(repr=False)
    as_written: tuple[AsWritten, ...] = field(default=(), repr=False)
    has_later_codes: bool = False

    @property
    def handling_codes(self) -> tuple[str, ...]:
        """Handling codes that it names; where it cannot be known which those are, the strictest is among them."""
        if self.form is None or any(each.path[0] == "handling" for each in self.as_written):
            return (*(self.form.handling_codes if self.form else ()), HandlingCode.H3.value)
        return self.form.handling_codes

    @property
    def tlp_colours(self) -> tuple[str, ...]:
        """Colours of the Traffic Light Protocol that it names, as far as it is known."""
        return self.form.tlp_colours if self.form else ()

    @property
    def is_known(self) -> bool:
        """Whether all of it is known: only then can it be written anew without a loss."""
        return self.form is not None and not self.as_written and not self.has_later_codes


def read_members(value: Mapping[str, Any], kind: str, do: str | None = None) -> ReadReport:
    """Read the members of a report.

    Args:
        value: the JSON object.
        kind: of the cover.
        do: what it must say that it does (`Dispatch.content_do`); anything, if ``None``.

    Raises:
        SeraiError: ``malformed_report`` if it says that it is of another kind or does something else, or ``critical``
            is no list of names; ``unsupported_critical`` if that names a member that is not known with all that it
            holds.
    """
    if value.get("report") != kind:
        raise SeraiError(Code.MALFORMED_REPORT, f"the cover says {kind}")
    if do is not None and value.get("do") != do:
        raise SeraiError(Code.MALFORMED_REPORT, f"the cover says {do}")
    members = {name: each for name, each in value.items() if name != "critical"}
    is_first = type(members.get("version")) is int and members["version"] == 1
    model = forms().get(form_name(kind, members.get("do"))) if is_first else None
    read, known = _nothing_known(members) if model is None else _read(model, members)
    if "critical" in value:
        _check_critical(value["critical"], known)
    return read


def _check_critical(critical: Any, known: frozenset[str]) -> None:
    names = [name for name in critical if isinstance(name, str)] if isinstance(critical, list) else []
    if not 1 <= len(names) <= CRITICAL_NAMES or names != critical:
        raise SeraiError(Code.MALFORMED_REPORT, "critical: 1 to 16 names")
    if not known.issuperset(names):
        raise SeraiError(Code.UNSUPPORTED_CRITICAL, "critical names what is not known here")


def _read(model: type[ReportModel], members: Mapping[str, Any]) -> tuple[ReadReport, frozenset[str]]:
    """The report, and the names that are known with all that their members hold."""
    names = frozenset(model.model_fields)
    try:
        return ReadReport(model.model_validate(members)), names
    except ValidationError:
        dropped = {(name,) for name in members if name not in names} | set(_long_lists(members))
    for _pass in range(_PASSES):
        entries: dict[Path, list[int]] = {}
        fitting = _without(members, dropped, entries)
        try:
            form = model.model_validate(fitting, context=LENIENT)
        except ValidationError as error:
            faults = _deepest({_place(members, entries, dropped, fault) for fault in _faults(error)})
            if () in faults:
                break
            dropped |= faults
            continue
        later = _later_codes(model, fitting)
        kept = tuple(_collect(members, dropped))
        return ReadReport(form, kept, bool(later)), names - later - {str(each.path[0]) for each in kept}
    return _nothing_known(members)


def _nothing_known(members: Mapping[str, Any]) -> tuple[ReadReport, frozenset[str]]:
    kept = tuple(AsWritten((name,), each) for name, each in members.items() if name != "report")
    return ReadReport(None, kept), frozenset({"report"})


def _later_codes(model: type[ReportModel], fitting: Mapping[str, Any]) -> set[str]:
    """Names of the members that only lenient reading takes: they have codes of later versions."""
    try:
        model.model_validate(fitting)
    except ValidationError as error:
        return {str(fault["loc"][0]) for fault in _faults(error)}
    return set()


def _faults(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_input=False, include_context=False, include_url=False)


def _long_lists(value: Any, path: Path = ()) -> Iterator[Path]:
    """Lists that no form has: who writes one does not make its reader judge every entry."""
    if isinstance(value, list) and len(value) > LONGEST_LIST:
        yield path
    elif isinstance(value, Mapping | list):
        for step, each in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _long_lists(each, (*path, step))


def _deepest(places: set[Path]) -> set[Path]:
    """Without what is at fault only because something in it is: a list may be too short without its faulty entries."""
    return places - {place[:length] for place in places for length in range(len(place))}


def _place(
    members: Mapping[str, Any], entries: Mapping[Path, list[int]], dropped: set[Path], fault: ErrorDetails
) -> Path:
    """Where a fault stands in the whole report; what lacks something is itself at fault."""
    path: Path = ()
    value: Any = members
    for step in fault["loc"][:-1] if fault["type"] == "missing" else fault["loc"]:
        if isinstance(value, list) and isinstance(step, int):
            path += (entries[path][step],)
        elif isinstance(value, Mapping) and step in value and (*path, step) not in dropped:
            path += (step,)
        else:
            continue  # which of several forms was tried
        value = value[path[-1]]
    return path


def _without(value: Any, dropped: set[Path], entries: dict[Path, list[int]], path: Path = ()) -> Any:
    """A value without what was dropped; ``entries`` learns, for each list in it, which of its entries are left."""
    if isinstance(value, Mapping):
        kept = {name: each for name, each in value.items() if (*path, name) not in dropped}
        return {name: _without(each, dropped, entries, (*path, name)) for name, each in kept.items()}
    if isinstance(value, list):
        entries[path] = [at for at in range(len(value)) if (*path, at) not in dropped]
        return [_without(value[at], dropped, entries, (*path, at)) for at in entries[path]]
    return value


def _collect(value: Any, dropped: set[Path], path: Path = ()) -> Iterator[AsWritten]:
    """What was dropped, in the order of the report."""
    if path in dropped:
        yield AsWritten(path, value)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _collect(each, dropped, (*path, name))
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from _collect(each, dropped, (*path, at))
