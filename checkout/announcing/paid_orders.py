"""Notices to the buyer, the shops and the catalogue that an order is paid."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext, ngettext

from accounts.services.languages import speaking_to
from catalogue.discovery.services.popularity import record_sales
from checkout.announcing.buyers import send_letter, send_message, speaking_to_buyer
from checkout.announcing.phones import send_texts
from checkout.capabilities import FULFIL_ORDERS
from checkout.events import OrderPaid
from checkout.fulfilment.status import SOLD, PartStatus
from checkout.models import Order, SubOrder
from kit.live import touch
from notifications.services import notify, queue_email
from tenants.access import can
from tenants.shops.addresses import shop_url
from tenants.shops.brand import brand_of
from tenants.shops.selectors import members_of, role_in

OWNER = "owner"


def announce_paid_order(paid: OrderPaid, now: datetime) -> None:
    """Count the units sold, thank the buyer, and send each shop its list to pack."""
    order = Order.objects.prefetch_related("sub_orders__shop").get(pk=paid.order_id)
    sold = [part for part in order.sub_orders.all() if part.status in SOLD]
    for part in sorted(sold, key=lambda part: part.shop_id):
        units: Counter[UUID] = Counter()
        for line in part.lines:
            units[UUID(line["product_id"])] += line["quantity"]
        record_sales(shop_id=part.shop_id, units=units)
        _tell_shop(order, part, now)
    _thank_buyer(order, sold, now)


def _thank_buyer(order: Order, sold: list[SubOrder], now: datetime) -> None:
    key = f"order-paid-{order.pk}"
    lost = [part for part in order.sub_orders.all() if part.status == PartStatus.UNFULFILLABLE]
    with speaking_to_buyer(order):
        context = {"parts": sold, "lost": lost, "lost_minor": sum(part.total_minor for part in lost)}
        if len(sold) == 1 and not lost:
            context["brand"] = brand_of(sold[0].shop)
        send_letter(order=order, template="order_paid", context=context, key=key, now=now)
        send_message(
            order=order,
            kind="order.paid",
            title=_news(order) % {"number": order.number},
            body=_body(sold),
            key=key,
            now=now,
        )
        wording = _short_news(order) if sold else _short_news_of_nothing()
        send_texts(order=order, kind="order.paid", wordings=[wording], key=key, now=now)


def _body(sold: list[SubOrder]) -> str:
    if not sold:  # cancelled, or not to be had, before this is written; letters of their own tell what goes back
        return gettext("Nothing of it is sent, because all of it has been cancelled since.")
    return ngettext(
        "The shop knows and is getting your parcel ready.",
        "%(shops)s shops know and are getting your parcels ready.",
        len(sold),
    ) % {"shops": len(sold)}


def _news(order: Order) -> str:
    return gettext("Order %(number)s is paid") if order.total_minor else gettext("Order %(number)s is confirmed")


def _short_news(order: Order) -> str:
    if order.total_minor:
        return gettext("Your order is paid, thank you. Follow it here:")
    return gettext("Your order is confirmed, thank you. Follow it here:")


def _short_news_of_nothing() -> str:
    return gettext("Your order was paid, and all of it has been cancelled since. See")


def _tell_shop(order: Order, part: SubOrder, now: datetime) -> None:
    """Notify a shop's packers on the site, and its owner by e-mail too."""
    touch(f"shop-orders:{part.shop_id}")
    url = shop_url(part.shop, f"/dashboard/orders/{part.number}/")
    units = sum(line["quantity"] for line in part.lines)
    context = {
        "order": order,
        "part": part,
        "shop": part.shop,
        "brand": brand_of(part.shop),
        "units": units,
        "link": url,
    }
    for member in members_of(shop_id=part.shop_id):
        with speaking_to(user_id=member.user_id):
            key = f"new-order-{part.pk}-{member.user_id}"
            if can(role_in(member.user, part.shop), FULFIL_ORDERS):
                notify(
                    user_id=member.user_id,
                    kind="order.new",
                    title=(gettext("New order %(number)s") % {"number": part.number}),
                    body=ngettext(
                        "%(units)s item to pack for %(name)s.", "%(units)s items to pack for %(name)s.", units
                    )
                    % {"units": units, "name": order.shipping_address["name"]},
                    url=url,
                    dedup_key=key,
                    now=now,
                )
            if member.role == OWNER:
                queue_email(
                    to=member.user.email,
                    template="new_order",
                    context=context,
                    dedup_key=key,
                    now=now,
                    user_id=member.user_id,
                )
