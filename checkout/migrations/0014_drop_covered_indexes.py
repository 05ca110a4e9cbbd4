"""Indexes that another one of the same table covers go: each was one more to keep for every row that is written."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("checkout", "0013_emails_in_small_letters")]
    operations = [
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS public.checkout_order_buyer_id_69b080e4",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    "order",
                    "buyer",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        db_index=False,
                        related_name="orders",
                        to=settings.AUTH_USER_MODEL,
                        null=True,
                        blank=True,
                    ),
                )
            ],
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS public.checkout_suborder_order_id_38f31825",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    "suborder",
                    "order",
                    models.ForeignKey(
                        on_delete=models.PROTECT, db_index=False, related_name="sub_orders", to="checkout.order"
                    ),
                )
            ],
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS public.checkout_suborder_shop_id_c6803d7e",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    "suborder",
                    "shop",
                    models.ForeignKey(on_delete=models.PROTECT, db_index=False, related_name="+", to="tenants.shop"),
                )
            ],
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS public.checkout_order_number_cb2e1445_like", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS public.checkout_suborder_number_bf5d33fb_like", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS public.checkout_payment_reference_4cd6a7fd_like", migrations.RunSQL.noop
        ),
    ]
