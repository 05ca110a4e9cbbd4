"""A shop's own domains: claimed, proved by DNS, made the main address, lost and removed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, OperationalError, connection, transaction

from accounts.models import User
from notifications.models import Notification
from tenants.errors import (
    AlreadyClaimedError,
    CheckedJustNowError,
    ClaimNotFoundError,
    DomainNotVerifiedError,
    TooManyDomainsError,
)
from tenants.hosts import dns, domain_checks
from tenants.hosts.domains import MOST, claim_domain, make_primary, remove_domain
from tenants.hosts.look_up import get_shop_by_host
from tenants.hosts.selectors import list_shop_domains
from tenants.life.deletion import delete_shop
from tenants.models import Domain, DomainClaim, DomainProblem, Shop, ShopEvent, ShopEventKind, ShopStatus
from tenants.shops.addresses import shop_url
from tenants.shops.selectors import facts_of
from tests.world.clock import DAY, NOW
from tests.world.domains import ASKED, BROKEN, WHEN_ASKED, ZONE, prove, publish
from tests.world.factories.people import person
from tests.world.shops import make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return person(email="owner@example.com", name="Ada")


@pytest.fixture
def indigo(owner: User) -> Shop:
    return make_shop("indigo", owner_id=owner.pk)


def claim(shop: Shop, host: str = "shop.example") -> DomainClaim:
    return claim_domain(shop_id=shop.pk, host=host, actor_id=None, now=NOW)


def check(made: DomainClaim, now: Any = NOW) -> DomainClaim:
    return domain_checks.check_claim(shop_id=made.shop_id, claim_id=made.pk, actor_id=None, now=now)


def events(shop: Shop) -> list[tuple[str, str]]:
    return list(ShopEvent.objects.filter(shop=shop).order_by("pk").values_list("kind", "subject"))


def hosts(shop: Shop) -> set[str]:
    return set(Domain.objects.filter(tenant=shop).values_list("domain", flat=True))


def test_a_claim_alone_leads_nowhere(indigo: Shop, owner: User) -> None:
    made = claim_domain(shop_id=indigo.pk, host=" Shop.Example. ", actor_id=owner.pk, now=NOW)
    assert made.host == "shop.example"
    assert made.record_name == "_kasuwa.shop.example"
    assert made.record_value.startswith("kasuwa-verify=")
    assert get_shop_by_host("shop.example") is None
    assert events(indigo) == [(ShopEventKind.DOMAIN_CLAIMED, "shop.example")]
    assert ASKED == []  # the network is not part of a claim


def test_tokens_differ_by_claim(indigo: Shop) -> None:
    assert claim(indigo).token != claim(make_shop("copper")).token


def test_the_proof_makes_it_lead_to_the_shop(indigo: Shop, owner: User) -> None:
    made = claim(indigo)
    ZONE[made.record_name] = ["v=spf1 -all"]
    publish(made)
    checked = domain_checks.check_claim(shop_id=indigo.pk, claim_id=made.pk, actor_id=owner.pk, now=NOW)
    assert (checked.problem, checked.due_at) == ("", NOW + 7 * DAY)
    assert get_shop_by_host("shop.example") == indigo
    row = Domain.objects.get(domain="shop.example")
    assert (row.tenant_id, row.is_primary, row.verified_at) == (indigo.pk, False, NOW)
    assert events(indigo)[1:] == [(ShopEventKind.DOMAIN_VERIFIED, "shop.example")]
    assert Notification.objects.get(user=owner).title == "shop.example leads to your shop"


@pytest.mark.parametrize(
    ("zone", "broken", "problem"),
    [
        ([], None, DomainProblem.NO_RECORD),
        (["kasuwa-verify=somebody-elses"], None, DomainProblem.WRONG_VALUE),
        ([], DomainProblem.TIMED_OUT, DomainProblem.TIMED_OUT),
        ([], DomainProblem.FAILED, DomainProblem.FAILED),
    ],
)
def test_what_is_wrong_is_said(
    indigo: Shop, zone: list[str], broken: DomainProblem | None, problem: DomainProblem
) -> None:
    made = claim(indigo)
    ZONE[made.record_name] = zone
    if broken:
        BROKEN[made.record_name] = broken
    assert check(made).problem == problem
    assert hosts(indigo) == {"indigo.kasuwa.localhost"}
    assert get_shop_by_host("shop.example") is None
    assert len(events(indigo)) == 1


def test_another_shops_proof_is_no_proof(indigo: Shop) -> None:
    theirs = claim(make_shop("copper"))
    publish(theirs)
    assert check(claim(indigo)).problem == DomainProblem.WRONG_VALUE


def test_who_proves_first_has_it_until_it_is_removed(indigo: Shop) -> None:
    copper = make_shop("copper")
    first = prove(indigo, "shop.example")
    second = claim(copper)
    publish(second)
    assert check(second).problem == DomainProblem.TAKEN
    assert hosts(copper) == {"copper.kasuwa.localhost"}
    remove_domain(shop_id=indigo.pk, claim_id=first.pk, actor_id=None, now=NOW)
    assert check(second, NOW + DAY).problem == ""
    assert get_shop_by_host("shop.example") == copper


def test_the_dns_is_asked_outside_of_transactions(indigo: Shop) -> None:
    made = claim(indigo)
    depth = len(connection.savepoint_ids)
    seen = []
    WHEN_ASKED.append(lambda: seen.append(len(connection.savepoint_ids)))
    check(made)
    assert seen == [depth]


def test_a_claim_removed_while_the_dns_is_asked_stays_removed(indigo: Shop) -> None:
    made = claim(indigo)
    publish(made)
    WHEN_ASKED.append(lambda: remove_domain(shop_id=indigo.pk, claim_id=made.pk, actor_id=None, now=NOW))
    with pytest.raises(ClaimNotFoundError):
        check(made)
    assert hosts(indigo) == {"indigo.kasuwa.localhost"}


def test_name_servers_are_not_asked_twice_within_seconds(indigo: Shop) -> None:
    made = claim(indigo)
    check(made)
    with pytest.raises(CheckedJustNowError):
        check(made, NOW + timedelta(seconds=4))
    assert len(ASKED) == 1


def test_a_domain_is_claimed_once_and_there_is_an_end(indigo: Shop) -> None:
    claim(indigo)
    with pytest.raises(AlreadyClaimedError):
        claim(indigo, "SHOP.example")
    for number in range(MOST - 1):
        claim(indigo, f"shop-{number}.example")
    with pytest.raises(TooManyDomainsError):
        claim(indigo, "one-more.example")
    assert DomainClaim.objects.count() == MOST


def test_nobody_touches_another_shops_claim(indigo: Shop) -> None:
    copper = make_shop("copper")
    made = prove(indigo, "shop.example")
    for act in (domain_checks.check_claim, remove_domain):
        with pytest.raises(ClaimNotFoundError):
            act(shop_id=copper.pk, claim_id=made.pk, actor_id=None, now=NOW + DAY)
    with pytest.raises(DomainNotVerifiedError):
        make_primary(shop_id=copper.pk, host="shop.example", actor_id=None, now=NOW)
    assert hosts(indigo) == {"indigo.kasuwa.localhost", "shop.example"}


def test_a_shop_lives_at_its_primary_domain(indigo: Shop, owner: User) -> None:
    prove(indigo, "shop.example")
    moved = make_primary(shop_id=indigo.pk, host="shop.example", actor_id=owner.pk, now=NOW)
    assert shop_url(moved, "/dashboard/") == "http://shop.example:8000/dashboard/"
    assert shop_url(facts_of(moved)) == "http://shop.example:8000"
    assert set(Domain.objects.filter(is_primary=True).values_list("domain", flat=True)) == {"shop.example"}
    assert [row.host for row in list_shop_domains(shop=moved) if row.is_primary] == ["shop.example"]
    assert events(indigo)[-1] == (ShopEventKind.DOMAIN_MADE_PRIMARY, "shop.example")
    found = get_shop_by_host("indigo.kasuwa.localhost")
    assert found is not None
    assert found.primary_host == "shop.example"

    back = make_primary(shop_id=indigo.pk, host="indigo.kasuwa.localhost", actor_id=owner.pk, now=NOW)
    assert shop_url(back) == "http://indigo.kasuwa.localhost:8000"
    assert set(Domain.objects.filter(is_primary=True).values_list("domain", flat=True)) == {"indigo.kasuwa.localhost"}


def test_making_the_same_primary_again_changes_nothing(indigo: Shop) -> None:
    prove(indigo, "shop.example", primary=True)
    before = events(indigo)
    make_primary(shop_id=indigo.pk, host="shop.example", actor_id=None, now=NOW)
    assert events(indigo) == before


def test_an_unproved_domain_cannot_be_primary(indigo: Shop) -> None:
    made = claim(indigo)
    with pytest.raises(DomainNotVerifiedError):
        make_primary(shop_id=indigo.pk, host=made.host, actor_id=None, now=NOW)
    indigo.refresh_from_db()
    assert indigo.primary_host is None


def test_removing_the_primary_domain_moves_the_shop_home(indigo: Shop) -> None:
    made = prove(indigo, "shop.example", primary=True)
    assert get_shop_by_host("shop.example") is not None  # remembered
    remove_domain(shop_id=indigo.pk, claim_id=made.pk, actor_id=None, now=NOW)
    indigo.refresh_from_db()
    assert indigo.primary_host is None
    assert get_shop_by_host("shop.example") is None
    assert set(Domain.objects.filter(is_primary=True).values_list("domain", flat=True)) == {"indigo.kasuwa.localhost"}
    assert not DomainClaim.objects.exists()


def test_claims_are_looked_at_less_and_less_until_given_up(indigo: Shop) -> None:
    made = claim(indigo)
    now, pauses = NOW, []
    while True:
        made = check(made, now)
        if made.due_at is None:
            break
        pauses.append(made.due_at - now)
        now = made.due_at
    assert pauses[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert max(pauses) == timedelta(hours=6)
    assert now - NOW < timedelta(days=14) <= now - NOW + timedelta(hours=6)
    assert list_shop_domains(shop=indigo)[1].state == "given_up"
    publish(made)
    assert check(made, now + 30 * DAY).problem == ""  # somebody asked


def test_due_claims_are_looked_at_once(indigo: Shop) -> None:
    made = claim(indigo)
    publish(made)
    assert domain_checks.check_due_claims(now=NOW) == 1
    assert domain_checks.check_due_claims(now=NOW) == 0


def test_a_domain_whose_dns_breaks_us_is_tried_again_and_holds_up_no_other(
    indigo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = claim(indigo, "broken.example"), claim(indigo, "sound.example")
    publish(sound)

    def break_down(asked: DomainClaim) -> Any:
        if asked.pk == broken.pk:
            raise UnicodeError("label too long")
        return dns.find_problem(asked)

    monkeypatch.setattr(domain_checks, "find_problem", break_down)
    assert domain_checks.check_due_claims(now=NOW) == 2
    broken.refresh_from_db()
    assert (broken.problem, broken.last_error) == ("failed", "UnicodeError: label too long")
    assert (broken.due_at, broken.attempts, broken.leased_until) == (NOW + timedelta(minutes=1), 1, None)
    assert get_shop_by_host("sound.example") == indigo


def test_a_claim_that_cannot_be_written_is_put_off_alone(indigo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = claim(indigo, "broken.example"), claim(indigo, "sound.example")
    for each in (broken, sound):
        publish(each)
    enter = domain_checks._enter

    def break_down(held: Any, entered: DomainClaim, *rest: Any) -> bool:
        if entered.pk == broken.pk:
            raise OperationalError("canceling statement due to lock timeout")
        return enter(held, entered, *rest)

    monkeypatch.setattr(domain_checks, "_enter", break_down)
    assert domain_checks.check_due_claims(now=NOW) == 1
    broken.refresh_from_db()
    assert (broken.due_at, "lock timeout" in broken.last_error) == (NOW + timedelta(minutes=1), True)
    assert get_shop_by_host("sound.example") == indigo


def test_the_schedule_finds_the_proof(
    indigo: Shop, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(claim(indigo))
    monkeypatch.setattr("tenants.tasks.timezone.now", lambda: NOW)
    with django_capture_on_commit_callbacks(execute=True):
        domain_checks.check_due_claims(now=NOW)
    assert get_shop_by_host("shop.example") == indigo


def test_a_lost_proof_is_warned_of_and_ends_after_a_week(indigo: Shop, owner: User) -> None:
    made = prove(indigo, "shop.example", primary=True)
    ZONE.clear()
    lost = check(made, NOW + 7 * DAY)
    assert (lost.missing_since, lost.warned_at) == (NOW + 7 * DAY, NOW + 7 * DAY)
    assert get_shop_by_host("shop.example") == indigo
    assert [row.state for row in list_shop_domains(shop=indigo)] == ["verified", "missing"]
    assert Notification.objects.filter(user=owner, kind="domain.missing").count() == 1

    for day in range(8, 14):
        check(made, NOW + day * DAY)
    assert get_shop_by_host("shop.example") == indigo
    assert Notification.objects.filter(user=owner, kind="domain.missing").count() == 1

    check(made, NOW + 14 * DAY)
    indigo.refresh_from_db()
    assert (hosts(indigo), indigo.primary_host) == ({"indigo.kasuwa.localhost"}, None)
    assert get_shop_by_host("shop.example") is None
    assert [kind for kind, _ in events(indigo)][-2:] == [ShopEventKind.DOMAIN_MISSING, ShopEventKind.DOMAIN_LAPSED]
    publish(made)
    assert check(made, NOW + 15 * DAY).problem == ""
    assert get_shop_by_host("shop.example") == indigo


def test_a_proof_that_comes_back_is_no_longer_missing(indigo: Shop) -> None:
    made = prove(indigo, "shop.example")
    kept = dict(ZONE)
    ZONE.clear()
    check(made, NOW + 7 * DAY)
    ZONE.update(kept)
    back = check(made, NOW + 8 * DAY)
    assert (back.problem, back.missing_since, back.warned_at) == ("", None, None)


def test_name_servers_that_are_down_for_an_hour_alarm_nobody(indigo: Shop, owner: User) -> None:
    made = prove(indigo, "shop.example")
    BROKEN[made.record_name] = DomainProblem.TIMED_OUT
    unsure = check(made, NOW + 7 * DAY)
    assert (unsure.warned_at, unsure.due_at) == (None, NOW + 7 * DAY + timedelta(hours=1))
    assert check(made, NOW + 8 * DAY).warned_at == NOW + 8 * DAY
    check(made, NOW + 14 * DAY)
    assert get_shop_by_host("shop.example") is None


def test_owners_read_of_it_by_e_mail(indigo: Shop, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = prove(indigo, "shop.example")
        remove_domain(shop_id=indigo.pk, claim_id=made.pk, actor_id=None, now=NOW, reason="It imitates a bank.")
    first, second = mail.outbox
    assert first.subject == "shop.example leads to your shop"
    assert "http://indigo.kasuwa.localhost:8000/dashboard/settings/domains/" in first.body
    assert "It imitates a bank." in second.body
    assert second.to == ["owner@example.com"]


def test_deleted_shops_are_left_alone(indigo: Shop) -> None:
    claim(indigo)
    Shop.objects.filter(pk=indigo.pk).update(status=ShopStatus.DELETED)
    assert domain_checks.check_due_claims(now=NOW) == 0


def test_a_deleted_shop_leaves_its_domain_to_others(indigo: Shop) -> None:
    prove(indigo, "shop.example", primary=True)
    assert get_shop_by_host("shop.example") is not None  # remembered
    delete_shop(shop_id=indigo.pk, actor_id=None, reason="As its owner wishes.", force=True, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert get_shop_by_host("shop.example") is None
    copper = make_shop("copper")
    prove(copper, "shop.example")
    assert get_shop_by_host("shop.example") == copper


def refused(name: str, act: Any) -> None:
    def commit() -> None:
        act()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        commit()


def test_the_database_holds_the_rules(indigo: Shop) -> None:
    copper = make_shop("copper")
    made = prove(indigo, "shop.example", primary=True)
    mine, others = Shop.objects.filter(pk=indigo.pk), Shop.objects.filter(pk=copper.pk)
    claims = DomainClaim.objects.filter(pk=made.pk)
    refused("shop_primary_host_is_its_own", lambda: others.update(primary_host="shop.example"))
    refused("shop_primary_host_is_its_own", lambda: mine.update(primary_host="gone.example"))
    refused("shop_primary_host_is_its_own", lambda: Domain.objects.filter(domain="shop.example").delete())
    refused("domain_one_primary_each", lambda: Domain.objects.filter(tenant=indigo).update(is_primary=True))
    refused("domain", lambda: Domain.objects.create(tenant=copper, domain="shop.example", is_primary=False))
    refused(
        "domain_claim_once_each",
        lambda: DomainClaim.objects.create(shop=indigo, host="shop.example", token="x", created_at=NOW, give_up_at=NOW),
    )
    refused("domain_claim_is_a_host_name", lambda: claims.update(host="Shop.example"))
    refused("domain_claim_problem_known", lambda: claims.update(problem="odd"))
    refused("domain_claim_warned_of_something", lambda: claims.update(warned_at=NOW))


def test_listing_takes_two_statements(indigo: Shop, django_assert_num_queries: Any) -> None:
    for number in range(3):
        prove(indigo, f"shop-{number}.example")
    with django_assert_num_queries(2):
        assert len(list_shop_domains(shop=indigo)) == 4


def test_a_lease_is_shorter_than_the_timeout_of_the_proof() -> None:
    assert domain_checks.CLAIMS.lease < domain_checks.CLAIMS.back_off.cap
