"""Returns of delivered units, their photos, and the days within which a shop takes them back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0040_parcels"),
        ("tenants", "0016_terms_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="reversal",
            name="kind",
            field=models.CharField(
                choices=[
                    ("cancellation", "Cancelled before it was sent"),
                    ("refund", "Refunded without a return"),
                    ("return", "Sent back"),
                ],
                max_length=14,
            ),
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                ("id", models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
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
                        ],
                        default="requested",
                        max_length=10,
                    ),
                ),
                ("status_at", models.DateTimeField()),
                ("lines", models.JSONField()),
                ("reason", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True)),
                ("instructions", models.TextField(blank=True, help_text="Where and how it is handed in.")),
                ("written_off", models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                ("steps", models.JSONField(default=list)),
                ("requested_at", models.DateTimeField()),
                (
                    "reversal",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="of_return",
                        to="checkout.reversal",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.shop"
                    ),
                ),
                (
                    "sub_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="checkout.suborder"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ReturnPhoto",
            fields=[
                ("id", models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("file", models.CharField(help_text="A file in the private storage.", max_length=200)),
                ("created_at", models.DateTimeField()),
                (
                    "of_return",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="checkout.return",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="checkout.order"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ReturnTerms",
            fields=[
                (
                    "shop",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tenants.shop",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(blank=True, help_text="Empty: as the market has it.", null=True),
                ),
                (
                    "categories",
                    models.JSONField(
                        db_default=models.Value({}, models.JSONField()),
                        default=dict,
                        help_text="Days by the slug of a category.",
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="returnphoto",
            constraint=models.UniqueConstraint(fields=("file",), name="return_photo_file_once"),
        ),
        migrations.AddIndex(
            model_name="return",
            index=models.Index(fields=["shop", "-id"], name="return_of_shop"),
        ),
        migrations.AddIndex(
            model_name="return",
            index=models.Index(fields=["status", "id"], name="return_by_status"),
        ),
        migrations.AddConstraint(
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
                        ],
                    )
                ),
                name="return_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reversal__isnull", False), ("status__in", ["received", "refunded"])),
                    models.Q(
                        models.Q(("status__in", ["received", "refunded"]), _negated=True), ("reversal__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="return_received_has_reversal",
            ),
        ),
    ]
