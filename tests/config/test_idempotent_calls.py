"""`Idempotency-Key` on unsafe calls: the same again is done once, and has the first answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context
from rest_framework.test import APIClient

from catalogue.models import Product, StockMovement
from catalogue.services import stock as stock_services
from kit.db.roles import as_platform
from kit.models import IdempotentCall
from kit.work.housekeeping import purge_idempotent_calls
from kit.work.idempotent_calls import HELD_FOR, KEPT_FOR
from tenants.models import Role
from tests.config.test_strict_api import HOSTS, operations
from tests.world.factories.catalogue import make_categories, picture
from tests.world.factories.people import person
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import api, member

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
PLATFORM = HOSTS["config.urls_platform"]
REPLAYED = "Idempotent-Replayed"
ADDRESS = {"name": "Ada Obi", "line1": "12 Bode Thomas St", "city": "Surulere", "state": "Lagos", "country": "NG"}
PHONE = {"phone": "+2348012345678"}
TOTE: dict[str, Any] = {"title": "Tote", "variants": [{"sku": "TOTE", "price_minor": 5_000, "on_hand": 2}]}

# Unsafe operations that take no key, by what makes a second call harmless. PUT and DELETE are idempotent in themselves
# (RFC 9110, section 9.2.2): the second call leaves the state that the first has made.
SETS = "it sets fields to the values that are sent: the second call sets the same"
SIGN_IN = "it moves nothing; its answer holds tokens or personal data, which are not to be kept"
LETTER = "the key in the letter works once; letters that are asked for are counted and limited"
WITHOUT_KEY = {
    "address_update": SETS,
    "application_update": SETS,
    "vendor_orders_documents_download": "it prints what is there already, or is issued once",
    "cart_quote": "it computes a price and writes nothing",
    "cart_update": SETS,
    "delivery_zone_update": SETS,
    "member_update": SETS,
    "notification_mark_read": "it marks as read",
    "notifications_mark_read": "it marks as read",
    "order_messages_mark_read": "it marks as read",
    "vendor_order_messages_mark_read": "it marks as read",
    "notification_preferences_update": SETS,
    "operator_category_update": SETS,
    "operator_station_update": SETS,
    "operator_shop_commission_update": SETS,
    "operator_check_round_start": "while a round waits or is under way another is refused",
    "operator_comparison_start": "a comparison that waits is the same; it writes nothing of money",
    "operator_commission_rule_update": SETS,
    "profile_update": SETS,
    "shop_update": SETS,
    "waiting_room_place_create": "who has a place keeps it",
    "account_delete": "the account that would send it again is gone",
    "personal_data_read": SIGN_IN,
    "session_start": SIGN_IN,
    "session_end": SIGN_IN,
    "token_check": SIGN_IN,
    "token_refresh": "a refresh token works once; keeping the new pair would give it a second use",
    "password_change": SIGN_IN,
    "password_reset_start": LETTER,
    "password_reset_confirm": LETTER,
    "registration_start": LETTER,
    "registration_finish": LETTER,
    "email_confirm": LETTER,
    "email_confirmation_resend": LETTER,
    "order_find": LETTER,
}


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def owner(cloth: Stocked) -> APIClient:
    return api(cloth.shop, member(cloth.shop))


def keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def replayed(answer: Any) -> bool:
    return bool(answer.headers.get(REPLAYED) == "true")


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def add_stock(client: APIClient, item: Stocked, delta: int, key: str) -> Any:
    return client.patch(f"{V1}/stock/{item.variant_id}/", {"delta": delta}, headers=keyed(key))


def test_every_unsafe_operation_takes_a_key_or_is_harmless_when_it_is_repeated() -> None:
    keyless, tried = set(), 0
    for _, path, method, operation in operations():
        if method in {"get", "put", "delete"}:
            continue
        tried += 1
        if "Idempotency-Key" not in {each["name"] for each in operation.get("parameters", [])}:
            keyless.add(operation["operationId"])
        else:
            answers = operation["responses"]
            assert {"409", "422"} <= answers.keys(), path
            assert all(REPLAYED in answers[status]["headers"] for status in answers if status[0] == "2"), path
    assert sorted(keyless ^ WITHOUT_KEY.keys()) == [], "Mark it with `takes_key`, or say above why it needs none."
    assert tried > 50


def test_stock_is_moved_once_for_a_key(owner: APIClient, cloth: Stocked) -> None:
    before = cloth.level()[0]
    first, second = add_stock(owner, cloth, 4, "k-1"), add_stock(owner, cloth, 4, "k-1")
    assert (first.status_code, second.status_code) == (200, 200)
    assert (replayed(first), replayed(second)) == (False, True)
    assert second.json() == first.json()
    assert cloth.level()[0] == before + 4
    assert replayed(add_stock(owner, cloth, 4, '"k-1"'))  # a string of structured headers, as the draft writes it
    assert not replayed(add_stock(owner, cloth, 4, "k-2"))
    assert cloth.level()[0] == before + 8


def test_a_product_is_created_once_for_a_key(owner: APIClient, cloth: Stocked) -> None:
    make_categories()
    first = owner.post(f"{V1}/products/", TOTE, headers=keyed("new-tote"))
    second = owner.post(f"{V1}/products/", TOTE, headers=keyed("new-tote"))
    assert (first.status_code, second.status_code, second.json()) == (201, 201, first.json())
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["ETag"] == first.headers["ETag"]
    with schema_context(cloth.shop.schema_name):
        assert Product.objects.filter(title="Tote").count() == 1
    other = owner.post(f"{V1}/products/", TOTE | {"title": "Bag"}, headers=keyed("new-tote"))
    assert code_of(other) == (422, "idempotency_key_reused")
    with schema_context(cloth.shop.schema_name):
        assert not Product.objects.filter(title="Bag").exists()


def test_a_file_counts_by_its_content(owner: APIClient, cloth: Stocked) -> None:
    path = f"{V1}/products/{cloth.product_id}/images/"

    def send(size: int) -> Any:
        upload = picture(size=(size, 600))
        upload.name = "tote.jpg"
        return owner.post(path, {"image": upload}, format="multipart", headers=keyed("pic"))

    first, second = send(900), send(900)
    assert (first.status_code, replayed(second), second.json()) == (201, True, first.json())
    assert code_of(send(901)) == (422, "idempotency_key_reused")


def test_a_basket_holds_what_was_put_in_once(cloth: Stocked) -> None:
    guest, body = APIClient(HTTP_HOST=PLATFORM), {"variant_id": str(cloth.variant_id), "quantity": 2}
    key = str(uuid4())
    first = guest.post(f"{V1}/cart/items/", body, headers=keyed(key))
    fresh = APIClient(HTTP_HOST=PLATFORM)  # a program that has not kept the answer
    second = fresh.post(f"{V1}/cart/items/", body, headers=keyed(key))
    assert (second.status_code, replayed(second), second.json()) == (201, True, first.json())
    token = {"X-Cart-Token": second.headers["X-Cart-Token"]}
    assert fresh.get(f"{V1}/cart/", headers=token).json()["data"]["units"] == 2
    third = fresh.post(f"{V1}/cart/items/", body, headers=keyed("the-second-line-of-it") | token)
    assert (replayed(third), third.json()["data"]["units"]) == (False, 4)
    assert replayed(fresh.post(f"{V1}/cart/items/", body, headers=keyed("the-second-line-of-it") | token))


def test_a_caller_who_is_nobody_needs_a_key_that_is_hard_to_guess(cloth: Stocked) -> None:
    body = {"variant_id": str(cloth.variant_id), "quantity": 2}
    answer = APIClient(HTTP_HOST=PLATFORM).post(f"{V1}/cart/items/", body, headers=keyed("1"))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])


@pytest.mark.parametrize("key", ["", '""', "k" * 101, "schlüssel", "a\tb"])
def test_a_key_that_is_none_is_refused(owner: APIClient, cloth: Stocked, key: str) -> None:
    before = cloth.level()
    answer = add_stock(owner, cloth, 4, key)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])
    assert cloth.level() == before


def test_keys_of_others_and_of_other_operations_are_other_keys(cloth: Stocked, owner: APIClient) -> None:
    colleague, pots = api(cloth.shop, member(cloth.shop, Role.MANAGER)), stock(open_shop("pot-house"))
    rival = api(pots.shop, member(pots.shop))
    before = cloth.level()[0]
    assert [replayed(add_stock(each, cloth, 1, "same")) for each in (owner, colleague)] == [False, False]
    assert not replayed(add_stock(rival, pots, 1, "same"))
    assert cloth.level()[0] == before + 2
    assert owner.post(f"{V1}/products/", TOTE, headers=keyed("same")).status_code == 201
    assert code_of(owner.patch(f"{V1}/stock/{uuid4()}/", {"delta": 1}, headers=keyed("same"))) == (
        422,
        "idempotency_key_reused",
    )


def test_a_refusal_is_not_kept(owner: APIClient, cloth: Stocked) -> None:
    on_hand = cloth.level()[0]
    assert add_stock(owner, cloth, -on_hand - 1, "k").status_code == 400
    assert IdempotentCall.objects.count() == 0
    assert add_stock(owner, cloth, 1, "k").status_code == 200
    assert cloth.level()[0] == on_hand + 1


def test_an_error_is_not_kept_and_leaves_nothing_behind(
    owner: APIClient, cloth: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work is done and its answer is not: both are undone."""
    owner.raise_request_exception = False
    before = cloth.level()
    with monkeypatch.context() as patched:
        patched.setattr("kit.api.idempotent.keep_answer", failing)
        assert add_stock(owner, cloth, 4, "k").status_code == 500
    assert (cloth.level(), IdempotentCall.objects.count()) == (before, 0)
    answer = add_stock(owner, cloth, 4, "k")
    assert (answer.status_code, replayed(answer), cloth.level()[0]) == (200, False, before[0] + 4)
    with schema_context(cloth.shop.schema_name):
        assert StockMovement.objects.filter(quantity=4).count() == 1


