"""A shop's domains over the API, from the claim to the main address and away again."""

import pytest
from rest_framework.test import APIClient

from tenants.models import Domain, DomainClaim, Role, Shop, ShopEvent
from tests.world.domains import claim_of, prove, publish
from tests.world.own_shop import api, member
from tests.world.shops import make_shop

pytestmark = pytest.mark.django_db
PATH = "/api/v1/domains/"


@pytest.fixture
def indigo() -> Shop:
    return make_shop("indigo")


@pytest.fixture
def owner(indigo: Shop) -> APIClient:
    return api(indigo, member(indigo))


def state() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Domain, DomainClaim, Shop, ShopEvent)]


def test_from_the_claim_to_the_main_address_and_away(indigo: Shop, owner: APIClient) -> None:
    made = owner.post(PATH, {"host": "Shop.Example"}, format="json")
    assert made.status_code == 201
    added = made.json()["data"]
    claim = DomainClaim.objects.get()
    assert (added["id"], added["host"], added["status"]) == (str(claim.pk), "shop.example", "waiting")
    assert added["record"] == {"type": "TXT", "name": claim.record_name, "value": claim.record_value}

    here = f"{PATH}{claim.pk}/"
    looked = owner.post(f"{here}check/")
    assert (looked.status_code, looked.json()["data"]["problem"]) == (200, "no_record")
    again = owner.post(f"{here}check/")
    assert (again.status_code, again.json()["code"]) == (429, "checked_just_now")
    refused = owner.post(f"{here}primary/")
    assert (refused.status_code, refused.json()["code"]) == (409, "domain_not_verified")

    publish(claim)
    DomainClaim.objects.update(checked_at=None)
    proved = owner.post(f"{here}check/").json()["data"]
    assert (proved["status"], proved["is_verified"], proved["problem"]) == ("verified", True, "")
    assert owner.post(f"{here}primary/").json()["data"]["is_primary"] is True
    listed = owner.get(PATH).json()["data"]  # answered at every host of the shop's
    assert [(row["host"], row["id"] is None, row["is_primary"]) for row in listed] == [
        ("indigo.kasuwa.localhost", True, False),
        ("shop.example", False, True),
    ]
    assert listed[0]["record"] is None
    home = owner.post(f"{PATH}home/").json()["data"]
    assert (home["host"], home["is_primary"]) == ("indigo.kasuwa.localhost", True)
    assert owner.get(here).json()["data"]["host"] == "shop.example"
    assert owner.delete(here).status_code == 204
    assert owner.get(here).status_code == 404
    assert not DomainClaim.objects.exists()


@pytest.mark.parametrize("body", [{}, {"host": ""}, {"host": "https://shop.example"}, {"host": "kasuwa.localhost"}])
def test_what_is_no_domain_is_refused_by_field(owner: APIClient, body: dict[str, str]) -> None:
    before = state()
    answer = owner.post(PATH, body, format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"]["host"]
    assert state() == before


def test_a_domain_is_added_once(indigo: Shop, owner: APIClient) -> None:
    prove(indigo, "shop.example")
    before = state()
    answer = owner.post(PATH, {"host": "shop.example"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_claimed")
    assert state() == before


def test_every_other_key_is_wrong(indigo: Shop) -> None:
    claim, copper = claim_of(indigo), make_shop("copper")
    stranger = member(copper)
    low = [member(indigo, role) for role in Role if role is not Role.OWNER]
    before = state()
    calls = [
        ("get", PATH),
        ("post", PATH),
        ("post", f"{PATH}home/"),
        *(("post", f"{PATH}{claim}/{act}/") for act in ("check", "primary")),
        ("get", f"{PATH}{claim}/"),
        ("delete", f"{PATH}{claim}/"),
    ]
    for method, path in calls:
        assert getattr(api(indigo), method)(path).status_code == 401
        for user in (stranger, *low):
            answer = getattr(api(indigo, user), method)(
                path, {"host": "shop.example"} if (method, path) == ("post", PATH) else None
            )
            assert answer.status_code == 403, (method, path)
            assert "kasuwa-verify" not in answer.content.decode()
        if str(claim) in path:
            assert getattr(api(copper, stranger), method)(path).status_code == 404
    assert state() == before
