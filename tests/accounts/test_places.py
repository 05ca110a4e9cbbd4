"""States and towns are found by the beginnings of their words; towns are those that shops and their zones name."""

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts import towns
from checkout.fulfilment.services.zones import Method, Zone
from checkout.zones.change_zones import add_zone
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
PLACES = "/api/v1/places/"


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    towns.clear_process()
    yield
    towns.clear_process()


@pytest.fixture
def shop() -> Shop:
    """A shop in Ìbàdàn that delivers to some towns of Oyo."""
    shop = open_shop("cloth-hall")
    Shop.objects.filter(pk=shop.pk).update(city="Ìbàdàn", country="NG")
    towns_of_oyo = Zone(
        name="Oyo", country="NG", subdivisions=("NG-OY",), towns=("Ibadan", "Ogbomosho"), methods=(Method(),)
    )
    add_zone(shop=shop, zone=towns_of_oyo, actor_id=None, now=NOW)
    return shop


def found(api_client: APIClient, **query: str) -> list[tuple[str, str, str]]:
    answer = api_client.get(PLACES, query)
    assert answer.status_code == 200, answer.content
    return [(each["kind"], each["name"], each["code"]) for each in answer.json()["data"]["results"]]


def test_states_come_before_towns_and_each_town_once(api_client: APIClient, shop: Shop) -> None:
    assert found(api_client, country="NG", q="og") == [
        ("subdivision", "Ogun", "NG-OG"),
        ("town", "Ogbomosho", "NG-OY"),
    ]
    assert found(api_client, country="ng", q="IBA") == [("town", "Ìbàdàn", "NG-OY")]
    assert found(api_client, country="NG", q="state gono") == []
    assert found(api_client, country="GH", q="iba") == []


def test_a_page_has_all_states_of_a_country(api_client: APIClient) -> None:
    answer = api_client.get(PLACES, {"country": "NG", "page_size": "100"}).json()["data"]
    assert answer["count"] == 37
    assert found(api_client, country="HK") == []


@pytest.mark.parametrize(
    "query", [{}, {"country": "XX"}, {"country": "NG", "q": "x" * 101}, {"country": "NG", "x": "1"}]
)
def test_what_cannot_be_looked_up_is_refused(api_client: APIClient, query: dict[str, Any]) -> None:
    assert api_client.get(PLACES, query).status_code == 400


def test_towns_of_closed_shops_are_not_suggested(api_client: APIClient, shop: Shop) -> None:
    Shop.objects.filter(pk=shop.pk).update(status="closed")
    assert found(api_client, country="NG", q="ogbo") == []


def test_forms_suggest_the_towns_of_their_country(client: Any, shop: Shop) -> None:
    from tests.world.factories.people import person

    client.force_login(person())
    page = client.get("/account/addresses/add/").content.decode()
    assert '<option value="Ogbomosho"></option>' in page
    assert 'list="own-fields-towns"' in page
