"""Units of a paid order that are taken back, and what goes back for them.

An older process goes on inserting without the new columns: the database fills them in.
"""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import kit.ids
import kit.text.columns


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0027_automatic_offers"),
        ("tenants", "0016_terms_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reversal",
            fields=[
                ("currency", models.CharField(max_length=3)),
                ("items_minor", models.BigIntegerField()),
                ("discount_minor", models.BigIntegerField(db_default=0, default=0)),
                ("shipping_minor", models.BigIntegerField()),
                ("delivery_discount_minor", models.BigIntegerField(db_default=0, default=0)),
                ("tax_minor", models.BigIntegerField(db_default=0, default=0)),
                ("prices_include_tax", models.BooleanField(db_default=False, default=False)),
                ("total_minor", models.BigIntegerField()),
                ("id", models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("cancellation", "Cancelled before it was sent")], max_length=14)),
                ("lines", models.JSONField()),
                (
                    "commission_minor",
                    models.BigIntegerField(help_text="Commission that the market gives back to the shop."),
                ),
                (
                    "platform_discount_minor",
                    models.BigIntegerField(help_text="Discount of the market that it owes the shop no longer."),
                ),
                (
                    "reversed_by",
                    models.CharField(
                        choices=[("buyer", "the buyer"), ("shop", "the shop"), ("operator", "the market")], max_length=8
                    ),
                ),
                ("reason", kit.text.columns.LineColumn(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="suborder",
            name="cancelled_units",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="Units of each line that were cancelled after they were paid, by variant.",
            ),
        ),
        migrations.AddField(
            model_name="suborder",
            name="refunded_minor",
            field=models.BigIntegerField(
                db_default=0, default=0, help_text="Of the total, what was taken back and goes back to the buyer."
            ),
        ),
        migrations.AddField(
            model_name="suborder",
            name="reversed_commission_minor",
            field=models.BigIntegerField(
                db_default=0, default=0, help_text="Of the commission, what the market has given back to the shop."
            ),
        ),
        migrations.AddField(
            model_name="suborder",
            name="reversed_platform_discount_minor",
            field=models.BigIntegerField(
                db_default=0, default=0, help_text="Of the platform's discount, what it owes the shop no longer."
            ),
        ),
        AddConstraintNotValid(
            "suborder",
            models.CheckConstraint(
                condition=models.Q(("refunded_minor__gte", 0), ("refunded_minor__lte", models.F("total_minor"))),
                name="sub_order_refunded_within_total",
            ),
        ),
        AddConstraintNotValid(
            "suborder",
            models.CheckConstraint(
                condition=models.Q(
                    ("reversed_commission_minor__gte", 0),
                    ("reversed_commission_minor__lte", models.F("commission_minor")),
                ),
                name="sub_order_reversed_commission_within",
            ),
        ),
        AddConstraintNotValid(
            "suborder",
            models.CheckConstraint(
                condition=models.Q(
                    ("reversed_platform_discount_minor__gte", 0),
                    ("reversed_platform_discount_minor__lte", models.F("platform_discount_minor")),
                ),
                name="sub_order_reversed_discount_within",
            ),
        ),
        migrations.AddField(
            model_name="reversal",
            name="actor",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reversal",
            name="sub_order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reversals", to="checkout.suborder"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    model_name="refund",
                    name="reversal",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The cancelled units that it is for.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="checkout.reversal",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE public.checkout_refund ADD COLUMN reversal_id uuid NULL,"
                    " ADD CONSTRAINT refund_reversal_fk FOREIGN KEY (reversal_id) REFERENCES public.checkout_reversal (id)"
                    " DEFERRABLE INITIALLY DEFERRED NOT VALID",
                    "ALTER TABLE public.checkout_refund DROP COLUMN reversal_id",
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="reversal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("prices_include_tax", True),
                        (
                            "total_minor",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("items_minor"), "-", models.F("discount_minor")
                                    ),
                                    "+",
                                    models.F("shipping_minor"),
                                ),
                                "-",
                                models.F("delivery_discount_minor"),
                            ),
                        ),
                    ),
                    models.Q(
                        ("prices_include_tax", False),
                        (
                            "total_minor",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("items_minor"), "-", models.F("discount_minor")
                                        ),
                                        "+",
                                        models.F("shipping_minor"),
                                    ),
                                    "-",
                                    models.F("delivery_discount_minor"),
                                ),
                                "+",
                                models.F("tax_minor"),
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="reversal_total_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="reversal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("items_minor__gte", 0),
                    ("discount_minor__gte", 0),
                    ("shipping_minor__gte", 0),
                    ("delivery_discount_minor__gte", 0),
                    ("tax_minor__gte", 0),
                ),
                name="reversal_amounts_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="reversal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delivery_discount_minor__lte", models.F("shipping_minor")),
                    ("discount_minor__lte", models.F("items_minor")),
                    models.Q(
                        ("prices_include_tax", False), ("tax_minor__lte", models.F("total_minor")), _connector="OR"
                    ),
                ),
                name="reversal_amounts_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="reversal",
            constraint=models.CheckConstraint(
                condition=models.Q(("commission_minor__gte", 0), ("commission_minor__lte", models.F("items_minor"))),
                name="reversal_commission_within_items",
            ),
        ),
        migrations.AddConstraint(
            model_name="reversal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("platform_discount_minor__gte", 0),
                    (
                        "platform_discount_minor__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("discount_minor"), "+", models.F("delivery_discount_minor")
                        ),
                    ),
                ),
                name="reversal_platform_discount_within",
            ),
        ),
    ]
