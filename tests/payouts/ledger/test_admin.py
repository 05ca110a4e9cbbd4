"""The raw admin shows the ledger and the audit log, and lets nobody write to them."""

import pytest
from django.test import Client

from accounts.models import User
from console.services.audit_log import record
from console.services.shops import SHOP_SUSPENDED
from payouts.models import Account, Journal
from tests.world.clock import NOW
from tests.world.ledger import make_shop, rows, sell, share


@pytest.fixture
def admin(client: Client, db: None) -> Client:
    user = User.objects.create_superuser("root@kasuwa.test", "a-long-password")
    record(actor_id=user.pk, action=SHOP_SUSPENDED, subject="shop:x", reason="Tests", now=NOW)
    sell("ks-sale-1", [share(make_shop("indigo"), 92_000, 8_000)])
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "page", ["payouts/account", "payouts/journal", "payouts/entry", "payouts/balance", "console/auditentry"]
)
def test_lists_open_and_nothing_can_be_added(admin: Client, page: str) -> None:
    assert admin.get(f"/admin/{page}/").status_code == 200
    assert admin.get(f"/admin/{page}/add/").status_code == 403


def test_what_is_there_cannot_be_changed_or_deleted(admin: Client) -> None:
    journal, account = Journal.objects.get(), Account.objects.order_by("id").first()
    assert account is not None
    before = rows("SELECT * FROM payouts_journal"), rows("SELECT * FROM payouts_account ORDER BY id")

    assert admin.get(f"/admin/payouts/journal/{journal.pk}/change/").status_code == 200
    for path in (f"journal/{journal.pk}/change/", f"journal/{journal.pk}/delete/", f"account/{account.pk}/change/"):
        assert admin.post(f"/admin/payouts/{path}", {"description": "x"}).status_code == 403

    assert (rows("SELECT * FROM payouts_journal"), rows("SELECT * FROM payouts_account ORDER BY id")) == before


@pytest.mark.parametrize(("action", "count"), [("shop.suspended", 1), ("shop.restored", 0)])
def test_the_audit_log_is_narrowed_by_action(admin: Client, action: str, count: int) -> None:
    page = admin.get(f"/admin/console/auditentry/?action={action}")
    assert (page.status_code, page.context["cl"].result_count) == (200, count)
