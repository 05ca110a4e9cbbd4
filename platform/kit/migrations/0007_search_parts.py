"""The function that takes a text apart for searches by parts of it."""

from typing import Any

from django.db import migrations

from kit.text.parts import FUNCTION, statement


def make_function(_: Any, schema_editor: Any) -> None:
    schema_editor.execute(statement(), params=None)


def drop_function(_: Any, schema_editor: Any) -> None:
    schema_editor.execute(f"DROP FUNCTION IF EXISTS {FUNCTION}(text)", params=None)


class Migration(migrations.Migration):
    dependencies = [("kit", "0006_idempotent_calls")]
    operations = [migrations.RunPython(make_function, drop_function)]
