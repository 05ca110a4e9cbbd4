from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("payouts", "0019_payouts_on_request"),
    ]

    operations = [
        ValidateConstraint("payout", "payout_cost_back_of_a_cost"),
        ValidateConstraint("payoutschedule", "payout_schedule_has_its_day"),
    ]
