"""Operators see each country's rates with their source, and how many shops charge them."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.world.market import open_shop
from tests.world.tax import register

pytestmark = pytest.mark.django_db


def test_the_tables_name_rates_sources_and_shops(console: Client, settings: LazySettings) -> None:
    settings.COMMISSION_TAX_NUMBERS = {"NG": "12345678-0001", "ET": "0012345678"}
    register(open_shop("cloth-hall"))
    register(open_shop("pot-house"))
    open_shop("lamp-lane")
    answer = console.get("/operator/tax-tables/")
    page = answer.content.decode()
    assert {row["table"].country: row["shops"] for row in answer.context["rows"]} == {
        "CI": 0, "GH": 0, "KE": 0, "NG": 2, "ZA": 0,
    }  # fmt: skip
    assert "VAT 15%, NHIL 2.5%, GETFund 2.5%" in page
    assert (page.count("Charged, under 12345678-0001"), page.count("the market is not registered")) == (1, 4)
    assert "Ethiopia: COMMISSION_TAX_NUMBERS has a number there" in page
    assert page.count("check with your accountant") == 5
