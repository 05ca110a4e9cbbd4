"""The system checks on where data lives."""

import pytest
from django.contrib.auth import get_user_model
from pytest_django import Settings

from catalogue.models import Product, Variant
from tenants.models import Membership, Shop
from tenants.schemas import checks


def ids(found: object) -> list[str]:
    """The ids of what a check said."""
    return [message.id for message in found]  # type: ignore[attr-defined]


def test_the_project_passes() -> None:
    assert checks.check_tenancy() == []


def test_every_app_is_shared_or_per_shop(settings: Settings) -> None:
    settings.TENANT_APPS = [*settings.TENANT_APPS, "payouts"]
    assert "tenants.E001" in ids(checks.check_tenancy())


@pytest.mark.parametrize("app", ["auth", "contenttypes", "sessions", "admin"])
def test_contributed_apps_stay_shared(settings: Settings, app: str) -> None:
    settings.TENANT_APPS = [*settings.TENANT_APPS, f"django.contrib.{app}"]
    assert "tenants.E002" in ids(checks.check_tenancy())


def test_a_table_name_in_both_places_is_found() -> None:
    assert ids(checks._shared_table_names([Product], [Product, Variant])) == ["tenants.E003"]


def test_keys_across_schemas_are_found_in_both_directions() -> None:
    assert ids(checks._keys_across([Membership], beyond=[get_user_model()])) == ["tenants.E004"]
    assert ids(checks._keys_across([Variant], beyond=[Product])) == ["tenants.E004"]
    assert ids(checks._keys_across([Shop], beyond=[Product])) == []
