"""Waiting rooms: who is let in when, what needs a pass, and what the pages and the API say."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import redis
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.discovery.models import ListingVariant
from checkout.cart import store
from checkout.cart.change_cart import set_quantity
from checkout.cart.set_lines import set_lines
from checkout.cart.store import CartId
from checkout.errors import NotLetInError, NoWaitingRoomError, WaitingRoomCrowdedError
from checkout.models import OpenedBy, Order, WaitingRoom
from checkout.placing.check_out import check_out
from checkout.waiting_room import rooms
from checkout.waiting_room.open_rooms import end_room, open_by_load, open_room
from checkout.waiting_room.queue import PASS, Place, State, check_let_in, enter, look
from checkout.waiting_room.rooms import QUEUES_BEFORE, Room, forget_rooms, room_of
from kit.errors import BusyError, InvalidInputError
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, order_request, stock

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def tote(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), on_hand=3)


def room_at(opens_at: datetime, *, per_minute: int = 60, is_out: bool = False) -> Room:
    """A room of a product that nobody sells."""
    listing = UUID(int=7)
    closes_at = opens_at + timedelta(hours=8)
    return Room(f"{listing}:1", listing, frozenset({UUID(int=8)}), opens_at, closes_at, per_minute, is_out)


def plan(tote: Stocked, *, opens_in: timedelta = -MINUTE, per_minute: int | None = 60) -> Room:
    """Plan a room of a product, known to this process at once."""
    now = timezone.now()
    times = {"opens_at": now + opens_in, "closes_at": now + opens_in + timedelta(hours=8)}
    open_room(shop=tote.shop, listing_id=tote.product_id, per_minute=per_minute, now=now, **times)
    forget_rooms()
    room = room_of(tote.product_id, now=now)
    assert room is not None
    return room


def guest(name: str) -> CartId:
    return CartId.of_guest(name)


def arrive(room: Room, name: str, now: datetime, *, network: str = "") -> Place:
    return enter(room, owner=guest(name).owner, network=network, now=now)


class TestQueue:
    def test_people_are_let_in_by_their_numbers_at_the_rooms_rate(self) -> None:
        room = room_at(NOW)
        early = NOW - 5 * MINUTE
        places = [arrive(room, f"g{number}", early + number * SECOND) for number in range(4)]
        assert [(place.state, place.before) for place in places] == [(State.WAITING, number) for number in range(4)]

        def states(after: float) -> list[str]:
            now = NOW + timedelta(seconds=after)
            return [look(room, owner=guest(f"g{number}").owner, now=now).state.value for number in reversed(range(4))][
                ::-1
            ]

        assert states(0) == ["waiting"] * 4
        assert states(1) == ["let_in", "waiting", "waiting", "waiting"]
        assert states(2.5) == ["let_in", "let_in", "waiting", "waiting"]
        assert states(4) == ["let_in"] * 4

    def test_nobody_who_comes_later_is_let_in_before(self) -> None:
        room = room_at(NOW, per_minute=30)
        arrive(room, "first", NOW)
        assert arrive(room, "late", NOW + SECOND).state == State.WAITING
        assert look(room, owner=guest("late").owner, now=NOW + 3 * SECOND).state == State.WAITING
        assert look(room, owner=guest("first").owner, now=NOW + 3 * SECOND).state == State.LET_IN
        assert look(room, owner=guest("late").owner, now=NOW + 4 * SECOND).state == State.LET_IN

    def test_a_place_is_one_and_stays(self) -> None:
        room = room_at(NOW)
        for _ in range(3):
            arrive(room, "a", NOW - MINUTE)
        assert arrive(room, "b", NOW - MINUTE).before == 1

    def test_a_turn_that_came_while_away_is_had_on_return(self) -> None:
        room = room_at(NOW)
        arrive(room, "a", NOW)
        place = look(room, owner=guest("a").owner, now=NOW + timedelta(hours=1))
        assert (place.state, place.ends_at) == (State.LET_IN, NOW + timedelta(hours=1) + PASS)

    def test_a_pass_ends_and_its_owner_queues_again(self) -> None:
        room = room_at(NOW, per_minute=6)
        arrive(room, "a", NOW)
        assert look(room, owner=guest("a").owner, now=NOW + MINUTE).is_let_in
        for name in "bcd":
            arrive(room, name, NOW + MINUTE)
        after = NOW + MINUTE + PASS
        assert look(room, owner=guest("a").owner, now=after - SECOND).is_let_in
        assert look(room, owner=guest("a").owner, now=after).state == State.OUTSIDE

    def test_an_empty_room_lets_in_at_once_and_saves_nothing_up(self) -> None:
        """After an hour without anybody no crowd gets in at once: what is not used gathers for a second."""
        room = room_at(NOW, per_minute=120)
        later = NOW + timedelta(hours=1)
        look(room, owner=guest("nobody").owner, now=later)
        states = [arrive(room, f"g{number}", later).state for number in range(5)]
        assert states == [State.LET_IN, State.LET_IN, State.WAITING, State.WAITING, State.WAITING]

    def test_while_all_is_sold_out_nobody_is_let_in_and_places_are_kept(self) -> None:
        room, out = room_at(NOW), room_at(NOW, is_out=True)
        arrive(room, "a", NOW)
        arrive(room, "b", NOW)
        assert look(out, owner=guest("a").owner, now=NOW + timedelta(hours=1)).state == State.SOLD_OUT
        assert look(out, owner=guest("b").owner, now=NOW + timedelta(hours=1)).before == 1
        back = NOW + timedelta(hours=1, seconds=1)
        assert look(room, owner=guest("b").owner, now=back).state == State.WAITING
        assert look(room, owner=guest("a").owner, now=back).state == State.LET_IN

    def test_a_network_has_so_many_places(self, settings: LazySettings) -> None:
        settings.WAITING_ROOM_PER_NETWORK = 2
        room = room_at(NOW)
        for name in "ab":
            arrive(room, name, NOW, network="10.0.0.0")
        with pytest.raises(WaitingRoomCrowdedError):
            arrive(room, "c", NOW, network="10.0.0.0")
        assert arrive(room, "a", NOW, network="10.0.0.0").before == 0
        assert arrive(room, "d", NOW, network="10.0.1.0").before == 2

    def test_who_has_no_place_is_outside(self) -> None:
        room = room_at(NOW)
        arrive(room, "a", NOW)
        place = look(room, owner=guest("b").owner, now=NOW)
        assert (place.state, place.before) == (State.OUTSIDE, 1)

    def test_before_places_are_given_it_says_soon(self) -> None:
        room = room_at(NOW + QUEUES_BEFORE + SECOND)
        assert look(room, owner=guest("a").owner, now=NOW).state == State.SOON

    def test_clocks_that_go_back_let_nobody_in_twice(self) -> None:
        room = room_at(NOW)
        for name in "abc":
            arrive(room, name, NOW)
        assert look(room, owner=guest("a").owner, now=NOW + 2 * SECOND).is_let_in
        assert look(room, owner=guest("c").owner, now=NOW + SECOND).state == State.WAITING
        assert look(room, owner=guest("c").owner, now=NOW + 2 * SECOND).state == State.WAITING

    def test_many_at_once_get_one_number_each(self) -> None:
        room = room_at(NOW)
        before: list[int] = []
        start = threading.Barrier(16)

        def come(number: int) -> None:
            start.wait(timeout=60)
            before.extend(arrive(room, f"g{number}-{each}", NOW - MINUTE).before for each in range(10))

        threads = [threading.Thread(target=come, args=[number]) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(before) == list(range(160))

    def test_the_queue_outlives_the_process_in_redis(self, redis_client: redis.Redis) -> None:
        """All of a room is in Redis, with an end: nothing of it stays for ever."""
        room = room_at(NOW)
        arrive(room, "a", NOW, network="10.0.0.0")
        look(room, owner=guest("a").owner, now=NOW + 2 * SECOND)
        keys = list(redis_client.scan_iter("*waiting-room:*"))
        assert len(keys) == 3  # numbers are empty again, so their key is gone
        assert all(0 < redis_client.ttl(key) <= 9 * 3600 for key in keys)


class TestPasses:
    def test_without_a_room_nothing_is_asked(self, tote: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_: str) -> Any:
            raise AssertionError("Redis was asked.")

        monkeypatch.setattr("checkout.waiting_room.queue.redis.script", refuse)
        check_let_in(owner=guest("a").owner, variant_ids=[tote.variant_id], now=timezone.now())

    def test_an_order_needs_a_pass(self, tote: Stocked) -> None:
        room, now, cart = plan(tote), timezone.now(), guest("a")
        store.add_line(cart, tote.line(), at_most=9)
        request = order_request()
        with pytest.raises(NotLetInError) as refused:
            check_out(cart=cart, request=request, now=now)
        assert refused.value.details == [
            {"listing_id": str(tote.product_id), "url": f"http://kasuwa.localhost:8000/waiting-room/{tote.product_id}/"}
        ]
        assert not Order.objects.exists()
        assert [line.quantity for line in store.read_lines(cart)] == [1]

        enter(room, owner=cart.owner, network="", now=now)
        bought = check_out(cart=cart, request=request, now=now)
        assert tote.level() == (3, 1)
        store.add_line(cart, tote.line(), at_most=9)
        again = check_out(cart=cart, request=request, now=now + PASS + SECOND)
        assert (again.order.number, again.is_replayed) == (bought.order.number, True)

    @pytest.mark.parametrize("way", ["one line", "many lines"])
    def test_only_more_of_it_needs_a_pass(self, tote: Stocked, way: str) -> None:
        def ask(quantity: int) -> None:
            if way == "one line":
                set_quantity(cart=cart, variant_id=tote.variant_id, quantity=quantity, now=timezone.now())
            else:
                set_lines(cart=cart, quantities={tote.variant_id: quantity}, now=timezone.now())

        cart = guest("a")
        store.add_line(cart, tote.line(2), at_most=9)
        room = plan(tote)
        with pytest.raises(NotLetInError):
            ask(3)
        held = []
        for quantity in (2, 1, 0):
            ask(quantity)
            held.append(sum(line.quantity for line in store.read_lines(cart)))
        assert held == [2, 1, 0]
        with pytest.raises(NotLetInError):
            ask(1)
        assert store.read_lines(cart) == []
        enter(room, owner=cart.owner, network="", now=timezone.now())
        ask(3)
        assert [line.quantity for line in store.read_lines(cart)] == [3]

    def test_a_pass_is_for_its_owner_and_its_room(self, tote: Stocked) -> None:
        room, now = plan(tote), timezone.now()
        other = stock(tote.shop, sku="OTHER")
        plan(other)
        enter(room, owner=guest("a").owner, network="", now=now)
        check_let_in(owner=guest("a").owner, variant_ids=[tote.variant_id], now=now)
        for owner, variants in (("b", [tote.variant_id]), ("a", [tote.variant_id, other.variant_id])):
            with pytest.raises(NotLetInError) as refused:
                check_let_in(owner=guest(owner).owner, variant_ids=variants, now=now)
            assert len(refused.value.details) == 1

    def test_before_and_after_the_sale_everybody_buys(self, tote: Stocked) -> None:
        room = plan(tote)
        for moment in (room.opens_at - QUEUES_BEFORE - SECOND, room.closes_at):
            check_let_in(owner=guest("a").owner, variant_ids=[tote.variant_id], now=moment)

    def test_a_refused_order_is_not_counted_as_unpaid(self, tote: Stocked, settings: LazySettings) -> None:
        settings.UNPAID_LIMITS = {**settings.UNPAID_LIMITS, "email": (1, 100)}
        room, cart, now = plan(tote), guest("a"), timezone.now()
        store.add_line(cart, tote.line(), at_most=9)
        for _ in range(3):
            with pytest.raises(NotLetInError):
                check_out(cart=cart, request=order_request(), now=now)
        enter(room, owner=cart.owner, network="", now=now)
        assert check_out(cart=cart, request=order_request(), now=now).order.number


class TestOpening:
    @pytest.mark.parametrize(
        ("times", "field"),
        [
            ((-2, -1), "closes_at"),
            ((2, 1), "closes_at"),
            ((2, 2), "closes_at"),
            ((1, 50), "closes_at"),
            ((24 * 91, 24 * 91 + 1), "opens_at"),
        ],
    )
    def test_times_that_make_no_sale_are_refused(self, tote: Stocked, times: tuple[int, int], field: str) -> None:
        opens_at, closes_at = (NOW + timedelta(hours=hours) for hours in times)
        with pytest.raises(InvalidInputError) as refused:
            open_room(
                shop=tote.shop,
                listing_id=tote.product_id,
                opens_at=opens_at,
                closes_at=closes_at,
                per_minute=0,
                now=NOW,
            )
        assert set(refused.value.details) == {field, "per_minute"}
        assert not WaitingRoom.objects.exists()

    def test_times_at_the_end_of_the_calendar_are_refused(self, tote: Stocked) -> None:
        last = datetime.max.replace(tzinfo=UTC)
        times = {"opens_at": last - MINUTE, "closes_at": last}
        with pytest.raises(InvalidInputError):
            open_room(shop=tote.shop, listing_id=tote.product_id, per_minute=None, now=NOW, **times)
        assert not WaitingRoom.objects.exists()

    def test_another_shops_product_is_not_found(self, tote: Stocked) -> None:
        times = {"opens_at": NOW, "closes_at": NOW + MINUTE}
        with pytest.raises(NoWaitingRoomError):
            open_room(shop=open_shop("pot-house"), listing_id=tote.product_id, per_minute=None, now=NOW, **times)

    def test_a_new_sale_begins_with_an_empty_queue(self, tote: Stocked) -> None:
        now = timezone.now()
        enter(plan(tote, opens_in=MINUTE), owner=guest("a").owner, network="", now=now)
        assert enter(plan(tote, opens_in=2 * MINUTE), owner=guest("b").owner, network="", now=now).before == 0

    def test_ended_is_ended(self, tote: Stocked) -> None:
        plan(tote)
        end_room(shop=tote.shop, listing_id=tote.product_id)
        forget_rooms()
        assert room_of(tote.product_id, now=timezone.now()) is None
        check_let_in(owner=guest("a").owner, variant_ids=[tote.variant_id], now=timezone.now())

    def test_orders_that_give_up_waiting_open_a_room(
        self, tote: Stocked, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.WAITING_ROOM_OPENS_AT = 3

        def busy(**_: Any) -> Any:
            raise BusyError

        monkeypatch.setattr("checkout.placing.check_out.place_order", busy)
        cart = guest("a")
        store.add_line(cart, tote.line(), at_most=9)
        for tries in range(1, 4):
            with pytest.raises(BusyError):
                check_out(cart=cart, request=order_request(), now=timezone.now())
            assert WaitingRoom.objects.count() == (tries == 3)
        room = WaitingRoom.objects.get()
        assert (room.listing_id, room.shop_id, room.opened_by) == (tote.product_id, tote.shop.pk, OpenedBy.LOAD)
        assert room.closes_at - room.opens_at == timedelta(minutes=15)

    def test_a_planned_sale_is_not_replaced_by_load(self, tote: Stocked, settings: LazySettings) -> None:
        settings.WAITING_ROOM_OPENS_AT = 1
        plan(tote)
        open_by_load(variant_ids=[tote.variant_id], now=timezone.now())
        assert WaitingRoom.objects.get().opened_by == OpenedBy.SHOP

    def test_all_processes_read_one_copy_and_know_whether_there_is_stock(
        self, tote: Stocked, redis_client: redis.Redis
    ) -> None:
        assert not plan(tote).is_out
        ListingVariant.objects.filter(pk=tote.variant_id).update(is_in_stock=False)
        forget_rooms()
        first = room_of(tote.product_id, now=timezone.now())
        assert first is not None
        assert first.is_out
        rooms._known.until = 0.0  # as in another process
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert room_of(tote.product_id, now=timezone.now()) == first
        assert len(captured) == 0

    def test_a_process_that_knows_nothing_yet_waits_for_the_one_that_reads(
        self, tote: Stocked, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Otherwise the first requests after a start would be let past a room."""
        room = plan(tote)
        reading, may_go_on = threading.Event(), threading.Event()

        def read() -> list[Room]:
            reading.set()
            assert may_go_on.wait(timeout=60)
            return [room]

        monkeypatch.setattr(rooms, "KNOWN_SECONDS", 1.0)
        monkeypatch.setattr(rooms, "_read", read)
        rooms.remember([])
        rooms._known.until = 0.0
        found: list[Room | None] = []

        def ask() -> None:
            found.append(room_of(tote.product_id, now=timezone.now()))

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        assert reading.wait(timeout=60)
        assert found == []
        may_go_on.set()
        for thread in threads:
            thread.join()
        assert found == [room, room]
