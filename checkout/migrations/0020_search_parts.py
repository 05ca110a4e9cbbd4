"""Orders and payments are found by parts of their numbers, names and addresses."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform

from kit.text.parts import parts_index


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("checkout", "0019_return_to_front_end"), ("kit", "0007_search_parts")]
    operations = [
        AddIndexConcurrently(
            "order",
            parts_index(
                "order_parts",
                "number",
                "email",
                KeyTextTransform("name", "shipping_address"),
                of=~Q(status="pending"),
            ),
        ),
        AddIndexConcurrently(
            "payment",
            parts_index("payment_parts", "reference", "provider_id", of=~Q(status__in=["created", "open"])),
        ),
    ]
