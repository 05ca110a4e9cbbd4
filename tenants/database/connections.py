"""The database connection with what django-tenants adds to it, typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, cast

from django.db import connection


class HasSchema(Protocol):
    """A shop, or another object that has a schema."""

    schema_name: str


class SchemaConnection(Protocol):
    """The part of a django-tenants connection that changes schemas; it sends nothing to the server by itself."""

    tenant: HasSchema
    schema_name: str
    role_shop_id: int | None
    search_path_set_schemas: list[str] | None

    def set_role(self, shop_id: int | None) -> None: ...
    def role_name(self, shop_id: int) -> str: ...
    def set_tenant(self, tenant: HasSchema, include_public: bool = True) -> None: ...
    def set_schema(self, schema_name: str, include_public: bool = True) -> None: ...
    def set_schema_to_public(self) -> None: ...


def schema_connection() -> SchemaConnection:
    """Return this thread's connection."""
    return cast("SchemaConnection", cast("Any", connection))


@contextmanager
def only_schema(schema_name: str) -> Iterator[None]:
    """Have one schema, and not even `public` besides it, on the search path for the length of a block."""
    here = schema_connection()
    previous = here.tenant
    here.set_schema(schema_name, include_public=False)
    try:
        yield
    finally:
        here.set_tenant(previous)
