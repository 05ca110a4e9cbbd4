"""Statements that go together: in order, all or nothing, prepared, and as closed in as any other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import LazySettings
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from kit.db.pipeline import Query, Rows, as_array, as_json, ask, ask_all
from kit.db.roles import as_platform
from tenants.database import round_trips
from tenants.database.connections import schema_connection
from tenants.database.round_trips import PREPARED_AFTER, PlanLostError
from tenants.database.statements import StatementRefusedError
from tests.world.ledger import run
from tests.world.market import buy, open_shop, order_request, stock
from tests.world.shops import make_shop

ID = UUID("0190a0f5-6f5c-7cc1-8f3f-000000000001")
KEYS = "SELECT count(*) FROM public.kit_idempotencykey"
here: Any = connection


def rows(found: Rows) -> Rows:
    return found


def query(text: str, *params: Any) -> Query[Rows]:
    return Query(text, params, rows)


def key(name: str) -> Query[Rows]:
    text = (
        "INSERT INTO public.kit_idempotencykey (scope, key, request_hash, result, created_at) "
        "VALUES ('trip', $1, '', '', now())"
    )
    return query(text, name)


def prepared() -> set[str]:
    return {text for (text,) in ask(query("SELECT statement FROM pg_prepared_statements"))}


def often(text: str, *params: Any) -> None:
    for _ in range(PREPARED_AFTER + 1):
        ask(query(text, *params))


@pytest.fixture
def live(live_database: str) -> Iterator[str]:
    schema_connection().set_schema_to_public()
    yield live_database
    connection.close()


@pytest.mark.django_db
def test_values_go_and_come_as_they_do_with_cursors() -> None:
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    text = "SELECT $1::uuid, $2::int, $3::text, $4::timestamptz, $5::json, $6::uuid[], $7::int[]"
    sent = [ID, 7, None, at, as_json({"a": ["é", None]}), as_array([ID]), [1, 2]]
    assert ask(query(text, *sent)) == [(ID, 7, None, at, {"a": ["é", None]}, [ID], [1, 2])]
    often(text, *sent)
    assert text in prepared()
    assert ask(query(text, *sent)) == [(ID, 7, None, at, {"a": ["é", None]}, [ID], [1, 2])]


@pytest.mark.django_db
def test_a_value_that_cannot_be_sent_leaves_the_connection_as_it_was() -> None:
    with pytest.raises(DataError):
        ask_all([key("a"), query("SELECT $1::text", "a\0b")])
    assert ask(query(KEYS)) == [(0,)]


@pytest.mark.django_db
def test_each_sees_what_those_before_it_did_and_all_are_counted() -> None:
    with CaptureQueriesContext(connection) as captured:
        found = ask_all([query(KEYS), key("a"), query(KEYS), key("b"), query(KEYS)])
    assert found == [[(0,)], [], [(1,)], [], [(2,)]]
    assert len(captured) == 5
    assert ask_all([]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("is_prepared", [False, True])
def test_nothing_after_a_failure_is_run(is_prepared: bool) -> None:
    if is_prepared:
        for name in "wxyz":
            ask(key(name))
    before = ask(query(KEYS))
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        ask_all([key("a"), key("a"), key("b"), query("SELECT never FROM nowhere")])
    assert isinstance(raised.value.__cause__, psycopg.errors.UniqueViolation)
    assert ask(query(KEYS)) == before


@pytest.mark.django_db
def test_a_broken_transaction_takes_no_more() -> None:
    with transaction.atomic():
        with pytest.raises(IntegrityError), transaction.atomic(savepoint=False):
            ask_all([key("a"), key("a")])
        with pytest.raises(TransactionManagementError):
            ask(query(KEYS))


def test_outside_a_transaction_a_trip_is_one(live: str) -> None:
    with pytest.raises(IntegrityError):
        ask_all([key("a"), key("a")])
    assert ask(query(KEYS)) == [(0,)]
    ask_all([key("a"), key("b")])
    assert ask(query(KEYS)) == [(2,)]


def test_a_trip_begins_the_transaction_and_a_rollback_undoes_it(live: str) -> None:
    with transaction.atomic():
        ask_all([key("a"), key("b")])
        transaction.set_rollback(True)
    assert ask(query(KEYS)) == [(0,)]
    with transaction.atomic():
        ask_all([key("a"), key("b")])
    assert ask(query(KEYS)) == [(2,)]


def test_as_many_are_prepared_as_may_be(live: str, settings: LazySettings) -> None:
    settings.PREPARED_STATEMENTS = 2
    connection.close()
    for number in (1, 2, 3):
        often(f"SELECT {number}")
        often("SELECT 1")
    assert prepared() == {"SELECT 1", "SELECT 3"}
    assert ask_all([query("SELECT 2"), query("SELECT 3"), query("SELECT 1")]) == [[(2,)], [(3,)], [(1,)]]


def test_what_comes_now_and_then_is_not_prepared(live: str, settings: LazySettings) -> None:
    settings.PREPARED_STATEMENTS = 2
    connection.close()
    for _ in range(PREPARED_AFTER * 2):
        ask_all([query(f"SELECT {number}") for number in range(20)])
    assert prepared() == set()


def test_none_are_prepared_where_none_may_be(live: str, settings: LazySettings) -> None:
    settings.PREPARED_STATEMENTS = 0
    connection.close()
    often("SELECT 1")
    assert prepared() == set()


@pytest.mark.parametrize("is_in_transaction", [False, True])
@pytest.mark.parametrize("is_dropped", [False, True])
def test_a_table_that_changed_costs_one_more_try(live: str, is_dropped: bool, is_in_transaction: bool) -> None:
    run("CREATE TABLE changing AS SELECT 1 AS x")
    text = "SELECT * FROM changing"
    often(text)
    if is_dropped:
        run("DROP TABLE changing")
        run("CREATE TABLE changing AS SELECT 'a' AS x, 2 AS y")
    else:
        run("ALTER TABLE changing ADD y int DEFAULT 2")
        run("ALTER TABLE changing ALTER x TYPE text USING 'a'")
    if is_in_transaction:
        with pytest.raises(OperationalError) as raised, transaction.atomic():
            ask_all([key("a"), query(text)])
        assert isinstance(raised.value.__cause__, PlanLostError)
    assert ask_all([key("a"), query(text)]) == [[], [("a", 2)]]


def test_an_order_survives_the_loss_of_all_that_was_prepared(live: str) -> None:
    cloth = stock(open_shop("cloth-hall"))
    for _ in range(PREPARED_AFTER + 1):
        buy(cloth.line())
    assert any("fulfilment_vendororderline" in text for text in prepared())
    run("DEALLOCATE ALL")
    request = order_request()
    assert buy(cloth.line(), request=request) == buy(cloth.line(), request=request)
    assert cloth.level() == (10, PREPARED_AFTER + 2)


def test_a_prepared_text_reads_the_schema_that_has_the_name_now(live: str) -> None:
    run("CREATE SCHEMA shop_one")
    run("CREATE TABLE shop_one.goods AS SELECT 'old' AS title")
    text = "SELECT title FROM shop_one.goods"
    often(text)
    run("ALTER SCHEMA shop_one RENAME TO shop_past")
    run("CREATE SCHEMA shop_one")
    run("CREATE TABLE shop_one.goods AS SELECT 'new' AS title")
    assert ask(query(text)) == [("new",)]
    run("DROP SCHEMA shop_one CASCADE")
    with pytest.raises(ProgrammingError):
        ask(query(text))


def as_shop(shop: Any) -> None:
    schema_connection().set_tenant(shop)
    here.set_role(shop.pk)


@pytest.fixture
def shops(db: None) -> Iterator[tuple[Any, Any]]:
    yield make_shop("indigo"), make_shop("copper")
    here.set_role(None)
    schema_connection().set_schema_to_public()


def test_a_trip_runs_in_the_schema_and_under_the_role_that_are_in_force(shops: tuple[Any, Any]) -> None:
    indigo, copper = shops
    text = "SELECT current_user::text, current_schema()::text"
    often(text)
    for shop in (indigo, copper, indigo):
        as_shop(shop)
        assert ask(query(text)) == [(here.role_name(shop.pk), shop.schema_name)]
        with as_platform():
            assert ask(query(text))[0][0] != here.role_name(shop.pk)


def test_what_was_prepared_as_the_platform_opens_nothing_to_a_shop(shops: tuple[Any, Any]) -> None:
    indigo, copper = shops
    own, others = (f"SELECT count(*) FROM {shop.schema_name}.catalogue_product" for shop in (indigo, copper))
    orders = "SELECT count(*) FROM public.kit_idempotencykey"
    for text in (own, others, orders):
        often(text)
    as_shop(indigo)
    assert ask(query(own)) == [(0,)]
    for text in (others, orders):
        with pytest.raises(ProgrammingError) as raised, transaction.atomic():
            ask(query(text))
        assert isinstance(raised.value.__cause__, psycopg.errors.InsufficientPrivilege)
        assert "wiring.py" in "".join(raised.value.__cause__.__notes__)


@pytest.mark.parametrize("text", ["RESET ROLE", "SELECT set_config('role', 'none', false)", "SELECT 1; RESET ROLE"])
def test_a_shop_gets_out_of_its_role_by_no_trip(shops: tuple[Any, Any], text: str) -> None:
    as_shop(shops[0])
    with pytest.raises(ProgrammingError) as raised, transaction.atomic():
        ask_all([query("SELECT 1"), query(text)])
    assert isinstance(raised.value, StatementRefusedError) or "multiple commands" in str(raised.value)
    assert ask(query("SELECT current_user::text")) == [(here.role_name(shops[0].pk),)]


@pytest.mark.parametrize("is_in_transaction", [False, True])
def test_a_connection_that_was_cut_is_an_error_and_the_next_one_works(live: str, is_in_transaction: bool) -> None:
    [(pid,)] = ask(query("SELECT pg_backend_pid()"))
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with pytest.raises(OperationalError), transaction.atomic() if is_in_transaction else nullcontext():
        ask_all([query("SELECT 1"), query("SELECT 2")])
    connection.close()
    assert ask(query("SELECT 1")) == [(1,)]


def test_what_fails_only_when_the_trip_ends_is_told_as_what_it_is(live: str) -> None:
    """A deferred constraint is looked at by the transaction's end, which outside `atomic` is that of the trip."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.trip (name text UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    twice = [query("INSERT INTO public.trip VALUES ($1)", "a") for _ in range(2)]
    session = connection.connection
    for _ in range(PREPARED_AFTER + 2):
        with pytest.raises(IntegrityError, match="trip_name_key"):
            ask_all(twice)
        assert ask(query("SELECT count(*) FROM public.trip")) == [(0,)]
    assert connection.connection is session


def test_an_interrupted_trip_leaves_no_answers_to_the_next(live: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(round_trips, "_results", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ask_all([query("SELECT 1"), key("a")])
    assert connection.connection.closed
    connection.close()
    assert ask(query("SELECT 2")) == [(2,)]


def test_much_goes_and_comes(live: str) -> None:
    """More than the sockets' buffers hold, in both directions at once."""
    much = "x" * 300_000
    echo: Callable[[], Query[Rows]] = lambda: query("SELECT $1::text", much)  # noqa: E731
    assert ask_all([echo() for _ in range(20)]) == [[(much,)]] * 20
