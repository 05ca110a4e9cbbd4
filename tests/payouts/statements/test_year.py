"""A year's tax statement sums the lines of its months, and names the rule of withholding, or says there is none."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from kit.errors import NotFoundError
from payouts.statements.statement import month_of, month_statement
from payouts.statements.year import added, parse_year, year_statement
from tenants.models import Role, Shop
from tests.world.books import make_operator
from tests.world.own_shop import Staffed, api, member, page_client, staffed
from tests.world.payouts import earn
from tests.world.releases import sold, take_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


def months(shop: Shop, year: int) -> list[int]:
    """Return the change of each month by its own statement."""
    return [
        month_statement(shop=shop, month=month_of(datetime(year, number, 1).date())).totals.causes.change_minor  # noqa: DTZ001
        for number in range(1, 13)
    ]


def test_a_year_is_the_sum_of_its_months(own: Staffed) -> None:
    """Orders of the tests' clock, in March 2026, and one of today."""
    earn(own.shop)
    take_back(sold(own.shop, 200_000), 50_000)
    this, now = year_statement(shop=own.shop, year=2026), timezone.localtime()
    if now.year == 2026:
        assert {"2026-03", f"{now:%Y-%m}"} == {str(each.month) for each in this.months}
    assert this.total.change_minor == sum(months(own.shop, 2026))
    assert this.total == added(each.causes for each in this.months)
    assert (this.total.sale_minor > 0, this.total.commission_minor < 0, this.total.refund_minor) == (
        True,
        True,
        -50_000,
    )
    assert year_statement(shop=own.shop, year=2019).months == ()
    with pytest.raises(NotFoundError):
        parse_year("26")


def test_shops_and_operators_read_it_in_each_format(own: Staffed) -> None:
    earn(own.shop)
    accountant = member(own.shop, role=Role.ACCOUNTANT)
    client, operator = api(own.shop, accountant), make_operator()
    data = client.get("/api/v1/statements/years/2026/").json()["data"]
    assert data["total"]["sale_minor"] == sum(each["causes"]["sale_minor"] for each in data["months"])
    assert (data["withholding"]["name"], data["withholding"]["withheld_minor"]) == ("", 0)
    assert client.get("/api/v1/statements/years/26/").status_code == 404
    table = client.get("/api/v1/statements/years/2026/", HTTP_ACCEPT="text/csv").getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    assert (rows[0][0], rows[1][0], rows[-1][0]) == ("Month", "2026-03", "The whole year")
    assert "No rule of withholding is known for Nigeria" in rows[-1][11]
    assert client.get("/api/v1/statements/years/2026/", HTTP_ACCEPT="image/png").status_code == 406

    desk = page_client(own.shop, accountant)
    assert "/dashboard/payouts/statements/years/2026/" in desk.get("/dashboard/payouts/statements/").content.decode()
    assert "The whole year" in desk.get("/dashboard/payouts/statements/years/2026/").content.decode()
    assert desk.get("/dashboard/payouts/statements/years/2026/?as=pdf").content.startswith(b"%PDF")
    viewer = member(own.shop, role=Role.VIEWER)
    assert page_client(own.shop, viewer).get("/dashboard/payouts/statements/years/2026/").status_code == 403

    Shop.objects.filter(pk=own.shop.pk).update(country="KE")
    console = Client(HTTP_HOST=settings.BASE_DOMAIN)
    console.force_login(operator)
    page = console.get(f"/operator/shops/{own.shop.slug}/statements/years/2026/").content.decode()
    assert "Tax Laws (Amendment) Act" in page
    found = console.get(f"/api/v1/operator/shops/{own.shop.slug}/statements/years/2026/").json()["data"]["withholding"]
    base = data["total"]["sale_minor"] + data["total"]["refund_minor"]
    assert (found["rate_bps"], found["by_rule_minor"]) == (500, (base * 500 + 5_000) // 10_000)
