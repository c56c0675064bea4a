"""Drug names find their group, and no name has two."""

from __future__ import annotations

import pytest

from schemas.reports.drug_names import _NAMES, find_drug_group, known_drug_names
from schemas.reports.drugs import DrugGroup


def test_no_name_twice() -> None:
    """Every name of the table stands there once and finds the group it stands under."""
    names = [(name, group) for group, text in _NAMES.items() for name in text.split("|")]
    assert len({name.casefold() for name, _ in names}) == len(names)
    assert all(find_drug_group(name) is group for name, group in names)
    assert {name.casefold() for name, _ in names} <= known_drug_names()


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("Heroin", DrugGroup.HEROIN),
        ("героин", DrugGroup.HEROIN),
        ("COCA PASTE", DrugGroup.COCAINE_BASE),
        ("Cocaine HCL", DrugGroup.COCAINE),
        ("JWH-018", DrugGroup.CANNABINOIDS_SYNTHETIC),
        ("Мефедрон", DrugGroup.CATHINONES_SYNTHETIC),
        ("Гашиш", DrugGroup.CANNABIS_RESIN),
        ("Acetic  Anhydride", DrugGroup.PRECURSORS),
        ("Seresta (Oxazepam)", DrugGroup.SEDATIVES),
        ("something new", DrugGroup.OTHER),
    ],
)
def test_find_drug_group(name: str, group: DrugGroup) -> None:
    """A name finds its group in any case and in both languages; an unknown one is other."""
    assert find_drug_group(name) is group
