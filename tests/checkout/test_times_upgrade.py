"""Times that earlier releases kept and no list can show are brought within the years; what held goes on to hold."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from checkout.models import AutomaticOffer, Coupon, ShopTerms
from checkout.pricing.reading import read_quote
from payouts.audit.run import run_audit
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.coupons import coupon
from tests.world.market import open_shop, stock
from tests.world.offers import automatic_offer

pytestmark = pytest.mark.django_db
RULE = "{name}_times_within_years"
TABLES = {"coupon": "checkout_coupon", "offer": "checkout_automaticoffer"}
SHOWN = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, tzinfo=UTC))
BEFORE, AFTER = "0001-12-31 23:00:00Z BC", "9999-12-31 23:00:00Z"
CASES: dict[str, tuple[tuple[str | None, str | None], tuple[datetime | None, datetime | None]]] = {
    "begun long ago": ((BEFORE, None), (None, None)),
    "ended long ago": ((None, BEFORE), (None, SHOWN[0])),
    "ended a year after it began": ((BEFORE, "0025-01-01Z"), (None, SHOWN[0])),
    "begins in far future": ((AFTER, None), (SHOWN[1], None)),
    "ends in far future": ((None, AFTER), (None, None)),
    "both in far future": (("9000-01-01Z", AFTER), (SHOWN[1], None)),
}


def write(name: str, row: Any, times: tuple[str | None, str | None]) -> None:
    """Store times as a release did that took any."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {TABLES[name]} DROP CONSTRAINT {RULE.format(name=name)}")
        cursor.execute(f"UPDATE {TABLES[name]} SET starts_at = %s, ends_at = %s WHERE id = %s", [*times, row.pk])


def migrate() -> None:
    module = import_module("checkout.migrations.0031_times_within_years")
    with connection.schema_editor() as editor:
        module.bring_times_within_years(apps, editor)


@pytest.mark.parametrize("case", CASES)
def test_a_coupon_s_times_can_be_shown_again(case: str) -> None:
    ten = coupon(open_shop("cloth-hall"))
    was, now = CASES[case]
    write("coupon", ten, was)
    migrate()
    kept = Coupon.objects.get()
    assert (kept.starts_at, kept.ends_at) == now


@pytest.mark.parametrize("case", CASES)
def test_an_offer_s_times_go_into_the_terms_too(case: str) -> None:
    cloth = stock(open_shop("cloth-hall"))
    offer = automatic_offer(cloth.shop)
    version = Shop.objects.get().terms_version
    was, now = CASES[case]
    write("offer", offer, was)
    migrate()
    kept = AutomaticOffer.objects.get()
    assert (kept.starts_at, kept.ends_at) == now
    assert Shop.objects.get().terms_version == ShopTerms.objects.get().version > version
    assert [each for result in run_audit(with_provider=False, now=NOW).results for each in result.findings] == []
    [part] = read_quote([cloth.line(3)], now=NOW).parts
    assert bool(part.amounts.discount_minor) == (now == (None, None))


def test_times_within_the_years_stay_as_they_are() -> None:
    shop = open_shop("cloth-hall")
    times: dict[str, Any] = {
        "starts_at": datetime(2000, 1, 1, tzinfo=UTC),
        "ends_at": datetime(2100, 12, 31, 23, tzinfo=UTC),
    }
    ten, offer = coupon(shop, **times), automatic_offer(shop, **times)
    terms = ShopTerms.objects.get()
    migrate()
    for row in (ten, offer):
        row.refresh_from_db()
        assert (row.starts_at, row.ends_at) == tuple(times.values())
    assert ShopTerms.objects.get().version == terms.version


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("column", ["starts_at", "ends_at"])
def test_the_database_takes_no_other(name: str, column: str) -> None:
    make: Any = coupon if name == "coupon" else automatic_offer
    row = make(open_shop("cloth-hall"))
    for moment in (BEFORE, AFTER):
        refused = pytest.raises(IntegrityError, match=RULE.format(name=name))
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {TABLES[name]} SET {column} = %s WHERE id = %s", [moment, row.pk])
