"""Coupons and their uses, and the part of a sub-order's discounts that the platform pays.

A process of the release before goes on inserting sub-orders without the new column: the database fills it in.
"""

import django.core.validators
import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0021_shop_terms"),
        ("tenants", "0016_terms_version"),
    ]

    operations = [
        migrations.CreateModel(
            name="Coupon",
            fields=[
                ("id", models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "code",
                    models.CharField(
                        max_length=32, validators=[django.core.validators.RegexValidator("^[A-Z0-9][A-Z0-9_-]{2,31}$")]
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("percent", "A percentage"),
                            ("fixed", "A fixed amount"),
                            ("free_delivery", "Free delivery"),
                        ],
                        max_length=16,
                    ),
                ),
                ("percent_bps", models.PositiveIntegerField(blank=True, null=True)),
                ("amount_minor", models.BigIntegerField(blank=True, null=True)),
                (
                    "currency",
                    models.CharField(
                        blank=True, help_text="Empty: any, for a percentage of the platform's.", max_length=3
                    ),
                ),
                (
                    "minimum_minor",
                    models.BigIntegerField(default=0, help_text="Of the goods that it applies to, before it."),
                ),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("uses_total", models.PositiveIntegerField(blank=True, null=True)),
                ("uses_per_buyer", models.PositiveIntegerField(blank=True, null=True)),
                ("is_first_order", models.BooleanField(default=False, help_text="For a buyer's first order alone.")),
                ("is_public", models.BooleanField(default=False, help_text="Whether it is shown to everybody.")),
                ("is_paused", models.BooleanField(default=False)),
                ("products", models.JSONField(blank=True, default=list, help_text="Ids; none: all.")),
                (
                    "categories",
                    models.JSONField(blank=True, default=list, help_text="Ids, with all below them; none: all."),
                ),
                (
                    "shops",
                    models.JSONField(
                        blank=True, default=list, help_text="Ids, for a coupon of the platform; none: all."
                    ),
                ),
                (
                    "used",
                    models.PositiveIntegerField(
                        db_default=0, default=0, help_text="Uses of orders that have not ended unpaid."
                    ),
                ),
                (
                    "batch_id",
                    models.UUIDField(
                        blank=True, help_text="Of codes for one use each that were made together.", null=True
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CouponBuyer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "buyer",
                    models.CharField(
                        help_text="A keyed digest of the account or of a guest's e-mail address.", max_length=40
                    ),
                ),
                ("used", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="CouponUse",
            fields=[
                ("id", models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "buyer",
                    models.CharField(
                        blank=True, help_text="As of the buyer's count; empty once forgotten.", max_length=40
                    ),
                ),
                ("saved_minor", models.BigIntegerField(help_text="What it took off goods and delivery.")),
                ("currency", models.CharField(max_length=3)),
                ("created_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="suborder",
            name="platform_discount_minor",
            field=models.BigIntegerField(
                db_default=0,
                default=0,
                help_text="What the platform gives the buyer off, and owes the shop once it is paid.",
            ),
        ),
        AddConstraintNotValid(
            "suborder",
            models.CheckConstraint(
                condition=models.Q(
                    platform_discount_minor__gte=0,
                    platform_discount_minor__lte=models.F("discount_minor") + models.F("delivery_discount_minor"),
                ),
                name="sub_order_platform_discount_within",
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="shop",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.shop",
            ),
        ),
        migrations.AddField(
            model_name="couponbuyer",
            name="coupon",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="checkout.coupon"
            ),
        ),
        migrations.AddField(
            model_name="couponuse",
            name="coupon",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="checkout.coupon"
            ),
        ),
        migrations.AddField(
            model_name="couponuse",
            name="order",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="checkout.order"
            ),
        ),
        migrations.AddIndex(
            model_name="coupon",
            index=models.Index(fields=["shop", "-id"], name="coupon_of_shop"),
        ),
        migrations.AddIndex(
            model_name="coupon",
            index=models.Index(
                condition=models.Q(("batch_id__isnull", False)), fields=["batch_id", "id"], name="coupon_of_batch"
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=("code", "shop"),
                name="coupon_code_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[A-Z0-9][A-Z0-9_-]{2,31}$")), name="coupon_code_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount_minor__isnull", True),
                        ("kind", "percent"),
                        ("percent_bps__isnull", False),
                        ("percent_bps__range", (1, 10000)),
                    ),
                    models.Q(
                        ("amount_minor__gt", 0),
                        ("amount_minor__isnull", False),
                        ("kind", "fixed"),
                        ("percent_bps__isnull", True),
                    ),
                    models.Q(("amount_minor__isnull", True), ("kind", "free_delivery"), ("percent_bps__isnull", True)),
                    _connector="OR",
                ),
                name="coupon_has_what_its_kind_needs",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("currency", ""), _negated=True),
                    models.Q(("minimum_minor", 0), ("shop__isnull", True), ("kind__in", ["percent", "free_delivery"])),
                    _connector="OR",
                ),
                name="coupon_amounts_have_currency",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum_minor__gte", 0)), name="coupon_minimum_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_at__isnull", True),
                    ("ends_at__isnull", True),
                    ("ends_at__gt", models.F("starts_at")),
                    _connector="OR",
                ),
                name="coupon_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("uses_total__isnull", True), ("uses_total__gte", 1), _connector="OR"),
                    models.Q(("uses_per_buyer__isnull", True), ("uses_per_buyer__gte", 1), _connector="OR"),
                ),
                name="coupon_limits_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("uses_total__isnull", True), ("used__lte", models.F("uses_total")), _connector="OR"
                ),
                name="coupon_used_within_limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shop__isnull", True), ("shops", models.Value([], models.JSONField())), _connector="OR"
                ),
                name="coupon_of_shop_has_none",
            ),
        ),
        migrations.AddIndex(
            model_name="couponbuyer",
            index=models.Index(fields=["buyer"], name="coupon_buyer_by_buyer"),
        ),
        migrations.AddConstraint(
            model_name="couponbuyer",
            constraint=models.UniqueConstraint(fields=("coupon", "buyer"), name="coupon_buyer_once"),
        ),
        migrations.AddIndex(
            model_name="couponuse",
            index=models.Index(fields=["coupon", "-id"], name="coupon_uses"),
        ),
        migrations.AddConstraint(
            model_name="couponuse",
            constraint=models.UniqueConstraint(fields=("order", "coupon"), name="coupon_use_once_an_order"),
        ),
        migrations.AddConstraint(
            model_name="couponuse",
            constraint=models.CheckConstraint(condition=models.Q(("saved_minor__gt", 0)), name="coupon_use_saves"),
        ),
    ]
