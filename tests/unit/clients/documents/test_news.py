"""How an alarm is told."""

from __future__ import annotations

from clients.actions.ringing import Urgent
from clients.documents.news import urgent_environment, urgent_line
from tests.support.desk import Desk
from tests.support.traffic import arrive


def test_alarm_tells_the_cover_and_nothing_of_the_content(kz: Desk, uz: Desk) -> None:
    """Screens and other programs hear who, what and how urgent; the content stays in the store."""
    delivery = Urgent(kz.store).delivery(arrive(uz, kz, precedence="flash"))
    assert delivery is not None
    line, told = urgent_line(delivery), urgent_environment(delivery, 3)
    assert "FLASH" in line
    assert "UZ/NFP" in line
    assert (told["SERAI_FROM"], told["SERAI_PRECEDENCE"], told["SERAI_WAITING"]) == ("UZ/NFP", "flash", "3")
    assert "lorry" not in line + str(told)
