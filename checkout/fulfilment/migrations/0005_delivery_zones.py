"""A shop has zones that it delivers to, with methods in each; an order keeps the method by which it is delivered."""

import django.db.models.deletion
from django.db import migrations, models

import kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("fulfilment", "0004_tax_registration"),
    ]

    operations = [
        migrations.AddField(
            model_name="vendororder",
            name="delivery",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="Snapshot of the method; empty on orders from before it was kept.",
            ),
        ),
        migrations.CreateModel(
            name="DeliveryZone",
            fields=[
                ("id", models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, help_text="In the shop's own order, from 0."),
                ),
                ("name", models.CharField(blank=True, max_length=80)),
                (
                    "country",
                    models.CharField(blank=True, default="", help_text="ISO 3166-1; empty: everywhere.", max_length=2),
                ),
                (
                    "subdivisions",
                    models.JSONField(default=list, help_text="ISO 3166-2 codes; empty: all of the country."),
                ),
                ("towns", models.JSONField(default=list, help_text="As the shop writes them; empty: all.")),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("country", ""), _negated=True),
                            models.Q(("subdivisions", []), ("towns", [])),
                            _connector="OR",
                        ),
                        name="zone_parts_are_of_a_country",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryMethod",
            fields=[
                ("id", models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, help_text="In the shop's own order, from 0."),
                ),
                ("name", models.CharField(blank=True, max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("flat", "One price"),
                            ("weight", "By weight"),
                            ("value", "By the value of the goods"),
                            ("pickup", "Pick-up at the shop"),
                        ],
                        default="flat",
                        max_length=8,
                    ),
                ),
                ("price_minor", models.BigIntegerField(help_text="Empty: the shop's standard rate.", null=True)),
                (
                    "bands",
                    models.JSONField(
                        default=list, help_text="Pairs of an upper bound (grams, minor units) and a price."
                    ),
                ),
                (
                    "free_from_minor",
                    models.BigIntegerField(help_text="Value of the goods from which it is free.", null=True),
                ),
                (
                    "handling_days",
                    models.PositiveSmallIntegerField(help_text="Until the parcel leaves the shop.", null=True),
                ),
                ("transit_least_days", models.PositiveSmallIntegerField(default=0)),
                ("transit_most_days", models.PositiveSmallIntegerField(default=0)),
                ("details", models.CharField(blank=True, help_text="Where and when it is picked up.", max_length=300)),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="methods",
                        to="fulfilment.deliveryzone",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "flat"), ("kind", "weight"), ("kind", "value"), ("kind", "pickup"), _connector="OR"
                        ),
                        name="method_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("price_minor__isnull", True), ("price_minor__gte", 0), _connector="OR"),
                        name="method_price_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("free_from_minor__isnull", True), ("free_from_minor__gt", 0), _connector="OR"
                        ),
                        name="method_free_from_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("transit_least_days__lte", models.F("transit_most_days"))),
                        name="method_transit_in_order",
                    ),
                ],
            },
        ),
    ]
