"""Changes made from one version at once: one is written, the others are told; without the lock all are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Barrier
from typing import Any

import pytest

from accounts.models import Address, User
from accounts.selectors import address_version
from accounts.selectors import profile_version as profile_version_of_person
from accounts.services import addresses, people
from accounts.services.addresses import AddressInput
from catalogue.models import Product
from catalogue.selectors.products import get_product, product_version
from catalogue.services import products
from catalogue.services.inputs import ProductInput, input_of
from catalogue.services.products import revise_product, update_product
from console.services import fairness
from kit.web.versions import ChangedMeanwhileError, check_version
from tenants.models import Membership, Role, Shop
from tenants.shops import commission
from tenants.shops import profile as shops
from tenants.shops.profile import profile_version, update_profile
from tenants.staff import members
from tenants.staff.locks import member_version
from tests.world.clock import NOW
from tests.world.factories.people import address_of, person
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import member
from tests.world.races import all_at_once
from vendors.serializers.variants import merge_variants

THREADS = 4


def check_all_before_any_writes(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    """Hold everybody who has compared their version until all have."""
    everybody_has_checked = Barrier(THREADS)

    def check(**versions: Any) -> None:
        check_version(**versions)
        if versions["seen"] is not None:
            everybody_has_checked.wait(timeout=60)

    monkeypatch.setattr(module, "check_version", check)


def outcome_of(change: Callable[[], object]) -> str:
    try:
        change()
    except ChangedMeanwhileError:
        return "told"
    return "written"


def rename_product(item: Stocked, number: int, seen: str) -> str:
    def revise(product: Product) -> ProductInput:
        return replace(input_of(product), title=f"Title {number}")

    return outcome_of(
        lambda: revise_product(shop=item.shop, product_id=item.product_id, revise=revise, now=NOW, seen={seen})
    )


def read_version(item: Stocked) -> str:
    return product_version(get_product(shop=item.shop, product_id=item.product_id))


def test_of_changes_of_one_version_of_a_product_one_is_written(live_database: str) -> None:
    item = stock(open_shop("indigo"))
    seen = read_version(item)
    assert all_at_once(lambda number: rename_product(item, number, seen), THREADS) == {
        "written": 1,
        "told": THREADS - 1,
    }


def test_without_the_lock_all_changes_of_a_version_of_a_product_are_written(
    live_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = stock(open_shop("indigo"))
    seen = read_version(item)
    monkeypatch.setattr(products, "lock_product", lambda *, product_id: Product.objects.get(pk=product_id))
    check_all_before_any_writes(monkeypatch, products)
    assert all_at_once(lambda number: rename_product(item, number, seen), THREADS) == {"written": THREADS}


def rename_shop(shop: Shop, number: int, seen: str) -> str:
    return outcome_of(
        lambda: update_profile(shop_id=shop.pk, actor_id=None, now=NOW, seen={seen}, name=f"Name {number}")
    )


def test_of_changes_of_one_version_of_a_shop_one_is_written(live_database: str) -> None:
    shop = open_shop("indigo")
    seen = profile_version(shop)
    assert all_at_once(lambda number: rename_shop(shop, number, seen), THREADS) == {"written": 1, "told": THREADS - 1}


def test_without_the_lock_all_changes_of_a_version_of_a_shop_are_written(
    live_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_shop("indigo")
    seen = profile_version(shop)
    monkeypatch.setattr(shops, "lock_shop", lambda *, shop_id: Shop.objects.get(pk=shop_id))
    check_all_before_any_writes(monkeypatch, shops)
    assert all_at_once(lambda number: rename_shop(shop, number, seen), THREADS) == {"written": THREADS}


def with_one_more(product: Product, number: int) -> ProductInput:
    before = input_of(product)
    sent = [{"sku": f"NEW-{number}", "price_minor": 500, "options": {"Colour": str(number)}}]
    return replace(before, variants=merge_variants(before.variants, sent, ()).variants)


def skus(item: Stocked) -> set[str]:
    product = get_product(shop=item.shop, product_id=item.product_id)
    return {variant.sku for variant in product.variants.all()}


def test_variants_that_are_added_at_once_are_all_kept(live_database: str) -> None:
    item = stock(open_shop("indigo"))

    def add(number: int) -> str:
        revise_product(
            shop=item.shop,
            product_id=item.product_id,
            revise=lambda product: with_one_more(product, number + 1),
            now=NOW,
        )
        return "done"

    assert all_at_once(add, THREADS) == {"done": THREADS}
    assert skus(item) == {"TOTE-1", *(f"NEW-{number + 1}" for number in range(THREADS))}


def test_variants_that_are_added_to_an_earlier_reading_are_lost(live_database: str) -> None:
    item = stock(open_shop("indigo"))
    everybody_has_read = Barrier(THREADS)

    def add(number: int) -> str:
        data = with_one_more(get_product(shop=item.shop, product_id=item.product_id), number + 1)
        everybody_has_read.wait(timeout=60)
        update_product(shop=item.shop, product_id=item.product_id, data=data, now=NOW)
        return "done"

    assert all_at_once(add, THREADS) == {"done": THREADS}
    assert len(skus(item)) == 2


@dataclass(frozen=True)
class Edited:
    """Something that is edited, with the place of its lock and what it is without.

    Args:
        change: makes a change of its own number, from the version that was seen at first.
    """

    change: Callable[[int], object]
    module: Any
    lock: str
    unlocked: Callable[..., Any]


def edited_profile() -> Edited:
    user = person()
    seen = {profile_version_of_person(user)}
    return Edited(
        lambda number: people.update_profile(user=User.objects.get(pk=user.pk), name=f"Name {number}", seen=seen),
        people,
        "lock_user",
        lambda *, user_id: User.objects.get(pk=user_id),
    )


def edited_address() -> Edited:
    address = address_of()
    seen = {address_version(address)}

    def change(number: int) -> object:
        def revise(before: Address) -> AddressInput:
            values = {name: getattr(before, name) for name in AddressInput.__dataclass_fields__}
            return AddressInput(**values | {"city": f"City {number}"})

        return addresses.revise_address(user_id=address.user_id, address_id=address.pk, revise=revise, seen=seen)

    return Edited(change, addresses, "lock_addresses", lambda *, user_id: list(Address.objects.filter(user_id=user_id)))


def edited_role() -> Edited:
    shop = open_shop("indigo")
    owner, other = member(shop), member(shop, Role.VIEWER)
    row = Membership.objects.get(shop=shop, user=other)
    seen, roles = {member_version(row)}, [Role.MANAGER, Role.FULFILMENT, Role.ACCOUNTANT, Role.OWNER]
    return Edited(
        lambda number: members.change_role(
            shop_id=shop.pk, member_id=row.pk, role=roles[number % 4], actor_id=owner.pk, now=NOW, seen=seen
        ),
        members,
        "lock_memberships",
        lambda *, shop_id: list(Membership.objects.filter(shop_id=shop_id).select_related("user", "shop")),
    )


def edited_limit() -> Edited:
    shop = open_shop("indigo")
    operator = person(is_operator=True)
    seen = {fairness.limit_version(shop)}
    return Edited(
        lambda number: fairness.change_rate_limit(
            shop_id=shop.pk,
            requests_per_minute=700 + number,
            actor_id=operator.pk,
            reason="A sale is coming.",
            now=NOW,
            seen=seen,
        ),
        fairness,
        "lock_shop",
        lambda *, shop_id: Shop.objects.get(pk=shop_id),
    )


def edited_commission() -> Edited:
    shop = open_shop("indigo")
    seen = {commission.commission_version(shop)}
    return Edited(
        lambda number: commission.change_commission(
            shop_id=shop.pk, commission_bps=700 + number, actor_id=None, now=NOW, seen=seen
        ),
        commission,
        "lock_shop",
        lambda *, shop_id: Shop.objects.get(pk=shop_id),
    )


EDITED = {
    "profile": edited_profile,
    "address": edited_address,
    "role": edited_role,
    "limit": edited_limit,
    "commission": edited_commission,
}


@pytest.mark.parametrize("name", EDITED)
def test_of_changes_of_one_version_one_is_written(live_database: str, name: str) -> None:
    edited = EDITED[name]()
    outcomes = all_at_once(lambda number: outcome_of(lambda: edited.change(number)), THREADS)
    assert outcomes == {"written": 1, "told": THREADS - 1}


@pytest.mark.parametrize("name", EDITED)
def test_without_the_lock_all_changes_of_one_version_are_written(
    live_database: str, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    edited = EDITED[name]()
    monkeypatch.setattr(edited.module, edited.lock, edited.unlocked)
    check_all_before_any_writes(monkeypatch, edited.module)
    outcomes = all_at_once(lambda number: outcome_of(lambda: edited.change(number)), THREADS)
    assert outcomes == {"written": THREADS}
