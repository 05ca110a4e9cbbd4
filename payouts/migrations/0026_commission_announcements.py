import django.db.models.deletion
from django.db import migrations, models

import kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("payouts", "0025_lost_beyond_held"),
        ("tenants", "0017_market_terms"),
    ]

    operations = [
        migrations.CreateModel(
            name="CommissionAnnouncement",
            fields=[
                (
                    "due_at",
                    models.DateTimeField(blank=True, help_text="When it is to be tried; empty: at once.", null=True),
                ),
                (
                    "leased_until",
                    models.DateTimeField(blank=True, help_text="Until then some worker is at it.", null=True),
                ),
                ("attempts", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("last_error", models.CharField(blank=True, db_default="", default="", max_length=300)),
                ("id", models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("is_open", models.BooleanField(default=True, help_text="Rules may join: no shop is told yet.")),
                ("last_shop_id", models.BigIntegerField(default=0, help_text="Shops up to this one are told.")),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AnnouncedRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_end", models.BooleanField(default=False)),
                (
                    "announcement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="payouts.commissionannouncement",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payouts.commissionrule",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ToldShop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("told_at", models.DateTimeField()),
                (
                    "announced",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told",
                        to="payouts.announcedrule",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.shop",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="commissionannouncement",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["due_at", "id"],
                name="commission_announcement_wait",
            ),
        ),
        migrations.AddConstraint(
            model_name="commissionannouncement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_open", True)), fields=("is_open",), name="commission_announcement_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="commissionannouncement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_open", False),
                    models.Q(("ended_at__isnull", True), ("last_shop_id", 0)),
                    _connector="OR",
                ),
                name="commission_announcement_open_untold",
            ),
        ),
        migrations.AddConstraint(
            model_name="announcedrule",
            constraint=models.UniqueConstraint(fields=("rule", "announcement", "is_end"), name="announced_rule_once"),
        ),
        migrations.AddConstraint(
            model_name="announcedrule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_end", False)), fields=("rule",), name="announced_rule_begins_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="toldshop",
            constraint=models.UniqueConstraint(fields=("announced", "shop"), name="shop_told_once"),
        ),
    ]
