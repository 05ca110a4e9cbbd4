"""Rules of a shop's doors beside the isolation matrix (tests/isolation): codes, CSRF, unknown addresses."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from accounts.models import User
from tenants.models import Role, Shop
from tests.world.own_shop import Staffed, api, member, page_client, staffed

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


def test_the_api_says_by_a_code_why_somebody_is_turned_away(own: Staffed) -> None:
    path = f"/api/v1/stock/{own.stocked.variant_id}/"
    buyer = User.objects.create_user("buyer@kasuwa.test")
    stranger, viewer = member(staffed("copper-kitchen").shop), member(own.shop, Role.VIEWER)
    expired = AccessToken.for_user(member(own.shop))
    expired.set_exp(from_time=timezone.now() - timedelta(days=1))
    callers = [
        (api(own.shop), 401, "not_authenticated"),
        (_with_token(own.shop, str(expired)), 401, "token_expired"),
        (_with_token(own.shop, str(RefreshToken.for_user(member(own.shop, Role.MANAGER)))), 401, "token_wrong_type"),
        (_with_token(own.shop, "ey.ey.ey"), 401, "token_not_valid"),
        (api(own.shop, buyer), 403, "not_a_member"),
        (api(own.shop, stranger), 403, "not_a_member"),
        (api(own.shop, viewer), 403, "role_too_low"),
    ]
    for client, status, code in callers:
        answer = client.patch(path, {"on_hand": 0})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert own.stocked.level() == (9, 0)


def test_an_accountant_sees_the_balance_and_a_viewer_does_not(own: Staffed) -> None:
    accountant, viewer = member(own.shop, Role.ACCOUNTANT), member(own.shop, Role.VIEWER)
    assert "Pending" in page_client(own.shop, accountant).get("/dashboard/").content.decode()
    assert "Pending" not in page_client(own.shop, viewer).get("/dashboard/").content.decode()


def test_a_session_writes_over_the_api_only_with_its_csrf_token(own: Staffed) -> None:
    client = APIClient(HTTP_HOST=f"{own.shop.slug}.kasuwa.localhost", enforce_csrf_checks=True)
    client.force_login(member(own.shop))
    assert client.get("/api/v1/shop/").status_code == 200
    answer = client.patch(f"/api/v1/stock/{own.stocked.variant_id}/", {"on_hand": 1})
    assert answer.status_code == 403
    assert own.stocked.level() == (9, 0)


def test_addresses_that_lead_nowhere_answer_in_the_api_s_form(own: Staffed) -> None:
    for path in ("nowhere/", "products/not-an-id/", "stock/1/"):
        answer = api(own.shop).get(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def _with_token(shop: Shop, token: str) -> APIClient:
    client = api(shop)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client
