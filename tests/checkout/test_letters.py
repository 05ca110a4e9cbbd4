"""The letters and messages of an order's life: each comes once, to people with accounts and to guests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.erasure import tombstone
from checkout.ending.end_orders import cancel_order
from checkout.ending.expire_orders import expire_reservations
from checkout.models import Order, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from kit.models import OutboxMessage
from kit.work import outbox
from notifications.models import Email, Notification
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Role
from tests.world.market import Stocked, buy, open_shop, order_request, stock
from tests.world.own_shop import member, page_client
from tests.world.payments import last_hook, pay

pytestmark = pytest.mark.django_db
GUEST = "guest@example.com"


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_850_050)


def bought(cloth: Stocked, user: User | None = None) -> Order:
    request = order_request(email=user.email if user else GUEST, user_id=user.pk if user else None)
    return buy(cloth.line(2), request=request, now=timezone.now())


def deliver_messages_again_and_again() -> None:
    """Relay twice, then once more what a relay that died would have left."""
    waiting = list(OutboxMessage.objects.order_by("id"))
    for _ in range(2):
        outbox.relay(now=timezone.now())
    assert not OutboxMessage.objects.exists()
    for message in waiting:
        OutboxMessage.objects.create(
            topic=message.topic, shop_id=message.shop_id, payload=message.payload, created_at=message.created_at
        )
    outbox.relay(now=timezone.now())
    assert not OutboxMessage.objects.exists()


def letters(order: Order) -> list[str]:
    return list(Email.objects.filter(to=order.email).order_by("id").values_list("subject", flat=True))


def newest(order: Order) -> Email:
    letter = Email.objects.filter(to=order.email).order_by("id").last()
    assert letter is not None
    return letter


def kinds(user: User) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("id").values_list("kind", flat=True))


def paid(cloth: Stocked, paystack: SandboxProcess, client: Client, user: User | None = None) -> Order:
    """Place an order and pay for it; the provider's webhook tells us."""
    order = bought(cloth, user)
    payment = start_payment(order_id=order.pk, now=timezone.now())
    pay(paystack, payment)
    assert last_hook(paystack, reference=payment.reference).post(client).status_code == 200
    confirm_payment(reference=payment.reference, now=timezone.now())
    return order


@pytest.mark.parametrize("is_guest", [False, True])
def test_a_parcel_s_way_is_told_step_by_step(
    cloth: Stocked, buyer: User, paystack: SandboxProcess, client: Client, is_guest: bool
) -> None:
    order = paid(cloth, paystack, client, None if is_guest else buyer)
    deliver_messages_again_and_again()
    part = SubOrder.objects.get(order=order)
    desk = page_client(cloth.shop, member(cloth.shop, Role.FULFILMENT))
    address = f"/dashboard/orders/{part.number}/"
    assert letters(order) == [f"Your order {order.number} is paid"]

    assert "We are telling the buyer" in desk.post(f"{address}pack/", follow=True).content.decode()
    deliver_messages_again_and_again()
    assert letters(order)[1:] == ["Cloth Hall has packed your parcel"]
    assert "2 × Product TOTE-1" in newest(order).text

    parcel = {"carrier": "GIG Logistics", "tracking_number": "GIG-0042"}
    assert "We are telling the buyer" in desk.post(f"{address}ship/", parcel, follow=True).content.decode()
    deliver_messages_again_and_again()
    assert letters(order)[2:] == ["Your parcel from Cloth Hall is on its way"]
    for text in (newest(order).text, newest(order).html):
        assert "GIG Logistics brings it; the tracking number is GIG-0042." in text

    assert "We are telling the buyer" in desk.post(f"{address}deliver/", follow=True).content.decode()
    deliver_messages_again_and_again()
    assert letters(order)[3:] == ["Your parcel from Cloth Hall has arrived"]
    assert f"Cloth Hall reports that {part.number} has arrived." in newest(order).text

    told = [] if is_guest else ["order.paid", "parcel.packed", "parcel.shipped", "parcel.delivered"]
    assert kinds(buyer) == told
    for letter in Email.objects.filter(to=order.email):
        assert letter.is_secret == is_guest
        assert (f"/orders/{order.number}/?key={order.access_key}" in letter.text) == is_guest
        assert f"/orders/{order.number}/" in letter.html


