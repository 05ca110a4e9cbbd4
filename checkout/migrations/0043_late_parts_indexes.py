"""The indexes of parts by their last days, built while the market goes on selling."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("checkout", "0042_late_parts")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS public.sub_order_send_by", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "suborder",
            models.Index(
                fields=["send_by_on", "id"], condition=Q(status__in=["new", "packed"]), name="sub_order_send_by"
            ),
        ),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS public.sub_order_arrive_by", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "suborder",
            models.Index(fields=["arrive_by_on", "id"], condition=Q(status="shipped"), name="sub_order_arrive_by"),
        ),
    ]
