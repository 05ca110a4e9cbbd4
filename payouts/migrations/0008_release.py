"""Schedules of releases with their holds, reserves, and shops' own terms."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payouts", "0007_entries_of_sub_orders"),
        ("tenants", "0016_terms_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="journal",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sale", "Sale"),
                    ("refund", "Refund"),
                    ("reversal", "Sale taken back"),
                    ("release", "Released"),
                    ("reserve_end", "Reserve released"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="ReleaseSchedule",
            fields=[
                ("sub_order_id", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.CharField(help_text="The sub-order's.", max_length=24)),
                ("currency", models.CharField(max_length=3)),
                (
                    "delivered_at",
                    models.DateTimeField(help_text="Empty where a hold came before the delivery.", null=True),
                ),
                (
                    "hold_days",
                    models.PositiveSmallIntegerField(help_text="Between the delivery and the release.", null=True),
                ),
                ("due_at", models.DateTimeField(null=True)),
                ("open_holds", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "journal",
                    models.ForeignKey(
                        help_text="What it was released with; none where nothing was pending by then.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="payouts.journal",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.shop"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReleaseHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("return", "A return is open"),
                            ("refund", "A refund is under way"),
                            ("dispute", "The payment is disputed"),
                            ("operator", "The market holds it"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "source",
                    models.CharField(help_text="What holds it, as `return:<id>`; open once at a time.", max_length=64),
                ),
                ("note", models.CharField(blank=True, help_text="An operator's words to the shop.", max_length=300)),
                ("opened_at", models.DateTimeField()),
                ("lapses_at", models.DateTimeField(help_text="When it closes by itself; empty: never.", null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "opened_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="payouts.releaseschedule"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReleaseTerms",
            fields=[
                (
                    "shop",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tenants.shop",
                    ),
                ),
                ("hold_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "reserve_bps",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Share of what is released that is kept, in hundredths of a percent.",
                        null=True,
                    ),
                ),
                ("reserve_days", models.PositiveSmallIntegerField(blank=True, null=True)),
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
        migrations.CreateModel(
            name="Reserve",
            fields=[
                (
                    "schedule",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="reserve",
                        serialize=False,
                        to="payouts.releaseschedule",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("taken_minor", models.BigIntegerField(db_default=0, default=0)),
                ("due_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "journal",
                    models.ForeignKey(
                        help_text="What it ended with; none where nothing was left of it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ended_reserves",
                        to="payouts.journal",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.shop"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="releaseschedule",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False), ("open_holds", 0), ("released_at__isnull", True)),
                fields=["shop", "currency", "due_at"],
                name="release_due",
            ),
        ),
        migrations.AddIndex(
            model_name="releaseschedule",
            index=models.Index(fields=["shop", "-sub_order_id"], name="release_of_shop"),
        ),
        migrations.AddConstraint(
            model_name="releaseschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivered_at__isnull", True), ("due_at__isnull", True), ("hold_days__isnull", True)),
                    models.Q(
                        ("due_at__gte", models.F("delivered_at")),
                        ("due_at__isnull", False),
                        ("hold_days__isnull", False),
                        ("delivered_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="release_due_once_delivered",
            ),
        ),
        migrations.AddConstraint(
            model_name="releaseschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_at__isnull", True),
                    models.Q(("due_at__isnull", False), ("released_at__gte", models.F("due_at")), ("open_holds", 0)),
                    _connector="OR",
                ),
                name="release_not_before_due_or_held",
            ),
        ),
        migrations.AddConstraint(
            model_name="releaseschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("journal__isnull", True), ("released_at__isnull", False), _connector="OR"),
                name="release_booked_when_released",
            ),
        ),
        migrations.AddIndex(
            model_name="releasehold",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("lapses_at__isnull", False)),
                fields=["lapses_at"],
                name="release_hold_lapsing",
            ),
        ),
        migrations.AddConstraint(
            model_name="releasehold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)), fields=("source",), name="release_hold_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="releasehold",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__in", ["return", "refund", "dispute", "operator"])),
                name="release_hold_reason_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="releasehold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", "operator"), _negated=True),
                    models.Q(models.Q(("note", ""), _negated=True), ("opened_by__isnull", False)),
                    _connector="OR",
                ),
                name="release_hold_of_operator_has_note",
            ),
        ),
        migrations.AddConstraint(
            model_name="releasehold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True), ("closed_at__gte", models.F("opened_at")), _connector="OR"
                ),
                name="release_hold_closed_after_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="releaseterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("reserve_bps__isnull", True), ("reserve_bps__lte", 10000), _connector="OR"),
                name="release_terms_share_of_all",
            ),
        ),
        migrations.AddConstraint(
            model_name="releaseterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("hold_days__isnull", True), ("hold_days__lte", 365), _connector="OR"),
                name="release_terms_days_in_a_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="releaseterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reserve_days__isnull", True),
                    models.Q(("reserve_days__gte", 1), ("reserve_days__lte", 730)),
                    _connector="OR",
                ),
                name="release_terms_reserve_in_two_years",
            ),
        ),
        migrations.AddIndex(
            model_name="reserve",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["shop", "currency", "due_at"],
                name="reserve_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="reserve",
            constraint=models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="reserve_positive"),
        ),
        migrations.AddConstraint(
            model_name="reserve",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_minor__gte", 0), ("taken_minor__lte", models.F("amount_minor"))),
                name="reserve_taken_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="reserve",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("journal__isnull", True)),
                    models.Q(
                        ("ended_at__gte", models.F("due_at")),
                        ("journal__isnull", False),
                        ("taken_minor__lt", models.F("amount_minor")),
                    ),
                    models.Q(
                        ("ended_at__gte", models.F("due_at")),
                        ("journal__isnull", True),
                        ("taken_minor", models.F("amount_minor")),
                    ),
                    _connector="OR",
                ),
                name="reserve_ends_with_its_rest",
            ),
        ),
    ]
