"""Days at the ends of the calendar and far offsets: refused in a line or found empty, wherever money takes a day."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.exceptions import ValidationError

from accounts.models import User
from console.api.commission_outputs import RULE
from console.api.commission_rules import ENTERED, WHY
from kit.api.moments import MomentField
from tests.world.ledger import make_shop
from tests.world.own_shop import api

pytestmark = pytest.mark.django_db
DAYS = ("0001-01-01", "1999-12-31", "9999-12-31", "2026-02-30", "10000-01-01", "-0001-01-01")
OFFSETS = ("", "Z", "+14:00", "-23:59", "+99:99")
MOMENTS = (*(f"{day}T00:00{offset}" for day in DAYS[:3] for offset in OFFSETS), "9999-12-31T23:59:59.999999-23:59")
FROM, TO, AS_OF = ("reconcile", "--from"), ("reconcile", "--to"), ("payouts", "release", "--as-of")
REFUSALS = ("is before", "is in the future", "is not a date", "is no moment", "expected one argument")
PAGES = [
    *("/operator/ledger/?as_of={}", "/operator/ledger/journals/?as_of={}&days=365"),
    *("/operator/audit-log/?from={}", "/operator/audit-log/?to={}", "/operator/audit-log/csv/?from={}&to={}"),
    *("/operator/shops/far/statements/{}/", "/operator/shops/far/statements/years/{}/"),
    *("/api/v1/operator/audit-log/?since={}", "/api/v1/operator/audit-log/?until={}"),
    *("/api/v1/operator/shops/far/statements/{}/", "/api/v1/operator/shops/far/statements/years/{}/"),
]
SPELLINGS = (*DAYS, "0001-01", "9999-12", "2099-12", "2000-01", "0001", "9999", "2099", "2000", MOMENTS[-1])
TAKEN = {200, 400, 404, 422}


def refusal(*command: str) -> str:
    """Return what a command says against its day."""
    with pytest.raises(CommandError) as refused:
        call_command(*command, stdout=io.StringIO())
    return str(refused.value)


@pytest.mark.parametrize(("command", "days"), [(FROM, DAYS), (TO, DAYS), (AS_OF, (*DAYS, *MOMENTS))])
def test_a_command_says_in_a_line_what_is_wrong_with_a_day(command: tuple[str, ...], days: tuple[str, ...]) -> None:
    for day in days:
        said = refusal(*command[:-1], f"{command[-1]}={day}")
        assert ("\n" in said, any(words in said for words in REFUSALS)) == (False, True), (command, day, said)


def test_a_moment_that_no_calendar_has_is_refused(operator: User) -> None:
    """That of a commission rule may leave out its zone, those of coupons, offers and waiting rooms may not."""
    program, rule = api(None, operator), {name: RULE[name] for name in ENTERED} | {"category_id": None, "reason": WHY}
    for moment in MOMENTS:
        for name in ("starts_at", "ends_at"):
            added = program.post("/api/v1/operator/commission-rules/", {**rule, name: moment}, format="json")
            assert added.status_code == 400 or moment.startswith("1999"), (name, moment)
        with suppress(ValidationError):
            assert MomentField().run_validation(moment).utcoffset() is not None, moment


def test_pages_and_programs_refuse_a_day_or_find_nothing(console: Client, operator: User) -> None:
    make_shop("far")
    program = api(None, operator)
    for address in PAGES:
        client = program if address.startswith("/api/") else console
        for text in SPELLINGS:
            found = client.get(address.format(*[text.replace("+", "%2B")] * 2))
            assert found.status_code in TAKEN, (address, text)
