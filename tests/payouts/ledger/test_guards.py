"""The database refuses unbalanced journals, and changes of what was written."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from payouts.models import Account, Entry, Journal
from tenants.schemas.migrations import migrate_public
from tenants.schemas.quick_states import quick_migrations
from tests.world.clock import NOW
from tests.world.ledger import make_shop, rows, run, sell, settle_constraints, share


@pytest.fixture
def accounts(db: None) -> tuple[int, int]:
    """A clearing and a commission account in naira."""
    clearing = Account.objects.create(code="clearing:paystack", currency="NGN")
    commission = Account.objects.create(code="commission", currency="NGN")
    return clearing.pk, commission.pk


def insert(entries: list[tuple[int, str, int]]) -> None:
    """Insert a journal with entries behind the services' back."""
    journal = Journal.objects.create(kind="sale", source="ks-forged", description="x", occurred_at=NOW, posted_at=NOW)
    Entry.objects.bulk_create(
        Entry(journal=journal, account_id=account_id, currency=currency, amount_minor=amount)
        for account_id, currency, amount in entries
    )


def insert_and_settle(entries: list[tuple[int, str, int]]) -> None:
    """Insert a journal and let the deferred triggers look at it."""
    insert(entries)
    settle_constraints()


def assert_refused(constraint: str, entries: list[tuple[int, str, int]]) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        insert_and_settle(entries)
    assert refusal.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]
    assert rows("SELECT count(*) FROM payouts_journal") == [(0,)]
    assert rows("SELECT count(*) FROM payouts_entry") == [(0,)]


def test_a_journal_that_does_not_sum_to_zero(accounts: tuple[int, int]) -> None:
    assert_refused("journal_sums_to_zero", [(accounts[0], "NGN", 100), (accounts[1], "NGN", -99)])


def test_a_journal_without_entries(db: None) -> None:
    assert_refused("journal_has_two_entries", [])


def test_a_journal_with_one_entry(accounts: tuple[int, int]) -> None:
    assert_refused("journal_has_two_entries", [(accounts[0], "NGN", 100)])


def test_an_entry_in_another_currency_than_its_account(accounts: tuple[int, int]) -> None:
    assert_refused("entry_currency_is_accounts", [(accounts[0], "GHS", 100), (accounts[1], "GHS", -100)])


def test_each_currency_sums_to_zero_on_its_own(accounts: tuple[int, int]) -> None:
    cedis = Account.objects.create(code="commission", currency="GHS")
    assert_refused("journal_sums_to_zero", [(accounts[0], "NGN", 100), (cedis.pk, "GHS", -100)])


def test_an_entry_of_nothing(accounts: tuple[int, int]) -> None:
    with pytest.raises(IntegrityError, match="entry_moves"), transaction.atomic():
        insert([(accounts[0], "NGN", 0)])
    assert rows("SELECT count(*) FROM payouts_journal") == [(0,)]


def test_an_entry_added_to_an_old_journal(accounts: tuple[int, int]) -> None:
    insert_and_settle([(accounts[0], "NGN", 100), (accounts[1], "NGN", -100)])
    with pytest.raises(IntegrityError, match="does not sum to zero"), transaction.atomic():
        run(
            "INSERT INTO payouts_entry (journal_id, account_id, currency, amount_minor) "
            "SELECT id, %s, 'NGN', 5 FROM payouts_journal",
            [accounts[0]],
        )
    assert rows("SELECT count(*) FROM payouts_entry") == [(2,)]


def test_a_journal_is_looked_at_when_its_transaction_commits(live_database: str) -> None:
    with pytest.raises(IntegrityError, match="takes two to move money"), transaction.atomic():
        insert([])
    assert rows("SELECT count(*) FROM payouts_journal") == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payouts_entry SET amount_minor = amount_minor * 2",
        "UPDATE payouts_entry SET amount_minor = amount_minor WHERE false",
        "DELETE FROM payouts_entry",
        "TRUNCATE payouts_entry",
        "UPDATE payouts_journal SET description = 'Nothing to see here'",
        "DELETE FROM payouts_journal",
        "TRUNCATE payouts_journal CASCADE",
        "UPDATE payouts_account SET currency = 'USD'",
    ],
)
def test_what_is_written_stays_written(db: None, statement: str) -> None:
    sell("ks-sale-1", [share(make_shop("indigo"), 92_000, 8_000)])
    settle_constraints()
    before = rows("SELECT * FROM payouts_entry ORDER BY id"), rows("SELECT * FROM payouts_journal ORDER BY id")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(statement)

    after = rows("SELECT * FROM payouts_entry ORDER BY id"), rows("SELECT * FROM payouts_journal ORDER BY id")
    assert after == before


def test_journals_are_unique_by_kind_and_source(accounts: tuple[int, int]) -> None:
    insert([(accounts[0], "NGN", 100), (accounts[1], "NGN", -100)])
    with pytest.raises(IntegrityError, match="journal_once"), transaction.atomic():
        insert([(accounts[0], "NGN", 100), (accounts[1], "NGN", -100)])
    assert rows("SELECT count(*) FROM payouts_journal") == [(1,)]


def test_the_guards_live_in_public_alone(db: None) -> None:
    found = rows(
        "SELECT DISTINCT n.nspname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE p.proname LIKE 'ledger%%'"
    )
    assert found == [("public",)]


def test_the_guards_can_be_taken_down_and_put_up_again(live_database: str) -> None:
    guards = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text ~ '^payouts' ORDER BY 1"
    before = rows(guards)
    assert len(before) == 45
    with quick_migrations():
        call_command("migrate_schemas", "payouts", "0001", shared=True, verbosity=0)
    assert rows(guards) == []
    migrate_public()
    assert rows(guards) == before
