"""Payments and refunds take the columns of work that waits; open payments go on by the schedule that they had."""

import datetime as dt

import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0004_validate_amounts"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="payment",
            name="payment_unsettled",
        ),
        migrations.RemoveIndex(
            model_name="refund",
            name="refund_open",
        ),
        migrations.AddField(
            model_name="payment",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="payment",
            name="due_at",
            field=models.DateTimeField(
                db_default=django.db.models.expressions.CombinedExpression(
                    django.db.models.functions.datetime.Now(),
                    "+",
                    models.Value(dt.timedelta(seconds=60), models.DurationField()),
                ),
                help_text="When the provider is asked again, unless it tells us before.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="last_error",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="payment",
            name="leased_until",
            field=models.DateTimeField(blank=True, help_text="Until then some worker is at it.", null=True),
        ),
        migrations.AddField(
            model_name="refund",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="refund",
            name="due_at",
            field=models.DateTimeField(blank=True, help_text="When it is to be tried; empty: at once.", null=True),
        ),
        migrations.AddField(
            model_name="refund",
            name="last_error",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="refund",
            name="leased_until",
            field=models.DateTimeField(blank=True, help_text="Until then some worker is at it.", null=True),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("status__in", ["created", "open"])), fields=["due_at", "id"], name="payment_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("status__in", ["requested", "sent"])),
                fields=["due_at", "id"],
                name="refund_waiting",
            ),
        ),
        migrations.RunSQL(
            """
            UPDATE checkout_payment
               SET due_at = COALESCE(checked_at + LEAST(GREATEST((checked_at - created_at) / 2, interval '1 minute'),
                                                        interval '6 hours'),
                                     created_at + interval '1 minute'),
                   attempts = CASE WHEN checked_at IS NULL THEN 0 ELSE
                       LEAST(20, ln(GREATEST(extract(epoch FROM checked_at - created_at) / 60, 1)) / ln(1.5))::int END
             WHERE status IN ('created', 'open', 'failed')
            """,
            migrations.RunSQL.noop,
        ),
    ]
