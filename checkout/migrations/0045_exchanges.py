"""Other variants sent for what comes back: their orders, and the money of returns that pays for them."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0044_messages"),
        ("tenants", "0016_terms_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExchangeCredit",
            fields=[
                ("id", models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("held", "Kept until the difference is paid"),
                            ("used", "Has paid for the exchange"),
                            ("returned", "Goes back to the buyer after all"),
                        ],
                        default="held",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="return",
            name="return_status_known",
        ),
        migrations.RemoveConstraint(
            model_name="return",
            name="return_received_has_reversal",
        ),
        migrations.AddField(
            model_name="order",
            name="credit_minor",
            field=models.BigIntegerField(db_default=0, default=0, help_text="Of the total, what its return pays."),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    model_name="order",
                    name="exchange_of",
                    field=models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exchange_order",
                        to="checkout.return",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE public.checkout_order ADD COLUMN exchange_of_id uuid NULL,"
                    " ADD CONSTRAINT order_exchange_of_fk FOREIGN KEY (exchange_of_id)"
                    " REFERENCES public.checkout_return (id) DEFERRABLE INITIALLY DEFERRED NOT VALID",
                    "ALTER TABLE public.checkout_order DROP COLUMN exchange_of_id",
                ),
            ],
        ),
        migrations.AddField(
            model_name="return",
            name="exchange",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="Snapshot: the variant that is wanted for each line, with the prices of that moment.",
            ),
        ),
        migrations.AlterField(
            model_name="return",
            name="status",
            field=models.CharField(
                choices=[
                    ("requested", "Waits for the shop"),
                    ("asked", "The shop has a question"),
                    ("accepted", "To be sent back"),
                    ("refused", "Refused by the shop"),
                    ("escalated", "Waits for the market"),
                    ("rejected", "Refused by the market"),
                    ("cancelled", "Withdrawn"),
                    ("received", "Arrived, refund on its way"),
                    ("refunded", "Refunded"),
                    ("exchanged", "Exchanged"),
                ],
                default="requested",
                max_length=10,
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("credit_minor", 0),
                    models.Q(
                        ("credit_minor__gt", 0),
                        ("credit_minor__lte", models.F("total_minor")),
                        ("exchange_of__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="order_credit_of_exchange",
            ),
        ),
        AddConstraintNotValid(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "requested",
                            "asked",
                            "accepted",
                            "refused",
                            "escalated",
                            "rejected",
                            "cancelled",
                            "received",
                            "refunded",
                            "exchanged",
                        ],
                    )
                ),
                name="return_status_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reversal__isnull", False), ("status__in", ["received", "refunded", "exchanged"])),
                    models.Q(
                        models.Q(("status__in", ["received", "refunded", "exchanged"]), _negated=True),
                        ("reversal__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="return_received_has_reversal",
            ),
        ),
        migrations.AddField(
            model_name="exchangecredit",
            name="order",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credits",
                to="checkout.order",
            ),
        ),
        migrations.AddField(
            model_name="exchangecredit",
            name="payment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="credits", to="checkout.payment"
            ),
        ),
        migrations.AddField(
            model_name="exchangecredit",
            name="reversal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="credits", to="checkout.reversal"
            ),
        ),
        migrations.AddConstraint(
            model_name="exchangecredit",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="exchange_credit_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="exchangecredit",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["held", "used", "returned"])), name="exchange_credit_status_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="exchangecredit",
            constraint=models.UniqueConstraint(fields=("order", "payment"), name="exchange_credit_once"),
        ),
    ]
