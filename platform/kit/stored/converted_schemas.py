"""Record of the schemas that hold only values in today's form: one row for each."""

from collections.abc import Collection
from datetime import datetime

from kit.models import StoredForm

# Counted up when stored values get another form, or a rule of `kit.text` another cleaning.
FORM = 1


def formed_schemas() -> set[str]:
    """Return the schemas that were brought into today's form; one statement."""
    return set(StoredForm.objects.filter(form__gte=FORM).values_list("schema_name", flat=True))


def note_formed(schema_names: Collection[str], *, now: datetime) -> None:
    """Note that schemas are in today's form; one statement."""
    StoredForm.objects.bulk_create(
        [StoredForm(schema_name=name, form=FORM, reached_at=now) for name in schema_names],
        update_conflicts=True,
        unique_fields=["schema_name"],
        update_fields=["form", "reached_at"],
    )
