"""Hold the shops that were there before to the constraint of 0012, in a transaction of its own."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tenants", "0012_shop_currency_is_said")]
    operations = [ValidateConstraint("shop", "shop_currency_is_a_code")]
