"""Pages and API of waiting rooms, for buyers and for shops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from redis.exceptions import RedisError
from rest_framework.test import APIClient

from checkout.api.waiting_rooms import PlaceOutput, place_body
from checkout.cart.store import CartId
from checkout.models import WaitingRoom
from checkout.waiting_room.queue import Place, State, enter, look
from checkout.waiting_room.rooms import Room
from kit.api.envelope import MomentRenderer
from tests.checkout.test_waiting_room import MINUTE, guest, plan
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import api, member, page_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def tote(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), on_hand=3)


class TestPages:
    def test_the_way_through(self, client: Client, tote: Stocked) -> None:
        room = plan(tote, opens_in=MINUTE)
        product, waiting = f"/products/{tote.product_id}/", f"/waiting-room/{tote.product_id}/"
        page = client.get(product).content.decode()
        assert "Join the queue" in page
        assert "Add to basket" not in page
        for name in "ab":
            enter(room, owner=guest(name).owner, network="", now=timezone.now())

        answer = client.post(waiting, follow=True)
        assert answer.redirect_chain == [(waiting, 302)]
        assert (answer.context["place"].state, answer.context["place"].before) == (State.WAITING, 2)
        page = client.get(product).content.decode()
        assert "See your place" in page
        assert "Add to basket" not in page

    def test_whose_turn_it_is_buys_on_the_products_page(self, client: Client, tote: Stocked) -> None:
        plan(tote)
        assert client.post(f"/waiting-room/{tote.product_id}/", follow=True).context["place"].state == State.LET_IN
        page = client.get(f"/products/{tote.product_id}/").content.decode()
        assert "It is your turn" in page
        assert "Add to basket" in page
        added = client.post("/cart/add/", {"variant": str(tote.variant_id)})
        assert added["Location"] == "/cart/"
        assert [line.line.quantity for line in client.get("/cart/").context["cart"].lines] == [1]

    def test_while_redis_does_not_answer_the_page_is_shown_and_nothing_is_let_past(
        self, client: Client, api_client: APIClient, tote: Stocked, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plan(tote)

        def down(_: str) -> Any:
            def fail(**_: Any) -> Any:
                raise RedisError

            return fail

        with monkeypatch.context() as patch:
            patch.setattr("checkout.waiting_room.queue.redis.script", down)
            assert client.get(f"/products/{tote.product_id}/").status_code == 200
            page = client.get(f"/waiting-room/{tote.product_id}/")
            asked = api_client.get(f"/api/v1/waiting-rooms/{tote.product_id}/")
        assert page.status_code == 503
        assert "Your place is kept" in page.content.decode()
        assert (asked.status_code, asked.json()["code"]) == (503, "waiting_room_down")

    def test_a_place_that_is_asked_again_takes_no_statement(self, client: Client, tote: Stocked) -> None:
        plan(tote, opens_in=MINUTE)
        client.post(f"/waiting-room/{tote.product_id}/")
        with CaptureQueriesContext(connection) as captured:
            part = client.get(f"/waiting-room/{tote.product_id}/", headers={"HX-Request": "true"})
        text = part.content.decode()
        assert len(captured) == 0
        assert "You are next" in text
        assert "<html" not in text
        assert 'hx-trigger="every ' in text

    def test_without_a_room_it_leads_to_the_product(self, client: Client, tote: Stocked) -> None:
        answer = client.get(f"/waiting-room/{tote.product_id}/")
        assert (answer.status_code, answer["Location"]) == (302, f"/products/{tote.product_id}/")
        assert client.get(f"/waiting-room/{UUID(int=1)}/").status_code == 404

    def test_a_sale_to_come_is_told_and_all_buy(self, client: Client, tote: Stocked) -> None:
        plan(tote, opens_in=timedelta(hours=3))
        text = client.get(f"/products/{tote.product_id}/").content.decode()
        assert "A sale is coming" in text
        assert "Add to basket" in text

    def test_a_guest_who_signs_in_keeps_their_place(
        self, client: Client, tote: Stocked, make_user: Callable[..., Any]
    ) -> None:
        user = make_user("ada@example.com")
        room = plan(tote, opens_in=MINUTE)
        client.post(f"/waiting-room/{tote.product_id}/")
        client.post("/account/sign-in/", {"login": "ada@example.com", "password": "secret-pass-1"})
        place = look(room, owner=CartId.of_user(user.pk).owner, now=timezone.now())
        assert (place.state, place.before) == (State.WAITING, 0)

    def test_the_promises_are_published(self, client: Client) -> None:
        text = " ".join(client.get("/fair-sales/").content.decode().split())
        assert "from 15 minutes before" in text
        assert "You have 10 minutes to order" in text


class TestApi:
    def test_a_place_is_taken_and_looked_at(self, api_client: APIClient, tote: Stocked) -> None:
        plan(tote, opens_in=MINUTE)
        address = f"/api/v1/waiting-rooms/{tote.product_id}/"
        outside = api_client.get(address)
        token = outside["X-Cart-Token"]
        assert (outside.json()["data"]["state"], outside.json()["data"]["is_sold_out"]) == ("outside", False)
        headers = {"X-Cart-Token": token}
        taken = api_client.post(address, headers=headers).json()["data"]
        assert (taken["state"], taken["people_before"], taken["pass_ends_at"]) == ("waiting", 0, None)
        assert api_client.get(address, headers=headers).json()["data"] == taken

    @pytest.mark.parametrize("state", State)
    def test_a_body_by_hand_is_what_the_description_says(self, state: State) -> None:
        now = timezone.now()
        room = Room("a:1", UUID(int=7), frozenset(), now, now + MINUTE, 60, is_out=state is State.SOLD_OUT)
        body = place_body(Place(room, state, before=3, ends_at=now if state is State.LET_IN else None))
        described = PlaceOutput(body).data
        assert list(body) == list(PlaceOutput().fields)
        assert MomentRenderer().render(body) == MomentRenderer().render(described)

    def test_an_order_without_a_pass_is_refused_by_name(self, api_client: APIClient, tote: Stocked) -> None:
        plan(tote)
        refused = api_client.post("/api/v1/cart/items/", {"variant_id": str(tote.variant_id), "quantity": 1})
        assert (refused.status_code, refused.json()["code"]) == (409, "waiting_room")

    def test_no_room_is_not_found(self, api_client: APIClient, tote: Stocked) -> None:
        for call in (api_client.get, api_client.post):
            answer = call(f"/api/v1/waiting-rooms/{tote.product_id}/")
            assert (answer.status_code, answer.json()["code"]) == (404, "no_waiting_room")


class TestShop:
    """The shop's own page and API: one service judges what either is given."""

    def test_a_sale_is_planned_changed_and_ended_on_its_page(self, tote: Stocked) -> None:
        desk = page_client(tote.shop, member(tote.shop))
        address = f"/dashboard/products/{tote.product_id}/waiting-room/"
        day = timezone.localtime() + timedelta(days=1)
        times = {"opens_at": f"{day:%Y-%m-%dT}08:00", "closes_at": f"{day:%Y-%m-%dT}20:00"}
        assert desk.get(address).status_code == 200
        assert desk.post(address, {**times, "per_minute": "90"}).status_code == 302
        room = WaitingRoom.objects.get()
        assert (room.listing_id, timezone.localtime(room.opens_at).hour, room.per_minute) == (tote.product_id, 8, 90)
        assert f'value="{times["opens_at"]}"' in desk.get(address).content.decode()
        assert desk.post(address, {**times, "per_minute": ""}).status_code == 302
        assert WaitingRoom.objects.get().per_minute == 600
        assert desk.post(f"{address}end/").status_code == 302
        assert not WaitingRoom.objects.exists()

    def test_a_sale_that_makes_no_sense_is_refused_beside_its_field(self, tote: Stocked) -> None:
        desk = page_client(tote.shop, member(tote.shop))
        times = {"opens_at": "2020-01-01T08:00", "closes_at": "2020-01-01T09:00"}
        answer = desk.post(f"/dashboard/products/{tote.product_id}/waiting-room/", times)
        assert answer.status_code == 422
        assert "Choose a later end." in answer.content.decode()
        assert not WaitingRoom.objects.exists()

    def test_the_api_plans_reads_and_ends(self, tote: Stocked) -> None:
        caller = api(tote.shop, member(tote.shop))
        address = f"/api/v1/products/{tote.product_id}/waiting-room/"
        assert caller.get(address).json()["code"] == "no_waiting_room"
        begin = (timezone.now() + timedelta(hours=1)).replace(microsecond=0)
        sale = {"opens_at": begin.isoformat(), "closes_at": (begin + timedelta(hours=2)).isoformat(), "per_minute": 60}
        planned = caller.put(address, sale, format="json")
        assert planned.status_code == 200
        assert caller.get(address).json()["data"] == planned.json()["data"]
        refused = caller.put(address, {**sale, "closes_at": sale["opens_at"]}, format="json")
        assert (refused.status_code, list(refused.json()["errors"])) == (400, ["closes_at"])
        assert caller.delete(address).status_code == 204
        assert not WaitingRoom.objects.exists()
