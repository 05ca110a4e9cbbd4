"""Add bank accounts for shops' payouts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payouts", "0002_guards"),
        ("tenants", "0004_lifecycle_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("bank_code", models.CharField(max_length=20)),
                ("bank_name", models.CharField(max_length=120)),
                ("number", models.CharField(max_length=16)),
                ("holder_name", models.CharField(help_text="As the bank gave it.", max_length=160)),
                ("verified_at", models.DateTimeField(help_text="When the bank was asked.")),
                ("usable_from", models.DateTimeField(help_text="Nothing is paid to it before.")),
                ("is_current", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.shop"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["shop", "-id"], name="bank_account_of")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)), fields=("shop",), name="bank_account_one_current_each"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_current", True), ("replaced_at__isnull", True)),
                            models.Q(("is_current", False), ("replaced_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="bank_account_replaced_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "^[0-9]{6,16}$")), name="bank_account_number_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("holder_name", ""), _negated=True), name="bank_account_named_by_its_bank"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("usable_from__gte", models.F("created_at"))),
                        name="bank_account_usable_once_made",
                    ),
                ],
            },
        ),
    ]
