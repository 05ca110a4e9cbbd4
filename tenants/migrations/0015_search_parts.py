"""Shops, domains and applications are found by parts of their numbers, names and addresses."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Cast

from kit.text.parts import parts_index


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tenants", "0014_application_language"), ("kit", "0007_search_parts")]
    operations = [
        AddIndexConcurrently("shop", parts_index("shop_parts", "name", "slug", "contact_email")),
        AddIndexConcurrently("domain", parts_index("domain_parts", "domain")),
        AddIndexConcurrently(
            "shopapplication",
            parts_index(
                "application_parts",
                Cast("id", models.TextField()),
                "shop_name",
                "slug",
                "legal_name",
                "contact_name",
                "email",
                "registration_number",
            ),
        ),
    ]
