"""Draw the tables of the models into docs/images/erd: `uv run python -m tests.architecture.erd`.

Models are read and no database is asked. `tests/architecture/test_erd.py` fails while a drawing is out of date.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Field, Model

from tests.architecture.erd_drawing import Column, Table, draw
from tests.architecture.sources import ROOT, own_apps

FOLDER = ROOT / "docs" / "images" / "erd"
# Drawings by name: the apps whose tables they show.
AREAS: Mapping[str, tuple[str, ...]] = {
    "shops": ("tenants",),
    "people": ("accounts", "notifications", "console"),
    "catalogue": ("catalogue", "discovery"),
    "orders": ("checkout", "fulfilment"),
    "money": ("payouts", "webhooks"),
    "work": ("kit",),
}
SHORT_TYPES = {"timestamp with time zone": "timestamptz"}


def drawings() -> dict[Path, str]:
    """Return the text of each drawing, by the file that it belongs in."""
    return {FOLDER / f"{name}.svg": draw(name, tables_of(labels)) for name, labels in AREAS.items()}


def tables_of(labels: tuple[str, ...]) -> list[Table]:
    """Return the tables of some apps, by name."""
    models = [model for label in labels for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    return sorted((describe(model) for model in models), key=lambda table: table.name)


def describe(model: type[Model]) -> Table:
    """Return a model's table with its columns, and the schema that it is in."""
    is_of_shop = model._meta.app_config.name in settings.TENANT_APPS
    fields = sorted(model._meta.concrete_fields, key=lambda field: not field.primary_key)
    columns = tuple(_column(field) for field in fields)
    return Table(model._meta.db_table, "shop's schema" if is_of_shop else "public", columns)


def _column(field: Field[Any, Any]) -> Column:
    kind = field.db_type(connection) or ""
    target = field.related_model._meta.db_table if field.related_model is not None else ""
    return Column(str(field.column), SHORT_TYPES.get(kind, kind), target, is_key=field.primary_key, is_null=field.null)


def undrawn() -> set[str]:
    """Return our own apps with tables that no drawing shows."""
    drawn = {label for labels in AREAS.values() for label in labels}
    return {label for label in own_apps() if list(apps.get_app_config(label).get_models())} - drawn


def stale(wanted: Mapping[Path, str]) -> list[str]:
    """Return the names of the files that are not as wanted, and of drawings that nobody wants any more."""
    found = {path: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.svg")}
    return sorted(path.name for path in found.keys() | wanted.keys() if found.get(path) != wanted.get(path))


def main() -> int:
    """Write the drawings that have changed, and delete those of an area that is gone."""
    wanted = drawings()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale(wanted):
        path = FOLDER / name
        if path in wanted:
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    raise SystemExit(main())
