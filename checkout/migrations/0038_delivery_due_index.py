"""The index of parcels whose time to arrive is over, built while the market goes on selling."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("checkout", "0037_delivered_parts")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS public.sub_order_delivery_due", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "suborder",
            models.Index(
                fields=["delivery_due_at", "id"], condition=Q(status="shipped"), name="sub_order_delivery_due"
            ),
        ),
    ]