def test_a_guest_s_link_opens_the_order(cloth: Stocked, client: Client) -> None:
    order = bought(cloth)
    cancel_order(order_id=order.pk, now=timezone.now())
    deliver_messages_again_and_again()
    link = f"/orders/{order.number}/?key={order.access_key}"
    assert link in newest(order).text
    assert client.get(f"/orders/{order.number}/").status_code == 302
    assert f"Order {order.number}" in client.get(link, follow=True).content.decode()


def test_a_buyer_s_link_leads_a_fresh_browser_to_the_order_by_way_of_signing_in(
    cloth: Stocked, buyer: User, client: Client
) -> None:
    order = bought(cloth, buyer)
    cancel_order(order_id=order.pk, now=timezone.now())
    deliver_messages_again_and_again()
    path = f"/orders/{order.number}/"
    assert f"{path}\n" in newest(order).text

    sign_in = client.get(path)
    form = {"login": buyer.email, "password": "secret-pass-1"}
    opened = client.post(sign_in.headers["Location"], form, follow=True)

    assert opened.request["PATH_INFO"] == path
    assert f"Order {order.number}" in opened.content.decode()


def test_a_link_says_nothing_of_an_order_to_who_may_not_see_it(
    cloth: Stocked, buyer: User, client: Client, make_user: Any
) -> None:
    order = bought(cloth, buyer)
    answers = {client.get(f"/orders/{number}/").headers["Location"] for number in (order.number, "KS-NOBODY")}
    assert answers == {f"/account/sign-in/?next=/orders/{number}/" for number in (order.number, "KS-NOBODY")}
    client.force_login(make_user("other@example.com"))
    assert client.get(f"/orders/{order.number}/").status_code == 404


@pytest.mark.parametrize(
    ("parcel", "said"),
    [
        ({"carrier": "GIG", "tracking_number": ""}, "GIG brings it; the shop has given no tracking number."),
        ({"carrier": "", "tracking_number": "7"}, "The tracking number is 7."),
        ({}, "The shop has given no tracking number."),
    ],
)
def test_what_is_not_known_of_a_parcel_is_said(
    cloth: Stocked, paystack: SandboxProcess, client: Client, parcel: dict[str, str], said: str
) -> None:
    order = paid(cloth, paystack, client)
    part = SubOrder.objects.get(order=order)
    desk = page_client(cloth.shop, member(cloth.shop, Role.FULFILMENT))
    desk.post(f"/dashboard/orders/{part.number}/ship/", parcel)
    deliver_messages_again_and_again()
    assert said in newest(order).text


def test_messages_of_the_release_before_are_told_with_the_tracking_of_the_order(cloth: Stocked, buyer: User) -> None:
    order = bought(cloth, buyer)
    SubOrder.objects.filter(order=order).update(tracking={"carrier": "Kwik", "number": "NG1"})
    part = SubOrder.objects.get(order=order)
    payload = {"sub_order_id": str(part.pk)}
    for step in ("packed", "shipped", "delivered"):
        OutboxMessage.objects.create(
            topic=f"vendor_order.{step}", shop_id=cloth.shop.pk, payload=payload, created_at=timezone.now()
        )
    deliver_messages_again_and_again()
    assert kinds(buyer) == ["parcel.packed", "parcel.shipped", "parcel.delivered"]
    shipped = Email.objects.get(dedup_key=f"parcel-shipped-{part.pk}")
    assert "Kwik brings it; the tracking number is NG1." in shipped.text


def test_whom_to_ask_for_a_parcel_that_did_not_come(cloth: Stocked, buyer: User) -> None:
    for contact, said in (("help@cloth.test", "help@cloth.test"), ("", "/shops/cloth-hall/")):
        cloth.shop.contact_email = contact
        cloth.shop.save(update_fields=["contact_email"])
        part = SubOrder.objects.get(order=bought(cloth, buyer))
        OutboxMessage.objects.create(
            topic="vendor_order.delivered",
            shop_id=cloth.shop.pk,
            payload={"sub_order_id": str(part.pk)},
            created_at=timezone.now(),
        )
        outbox.relay(now=timezone.now())
        assert said in Email.objects.get(dedup_key=f"parcel-delivered-{part.pk}").text


