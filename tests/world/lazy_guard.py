"""Lazy objects of a shop's apps must not leave the schema they were made in: in tests, using one elsewhere raises.

A queryset is bound to a schema when it is made, and reads whatever schema the connection is in when it is evaluated:
one that leaves its block reads another shop. So do deferred columns and relations of an instance that was loaded in
one shop and is asked in another. Production does not pay for this: the product has no word of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.db.models import Model, QuerySet
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.db.models.query_utils import DeferredAttribute

from tenants.database.connections import schema_connection

SCHEMA = "_made_in_schema"


class LeftItsSchemaError(AssertionError):
    """A lazy object was made in one schema and used in another."""


@cache
def is_of_shops(model: type[Model]) -> bool:
    """Return whether a model's table is in the shops' schemas."""
    config = apps.app_configs.get(model._meta.app_label)
    return config is not None and config.name in settings.TENANT_APPS


def here() -> str:
    return schema_connection().schema_name


def check(what: object, made_in: str | None) -> None:
    """Raise where something was made in another schema than this."""
    if made_in is not None and made_in != here():
        raise LeftItsSchemaError(f"{what} was made in {made_in} and is used in {here()}.")


def install() -> Callable[[], None]:
    """Put the guard in place; returns what takes it away."""
    undo: list[Callable[[], None]] = []

    def replace(owner: Any, name: str, by: Callable[[Any], Any]) -> None:
        before = owner.__dict__[name]
        setattr(owner, name, by(before))
        undo.append(lambda: setattr(owner, name, before))

    replace(QuerySet, "__init__", _remember_schema)
    replace(QuerySet, "_clone", _same_schema)
    replace(QuerySet, "_add_hints", _schema_of_owner)
    for name in ("_fetch_all", "iterator", "update", "delete", "count", "exists", "aggregate", "_iterator"):
        if name in QuerySet.__dict__:
            replace(QuerySet, name, _checked)
    replace(Model, "from_db", _stamped)
    replace(DeferredAttribute, "__get__", _checked_column)
    replace(ForwardManyToOneDescriptor, "__get__", _checked_relation)

    def take_away() -> None:
        for each in reversed(undo):
            each()

    return take_away


def _remember_schema(before: Any) -> Any:
    @wraps(before)
    def made(self: QuerySet[Any], *args: Any, **kwargs: Any) -> None:
        before(self, *args, **kwargs)
        if self.model is not None and is_of_shops(cast("type[Model]", self.model)):
            self.__dict__[SCHEMA] = here()

    return made


def _same_schema(before: Any) -> Any:
    @wraps(before)
    def cloned(self: QuerySet[Any]) -> QuerySet[Any]:
        copy: QuerySet[Any] = before(self)
        if SCHEMA in self.__dict__:
            copy.__dict__[SCHEMA] = self.__dict__[SCHEMA]
        return copy

    return cloned


def _schema_of_owner(before: Any) -> Any:
    """A related manager's queryset belongs where the instance was loaded that it is asked of."""

    @wraps(before)
    def hinted(self: QuerySet[Any], **hints: Any) -> None:
        before(self, **hints)
        owner = getattr(hints.get("instance"), "__dict__", {}).get(SCHEMA)
        if owner is not None and SCHEMA in self.__dict__:
            self.__dict__[SCHEMA] = owner

    return hinted


def _checked(before: Any) -> Any:
    @wraps(before)
    def evaluated(self: QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        if self._result_cache is None:
            check(f"A queryset of {self.model.__name__}", self.__dict__.get(SCHEMA))
        return before(self, *args, **kwargs)

    return evaluated


def _stamped(before: Any) -> Any:
    original = before.__func__

    def from_db(cls: type[Model], db: str | None, field_names: Any, values: Any) -> Model:
        instance: Model = original(cls, db, field_names, values)
        if is_of_shops(cls):
            instance.__dict__[SCHEMA] = here()
        return instance

    return classmethod(wraps(original)(from_db))


def _checked_column(before: Any) -> Any:
    def get(self: DeferredAttribute, instance: Any, cls: Any = None) -> Any:
        if instance is not None and self.field.attname not in instance.__dict__:
            check(f"{type(instance).__name__}.{self.field.attname}", instance.__dict__.get(SCHEMA))
        return before(self, instance, cls)

    return get


def _checked_relation(before: Any) -> Any:
    def get(self: ForwardManyToOneDescriptor[Any], instance: Any, cls: Any = None) -> Any:
        if instance is not None and not self.field.is_cached(instance):
            check(f"{type(instance).__name__}.{self.field.name}", instance.__dict__.get(SCHEMA))
        return before(self, instance, cls)

    return get
