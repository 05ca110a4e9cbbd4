"""Bring times of coupons and offers within the years that can be shown; what holds at present holds on.

A start before them is none, an end before them is their beginning; a start after them is their end, an end after them is none.
"""

from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from checkout.models.times import within_years

BRING_WITHIN = """
UPDATE public.{table}
   SET starts_at = CASE WHEN starts_at < '2000-01-01Z' THEN NULL
                        WHEN starts_at > '2101-01-01Z' THEN '2100-12-31Z' ELSE starts_at END,
       ends_at = CASE WHEN ends_at < '2000-01-01Z' THEN '2000-01-01Z'
                      WHEN ends_at > '2101-01-01Z' THEN NULL ELSE ends_at END
 WHERE starts_at < '2000-01-01Z' OR starts_at > '2101-01-01Z' OR ends_at < '2000-01-01Z' OR ends_at > '2101-01-01Z'
RETURNING id, shop_id, starts_at, ends_at
"""


def bring_times_within_years(apps: Any, schema_editor: Any) -> None:
    """Change the rows, and the compiled terms of the shops whose offers they are."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(BRING_WITHIN.format(table="checkout_coupon"))
        cursor.execute(BRING_WITHIN.format(table="checkout_automaticoffer"))
        changed = {str(row[0]): row[1:] for row in cursor.fetchall()}
    terms_of, shops = apps.get_model("checkout", "ShopTerms").objects, apps.get_model("tenants", "Shop").objects
    for shop_id in sorted({shop_id for shop_id, _, _ in changed.values()}):
        for terms in terms_of.filter(pk=shop_id).select_for_update():
            for offer in terms.offers.get("offers", []):
                if offer["id"] in changed:
                    _, starts_at, ends_at = changed[offer["id"]]
                    offer["starts_at"] = starts_at and starts_at.isoformat()
                    offer["ends_at"] = ends_at and ends_at.isoformat()
            terms.version += 1
            terms.save(update_fields=["offers", "version"])
            shops.filter(pk=shop_id).update(terms_version=terms.version)


class Migration(migrations.Migration):
    dependencies = [("checkout", "0030_stations"), ("tenants", "0016_terms_version")]

    operations = [
        migrations.RunPython(bring_times_within_years, migrations.RunPython.noop),
        AddConstraintNotValid(
            "automaticoffer",
            models.CheckConstraint(condition=within_years("starts_at", "ends_at"), name="offer_times_within_years"),
        ),
        AddConstraintNotValid(
            "coupon",
            models.CheckConstraint(condition=within_years("starts_at", "ends_at"), name="coupon_times_within_years"),
        ),
    ]
