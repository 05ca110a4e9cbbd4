"""With `REQUIRE_IF_MATCH`, every call that takes a version is refused without one, and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.config.test_strict_api import operations
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import api, member

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def owner(cloth: Stocked) -> APIClient:
    return api(cloth.shop, member(cloth.shop))


def changes(item: Stocked) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        ("patch", f"{V1}/shop/", {"name": "Another"}),
        ("put", f"{V1}/delivery/", {"shipping_minor": 5}),
        ("patch", f"{V1}/products/{item.product_id}/", {"title": "Another"}),
        ("delete", f"{V1}/products/{item.product_id}/", {}),
    ]


def test_a_change_without_a_version_is_refused_where_the_market_asks_for_one(
    owner: APIClient, cloth: Stocked, settings: Any
) -> None:
    settings.REQUIRE_IF_MATCH = True
    for method, path, body in changes(cloth):
        read = owner.get(path)
        refused = getattr(owner, method)(path, body or None)
        assert (refused.status_code, refused.json()["code"]) == (428, "version_required"), path
        assert owner.get(path).json() == read.json()
        stale = getattr(owner, method)(path, body or None, headers={"If-Match": '"stale"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "version_mismatch"), path
        done = getattr(owner, method)(path, body or None, headers={"If-Match": read.headers["ETag"]})
        assert done.status_code in {200, 204}, done.content


def test_a_change_without_a_version_is_made_by_default(owner: APIClient, cloth: Stocked) -> None:
    for method, path, body in changes(cloth):
        assert getattr(owner, method)(path, body or None).status_code in {200, 204}


def test_every_operation_with_a_version_describes_that_it_may_be_required() -> None:
    versioned = 0
    for _, path, method, operation in operations():
        takes = "If-Match" in {each["name"] for each in operation.get("parameters", [])}
        assert ("428" in operation["responses"]) is takes, (method, path)
        versioned += takes
    assert versioned >= 10
