"""Lists find a name by what people type, folded in the database as it is in Python."""

import unicodedata

import pytest
from django.db.models import Value
from django_tenants.utils import schema_context

from accounts.models import User
from catalogue.selectors.products import list_products
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.selectors import vendor_orders
from checkout.orders.operations import list_orders
from console.selectors.audit_log import PAYMENT_DISMISSED, AuditFilter, list_entries
from console.services.audit_log import record
from kit.text.folding import APOSTROPHES, HYPHENS, JOINT, fold
from kit.text.matching import in_plain_letters
from tenants.applications.selectors import list_applications
from tenants.models import ApplicationStatus, Shop, ShopApplication
from tenants.shops.selectors import list_shops
from tests.world.applications import started
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.market import buy, open_shop, stock

pytestmark = pytest.mark.django_db
BETWEEN = "qzxq"
ASCII = [*map(chr, range(1, 128))]
LETTERS = [
    chr(code)
    for code in range(1, 0x1_0000)
    if unicodedata.category(chr(code)) in {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Cf"}
]


def in_database(text: str) -> str:
    User.objects.create_user(email="somebody@example.com", password=None)
    folded: str = User.objects.annotate(folded=in_plain_letters(Value(text))).values_list("folded", flat=True)[0]
    return folded


def without_symbols(text: str) -> str:
    """Put spaces for what is neither letter nor digit: the database leaves it, and no word of a search has it."""
    return "".join(each if unicodedata.category(each)[0] in "LMN" else " " for each in text)


@pytest.mark.parametrize("everything", [[*LETTERS, *APOSTROPHES, *HYPHENS, *ASCII], ASCII], ids=["all", "ASCII"])
def test_the_database_folds_as_python_does(everything: list[str]) -> None:
    text = BETWEEN.join(everything)
    ours = fold(text).replace(JOINT, "").split(BETWEEN)
    theirs = without_symbols(in_database(text)).split(BETWEEN)
    assert len(ours) == len(theirs) == len(everything)
    assert [(f"U+{ord(c):04X}", a, b) for c, a, b in zip(everything, ours, theirs, strict=True) if a != b] == []


@pytest.mark.parametrize("typed", ["dan maraya", "Ɗan\u00a0Maraya", "MARAYA", "maraya ɗan", "d’an"])
def test_a_shop_finds_its_orders_by_the_buyers_name(typed: str) -> None:
    shop = open_shop("indigo-fabrics")
    number = buy(stock(shop).line()).number
    with schema_context(shop.schema_name):
        VendorOrder.objects.update(buyer_name="Ɗan’ Maraya" if "’" not in typed else "D’an Maraya")
        assert [order.number for order in vendor_orders(search=typed)] == [f"{number}-1"]
        assert list(vendor_orders(search="dan who")) == []


def test_numbers_and_skus_are_found_with_the_hyphens_and_spaces_of_a_document() -> None:
    shop = open_shop("indigo-fabrics")
    number = buy(stock(shop, sku="KNT-001/B").line()).number
    typed = f"\u00a0{number.replace('-', chr(0x2011))}\u200b"
    assert [order.number for order in list_orders(search=typed)] == [number]
    with schema_context(shop.schema_name):
        assert [order.number for order in vendor_orders(search=typed)] == [f"{number}-1"]
    for sku in ("knt\u2010001", "KNT-001/b", "001/B"):
        assert list_products(shop=shop, search=sku).count == 1, sku


@pytest.mark.parametrize("typed", ["™", "…", "%", "_", ".*", "(", "|"])
def test_symbols_are_looked_for_as_they_were_typed(typed: str) -> None:
    shop = open_shop("indigo-fabrics")
    stock(shop)
    assert list(list_shops(search=typed)) == []
    assert list_products(shop=shop, search=typed).count == 0
    Shop.objects.update(name=f"Indigo {typed} Fabrics")
    assert [found.pk for found in list_shops(search=typed)] == [shop.pk]


def test_operators_find_applications_and_entries_by_names_in_other_letters() -> None:
    application = started(shop_name="Ƙarfe Straße")
    ShopApplication.objects.update(
        legal_name="Aṣọ-òkè & Daughters", submitted_at=NOW, status=ApplicationStatus.WITHDRAWN
    )
    for typed in ("karfe", "strasse", "STRASSE ƙarfe", "aso oke", "asooke", "daughters aso-oke"):
        assert [found.pk for found in list_applications(search=typed)] == [application.pk], typed
    operator = make_operator()
    record(actor_id=operator.pk, action=PAYMENT_DISMISSED, subject="order:KS-1", reason="Asked by Ɗan Maraya", now=NOW)
    assert (
        len(list_entries(AuditFilter(search="dan maraya")))
        == len(list_entries(AuditFilter(search="order:KS\u20111")))
        == 1
    )
