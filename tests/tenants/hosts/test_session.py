"""Known state of the server's session is not sent again, and never assumed."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from django.db import connection, transaction

from tenants.database.connections import schema_connection
from tenants.database.cursors import ClientCursor
from tests.world.shops import make_shop


@pytest.fixture
def said(live_database: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the statements that set role and search path."""
    sent: list[str] = []
    execute = ClientCursor.execute

    def listening(self: ClientCursor, query: Any, *args: Any, **kwargs: Any) -> Any:
        if "SET search_path" in str(query):
            sent.append(str(query))
        return execute(self, query, *args, **kwargs)

    monkeypatch.setattr(ClientCursor, "execute", listening)
    return sent


def path() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        return str(cursor.fetchone()[0])


def test_a_request_after_another_says_nothing(said: list[str]) -> None:
    schema_connection().set_schema_to_public()
    first = path()
    said.clear()
    for _ in range(3):
        schema_connection().set_schema_to_public()
        assert path() == first
    assert said == []


def test_another_schema_is_always_said_and_so_is_the_way_back(said: list[str]) -> None:
    shop = make_shop("indigo")
    schema_connection().set_schema_to_public()
    public = path()
    said.clear()
    schema_connection().set_tenant(shop)
    assert path().startswith("shop_indigo")
    schema_connection().set_schema_to_public()
    assert path() == public
    assert len(said) == 2


def test_what_a_transaction_has_said_is_known_once_it_is_committed(said: list[str]) -> None:
    shop = make_shop("indigo")
    schema_connection().set_schema_to_public()
    path()
    with transaction.atomic():
        schema_connection().set_tenant(shop)
        path()
    said.clear()
    schema_connection().set_tenant(shop)
    assert path().startswith("shop_indigo")
    assert said == []


@pytest.mark.parametrize("is_savepoint", [False, True])
def test_a_rollback_takes_it_back(said: list[str], is_savepoint: bool) -> None:
    shop = make_shop("indigo")
    schema_connection().set_schema_to_public()
    public = path()

    @transaction.atomic
    def fail() -> None:
        schema_connection().set_tenant(shop)
        assert path().startswith("shop_indigo")
        raise LookupError

    with transaction.atomic() if is_savepoint else nullcontext():
        path()
        with pytest.raises(LookupError):
            fail()
    schema_connection().set_tenant(shop)
    assert path().startswith("shop_indigo")
    schema_connection().set_schema_to_public()
    assert path() == public


def test_a_shops_role_is_never_left_to_the_next(said: list[str]) -> None:
    shop = make_shop("indigo")
    wrapper: Any = connection
    wrapper.set_schema_to_public()
    path()
    wrapper.set_role(shop.pk)
    wrapper.set_tenant(shop)
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == wrapper.role_name(shop.pk)
    wrapper.set_role(None)
    wrapper.set_schema_to_public()
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT current_user = session_user")
        assert cursor.fetchone()[0] is True
