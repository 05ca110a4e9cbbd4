"""Filters: a bound that is no price stays as it was typed and is said to be none; empty categories are not offered."""

import re
from typing import Any

import pytest
from django.test import Client

from catalogue.discovery.services.categories import ensure_categories
from tenants.models import Shop
from tests.world.factories.catalogue import TREE, add_product, forget_cached, make_categories, statements, variant
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    shop = open_shop("indigo-fabrics")
    for number, price_minor in enumerate((500_000, 1_850_000, 4_000_000)):
        add_product(shop, f"Cloth {number}", variants=[variant(f"C{number}", price_minor)])
    return shop


def found(client: Client, path: str = "/search/", **params: str) -> Any:
    response = client.get(path, params)
    assert response.status_code == 200
    return response


def field(response: Any, name: str) -> dict[str, str]:
    text = response.content.decode()
    control = re.search(rf'<input id="id_{name}"([^>]*)>', text)
    assert control is not None
    attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', control[1]))
    error = re.search(rf'id="id_{name}_error">([^<]*)<', text)
    return {**attributes, "error": error[1] if error else ""}


@pytest.mark.parametrize("typed", ["cheap", "1.2.3", "-5", "1e400", "NaN", "$20", "20,00,0a", "ten"])
@pytest.mark.parametrize("name", ["from", "to"])
def test_what_is_no_price_stays_and_is_said_beside_its_field(client: Client, shop: Shop, name: str, typed: str) -> None:
    response = found(client, **{name: typed})
    shown = field(response, name)
    assert shown["value"] == typed
    assert shown["error"]
    assert (shown["aria-invalid"], shown["aria-describedby"].strip()) == ("true", f"id_{name}_error")
    assert response.context["query"].min_price_minor is response.context["query"].max_price_minor is None
    assert len(response.context["cards"]) == 3


@pytest.mark.parametrize("typed", ["₦18,500", "18500", "18,500.00", "NGN 18500", " 18 500 "])
def test_a_price_is_read_as_people_write_it(client: Client, shop: Shop, typed: str) -> None:
    response = found(client, **{"from": typed})
    assert response.context["query"].min_price_minor == 1_850_000
    assert field(response, "from")["error"] == ""


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        *(("18 500,50", 1_850_050), ("18,500.50", 1_850_050), ("18,500", 1_850_000), ("12,50", 1_250), ("18.5", 1_850)),
        *((odd, None) for odd in ("18.500", "1,2,3", "1 2 3", "1e4", "1_000", "1.234,5")),
    ],
)
def test_a_price_means_the_same_in_each_language(client: Client, shop: Shop, typed: str, minor: int | None) -> None:
    """An address is shared, and the switch in the footer keeps it."""
    for language in ("en-gb", "fr"):
        client.cookies["kasuwa_language"] = language
        response = found(client, **{"from": typed})
        assert response.context["query"].min_price_minor == minor, (language, typed)
        assert bool(field(response, "from")["error"]) is (minor is None), (language, typed)


def test_bounds_the_wrong_way_round_are_said_so(client: Client, shop: Shop) -> None:
    response = found(client, **{"from": "20000", "to": "100"})
    assert field(response, "to")["error"] == "This is below the lowest price."
    assert (field(response, "from")["value"], field(response, "to")["value"]) == ("20000", "100")
    assert len(response.context["cards"]) == 1


def test_what_is_typed_stays_text(client: Client, shop: Shop) -> None:
    text = found(client, **{"from": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in text


def test_the_button_says_how_many_it_shows(client: Client, shop: Shop) -> None:
    assert "Show 3 products</button>" in found(client).content.decode()
    assert "Show 1 product</button>" in found(client, to="6000").content.decode()


def test_parts_that_follow_a_filter_stand_on_every_page_of_results(client: Client, shop: Shop) -> None:
    """Htmx replaces them by their ids; the drawer itself stays, and with it that it is open."""
    for path in ("/search/", f"/shops/{shop.slug}/"):
        text = found(client, path).content.decode()
        form = text[text.index('<form id="filter-form"') :]
        [replaced] = re.findall(r'hx-select-oob="([^"]*)"', form)
        target = re.findall(r'hx-target="([^"]*)"', form)
        for part in [*replaced.split(","), *target]:
            assert text.count(f'id="{part.removeprefix("#")}"') == 1, (path, part)
        drawer = text.index('<div class="drawer" id="filters"')
        assert drawer < text.index('id="facets"') < text.index('id="show-results"') < text.index('id="results"')


def test_the_first_page_offers_categories_that_have_products(client: Client, shop: Shop) -> None:
    categories = make_categories()
    assert "?category=" not in client.get("/").content.decode()
    add_product(shop, "Satchel", category_id=categories["leather-bags"])
    forget_cached()
    text = client.get("/").content.decode()
    assert re.findall(r"\?category=([\w-]+)", text) == ["fashion"]


def test_the_first_page_asks_nothing_twice(client: Client, shop: Shop) -> None:
    ensure_categories(categories=TREE)
    client.get("/")
    with statements() as asked:
        client.get("/")
    assert asked == []
