"""Messages on the pages of buyer, shop and operator, and over the API; each reads their own alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from checkout.capabilities import ANSWER_MESSAGES
from checkout.messaging.sending import NewMessage, send_message
from checkout.models import ConversationReader, MessagePhoto, MessageSide, OrderMessage, SubOrder
from console.models import AuditEntry
from kit.ids import uuid7
from tenants.life.lifecycle import allows
from tenants.models import Role, Shop, ShopStatus
from tests.world.books import make_operator
from tests.world.factories.catalogue import picture
from tests.world.market import buy, open_shop, stock
from tests.world.own_shop import api, counted, member, page_client

pytestmark = pytest.mark.django_db

MARK = "Mark as read"


def guest(part: SubOrder) -> Client:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.get(f"/orders/{part.order.number}/messages/{part.number}/?key={part.order.access_key}")
    return client


def operator() -> Client:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.force_login(make_operator())
    return client


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("seam.jpg", picture().read(), content_type="image/jpeg")


def buyers_page(part: SubOrder) -> str:
    return f"/orders/{part.order.number}/messages/{part.number}/"


def until_of(page: str) -> str:
    """Return the message up to which the form of a page marks."""
    [until] = re.findall(r'name="read_until"\s+value="([0-9a-f-]{36})"', page)
    return str(until)


def mark_read(client: Client, page: str) -> None:
    """Press the button of a page that is open."""
    answer = client.post(page, {"read_until": until_of(client.get(page).text)})
    assert (answer.status_code, answer.headers["Location"]) == (302, page)


def test_a_conversation_on_the_pages(part: SubOrder, owner: User) -> None:
    buyer, own, theirs = guest(part), buyers_page(part), f"/dashboard/orders/{part.number}/messages/"
    shop = page_client(part.shop, owner)
    assert "No messages yet" in shop.get("/dashboard/messages/").text
    assert own in buyer.get(part.order.get_absolute_url()).text
    assert f"Ask {part.shop.name}" in buyer.get(own).text
    assert buyer.post(own, {"text": " "}).status_code == 422
    page = buyer.post(own, {"text": "Is the seam open?", "photo_1": upload()}, follow=True)
    assert page.redirect_chain == [(own, 302)]
    photo = MessagePhoto.objects.get(message__isnull=False)
    assert f"/orders/{part.order.number}/messages/photos/{photo.pk}/" in page.text

    assert '<span class="count">1</span>' in shop.get("/dashboard/").text
    assert "Is the seam open?" in shop.get(f"/dashboard/orders/{part.number}/").text
    assert OrderMessage.objects.get().read_by_shop_at is None, "the order's page does not count as reading"
    assert "To answer" in shop.get("/dashboard/messages/?state=unanswered").text
    assert shop.get(f"/dashboard/messages/photos/{photo.pk}/")["Content-Type"] == "image/webp"
    assert "Is the seam open?" in shop.get(theirs).text
    assert shop.post(theirs, {"text": "No, it is closed"}).status_code == 302
    assert "Everything is answered" in shop.get("/dashboard/messages/?state=unanswered").text

    assert f"1 new message from {part.shop.name}" in buyer.get(part.order.get_absolute_url()).text
    assert "No, it is closed" in buyer.get(own).text
    mark_read(buyer, own)
    assert "new message" not in buyer.get(part.order.get_absolute_url()).text
    assert not ConversationReader.objects.filter(due_at__isnull=False).exists()


@pytest.mark.parametrize("side", [MessageSide.BUYER, MessageSide.SHOP])
def test_a_page_reads_when_its_form_is_sent_and_not_when_it_is_opened(
    part: SubOrder, owner: User, side: MessageSide
) -> None:
    is_buyer, user_id = side == MessageSide.BUYER, None if side == MessageSide.BUYER else owner.pk
    reader = guest(part) if is_buyer else page_client(part.shop, owner)
    page = buyers_page(part) if is_buyer else f"/dashboard/orders/{part.number}/messages/"
    other, mark = (MessageSide.SHOP, "read_by_buyer_at") if is_buyer else (MessageSide.BUYER, "read_by_shop_at")

    def write(text: str, *, by: MessageSide) -> None:
        send_message(NewMessage(part, by, None, text), now=timezone.now())

    def unread() -> list[str]:
        return list(OrderMessage.objects.filter(**{mark: None}).order_by("pk").values_list("text", flat=True))

    write("One", by=other)
    assert (MARK in reader.get(page).text, unread()) == (True, ["One"])
    shown = until_of(reader.get(page).text)
    write("Two", by=other)
    scripts = reader.post(page, {"read_until": shown}, headers={"HX-Request": "true"})
    assert (scripts.status_code, scripts.content, unread()) == (200, b"", ["Two"])
    assert reader.post(page, {"read_until": "latest"}).status_code == 422
    assert unread() == ["Two"]
    mark_read(reader, page)
    assert (MARK in reader.get(page).text, unread()) == (False, [])
    write("Three", by=other)
    send_message(NewMessage(part, side, user_id, "An answer has seen it"), now=timezone.now())
    assert (MARK in reader.get(page).text, unread()) == (False, [])


def test_a_mark_is_that_of_a_form_of_this_site(part: SubOrder) -> None:
    send_message(NewMessage(part, MessageSide.SHOP, None, "Hello"), now=timezone.now())
    reader, page = Client(HTTP_HOST=settings.BASE_DOMAIN, enforce_csrf_checks=True), buyers_page(part)
    shown = until_of(reader.get(f"{page}?key={part.order.access_key}", follow=True).text)
    assert reader.post(page, {"read_until": shown}).status_code == 403
    assert OrderMessage.objects.get().read_by_buyer_at is None


@pytest.mark.parametrize("status", [ShopStatus.SUSPENDED, ShopStatus.CLOSING])
def test_a_shop_is_offered_a_mark_while_it_may_make_one(part: SubOrder, owner: User, status: ShopStatus) -> None:
    send_message(NewMessage(part, MessageSide.BUYER, None, "Hello"), now=timezone.now())
    Shop.objects.filter(pk=part.shop_id).update(status=status)
    desk, page = page_client(part.shop, owner), f"/dashboard/orders/{part.number}/messages/"
    shown = desk.get(page).text
    assert (MARK in shown) == allows(status, ANSWER_MESSAGES)
    answer = desk.post(page, {"read_until": OrderMessage.objects.get().pk})
    assert (answer.status_code == 302) == (MARK in shown)


def test_an_operator_reads_all_and_writes_to_both(unpaid: SubOrder, owner: User) -> None:
    buyer, number = guest(unpaid), unpaid.order.number
    buyer.post(buyers_page(unpaid), {"text": "Write to ada@example.com", "photo_1": upload()})
    shop, own = page_client(unpaid.shop, owner), f"/operator/orders/{number}/parts/{unpaid.number}/messages/"
    assert "ada@example.com" not in shop.get(f"/dashboard/orders/{unpaid.number}/messages/").text
    console = operator()
    assert own in console.get(f"/operator/orders/{number}/").text
    assert "ada@example.com" in console.get(own).text
    assert console.get(f"/operator/messages/photos/{MessagePhoto.objects.get().pk}/").status_code == 200
    assert console.post(own, {"text": ""}).status_code == 422
    assert console.post(own, {"text": "Please answer by Friday"}).status_code == 302
    assert AuditEntry.objects.get().action == "order.message_sent"
    assert "Please answer by Friday" in buyer.get(buyers_page(unpaid)).text
    assert "Please answer by Friday" in shop.get(f"/dashboard/orders/{unpaid.number}/messages/").text


def test_a_role_that_can_t_answer_reads_without_a_mark(part: SubOrder) -> None:
    guest(part).post(buyers_page(part), {"text": "Hello"})
    viewer, own = page_client(part.shop, member(part.shop, Role.VIEWER)), f"/dashboard/orders/{part.number}/messages/"
    assert "Your role can read messages" in viewer.get(own).text
    assert MARK not in viewer.get(own).text
    assert viewer.post(own, {"text": "Hi"}).status_code == 403
    assert viewer.post(own, {"read_until": OrderMessage.objects.get().pk}).status_code == 403
    assert OrderMessage.objects.get().read_by_shop_at is None


def test_messages_and_photos_are_those_of_their_people(part: SubOrder, owner: User) -> None:
    guest(part).post(buyers_page(part), {"text": "Hello", "photo_1": upload()})
    photo, other = MessagePhoto.objects.get(), open_shop("pot-house")
    stranger = member(other)
    rival: Any = api(other, stranger)
    elsewhere = buy(stock(other).line())
    key = {"X-Order-Key": elsewhere.access_key}
    buyer: Any = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers=key)
    for client, address in (
        (Client(HTTP_HOST=settings.BASE_DOMAIN), buyers_page(part)),
        (Client(HTTP_HOST=settings.BASE_DOMAIN), f"/orders/{part.order.number}/messages/photos/{photo.pk}/"),
        (page_client(other, stranger), f"/dashboard/orders/{part.number}/messages/"),
        (page_client(other, stranger), f"/dashboard/messages/photos/{photo.pk}/"),
        (rival, f"/api/v1/vendor-orders/{part.number}/messages/"),
        (rival, f"/api/v1/message-photos/{photo.pk}/"),
        (buyer, f"/api/v1/orders/{part.order.number}/messages/"),
        (buyer, f"/api/v1/orders/{elsewhere.number}/message-photos/{photo.pk}/"),
        (buyer, f"/api/v1/orders/{elsewhere.number}/messages/?sub_order={part.number}"),
    ):
        assert client.get(address).status_code in {302, 404}, address
    assert rival.get("/api/v1/messages/").json()["data"]["results"] == []


def send(client: Any, address: str, body: dict[str, Any], status: int = 201) -> Any:
    answer = client.post(address, body, format="json", headers={"Idempotency-Key": uuid7().hex})
    assert answer.status_code == status, answer.content
    return answer.json()["data"] if status < 400 else answer.json()["code"]


def test_a_conversation_over_the_api(part: SubOrder, owner: User) -> None:
    buyer: Any = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": part.order.access_key})
    order = f"/api/v1/orders/{part.order.number}"
    key = {"Idempotency-Key": uuid7().hex}
    photo = buyer.post(f"{order}/message-photos/", {"image": upload()}, format="multipart", headers=key).json()["data"]
    made = send(buyer, f"{order}/messages/", {"text": "Is it torn?", "photos": [photo["id"]]})
    assert (made["side"], made["author_name"], made["photos"]) == ("buyer", "You", [photo])
    assert send(buyer, f"{order}/messages/", {"text": "a" * 2_001}, 400) == "invalid"
    assert send(buyer, f"{order}/messages/", {"text": "Hi", "photos": [photo["id"]]}, 409) == "message_photo_unknown"
    assert send(buyer, f"{order}/messages/", {"text": "Hi", "sub_order": "KS-NONE-1"}, 404) == "not_found"

    shop: Any = api(part.shop, owner)
    [row] = shop.get("/api/v1/messages/?is_answered=false").json()["data"]["results"]
    assert (row["order_number"], row["unread_count"], row["is_answered"]) == (part.number, 1, False)
    own = f"/api/v1/vendor-orders/{part.number}/messages/"
    assert send(shop, f"{own}read/", {}, 200) == {"marked": 1}
    shops = shop.post(
        f"/api/v1/vendor-orders/{part.number}/message-photos/", {"image": upload()}, format="multipart"
    ).json()["data"]
    answered = send(shop, own, {"text": "No", "photos": [shops["id"]]})
    assert answered["author_name"].startswith(part.shop.name)
    assert shop.get("/api/v1/messages/?is_answered=false").json()["data"]["results"] == []

    [told] = buyer.get(f"{order}/").json()["data"]["sub_orders"]
    assert told["unread_messages"] == 1
    feed = buyer.get(f"{order}/messages/?page_size=1").json()["data"]
    assert [each["text"] for each in feed["results"]] == ["No"]
    older = buyer.get(feed["next"]).json()["data"]
    assert [each["text"] for each in older["results"]] == ["Is it torn?"]
    assert buyer.get(f"{order}/message-photos/{shops['id']}/").status_code == 200
    assert send(buyer, f"{order}/messages/read/", {"last_message_id": answered["id"]}, 200) == {"marked": 1}

    console: Any = api(None, make_operator())
    market = f"/api/v1/operator/orders/{part.order.number}/messages/"
    assert send(console, market, {"text": "We have read this"})["side"] == "operator"
    assert len(console.get(market).json()["data"]["results"]) == 3
    assert console.get(f"/api/v1/operator/message-photos/{photo['id']}/").status_code == 200


def test_of_an_order_of_several_shops_the_part_is_named(part: SubOrder, owner: User) -> None:
    order = buy(stock(open_shop("pot-house")).line(), stock(part.shop, sku="TOTE-2").line())
    buyer: Any = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": order.access_key})
    messages = f"/api/v1/orders/{order.number}/messages/"
    assert send(buyer, messages, {"text": "Hi"}, 409) == "part_needed"
    for each in order.sub_orders.all():
        send(buyer, messages, {"text": f"To {each.number}", "sub_order": each.number})
    assert len(buyer.get(messages).json()["data"]["results"]) == 2
    one = order.sub_orders.all()[0].number
    assert [
        each["sub_order_number"] for each in buyer.get(f"{messages}?sub_order={one}").json()["data"]["results"]
    ] == [one]


def test_lists_ask_the_same_however_many_messages_there_are(part: SubOrder, owner: User) -> None:
    shop, buyer = page_client(part.shop, owner), guest(part)
    counts: list[list[int]] = []
    for _ in range(2):
        buyer.post(buyers_page(part), {"text": "Hello", "photo_1": upload()})
        buyer.post(buyers_page(part), {"text": "Hello again"})
        asked = []
        for client, address in (
            (shop, "/dashboard/messages/"),
            (shop, f"/dashboard/orders/{part.number}/"),
            (buyer, buyers_page(part)),
            (buyer, part.order.get_absolute_url()),
        ):
            client.get(address)
            with counted() as queries:
                client.get(address)
            asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1]
