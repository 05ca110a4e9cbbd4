"""System checks: what may live in a shop's schema, and that nothing refers across schemas."""
# ruff: noqa: SLF001 - `_meta` is Django's documented API

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db.models import Field, Model

# Their tables are read under names of their own wherever the search path leads; one copy, in public.
SHARED_ONLY = ("admin", "auth", "contenttypes", "messages", "sessions", "sites")
Kinds = tuple[list[type[Model]], list[type[Model]]]


@register
def check_tenancy(**_: Any) -> list[CheckMessage]:
    """Hold the rules on where data lives, over all models."""
    shared, per_shop = _models_by_place()
    return [
        *_apps_in_both_places(),
        *_contributed_apps_per_shop(),
        *_shared_table_names(shared, per_shop),
        *_keys_across(per_shop, beyond=shared),
        *_keys_across(shared, beyond=per_shop),
    ]


def _models_by_place() -> Kinds:
    shared: list[type[Model]] = []
    per_shop: list[type[Model]] = []
    for model in apps.get_models(include_auto_created=True):
        config = apps.get_app_config(model._meta.app_label)
        (per_shop if config.name in settings.TENANT_APPS else shared).append(model)
    return shared, per_shop


def _apps_in_both_places() -> Iterator[CheckMessage]:
    for name in sorted(set(settings.SHARED_APPS) & set(settings.TENANT_APPS)):
        yield Error(f"{name} is both shared and per shop.", hint="Leave it in one of the lists.", id="tenants.E001")


def _contributed_apps_per_shop() -> Iterator[CheckMessage]:
    for name in settings.TENANT_APPS:
        if name.startswith("django.contrib.") and name.rpartition(".")[2] in SHARED_ONLY:
            yield Error(f"{name} must be shared only.", hint="Move it from TENANT_APPS.", id="tenants.E002")


def _shared_table_names(shared: list[type[Model]], per_shop: list[type[Model]]) -> Iterator[CheckMessage]:
    taken = {model._meta.db_table for model in shared}
    for model in per_shop:
        if model._meta.db_table in taken:
            yield Error(
                f"{model._meta.label}: the table {model._meta.db_table} exists in public too.",
                hint="A shop whose schema lacks it would silently use the public one. Rename it.",
                obj=model,
                id="tenants.E003",
            )


def _keys_across(models: list[type[Model]], *, beyond: list[type[Model]]) -> Iterator[CheckMessage]:
    forbidden = {model._meta.concrete_model for model in beyond}
    for model in models:
        for field in model._meta.get_fields():
            target = field.related_model if isinstance(field, Field) and field.remote_field else None
            if target is not None and target in forbidden:
                yield Error(
                    f"{model._meta.label}.{field.name} refers to {target._meta.label} across schemas.",
                    hint="Store the id in a plain column.",
                    obj=model,
                    id="tenants.E004",
                )