@pytest.mark.parametrize("is_guest", [False, True])
def test_a_cancelled_order_is_confirmed_once(cloth: Stocked, buyer: User, client: Client, is_guest: bool) -> None:
    order = bought(cloth, None if is_guest else buyer)
    if is_guest:
        client.get(f"/orders/{order.number}/?key={order.access_key}")
    else:
        client.force_login(buyer)
    for _ in range(2):
        client.post(f"/orders/{order.number}/cancel/")
    deliver_messages_again_and_again()
    assert letters(order) == [f"Order {order.number} is cancelled"]
    assert "We have received no money for it" in newest(order).text
    assert kinds(buyer) == ([] if is_guest else ["order.cancelled"])
    assert newest(order).is_secret == is_guest


def test_a_cancelled_order_with_too_little_paid_is_told_that_it_goes_back(
    cloth: Stocked, buyer: User, paystack: SandboxProcess
) -> None:
    order = bought(cloth, buyer)
    underpay(order, paystack)
    cancel_order(order_id=order.pk, now=timezone.now())
    deliver_messages_again_and_again()
    assert "no money" not in newest(order).text
    assert "Your payment is refunded to you." in newest(order).text


def underpay(order: Order, paystack: SandboxProcess) -> None:
    payment = start_payment(order_id=order.pk, now=timezone.now())
    fault = {"kind": "wrong_amount", "by": -100, "match": {"reference": payment.reference}}
    paystack.call("POST", "/sandbox/faults", fault)
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=timezone.now())


@pytest.mark.parametrize("is_guest", [False, True])
def test_an_expired_order_is_told_once(cloth: Stocked, buyer: User, is_guest: bool) -> None:
    order = bought(cloth, None if is_guest else buyer)
    for _ in range(2):
        expire_reservations(now=timezone.now() + timedelta(minutes=31))
    deliver_messages_again_and_again()
    assert letters(order) == [f"Order {order.number} was not paid in time"]
    assert kinds(buyer) == ([] if is_guest else ["order.expired"])


def test_an_expired_order_with_too_little_paid_is_not_told_that_nothing_arrived(
    cloth: Stocked, buyer: User, paystack: SandboxProcess
) -> None:
    order = bought(cloth, buyer)
    underpay(order, paystack)
    expire_reservations(now=timezone.now() + timedelta(minutes=31))
    deliver_messages_again_and_again()
    assert "no payment" not in newest(order).text
    assert "is refunded" in newest(order).text


def test_an_order_that_a_late_payment_revives_is_not_called_expired(
    cloth: Stocked, buyer: User, paystack: SandboxProcess
) -> None:
    order = bought(cloth, buyer)
    payment = start_payment(order_id=order.pk, now=timezone.now())
    expire_reservations(now=timezone.now() + timedelta(minutes=31))
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=timezone.now() + timedelta(minutes=32))
    deliver_messages_again_and_again()
    assert letters(order) == [f"Your order {order.number} is paid"]


def test_who_was_forgotten_is_told_nothing(cloth: Stocked, buyer: User) -> None:
    order = bought(cloth, buyer)
    cancel_order(order_id=order.pk, now=timezone.now())
    Order.objects.filter(pk=order.pk).update(email=tombstone())
    deliver_messages_again_and_again()
    assert (Email.objects.count(), Notification.objects.count()) == (0, 0)


def test_nothing_is_told_of_what_was_refused(cloth: Stocked, buyer: User, client: Client, paystack: Any) -> None:
    order = paid(cloth, paystack, client, buyer)
    OutboxMessage.objects.all().delete()
    client.force_login(buyer)
    client.post(f"/orders/{order.number}/cancel/")
    part = SubOrder.objects.get(order=order)
    page_client(cloth.shop, member(cloth.shop, Role.FULFILMENT)).post(f"/dashboard/orders/{part.number}/deliver/")
    assert Order.objects.get(pk=order.pk).status == "paid"
    assert not OutboxMessage.objects.exists()


def test_every_letter_about_goods_says_what_was_chosen(
    cloth: Stocked, buyer: User, paystack: SandboxProcess, client: Client
) -> None:
    member(cloth.shop, Role.OWNER)
    cancel_order(order_id=bought(cloth, buyer).pk, now=timezone.now())
    paid(cloth, paystack, client, buyer)
    outbox.relay(now=timezone.now())
    written = dict(Email.objects.filter(subject__icontains="order").values_list("subject", "text"))
    assert len(written) == 3  # to the buyer: cancelled, paid; to the shop: a new order
    assert all("Colour: Indigo" in text for text in written.values()), written
