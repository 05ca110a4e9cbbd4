"""Row of a shop's registration for tax: read and written as a whole."""

from dataclasses import asdict, dataclass

from django_tenants.utils import schema_context

from checkout.fulfilment.models import TaxRegistration

COLUMNS = ("country", "number", "prices_include_tax")


@dataclass(frozen=True, slots=True)
class Registration:
    """Registration of a shop for a country's tax; columns of `TaxRegistration`."""

    country: str
    number: str
    prices_include_tax: bool


def read_registration(*, schema_name: str) -> Registration | None:
    """Return a shop's registration; None where it has none."""
    with schema_context(schema_name):
        row = TaxRegistration.objects.values(*COLUMNS).first()
    return Registration(**row) if row else None


def write_registration(*, schema_name: str, registration: Registration | None) -> None:
    """Replace a shop's registration; the caller holds the shop's row."""
    with schema_context(schema_name):
        if registration is None:
            TaxRegistration.objects.all().delete()
        else:
            TaxRegistration.objects.update_or_create(id=1, defaults=asdict(registration))
