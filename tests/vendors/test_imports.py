"""The import's pages and API: from the template to taking it back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tenants.utils import schema_context

from catalogue.models import StockImport, Variant
from kit.work import bulk
from tenants.models import Role, Shop
from tests.world.factories.catalogue import add_product, variant
from tests.world.market import open_shop
from tests.world.own_shop import api, member, page_client

pytestmark = pytest.mark.django_db
LIST = "/dashboard/products/import/"
API = "/api/v1/stock-imports/"


@pytest.fixture
def shop() -> Shop:
    shop = open_shop("indigo-fabrics")
    add_product(shop, "=Tote", variants=[variant("T1", 100_050)])
    add_product(shop, "Wrapper", variants=[variant("T2", 200_000)])
    return shop


def file(text: str, name: str = "prices.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


def run_all() -> None:
    while bulk.run_next(now=timezone.now()):
        pass


def prices(shop: Shop) -> dict[str, int]:
    with schema_context(shop.schema_name):
        return dict(Variant.objects.values_list("sku", "price_minor"))


def test_from_the_template_to_taking_it_back(shop: Shop) -> None:
    client = page_client(shop, member(shop))
    assert "No imports yet" in client.get(LIST).content.decode()
    template = client.get(f"{LIST}template.csv").getvalue().decode()
    assert template.splitlines()[0] == "﻿SKU,Title,Options,Price,On hand,Weight (g),Tax class"
    assert "T1,'=Tote,,1000.50,10,,standard" in template.splitlines()
    answer = client.post(LIST, {"file": file(template.replace("1000.50", "900") + "T9,,,5,5\r\n")})
    assert answer.status_code == 302
    address = answer.headers["Location"]
    page = client.get(address).content.decode()
    assert "No variant has this SKU." in page
    assert "Make 1 change" in page
    assert "hx-get" not in page
    assert prices(shop) == {"T1": 100_050, "T2": 200_000}
    errors = client.get(f"{address}errors.csv").getvalue().decode()
    assert errors.splitlines() == ["﻿Line,SKU,Problem", "4,T9,No variant has this SKU."]

    assert client.post(f"{address}confirm/").status_code == 302
    page = client.get(address).content.decode()
    assert "Waiting for its turn" in page
    assert 'hx-trigger="every 2s"' in page
    run_all()
    page = client.get(address).content.decode()
    assert "Take it back" in page
    assert "hx-get" not in page
    assert prices(shop) == {"T1": 90_000, "T2": 200_000}
    client.post(f"{address}undo/")
    run_all()
    assert "Taken back" in client.get(address).content.decode()
    assert prices(shop) == {"T1": 100_050, "T2": 200_000}
    assert "prices.csv" in client.get(LIST).content.decode()


def test_a_file_that_is_none_is_refused_beside_the_field(shop: Shop) -> None:
    client = page_client(shop, member(shop))
    for data, says in (({}, "Choose a file first."), ({"file": file("name\nx\n")}, "must name the columns")):
        answer = client.post(LIST, data)
        assert answer.status_code == 400
        assert says in answer.content.decode()
    with schema_context(shop.schema_name):
        assert not StockImport.objects.exists()


def test_a_step_that_is_over_says_so_and_changes_nothing(shop: Shop) -> None:
    client = page_client(shop, member(shop))
    address = client.post(LIST, {"file": file("sku,price\nT1,5\n")}).headers["Location"]
    client.post(f"{address}cancel/")
    page = client.post(f"{address}confirm/", follow=True).content.decode()
    assert "has changed in the meantime" in page
    assert "Discarded" in page
    run_all()
    assert prices(shop)["T1"] == 100_050
    assert client.get(f"{address}confirm/").status_code == 405
    assert client.get(f"{LIST}{uuid4()}/").status_code == 404
    assert client.post(f"{LIST}{uuid4()}/undo/").status_code == 404


def test_the_button_is_there_for_those_who_may(shop: Shop) -> None:
    assert LIST in page_client(shop, member(shop, Role.MANAGER)).get("/dashboard/products/").content.decode()
    packer = page_client(shop, member(shop, Role.FULFILMENT))
    assert LIST not in packer.get("/dashboard/products/").content.decode()
    assert packer.get(LIST).status_code == 403


def test_over_the_api(shop: Shop) -> None:
    client = api(shop, member(shop))
    answer = client.post(API, {"file": file("sku,price\nT1,5.50\nT9,1\n")}, format="multipart")
    assert answer.status_code == 201
    data: dict[str, Any] = answer.json()["data"]
    assert (data["status"], data["rows"], data["changes"], data["problems"]) == ("checked", 2, 1, 1)
    assert (data["first_changes"][0]["price_minor"], data["first_changes"][0]["old_price_minor"]) == (550, 100_050)
    assert data["first_problems"][0]["line"] == 3
    address = f"{API}{data['id']}/"
    assert client.post(f"{address}confirm/").json()["data"]["status"] == "waiting"
    assert client.post(f"{address}confirm/").json()["code"] == "import_step"
    run_all()
    data = client.get(address).json()["data"]
    assert (data["status"], data["done"], data["total"], data["can_be_undone"]) == ("done", 1, 1, True)
    assert client.post(f"{address}cancel/").status_code == 409
    assert client.post(f"{address}undo/").json()["data"]["status"] == "undoing"
    run_all()
    assert client.get(address).json()["data"]["status"] == "undone"
    assert prices(shop)["T1"] == 100_050


def test_the_api_refuses_in_its_envelope(shop: Shop) -> None:
    client = api(shop, member(shop))
    answer = client.post(API, {"file": file("nothing")}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (400, "import_file")
    answer = client.post(API, {}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert client.get(f"{API}{uuid4()}/").json()["code"] == "import_not_found"


def test_uploads_have_a_stricter_limit(shop: Shop, settings: Any) -> None:
    settings.SHOP_BULK_REQUESTS_PER_MINUTE = 2
    user = member(shop)
    page, program = page_client(shop, user), api(shop, user)
    assert page.post(LIST, {"file": file("sku,price\nT1,5\n")}).status_code == 302
    assert program.post(API, {"file": file("sku,price\nT1,5\n")}, format="multipart").status_code == 201
    of_page = page.post(LIST, {"file": file("sku,price\nT1,5\n")})
    assert of_page.status_code == 429
    assert int(of_page.headers["Retry-After"]) >= 1
    answer = program.post(API, {"file": file("sku,price\nT1,5\n")}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (429, "shop_throttled")
    assert int(answer.headers["Retry-After"]) >= 1
    with schema_context(shop.schema_name):
        assert StockImport.objects.count() == 2
    assert page.get(LIST).status_code == 200
