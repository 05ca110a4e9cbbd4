"""Indexes that another one of the same table covers go: each was one more to keep for every row that is written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_imports_name_columns")]
    operations = [
        migrations.RunSQL(
            "DROP INDEX IF EXISTS catalogue_stockmovement_variant_id_35593573",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    "stockmovement",
                    "variant",
                    models.ForeignKey(
                        on_delete=models.CASCADE, db_index=False, related_name="movements", to="catalogue.variant"
                    ),
                )
            ],
        ),
        migrations.RunSQL(
            "DROP INDEX IF EXISTS catalogue_pricechange_variant_id_ace5366c",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    "pricechange",
                    "variant",
                    models.ForeignKey(
                        on_delete=models.CASCADE, db_index=False, related_name="price_changes", to="catalogue.variant"
                    ),
                )
            ],
        ),
        migrations.RunSQL(
            "DROP INDEX IF EXISTS catalogue_stockimportrow_stock_import_id_a913c7a4",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    "stockimportrow",
                    "stock_import",
                    models.ForeignKey(
                        on_delete=models.CASCADE, db_index=False, related_name="row_set", to="catalogue.stockimport"
                    ),
                )
            ],
        ),
        migrations.RunSQL("DROP INDEX IF EXISTS catalogue_product_slug_c8e2e2b9_like", migrations.RunSQL.noop),
    ]
