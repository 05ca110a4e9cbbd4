"""Indexes that another one of the same table covers go: each was one more to keep for every row that is written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("discovery", "0004_retired_categories")]
    operations = [
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS public.discovery_listing_shop_id_b747e4cf",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    "listing",
                    "shop",
                    models.ForeignKey(on_delete=models.CASCADE, db_index=False, related_name="+", to="tenants.shop"),
                )
            ],
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS public.discovery_listing_slug_9b6d8f3e_like", migrations.RunSQL.noop
        ),
    ]
