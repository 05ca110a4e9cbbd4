"""Forms that are refused before a view, and addresses that take forms alone: people get a page in their language."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db


def browser(language: str = "fr") -> Client:
    client = Client(headers={"host": "kasuwa.localhost", "accept-language": language}, enforce_csrf_checks=True)
    client.raise_request_exception = False
    return client


def test_a_form_without_its_proof_gets_a_page_that_says_what_to_do() -> None:
    refused = browser().post("/account/sign-in/", {"email": "ada@example.com"})
    page = refused.content.decode()
    assert refused.status_code == 403
    assert '<html lang="fr"' in page
    assert "DEBUG" not in page
    assert "Rien n’a été changé" in page


@pytest.mark.parametrize("address", ["/cart/add/", "/account/data/download/"])
def test_an_address_for_forms_alone_says_so_to_who_opens_it(address: str, buyer: User) -> None:
    client = browser("en")
    client.force_login(buyer)
    shown = client.get(address)
    assert (shown.status_code, shown["Allow"].split(", ")[0]) == (405, "POST")
    assert "There is no page here" in shown.content.decode()
    program = Client(headers={"host": "kasuwa.localhost"})
    assert program.post("/api/", {}).json()["code"] == "method_not_allowed"
    assert browser().post("/api/", {}).json()["code"] == "permission_denied", "without the proof of a form"


def test_the_language_switch_of_a_refused_form_leads_to_the_page_with_the_form(buyer: User) -> None:
    client = Client(headers={"host": "kasuwa.localhost"})
    client.force_login(buyer)

    def next_of(page: str) -> str:
        switch = page[page.index('class="language-switch"') :]
        found = re.search(r'name="next" value="([^"]*)"', switch)
        assert found
        return found[1]

    asked = client.get("/account/data/?from=menu").content.decode()
    assert next_of(asked) == "/account/data/?from=menu"
    data = {"password": "wrong"}
    refused = client.post("/account/data/download/", data, headers={"referer": "http://kasuwa.localhost/account/data/"})
    assert refused.status_code == 400
    assert next_of(refused.content.decode()) == "/account/data/"
    assert next_of(client.post("/account/data/download/", data).content.decode()) == "/"
