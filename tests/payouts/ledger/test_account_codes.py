"""Each provider's money is on an account of its own, also while the version before still runs."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from payouts.models import Account
from payouts.selectors import account_choices, account_totals
from payouts.services.accounts import AccountKey, open_accounts
from payouts.services.journals import post
from payouts.services.posting import prepare_sale
from tenants.schemas.migrations import migrate_public
from tenants.schemas.quick_states import quick_migrations
from tests.world.clock import NOW
from tests.world.ledger import assert_books_hold, entry_sums, make_shop, rows, run, sell, share

# What the version before sends to open an account, and to find it for a journal.
OPEN_BEFORE = """
    INSERT INTO public.payouts_account (kind, shop_id, currency)
    SELECT 'paystack_clearing', NULL, 'NGN' ON CONFLICT DO NOTHING
"""
FIND_BEFORE = """
    SELECT id FROM public.payouts_account WHERE kind = 'paystack_clearing' AND shop_id IS NULL AND currency = 'NGN'
"""
FIND_NOW = "SELECT id FROM payouts_account WHERE code = 'clearing:paystack' AND shop_id IS NULL AND currency = 'NGN'"


def test_what_each_provider_holds_is_on_an_account_of_its_own(db: None) -> None:
    shop = make_shop("indigo")
    sell("ks-sale-1", [share(shop, 92_000, 8_000)])
    sale = prepare_sale(
        provider="pebble",
        reference="PBL-1",
        currency="NGN",
        captured_minor=50_000,
        fees_minor=1_000,
        shares=[share(shop, 46_000, 4_000)],
        refundable_minor=0,
        occurred_at=NOW,
        now=NOW,
    )
    post(sale)

    sums = entry_sums()
    assert (sums["clearing:paystack", None], sums["clearing:pebble", None]) == (100_000, 49_000)
    labels = [total.label for total in account_totals()]
    assert labels[:2] == ["Held at Paystack", "Held at Pebble"]
    assert ("clearing:paystack", "Held at Paystack") in account_choices()
    assert_books_hold()


def test_the_version_before_and_this_one_open_one_account(db: None) -> None:
    run(OPEN_BEFORE)
    open_accounts(keys=[AccountKey("clearing:paystack")], currency="NGN")
    run(OPEN_BEFORE)

    assert Account.objects.filter(shop=None).count() == 1
    assert rows(FIND_BEFORE) == rows(FIND_NOW) != []


def test_the_version_before_finds_the_account_that_this_one_opened(db: None) -> None:
    open_accounts(keys=[AccountKey("clearing:paystack"), AccountKey("clearing:pebble")], currency="NGN")
    run(OPEN_BEFORE)

    assert rows(FIND_BEFORE) == rows(FIND_NOW) != []
    assert sorted(Account.objects.values_list("code", flat=True)) == ["clearing:paystack", "clearing:pebble"]


def test_without_the_databases_help_the_version_before_could_not_go_on(db: None) -> None:
    """The control: what the trigger is there for."""
    run("DROP TRIGGER account_filled ON public.payouts_account")

    with pytest.raises(Exception, match='null value in column "code"'):
        run(OPEN_BEFORE)


def test_accounts_of_the_version_before_are_given_their_codes(live_database: str) -> None:
    with quick_migrations():
        call_command("migrate_schemas", "payouts", "0003", shared=True, verbosity=0)
    run(OPEN_BEFORE)
    run("INSERT INTO public.payouts_account (kind, currency) VALUES ('commission', 'NGN')")
    before = rows("SELECT id, kind FROM payouts_account ORDER BY id")

    migrate_public()

    assert rows("SELECT id, kind FROM payouts_account ORDER BY id") == before
    assert rows("SELECT code FROM payouts_account ORDER BY id") == [("clearing:paystack",), ("commission",)]
    assert rows("SELECT tgenabled FROM pg_trigger WHERE tgname = 'account_fixed'") == [("O",)]
