"""People are found by parts of their numbers, names and addresses."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from kit.text.parts import parts_index


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0004_user_language"), ("kit", "0007_search_parts")]
    operations = [
        AddIndexConcurrently("user", parts_index("user_parts", "email", "name")),
    ]
