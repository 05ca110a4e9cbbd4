"""A person has one address of bills at most."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

ONE = """CREATE UNIQUE INDEX CONCURRENTLY address_one_billing_default_each
    ON public.accounts_address (user_id) WHERE is_billing_default"""
NONE = "DROP INDEX CONCURRENTLY IF EXISTS public.address_one_billing_default_each"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0006_address_subdivisions")]
    operations = [
        ValidateConstraint("address", "address_subdivision_code"),
        migrations.RunSQL(NONE, migrations.RunSQL.noop),
        migrations.RunSQL(
            ONE,
            NONE,
            state_operations=[
                migrations.AddConstraint(
                    "address",
                    models.UniqueConstraint(
                        fields=["user"],
                        condition=Q(is_billing_default=True),
                        name="address_one_billing_default_each",
                    ),
                )
            ],
        ),
    ]
