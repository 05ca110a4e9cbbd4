"""A shop may lose more with a dispute than was held for it: the constraint says it no longer."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

NAME = "dispute_part_lost_within"


class Migration(migrations.Migration):
    atomic = False  # the rows are looked at under a lock that stops neither reading nor writing

    dependencies = [("payouts", "0024_dispute_guards")]

    operations = [
        migrations.AlterField(
            "disputepart",
            "lost_payable_minor",
            models.BigIntegerField(
                default=0,
                db_default=0,
                help_text="Of the shop's money; it may be more than was held, by rounding or another dispute.",
            ),
        ),
        migrations.RemoveConstraint("disputepart", NAME),
        AddConstraintNotValid(
            "disputepart",
            models.CheckConstraint(
                condition=models.Q(
                    lost_minor__gte=0, lost_minor__lte=models.F("amount_minor"), lost_payable_minor__gte=0
                ),
                name=NAME,
            ),
        ),
        ValidateConstraint("disputepart", NAME),
    ]
