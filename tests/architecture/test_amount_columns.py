"""Amounts of orders are one set of columns, and their figures come from a quote alone (docs/pricing.md)."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import models

from checkout.fulfilment.models import VendorOrder
from checkout.models import Order, Reversal, SubOrder
from kit.money.columns import PARTS, AmountColumns, amount_constraints

# Money in checkout's tables that is no amount of a price, and why it is there.
OTHERS = {
    "checkout.SubOrder.commission_minor": "the platform's share, frozen",
    "checkout.SubOrder.commission_tax_minor": "the platform's tax on its share, frozen",
    "checkout.SubOrder.platform_discount_minor": "the platform's part of the discounts, which it owes the shop",
    "checkout.AutomaticOffer.asked_minor": "what was asked before an offer lowers a price",
    "checkout.SubOrder.refunded_minor": "of the total, what was taken back; the sum of its reversals",
    "checkout.SubOrder.refunded_delivery_minor": "of what was paid for the delivery, the same",
    "checkout.SubOrder.goodwill_minor": "of it, what was given without units, and is not counted in units since",
    "checkout.SubOrder.reversed_commission_minor": "of the commission, the same",
    "checkout.SubOrder.reversed_commission_tax_minor": "of the tax on it, the same",
    "checkout.SubOrder.reversed_platform_discount_minor": "of the platform's discounts, the same",
    "checkout.Reversal.goodwill_minor": "what one reversal gives without units",
    "checkout.Reversal.commission_minor": "of the commission, what one reversal gives back",
    "checkout.Reversal.commission_tax_minor": "of the tax on it, the same",
    "checkout.Reversal.platform_discount_minor": "of the platform's discounts, the same",
    "checkout.Coupon.amount_minor": "what a coupon takes off",
    "checkout.Coupon.minimum_minor": "what has to be bought for it",
    "checkout.CouponUse.saved_minor": "what it has taken off an order, frozen",
    "checkout.Order.credit_minor": "of the total, what money of a return pays",
    "checkout.ExchangeCredit.amount_minor": "what of a payment pays for an exchange",
    "checkout.Payment.amount_minor": "what a charge asks for",
    "checkout.Payment.captured_minor": "what the provider says was paid",
    "checkout.Payment.fees_minor": "what the provider kept",
    "checkout.Refund.amount_minor": "what goes back",
    "checkout.Refund.set_off_minor": "of it, what the buyer's bank has paid with a lost dispute",
    "fulfilment.DeliveryMethod.price_minor": "the price of a delivery that a shop sets",
    "fulfilment.DeliveryMethod.free_from_minor": "the value of goods from which it is free",
    "fulfilment.VendorOrderLine.unit_price_minor": "a line's price",
    "fulfilment.VendorOrderLine.total_minor": "a line's price times its quantity",
}
WITH_AMOUNTS = {Order: "order", SubOrder: "sub_order", VendorOrder: "vendor_order", Reversal: "reversal"}


def unlisted_columns(found: Iterable[type[models.Model]]) -> set[str]:
    """Columns of money that are neither of the set nor listed."""
    shared = {field.name for field in AmountColumns._meta.local_fields}
    return {
        f"{model._meta.label}.{field.name}"
        for model in found
        for field in model._meta.concrete_fields
        if field.name.endswith("_minor") and not (issubclass(model, AmountColumns) and field.name in shared)
    } - OTHERS.keys()


def test_checkouts_tables_have_no_other_columns_of_money() -> None:
    found = [*apps.get_app_config("checkout").get_models(), *apps.get_app_config("fulfilment").get_models()]
    assert unlisted_columns(found) == set(), "Say in OTHERS what it is, or make it a part of AmountColumns."
    assert {model for model in found if issubclass(model, AmountColumns)} == set(WITH_AMOUNTS)


def test_a_column_of_its_own_would_be_found() -> None:
    class Wrapped(AmountColumns):
        gift_wrap_minor = models.BigIntegerField()

        class Meta:
            abstract = True

    class Plain(models.Model):
        items_minor = models.BigIntegerField()

        class Meta:
            abstract = True

    assert {label.rpartition(".")[2] for label in unlisted_columns([Wrapped, Plain])} == {
        "gift_wrap_minor",
        "items_minor",
    }


def test_each_of_them_is_held_to_the_same_constraints() -> None:
    for model, prefix in WITH_AMOUNTS.items():
        expected = {constraint.name: constraint for constraint in amount_constraints(prefix)}
        held = {constraint.name: constraint for constraint in model._meta.constraints}
        assert {name: held.get(name) for name in expected} == expected
    assert set(PARTS) < {field.name for field in AmountColumns._meta.local_fields}
