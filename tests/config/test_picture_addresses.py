"""Programs get the addresses of pictures with a host, which is the same whatever host was asked."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from django_tenants.utils import schema_context
from rest_framework.test import APIClient

from catalogue.discovery.models import Listing
from catalogue.models import ProductImage
from catalogue.selectors.pictures import full_picture_url, full_small_picture_url
from tenants.models import Shop
from tests.architecture.sources import ROOT, python_files
from tests.world.domains import empty_dns, prove
from tests.world.market import open_shop, stock
from tests.world.own_shop import member

FILE = "shops/1/products/tote-800.webp"
HOST = "http://kasuwa.localhost:8000/media/"
WITHOUT_HOST = {"picture_url", "small_picture_url", "media_url", "image_url", "banner_url", "logo_url"}


@pytest.fixture
def answers(db: None, settings: Any) -> list[str]:
    """What the API says of a shop and a product with pictures, on each host."""
    settings.PORT = 8000
    empty_dns()
    shop = open_shop("cloth-hall")
    goods = stock(shop)
    with schema_context(shop.schema_name):
        ProductImage.objects.create(product_id=goods.product_id, file=FILE)
    Listing.objects.update(image=FILE)
    Shop.objects.filter(pk=shop.pk).update(logo=FILE, banner=FILE)
    prove(shop, "cloth.example")
    owner, found = member(shop), []
    for host, paths in {
        "kasuwa.localhost": ("listings/", f"listings/{goods.product_id}/", "shops/cloth-hall/"),
        "market.elsewhere.example": ("listings/",),
        "cloth-hall.kasuwa.localhost": ("products/", f"products/{goods.product_id}/", "shop/"),
        "cloth.example": (f"products/{goods.product_id}/",),
    }.items():
        client = APIClient(HTTP_HOST=host)
        client.force_authenticate(owner)
        settings.PLATFORM_ALIASES = ["market.elsewhere.example"]
        for path in paths:
            for _ in range(2):  # the second may be one that was kept
                answer = client.get(f"/api/v1/{path}")
                assert answer.status_code == 200, (host, path, answer.content)
                found.append(json.dumps(answer.json()))
    return found


def test_every_picture_has_its_address_with_the_platforms_host(answers: list[str]) -> None:
    assert sum(text.count(f"{HOST}{FILE}") for text in answers) >= 8
    assert sum(text.count(FILE.replace("800", "400")) for text in answers) >= 6
    for text in answers:
        assert text.count("/media/") == text.count(HOST), text


@pytest.mark.parametrize(
    ("base", "shown"),
    [
        ("/media/", "https://market.example/media/a-800.webp"),
        ("https://pictures.example/m/", "https://pictures.example/m/a-800.webp"),
        ("//pictures.example/m/", "//pictures.example/m/a-800.webp"),
    ],
)
def test_a_storage_with_a_host_of_its_own_keeps_it(base: str, shown: str, settings: Any) -> None:
    settings.BASE_DOMAIN, settings.PLATFORM_SCHEME, settings.MEDIA_URL = "market.example", "https", base
    assert full_picture_url("a-800.webp") == shown
    assert full_small_picture_url("a-800.webp") == shown.replace("800", "400")
    assert full_picture_url("") == full_small_picture_url("") == full_picture_url("../a.webp") == ""


def without_host(source: str) -> set[str]:
    """Return the names used in a module that give addresses without a host."""
    nodes = list(ast.walk(ast.parse(source)))
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return WITHOUT_HOST & (names | {node.attr for node in nodes if isinstance(node, ast.Attribute)})


def test_no_module_of_the_api_uses_addresses_without_a_host() -> None:
    parts = {"api", "serializers", "serializers.py"}
    modules = [path for path in python_files() if parts & set(path.relative_to(ROOT).parts)]
    assert len(modules) > 30
    assert {str(path.relative_to(ROOT)): found for path in modules if (found := without_host(path.read_text()))} == {}


def test_an_address_without_a_host_is_caught() -> None:
    assert without_host("body = {'image': card.image_url}") == {"image_url"}
    assert without_host("url = small_picture_url(file)") == {"small_picture_url"}
