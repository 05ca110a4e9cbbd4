"""An answer 201 tells the address of what was made."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.architecture.sources import ROOT, python_files
from tests.checkout.test_api import ADDRESS, add, order
from tests.world.factories.people import person
from tests.world.market import open_shop, stock
from tests.world.own_shop import api, member

# Functions that answer 201 for a thing without an address of its own.
IN_A_LIST = "a message is read in the list of its conversation"
NOWHERE = {
    ("tenants/api/own.py", "post"): "a membership is read in a list",
    ("checkout/api/messages.py", "post"): IN_A_LIST,
    ("vendors/api/messages.py", "post"): IN_A_LIST,
    ("platform/console/api/messages.py", "post"): IN_A_LIST,
    ("platform/console/api/commission_plans.py", "post"): "plans are read in their list",
    ("platform/console/api/hand_payments.py", "post"): "a payment by hand is read with its payout",
    ("vendors/api/disputes.py", "post"): "evidence is read with its dispute",
    ("platform/console/api/payouts.py", "post"): "one call makes a run of each currency; they are read in their list",
}


def made_without_address(source: str) -> list[str]:
    """Return the functions of a module that answer 201 and tell no address."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            text = ast.unparse(node.body)  # type: ignore[arg-type]
            is_made = "status=HTTPStatus.CREATED" in text or "status=201" in text
            if is_made and "located(" not in text and "['Location']" not in text:
                found.append(node.name)
    return found


def test_every_answer_201_tells_an_address() -> None:
    modules = [path for path in python_files() if "api" in path.relative_to(ROOT).parts]
    found = {(str(path.relative_to(ROOT)), name) for path in modules for name in made_without_address(path.read_text())}
    assert found == set(NOWHERE), (
        "Answer `headers=located(<its address>)` (kit.api.envelope), or say in NOWHERE why it has no address."
    )


def test_an_answer_without_an_address_is_caught() -> None:
    assert made_without_address("def post():\n    return Response({}, status=201)") == ["post"]


@pytest.mark.django_db
def test_the_address_leads_to_what_was_made(api_client: APIClient, paystack: Any) -> None:
    cloth = stock(open_shop("cloth-hall"))
    buyer = person(email="ada@example.com")
    api_client.force_authenticate(buyer)
    line = add(api_client, cloth)["Location"]
    assert api_client.patch(line, {"quantity": 2}).json()["data"]["units"] == 2
    placed = order(api_client)
    assert api_client.get(placed["Location"]).json()["data"]["number"] == placed.json()["data"]["number"]
    again = order(api_client)
    assert (again["Location"], again["Idempotent-Replayed"]) == (placed["Location"], "true")
    entry = api_client.post("/api/v1/auth/addresses/", ADDRESS | {"country": "NG"})
    assert api_client.get(entry["Location"]).json()["data"]["line1"] == ADDRESS["line1"]

    owner = api(cloth.shop, member(cloth.shop))
    product = {"title": "Adire wrapper", "variants": [{"sku": "WRAP-1", "price_minor": 500, "on_hand": 1}]}
    made = owner.post("/api/v1/products/", product)
    assert owner.get(made["Location"]).json()["data"]["title"] == "Adire wrapper"
    invited = owner.post("/api/v1/invitations/", {"email": "musa@example.com", "role": "manager"})
    assert owner.delete(invited["Location"]).status_code in {200, 204}
