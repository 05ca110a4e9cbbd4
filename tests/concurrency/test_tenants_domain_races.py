"""Shops that prove one domain at once, and one shop that moves to two; with controls that show the race."""

from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection

from kit.errors import DomainError
from tenants.hosts import domain_checks, domains
from tenants.hosts.selectors import LockedDomains
from tenants.models import Domain, DomainProblem, Shop, ShopEvent, ShopEventKind
from tests.world.clock import NOW
from tests.world.domains import WHEN_ASKED, prove, publish
from tests.world.races import after_all, all_at_once, is_somebody_waiting

pytestmark = pytest.mark.usefixtures("live_database")
HOST = "contested.example"


def outcome(act: Callable[[], Any]) -> str:
    try:
        answer = act()
    except DomainError as error:
        return error.code
    except IntegrityError:
        return "broken"
    return getattr(answer, "problem", "") or "done"


def prove_at_once(shops: list[Shop]) -> dict[str, int]:
    claims = [domains.claim_domain(shop_id=shop.pk, host=HOST, actor_id=None, now=NOW) for shop in shops]
    for claim in claims:
        publish(claim)
    answered = Barrier(len(shops))
    WHEN_ASKED.append(lambda: answered.wait(timeout=60))  # both have seen their proof before either acts
    return all_at_once(
        lambda number: outcome(
            lambda: domain_checks.check_claim(
                shop_id=claims[number].shop_id, claim_id=claims[number].pk, actor_id=None, now=NOW
            )
        ),
        len(shops),
    )


def test_one_of_two_shops_gets_a_domain_that_both_have_proved(shops: list[Shop]) -> None:
    assert prove_at_once(shops) == {"done": 1, DomainProblem.TAKEN: 1}
    [row] = Domain.objects.filter(domain=HOST)
    [event] = ShopEvent.objects.filter(kind=ShopEventKind.DOMAIN_VERIFIED)
    assert event.shop_id == row.tenant_id


def test_the_control_without_the_unique_host_gives_it_to_both(shops: list[Shop]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tenants_domain DROP CONSTRAINT tenants_domain_domain_key")
    assert prove_at_once(shops) == {"done": 2}
    assert Domain.objects.filter(domain=HOST).count() == 2


def move_at_once(shop: Shop) -> dict[str, int]:
    hosts = [prove(shop, f"{name}.example").host for name in ("first", "second")]
    return all_at_once(
        lambda number: outcome(
            lambda: domains.make_primary(shop_id=shop.pk, host=hosts[number], actor_id=None, now=NOW)
        ),
        2,
    )


def lives_at(shop: Shop) -> str | None:
    shop.refresh_from_db()
    [primary] = Domain.objects.filter(tenant=shop, is_primary=True)
    assert shop.primary_host == primary.domain
    return shop.primary_host


def test_a_shop_that_moves_to_two_places_lives_at_the_last(shops: list[Shop]) -> None:
    assert move_at_once(shops[0]) == {"done": 2}
    assert lives_at(shops[0]) in {"first.example", "second.example"}


def test_the_control_without_the_lock_is_refused_by_the_database(
    shops: list[Shop], monkeypatch: pytest.MonkeyPatch, eventually: Callable[..., bool]
) -> None:
    """The second has begun to write before the first commits, and so does not see what that one has written."""
    move_in = domains.move_in

    def read(*, shop_id: int) -> LockedDomains:
        rows = Domain.objects.filter(tenant_id=shop_id)
        return LockedDomains(Shop.objects.get(pk=shop_id), {row.domain: row for row in rows}, {})

    def move_in_before_the_other_commits(held: LockedDomains, host: str) -> bool:
        has_moved = move_in(held, host)
        eventually(is_somebody_waiting)
        return has_moved

    hosts = [prove(shops[0], f"{name}.example").host for name in ("first", "second")]
    monkeypatch.setattr(domains, "lock_shop_domains", after_all(read, 2))
    monkeypatch.setattr(domains, "move_in", move_in_before_the_other_commits)
    answers = all_at_once(
        lambda number: outcome(
            lambda: domains.make_primary(shop_id=shops[0].pk, host=hosts[number], actor_id=None, now=NOW)
        ),
        2,
    )
    assert answers == {"done": 1, "broken": 1}


def test_a_domain_removed_while_the_shop_moves_there_leaves_the_shop_somewhere(shops: list[Shop]) -> None:
    shop = shops[0]
    claim = prove(shop, "first.example")
    answers = all_at_once(
        lambda number: outcome(
            lambda: (
                domains.make_primary(shop_id=shop.pk, host="first.example", actor_id=None, now=NOW)
                if number
                else domains.remove_domain(shop_id=shop.pk, claim_id=claim.pk, actor_id=None, now=NOW)
            )
        ),
        2,
    )
    assert answers in ({"done": 2}, {"done": 1, "domain_not_verified": 1})
    shop.refresh_from_db()
    assert shop.primary_host is None
    assert [row.domain for row in Domain.objects.filter(tenant=shop, is_primary=True)] == [
        f"{shop.slug}.kasuwa.localhost"
    ]
