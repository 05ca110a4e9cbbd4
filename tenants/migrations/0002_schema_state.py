"""Add a function that reads the state of shops' schemas, and a table of failed migrations."""

import django.db.models.deletion
from django.db import migrations, models

# Reads a table whose schema is known by a value, which plain SQL cannot: so that one statement asks all shops.
FUNCTION = """
CREATE FUNCTION public.tenants_applied_migrations(schema_name text) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    found text[];
BEGIN
    IF to_regclass(format('%I.django_migrations', schema_name)) IS NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format(
        'SELECT coalesce(array_agg(app || ''.'' || name ORDER BY app, name), ''{}'') FROM %I.django_migrations',
        schema_name
    ) INTO found;
    RETURN found;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION public.tenants_applied_migrations(text)"),
        migrations.CreateModel(
            name="MigrationFailure",
            fields=[
                (
                    "shop",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="migration_failure",
                        serialize=False,
                        to="tenants.shop",
                    ),
                ),
                ("reason", models.TextField()),
                ("attempts", models.PositiveIntegerField(default=1)),
                ("failed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("attempts__gte", 1)), name="migration_failure_was_attempted"
                    )
                ],
            },
        ),
    ]
