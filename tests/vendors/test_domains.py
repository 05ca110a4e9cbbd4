"""The page of a shop's domains."""

import pytest
from django.conf import LazySettings
from django.test import Client

from tenants.models import Domain, DomainClaim, DomainProblem, Role, Shop, ShopEvent
from tests.world.domains import BROKEN, claim_of, prove, publish
from tests.world.own_shop import member, page_client
from tests.world.shops import make_shop

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/settings/domains/"


@pytest.fixture
def indigo() -> Shop:
    return make_shop("indigo")


@pytest.fixture
def desk(indigo: Shop) -> Client:
    return page_client(indigo, member(indigo))


def state() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Domain, DomainClaim, Shop, ShopEvent)]


def test_an_owner_adds_proves_moves_to_and_removes_a_domain(indigo: Shop, desk: Client) -> None:
    assert "indigo.kasuwa.localhost" in desk.get(PAGE).text
    assert desk.post(PAGE, {"host": "Shop.Example"}, follow=True).status_code == 200
    claim = DomainClaim.objects.get(shop=indigo)
    listed = desk.get(PAGE).text
    assert claim.record_name in listed
    assert claim.record_value in listed
    assert "Waiting for the record" in listed

    missing = desk.post(f"{PAGE}{claim.pk}/check/", follow=True).text
    assert "We found no TXT record" in missing
    publish(claim)
    again = desk.post(f"{PAGE}{claim.pk}/check/", follow=True).text
    assert "We looked a moment ago" in again
    DomainClaim.objects.update(checked_at=None)
    assert "leads to your shop" in desk.post(f"{PAGE}{claim.pk}/check/", follow=True).text

    assert desk.post(f"{PAGE}{claim.pk}/primary/").status_code == 302
    indigo.refresh_from_db()
    assert indigo.primary_host == "shop.example"
    assert "Main address" in desk.get(PAGE).text  # reachable, although the shop lives elsewhere
    assert desk.post(f"{PAGE}home/").status_code == 302
    indigo.refresh_from_db()
    assert indigo.primary_host is None

    assert "shop.example" in desk.get(f"{PAGE}{claim.pk}/remove/").text
    gone = desk.post(f"{PAGE}{claim.pk}/remove/")
    assert gone["Location"] == f"http://indigo.kasuwa.localhost:8000{PAGE}"
    assert not DomainClaim.objects.exists()
    actors = set(ShopEvent.objects.exclude(kind="shop.provisioned").values_list("actor__email", flat=True))
    assert actors == {"owner@indigo.test"}


def test_what_cannot_be_a_domain_is_said_beside_the_field(indigo: Shop, desk: Client) -> None:
    before = state()
    answer = desk.post(PAGE, {"host": "https://shop.example/"})
    assert answer.status_code == 422
    assert "just shop.example" in answer.text
    assert desk.post(PAGE, {"host": ""}).status_code == 422
    assert state() == before
    prove(indigo, "shop.example")
    twice = desk.post(PAGE, {"host": "shop.example"})
    assert (twice.status_code, "in your list already" in twice.text) == (422, True)


def test_an_unproved_domain_is_not_moved_to(indigo: Shop, desk: Client) -> None:
    claim = claim_of(indigo)
    assert "not found its TXT record" in desk.post(f"{PAGE}{claim}/primary/", follow=True).text
    indigo.refresh_from_db()
    assert indigo.primary_host is None


def test_a_missing_record_is_a_warning(indigo: Shop, desk: Client) -> None:
    claim = prove(indigo, "shop.example")
    BROKEN[claim.record_name] = DomainProblem.FAILED
    assert "could not answer" in desk.post(f"{PAGE}{claim.pk}/check/", follow=True).text
    shown = desk.get(PAGE).text
    assert "Put the record back" in shown
    assert "Record missing" in shown


def test_accents_are_read_and_written(desk: Client) -> None:
    desk.post(PAGE, {"host": "Ádá.example"})
    assert "ádá.example" in desk.get(PAGE).text
    assert DomainClaim.objects.get().host.startswith("xn--")


def test_the_addresses_to_point_at_are_shown(desk: Client, settings: LazySettings) -> None:
    settings.PLATFORM_ADDRESSES = ["203.0.113.7"]
    shown = desk.get(PAGE).text
    assert "203.0.113.7" in shown
    assert "CNAME record to" in shown


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_only_owners_come_in(indigo: Shop, role: Role) -> None:
    claim = claim_of(indigo)
    before, client = state(), page_client(indigo, member(indigo, role))
    assert client.get(PAGE).status_code == 403
    for path in ("", "home/", f"{claim}/check/", f"{claim}/primary/", f"{claim}/remove/"):
        assert client.post(f"{PAGE}{path}", {"host": "shop.example"}).status_code == 403
    assert "settings/domains" not in client.get("/dashboard/").text
    assert state()[:3] == before[:3]


def test_a_strangers_claim_is_not_there(indigo: Shop, desk: Client) -> None:
    theirs = prove(make_shop("copper"), "copper.example")
    before = state()
    assert "copper.example" not in desk.get(PAGE).text
    for path in ("check/", "primary/", "remove/"):
        assert desk.post(f"{PAGE}{theirs.pk}/{path}").status_code == 404
    assert state() == before