def failing(**_: object) -> bool:
    raise RuntimeError("The process was killed.")


def test_a_call_is_refused_while_the_first_is_worked_on(
    owner: APIClient, cloth: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile: list[Any] = []
    monkeypatch.setattr(
        "vendors.api.stock.adjust_stock", interrupted(lambda: add_stock(owner, cloth, 4, "k"), meanwhile)
    )
    before = cloth.level()[0]
    assert add_stock(owner, cloth, 4, "k").status_code == 200
    assert [code_of(answer) for answer in meanwhile] == [(409, "idempotency_key_in_use")]
    assert cloth.level()[0] == before + 4


def interrupted(act: Callable[[], Any], answers: list[Any]) -> Callable[..., Any]:
    """Return the service with another call before its work."""

    def adjust(**asked: Any) -> Any:
        if not answers:
            answers.append(None)
            answers[:] = [act()]
        return stock_services.adjust_stock(**asked)

    return adjust


def test_a_claim_whose_process_has_died_ends_by_itself(
    owner: APIClient, cloth: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.raise_request_exception = False
    before = cloth.level()[0]
    with monkeypatch.context() as patched:
        patched.setattr("kit.api.idempotent.keep_answer", failing)
        patched.setattr("kit.api.idempotent.release_call", lambda **_: None)
        add_stock(owner, cloth, 4, "k")
    assert code_of(add_stock(owner, cloth, 4, "k")) == (409, "idempotency_key_in_use")
    IdempotentCall.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert add_stock(owner, cloth, 4, "k").status_code == 200
    assert cloth.level()[0] == before + 4
    assert timedelta(seconds=30) <= HELD_FOR <= timedelta(minutes=5)


def test_work_that_another_has_taken_over_is_undone(
    owner: APIClient, cloth: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken_over(**asked: Any) -> Any:
        done = stock_services.adjust_stock(**asked)
        with as_platform():
            IdempotentCall.objects.update(holder=uuid4())
        return done

    monkeypatch.setattr("vendors.api.stock.adjust_stock", taken_over)
    before = cloth.level()
    assert code_of(add_stock(owner, cloth, 4, "k")) == (409, "idempotency_key_in_use")
    assert cloth.level() == before


def test_an_answer_is_kept_for_a_day(owner: APIClient, cloth: Stocked) -> None:
    add_stock(owner, cloth, 4, "k")
    now = timezone.now()
    IdempotentCall.objects.update(created_at=now - KEPT_FOR + timedelta(minutes=1))
    assert replayed(add_stock(owner, cloth, 4, "k"))
    IdempotentCall.objects.update(created_at=now - KEPT_FOR - timedelta(minutes=1))
    assert not replayed(add_stock(owner, cloth, 4, "k"))
    assert purge_idempotent_calls(now=now) == 0
    assert purge_idempotent_calls(now=now + KEPT_FOR + timedelta(minutes=1)) == 1
    assert IdempotentCall.objects.count() == 0


def test_an_answer_is_stored_so_that_only_its_caller_can_read_it() -> None:
    buyer = APIClient(HTTP_HOST=PLATFORM)
    buyer.force_authenticate(person())
    first = buyer.post(f"{V1}/auth/addresses/", ADDRESS | PHONE, headers=keyed("the-callers-key"))
    second = buyer.post(f"{V1}/auth/addresses/", ADDRESS | PHONE, headers=keyed("the-callers-key"))
    assert (first.status_code, replayed(second), second.json()) == (201, True, first.json())
    stored = str(IdempotentCall.objects.values().get())
    assert not any(word in stored for word in ("Bode", "Ada", "the-callers-key"))


def test_permissions_are_checked_before_the_key(owner: APIClient, cloth: Stocked) -> None:
    colleague = member(cloth.shop, Role.MANAGER)
    client = api(cloth.shop, colleague)
    add_stock(client, cloth, 4, "k")
    colleague.memberships.all().delete()
    assert code_of(add_stock(client, cloth, 4, "k")) == (403, "not_a_member")


def test_a_call_without_a_key_stores_nothing(owner: APIClient, cloth: Stocked) -> None:
    owner.patch(f"{V1}/stock/{cloth.variant_id}/", {"delta": 4})
    assert IdempotentCall.objects.count() == 0
