"""A shop's audit trail is written with what it tells of, and never changed."""

import pytest
from django.db import IntegrityError, connection, transaction

from tenants.models import ShopEvent, ShopEventKind
from tenants.shops.audit_trail import record_event
from tests.world.clock import NOW
from tests.world.shops import make_shop

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what() -> None:
    shop = make_shop("indigo")
    record_event(shop_id=shop.pk, actor_id=None, kind=ShopEventKind.PROFILE_CHANGED, subject="name", now=NOW)
    entry = ShopEvent.objects.get(shop=shop)
    assert (entry.label, entry.subject, entry.actor_id, entry.created_at) == ("Profile changed", "name", None, NOW)


@pytest.mark.parametrize("statement", ["UPDATE tenants_shopevent SET subject = ''", "DELETE FROM tenants_shopevent"])
def test_the_database_refuses_to_change_or_remove_entries(statement: str) -> None:
    shop = make_shop("indigo")
    record_event(shop_id=shop.pk, actor_id=None, kind=ShopEventKind.PROFILE_CHANGED, now=NOW)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ShopEvent.objects.count() == 1
