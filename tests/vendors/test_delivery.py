"""A shop's delivery pages: zones, methods, their order, and the example of what a buyer pays."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from checkout.fulfilment.models import STANDARD_METHOD_ID, STANDARD_ZONE_ID
from checkout.fulfilment.services.zones import STANDARD_ZONE, Method, Zone, read_zones
from checkout.pricing.delivery.places import Destination
from checkout.pricing.reading import read_quote
from checkout.zones.change_zones import add_zone
from tenants.models import Role
from tests.world.clock import NOW
from tests.world.own_shop import Staffed, api, counted, member, page_client, staffed

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/settings/delivery/"
METHOD = {"kind": "flat", "price_minor": "1,200", "handling_days": "1", "transit_most_days": "2"}
STEPS = {"up_to_0": "1", "costs_0": "900", "up_to_1": "2.5", "costs_1": "2,000"}
LAGOS = {"country": "NG", "subdivisions": ["NG-LA"]}
LAGOS_METHOD = {f"method-{name}": value for name, value in METHOD.items()}
SURULERE = Destination("NG", "Lagos", "Surulere")
KANO = Destination("NG", "Kano", "Kano")


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


@pytest.fixture
def desk(own: Staffed) -> Client:
    return page_client(own.shop, member(own.shop, Role.MANAGER))


@pytest.fixture
def lagos(own: Staffed) -> Zone:
    methods = (Method(name="Rider", price_minor=120_000), Method(name="Van", kind="weight", bands=((1_000, 90_000),)))
    zone = Zone(name="Lagos", country="NG", subdivisions=("NG-LA",), methods=methods)
    return add_zone(shop=own.shop, zone=zone, actor_id=None, now=NOW)


def zones(own: Staffed) -> list[Zone]:
    return read_zones(schema_name=own.shop.schema_name)


def text(page: Any) -> str:
    return " ".join(page.content.decode().split())


def to_pay(own: Staffed, place: Destination) -> int:
    amounts = read_quote([own.stocked.line()], now=NOW, address=place).shown_amounts
    assert amounts
    return amounts.shipping_minor


def test_a_shop_that_has_set_nothing_delivers_everywhere_at_its_rate(own: Staffed, desk: Client) -> None:
    page = text(desk.get(PAGE))
    assert "Everywhere" in page
    assert f"{PAGE}{STANDARD_ZONE_ID}/" in page
    assert zones(own) == [STANDARD_ZONE]


def test_a_zone_that_is_added_counts_in_the_next_quote(own: Staffed, desk: Client) -> None:
    flat = to_pay(own, SURULERE)
    form = text(desk.get(PAGE + "new/?country=GH"))
    assert "Ashanti" in form
    assert desk.post(PAGE + "new/", LAGOS | LAGOS_METHOD).status_code == 302
    everywhere, added = zones(own)
    assert (everywhere, added.subdivisions, added.methods[0].price_minor) == (STANDARD_ZONE, ("NG-LA",), 120_000)
    assert (to_pay(own, SURULERE), to_pay(own, KANO)) == (120_000, flat)
    page = text(desk.get(PAGE))
    assert page.index("Lagos · Nigeria") < page.index(">Everywhere</a>")
    assert "1 to 3 days after the order" in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (LAGOS | LAGOS_METHOD, "is in Lagos already"),
        ({"country": "", "towns": "Ikeja"} | LAGOS_METHOD, "Choose the country"),
        ({"country": "GH"} | LAGOS_METHOD | {"method-price_minor": "12,00"}, "Write it like 18,500"),
        ({"country": "GH"} | LAGOS_METHOD | {"method-kind": "weight"}, "1 to 20 steps"),
        ({"country": "GH"} | LAGOS_METHOD | {"method-kind": "pickup"}, "Say where and when"),
        ({"country": "GH"} | LAGOS_METHOD | {"method-transit_least_days": "9"}, "can’t be fewer"),
    ],
)
def test_a_wrong_zone_is_refused_beside_its_field(
    own: Staffed, desk: Client, lagos: Zone, sent: dict[str, Any], said: str
) -> None:
    page = desk.post(PAGE + "new/", sent)
    assert page.status_code == 422
    assert said in text(page).replace("&#x27;", "’").replace("'", "’")
    assert zones(own) == [STANDARD_ZONE, lagos]


def test_a_zone_s_places_change_and_its_methods_stay(own: Staffed, desk: Client, lagos: Zone) -> None:
    address = f"{PAGE}{lagos.id}/"
    version = desk.get(address).context["version"]
    sent = {"name": "Ikeja", "country": "NG", "subdivisions": ["NG-LA"], "towns": "Ikeja\n\nOjota", "version": version}
    assert desk.post(address, sent).status_code == 302
    changed = zones(own)[1]
    assert (changed.name, changed.towns, changed.methods) == ("Ikeja", ("Ikeja", "Ojota"), lagos.methods)
    stale = desk.post(address, sent | {"name": "Other"})
    assert stale.status_code == 409
    assert zones(own)[1] == changed


def test_the_states_of_another_country_are_shown_without_scripts(desk: Client, lagos: Zone) -> None:
    page = text(desk.get(f"{PAGE}{lagos.id}/?country=KE"))
    assert 'value="KE-30"' in page
    assert '<option value="KE" selected>' in page


def test_methods_are_added_changed_moved_and_removed(own: Staffed, desk: Client, lagos: Zone) -> None:
    address = f"{PAGE}{lagos.id}/"
    sent = METHOD | STEPS | {"name": "Truck", "kind": "weight", "price_minor": ""}
    assert desk.post(address + "methods/new/", sent).status_code == 302
    truck = zones(own)[1].methods[2]
    assert truck.bands == ((1_000, 90_000), (2_500, 200_000))
    form = text(desk.get(f"{address}methods/{truck.id}/"))
    assert 'value="2.5"' in form
    assert desk.post(f"{address}methods/{truck.id}/up/").status_code == 302
    assert [each.name for each in zones(own)[1].methods] == ["Rider", "Truck", "Van"]
    changed = METHOD | {"name": "Truck", "kind": "flat", "price_minor": "10", "free_from_minor": "50,000"}
    assert desk.post(f"{address}methods/{truck.id}/", changed).status_code == 302
    method = zones(own)[1].methods[1]
    assert (method.id, method.price_minor, method.free_from_minor, method.bands) == (truck.id, 1_000, 5_000_000, ())
    assert to_pay(own, SURULERE) == 1_000
    assert desk.post(f"{address}methods/{truck.id}/remove/").status_code == 302
    assert [each.name for each in zones(own)[1].methods] == ["Rider", "Van"]
    assert desk.post(f"{address}methods/{truck.id}/remove/").status_code == 404


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"costs_0": ""}, "Give the price of this step."),
        ({"costs_1": " ", "kind": "value"}, "Give the price of this step."),
        ({"up_to_0": ""}, "Enter the end of this step; only the last may be empty."),
    ],
)
def test_half_a_step_is_refused_and_never_free(
    own: Staffed, desk: Client, lagos: Zone, step: dict[str, str], said: str
) -> None:
    page = desk.post(f"{PAGE}{lagos.id}/methods/new/", METHOD | STEPS | {"name": "Truck", "kind": "weight"} | step)
    assert page.status_code == 422
    assert page.context["method"].errors == {next(iter(step)): [said]}
    assert said in text(page)
    assert zones(own) == [STANDARD_ZONE, lagos]


def test_a_method_of_an_earlier_version_of_its_zone_is_not_saved(own: Staffed, desk: Client, lagos: Zone) -> None:
    address = f"{PAGE}{lagos.id}/methods/{lagos.methods[0].id}/"
    version = desk.get(address).context["version"]
    first = METHOD | {"name": "Rider", "version": version}
    assert desk.post(address, first).status_code == 302
    before = zones(own)
    page = desk.post(address, first | {"price_minor": "9,999"})
    assert page.status_code == 409
    assert "Saved meanwhile" in text(page)
    assert zones(own) == before


def test_the_last_zone_and_the_last_method_stay(own: Staffed, desk: Client) -> None:
    assert desk.post(f"{PAGE}{STANDARD_ZONE_ID}/remove/").status_code == 302
    page = desk.post(f"{PAGE}{STANDARD_ZONE_ID}/methods/{STANDARD_METHOD_ID}/remove/", follow=True)
    assert "Give 1 to 10 ways to deliver" in text(page)
    assert zones(own) == [STANDARD_ZONE]


def test_a_removed_zone_is_not_delivered_to(own: Staffed, desk: Client, lagos: Zone) -> None:
    assert "Remove Lagos?" in text(desk.get(f"{PAGE}{lagos.id}/remove/"))
    assert desk.post(f"{PAGE}{STANDARD_ZONE_ID}/remove/").status_code == 302
    assert zones(own) == [lagos]
    assert [shop.slug for shop in read_quote([own.stocked.line()], now=NOW, address=KANO).undelivered] == [
        own.shop.slug
    ]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("country=NG&state=NG-LA&town=Ikeja&goods=6,000&weight=0.9", "Methods of the zone Lagos"),
        ("country=NG&state=NG-LA&town=&goods=6,000&weight=1.2", "₦1,200"),
        ("country=GH&state=GH-AH&goods=6,000&weight=1", "Methods of the zone Everywhere"),
        ("country=NG&goods=&weight=much", "Enter a weight in kilograms"),
    ],
)
@pytest.mark.usefixtures("lagos")
def test_the_example_shows_what_a_buyer_in_a_place_pays(desk: Client, asked: str, said: str) -> None:
    assert said in text(desk.get(f"{PAGE}?{asked}"))


def test_the_example_says_where_nothing_is_delivered(own: Staffed, desk: Client, lagos: Zone) -> None:
    desk.post(f"{PAGE}{STANDARD_ZONE_ID}/remove/")
    assert "You don’t deliver there" in text(desk.get(PAGE + "?country=GH"))
    desk.post(f"{PAGE}{lagos.id}/methods/{lagos.methods[0].id}/remove/")
    heavy = text(desk.get(PAGE + "?country=NG&state=NG-LA&weight=7"))
    assert "too heavy" in heavy


@pytest.mark.usefixtures("lagos")
def test_the_page_in_few_statements(desk: Client) -> None:
    desk.get(PAGE)
    with counted() as queries:
        desk.get(PAGE)
    assert len(queries) <= 14


def test_who_may_not_change_the_shop_sees_no_zones(own: Staffed, lagos: Zone) -> None:
    packer = page_client(own.shop, member(own.shop, Role.FULFILMENT))
    assert packer.get(PAGE).status_code == 403
    assert packer.post(f"{PAGE}{lagos.id}/remove/").status_code == 403
    assert zones(own) == [STANDARD_ZONE, lagos]


def test_the_api_names_faults_of_methods_by_their_places_in_the_body(own: Staffed, lagos: Zone) -> None:
    program = api(own.shop, member(own.shop, Role.MANAGER))
    pickup, rider, van = {"kind": "pickup"}, {"kind": "flat"}, {"id": str(lagos.methods[1].id), "bands": []}
    body = {"country": "GH", "methods": [rider, pickup]}
    added = program.post("/api/v1/delivery-zones/", body, "json", headers={"Idempotency-Key": "k1"})
    assert faulty(added) == {"1": {"details"}}
    changed = program.patch(f"/api/v1/delivery-zones/{lagos.id}/", {"methods": [van, rider, pickup]}, "json")
    assert faulty(changed) == {"0": {"bands"}, "2": {"details"}}
    assert zones(own) == [STANDARD_ZONE, lagos]


def faulty(refused: Any) -> dict[str, set[str]]:
    assert refused.status_code == 400
    return {place: set(faults) for place, faults in refused.json()["errors"]["methods"].items()}
