"""`manage.py shops delete`: what the console refuses, whoever has the server may do, knowingly."""

from __future__ import annotations

import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenants.models import Shop, ShopEvent, ShopStatus
from tests.world.ledger import run
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import paid_order
from tests.world.shops import schemas

pytestmark = pytest.mark.django_db


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def delete(slug: str, *words: str) -> str:
    said = StringIO()
    run("SET CONSTRAINTS ALL IMMEDIATE")  # as commits would have; tables with pending checks can't be dropped
    call_command("shops", "delete", slug, *words, stdout=said)
    return said.getvalue()


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo-fabrics")


@pytest.fixture
def sold(shop: Shop) -> Stocked:
    goods = stock(shop, sku="TOTE")
    paid_order(goods)
    return goods


def test_a_closed_shop_goes_with_a_reason(shop: Shop) -> None:
    Shop.objects.filter(pk=shop.pk).update(status=ShopStatus.CLOSED)
    said = delete(shop.slug, "--reason", "A trial", "--yes")
    assert "indigo-fabrics is deleted" in said
    assert shop.schema_name not in schemas()
    event = ShopEvent.objects.filter(shop=shop).latest("id")
    assert (event.actor_id, event.details["after"], event.details["reason"]) == (None, "deleted", "A trial")


def test_an_open_shop_or_one_that_is_owed_money_goes_by_force_alone(sold: Stocked) -> None:
    shop = sold.shop
    for status in (ShopStatus.LIVE, ShopStatus.CLOSED):
        Shop.objects.filter(pk=shop.pk).update(status=status)
        with pytest.raises(CommandError, match="--force deletes it regardless"):
            delete(shop.slug, "--reason", "A trial", "--yes")
        assert (shop.schema_name in schemas(), sold.level()) == (True, (9, 0))
    said = delete(shop.slug, "--reason", "A court says so", "--yes", "--force")
    assert "1 order is not finished yet." in said
    assert "balance is not settled" in said
    assert shop.schema_name not in schemas()


@pytest.mark.parametrize("words", [[], ["--reason", " ", "--yes"], ["--reason", "A trial"]])
def test_nothing_goes_without_a_reason_and_a_yes(shop: Shop, words: list[str]) -> None:
    with pytest.raises(CommandError):
        delete(shop.slug, *words, "--force")
    assert shop.schema_name in schemas()
    assert Shop.objects.get(pk=shop.pk).status == ShopStatus.LIVE


@pytest.mark.parametrize(("typed", "is_gone"), [("indigo-fabrics", True), ("indigo", False), ("", False), ("y", False)])
def test_its_address_is_typed_out(shop: Shop, monkeypatch: pytest.MonkeyPatch, typed: str, is_gone: bool) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(f"{typed}\n"))
    if is_gone:
        delete(shop.slug, "--reason", "A trial", "--force")
    else:
        with pytest.raises(CommandError, match="Nothing was deleted"):
            delete(shop.slug, "--reason", "A trial", "--force")
    assert (shop.schema_name not in schemas()) is is_gone


def test_what_is_not_there_can_not_be_deleted(shop: Shop) -> None:
    with pytest.raises(CommandError, match="no such shop"):
        delete("nobody", "--reason", "A trial", "--yes")
    delete(shop.slug, "--reason", "A trial", "--yes", "--force")
    with pytest.raises(CommandError, match=r"deleted already\.$"):
        delete(shop.slug, "--reason", "A trial", "--yes")
